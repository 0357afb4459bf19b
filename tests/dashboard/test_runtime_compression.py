"""What never changes is asked of the application once, and nothing else is."""

import asyncio
import gzip
from collections.abc import Mapping

import pytest
from starlette.types import Message, Receive, Scope, Send

from dashboard.runtime import compression
from dashboard.runtime.compression import CompressedFiles

NAMED = "/static/js/index.1a2b3c4d5e.js"
"""A file named by its content."""

UNNAMED = "/static/manifest.json"


class Files:
    """An application that counts its answers, and whose body is the path it was asked for."""

    def __init__(self, status: int = 200) -> None:
        self.status, self.asked = status, 0

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        self.asked += 1
        headers = [(b"content-type", b"text/javascript")]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": body_of(scope["path"])})


def body_of(path: str) -> bytes:
    return path.encode() * compression.LEAST_BYTES


def get(app: CompressedFiles, path: str, **headers: str) -> tuple[Mapping[bytes, bytes], bytes]:
    """Headers and body of an answer."""
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": "GET", "path": path, "headers": raw}
    asyncio.run(app(scope, receive, send))
    start, body = sent
    return dict(start["headers"]), body["body"]


def test_a_file_named_by_its_content_is_asked_for_once_in_each_form() -> None:
    files = Files()
    app = CompressedFiles(files)
    for _ in range(3):
        plain, body = get(app, NAMED)
        packed, small = get(app, NAMED, accept_encoding="gzip")
        assert body == gzip.decompress(small) == body_of(NAMED)
        assert packed[b"content-encoding"] == b"gzip"
        assert b"content-encoding" not in plain
        assert plain[b"cache-control"] == compression.A_YEAR.encode()
    assert files.asked == 2


@pytest.mark.parametrize(
    ("path", "status", "headers"),
    [
        (UNNAMED, 200, {}),
        (NAMED, 404, {}),
        (NAMED, 200, {"origin": "https://elsewhere.example"}),
        (NAMED, 200, {"if_none_match": '"1"'}),
        (NAMED, 200, {"range": "bytes=0-9"}),
    ],
)
def test_what_may_be_answered_otherwise_is_asked_for_each_time(
    path: str, status: int, headers: dict[str, str]
) -> None:
    files = Files(status)
    app = CompressedFiles(files)
    for _ in range(2):
        get(app, path, **headers)
    assert files.asked == 2


def test_the_answer_not_asked_for_the_longest_goes_where_there_are_too_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    files = Files()
    app = CompressedFiles(files)
    paths = [NAMED.replace("index", f"part{number}") for number in range(3)]
    monkeypatch.setattr(compression, "KEPT_BYTES", 2 * len(body_of(paths[0])))
    for path in (paths[0], paths[1], paths[0], paths[2]):
        get(app, path)
    asked = files.asked
    get(app, paths[0])
    assert files.asked == asked
    get(app, paths[1])
    assert files.asked == asked + 1
