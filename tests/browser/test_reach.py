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
    context.close()
    assert not seen.errors
    assert not seen.outside


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
