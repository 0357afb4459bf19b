"""The page printed by the browser."""

import io

import pytest

pytest.importorskip("playwright.sync_api")

from playwright.sync_api import Browser
from pypdf import PdfReader

from tests.browser import watching
from tests.browser.journeys import DESKTOP, PHONE, visit
from tests.support import chromium

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium.find() is None, reason="no Chromium found"),
]
ESCORTED = "date=2025-11-05&vehicle=tanker&lang=en"


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_paper_holds_headline_map_legend_and_lists_in_full(
    browser: Browser, home: str, size: dict[str, int]
) -> None:
    context, _ = watching.context(browser, home, locale="en-GB", color_scheme="dark")
    page = context.new_page()
    page.set_viewport_size(size)
    visit(page, home, ESCORTED)
    page.wait_for_timeout(600)
    reader = PdfReader(io.BytesIO(page.pdf(format="A4", print_background=True)))
    context.close()
    text = " ".join(" ".join(each.extract_text().split()) for each in reader.pages)
    assert len(reader.pages) <= 4
    for shown in ("5 November 2025", "Nioro du Sahel", "Léré", "Isolated", "Yélimané", "Ségou"):
        assert shown in text
    for hidden in ("Français", "Light version", "Details"):
        assert hidden not in text
