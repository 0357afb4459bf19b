"""Long computations on large data: one at a time, and pages that are being drawn go first.

The threads of a server share one core in equal parts. A click, measured as 30 steps of 1 ms, took
2.2 times as long beside one long computation, 3.5 times beside two and 5.1 times beside three. One
after the other these end no later, and each waits while a page is being drawn.
"""

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

LARGE: Final = 10_000
"""Rows of a table, of events or segments, from which a computation on it counts as long."""

WAIT_SECONDS: Final = 5.0
"""How long one waits for another at most: it then goes on beside it."""

DRAWS: Final = "ScriptRunner.scriptThread"
"""Name of the thread in which Streamlit draws a page; it ends with the page."""

SLICE_SECONDS: Final = 0.001
"""Work between two looks at whether a page is being drawn."""

LOOK_SECONDS: Final = 0.005
"""Between two looks at whether it still is."""

PAUSE_SECONDS: Final = 0.1
"""The longest pause before the next slice."""

PAUSES: Final = 5.0
"""How many times as long as it computes something long may pause in all, and so be delayed."""

_turn: Final = threading.RLock()
_long: Final[set[int]] = set()
"""Identifiers of the threads that compute something long, or wait to do so."""


@contextmanager
def one_at_a_time(rows: int) -> Iterator[None]:
    """Compute on a table of so many rows while nobody else computes on a large one.

    What is computed within must not wait for another thread.
    """
    if rows < LARGE:
        yield
        return
    with giving_way():
        mine = _turn.acquire(timeout=WAIT_SECONDS)
        try:
            yield
        finally:
            if mine:
                _turn.release()


@contextmanager
def giving_way() -> Iterator[None]:
    """Compute in this thread, and pause between two calls while a page is being drawn.

    The interpreter tells a thread of each call that it makes; it costs a third to two thirds of
    the time of the computation.
    """
    if sys.getprofile() is not None:
        yield
        return
    me = threading.get_ident()
    _long.add(me)
    sys.setprofile(_pauses())
    try:
        yield
    finally:
        sys.setprofile(None)
        _long.discard(me)


def _pauses() -> Callable[[FrameType, str, object], None]:
    """Return what is called at each call of a computation: now and then it pauses."""
    clock = time.monotonic
    end = clock() + SLICE_SECONDS
    left = PAUSE_SECONDS

    def called(_frame: FrameType, _event: str, _argument: object) -> None:
        nonlocal end, left
        now = clock()
        if now < end:
            return
        left += PAUSES * (now - end + SLICE_SECONDS)
        left -= pause(min(left, PAUSE_SECONDS))
        end = clock() + SLICE_SECONDS

    return called


def pause(seconds: float) -> float:
    """Sleep while a page is being drawn, but not longer; return how long that was."""
    began = time.monotonic()
    while drawn() and time.monotonic() < began + seconds:
        time.sleep(LOOK_SECONDS)
    return time.monotonic() - began


def drawn() -> bool:
    """Return whether a page is being drawn by a thread that computes nothing long."""
    return any(thread.ident not in _long for thread in drawing())


def drawing() -> list[threading.Thread]:
    """Return the threads that draw a page."""
    return [thread for thread in threading.enumerate() if thread.name == DRAWS]
