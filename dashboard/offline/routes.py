"""Routes of the worker, of its half in the page, and of what a device needs to install the page."""

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from geodata.i18n import LANGUAGES, text

HERE: Final = Path(__file__).parent
SCRIPT: Final = "text/javascript;charset=utf-8"
MANIFEST: Final = "application/manifest+json"
WORDS: Final = ("kept", "nothing", "again")
COLOUR: Final = "#17595c"
PAPER: Final = "#fbfaf7"
FRESH: Final = {"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
"""A browser asks again each time: a worker that is out of date would stay for a day."""


@cache
def head() -> str:
    """Return what the document's head needs for all of it."""
    return (HERE / "head.html").read_text(encoding="utf-8").strip()


@cache
def worker() -> str:
    """Return the worker with its words in every language."""
    words = {lang: {name: text(f"offline.{name}", lang) for name in WORDS} for lang in LANGUAGES}
    source = (HERE / "worker.js").read_text(encoding="utf-8")
    return source.replace("__WORDS__", json.dumps(words, ensure_ascii=False), 1)


@cache
def page_script() -> str:
    """Return the worker's half in the page."""
    return (HERE / "page.js").read_text(encoding="utf-8")


def manifest(lang: str) -> str:
    """Return what a device shows of the installed page.

    Parameters
    ----------
    lang : str
        Language of its name, ``en`` or ``fr``.
    """
    icon = {"src": "./app/static/icon.svg", "type": "image/svg+xml", "sizes": "any"}
    content = {
        "name": text("page.title", lang),
        "short_name": text("offline.short_name", lang),
        "description": text("page.what", lang),
        "lang": lang,
        "id": "./",
        "start_url": "./",
        "scope": "./",
        "display": "standalone",
        "background_color": PAPER,
        "theme_color": COLOUR,
        "icons": [icon],
    }
    return json.dumps(content, ensure_ascii=False)


def routes() -> list[Route]:
    """Return the routes."""
    answers: dict[str, tuple[Callable[[Request], str], str]] = {
        "/worker.js": (lambda _: worker(), SCRIPT),
        "/keep.js": (lambda _: page_script(), SCRIPT),
        "/app.webmanifest": (lambda request: manifest(_spoken(request)), MANIFEST),
    }
    return [
        Route(path, _endpoint(answer, media), methods=["GET"])
        for path, (answer, media) in answers.items()
    ]


def _endpoint(answer: Callable[[Request], str], media: str) -> Callable[[Request], Response]:
    def endpoint(request: Request) -> Response:
        return Response(answer(request), media_type=media, headers=FRESH)

    return endpoint


def _spoken(request: Request) -> str:
    asked = request.headers.get("accept-language", "").lower()
    return "fr" if asked.startswith("fr") else "en"
