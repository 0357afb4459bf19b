"""Scripts and styles are sent compressed: Streamlit sends its own as they are."""

import gzip
from collections import OrderedDict
from functools import partial
from typing import Final

import anyio.to_thread
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

TEXTS: Final = (".js", ".css", ".json", ".svg")
LEAST_BYTES: Final = 1_000
KEPT_BYTES: Final = 8_000_000
"""Compressed files kept in memory; those not asked for the longest go first."""


class CompressedFiles:
    """ASGI middleware that compresses static text files, each once.

    Parameters
    ----------
    app : callable
        The application that serves the files.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.kept: OrderedDict[tuple[str, str, int], bytes] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, compressed if it is for such a file and the browser takes that."""
        if not _wanted(scope):
            await self.app(scope, receive, send)
            return
        answer = _Answer()
        # Without this a server may be told to send the file by its path.
        plain = {**scope, "extensions": {}}
        await self.app(plain, receive, answer.take)
        if answer.start.get("status") == 200 and len(answer.body) >= LEAST_BYTES:
            await self._compress(scope["path"], answer)
        await send(answer.start)
        await send({"type": "http.response.body", "body": answer.body})

    async def _compress(self, path: str, answer: "_Answer") -> None:
        headers = MutableHeaders(raw=list(answer.start["headers"]))
        if "content-encoding" in headers:
            return
        key = (path, headers.get("etag", ""), len(answer.body))
        if key not in self.kept:
            pack = partial(gzip.compress, answer.body, mtime=0)
            self.kept[key] = await anyio.to_thread.run_sync(pack)
        self.kept.move_to_end(key)
        answer.body = self.kept[key]
        headers["Content-Encoding"] = "gzip"
        headers["Content-Length"] = str(len(answer.body))
        headers.add_vary_header("Accept-Encoding")
        answer.start["headers"] = headers.raw
        while sum(map(len, self.kept.values())) > KEPT_BYTES:
            self.kept.popitem(last=False)


class _Answer:
    """An answer of the application, held back until it is complete."""

    def __init__(self) -> None:
        self.start: Message = {}
        self.body = b""

    async def take(self, message: Message) -> None:
        """Take one of the application's messages."""
        if message["type"] == "http.response.start":
            self.start = message
        elif message["type"] == "http.response.body":
            self.body += message.get("body", b"")


def _wanted(scope: Scope) -> bool:
    if scope["type"] != "http" or scope["method"] != "GET":
        return False
    path, headers = scope["path"], Headers(scope=scope)
    takes = "gzip" in headers.get("accept-encoding", "")
    return "/static/" in path and path.endswith(TEXTS) and takes and "range" not in headers
