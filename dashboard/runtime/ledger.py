"""What visitors' data take of the server's memory: one account over all sessions.

Each entry is the size of something as it lies in memory, not of the file it came from. A session
may hold so much and all sessions together so much; what would go beyond is refused in words before
it is kept. An entry ends when its session replaces it, gives it up or leaves.
"""

import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from geodata.errors import GeodataError
from geodata.readers.limits import COMPUTING_MB, COMPUTING_SECONDS, SERVER_MB, SESSION_MB

MB: Final = 10**6


class Ledger:
    """Bytes held, by session and by name; safe to use from many threads.

    Parameters
    ----------
    session_mb, server_mb : int
        Ceiling of one session and of all sessions together, in MB (10**6 bytes).
    """

    def __init__(self, *, session_mb: int = SESSION_MB, server_mb: int = SERVER_MB) -> None:
        self.session_mb = session_mb
        self.server_mb = server_mb
        self._held: defaultdict[str, dict[str, int]] = defaultdict(dict)
        self._total = 0
        self._lock = threading.Lock()

    def hold(self, session: str, name: str, size: int) -> None:
        """Enter ``size`` bytes, in place of what ``name`` stood for in the session.

        Raises
        ------
        GeodataError
            ``own.session_full`` or ``own.server_full`` if a ceiling would be passed; nothing is
            changed then.
        """
        with self._lock:
            sizes = self._held.get(session, {})
            before = sizes.get(name, 0)
            if size > before:
                if sum(sizes.values()) - before + size > self.session_mb * MB:
                    raise GeodataError("own.session_full", mb=self.session_mb)
                if self._total - before + size > self.server_mb * MB:
                    raise GeodataError("own.server_full")
            self._held[session][name] = size
            self._total += size - before

    def release(self, session: str, name: str | None = None) -> None:
        """Remove one entry of a session, or all that it has."""
        with self._lock:
            sizes = self._held.get(session)
            if sizes is None:
                return
            names = [name] if name is not None else list(sizes)
            self._total -= sum(sizes.pop(each, 0) for each in names)
            if not sizes:
                del self._held[session]

    @contextmanager
    def computing(self, size: int, seconds: float = 0.0) -> Iterator[None]:
        """Count memory for as long as something is computed with it.

        Parameters
        ----------
        size : int
            Bytes that it takes at most.
        seconds : float
            Time of one core that it takes at most.

        Raises
        ------
        GeodataError
            ``own.question_large``, ``own.question_long`` or ``own.server_full`` before anything
            is computed.
        """
        if seconds > COMPUTING_SECONDS:
            minutes = -(-round(seconds) // 60)
            raise GeodataError("own.question_long", n=minutes, most=COMPUTING_SECONDS // 60)
        if size > COMPUTING_MB * MB:
            raise GeodataError("own.question_large", mb=-(-size // MB), most=COMPUTING_MB)
        with self._lock:
            if self._total + size > self.server_mb * MB:
                raise GeodataError("own.server_full")
            self._total += size
        try:
            yield
        finally:
            with self._lock:
                self._total -= size

    def held(self, session: str | None = None) -> int:
        """Return the bytes of a session, or of all sessions together."""
        with self._lock:
            return self._total if session is None else sum(self._held.get(session, {}).values())

    def sessions(self) -> tuple[str, ...]:
        """Return the sessions that hold anything."""
        with self._lock:
            return tuple(self._held)

    def names(self, session: str) -> dict[str, int]:
        """Return the entries of a session."""
        with self._lock:
            return dict(self._held.get(session, {}))


LEDGER: Final = Ledger()
"""The account of this server."""


SERVER: Final = "server"
"""Name in the account of what no session holds."""
