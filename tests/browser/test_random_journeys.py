"""Visitors who do anything in any order, in a real browser: the page stands and its figures hold.

The steps are drawn from fixed seeds, so that a journey that fails is walked again by its seed.
"""

import random
import re
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest

pytest.importorskip("playwright.sync_api")

from playwright.sync_api import Browser, Page, expect

from geodata.analysis.situation import situation
from geodata.dataset import Dataset
from geodata.schema import Cause
from geodata.sharing import permalink
from geodata.sharing.fingerprints import known
from tests.browser import watching
from tests.browser.journeys import DESKTOP, click_road, find, visit
from tests.browser.watching import Seen, idle
from tests.support import chromium

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium.find() is None, reason="no Chromium found"),
]
STEPS = 11
ROADS = ("gao--bourem", "sevare--mopti", "hombori--gossi")
Step = Callable[[Page, random.Random], None]


def language(page: Page, dice: random.Random) -> None:
    page.locator(".st-key-choose_lang button").nth(dice.randrange(2)).click()


def panel(page: Page, dice: random.Random) -> None:
    page.locator(".st-key-choose_panel button").nth(dice.randrange(3)).click()


def typed_day(page: Page, dice: random.Random) -> None:
    """Type a day, then Enter, as on any form."""
    day = f"2025-{dice.choice(['10', '11', '12'])}-{dice.randrange(10, 29)}"
    french = page.evaluate("document.documentElement.lang") == "fr"
    year, month, date = day.split("-")
    page.locator(".st-key-date_row [role=spinbutton]").first.click()
    page.keyboard.type(date + month + year if french else year + month + date)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/*date={day}*")


def stepped_day(page: Page, dice: random.Random) -> None:
    page.locator(f".st-key-date_{dice.choice(['day_back', 'day_on', 'next'])} button").first.click()


def phase(page: Page, dice: random.Random) -> None:
    dice.choice(page.locator(".st-key-phases button:visible").all()).click()


def town(page: Page, dice: random.Random) -> None:
    find(page, dice.choice(["mopti", "sevare mopti", "Timbuktu", "14.5, -4.1", "nowhere"]))


def road(page: Page, dice: random.Random) -> None:
    """Click a road: its card, or in the panel of the scenario its cut."""
    click_road(page, dice.choice(ROADS))


def history(page: Page, dice: random.Random) -> None:
    button = page.locator(f".st-key-{dice.choice(['undo', 'redo', 'reset'])} button").first
    if button.is_enabled():
        button.click()


def vehicle(page: Page, dice: random.Random) -> None:
    page.locator(".st-key-choose_traffic button").nth(dice.randrange(3)).click()


def reload(page: Page, dice: random.Random) -> None:
    page.reload()
    watching.settled(page)


def pressed(page: Page, dice: random.Random) -> None:
    """Press anything in the panel or in the table below: names, tools, plans, ways to cut."""
    here = page.locator(f":is(.st-key-panel, .st-key-table) :is({PRESSED})").all()
    usable = [each for each in here if each.is_visible() and each.is_enabled()]
    dice.choice(usable).click()


def table(page: Page, dice: random.Random) -> None:
    """Unfold every day, or fold the table that is open."""
    fold = page.locator(".st-key-table_fold button")
    (fold if fold.count() else page.locator(".st-key-table_time button")).first.click()


def other_page(page: Page, dice: random.Random) -> None:
    """Go to another page, use something on it, and come back before it is done."""
    page.locator(".st-key-choose_page button").nth(dice.randrange(1, 5)).click()
    idle(page)
    here = page.locator(f".st-key-full_page :is({PRESSED})").all()
    usable = [each for each in here if each.is_visible() and each.is_enabled()]
    if usable:
        dice.choice(usable).click()
    page.locator(".st-key-choose_page button").first.click()


ANYWHERE: tuple[Step, ...] = (
    language, panel, typed_day, stepped_day, phase, town, road, history, vehicle, reload,
    pressed, pressed, table, other_page,
)  # fmt: skip
PRESSED = (
    "button:not(.stDownloadButton *, [data-testid=stFileUploader] *, "
    "[kind=elementToolbar], [aria-haspopup]), "
    "[data-testid=stCheckbox] label, summary"
)
"""What is pressed at random: no file is given, no list unfolded, and nothing downloaded."""


def stands(page: Page, seen: Seen, mali: Dataset) -> None:
    """Nothing failed, and the figures are the engine's for the link in the address."""
    expect(page.get_by_test_id("stException")).to_have_count(0)
    assert seen.errors == []
    assert seen.harm == []
    assert page.locator(".sr-headline").inner_text().strip()
    state, notices = permalink.parse(urlsplit(page.url).query, known=known(mali))
    assert notices == ()
    assert page.evaluate("document.documentElement.lang") == (state.lang or "en")
    shown = page.locator(".sr-figures b").all_inner_texts()
    if shown:
        found = situation(mali, state.scenario).access.summary
        closed = found.isolated_by[Cause.CLOSURE]
        counted = [closed.towns, closed.population, found.detour, found.escort_only]
        assert [int(re.sub(r"\D", "", each)) for each in shown] == counted


@pytest.mark.parametrize("seed", [1, 4])
def test_a_visitor_may_do_anything_in_any_order(
    seed: int, browser: Browser, home: str, mali: Dataset
) -> None:
    dice, walked = random.Random(seed), []
    context, seen = watching.context(browser, home, locale="en-GB")
    page = context.new_page()
    page.set_viewport_size(DESKTOP)
    try:
        visit(page, home, "vehicle=tanker&date=2025-11-05")
        for _ in range(STEPS):
            step = dice.choice(ANYWHERE)
            walked.append(step.__name__)
            step(page, dice)
            idle(page)
            stands(page, seen, mali)
    except Exception as fault:
        raise AssertionError(f"seed {seed}: {', '.join(walked)}") from fault
    finally:
        context.close()
