"""Turns for what only a few may do at once: the one served least recently goes first."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

from geodata.errors import GeodataError

PARTY: Final[ContextVar[str]] = ContextVar("party", default="")
"""On whose behalf a thread works, such as the id of a session."""

WAITING: Final[ContextVar[Callable[[], object]]] = ContextVar("waiting", default=lambda: None)
"""Called now and then while a thread waits for its turn or for a bounded process.

What it raises ends the wait, and the process with it.
"""

LOOK_SECONDS: Final = 0.5
"""Time between two such calls."""

REMEMBERED_SECONDS: Final = 600.0
"""How long the time that a party had counts."""


class Turns:
    """A fixed number of places, given out by need.

    Of those that wait the party that had the fewest seconds recently is next; among equals the one
    that waits longest. So a party that goes on asking waits behind one that asks once.

    Parameters
    ----------
    places : int
        How many work at once.
    patience : float
        Seconds after which a wait is given up.
    """

    def __init__(self, places: int, *, patience: float) -> None:
        self._free = places
        self._patience = patience
        self._changed = threading.Condition()
        self._waiting: dict[int, str] = {}
        self._number = 0
        self._had: dict[str, tuple[float, float]] = {}

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a place, and give it back at the end.

        Raises
        ------
        GeodataError
            ``sandbox.busy`` if none was free in time.
        """
        party = PARTY.get()
        self._enter(party)
        began = time.monotonic()
        try:
            yield
        finally:
            self._leave(party, time.monotonic() - began)

    def _enter(self, party: str) -> None:
        end = time.monotonic() + self._patience
        with self._changed:
            self._number += 1
            ticket = self._number
            self._waiting[ticket] = party
            try:
                while not self._free or self._next() != ticket:
                    left = end - time.monotonic()
                    if left <= 0:
                        raise GeodataError("sandbox.busy")
                    self._changed.wait(min(left, LOOK_SECONDS))
                    WAITING.get()()
                self._free -= 1
            finally:
                del self._waiting[ticket]
                self._changed.notify_all()

    def _leave(self, party: str, seconds: float) -> None:
        now = time.monotonic()
        with self._changed:
            self._had = {
                name: (used, at)
                for name, (used, at) in self._had.items()
                if now - at < REMEMBERED_SECONDS
            }
            self._had[party] = self._had.get(party, (0.0, now))[0] + seconds, now
            self._free += 1
            self._changed.notify_all()

    def _next(self) -> int:
        def rank(number: int) -> tuple[float, int]:
            return self._had.get(self._waiting[number], (0.0, 0.0))[0], number

        return min(self._waiting, key=rank)


READING: Final = Turns(2, patience=30.0)
"""For files that are read: a burst of uploads must not take the machine's memory."""

IMPORTING: Final = Turns(1, patience=120.0)
"""For networks that are made of files: longer work, which readers do not wait for."""
