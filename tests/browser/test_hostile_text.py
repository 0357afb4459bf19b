"""Hostile names and texts run no script, anywhere in the page or the map."""

import csv
import datetime as dt
import io
import json
import socket

import pytest

from geodata.network.files import write_network
from tests.browser import watching
from tests.browser.journeys import PARTS
from tests.support import chromium, server
from tests.support.hostile_strings import CANARY, LINES, PRODUCT, STRINGS, hostile_dataset

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium.find() is None, reason="no Chromium found"),
]
MAP = ".st-key-map iframe"


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A network folder whose every text is hostile, and a table of hostile events."""
    folder = tmp_path_factory.mktemp("hostile")
    dataset = hostile_dataset()
    write_network(dataset.network, folder / "network")
    (folder / "events.csv").write_text(events(dataset.network), encoding="utf-8", newline="")
    return folder, dataset


def events(network):
    """An event at every second town, each with a string of the corpus in each text."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(
        [
            "event_id_cnty",
            "event_date",
            "event_type",
            "sub_event_type",
            "actor1",
            "latitude",
            "longitude",
            "location",
            "fatalities",
            "notes",
            "source",
            "source_url",
            STRINGS["script"],
        ]
    )
    towns = network.nodes.set_index("node_id").loc[list(network.towns)]
    for number, (_, row) in enumerate(towns.iterrows()):
        texts = [LINES[(number + 11 * step) % len(LINES)] for step in range(6)]
        day = dt.date(2025, 11, 1) + dt.timedelta(days=number % 9)
        writer.writerow(
            [
                f"X{number}",
                day,
                "Battles",
                "Armed clash",
                texts[0],
                row.geometry.y,
                row.geometry.x,
                texts[1],
                1,
                texts[2],
                texts[3],
                texts[4],
                texts[5],
            ]
        )
    return file.getvalue()


@pytest.fixture(scope="module")
def opened(place, tmp_path_factory):
    """The app on that network, with the events in use, a date, cuts and a town's card open."""
    folder, dataset = place
    cut = ",".join(dataset.network.segment_ids[:12])
    town = dataset.network.towns[3]
    with (
        server.app(tmp_path_factory.mktemp("log"), "--network", str(folder / "network")) as app,
        watching.browser() as browser,
    ):
        context, seen = watching.context(browser, app.url)
        page = context.new_page()
        page.goto(f"{app.url}/?lang=en&tab=own&town={town}&date=2025-11-10&cut={cut}")
        watching.settled(page)
        page.set_input_files(".st-key-own_events_file input[type=file]", str(folder / "events.csv"))
        page.locator(".st-key-own_use button").click(timeout=30_000)
        watching.idle(page)
        page.locator(".st-key-choose_page button").first.click()  # back to the map
        watching.idle(page)
        yield app, page, seen
        context.close()


def held(page, seen, app):
    """Nothing ran, nothing was asked for elsewhere, no template was evaluated."""
    text = "\n".join(frame.content() for frame in page.frames)
    assert PRODUCT not in text
    assert seen.harm == []
    assert page.locator("[data-testid=stException]").count() == 0
    assert "Traceback" not in app.said


def test_the_watch_itself_sees_what_it_is_there_for(opened):
    """And what is asked of a name, an address or another port reaches nobody, listening or not."""
    app, page, _ = opened
    context, seen = watching.context(page.context.browser, app.url)
    bare = context.new_page()
    bare.goto(f"{app.url}/_stcore/health")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        near = f"127.0.0.1:{listener.getsockname()[1]}"
        elsewhere = (
            f"http://{near}/canary",
            f"http://localhost:{near.partition(':')[2]}/canary",
            f"ws://{near}/canary",
            "http://192.0.2.1/canary",
            "https://canary.example/",
        )
        bare.set_content(f"<p>{STRINGS['image']}</p><script>alert(1)</script>{STRINGS['svg']}")
        for address in elsewhere:
            ask = "a => new WebSocket(a)" if address.startswith("ws") else "a => void fetch(a)"
            bare.evaluate(ask, address)
        bare.wait_for_timeout(500)
        listener.settimeout(0)
        with pytest.raises(BlockingIOError):
            listener.accept()
    assert {CANARY, *elsewhere} <= set(seen.outside)
    assert {"PWNED script", "PWNED dialog"} <= set(seen.scripts)
    context.close()


def test_the_town_card_and_the_list_show_names_as_they_are(opened, place):
    app, page, seen = opened
    names = place[1].network.labels
    shown = page.locator(".st-key-card h2").inner_text()
    assert shown.split() == names[place[1].network.towns[3]].split()
    assert page.locator(".st-key-panel").inner_html().count("<script") == 0
    held(page, seen, app)


def test_every_part_shows_the_texts_and_runs_none(opened):
    app, page, seen = opened
    for part in PARTS:
        page.locator(part).first.click()
        watching.idle(page)
        for closed in page.locator(".st-key-tab summary").all():
            closed.click()
        held(page, seen, app)


def test_the_map_shows_tips_and_cards_of_towns_roads_and_events_as_text(opened):
    app, page, seen = opened
    frame = page.frame_locator(MAP)
    frame.locator("[data-event]").first.wait_for(timeout=30_000)
    script = """(kind) => {
        const found = [...document.querySelectorAll(kind)].slice(0, 120);
        for (const node of found) {
            const box = node.getBoundingClientRect();
            const at = { bubbles: true, clientX: box.x, clientY: box.y, pointerType: "mouse" };
            node.dispatchEvent(new PointerEvent("pointerenter", at));
            node.dispatchEvent(new PointerEvent("pointerover", at));
            node.dispatchEvent(new PointerEvent("pointermove", at));
            node.dispatchEvent(new MouseEvent("mouseover", at));
            node.dispatchEvent(new FocusEvent("focus", at));
            node.dispatchEvent(new PointerEvent("pointerleave", at));
        }
        return found.length;
    }"""
    inner = next(each for each in page.frames if "st_folium" in each.url)
    for kind in (
        "[data-event]",
        ".leaflet-pane [role=button]",
        ".leaflet-pane path",
        ".leaflet-pane [tabindex]",
    ):
        assert inner.evaluate(script, kind) > 0
    cards = ""
    for number in range(min(6, frame.locator("[data-event]").count())):
        frame.locator("[data-event]").nth(number).dispatch_event("click")
        watching.idle(page)
        cards += page.locator("body").text_content() or ""
        held(page, seen, app)
    shown = cards + (inner.evaluate("() => document.body.textContent") or "")
    assert sum(line.strip() in shown for line in LINES if line.isprintable()) > 3
    links = inner.evaluate("() => [...document.querySelectorAll('a')].map((a) => a.href)")
    assert all(link.startswith(("http:", "https:")) for link in links)
    held(page, seen, app)


def test_links_in_the_page_lead_only_to_the_web(opened):
    app, page, seen = opened
    links = page.evaluate("() => [...document.querySelectorAll('a[href]')].map((a) => a.href)")
    assert all(link.startswith(("http:", "https:", "blob:")) for link in links)
    held(page, seen, app)


@pytest.mark.parametrize("name", ["script", "jinja_sum", "markdown_image", "template_literal"])
def test_a_hostile_snapshot_is_refused_or_opened_as_text(opened, tmp_path, name):
    app, page, seen = opened
    text = STRINGS[name]
    path = tmp_path / "snapshot.json"
    path.write_text(
        json.dumps({"version": 999 if name != "script" else text, "title": text, "closed": [text]}),
        encoding="utf-8",
    )
    page.locator(".st-key-choose_page button").nth(1).click()
    watching.idle(page)
    page.set_input_files(".st-key-snapshot_file input[type=file]", str(path))
    page.locator(".st-key-tab [data-testid=stAlert]").first.wait_for(timeout=20_000)
    watching.idle(page)
    assert page.locator(".st-key-tab [data-testid=stAlert] img").count() == 0
    held(page, seen, app)


def test_a_french_page_shows_them_as_text_too(opened):
    app, page, seen = opened
    page.locator(".st-key-choose_lang button").nth(1).click()
    watching.idle(page)
    assert page.locator("html").inner_html().count("<script>window.__pwn") == 0
    held(page, seen, app)


def test_the_log_names_nothing_of_the_files(opened):
    app, _, _ = opened
    for text in ("__pwn", "events.csv", "canary", "X1"):
        assert text not in app.said
