"""Long computations on large data: one at a time, so that the clicks of all others get their turn.

The threads of a server share one core in equal parts, so beside one long computation a click takes
twice its time and beside three of them four times. One after the other they end no later.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

LARGE: Final = 10_000
"""Rows of a table, of events or segments, from which a computation on it counts as long."""

WAIT_SECONDS: Final = 5.0
"""How long one waits for another at most: it then goes on beside it."""

_turn: Final = threading.RLock()


@contextmanager
def one_at_a_time(rows: int) -> Iterator[None]:
    """Compute on a table of so many rows while nobody else computes on a large one.

    What is computed within must not wait for another thread.
    """
    mine = rows >= LARGE and _turn.acquire(timeout=WAIT_SECONDS)
    try:
        yield
    finally:
        if mine:
            _turn.release()
