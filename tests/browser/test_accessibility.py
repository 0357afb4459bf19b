"""Rules of accessibility, checked by axe-core in both themes, both languages and on a phone."""

from typing import Any

import pytest

from dashboard import streamlit_words
from dashboard.page import TABS
from tests.browser import watching
from tests.browser.journeys import DESKTOP, PHONE, visit
from tests.support import chromium

playwright = pytest.importorskip("playwright.sync_api")
axe = pytest.importorskip("axe_playwright_python.sync_playwright")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium.find() is None, reason="no Chromium found"),
]
SERIOUS = {"serious", "critical"}
DATED = "vehicle=tanker&date=2025-11-10&cut=gao--bourem&compare=none"
VIEWS = [
    ("first visit", "", {}),
    ("dark", DATED, {"color_scheme": "dark"}),
    ("French, card", f"{DATED}&town=mopti&lang=fr", {}),
    ("phone", DATED, {"size": PHONE}),
    ("phone, dark", DATED, {"size": PHONE, "color_scheme": "dark"}),
    *((tab, f"{DATED}&tab={tab}", {}) for tab in TABS),
]


@pytest.mark.parametrize(
    ("query", "options"), [view[1:] for view in VIEWS], ids=[view[0] for view in VIEWS]
)
def test_no_serious_fault(browser: Any, home: str, query: str, options: dict[str, Any]) -> None:
    given = {"locale": "en-GB", **options}
    size = given.pop("size", DESKTOP)
    context, seen = watching.context(browser, home, **given)
    page = context.new_page()
    page.set_viewport_size(size)
    visit(page, home, query)
    page.wait_for_timeout(800)
    checked = axe.Axe().run(page, options={}).response
    found, held = checked["violations"], checked["passes"]
    context.close()
    faults = {
        (each["id"], node["html"][:160])
        for each in found
        if each["impact"] in SERIOUS
        for node in each["nodes"]
    }
    assert not faults
    assert len(held) > 20
    assert not seen.outside


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
