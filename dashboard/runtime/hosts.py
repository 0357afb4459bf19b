"""Names that the page answers to.

A stranger's page can let its own name point at this machine after a browser has opened it (DNS
rebinding). What it then asks counts as of one origin with this server, for both bear that name.
Only the name itself tells: a browser sends it as ``Host``. Addresses in figures cannot be rebound.
"""

import ipaddress
import os
import re
import socket
from typing import Final

import streamlit as st
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

SETTING: Final = "PUBLIC_HOSTS"
"""Setting: names of this server, with commas between them, such as a proxy passes on."""

_HOST: Final = re.compile(r"(?:\[(?P<bracketed>[^\]]+)\]|(?P<name>[^:\[\]]+))(?::\d+)?")
MISDIRECTED: Final = 421
POLICY_VIOLATION: Final = 1008
REFUSAL: Final = SETTING
"""Body of a refusal: for the operator, who finds it in docs/deploy.md."""


def host_names() -> frozenset[str]:
    """Return names of this server: its own, as the system knows it, and those that are set."""
    own = socket.gethostname()
    address = st.get_option("browser.serverAddress") or ""
    given = os.environ.get(SETTING, "").split(",")
    names = ("localhost", own, f"{own}.local", address, *given)
    return frozenset(name.strip().lower() for name in names) - {""}


def is_known(host: str, names: frozenset[str]) -> bool:
    """Return whether a ``Host`` header names this server.

    Parameters
    ----------
    host : str
        Name or address, and perhaps a port. Without any the request is not a browser's.
    names : frozenset of str
        In lower case.
    """
    if not host:
        return True
    parts = _HOST.fullmatch(host)
    if parts is None:
        return False
    try:
        ipaddress.ip_address(parts["bracketed"] or parts["name"])
    except ValueError:
        return not parts["bracketed"] and parts["name"].lower().removesuffix(".") in names
    return True


class KnownHosts:
    """Refuse requests that name another server.

    Parameters
    ----------
    app : ASGI application
    names : frozenset of str
    """

    def __init__(self, app: ASGIApp, names: frozenset[str]) -> None:
        self._app = app
        self._names = names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer 421; a websocket is refused before it opens."""
        headers = scope.get("headers", ())
        hosts = [value.decode("latin-1") for name, value in headers if name == b"host"]
        if scope["type"] not in ("http", "websocket") or all(
            is_known(host, self._names) for host in hosts
        ):
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await PlainTextResponse(REFUSAL, MISDIRECTED)(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": POLICY_VIOLATION})
