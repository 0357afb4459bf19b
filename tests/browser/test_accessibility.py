"""Rules of accessibility, checked by axe-core in both themes, both languages and on a phone."""

from typing import Any

import pytest

from dashboard import streamlit_words
from tests.browser import watching
from tests.browser.journeys import DESKTOP, PARTS, PHONE, visit
from tests.browser.reach import small_targets
from tests.support import chromium

playwright = pytest.importorskip("playwright.sync_api")
axe = pytest.importorskip("axe_playwright_python.sync_playwright")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium.find() is None, reason="no Chromium found"),
]
SERIOUS = {"serious", "critical"}
RULES = {"resultTypes": ["violations"]}
"""Only faults are described in full: describing all that passes takes longer than the checks."""

WITHOUT_MAP = {"exclude": [["iframe"]]}
"""The map is the same beside every part: it is checked once."""

DATED = "vehicle=tanker&date=2025-11-10&cut=gao--bourem&compare=none"
VISITORS = {
    "first view": ({}, DESKTOP, "", ()),
    "French": ({}, DESKTOP, f"{DATED}&town=mopti&lang=fr", ()),
    "every part": ({}, DESKTOP, DATED, PARTS),
    "phone": ({}, PHONE, DATED, ()),
    "dark": ({"color_scheme": "dark"}, DESKTOP, DATED, ()),
    "phone, dark": ({"color_scheme": "dark"}, PHONE, DATED, ()),
}
"""Options of a visitor's browser, size, the link opened, and what is then clicked in turn."""


@pytest.mark.parametrize(("options", "size", "link", "clicks"), VISITORS.values(), ids=VISITORS)
def test_no_serious_fault(
    browser: Any,
    home: str,
    options: dict[str, Any],
    size: dict[str, int],
    link: str,
    clicks: tuple[str, ...],
) -> None:
    context, seen = watching.context(browser, home, **{"locale": "en-GB", **options})
    page = context.new_page()
    page.set_viewport_size(size)
    visit(page, home, link)
    page.wait_for_timeout(800)
    faults = serious(page, link)
    for part in clicks:
        page.locator(part).first.click()
        watching.idle(page)
        faults |= serious(page, part, WITHOUT_MAP)
        assert small_targets(page, 24) == [], part
    context.close()
    assert faults == set()
    assert not seen.outside


def serious(page: Any, shown: str, where: Any = None) -> set[tuple[str, str, str]]:
    """Serious faults of what is shown: rule and element."""
    checked = axe.Axe().run(page, context=where, options=RULES).response
    assert len(checked["passes"]) > 20
    return {
        (shown, each["id"], node["html"][:160])
        for each in checked["violations"]
        if each["impact"] in SERIOUS
        for node in each["nodes"]
    }


SAID = """() => [...document.querySelectorAll("body *")].flatMap((node) => [
    ...[...node.childNodes].filter((each) => each.nodeType === 3).map((each) => each.nodeValue),
    ...["aria-label", "title", "placeholder"].map((name) => node.getAttribute(name) ?? ""),
]).map((each) => each.trim())"""


@pytest.mark.parametrize("tab", ["own", "desk"])
def test_no_word_of_streamlits_own_is_english_on_a_french_page(
    browser: Any, home: str, tab: str
) -> None:
    english = {word for word, _ in streamlit_words.pairs("fr")}
    context, _ = watching.context(browser, home, locale="fr-FR")
    page = context.new_page()
    visit(page, home, f"{DATED}&lang=fr&tab={tab}")
    page.wait_for_timeout(800)
    said = set(page.evaluate(SAID))
    context.close()
    assert "FR" in said
    assert not said & english
