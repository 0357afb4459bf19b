"""What a visitor does on the page, in the words of the tests."""

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Frame, Page, expect

from tests.browser.watching import idle, settled

DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
PARTS = (
    *(f".st-key-choose_panel button >> nth={n}" for n in range(3)),
    ".st-key-choose_panel button >> nth=1",
    ".st-key-tool_segments button",
    ".st-key-tool_reopen button",
    ".st-key-choose_panel button >> nth=0",
    ".st-key-table_towns button",
    ".st-key-table_events button",
    ".st-key-table_time button",
    *(f".st-key-choose_page button >> nth={n}" for n in (1, 2, 3, 4)),
    ".st-key-choose_about button >> nth=1",
    ".st-key-choose_page button >> nth=0",
)
"""Every part of the page, as a visitor reaches it."""


def visit(page: Page, home: str, query: str = "") -> None:
    """Open a link and wait for page and map."""
    page.goto(f"{home}/?{query}")
    settled(page)
    drawn = "() => window.supplyRoutes && supplyRoutes.stateOf('gao--bourem')"
    map_frame(page).wait_for_function(drawn, polling=100)


def map_frame(page: Page) -> Frame:
    """The document of the map."""
    frame = page.locator(".st-key-map iframe").element_handle().content_frame()
    assert frame is not None
    return frame


def point_at(page: Page, segment: str, act: Callable[[float, float], None]) -> None:
    """Do something where a road can be reached on the map."""
    box = page.locator(".st-key-map iframe").bounding_box()
    at: Any = map_frame(page).evaluate("id => window.supplyRoutes.pixelOf(id)", segment)
    assert box is not None
    assert at is not None
    x, y = (at["x"], at["y"]) if isinstance(at, dict) else at
    act(box["x"] + x, box["y"] + y)


def click_road(page: Page, segment: str) -> None:
    """Click a road on the map, as a hand does."""
    point_at(page, segment, page.mouse.click)


def pick(page: Page, name: str, text: str) -> None:
    """Choose from a list by typing the start of a name and Enter: no mouse is needed."""
    field = page.get_by_role("combobox", name=name)
    field.focus()
    page.keyboard.type(text)
    page.keyboard.press("Enter")
    idle(page)


def choose(page: Page, key: str, option: str) -> None:
    """Choose an option of a list of the controls by its words."""
    page.locator(f".st-key-{key} [role=combobox]").first.click()
    page.get_by_role("option", name=option, exact=True).click()
    idle(page)


def state_of(page: Page, segment: str) -> str:
    """State of a road as the map draws it."""
    return str(map_frame(page).evaluate("id => window.supplyRoutes.stateOf(id)", segment))


LOST = ":is(.st-key-list_by_closure, .st-key-list_by_supply, .st-key-list_lost) button"
"""Names of the towns without supply, in the panels of the situation and of the scenario."""


def lost(page: Page) -> set[str]:
    """Towns listed as having lost all supply by closures or supply points switched off."""
    return {re.sub(r" · .*", "", name).strip() for name in page.locator(LOST).all_inner_texts()}


def waits_for_lost(page: Page, towns: set[str]) -> None:
    """Wait until exactly these towns are listed."""
    expect(page.locator(LOST)).to_have_count(len(towns), timeout=15_000)
    assert lost(page) == towns


def find(page: Page, text: str) -> None:
    """Search as a visitor does: type, then Enter."""
    field = page.locator(".st-key-find input")
    field.fill(text)
    field.press("Enter")
    idle(page)


def panel(page: Page, name: str) -> None:
    """Open one of the three panels by its words."""
    page.locator(".st-key-choose_panel button", has_text=name).click()
    idle(page)


def told(page: Page) -> str:
    """What the page says the last action did."""
    return re.sub(r"\s+", " ", page.locator(".st-key-last_action").inner_text())
