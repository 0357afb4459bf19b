"""Journeys through the page in a real browser, with every other host cut off."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

pytest.importorskip("playwright.sync_api")

from playwright.sync_api import Browser, Page, expect

from tests.browser import watching
from tests.browser.journeys import (
    DESKTOP,
    PHONE,
    click_road,
    find,
    lost,
    map_frame,
    panel,
    pick,
    point_at,
    state_of,
    told,
    visit,
    waits_for_lost,
)
from tests.browser.watching import Seen, idle
from tests.support import chromium

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium.find() is None, reason="no Chromium found"),
]
KEYS_IN_PANEL = "() => document.activeElement.closest('.st-key-panel') !== null"
"""The focus is still where a button was that can no longer be pressed."""

KIDAL_ROAD = {"Bourem", "Kidal", "Anéfis"}
Visitor = Callable[..., Page]


@pytest.fixture(scope="module")
def watched() -> Iterator[list[Seen]]:
    """Every visitor of the run; at the end none has asked another host for anything."""
    seen: list[Seen] = []
    yield seen
    assert [url for each in seen for url in each.outside] == []


@pytest.fixture
def visitor(browser: Browser, home: str, watched: list[Seen]) -> Iterator[Visitor]:
    """Create separate visitors, each with a page."""
    made = []

    def visiting(size: dict[str, int] = DESKTOP, **options: Any) -> Page:
        context, seen = watching.context(browser, home, **{"locale": "en-GB", **options})
        watched.append(seen)
        made.append((context, seen))
        page = context.new_page()
        page.set_viewport_size(size)
        return page

    yield visiting
    for context, seen in made:
        context.close()
        assert seen.errors == []


@pytest.fixture(scope="module")
def tab(browser: Browser, home: str, watched: list[Seen]) -> Iterator[tuple[Page, Seen]]:
    """One tab, in which every journey begins with its own link: a session of its own."""
    context, seen = watching.context(browser, home, locale="en-GB")
    watched.append(seen)
    page = context.new_page()
    page.set_viewport_size(DESKTOP)
    yield page, seen
    context.close()


@pytest.fixture
def page(tab: tuple[Page, Seen]) -> Iterator[Page]:
    page, seen = tab
    seen.errors.clear()
    yield page
    assert seen.errors == []


def test_a_road_cut_by_a_click(page: Page, home: str) -> None:
    visit(page, home, "vehicle=tanker&tab=scenario")
    frame, view = map_frame(page), "supplyRoutes.view && supplyRoutes.view()"
    before = frame.evaluate(view)
    click_road(page, "gao--bourem")
    waits_for_lost(page, KIDAL_ROAD)
    assert state_of(page, "gao--bourem") == "cut"
    assert "You cut Gao–Bourem: 3 more towns isolated by closures" in told(page)
    assert "cut=gao--bourem" in page.url
    assert map_frame(page) == frame
    assert frame.evaluate(view) == before
    summary = page.locator(".st-key-summary").inner_text()
    assert all(town in summary for town in KIDAL_ROAD)
    assert not re.search(r"\bGao\b", summary)


def test_a_second_click_opens_the_road_again(page: Page, home: str) -> None:
    visit(page, home, "vehicle=tanker&cut=gao--bourem&tab=scenario")
    waits_for_lost(page, KIDAL_ROAD)
    click_road(page, "gao--bourem")
    waits_for_lost(page, set())
    assert "cut=" not in page.url


AHEAD = """() => {
  const list = document.querySelector('.st-key-towns');
  const parts = () => {
    const top = list.getBoundingClientRect().top;
    const shown = [...list.querySelectorAll('h3, button, li')];
    return shown.filter((part) => part.checkVisibility()).map((part) => {
      const box = part.getBoundingClientRect();
      const text = part.innerText.replace(/\\s+/g, ' ').trim();
      return [text, ...[box.x, box.y - top, box.width, box.height].map(Math.round)];
    });
  };
  window.listed = parts;
  window.ahead = [];
  new MutationObserver(() => {
    if (list.querySelector('.sr-towns-ahead')) window.ahead.push(parts());
  }).observe(list, { childList: true });
}"""
"""Keeps what the list shows at a click until the page has drawn it: text, place and size."""


def test_a_road_tells_its_effect_before_the_click_and_the_list_shows_it_at_the_click(
    page: Page, home: str
) -> None:
    for size in (PHONE, DESKTOP):
        page.set_viewport_size(size)
        visit(page, home, "vehicle=tanker&tab=scenario&date=2025-10-20")
        page.evaluate(AHEAD)
        point_at(page, "gao--bourem", page.mouse.move)
        expect(map_frame(page).locator(".sr-tip .sr-effect")).to_have_text(
            "After a cut: 3 more towns isolated by closures: Anéfis, Bourem and Kidal."
        )
        page.mouse.down()
        page.mouse.up()
        waits_for_lost(page, {"Nioro du Sahel", *KIDAL_ROAD})
        expect(page.locator(".sr-towns-ahead")).to_have_count(0)
        assert page.evaluate("ahead") == [page.evaluate("listed()")]


def test_a_road_cut_by_the_keyboard_alone_and_the_cut_undone(page: Page, home: str) -> None:
    visit(page, home, "vehicle=tanker&tab=scenario")
    pick(page, "Cut or reopen a road…", "Gao–Bourem")
    waits_for_lost(page, KIDAL_ROAD)
    assert state_of(page, "gao--bourem") == "cut"
    page.get_by_role("button", name="Undo").focus()
    page.keyboard.press("Enter")
    waits_for_lost(page, set())
    page.wait_for_function(KEYS_IN_PANEL)
    page.keyboard.press("Control+Shift+Z")
    waits_for_lost(page, KIDAL_ROAD)
    page.locator(".st-key-take_back_cut_gao--bourem button").focus()
    page.keyboard.press("Enter")
    waits_for_lost(page, set())
    page.wait_for_function(KEYS_IN_PANEL)


def test_back_and_reload_keep_and_restore_the_view(page: Page, home: str) -> None:
    visit(page, home, "vehicle=tanker&tab=scenario")
    pick(page, "Cut or reopen a road…", "Gao–Bourem")
    waits_for_lost(page, KIDAL_ROAD)
    pick(page, "Cut or reopen a road…", "Sévaré–Mopti")
    waits_for_lost(page, {*KIDAL_ROAD, "Mopti"})
    page.reload()
    waits_for_lost(page, {*KIDAL_ROAD, "Mopti"})
    page.wait_for_timeout(600)
    page.go_back()
    waits_for_lost(page, KIDAL_ROAD)


def test_a_supply_point_switched_off(page: Page, home: str) -> None:
    visit(page, home, "vehicle=tanker&cut=labbezanga--ayorou&tab=scenario")
    waits_for_lost(page, set())
    page.get_by_text("Supply points", exact=True).click()
    page.locator(".st-key-supply_abidjan label").click()
    idle(page)
    assert "You switched off the supply point Abidjan" in told(page)
    assert "off=abidjan" in page.url


def test_a_phase_goes_to_its_first_day_and_the_word_by_word_phase_stays_a_link(
    page: Page, home: str
) -> None:
    visit(page, home, "vehicle=tanker")
    page.locator(".st-key-phase_phase-4 button").first.click()
    page.wait_for_url("**/*date=2025-10-27*")
    visit(page, home, "preset=kayes-nioro")
    assert "Kayes" in lost(page)
    page.get_by_role("button", name="Next day").click()
    idle(page)
    assert "preset=" not in page.url


def test_a_click_on_the_strip_goes_to_that_day(page: Page, home: str) -> None:
    visit(page, home, "vehicle=tanker&date=2025-09-30")
    box = page.locator(".st-key-strip .sr-chart").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + 10)
    page.wait_for_url(re.compile("date=2025-12-1[0-9]"))
    page.locator(".st-key-date_row [role=spinbutton]").first.click()
    page.keyboard.type("20251207")
    page.keyboard.press("Enter")
    page.wait_for_url("**/*date=2025-12-07*")


def test_the_card_of_a_town_opens_and_closes(page: Page, home: str) -> None:
    visit(page, home, "vehicle=tanker&date=2025-11-10")
    find(page, "mopti")
    card = page.locator(".st-key-card")
    expect(card.get_by_role("heading", name="Mopti")).to_be_visible()
    expect(card).to_contain_text("declared ban on fuel imports")
    page.wait_for_url("**/*town=mopti*")
    assert card.get_by_role("link").first.get_attribute("href").startswith("https://")
    page.locator(".st-key-card_close button").click()
    # The first card of a fresh server waits for the fuel of all towns.
    expect(page.locator(".st-key-card h2")).to_have_count(0, timeout=30_000)
    page.wait_for_function("() => !location.search.includes('town=')")


def test_french_by_the_browser_and_by_the_switch(visitor: Visitor, home: str) -> None:
    page = visitor(locale="fr-FR")
    visit(page, home, "vehicle=tanker&cut=gao--bourem")
    assert "sont isolées" in page.locator(".st-key-summary").inner_text()
    assert map_frame(page).get_by_text("Légende").count() == 1
    page.locator(".st-key-choose_page button", has_text="Mes données").click()
    boxes = page.get_by_test_id("stFileUploaderDropzone")
    expect(boxes.first).to_contain_text("Choisir un fichier")
    assert "Upload" not in "".join(boxes.all_inner_texts())
    page.locator(".st-key-choose_page button", has_text="Carte").click()
    page.locator(".st-key-choose_lang button", has_text="EN").click()
    expect(page.locator(".st-key-summary")).to_contain_text("are cut off")
    page.wait_for_url("**/*lang=en*")


@pytest.mark.parametrize("language", ["EN", "FR"])
def test_after_switching_the_language_every_control_still_acts(
    visitor: Visitor, home: str, language: str
) -> None:
    page = visitor(locale="fr-FR" if language == "EN" else "en-GB")
    visit(page, home, "vehicle=tanker&date=2025-11-05")
    page.locator(".st-key-choose_lang button", has_text=language).click()
    lang = language.lower()
    page.wait_for_url(f"**/*lang={lang}*")
    idle(page)
    assert page.evaluate("document.documentElement.lang") == lang
    page.locator(".st-key-choose_panel button").nth(1).click()
    page.wait_for_url("**/*tab=scenario*")
    click_road(page, "gao--bourem")
    page.wait_for_url("**/*cut=gao--bourem*")
    page.locator(".st-key-undo button").first.click()
    idle(page)
    page.locator(".st-key-more button").first.click()
    expect(page.locator(".st-key-choose_window input")).to_have_value("30")
    expect(page.get_by_test_id("stException")).to_have_count(0)
    expect(page.get_by_test_id("stAlert")).to_have_count(0)


# Once the map has come to rest at the zoom of a search: whether the town lies clear of the sheet.
ABOVE_THE_SHEET = """() => {
  const frame = document.querySelector(".st-key-map iframe");
  const town = frame.contentDocument.querySelector(".town.chosen .body");
  if (!town || frame.contentWindow.map.getZoom() !== 7) return false;
  const y = frame.getBoundingClientRect().top + town.getBoundingClientRect().top;
  const sheet = document.querySelector(".st-key-panel").getBoundingClientRect();
  return frame.getBoundingClientRect().top + 40 < y && y + 40 < sheet.top;
}"""


# Whether most towns lie above the sheet.
MOST_TOWNS_ABOVE = """() => {
  const frame = document.querySelector(".st-key-map iframe"), box = frame.getBoundingClientRect();
  const sheet = document.querySelector(".st-key-panel").getBoundingClientRect();
  const towns = [...frame.contentDocument.querySelectorAll(".town")]
    .map((town) => box.top + town.getBoundingClientRect().top);
  const above = towns.filter((y) => box.top < y && y < sheet.top);
  return towns.length > 0 && above.length > 0.6 * towns.length;
}"""
# Where the town of the open card lies below the map's controls, and where the sheet begins.
CHOSEN = """() => {
  const frame = document.querySelector(".st-key-map iframe");
  const box = frame.getBoundingClientRect();
  const town = frame.contentDocument.querySelector(".town.chosen .body")?.getBoundingClientRect();
  const sheet = document.querySelector(".st-key-panel:has(.sr-carded)");
  if (!town || !sheet) return null;
  const rows = [...document.querySelectorAll(".st-key-controls > *")];
  const under = Math.max(...rows.map((row) => row.getBoundingClientRect().bottom));
  const top = under + 8, bottom = sheet.getBoundingClientRect().top - 24;
  const [x, y] = [town.left + town.width / 2, box.top + town.top + town.height / 2];
  const free = bottom - top, taken = under - box.top;
  return { x: x - box.width / 2, y: y - (top + bottom) / 2, high: free / 2, taken };
}"""
# Where a town at the foot of the map is on the screen, once it is where it was at the last look and
# nothing of the page lies over the map there.
AT_REST = """() => {
  const frame = document.querySelector(".st-key-map iframe");
  const named = (town) => (town.getAttribute("aria-label") ?? "").startsWith("Yorosso");
  const town = [...frame.contentDocument.querySelectorAll(".town")].find(named);
  const [box, own] = [frame, town].map((part) => part.getBoundingClientRect());
  const at = { x: box.left + own.left + own.width / 2, y: box.top + own.top + own.height / 2 };
  const before = window.before;
  window.before = at;
  const free = document.elementFromPoint(at.x, at.y) === frame;
  return free && before && before.x === at.x && before.y === at.y ? at : null;
}"""
ROAD_IN_SIGHT = """segment => {
  const road = supplyRoutes.pixelOf(segment);
  const { x, y } = frameElement.getBoundingClientRect();
  const at = road && [x + road.x, y + road.y];
  const same = at && String(at) === window.before;
  window.before = String(at);
  return same && frameElement.ownerDocument.elementFromPoint(...at) === frameElement;
}"""
"""At rest, and not under the sheet."""
IN_THE_MIDDLE = f"() => {{ const at = ({CHOSEN})(); return at && Math.hypot(at.x, at.y) < 12; }}"
ABOVE = f"() => {{ const at = ({CHOSEN})(); return at && Math.abs(at.y) <= at.high; }}"


def test_on_a_phone_what_a_card_is_about_lies_in_what_the_sheet_leaves_free(
    visitor: Visitor, home: str
) -> None:
    page = visitor(PHONE, has_touch=True)
    visit(page, home, "vehicle=tanker&town=mopti")
    page.wait_for_function(IN_THE_MIDDLE, polling=200, timeout=15_000)
    assert "view=" not in page.url
    assert page.evaluate(CHOSEN)["taken"] < 60  # one row of controls, not two
    visit(page, home, "vehicle=tanker&view=14.5,-4.1,7")
    at = page.wait_for_function(AT_REST, polling=300, timeout=15_000).json_value()
    # The first touch of the map: were the page to scroll under it, the touch would be lost.
    page.touchscreen.tap(at["x"], at["y"])
    page.wait_for_url("**/*town=yorosso*")
    page.wait_for_function(ABOVE, polling=200, timeout=15_000)
    assert page.locator("[data-testid=stMain]").evaluate("part => part.scrollTop") == 0
    visit(page, home, "vehicle=tanker&town=kayes&view=14.5,-4.1,7")
    idle(page)
    assert page.evaluate(CHOSEN)["x"] < -PHONE["width"] / 2  # the link's own view wins


def test_on_a_phone_a_tapped_road_tells_its_effect_and_its_button_lies_above_the_sheet(
    visitor: Visitor, home: str
) -> None:
    page = visitor(PHONE, has_touch=True)
    visit(page, home, "vehicle=tanker&tab=scenario&view=16.6,-0.2,7")
    map_frame(page).wait_for_function(ROAD_IN_SIGHT, arg="gao--bourem", polling=300)
    point_at(page, "gao--bourem", page.touchscreen.tap)
    card = map_frame(page).locator(".sr-card")
    expect(card.locator(".sr-effect")).to_have_text(
        "After a cut: 3 more towns isolated by closures: Anéfis, Bourem and Kidal."
    )
    page.wait_for_timeout(500)  # the map moves so that the card is in sight
    box = card.locator(".sr-do").bounding_box()
    assert box is not None
    page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_url("**/*cut=gao--bourem*")
    waits_for_lost(page, KIDAL_ROAD)


def test_a_phone_has_no_sideways_scroll_and_its_panel_is_a_sheet(
    visitor: Visitor, home: str
) -> None:
    page = visitor(PHONE, has_touch=True)
    visit(page, home, "vehicle=tanker")
    find(page, "kayes")
    page.wait_for_function(ABOVE_THE_SHEET, polling=200, timeout=15_000)
    for tab in ("", "time", "events"):
        if tab:
            visit(page, home, f"vehicle=tanker&tab={tab}")
        main = page.locator("[data-testid=stMain]")
        sizes = main.evaluate("part => [part.scrollWidth, part.clientWidth]")
        assert sizes[0] <= sizes[1]
    # A table that is opened is in sight, and so is a panel that a link or a visitor asks for.
    assert page.locator(".st-key-table_head").bounding_box()["y"] < 0.5 * PHONE["height"]
    body = page.locator(".st-key-panel_body")
    visit(page, home, "vehicle=tanker&tab=compare")
    assert body.bounding_box()["y"] < 0.75 * PHONE["height"]
    visit(page, home, "vehicle=tanker")
    assert body.bounding_box()["y"] > 0.9 * PHONE["height"]
    panel(page, "Scenario")
    # The sheet rises, and the map moves up with it.
    page.wait_for_function(MOST_TOWNS_ABOVE, polling=200, timeout=15_000)
    assert body.bounding_box()["y"] < 0.75 * PHONE["height"]
    page.locator(".st-key-sheet_stop button").nth(2).click()
    pick(page, "Cut or reopen a road…", "Gao–Bourem")
    waits_for_lost(page, KIDAL_ROAD)
    # A table opens before the sheet, not under it, and in sight on a page that was scrolled too.
    main.evaluate("part => { part.scrollTop = 100; }")
    page.locator(".st-key-tool_segments button").click()
    idle(page)
    assert 0 < page.locator(".st-key-table_head").bounding_box()["y"] < 0.5 * PHONE["height"]
    assert body.bounding_box()["y"] > 0.9 * PHONE["height"]
    # What moves can be chosen while the sheet is raised.
    page.locator(".st-key-table_fold button").click()
    page.locator(".st-key-sheet_stop button").nth(1).click()
    expect(page.locator(".st-key-choose_traffic")).to_be_hidden()
    page.locator(".st-key-more button").first.click()
    page.locator(".st-key-choose_traffic_raised button").nth(1).click()
    page.wait_for_url(re.compile("traffic="), timeout=15_000)


UNDER_CONTROLS = """() => {
  const frame = document.querySelector(".st-key-map iframe"), at = frame.getBoundingClientRect();
  const controls = [...document.querySelectorAll(".st-key-controls > *")]
    .map((part) => part.getBoundingClientRect());
  return [...frame.contentDocument.querySelectorAll(".leaflet-labels-pane text:not(.l-river)")]
    .filter((text) => {
      const { left, top, right, bottom } = text.getBoundingClientRect();
      return controls.some((c) => left + at.left < c.right && right + at.left > c.left &&
        top + at.top < c.bottom && bottom + at.top > c.top);
    }).map((text) => text.textContent);
}"""


def test_map_panel_and_strip_fit_the_first_screen(page: Page, home: str) -> None:
    visit(page, home, "vehicle=tanker&cut=gao--bourem")
    box = page.locator(".st-key-map iframe").bounding_box()
    strip = page.locator(".st-key-strip").bounding_box()
    assert strip["y"] + strip["height"] <= DESKTOP["height"]
    assert box["width"] * box["height"] >= 0.55 * DESKTOP["width"] * DESKTOP["height"]
    # No word of the map lies under the controls above it.
    page.wait_for_function(f"() => ({UNDER_CONTROLS})().length === 0", timeout=15_000)


def test_the_days_are_played(page: Page, home: str) -> None:
    visit(page, home, "vehicle=tanker&date=2025-09-30")
    before = page.locator(".st-key-summary").inner_text()
    page.get_by_role("button", name="Play").click()
    page.wait_for_url(re.compile("date=2025-10-0[2-9]"), timeout=30_000)
    page.get_by_role("button", name="Pause").click()
    idle(page)
    day = re.search(r"date=([\d-]+)", page.url)[1]
    page.wait_for_timeout(2500)
    assert f"date={day}" in page.url
    # The rains end on 1 October: seasonal roads carry tankers again.
    assert page.locator(".st-key-summary").inner_text() != before


def test_what_a_stranger_wrote_in_a_link_stays_text(page: Page, home: str) -> None:
    visit(page, home, "cut=gao--bourem,%3Cimg%20src=x%20onerror=alert(1)%3E")
    notices = page.locator(".st-key-notices")
    expect(notices).to_contain_text("onerror")
    assert notices.locator("img").count() == 0


def test_two_visitors_see_their_own_scenario(visitor: Visitor, home: str) -> None:
    one, other = visitor(), visitor()
    visit(one, home, "vehicle=tanker&tab=scenario")
    visit(other, home, "vehicle=tanker&tab=scenario")
    pick(one, "Cut or reopen a road…", "Gao–Bourem")
    pick(other, "Cut or reopen a road…", "Sévaré–Mopti")
    waits_for_lost(one, KIDAL_ROAD)
    waits_for_lost(other, {"Mopti"})


def test_own_events_close_roads_for_their_visitor_only(visitor: Visitor, home: str) -> None:
    table = (
        "date,lat,lon,event_type,effect_on_passage,applies_to,confidence,source_name\n"
        "2026-03-25,16.27,-0.05,blockade,closed,all,high,Own report\n"
    )
    one, other = visitor(), visitor()
    visit(one, home, "tab=own")
    one.locator(".st-key-own_events_file input[type=file]").set_input_files(
        {"name": "mine.csv", "mimeType": "text/csv", "buffer": table.encode()}
    )
    expect(one.locator(".st-key-tab")).to_contain_text("1 row read", timeout=30_000)
    one.get_by_role("button", name="Use this event").click()
    expect(one.locator(".st-key-tab")).to_contain_text("In use: 1 event from mine.csv")
    visit(other, home, "tab=own")
    assert "In use" not in other.locator(".st-key-tab").inner_text()
