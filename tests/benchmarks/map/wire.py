"""Bytes of websocket messages as they travel, compressed as the app's server does it."""

import zlib
from dataclasses import dataclass, field
from typing import Any, Final

from dashboard.runtime.compression import MEMORY, WINDOW_BITS

TAIL: Final = 4
"""Bytes that end each message before they are left out on the way."""


def _packer() -> Any:
    return zlib.compressobj(wbits=-WINDOW_BITS, memLevel=MEMORY)


@dataclass
class Wire:
    """One connection's messages, counted.

    Parameters
    ----------
    plain, packed : int
        Bytes of all messages, and of what they are packed into.
    """

    plain: int = 0
    packed: int = 0
    _deflate: Any = field(default_factory=_packer)

    def take(self, message: bytes | str) -> None:
        """Count a message that was received."""
        data = message.encode() if isinstance(message, str) else message
        sent = self._deflate.compress(data) + self._deflate.flush(zlib.Z_SYNC_FLUSH)
        self.plain += len(data)
        self.packed += len(sent) - TAIL
