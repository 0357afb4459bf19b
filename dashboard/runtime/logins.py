"""The way back after a login: Streamlit sends everybody to its first page, without their view.

What the visitor left is kept by their browser, in the tab itself: a link may be longer than a
cookie, and the proxy tells browsers to send no referrer.
"""

from functools import cache
from pathlib import Path
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

BACK: Final = "#back"
"""Fragment that tells the page to show the view that was left; no server is ever sent it."""

PATHS: Final = ("/auth/login", "/auth/logout", "/oauth2callback")
SCRIPT: Final = Path(__file__).with_suffix(".js")


@cache
def head() -> str:
    """Return the script that keeps the view and opens it again; the first of the page's head."""
    return f"<script>{SCRIPT.read_text(encoding='utf-8').replace('__BACK__', BACK)}</script>"


class WayBack:
    """ASGI middleware that marks Streamlit's redirects to its first page after a login or logout.

    Parameters
    ----------
    app : ASGI application
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; redirects to the provider stay as they are."""
        if scope["type"] != "http" or not scope["path"].endswith(PATHS):
            await self._app(scope, receive, send)
            return

        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                to = headers.get("location", "")
                if to.startswith("/") and to.endswith("/") and not to.startswith("//"):
                    headers["location"] = f"{to}{BACK}"
            await send(message)

        await self._app(scope, receive, marked)
