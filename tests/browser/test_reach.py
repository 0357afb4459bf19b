"""The page by keyboard and by finger: WCAG 2.2 AA beyond what axe can see."""

from typing import Any

import pytest

pytest.importorskip("playwright.sync_api")

from playwright.sync_api import Browser, Page

from tests.browser import watching
from tests.browser.journeys import DESKTOP, PHONE, find, map_frame, visit
from tests.browser.reach import small_targets, walk
from tests.support import chromium

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium.find() is None, reason="no Chromium found"),
]
DATED = "vehicle=tanker&date=2025-11-10&cut=gao--bourem&lang=en"
MAP_STOPS = 12
TABLET = {"width": 1024, "height": 768}
WITH_FIELDS = (
    ".st-key-choose_panel button >> nth=1",
    ".st-key-choose_panel button >> nth=2",
    ".st-key-choose_page button >> nth=1",
    ".st-key-choose_page button >> nth=2",
    ".st-key-choose_page button >> nth=0",
    ".st-key-choose_panel button >> nth=0",
)
"""Parts with boxes to tick, lists and files, and the way back to the map."""


@pytest.mark.parametrize(
    ("size", "least", "options"),
    [(DESKTOP, 24, {}), (PHONE, 44, {"has_touch": True, "is_mobile": True})],
    ids=["desktop", "phone"],
)
def test_keyboard_and_finger_reach_everything(
    browser: Browser, home: str, size: dict[str, int], least: int, options: dict[str, Any]
) -> None:
    context, seen = watching.context(browser, home, locale="en-GB", **options)
    page = context.new_page()
    page.set_viewport_size(size)
    visit(page, home, DATED)
    page.wait_for_timeout(600)
    assert small_targets(page, least) == []
    stops = walk(page)
    in_map = [stop.name for stop in stops if stop.in_map]
    assert 0 < len(in_map) <= MAP_STOPS, in_map
    assert [stop.name for stop in stops if not stop.bare] == []
    moves_without_dragging(page)
    assert_seen_in_forced_colours(page)
    if options:
        for part in WITH_FIELDS:
            page.locator(part).first.click()
            watching.idle(page)
            assert small_targets(page, least) == [], part
        page.set_viewport_size(TABLET)
        page.wait_for_timeout(300)
        assert small_targets(page, least) == []
        assert controls_end(page) <= 0
    context.close()
    assert not seen.errors
    assert not seen.outside


def assert_seen_in_forced_colours(page: Page) -> None:
    """Where the system chooses the colours, the days' bars and what is chosen still stand out."""
    grounds = """() => [".sr-bars", ".st-key-choose_panel [aria-checked=true]", "body"]
        .map((part) => getComputedStyle(document.querySelector(part)).backgroundColor)"""
    page.emulate_media(forced_colors="active")
    bars, chosen, ground = page.evaluate(grounds)
    page.emulate_media(forced_colors="none")
    assert bars != ground
    assert chosen != ground


def controls_end(page: Page) -> float:
    """How far the controls over the head of the map reach beyond it."""
    ends = """() => Math.max(
        ...[...document.querySelectorAll(".st-key-controls :is(button, input)")]
            .map((each) => each.getBoundingClientRect().right))
        - document.querySelector(".st-key-map iframe").getBoundingClientRect().right"""
    return float(page.evaluate(ends))


def moves_without_dragging(page: Page) -> None:
    """What a drag does is done by a press or a word too: moving the map, and choosing a day."""
    before = where(page)
    find(page, "Gao")
    page.wait_for_timeout(900)
    assert where(page) != before
    day = page.url
    page.get_by_role("button", name="Previous day").first.click()
    watching.idle(page)
    assert page.url != day


def where(page: Page) -> str:
    """Where in the frame the map draws a road that is always there."""
    drawn = "JSON.stringify(supplyRoutes.pixelOf('gao--bourem'))"
    return str(map_frame(page).evaluate(drawn))
