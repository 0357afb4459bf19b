"""Common tasks, each done as a visitor would, with the number of clicks."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("playwright.sync_api")

from playwright.sync_api import Page, expect

from tests.browser import watching
from tests.browser.journeys import DESKTOP, click_road, find, map_frame, visit
from tests.browser.watching import idle
from tests.support import chromium

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium.find() is None, reason="no Chromium found"),
]


@dataclass
class Hand:
    """A visitor who counts what they click and type.

    Parameters
    ----------
    page : Page
    acts : int
        Clicks, and fields filled in.
    """

    page: Page
    acts: int = 0

    def click(self, selector: str, text: str = "") -> None:
        """Click the first thing of a selector that says ``text``."""
        self.acts += 1
        self.page.locator(selector, has_text=text).first.click()
        idle(self.page)

    def find(self, text: str) -> None:
        """Type into the search and press Enter."""
        self.acts += 1
        find(self.page, text)

    def day(self, field: str, day: str) -> None:
        """Click into a field of a date, type a day and press Enter."""
        self.acts += 2
        self.page.locator(f".st-key-{field} [role=spinbutton]").first.click()
        self.page.keyboard.type(day.replace("-", ""))
        self.page.keyboard.press("Enter")
        idle(self.page)

    def file(self, key: str, name: str, content: bytes) -> None:
        """Give a file to an uploader."""
        self.acts += 1
        given = {"name": name, "mimeType": "application/octet-stream", "buffer": content}
        self.page.locator(f".st-key-{key} input[type=file]").set_input_files(given)  # type: ignore[arg-type]
        idle(self.page)

    def road(self, segment: str) -> None:
        """Click a road of the map."""
        self.acts += 1
        click_road(self.page, segment)
        idle(self.page)

    def says(self, selector: str, text: str | re.Pattern[str]) -> None:
        """The page says it, without another click."""
        expect(self.page.locator(selector).first).to_contain_text(text, timeout=15_000)


@pytest.fixture(scope="module")
def tab(browser: Any, home: str) -> Iterator[tuple[Page, watching.Seen]]:
    """One tab, in which every task begins with its own link: a session of its own on the server."""
    context, seen = watching.context(browser, home, locale="en-GB")
    page = context.new_page()
    page.set_viewport_size(DESKTOP)
    yield page, seen
    context.close()


@pytest.fixture
def hand(tab: tuple[Page, watching.Seen]) -> Iterator[Hand]:
    page, seen = tab
    seen.errors.clear()
    yield Hand(page)
    assert seen.errors == []
    assert seen.outside == []


KENYA = Path(__file__).parents[1] / "data" / "kenya"
PEAK = "vehicle=tanker&date=2025-11-05"


def test_the_situation_of_a_phase_is_one_click_away(hand: Hand, home: str) -> None:
    visit(hand.page, home)
    hand.click(".st-key-phase_phase-4 button")
    hand.says(".sr-headline", "27 October 2025")
    assert hand.acts == 1


def test_the_situation_of_a_typed_day(hand: Hand, home: str) -> None:
    visit(hand.page, home)
    hand.day("choose_date", "2025-11-05")
    hand.says(".sr-headline", "5 November 2025")
    hand.says(".sr-headline", "Nioro du Sahel")
    assert hand.acts == 2


def test_two_days_are_compared_in_the_order_of_time(hand: Hand, home: str) -> None:
    visit(hand.page, home, "vehicle=tanker&date=2026-01-07")
    hand.click(".st-key-choose_panel button", "Compare")
    hand.click(".st-key-compare_kind [role=combobox]")
    hand.click("[role=option]", "Another date")
    hand.day("compare_date", "2025-11-05")
    hand.says(".st-key-panel", re.compile("5 November 2025.*7 January 2026", re.DOTALL))
    assert hand.acts == 5


def test_ones_own_events_are_used(hand: Hand, home: str) -> None:
    table = "date;lieu;latitude;longitude;type;source\n25/11/2025;Gao;16,27;-0,05;Barrage;Radio\n"
    visit(hand.page, home)
    hand.click(".st-key-door_own button")
    hand.file("own_events_file", "evenements.csv", table.encode())
    hand.click(".st-key-own_use button")
    hand.says(".st-key-tab", "In use: 1 event from evenements.csv")
    assert hand.acts == 3


def test_ones_own_roads_and_towns_become_the_network(hand: Hand, home: str) -> None:
    visit(hand.page, home, "tab=own")
    for name in ("roads", "towns"):
        hand.file(f"own_layer_{name}", f"{name}.geojson", (KENYA / f"{name}.geojson").read_bytes())
    hand.click(".st-key-own_import button")
    hand.click(".st-key-own_use_network button")
    hand.page.wait_for_url(re.compile("network="))
    assert hand.acts == 4


def test_who_is_hit_when_a_road_is_cut(hand: Hand, home: str) -> None:
    visit(hand.page, home, "vehicle=tanker")
    hand.find("sevare mopti")
    hand.click(".st-key-road_toggle button")
    hand.says(".sr-headline", "Mopti is cut off")
    assert hand.acts == 2


def test_why_a_town_is_cut_off_down_to_the_source(hand: Hand, home: str) -> None:
    visit(hand.page, home, PEAK)
    hand.click(".st-key-list_by_closure button", "Nioro")
    hand.says(".st-key-card", "Why")
    assert hand.page.locator(".st-key-card a").first.get_attribute("href").startswith("http")
    assert hand.acts == 1


def test_what_to_reopen_first(hand: Hand, home: str) -> None:
    visit(hand.page, home, PEAK)
    hand.click(".st-key-choose_panel button", "Scenario")
    hand.click(".st-key-tool_reopen button")
    hand.says(".st-key-reopening table", "Nioro")
    assert hand.acts == 2


def test_the_months_are_played(hand: Hand, home: str) -> None:
    visit(hand.page, home)
    hand.acts += 1
    hand.page.locator(".st-key-door_months button").first.click()
    hand.page.wait_for_url(re.compile("date=2025-08-1|date=2025-08-2"), timeout=30_000)
    assert hand.acts == 1


def test_the_way_to_the_link_and_the_products(hand: Hand, home: str) -> None:
    visit(hand.page, home, PEAK)
    hand.click(".st-key-choose_page button", "Share")
    hand.says(".st-key-tab", "Situation brief (PDF)")
    assert hand.acts == 1


def test_the_exit_routes_of_a_town(hand: Hand, home: str) -> None:
    visit(hand.page, home, PEAK)
    hand.find("kayes")
    hand.says(".st-key-card", "Exit routes")
    assert hand.acts == 1


def test_ports_are_switched_off(hand: Hand, home: str) -> None:
    visit(hand.page, home, "vehicle=tanker&tab=scenario")
    hand.click(".st-key-panel summary", "Supply points")
    for point in ("abidjan", "san-pedro"):
        hand.click(f".st-key-supply_{point} label")
    assert "off=abidjan" in hand.page.url
    assert hand.acts == 3


def test_a_town_is_found_and_the_map_goes_there(hand: Hand, home: str) -> None:
    visit(hand.page, home, f"{PEAK}&view=12.65,-8.0,9")
    hand.find("kidal")
    hand.says(".sr-card-title", "Kidal")
    hand.page.wait_for_url(re.compile("view=18"))
    assert hand.acts == 1


def test_a_road_is_looked_at_before_it_is_cut(hand: Hand, home: str) -> None:
    visit(hand.page, home, "vehicle=tanker")
    hand.road("gao--bourem")
    hand.says(".sr-card-title", "Gao–Bourem")
    assert "cut=" not in hand.page.url
    hand.click(".st-key-road_toggle button")
    assert "cut=gao--bourem" in hand.page.url
    assert hand.acts == 2


def test_the_route_from_one_town_to_another(hand: Hand, home: str) -> None:
    page = hand.page
    visit(page, home, PEAK)
    hand.click(".st-key-way_open button")
    for end, name in (("start", "bamako"), ("end", "gao")):
        field = page.locator(f".st-key-way_{end} input")
        field.fill(name)
        field.press("Enter")
        idle(page)
    hand.says(".sr-card-title", "Route from Bamako to Gao")
    hand.says(".sr-way-sum", "1,184 km")
    page.wait_for_url(re.compile("way=bamako(,|%2C)gao"))
    hand.click(".st-key-names_road_stretches button")
    hand.says(".sr-card-title", "Bamako")
    hand.click(".st-key-card_back button")
    hand.says(".sr-way-sum", "1,184 km")


def test_an_area_drawn_on_the_map_is_shown_before_it_is_cut(hand: Hand, home: str) -> None:
    page = hand.page
    visit(page, home, "vehicle=tanker&tab=scenario")
    hand.click(".st-key-cut_how button", "Draw an area")
    box = page.locator(".st-key-map iframe").bounding_box()
    at = map_frame(page).evaluate("id => window.supplyRoutes.pixelOf(id)", "gao--bourem")
    assert box is not None
    x, y = box["x"] + at["x"], box["y"] + at["y"]
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 4, y + 4)
    page.mouse.move(x + 12, y + 2)
    page.mouse.up()
    hand.says(".sr-preview", re.compile(r"Closes \d+ segments?; isolates \d+ towns?"))
    assert "cut_by" not in page.url
    hand.click(".st-key-cut_pending button")
    hand.says(".st-key-cut_by_0", re.compile("circle of .* km near"))
    page.wait_for_url(re.compile("cut_by=circle"))
    hand.click(".st-key-take_back_by_0 button")
    expect(page.locator(".st-key-cut_by_0")).to_have_count(0)
    assert hand.acts == 3


def test_roads_marked_with_shift_are_cut_together(hand: Hand, home: str) -> None:
    page = hand.page
    visit(page, home, "vehicle=tanker")
    for segment in ("gao--bourem", "sevare--mopti"):
        page.keyboard.down("Shift")
        hand.road(segment)
        page.keyboard.up("Shift")
    hand.says(".st-key-cut_pending", "Cut 2 roads")
    hand.click(".st-key-cut_pending button")
    page.wait_for_url(re.compile("cut=gao--bourem(,|%2C)sevare--mopti"))
    assert hand.acts == 3


def test_every_town_is_seen_day_by_day(hand: Hand, home: str) -> None:
    visit(hand.page, home, PEAK)
    hand.click(".st-key-table_time button")
    hand.says(".st-key-table", "Every town, day by day")
    assert hand.acts == 1
