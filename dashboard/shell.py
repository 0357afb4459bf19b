"""What the first answer says before any script has come: title, day, figures, a light version.

The page itself is drawn by scripts of some 700 kB. On a weak line that takes half a minute, in
which a reader would look at an empty page.
"""

import asyncio
from contextlib import suppress
from dataclasses import replace
from typing import Final
from urllib.parse import parse_qs

import anyio.to_thread
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard.map import assets
from dashboard.markup import Html, tag
from dashboard.offline import routes as offline
from dashboard.page import Page, link_ids
from dashboard.runtime import early_files, fonts, logins
from dashboard.runtime.answer import Answer
from dashboard.runtime.first_map import MAPS
from dashboard.session import datasets, visit
from dashboard.translate import Translator
from dashboard.views import headline
from geodata.errors import GeodataError
from geodata.sharing import permalink

NAME: Final = "first-shell"
PLACE: Final = '<div id="root">'
HEAD: Final = "<head>"
HTML: Final = "text/html"
LONGEST_LINK: Final = 16_000
AT_ONCE: Final = 2
"""Headlines computed at once; one takes some 0.03 s."""

LONGEST_WAIT: Final = 0.5
"""Seconds for which a document waits for its turn before it goes out without a headline."""

STYLE: Final = (
    "<style>#first-shell{position:fixed;inset:0;z-index:-1;padding:24px;color:#59636a;"
    "max-width:60ch;font:16px/1.5 'Segoe UI','Noto Sans',Arial,'Liberation Sans',sans-serif}"
    "#first-shell h1{font-size:18px}#first-shell p{margin:0 0 8px}"
    "body:has(.sr-summary) #first-shell{display:none}</style>"
)
"""In colours that can be read on the light and on the dark page."""
STILL: Final = '<style>[data-testid="stSkeleton"]{animation:none!important}</style>'
"""Places of parts that are still to come do not shimmer: to draw that takes a weak machine a
tenth of all the work of opening the page."""


class FirstShell:
    """ASGI middleware that puts the headline of the asked view into the first answer.

    Parameters
    ----------
    app : callable
        The application whose document of the address ``/`` is empty until scripts fill it.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.turn = asyncio.Semaphore(AT_ONCE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; all but the document itself pass unchanged."""
        if scope["type"] != "http" or scope["method"] != "GET" or scope["path"] != "/":
            await self.app(scope, receive, send)
            return
        header = Headers(scope=scope)
        if HTML in header.get("accept", ""):  # a browser, which will draw the map
            MAPS.document()
        answer = Answer()
        await self.app({**scope, "extensions": {}}, receive, answer.take)
        if answer.start.get("status") == 200 and PLACE.encode() in answer.body:
            query = scope["query_string"].decode("latin-1")
            asked_in = header.get("accept-language", "")
            document = answer.body.decode()
            answer.body = await self._filled(document, query, asked_in)
            headers = MutableHeaders(raw=list(answer.start["headers"]))
            headers["Content-Length"] = str(len(answer.body))
            # What the file's tag says no longer tells one view from another.
            for name in ("etag", "last-modified"):
                if name in headers:
                    del headers[name]
            answer.start["headers"] = headers.raw
        await send(answer.start)
        await send({"type": "http.response.body", "body": answer.body})

    async def _filled(self, document: str, query: str, asked_in: str) -> bytes:
        """Return the document with the headline, or without it while many others ask for theirs.

        The page that is drawn later says the same. Without a limit thirty clients that ask for one
        new view after the other made every file wait four times as long.
        """
        try:
            await asyncio.wait_for(self.turn.acquire(), LONGEST_WAIT)
        except TimeoutError:
            return await anyio.to_thread.run_sync(filled, document, None, asked_in)
        try:
            return await anyio.to_thread.run_sync(filled, document, query, asked_in)
        finally:
            self.turn.release()


def filled(document: str, query: str | None, accept_language: str = "") -> bytes:
    """Return Streamlit's document with a view's headline, and requests for what it will need.

    Parameters
    ----------
    document : str
    query : str, optional
        Query of the address; without it there is no headline.
    accept_language : str
        The browser's header of that name; counts where the link names no language.
    """
    summary = ""
    large: tuple[str, ...] = ()
    small: tuple[str, ...] = ()
    with suppress(GeodataError):
        if query is not None and (page := asked(query, accept_language)):
            summary = STYLE + block(page)
            if page.dataset.shipped_network:
                large, small = assets.early_files(page.words.lang)
    whole = document.replace(PLACE, summary + PLACE, 1)
    head = fonts.style() + STILL + offline.head()
    whole = whole.replace(HEAD, HEAD + logins.head(), 1)
    return early_files.with_early_files(whole, large, small, head=head).encode()


def asked(query: str, accept_language: str) -> Page | None:
    """Return the view of a link; None where the link needs what only a session has.

    Raises
    ------
    GeodataError
        If the link cannot be read.
    """
    if len(query) > LONGEST_LINK:
        return None
    cache = datasets.started_with()
    known = link_ids(cache)
    state, _ = permalink.parse(query, known=known)
    named = parse_qs(query, keep_blank_values=True)
    if state.network or state.desk or "s" in named:  # a scenario that the desk keeps
        return None
    if visit.BARE.issuperset(named):
        state = replace(visit.first_view(known.last_report), lang=state.lang)
    lang = state.lang or ("fr" if accept_language.lower().startswith("fr") else "en")
    return Page(cache, replace(state, lang=lang), Translator(lang), "light")


def block(page: Page) -> Html:
    """Return the headline of a view, its limits and its light version."""
    return tag(
        "div",
        tag("h1", page.title),
        tag("p", *headline.sentence(page)),
        tag("p", *headline.limits(page)),
        tag("p", headline.light_version(page)),
        id=NAME,
        lang=page.words.lang,
    )
