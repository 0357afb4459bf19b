"""The map alone on a page in a real browser, with every other host blocked."""

import json
from collections.abc import Iterator

import pytest

from tests.support import chromium
from tests.support import server as serving

pytest.importorskip("playwright.sync_api")

from playwright.sync_api import Browser, Page, Route

from tests.browser import watching
from tests.browser.watching import Seen

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium.find() is None, reason="no Chromium found"),
]
HOSTILE = "</script><img src=x onerror=document.hacked=1>{{ 7*7 }}${document.hacked=1}"

PAGE = """
import sys
sys.path.insert(0, {root!r})
import streamlit as st
from dashboard.map.assets import geometry_url
from dashboard.map.component import MapModel, draw_map, take_clicks
from geodata.dataset import shipped

HOSTILE = {hostile!r}
st.set_page_config(layout="wide")
network = st.cache_resource(lambda: shipped().network)()
cuts = st.session_state.setdefault("cuts", [])
log = st.session_state.setdefault("log", [])

def take():
    for click in take_clicks("map"):
        log.append([click.kind, click.id, click.n])
        if click.kind == "segment":
            cuts.remove(click.id) if click.id in cuts else cuts.append(click.id)
        if click.kind == "town":
            st.session_state.town = click.id

asked = st.query_params
events = [
    dict(id=f"e{{i}}", lat=17.0 + i / 50, lon=-3.0, type="ambush", date="1 October 2025",
         age_days=9, confidence="high", title=HOSTILE, source=HOSTILE, place=HOSTILE,
         url="https://example.org/" + str(i))
    for i in range(3)
] if "events" in asked else []
states = {{name: ("cut", HOSTILE) for name in cuts}}
if "states" in asked:
    for i, name in enumerate(network.segment_ids):
        kind = ["closed", "escort_only", "contested", "impassable"][i % 4]
        states.setdefault(name, (kind, "Reason " + str(i)))
with st.container(key="holder"):
    draw_map(MapModel(geometry_url(network), network.segment_ids, network.node_ids, states,
                      events=events, lang=asked.get("lang", "en"),
                      theme=asked.get("theme", "light"), look="look" in asked,
                      region_badges={{"Gao": 2}} if events else {{}},
                      selected_town=st.session_state.get("town")),
             key="map", height=620, on_change=take)
with st.container(key="log"):
    st.text(" ".join(cuts) or "none")
    st.text(str(len(log)))
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a page that holds nothing but the map."""
    folder = tmp_path_factory.mktemp("page")
    page = PAGE.format(root=str(serving.ROOT), hostile=HOSTILE)
    (folder / "page.py").write_text(page, encoding="utf-8")
    (folder / "static").symlink_to(serving.ROOT / "dashboard" / "static")
    (folder / ".streamlit").symlink_to(serving.ROOT / "dashboard" / ".streamlit")
    with serving.running(serving.Server(script=folder / "page.py")) as started:
        yield started.url


FREE = """symbol => {
    for (const node of document.querySelectorAll(symbol)) {
        const b = node.querySelector("circle, rect").getBoundingClientRect();
        const x = b.x + b.width / 2, y = b.y + b.height / 2;
        if (document.elementFromPoint(x, y)?.closest(symbol) === node) return {x, y};
    }
    return null;
}"""


class Visit:
    """The opened page, and its map's frame."""

    def __init__(self, page: Page, address: str, query: str = "") -> None:
        self.page = page
        self.received = 0
        self.page.on("websocket", lambda ws: ws.on("framereceived", self._count))
        self.page.goto(f"{address}/?{query}")
        self.element = self.page.wait_for_selector("iframe[title*=folium]", state="attached")
        self.frame = self.element.content_frame()
        self.frame.wait_for_selector("#map_div[data-ready=yes]")
        self.page.wait_for_timeout(400)

    def _count(self, data: bytes | str) -> None:
        self.received += len(data)

    def state(self, segment: str) -> str:
        return str(self.frame.evaluate("id => supplyRoutes.stateOf(id)", segment))

    def click(self, segment: str) -> None:
        self._point(self.frame.evaluate("id => supplyRoutes.pixelOf(id)", segment))

    def press(self, symbol: str) -> None:
        """Click or tap the middle of the first symbol that nothing covers."""
        self._point(self.frame.evaluate(FREE, symbol))

    def _point(self, at: dict[str, float]) -> None:
        touch = self.frame.evaluate("navigator.maxTouchPoints > 0")
        press = self.page.touchscreen.tap if touch else self.page.mouse.click
        box = self.element.bounding_box()
        press(box["x"] + at["x"], box["y"] + at["y"])

    def listen(self) -> None:
        """Keep messages of the map, so that no answer of the page changes it."""
        self.frame.evaluate(
            "() => { window.kept = [];"
            " Streamlit.setComponentValue = m => { kept.push([m.kind, m.id]); }; }"
        )

    def sent(self) -> list[list[str]]:
        return [each for each in self.frame.evaluate("kept") if each[0] != "view"]

    def says(self, text: str) -> None:
        self.page.wait_for_function(
            "text => document.querySelector('.st-key-log').innerText.includes(text)", arg=text
        )

    def view(self) -> list[float]:
        return list(
            self.frame.evaluate("[map.getCenter().lat, map.getCenter().lng, map.getZoom()]")
        )


SIZE = {"width": 1280, "height": 800}


@pytest.fixture(scope="module")
def tab(browser: Browser, server: str) -> Iterator[tuple[Page, Seen]]:
    """One tab of a desktop; each page opened in it has a session of its own."""
    context, seen = watching.context(browser, server, viewport=SIZE)
    yield context.new_page(), seen
    context.close()


@pytest.fixture
def visit(
    browser: Browser, server: str, tab: tuple[Page, Seen], request: pytest.FixtureRequest
) -> Iterator[Visit]:
    """A visit that must end without any request outside and without any error."""
    options = dict(getattr(request, "param", {}))
    query = options.pop("query", "")
    page, seen = tab
    seen.errors.clear()
    if options:
        context, seen = watching.context(browser, server, **{"viewport": SIZE, **options})
        page = context.new_page()
    yield Visit(page, server, query)
    if options:
        page.context.close()
    assert seen.harm == []
    assert seen.errors == []


def test_a_click_cuts_and_a_second_one_reopens(visit: Visit) -> None:
    assert visit.state("gao--bourem") == "open"
    visit.click("gao--bourem")
    assert visit.state("gao--bourem") == "cut"
    visit.says("gao--bourem")
    assert visit.state("gao--bourem") == "cut"
    visit.click("gao--bourem")
    assert visit.state("gao--bourem") == "open"
    visit.says("none")


def test_the_map_stays_the_same_and_a_click_is_small(visit: Visit) -> None:
    visit.frame.evaluate("document.body.dataset.mine = 'yes'; map.setView([14.5, -4], 6.75)")
    visit.page.wait_for_timeout(1500)
    before, visit.received = visit.view(), 0
    visit.click("segou--bla")
    visit.says("segou--bla")
    visit.page.wait_for_timeout(600)
    assert visit.received < 10_000
    assert visit.view() == before
    assert visit.frame.evaluate("document.body.dataset.mine") == "yes"
    assert visit.page.query_selector("iframe[title*=folium]") == visit.element or (
        visit.page.evaluate("node => node.isConnected", visit.element)
    )


def test_clicks_faster_than_the_server_all_count(visit: Visit) -> None:
    wanted = ["gao--bourem", "segou--bla", "sevare--mopti", "gao--ansongo", "kayes--bafoulabe"]
    for segment in wanted:
        visit.click(segment)
    for segment in wanted:
        visit.says(segment)
        assert visit.state(segment) == "cut"


def test_roads_are_drawn_while_the_file_of_their_reasons_is_on_its_way(
    server: str, tab: tuple[Page, Seen]
) -> None:
    page, seen = tab
    held: list[Route] = []
    page.route("**/media/*.json", lambda route: held.append(route))
    page.goto(f"{server}/?states=1")
    frame = page.wait_for_selector("iframe[title*=folium]", state="attached").content_frame()
    frame.wait_for_selector("#map_div[data-ready=part]")
    states = frame.evaluate(
        "[...document.querySelectorAll('.hit')]"
        ".map(road => supplyRoutes.stateOf(road.dataset.segment))"
    )
    assert {"closed", "escort_only", "contested", "impassable"} <= set(states)
    for each in held:
        each.continue_()
    frame.wait_for_selector("#map_div[data-ready=yes]")
    assert held
    page.unroute("**/media/*.json")
    assert seen.errors == []


def test_every_segment_has_a_place_to_click(visit: Visit) -> None:
    visit.frame.evaluate("map.fitBounds([[4.5, -17.6], [23, 5]], {animate: false})")
    visit.page.wait_for_timeout(500)
    missing = visit.frame.evaluate(
        "[...document.querySelectorAll('.hit')].map(path => path.dataset.segment)"
        ".filter(id => !supplyRoutes.pixelOf(id))"
    )
    assert missing == []


MIDDLE = """n => {
    map.closePopup();
    const b = document.querySelector(`g.town[data-n="${n}"] .body`).getBoundingClientRect();
    const x = b.x + b.width / 2, y = b.y + b.height / 2;
    if (x < 2 || y < 2 || x > innerWidth - 2 || y > innerHeight - 2) return null;
    const under = document.elementFromPoint(x, y);
    if (under.closest(".sr-controls")) return null;
    return {x, y, free: !under.closest(".event, .supply, .finding, .leaflet-popup")};
}"""


@pytest.mark.parametrize(
    "visit", [{}, {"viewport": {"width": 390, "height": 844}, "has_touch": True}], indirect=True
)
def test_a_press_on_the_middle_of_a_town_never_cuts_a_road(visit: Visit) -> None:
    """Two towns may lie on one another: any town will do, but no road."""
    visit.page.wait_for_timeout(1500)
    box = visit.element.bounding_box()
    touch = visit.frame.evaluate("navigator.maxTouchPoints > 0")
    press = visit.page.touchscreen.tap if touch else visit.page.mouse.click
    # Two taps within a fifth of a second are a double tap, which would move the map away.
    visit.frame.evaluate(
        "() => { window.sent = []; Streamlit.setComponentValue = m => { sent.push(m.kind); };"
        " map.doubleClickZoom.disable(); }"
    )
    towns = visit.frame.evaluate(
        "[...document.querySelectorAll('g.town[data-n]')].map(town => Number(town.dataset.n))"
    )
    free = pressed = 0
    for town in towns:
        at = visit.frame.evaluate(MIDDLE, town)
        if at is None:
            continue
        press(box["x"] + at["x"], box["y"] + at["y"])
        pressed, free = pressed + 1, free + at["free"]
    sent = visit.frame.evaluate("sent")
    assert pressed > 50
    assert "segment" not in sent
    # Two taps in one place within a third of a second are a double tap: one may go missing.
    assert sent.count("town") >= 0.9 * free


def test_keys_alone_cut_a_road(visit: Visit) -> None:
    visit.frame.focus('.hit[tabindex="0"]')
    visit.page.keyboard.press("ArrowRight")
    named = visit.frame.evaluate(
        "[document.activeElement.dataset.segment, document.activeElement.getAttribute('role'),"
        " document.activeElement.getAttribute('aria-label')]"
    )
    assert named[1] == "button"
    assert "Open" in named[2]
    visit.page.keyboard.press("Enter")
    visit.says(named[0])
    assert visit.frame.evaluate("document.activeElement.getAttribute('aria-pressed')") == "true"
    assert "Cut by hand" in visit.frame.inner_text(".sr-tip")


def test_a_town_answers_to_click_and_key(visit: Visit) -> None:
    town = visit.frame.query_selector('.town[aria-label^="Gao"]')
    town.focus()
    visit.page.keyboard.press("Enter")
    visit.frame.wait_for_selector('.town.chosen[aria-label^="Gao"]', state="attached")


PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.mark.parametrize(
    "visit", [{"query": "events=1"}, {"query": "events=1&look=1", **PHONE}], indirect=True
)
def test_events_open_in_the_panel_and_not_in_the_map(visit: Visit) -> None:
    visit.listen()
    visit.press(".event.cluster")
    visit.press(".event.region")
    visit.frame.evaluate("map.setView([17, -3], 12, {animate: false})")
    visit.page.wait_for_timeout(500)
    visit.press(".event.harm:not(.cluster)")
    assert visit.sent()[:2] == [["events", "e0 e1 e2"], ["region", "Gao"]]
    kind, name = visit.sent()[-1]
    assert (kind, name in {"e0", "e1", "e2"}) == ("event", True)
    assert visit.frame.query_selector(".leaflet-popup") is None
    assert visit.frame.evaluate("document.hacked") is None


@pytest.mark.parametrize(
    "visit", [{"query": "look=1"}, {"query": "look=1", **PHONE}], indirect=True
)
def test_a_press_on_a_road_only_asks_for_its_card_where_roads_are_looked_at(visit: Visit) -> None:
    visit.listen()
    visit.click("gao--bourem")
    assert visit.sent() == [["segment", "gao--bourem"]]
    assert visit.state("gao--bourem") == "open"
    assert visit.frame.query_selector(".leaflet-popup") is None


@pytest.mark.parametrize("visit", [{}, {"query": "look=1"}, PHONE], indirect=True)
def test_a_press_on_a_supply_point_asks_for_its_card(visit: Visit) -> None:
    visit.listen()
    visit.press(".leaflet-places-pane g.supply")
    assert [kind for kind, _ in visit.sent()] == ["supply"]
    assert visit.frame.query_selector(".leaflet-popup") is None


@pytest.mark.parametrize(
    "visit",
    [{"query": "states=1&lang=fr", "viewport": {"width": 1600, "height": 900}}],
    indirect=True,
)
def test_the_legend_lists_only_what_is_drawn_in_french(visit: Visit) -> None:
    legend = visit.frame.inner_text(".sr-legend")
    for words in ("Fermée", "Sous escorte seulement", "Contestée", "Impraticable pour ce véhicule"):
        assert words in legend
    assert "Coupée à la main" not in legend
    assert "Isolée" not in legend
    visit.frame.click(".sr-layers .sr-button")
    visit.frame.uncheck(".sr-list label:has-text('Points d’approvisionnement') input")
    assert "Port" not in visit.frame.inner_text(".sr-legend").split("\n")
    assert visit.frame.evaluate("document.documentElement.lang") == "fr"


@pytest.mark.parametrize(
    "visit",
    [{"query": "states=1&events=1", "viewport": {"width": 1040, "height": 800}}],
    indirect=True,
)
def test_every_supply_point_is_in_sight_or_named_at_the_edge(visit: Visit) -> None:
    places = """() => {
        const box = node => { const b = node.getBoundingClientRect();
                              return [b.left, b.top, b.right, b.bottom]; };
        return {
            panels: [...document.querySelectorAll(".sr-panel, .sr-credit")].map(box),
            arrows: [...document.querySelectorAll(".sr-edge-arrow")].map(box),
            seen: [...document.querySelectorAll(".leaflet-places-pane g.supply")].map(box)
                .filter(([l, t, r, b]) => r > 0 && b > 0 && l < innerWidth && t < innerHeight),
        };
    }"""
    visit.frame.click(".sr-legend-head")
    visit.frame.click(".sr-stack button >> nth=2")
    visit.page.wait_for_timeout(1_000)
    found = visit.frame.evaluate(places)
    assert len(found["seen"]) >= 3
    assert len(found["arrows"]) >= 3
    assert len(found["seen"]) + len(found["arrows"]) >= 10
    for k, (left, top, right, bottom) in enumerate(found["arrows"]):
        others = [*found["panels"], *found["arrows"][k + 1 :]]
        assert not any(left < r and right > x and top < b and bottom > y for x, y, r, b in others)


@pytest.mark.parametrize("visit", [{"query": "theme=dark"}], indirect=True)
def test_the_theme_follows(visit: Visit) -> None:
    assert visit.frame.get_attribute("#map_div", "data-theme") == "dark"
    sea = visit.frame.evaluate(
        "getComputedStyle(document.querySelector('#map_div')).backgroundColor"
    )
    assert sum(json.loads("[" + sea[4:-1] + "]")) < 120


@pytest.mark.parametrize(
    "visit",
    [{"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}],
    indirect=True,
)
def test_on_a_phone_the_legend_folds_and_one_finger_scrolls_the_page(visit: Visit) -> None:
    assert visit.frame.query_selector(".sr-legend.closed")
    assert visit.frame.evaluate("map.dragging.enabled()") is False
    assert visit.frame.evaluate("map.touchZoom.enabled()") is True
    at = visit.frame.evaluate("supplyRoutes.pixelOf('gao--bourem')")
    box = visit.element.bounding_box()
    visit.page.touchscreen.tap(box["x"] + at["x"], box["y"] + at["y"])
    visit.frame.wait_for_selector(".sr-do")
    assert visit.state("gao--bourem") == "open"
    visit.frame.tap(".sr-do")
    visit.says("gao--bourem")


@pytest.mark.parametrize("visit", [{"viewport": {"width": 390, "height": 844}}], indirect=True)
def test_on_a_phone_no_port_has_the_name_of_another_beside_it(visit: Visit) -> None:
    # The home view shows Mali alone; here the coast is in sight, too.
    visit.frame.evaluate("() => map.setView([11, -6], 4.6, {animate: false})")
    visit.page.wait_for_timeout(500)
    found = visit.frame.evaluate("""() => {
        const box = node => node.getBoundingClientRect();
        const ports = [...document.querySelectorAll(".leaflet-places-pane g.supply")].map(node => {
            const b = box(node);
            return {x: (b.left + b.right) / 2, y: (b.top + b.bottom) / 2,
                    name: node.getAttribute("aria-label")};
        });
        return [...document.querySelectorAll("text.l-supply")].map(node => {
            const b = box(node);
            const far = p => Math.hypot(Math.max(b.left - p.x, 0, p.x - b.right),
                                        Math.max(b.top - p.y, 0, p.y - b.bottom));
            ports.sort((p, q) => far(p) - far(q));
            return [node.textContent, ports[0].name];
        });
    }""")
    assert len(found) >= 5
    for label, nearest in found:
        assert nearest.startswith(label)


def test_labels_do_not_overlap(visit: Visit) -> None:
    for zoom in (5, 6, 7, 8.5):
        visit.frame.evaluate("zoom => map.setView([14.4, -5.5], zoom, {animate: false})", zoom)
        visit.page.wait_for_timeout(500)
        boxes = visit.frame.eval_on_selector_all(
            ".leaflet-labels-pane text:not(.l-river)",
            "all => all.map(node => { const b = node.getBoundingClientRect();"
            " return [b.left, b.top + b.height * .18, b.right, b.bottom - b.height * .18,"
            " node.textContent]; })",
        )
        assert len(boxes) > 8
        for i, a in enumerate(boxes):
            for b in boxes[i + 1 :]:
                apart = a[0] >= b[2] - 1 or b[0] >= a[2] - 1 or a[1] >= b[3] or b[1] >= a[3]
                assert apart, (zoom, a[4], b[4])
