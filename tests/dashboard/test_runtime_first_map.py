"""The rest of a first page waits for its map, and for no longer than it must."""

import asyncio
import threading
import urllib.request

import pytest
from starlette.types import Message, Receive, Scope, Send

from dashboard import shell
from dashboard.runtime.first_map import PATH, RECENT, FirstMaps
from tests.support.server import Server

LONG = 30.0
"""Far more seconds than a released run takes."""


def waiting(maps: FirstMaps, longest: float = LONG) -> tuple[threading.Thread, list[bool]]:
    """A run that waits, and what it has learnt."""
    waited: list[bool] = []
    thread = threading.Thread(target=lambda: waited.append(maps.wait(longest)))
    thread.start()
    return thread, waited


def test_a_run_waits_until_the_browser_reports_its_map() -> None:
    maps = FirstMaps()
    maps.report()  # of an earlier visitor
    maps.document()
    thread, waited = waiting(maps)
    thread.join(0.05)
    assert thread.is_alive()
    maps.report()
    thread.join(LONG / 2)
    assert waited == [True]


def test_a_run_goes_on_though_no_report_comes() -> None:
    maps = FirstMaps()
    maps.document()
    thread, waited = waiting(maps, 0.01)
    thread.join(LONG / 2)
    assert waited == [True]


def test_nobody_waits_who_has_not_asked_for_the_document() -> None:
    now = [100.0]
    maps = FirstMaps(lambda: now[0])
    assert not maps.wait(LONG)
    maps.document()
    now[0] += RECENT + 1
    assert not maps.wait(LONG)


def test_a_document_makes_one_run_wait_and_no_other() -> None:
    maps = FirstMaps()
    maps.document()
    assert maps.wait(0.01)
    assert not maps.wait(LONG)


def test_work_that_can_wait_begins_when_pages_no_longer_open_or_at_the_latest_time() -> None:
    calm = 0.2
    maps = FirstMaps()
    work = threading.Thread(target=maps.wait_for_calm, args=(calm, LONG))
    work.start()
    work.join(calm / 2)
    maps.document()
    work.join(LONG / 2)
    assert not work.is_alive()
    assert maps.clock() - maps.last >= calm
    maps.document()
    work = threading.Thread(target=maps.wait_for_calm, args=(LONG, 0.01))
    work.start()
    work.join(LONG / 2)
    assert not work.is_alive()


@pytest.mark.parametrize(("accept", "counted"), [("text/html,*/*;q=0.8", 1), ("*/*", 0)])
def test_only_a_browser_that_asks_for_the_page_makes_a_run_wait(
    accept: str, counted: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    maps = FirstMaps()
    monkeypatch.setattr(shell, "MAPS", maps)

    async def nothing(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 404, "headers": []})

    async def quiet(_: Message) -> None:
        """Take a message."""

    async def silent() -> Message:
        return {"type": "http.disconnect"}

    headers = [(b"accept", accept.encode())]
    scope = {"type": "http", "method": "GET", "path": "/", "headers": headers, "query_string": b""}
    asyncio.run(shell.FirstShell(nothing)(scope, silent, quiet))
    assert len(maps.asked) == counted


def test_the_server_takes_reports_and_nothing_else_at_their_address(shipped_app: Server) -> None:
    request = urllib.request.Request(shipped_app.url + PATH, data=b"", method="POST")
    with urllib.request.urlopen(request, timeout=10) as answer:
        assert answer.status == 204
