"""A team at the desk: one adds an event, another reviews it, and it outlives the server."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from geodata.desk.journal import Kind, Status
from geodata.desk.store import Desk, opened
from geodata.i18n import text
from tests.browser import watching
from tests.browser.journeys import DESKTOP, PHONE, visit
from tests.browser.watching import idle, settled
from tests.support import chromium, server

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium.find() is None, reason="no Chromium found"),
]
SHOTS = os.environ.get("DESK_SHOTS", "")
"""Folder for pictures of the steps, for anyone who wants to look at them."""

ROW = ".st-key-desk_list button"
REMARK = "[class*=st-key-remark_kita]"
TITLE = ".st-key-desk_scenario_title"


def shot(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"))


def person(browser: Browser, home: str, name: str, query: str = "") -> Page:
    """A visitor on the desk's page, under a name."""
    context, _ = watching.context(browser, home)
    page = context.new_page()
    page.set_viewport_size(DESKTOP)
    page.goto(f"{home}/?lang=en&tab=desk{query}")
    settled(page)
    page.get_by_label("Your name").first.fill(name)
    page.keyboard.press("Enter")
    idle(page)
    return page


def report(page: Page) -> None:
    """Add a siege of Kita of April by its typed name."""
    page.get_by_role("button", name="Add an event").first.click()
    page.wait_for_selector(".st-key-entry_where input")
    page.locator(".st-key-entry_where input").fill("Kita")
    page.keyboard.press("Enter")
    page.locator(".st-key-entry_offered button").first.click()
    page.wait_for_selector(".st-key-entry_place")
    day = page.locator(".st-key-entry_date input").first
    day.fill("2026-04-10")
    day.press("Enter")
    idle(page)
    page.get_by_text(text("desk.more_fields", "en"), exact=True).click()
    for key, option in (
        ("event_type", "Siege"),
        ("effect_on_passage", "Closed"),
        ("confidence", "High"),
    ):
        box = page.locator(f".st-key-entry_{key} [role=combobox]").first
        wanted = page.get_by_role("option", name=option, exact=True)
        # A run that comes late closes an open list again.
        for _ in range(10):
            if not wanted.is_visible():
                box.click()
                page.wait_for_timeout(500)
        wanted.click()
        idle(page)
    page.locator(".st-key-entry_source_name input").fill("Radio A")
    page.keyboard.press("Enter")
    idle(page)
    shot(page, "entry")
    page.locator(".st-key-entry_save button").click()
    page.wait_for_selector(".st-key-entry_list", timeout=30_000)
    shot(page, "saved")


def written(page: Page, field: str, button: str, content: str) -> None:
    """Type and press the button beside the field at once, as a hand does on a slow machine."""
    speed = page.context.new_cdp_session(page)
    page.locator(button).scroll_into_view_if_needed()
    speed.send("Emulation.setCPUThrottlingRate", {"rate": 6})
    page.locator(field).click()
    page.keyboard.type(content)
    page.locator(button).click(delay=120)
    speed.send("Emulation.setCPUThrottlingRate", {"rate": 1})


def status(desk: Desk) -> Status:
    """Status of the only event."""
    ((_, record),) = [each for each in desk.records().items() if each[0][0] == Kind.EVENT]
    return record.status


def test_an_event_is_seen_reviewed_undone_and_outlives_the_server(
    browser: Browser, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path / 'desk.sqlite'}"
    settings = {"DESK_DATABASE": url, "DESK_ACCOUNTS": "local"}
    with server.app(tmp_path, environment=settings) as app:
        other = person(browser, app.url, "Binta")
        author = person(browser, app.url, "Awa")
        assert not other.locator(ROW).count()
        # On a phone, where the form lies over the map: each tap must reach what it is meant for.
        author.set_viewport_size(PHONE)
        report(author)
        author.set_viewport_size(DESKTOP)
        # Nobody touches the second page: what the first saved comes by itself.
        expect(other.locator(ROW).first).to_contain_text("Siege · Kita", timeout=30_000)
        desk = opened(url)
        other.locator(ROW).first.click()
        idle(other)
        shot(other, "seen")
        other.get_by_role("button", name="Confirm as reviewed").first.click()
        other.wait_for_selector(".sr-desk-event .sr-st-reviewed", timeout=30_000)
        assert status(desk) == Status.REVIEWED
        idle(other)
        other.locator(".st-key-desk_undo button").first.click()
        other.wait_for_selector(".sr-desk-event .sr-st-proposed", timeout=30_000)
        assert status(desk) == Status.PROPOSED
        idle(other)
        other.get_by_role("button", name="Confirm as reviewed").first.click()
        other.wait_for_selector(".sr-desk-event .sr-st-reviewed", timeout=30_000)
        shot(other, "reviewed")
        version = desk.version
        app.stop()
        app.start()
        visit(author, app.url, f"lang=en&desk={version}&date=2026-04-20&town=kita")
        shot(author, "map")
        closed = (
            author.frame_locator(".st-key-map iframe")
            .locator("body")
            .evaluate("() => ['kita--kati', 'mahina--kita'].map(id => supplyRoutes.stateOf(id))")
        )
        assert set(closed) == {"closed"}
        author.get_by_text(text("desk.remark_add", "en"), exact=True).click()
        # A name that is given in the form lets a button appear above it; the form stays open.
        for name in ("", "Awa"):
            author.locator(".st-key-remark_name input").fill(name)
            author.keyboard.press("Enter")
            idle(author)
        expect(author.locator(f"{REMARK} textarea")).to_be_visible()
        written(author, f"{REMARK} textarea", ".st-key-remark_save button", "The ferry runs.")
        expect(author.locator(".sr-remark")).to_contain_text("The ferry runs.")
        # The name that was given once stands in its field when the page is opened again.
        author.get_by_role("radio", name=text("pages.desk", "en")).click()
        expect(author.get_by_label("Your name").first).to_have_value("Awa")
        author.get_by_text(text("desk.part_scenarios", "en"), exact=True).click()
        author.wait_for_selector(f"{TITLE} input")
        written(author, f"{TITLE} input", ".st-key-desk_scenario_save button", "Kita cut off")
        expect(author.locator(".sr-scenario")).to_contain_text("Kita cut off")
