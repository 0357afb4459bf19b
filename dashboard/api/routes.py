"""Routes of the API, its rate limit per address, and how long answers are valid."""

import asyncio
import hashlib
import ipaddress
import json
import os
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import Final

from limits import parse as rate
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dashboard.api.description import GEOJSON, JSON, PREFIX, description
from dashboard.api.questions import feed, light_page, question, view_answer
from geodata.errors import GeodataError
from geodata.export.answers import Subject
from geodata.sharing.publication import Sensitivity

LEVEL: Final = "API_LEVEL"
"""Setting: what the API shows, ``public`` (the default) or ``full``."""

ADDRESS: Final = "APP_ADDRESS"
"""Setting: address of the app, for links."""

RATE: Final = "API_RATE"
"""Setting: how often one address may ask, unless `USUAL_RATE`."""

FRAMES: Final = "EMBED_ORIGINS"
"""Setting: pages that may show the light version in a frame, such as ``https://news.example``."""

OWN_FRAMES: Final = "'self'"
LIGHT: Final = "/light"
"""Address of a view as one page without scripts of the app."""

USUAL_RATE: Final = "60/minute"
AT_ONCE: Final = 2
"""Answers computed at once: beside forty of them any other request waited, up to 0.8 s."""

OPEN_REQUESTS: Final = 6
"""Requests of one address that may wait at once: as many as a browser opens to one server."""

KEPT_SECONDS: Final = 300
QUERY_CHARACTERS: Final = 16_000
FEEDS: Final = {
    "changes.atom": ("atom", "application/atom+xml"),
    "changes.json": ("json", "application/feed+json"),
    "phases.ics": ("ics", "text/calendar;charset=utf-8"),
}
STATUS: Final = {
    "api.ranked": 403,
    "desk.unreachable": 503,
    "api.busy": 429,
    "api.at_once": 429,
}
GONE: Final = 499
"""Written in no answer that anybody reads: the client has left."""

Answer = Callable[[Request], tuple[bytes, str]]


def routes() -> list[Route]:
    """Return the API's routes, which answer GET and HEAD only."""
    limiter = _Limiter()
    answers: dict[str, Answer] = {
        "openapi.json": lambda _: (json.dumps(description()).encode(), JSON),
        **{str(subject): _view(subject) for subject in Subject},
        **{name: _feed(form, media) for name, (form, media) in FEEDS.items()},
    }
    framed = {"Content-Security-Policy": f"frame-ancestors {os.environ.get(FRAMES, OWN_FRAMES)}"}
    return [
        *(
            Route(f"{PREFIX}/{name}", _endpoint(endpoint, limiter), methods=["GET"])
            for name, endpoint in answers.items()
        ),
        Route(LIGHT, _endpoint(_light, limiter, framed), methods=["GET"]),
    ]


class _Limiter:
    """Counts requests by address, and lets few answers be computed at once.

    Used by the event loop alone, so that it needs no lock. Requests wait there and not in a
    thread: the server's threads stay free to send files to those who look at the page.
    """

    def __init__(self) -> None:
        self.limiter = MovingWindowRateLimiter(MemoryStorage())
        self.rate = rate(os.environ.get(RATE, USUAL_RATE))
        self.turn = asyncio.Semaphore(AT_ONCE)
        self._open: Counter[str] = Counter()

    @contextmanager
    def counted(self, request: Request) -> Iterator[None]:
        """Refuse requests above the rate limit, or beside too many that wait already.

        Raises
        ------
        GeodataError
            ``api.busy`` or ``api.at_once``.
        """
        caller = _caller(request)
        if not self.limiter.hit(self.rate, caller):
            raise GeodataError("api.busy", rate=str(self.rate))
        if self._open[caller] >= OPEN_REQUESTS:
            raise GeodataError("api.at_once", limit=OPEN_REQUESTS)
        self._open[caller] += 1
        try:
            yield
        finally:
            self._open[caller] -= 1
            if not self._open[caller]:
                del self._open[caller]


def _caller(request: Request) -> str:
    """Return the client's address; behind a proxy on this machine, the last one it names."""
    address = request.client.host if request.client else ""
    named = request.headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
    try:
        if named and ipaddress.ip_address(address).is_loopback:
            address = named
        client = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    # The holder of an IPv6 address usually has 2^64 of them.
    return (
        str(ipaddress.ip_network(f"{client}/64", strict=False)) if client.version == 6 else address
    )


def _endpoint(
    answer: Answer, limiter: _Limiter, more: Mapping[str, str] = MappingProxyType({})
) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        try:
            with limiter.counted(request):
                if len(request.url.query) > QUERY_CHARACTERS:
                    raise GeodataError("api.too_long", limit=QUERY_CHARACTERS)
                async with limiter.turn:
                    if await request.is_disconnected():
                        return Response(status_code=GONE)
                    content, media = await run_in_threadpool(answer, request)
        except GeodataError as error:
            return _refused(error)
        tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
        headers = {
            "ETag": tag,
            "Cache-Control": f"public,max-age={KEPT_SECONDS}",
            "X-Content-Type-Options": "nosniff",
            **more,
        }
        known_tags = request.headers.get("if-none-match", "")
        if (
            tag in {each.strip().removeprefix("W/") for each in known_tags.split(",")}
            or known_tags == "*"
        ):
            return Response(status_code=304, headers=headers)
        return Response(content, media_type=media, headers=headers)

    return endpoint


def _refused(error: GeodataError) -> Response:
    status = STATUS.get(error.key, 400)
    headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    if status in {429, 503}:
        headers["Retry-After"] = "60"
    body = json.dumps({"error": error.key, "message": str(error)}, ensure_ascii=False)
    return Response(body, status_code=status, media_type=JSON, headers=headers)


def _level() -> Sensitivity:
    return Sensitivity(os.environ.get(LEVEL, Sensitivity.PUBLIC))


def _view(subject: Subject) -> Answer:
    def answer(request: Request) -> tuple[bytes, str]:
        form = request.query_params.get("format", "json")
        if form not in {"json", "geojson"}:
            raise GeodataError("api.format")
        query = "&".join(p for p in request.url.query.split("&") if not p.startswith("format="))
        parsed = question(query, level=_level(), address=os.environ.get(ADDRESS, ""))
        features = form == "geojson"
        return view_answer(parsed, subject, features), GEOJSON if features else JSON

    return answer


def _light(request: Request) -> tuple[bytes, str]:
    view_question = question(request.url.query, level=_level(), address=os.environ.get(ADDRESS, ""))
    return light_page(view_question), "text/html;charset=utf-8"


def _feed(form: str, media: str) -> Answer:
    def answer(request: Request) -> tuple[bytes, str]:
        query = "&".join(p for p in request.url.query.split("&") if not p.startswith("towns="))
        parsed = question(query, level=_level(), address=os.environ.get(ADDRESS, ""))
        return feed(parsed, request.query_params.get("towns", ""), form), media

    return answer
