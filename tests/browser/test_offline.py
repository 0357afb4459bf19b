"""Without a connection: the last view kept by the browser, with its date."""

from collections.abc import Iterator

import pytest

pytest.importorskip("playwright.sync_api")

from playwright.sync_api import Browser, expect

from tests.browser import watching
from tests.browser.journeys import visit
from tests.support import chromium

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium.find() is None, reason="no Chromium found"),
]
KEPT = """async () => {
  for (let k = 0; k < 100; k++) {
    const found = await (await caches.open('supply-routes-last-view')).match('last-view');
    if (found) return await found.text();
    await new Promise((done) => setTimeout(done, 100));
  }
  return '';
}"""
KEPT_NOW = "async () => (await caches.open('supply-routes-last-view')).match('last-view')"
REST = 61_000
"""Milliseconds after which the page has its view kept."""

ACTIVE = "() => navigator.serviceWorker.controller !== null"


@pytest.fixture
def browser() -> Iterator[Browser]:
    """A whole Chromium: one that never has a window installs no page."""
    with watching.browser(chromium.find()) as launched:
        yield launched


def test_the_last_public_view_is_shown_without_a_connection(browser: Browser, home: str) -> None:
    context, seen = watching.context(browser, home, locale="en-GB")
    page = context.new_page()
    page.clock.install()
    installing = page.context.new_cdp_session(page)
    visit(page, home, "date=2025-11-05&vehicle=tanker&lang=en")
    page.wait_for_function(ACTIVE, timeout=20_000)
    faults = installing.send("Page.getInstallabilityErrors")["installabilityErrors"]
    expected = [] if chromium.is_shell() else ["in-incognito"]  # as every test's browser is
    assert [fault["errorId"] for fault in faults] == expected
    assert not page.evaluate(KEPT_NOW)
    page.clock.fast_forward(REST)
    page.goto(f"{home}/light?date=2025-11-05&lang=en")
    assert "date=2025-11-05" in page.evaluate(KEPT)

    context.set_offline(True)
    page.goto(f"{home}/?lang=en")
    notice = page.get_by_role("alert")
    expect(notice).to_contain_text("No connection to the server. This is the view kept on ")
    assert "5 November 2025" in page.locator("body").inner_text()
    context.set_offline(False)
    notice.get_by_role("link", name="Try again").click()
    watching.settled(page)
    assert page.locator("#kept").count() == 0

    # A page that shows what only this visitor has opened links to no light version.
    visit(page, home, "date=2025-12-01&lang=en")
    page.evaluate("document.querySelector('.sr-light').remove()")
    page.clock.fast_forward(REST)
    page.goto(f"{home}/light?date=2025-11-05&lang=en")
    page.wait_for_timeout(500)
    assert "date=2025-12-01" not in page.evaluate(KEPT)
    context.close()
    assert not seen.harm
