"""News for open pages: one question for the whole server, then a run of each part that waits.

Were every page to ask by itself once a second, seventy people would keep a core busy with asking
alone. Here a part of a page says what it has drawn; once something newer is there, that part runs
again, and no other. A few pages at a time are drawn, so that a click does not wait for all.
"""

import asyncio
import threading
import time
from collections.abc import Callable, Hashable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Final

from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.runtime import Runtime
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.scriptrunner_utils.script_run_context import (
    ThreadState,
    get_script_run_ctx,
)

from dashboard.runtime import json_log
from dashboard.runtime.background import alongside

ASK_SECONDS: Final = 0.25
REST_SECONDS: Final = 1.2
"""Least time from one drawing of a part to the next one for news, which then holds all since."""

AT_ONCE: Final = 2
"""Parts that run for news at the same time."""

LOOK_SECONDS: Final = 0.01


@dataclass(frozen=True)
class Waiting:
    """A part of a page that waits for news.

    Parameters
    ----------
    fragment : str
        Streamlit's name of the part.
    drawn : hashable
        What was the newest when it was drawn.
    since : float
        Moment of that, by the monotonic clock.
    rest : float
        Seconds after which it may be drawn again.
    """

    fragment: str
    drawn: Hashable
    since: float
    rest: float = REST_SECONDS


_waiting: Final[dict[str, Waiting]] = {}
_lock: Final = threading.Lock()


def wait(drawn: Hashable, *, rest: float = REST_SECONDS) -> None:
    """Have the part that is being drawn run again once something else is the newest.

    A page has one such part: the one drawn last.

    Parameters
    ----------
    drawn : hashable
        What the part shows as the newest.
    rest : float
        Seconds after which it may be drawn again: more for a part that is in no hurry.
    """
    context = get_script_run_ctx()
    fragment = ThreadState.get().fragment_id if context is not None else None
    if context is not None and fragment:
        with _lock:
            _waiting[context.session_id] = Waiting(fragment, drawn, time.monotonic(), rest)


def forget(session: str) -> None:
    """Drop what a session waits for, as when it has ended."""
    with _lock:
        _waiting.pop(session, None)


def notified(runtime: Runtime, newest: Callable[[], Hashable]) -> AbstractAsyncContextManager[None]:
    """Tell open pages for as long as the server runs.

    Parameters
    ----------
    runtime : Runtime
    newest : callable
        Asks for what is the newest, in another thread; only while some page waits.
    """
    return alongside(_tell(runtime, newest))


async def _tell(runtime: Runtime, newest: Callable[[], Hashable]) -> None:
    running: list[AppSession] = []
    while True:
        await asyncio.sleep(ASK_SECONDS)
        if not _waiting:
            continue
        try:
            latest = await asyncio.to_thread(newest)
        except Exception:  # noqa: BLE001 - pages notified later are better than never
            json_log.set_up().exception("the newest save could not be asked for")
            continue
        for session in due(latest, time.monotonic()):
            while len(running) >= AT_ONCE:
                await asyncio.sleep(LOOK_SECONDS)
                running = [each for each in running if _is_running(each)]
            if (started := _run(runtime, session)) is not None:
                running.append(started)


def due(latest: Hashable, now: float) -> list[str]:
    """Return the sessions with a part to be drawn again, the one drawn longest ago first."""
    with _lock:
        parts = [
            (part.since, session)
            for session, part in _waiting.items()
            if part.drawn != latest and now - part.since >= part.rest
        ]
    return [session for _, session in sorted(parts)]


def _run(runtime: Runtime, name: str) -> AppSession | None:
    """Have the part of a session run; one that is busy or away waits until it is not."""
    info = runtime._session_mgr.get_active_session_info(name)
    part = _waiting.get(name)
    if info is None or part is None or _is_running(info.session):
        return None
    session = info.session
    if not session.has_fragment(part.fragment):
        forget(name)
        return None
    asked = ClientState()
    asked.CopyFrom(session._client_state)
    asked.fragment_id, asked.is_auto_rerun = part.fragment, True
    session.request_rerun(asked)
    return session


def _is_running(session: AppSession) -> bool:
    return session._scriptrunner is not None
