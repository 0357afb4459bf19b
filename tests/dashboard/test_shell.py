"""The first document under a flood: few headlines at once, and a document for everybody."""

import asyncio
import threading
import time

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from dashboard import shell

EMPTY = f"<html><head></head><body>{shell.PLACE}</div></body></html>"


async def document(_: Request) -> HTMLResponse:
    return HTMLResponse(EMPTY)


def app() -> Starlette:
    return Starlette(routes=[Route("/", document)], middleware=[Middleware(shell.FirstShell)])


def test_few_headlines_are_computed_at_once_and_nobody_waits_for_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    computing: list[int] = []
    most: list[int] = []
    with_headline: list[bool] = []
    lock = threading.Lock()

    def slow(text: str, query: str | None, _: str) -> bytes:
        if query is not None:
            with lock:
                computing.append(1)
                most.append(len(computing))
            time.sleep(0.1)
            with lock:
                computing.pop()
        with_headline.append(query is not None)
        return text.encode()

    monkeypatch.setattr(shell, "filled", slow)
    monkeypatch.setattr(shell, "LONGEST_WAIT", 0.15)

    async def flood() -> list[httpx.Response]:
        transport = httpx.ASGITransport(app())
        async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
            asked = [client.get("/", params={"date": f"2025-11-{n + 1:02d}"}) for n in range(24)]
            return await asyncio.gather(*asked)

    answers = asyncio.run(flood())
    assert all(each.status_code == 200 and shell.PLACE in each.text for each in answers)
    assert max(most) <= shell.AT_ONCE
    assert 0 < sum(with_headline) < len(with_headline) == 24


def test_a_document_without_a_query_in_turn_is_the_same_but_for_the_headline() -> None:
    whole = shell.filled(EMPTY, "date=2025-11-05&lang=en").decode()
    assert f'id="{shell.NAME}"' in whole
    without = shell.filled(EMPTY, None).decode()
    assert f'id="{shell.NAME}"' not in without
    assert shell.PLACE in without


@pytest.mark.parametrize(
    ("query", "answered"),
    [
        ("date=2025-11-05", True),
        ("date=2025-11-05&rules=reach_town_km:3&shocks=together:0.5", True),
        ("date=2025-11-05&days=30&vehicle=tanker", True),
        ("s=kept", False),
        ("date=2025-11-05&desk=3", False),
        ("date=2025-11-05&network=mine", False),
    ],
)
def test_only_what_a_session_alone_has_goes_without_a_headline(query: str, answered: bool) -> None:
    assert (shell.asked(query, "") is not None) is answered
