"""Routes of the API, its rate limit per address, and how long answers are valid."""

import hashlib
import ipaddress
import json
import os
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from limits import parse as rate
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
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
KEPT_SECONDS: Final = 300
QUERY_CHARACTERS: Final = 16_000
FEEDS: Final = {
    "changes.atom": ("atom", "application/atom+xml"),
    "changes.json": ("json", "application/feed+json"),
    "phases.ics": ("ics", "text/calendar;charset=utf-8"),
}
STATUS: Final = {"api.ranked": 403, "desk.unreachable": 503, "api.busy": 429}

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
    """Counts requests by address."""

    def __init__(self) -> None:
        self.limiter = MovingWindowRateLimiter(MemoryStorage())
        self.rate = rate(os.environ.get(RATE, USUAL_RATE))

    def check(self, request: Request) -> None:
        """Refuse requests above the rate limit.

        Raises
        ------
        GeodataError
            ``api.busy``.
        """
        if not self.limiter.hit(self.rate, _caller(request)):
            raise GeodataError("api.busy", rate=str(self.rate))


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
) -> Callable[[Request], Response]:
    def endpoint(request: Request) -> Response:
        try:
            limiter.check(request)
            if len(request.url.query) > QUERY_CHARACTERS:
                raise GeodataError("api.too_long", limit=QUERY_CHARACTERS)
            content, media = answer(request)
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
