"""The exported page in a real browser: from disk, with no network, under every hostile text."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from geodata.export.html.page import page as html_page
from geodata.sharing.permalink import Note, ViewState, parse
from geodata.sharing.publication import Publication, Sensitivity
from tests.support import chromium
from tests.support.hostile_strings import LINES, PRODUCT, STRINGS, hostile_dataset
from tests.support.publications import published

pytest.importorskip("playwright.sync_api")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium.find() is None, reason="no Chromium found"),
]
QUERY = "cut=gao--bourem,sevare--mopti&date=2025-11-08&vehicle=tanker&compare=2025-10-06"
MADE = dt.date(2026, 11, 22)
WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}

Opener = Callable[..., Any]


@pytest.fixture
def opened(browser: Any, tmp_path: Path) -> Iterator[Opener]:
    """Open a release's page from disk; afterwards hold it to silence: no request, no error."""
    told: list[str] = []
    contexts = []

    def open_page(release: Publication, viewport: dict[str, int] = WIDE, **options: Any) -> Any:
        path = tmp_path / "view.html"
        path.write_bytes(html_page(release))
        context = browser.new_context(viewport=viewport, offline=True, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: told.append(message.text))
        page.on("pageerror", lambda error: told.append(str(error)))
        page.on("dialog", lambda dialog: told.append(f"dialog {dialog.message}"))
        page.on(
            "request",
            lambda request: told.append(request.url) if request.url != path.as_uri() else None,
        )
        page.goto(path.as_uri())
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert told == []


@pytest.fixture(scope="module")
def release(mali: Any) -> Publication:
    return published(mali, parse(QUERY)[0], MADE)


def test_what_changed_in_the_week_stands_above_the_map(opened: Opener, mali: Any) -> None:
    """In the usual page every table stands below it."""
    state = ViewState(date=dt.date(2025, 9, 5), compare="2025-08-29")
    usual = published(mali, state, dt.date(2025, 9, 12), level=Sensitivity.PUBLIC)
    for release, above in ((usual, []), (replace(usual, changes_first=True), ["table-changes"])):
        page = opened(release)
        foot = page.locator("svg").first.bounding_box()["y"]
        tables = page.locator("details").all()
        tops = {t.get_attribute("id"): t.bounding_box()["y"] for t in tables}
        assert [name for name, top in tops.items() if top < foot] == above
        assert "table-changes" in tops


def test_it_opens_from_disk_and_says_what_it_is(opened: Opener, release: Publication) -> None:
    page = opened(release)
    assert page.locator("h1").inner_text() == "Access to supply: situation brief"
    assert "8 November 2025" in page.locator(".subtitle").inner_text()
    assert "FULL VERSION" in page.locator(".level").inner_text()
    assert page.locator(".figure b").first.inner_text() == "6"
    lost = page.locator("#table-isolated tbody").inner_text()
    assert "Mopti (114,296)" in lost
    assert page.locator("svg .seg").count() >= 220
    assert page.locator(".town").count() == 84


def test_the_map_moves_and_its_layers_switch(opened: Opener, release: Publication) -> None:
    page = opened(release)
    canvas = page.locator(".map > svg")
    before = canvas.get_attribute("viewBox")
    page.get_by_role("button", name="Zoom in").click()
    closer = canvas.get_attribute("viewBox")
    assert float(closer.split()[2]) < float(before.split()[2])
    box = canvas.bounding_box()
    page.mouse.move(box["x"] + 500, box["y"] + 200)
    page.mouse.down()
    page.mouse.move(box["x"] + 400, box["y"] + 260, steps=4)
    page.mouse.up()
    moved = canvas.get_attribute("viewBox")
    assert float(moved.split()[0]) > float(closer.split()[0])
    assert float(moved.split()[1]) < float(closer.split()[1])
    page.get_by_role("button", name="Show the whole map").click()
    assert canvas.get_attribute("viewBox") == before
    roads = page.locator("g[data-layer=roads]")
    page.get_by_label("Roads", exact=True).uncheck()
    assert not roads.is_visible()
    page.get_by_label("Roads", exact=True).check()
    assert roads.is_visible()


def test_the_keyboard_does_all(opened: Opener, release: Publication) -> None:
    page = opened(release)
    canvas = page.locator(".map > svg")
    canvas.focus()
    before = canvas.get_attribute("viewBox")
    page.keyboard.press("+")
    page.keyboard.press("ArrowRight")
    assert canvas.get_attribute("viewBox") != before
    page.keyboard.press("0")
    assert canvas.get_attribute("viewBox") == before
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('class')") == "town"
    first = page.locator(".chosen").inner_text()
    page.keyboard.press("Tab")
    assert page.locator(".chosen").inner_text() != first


def test_tables_sort_search_and_lead_to_the_map(opened: Opener, release: Publication) -> None:
    page = opened(release)
    page.locator("#table-towns summary").click()
    people = page.locator("#table-towns th").nth(2)
    people.get_by_role("button").click()
    people.get_by_role("button").click()
    assert people.get_attribute("aria-sort") == "descending"
    assert page.locator("#table-towns tbody tr").first.inner_text().startswith("Bamako")
    page.locator("#table-towns input").fill("segou")
    shown = page.locator("#table-towns tbody tr:visible")
    assert shown.count() >= 1
    assert all("Ségou" in row for row in shown.all_inner_texts())
    shown.get_by_role("button").first.click()
    assert page.evaluate("document.activeElement.tagName") == "svg"
    assert page.locator(".chosen").inner_text().startswith("Ségou · ")


def test_a_road_shows_its_state_and_the_reason(opened: Opener, release: Publication) -> None:
    page = opened(release)
    page.locator("#table-segments summary").click()
    page.locator("#table-segments input").fill("bourem")
    page.get_by_role("button", name="Gao – Bourem").click()
    told = page.locator(".chosen").inner_text()
    assert "Gao – Bourem" in told
    assert "cut by hand" in told.lower()


def test_french_on_a_phone_without_sideways_scroll(opened: Opener, release: Publication) -> None:
    french = Publication(release.situation, release.view, MADE, "fr", Sensitivity.PUBLIC)
    page = opened(french, PHONE, color_scheme="dark")
    assert page.evaluate("document.documentElement.lang") == "fr"
    assert "VERSION PUBLIQUE" in page.locator(".level").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.locator(".map > svg").bounding_box()["height"] > 450


def test_every_source_link_is_plain_http(opened: Opener, release: Publication) -> None:
    page = opened(release)
    links = page.eval_on_selector_all("a", "all => all.map(a => [a.protocol, a.rel])")
    assert links
    assert {protocol for protocol, _ in links} <= {"http:", "https:"}
    assert all("noopener" in rel for _, rel in links)


def test_hostile_text_in_every_place_stays_text(opened: Opener) -> None:
    dataset = hostile_dataset()
    cut = dataset.network.segment_ids[:30]
    notes = tuple(Note(each, LINES[n], LINES[-n], None, LINES[n + 9]) for n, each in enumerate(cut))
    state = ViewState(
        cut=cut,
        notes=notes,
        date=dt.date(2025, 11, 10),
        window=200,
        title=STRINGS["script"],
        compare="none",
    )
    page = opened(published(dataset, state, MADE))
    page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
    for town in page.locator(".town").all()[:20]:
        town.focus()
    assert page.evaluate("window.__pwn") is None
    assert PRODUCT not in page.locator("body").inner_text()
    assert page.locator("#page script, #page iframe, #page img, #page object").count() == 0
    assert page.locator("h1").inner_text() == STRINGS["script"]
