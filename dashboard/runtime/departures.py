"""Sessions whose visitor has left: kept for a short while, then ended with all they hold.

A visitor whose connection breaks comes back within seconds to the session as it was. Streamlit
ends such a session only when another one comes or goes; here a clock ends it.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, suppress
from typing import Final

from streamlit.runtime.session_manager import SessionInfo, SessionStorage

from dashboard.runtime import gc_tuning, native_memory
from dashboard.runtime.background import alongside

KEPT_SECONDS: Final = 60.0
"""How long a session waits for its visitor to come back."""

LOOK_SECONDS: Final = 10.0
MOST: Final = 128
"""Sessions that wait at once; the one that left first ends where there are more."""


class Departures(SessionStorage):
    """Sessions without a visitor; used on the event loop only, as Streamlit does.

    Parameters
    ----------
    seconds : float
        How long each waits.
    ended : callable
        Called with the id of each session that ends.
    looked : callable, optional
        Called at every look.
    """

    def __init__(
        self,
        *,
        seconds: float = KEPT_SECONDS,
        ended: Callable[[str], None],
        looked: Callable[[], None] = lambda: None,
    ) -> None:
        self._seconds = seconds
        self._looked = looked
        self._ended = ended
        self._waiting: OrderedDict[str, tuple[float, SessionInfo]] = OrderedDict()

    def get(self, session_id: str) -> SessionInfo | None:
        """Return the session, if it still waits."""
        waiting = self._waiting.get(session_id)
        return waiting[1] if waiting else None

    def save(self, session_info: SessionInfo) -> None:
        """Let a session wait from now on."""
        self._waiting[session_info.session.id] = time.monotonic() + self._seconds, session_info
        while len(self._waiting) > MOST:
            self._end(next(iter(self._waiting)))

    def delete(self, session_id: str) -> None:
        """Forget a session that goes on or is ended elsewhere."""
        del self._waiting[session_id]

    def list(self) -> list[SessionInfo]:
        """Return all that wait."""
        return [info for _, info in self._waiting.values()]

    def end_due(self, now: float) -> int:
        """End the sessions whose time is over, and return how many."""
        due = [name for name, (until, _) in self._waiting.items() if until <= now]
        for name in due:
            self._end(name)
        return len(due)

    def _end(self, session_id: str) -> None:
        _, info = self._waiting.pop(session_id)
        info.session.shutdown()
        # Its objects refer to each other: large values are released by name, not by the collector.
        with suppress(KeyError, RuntimeError):
            info.session.session_state.clear()
        self._ended(session_id)

    def watched(self) -> AbstractAsyncContextManager[None]:
        """Look for sessions to end for as long as the server runs."""
        return alongside(self._watch())

    async def _watch(self) -> None:
        ended = 0
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            self._looked()
            ended += self.end_due(time.monotonic())
            if ended and gc_tuning.may_search():
                ended = 0
                await asyncio.to_thread(give_back)


def give_back() -> None:
    """Collect what ended sessions left, and give free memory back to the system."""
    gc_tuning.collect()
    native_memory.give_back()
