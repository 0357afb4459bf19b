"""Long computations on large data: one at a time, and pages that are being drawn go first.

The threads of a server share one core in equal parts. A click, measured as 30 steps of 1 ms, took
2.2 times as long beside one long computation, 3.5 times beside two and 5.1 times beside three. One
after the other these end no later, and each waits while a page is being drawn.
"""

import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Final

LARGE: Final = 10_000
"""Rows of a table, of events or segments, from which a computation on it counts as long."""

WAIT_SECONDS: Final = 5.0
"""How long one waits for another at most: it then goes on beside it."""

DRAWS: Final = "ScriptRunner.scriptThread"
"""Name of the thread in which Streamlit draws a page."""

SLICE_SECONDS: Final = 0.001
"""Work between two looks at whether a page is being drawn; eight times that while none is."""

LOOK_SECONDS: Final = 0.004
"""A thread that computed nothing for so long waits for something else than its turn."""

PAUSE_SECONDS: Final = 0.1
"""The longest pause before the next slice, so that a computation always ends."""

THREADS: Final = Path("/proc/self/task")

_turn: Final = threading.RLock()
_long: Final[set[int]] = set()
"""Identifiers of the threads that compute something long."""


@contextmanager
def one_at_a_time(rows: int) -> Iterator[None]:
    """Compute on a table of so many rows while nobody else computes on a large one.

    What is computed within must not wait for another thread.
    """
    if rows < LARGE:
        yield
        return
    mine = _turn.acquire(timeout=WAIT_SECONDS)
    try:
        with giving_way():
            yield
    finally:
        if mine:
            _turn.release()


@contextmanager
def giving_way() -> Iterator[None]:
    """Compute in this thread, and pause between two calls while a page is being drawn.

    The interpreter tells a thread of each call that it makes; it costs a third to two thirds of
    the time of the computation. Where the system does not say what each thread computes, as only
    Linux does, nothing pauses.
    """
    if sys.getprofile() is not None or not THREADS.is_dir():
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
    clock, length = time.monotonic, SLICE_SECONDS
    end = clock() + length

    def called(_frame: FrameType, _event: str, _argument: object) -> None:
        nonlocal length, end
        if clock() < end:
            return
        paused = pause()
        length = SLICE_SECONDS if paused else min(2 * length, 8 * SLICE_SECONDS)
        end = clock() + length

    return called


def pause() -> bool:
    """Sleep while a page is being drawn, for a tenth of a second at most; whether one was."""
    before, last, drawn = computed(), time.monotonic() + PAUSE_SECONDS, False
    while before and time.monotonic() < last:
        time.sleep(LOOK_SECONDS)
        now = computed()
        if all(before.get(thread) == spent for thread, spent in now.items()):
            break
        before, drawn = now, True
    return drawn


def computed() -> Mapping[int, str]:
    """Return the computing time of each thread that draws a page and computes nothing long."""
    threads = [
        thread.native_id
        for thread in threading.enumerate()
        if thread.name == DRAWS and thread.ident not in _long and thread.native_id is not None
    ]
    return {native: spent for native in threads if (spent := _spent(native))}


def _spent(native: int) -> str:
    """Nanoseconds that a thread has computed; empty once it has ended."""
    try:
        return (THREADS / str(native) / "schedstat").read_text("ascii").split()[0]
    except (OSError, IndexError):
        return ""
