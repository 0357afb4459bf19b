"""Limits on connections: none may keep others out by being slow.

Streamlit starts uvicorn, which waits for a header for ever and takes any number of connections.
Here a header must come in time, a request must end in time, and where there are too many the
slowest goes first, so that a flood of half requests costs newcomers nothing.
"""

import asyncio
import ipaddress
import logging
import socket
from functools import partial
from typing import Any, Final

import h11
import uvicorn
from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from dashboard.runtime import json_log

HEADER_SECONDS: Final = 10.0
"""How long a connection may take until its request's header is whole, or stay idle."""
REQUEST_SECONDS: Final = 600.0
"""How long one request may take with its answer: 25 MB on a line of 0.4 Mbit/s."""
WAITING: Final = 256
"""Connections without a whole header; where there are more the oldest goes."""
CONNECTIONS: Final = 2_000
PER_ADDRESS: Final = 200
"""Connections of one address, but for this machine's own: there a proxy asks, with its limits."""
_DESCRIPTORS: Final = 8_192
_LOG: Final = logging.getLogger("uvicorn.error")


class OpenConnections:
    """Connections of one server that talk HTTP, each where it stands, the oldest first."""

    def __init__(self) -> None:
        self.waiting: Stage = {}
        self.working: Stage = {}

    def make_room(self, total: int) -> bool:
        """Close the slowest where there are too many; whether there is room for one more."""
        if len(self.waiting) > WAITING:
            next(iter(self.waiting)).drop()
        if total <= CONNECTIONS:
            return True
        for slow in (self.waiting, self.working):
            if len(slow) > 1:
                next(iter(slow)).drop()
                return True
        return False


class Connection(H11Protocol):
    """A connection of uvicorn's that may not wait for ever."""

    def __init__(
        self,
        connections: OpenConnections,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self.held = connections
        self.clock: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request."""
        super().connection_made(transport)
        _send_at_once(transport)
        self._step(self.held.waiting, HEADER_SECONDS)
        if self._crowded() or not self.held.make_room(len(self.connections)):
            self.drop()

    def data_received(self, data: bytes) -> None:
        """Go on to work where the header is whole."""
        super().data_received(data)
        if self in self.held.waiting and self.conn.their_state is not h11.IDLE:
            self._step(self.held.working, REQUEST_SECONDS)

    def on_response_complete(self) -> None:
        """Wait for the next request."""
        self._step(self.held.waiting, HEADER_SECONDS)
        super().on_response_complete()
        if self.conn.their_state is not h11.IDLE:  # the next request was there already
            self._step(self.held.working, REQUEST_SECONDS)

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        """Leave the connection to the page that is open, whose pings say whether it lives."""
        self._step(None, 0)
        super().handle_websocket_upgrade(event)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget it."""
        self._step(None, 0)
        super().connection_lost(exc)

    def drop(self) -> None:
        """Close it at once, without an answer, so that others have room."""
        _LOG.warning("a connection was closed to make room")
        self._end()

    def _late(self) -> None:
        _LOG.warning("a slow connection was closed")
        self._end()

    def _end(self) -> None:
        self._step(None, 0)
        self.transport.abort()

    def _step(self, stage: "Stage | None", seconds: float) -> None:
        """Count it where it now stands, and have it closed if it stays there too long."""
        self.held.waiting.pop(self, None)
        self.held.working.pop(self, None)
        if self.clock:
            self.clock.cancel()
        if stage is not None:
            stage[self] = None
            self.clock = self.loop.call_later(seconds, self._late)

    def _crowded(self) -> bool:
        """Return whether its address has too many connections."""
        if self.client is None or len(self.connections) <= PER_ADDRESS:
            return False
        address = self.client[0]
        if _is_loopback(address):
            return False
        peers = [getattr(connection, "client", None) for connection in self.connections]
        return [peer[0] for peer in peers if peer].count(address) > PER_ADDRESS


def _send_at_once(transport: asyncio.Transport) -> None:
    """Have small messages leave at once.

    A click is answered by many small ones. The system holds each back until the browser has
    confirmed the one before, which takes 40 ms on this machine and a whole way there and back
    elsewhere. Python switches that off only for sockets that name their protocol, and
    Streamlit's do not.
    """
    held = transport.get_extra_info("socket")
    if held is not None and held.family in (socket.AF_INET, socket.AF_INET6):
        held.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def _is_loopback(address: str) -> bool:
    return ipaddress.ip_address(address.partition("%")[0]).is_loopback


Stage = dict[Connection, None]


def limit() -> None:
    """Have the server that is about to listen use these limits.

    Streamlit makes uvicorn's settings itself and takes none of them from outside, so they are
    put in where uvicorn begins to listen.
    """
    _more_descriptors()
    begin = uvicorn.Server.startup

    async def startup(server: uvicorn.Server, sockets: Any = None) -> None:
        server.config.http_protocol_class = partial(Connection, OpenConnections())  # type: ignore[assignment]
        await begin(server, sockets=sockets)
        json_log.set_up()  # Streamlit has just given its parts new logs

    uvicorn.Server.startup = startup  # type: ignore[assignment, method-assign]


def _more_descriptors() -> None:
    """Take as many files as the connections and their sessions need, where the system lets it."""
    try:
        import resource
    except ImportError:
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _DESCRIPTORS if hard == resource.RLIM_INFINITY else min(_DESCRIPTORS, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
