"""Any link opens the page, says what it left out, runs nothing and leaves no trace in the log."""

import asyncio
import http.client
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

import pytest

from geodata.schema import SegmentState
from tests.benchmarks.load.visitor import Visitor
from tests.browser import watching
from tests.support import chromium
from tests.support.hostile_strings import LINES, PRODUCT, STRINGS

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium.find() is None, reason="no Chromium found"),
]
NOTICES = ".sr-notices li"
PARAMETERS = (
    "cut",
    "reopen",
    "off",
    "town",
    "preset",
    "compare",
    "title",
    "note",
    "rules",
    "tab",
    "date",
    "view",
    "hide",
    "show",
    "corridor",
    "region",
    "by",
    "window",
    "lang",
    "network",
    "data",
    "v",
    "vehicle",
    "traffic",
)
MANY = ",".join(f"x{number}" for number in range(10_000))

# name: query, words that a notice must hold each, words that the page must not show
LINKS = {
    "ids": ("cut=no_such_road,{first},{first},{first}&lang=../../etc/passwd&v=7",
            ("1 segment", "lang", "7"), ("3 segments", "root:")),
    "ten_thousand_ids": (f"cut={MANY}&window=-5&date=-0001-01-01",
                         ("segments of the link are unknown", "window", "date"), ("x9999",)),
    "numbers": (f"window={'9' * 400}&date=2025-02-30&lang=javascript:window.__pwn=1&zz=1",
                ("window", "date", "lang", "zz"), ("OverflowError", "9" * 90)),
    "markup": ("cut=%3Cscript%3Ewindow.__pwn%3D1%3C%2Fscript%3E,%7B%7B987654*123457%7D%7D"
               "&reopen=%ff%fe%00&window=1e3",
               ("<script>window.__pwn", "{{987654*123457}}", "1 segment", "1e3"), (PRODUCT,)),
    "others": ("cut={first}&data=0000000000000000&window=20&window=%D9%A3%D9%A0",
               ("0000000000000000", "window"), ("Traceback",)),
}  # fmt: skip


@pytest.fixture(scope="module")
def app(shipped_app):
    return shipped_app


@pytest.fixture(scope="module")
def visitor(app):
    """One tab of one browser, and what it met."""
    with watching.browser() as browser:
        context, seen = watching.context(browser, app.url, locale="en-GB")
        yield context.new_page(), seen
        context.close()


@pytest.mark.parametrize("name", LINKS)
def test_a_tampered_link_opens_and_says_what_it_left_out(app, visitor, mali, name):
    query, told, never = LINKS[name]
    page, seen = visitor
    page.goto(f"{app.url}/?{query.replace('{first}', mali.network.segment_ids[0])}")
    page.wait_for_selector(watching.READY, timeout=60_000)
    page.wait_for_selector(NOTICES, timeout=20_000)
    notices = page.locator(NOTICES).all_inner_texts()
    for words in told:
        assert any(words in line for line in notices), notices
    text = page.locator("body").inner_text()
    assert not any(words in text for words in never)
    assert len(text) < 20_000
    assert seen.harm == []


def test_a_link_longer_than_any_is_refused_in_a_line_and_the_app_keeps_running(app, visitor):
    connection = http.client.HTTPConnection("127.0.0.1", app.port, timeout=10)
    try:
        connection.request("GET", f"/?cut={'a' * 300_000}")
        answer = connection.getresponse()
        assert 400 <= answer.status < 500
        assert len(answer.read()) < 500
    except (ConnectionError, http.client.RemoteDisconnected):
        pass  # closed before all of the line was sent
    finally:
        connection.close()
    page, seen = visitor
    page.goto(f"{app.url}/?lang=en")
    page.wait_for_selector(watching.READY)
    assert seen.harm == []


def test_every_hostile_string_in_every_parameter_is_answered(app):
    """Through the websocket, as a browser would, without its seconds of drawing."""

    async def visit(text):
        value = quote(text, safe="")
        query = "&".join(f"{name}={value}" for name in PARAMETERS)
        one = Visitor(f"ws://127.0.0.1:{app.port}", query)
        try:
            await asyncio.wait_for(one.open(), 20)
            return one.lost
        finally:
            await one.close()

    async def all_of_them():
        return [await visit(text) for text in LINES]

    # In a separate thread: the browser of these tests has this thread's event loop.
    with ThreadPoolExecutor(1) as thread:
        told = thread.submit(asyncio.run, all_of_them()).result()
    assert told == [[]] * len(LINES)


def test_the_link_is_the_whole_state_and_another_browser_sees_the_same(app, visitor, mali):
    page, _ = visitor
    cut = mali.network.segment_ids[5]
    page.goto(f"{app.url}/?lang=en&cut={cut}&date=2025-11-10&vehicle=tanker&tab=scenario")
    watching.settled(page)
    told = page.locator(".sr-summary").inner_text()
    context, seen = watching.context(page.context.browser, app.url, locale="fr-FR")
    other = context.new_page()
    other.goto(page.url)
    watching.settled(other)
    assert other.locator(".sr-summary").inner_text() == told
    assert seen.harm == []
    context.close()


def test_the_log_holds_no_link_no_id_and_no_fault(app, mali):
    for text in (
        "cut=",
        "x9999",
        "no_such_road",
        "__pwn",
        "Traceback",
        STRINGS["windows_path"],
        mali.network.segment_ids[0],
        f"{SegmentState.CUT}=",
    ):
        assert text not in app.said
