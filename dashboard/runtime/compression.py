"""Static files on their way: compressed once each, and kept by browsers that know them by name."""

import gzip
import re
from collections import OrderedDict
from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Final

import anyio.to_thread
import brotli
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.websockets import websockets_sansio_impl
from websockets.extensions.permessage_deflate import ServerPerMessageDeflateFactory

from dashboard.runtime.answer import Answer
from dashboard.runtime.made_files import made_once

TEXTS: Final = (".js", ".css", ".json", ".svg")
DOCUMENT: Final = "/"
LEAST_BYTES: Final = 1_000
KEPT_BYTES: Final = 8_000_000
"""Bytes of the answers kept in memory; those not asked for the longest go first."""

WINDOW_BITS: Final = 15
MEMORY: Final = 7
"""Of zlib's settings for messages; the memory is 2 ** (9 + 7) bytes beside the window."""

BEST: Final = 10
"""Of Brotli's eleven steps the last that is worth its time: 0.3 s for the largest script."""

PACKERS: Final[Mapping[str, Callable[[bytes], bytes]]] = MappingProxyType(
    {
        "br": partial(brotli.compress, mode=brotli.MODE_TEXT, quality=BEST),
        "gzip": partial(gzip.compress, mtime=0),
    }
)
"""How to compress, the smallest result first."""

NAMED_BY_CONTENT: Final = re.compile(r"[.-][0-9a-f]{8,16}\.\w+$|/vendor/\w+-[\d.]+/")
"""Names of files that never change: the next content or version has another name."""

A_YEAR: Final = "public,immutable,max-age=31536000"

ANSWERED_DIFFERENTLY: Final = frozenset({"if-modified-since", "if-none-match", "origin"})
"""Headers of a request that change its answer, beside those that say how it may be compressed."""


class CompressedFiles:
    """ASGI middleware that compresses the document and static text files.

    An answer that says it never changes is kept and given again without asking the application.
    A first visit needs a hundred of them, each of which takes Streamlit 3 ms in the one thread
    that answers all visitors.

    Parameters
    ----------
    app : callable
        The application that serves the files.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.kept: OrderedDict[tuple[str, str], Answer] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, compressed if it is for such a file and the browser takes that."""
        if not _wanted(scope):
            await self.app(scope, receive, send)
            return
        asked = Headers(scope=scope)
        packer = accepted(asked.get("accept-encoding", ""))
        key = (scope["path"], packer)
        alike = ANSWERED_DIFFERENTLY.isdisjoint(asked)
        answer = self.kept.get(key) if alike else None
        if answer is not None:
            self.kept.move_to_end(key)
        else:
            answer = await self._ask(scope, receive, packer)
            if alike and _never_changes(answer):
                self._keep(key, answer)
        # What stands around this one changes the headers of what it sends.
        await send({**answer.start, "headers": list(answer.start["headers"])})
        await send({"type": "http.response.body", "body": answer.body})

    async def _ask(self, scope: Scope, receive: Receive, packer: str) -> Answer:
        answer = Answer()
        await self.app(_plain(scope), receive, answer.take)
        if answer.start.get("status") == 200:
            headers = MutableHeaders(raw=list(answer.start["headers"]))
            if NAMED_BY_CONTENT.search(scope["path"]):
                headers["Cache-Control"] = A_YEAR
            if len(answer.body) >= LEAST_BYTES:
                await _compress(answer, headers, packer, once=scope["path"] == DOCUMENT)
            answer.start["headers"] = headers.raw
        return answer

    def _keep(self, key: tuple[str, str], answer: Answer) -> None:
        self.kept[key] = answer
        while sum(len(each.body) for each in self.kept.values()) > KEPT_BYTES:
            self.kept.popitem(last=False)


async def _compress(answer: Answer, headers: MutableHeaders, packer: str, *, once: bool) -> None:
    """Compress the body; ``once`` for one that no other request will get."""
    headers.add_vary_header("Accept-Encoding")
    if not packer:
        return
    pack = PACKERS[packer] if once else partial(_packed, packer)
    answer.body = await anyio.to_thread.run_sync(pack, answer.body)
    headers["Content-Encoding"] = packer
    headers["Content-Length"] = str(len(answer.body))


def _never_changes(answer: Answer) -> bool:
    said = Headers(raw=answer.start["headers"]).get("cache-control", "")
    return answer.start.get("status") == 200 and "immutable" in said


def widen_window() -> None:
    """Have messages of the websocket packed with the largest window.

    A click sends some 15 kB, most of it as the click before it did. The 4 kB that uvicorn looks
    back do not reach that far, 32 kB do. A connection takes 0.2 MB of memory for it.
    """
    websockets_sansio_impl.ServerPerMessageDeflateFactory = _wide  # type: ignore[attr-defined, assignment]


def _wide(**_narrow: object) -> ServerPerMessageDeflateFactory:
    return ServerPerMessageDeflateFactory(
        server_max_window_bits=WINDOW_BITS,
        client_max_window_bits=WINDOW_BITS,
        compress_settings={"memLevel": MEMORY},
    )


def _packed(name: str, file: bytes) -> bytes:
    return made_once(f"{name} {BEST}", file, partial(PACKERS[name], file))


def accepted(header: str) -> str:
    """Return the best way of compressing that a browser takes; empty for none.

    Parameters
    ----------
    header : str
        Its ``Accept-Encoding``.

    Examples
    --------
    >>> accepted("gzip, deflate, br;q=0.9"), accepted("gzip;q=1, br;q=0"), accepted("identity")
    ('br', 'gzip', '')
    """
    asked = (part.replace(" ", "").split(";") for part in header.split(","))
    taken = {name for name, *weight in asked if weight not in (["q=0"], ["q=0.0"])}
    return next((name for name in PACKERS if name in taken), "")


def _plain(scope: Scope) -> Scope:
    """Return a request for the file as it is: not packed already, and not by its path alone."""
    kept = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
    return {**scope, "headers": kept, "extensions": {}}


def _wanted(scope: Scope) -> bool:
    if scope["type"] != "http" or scope["method"] != "GET":
        return False
    path, headers = scope["path"], Headers(scope=scope)
    if "range" in headers:
        return False
    return path == DOCUMENT or ("/static/" in path and path.endswith(TEXTS))
