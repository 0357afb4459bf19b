"""Answers that a browser fetches from its session between runs: they change nothing on the page.

A run of Streamlit draws; a page that only wants to know what a click would do needs none.
The session offers an answer under a token that nobody can guess and that only its own page is
told. A session has one offer at a time, and it ends with the session.
"""

import asyncio
import secrets
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Final
from weakref import WeakValueDictionary

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from geodata.errors import GeodataError

PATH: Final = "/session-answer"
AT_ONCE: Final = 2
"""Answers computed at once for all sessions; of one session there is never more than one."""

ABOUT_CHARACTERS: Final = 200
TOKEN_BYTES: Final = 12
NOT_KEPT: Final = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
NOTHING: Final = 204
"""Status where there is no answer: no fault, for a page may ask about a view that has just gone."""

Answer = Callable[[str], Mapping[str, object] | None]

_KEY: Final = "session_answers"


@dataclass(eq=False)
class _Offer:
    subject: Hashable
    answer: Answer
    token: str = field(default_factory=lambda: secrets.token_urlsafe(TOKEN_BYTES))
    busy: bool = False


_OFFERS: Final[WeakValueDictionary[str, _Offer]] = WeakValueDictionary()


def offer(subject: Hashable, answer: Answer) -> str:
    """Offer an answer to this session's page, in place of the one before.

    Parameters
    ----------
    subject : hashable
        All that the answer depends on: while it is the same, the former offer stays.
    answer : callable
        Takes what is asked about; gives what JSON can hold, or None if there is no such thing. It
        runs in a thread of its own, where there is no ``st.session_state``.

    Returns
    -------
    str
        Token by which the browser asks.
    """
    former = st.session_state.get(_KEY)
    if isinstance(former, _Offer) and former.subject == subject:
        return former.token
    made = _Offer(subject, answer)
    _OFFERS[made.token] = made
    st.session_state[_KEY] = made
    return made.token


def withdraw() -> None:
    """Offer nothing any more."""
    st.session_state.pop(_KEY, None)


def route() -> Route:
    """Return the address at which a browser asks: ``?of=TOKEN&about=WHAT``."""
    turn = asyncio.Semaphore(AT_ONCE)

    async def endpoint(request: Request) -> Response:
        asked = _OFFERS.get(request.query_params.get("of", ""))
        about = request.query_params.get("about", "")
        nothing = Response(status_code=NOTHING, headers=NOT_KEPT)
        if asked is None or asked.busy or len(about) > ABOUT_CHARACTERS:
            return nothing
        asked.busy = True
        try:
            async with turn:
                content = await run_in_threadpool(asked.answer, about)
        except GeodataError:  # a run that meets the same fault tells of it
            return nothing
        finally:
            asked.busy = False
        return nothing if content is None else JSONResponse(content, headers=NOT_KEPT)

    return Route(PATH, endpoint, methods=["GET"])
