"""Slow, half and too many connections: they are closed, and everyone else is served."""

import json
import logging
import socket
import threading
import time
from contextlib import ExitStack, contextmanager

import pytest
import uvicorn
from websockets.sync.client import connect as open_websocket

from dashboard.runtime import connections, json_log
from tests.support import server as serving

HALF = b"GET /half HTTP/1.1\r\nHost: [::1]\r\nX-A: "
WHOLE = b"GET / HTTP/1.1\r\nHost: [::1]\r\nConnection: keep-alive\r\n\r\n"
PATIENCE = 20


async def app(scope, receive, send):
    """Answer ok once the whole body is there; take any websocket."""
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.accept"})
        while (await receive())["type"] != "websocket.disconnect":
            pass
        return
    while (await receive()).get("more_body"):
        pass
    headers = [(b"content-length", b"2")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"ok"})


@pytest.fixture
def limits(monkeypatch):
    """Small limits for a quick test, and uvicorn as it was at the end."""
    monkeypatch.setattr(uvicorn.Server, "startup", uvicorn.Server.startup)
    for name, value in (
        ("HEADER_SECONDS", 1.0),
        ("REQUEST_SECONDS", 2.0),
        ("WAITING", 5),
        ("CONNECTIONS", 12),
    ):
        monkeypatch.setattr(connections, name, value)


@contextmanager
def listening(sockets=None):
    connections.limit()
    server = uvicorn.Server(
        uvicorn.Config(app, port=0, lifespan="off", log_config=None, ws="websockets-sansio")
    )
    thread = threading.Thread(target=server.run, args=(sockets,), daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        server.force_exit = True
        thread.join(PATIENCE)


@pytest.fixture
def port(limits):
    with listening() as number:
        yield number


def connected(port, sent=b""):
    made = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
    made.sendall(sent)
    return made


def answer(port):
    with connected(port, WHOLE) as made:
        return answered(made)


def answered(made):
    """The whole of a short answer."""
    got = b""
    while not got.endswith(b"ok") and (more := made.recv(1000)):
        got += more
    return got


def ends(made):
    """Whether the other side ends the connection, by itself."""
    try:
        return made.recv(1) == b""
    except ConnectionResetError:
        return True


@pytest.mark.parametrize("sent", [b"", b"G", HALF, WHOLE])
def test_a_connection_without_a_further_request_is_closed(port, sent):
    with connected(port, sent) as made:
        if sent == WHOLE:
            assert answered(made).startswith(b"HTTP/1.1 200")
        assert ends(made)


def test_letters_that_come_one_by_one_win_no_time(port):
    with connected(port, HALF) as made:
        begun = time.monotonic()
        with pytest.raises(OSError):  # noqa: PT012 - it ends in whichever of them
            while time.monotonic() - begun < PATIENCE:
                made.sendall(b"a")
                time.sleep(0.1)
    assert answer(port).startswith(b"HTTP/1.1 200")


def test_a_body_that_does_not_come_is_not_waited_for(port):
    with connected(port, b"PUT / HTTP/1.1\r\nHost: [::1]\r\nContent-Length: 9\r\n\r\nabc") as made:
        assert ends(made)


def test_a_flood_of_half_requests_keeps_nobody_out(port):
    with ExitStack() as stack:
        for _ in range(4 * connections.CONNECTIONS):
            stack.enter_context(connected(port, HALF))
        for _ in range(5):
            assert answer(port).startswith(b"HTTP/1.1 200")


def test_slow_bodies_make_room_for_others(port):
    with ExitStack() as stack:
        for _ in range(3 * connections.CONNECTIONS):
            stack.enter_context(
                connected(port, b"PUT / HTTP/1.1\r\nHost: [::1]\r\nContent-Length: 9\r\n\r\n")
            )
        assert answer(port).startswith(b"HTTP/1.1 200")


def test_an_open_page_stays_open_through_a_flood(port):
    with open_websocket(f"ws://127.0.0.1:{port}/") as page, ExitStack() as stack:
        for _ in range(3 * connections.CONNECTIONS):
            stack.enter_context(connected(port, HALF))
        time.sleep(connections.REQUEST_SECONDS + 0.5)
        page.ping().wait(PATIENCE)


def test_small_messages_leave_at_once_on_a_socket_that_names_no_protocol(limits, monkeypatch):
    seen = []
    receive = connections.Connection.data_received

    def received(self, data):
        held = self.transport.get_extra_info("socket")
        seen.append((held.proto, held.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)))
        receive(self, data)

    monkeypatch.setattr(connections.Connection, "data_received", received)
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as door:  # as Streamlit opens it
        door.bind(("127.0.0.1", 0))
        with listening([door]) as port:
            assert answer(port).startswith(b"HTTP/1.1 200")
    assert seen == [(0, 1)]


def test_one_connection_serves_several_requests(port):
    with connected(port) as made:
        for _ in range(3):
            made.sendall(WHOLE)
            assert answered(made).startswith(b"HTTP/1.1 200")
            time.sleep(connections.HEADER_SECONDS / 2)


def test_one_address_gets_its_share_but_a_proxy_on_this_machine_all(limits, monkeypatch):
    monkeypatch.setattr(connections, "PER_ADDRESS", 3)
    monkeypatch.setattr(connections, "WAITING", 50)
    with listening() as port, ExitStack() as stack:
        for _ in range(6):
            stack.enter_context(connected(port, HALF))
        assert answer(port).startswith(b"HTTP/1.1 200")
        monkeypatch.setattr(connections, "_is_loopback", lambda address: False)
        with connected(port, WHOLE) as made:
            assert ends(made)


def test_the_log_lets_a_few_lines_a_second_through_and_counts_the_rest(monkeypatch):
    now = [0.0]
    monkeypatch.setattr(json_log.time, "monotonic", lambda: now[0])
    ration = json_log.Ration()
    records = [logging.makeLogRecord({"msg": "x"}) for _ in range(1_000)]
    passed = [each for each in records if ration.filter(each)]
    assert len(passed) == json_log.LINES_AT_ONCE
    now[0] += 10
    late = logging.makeLogRecord({"msg": "y"})
    assert ration.filter(late)
    assert (
        json.loads(json_log.JsonLineFormatter().format(late))["left_out"]
        == 1_000 - json_log.LINES_AT_ONCE
    )


def test_the_app_bounds_connections_and_writes_json_lines_alone(tmp_path):
    """Half, wrong and foreign requests to the app itself, as Streamlit starts it."""
    with serving.app(tmp_path) as server, ExitStack() as stack:
        begun = len(server.said)
        for _ in range(connections.WAITING + 100):
            stack.enter_context(connected(server.port, HALF))
        for _ in range(200):
            with connected(server.port, b"\x16\x03 nonsense\r\n\r\n") as made:
                made.recv(1000)
        with open_websocket(f"ws://127.0.0.1:{server.port}/_stcore/stream") as stream:
            stream.send("a text frame")
        with connected(server.port, WHOLE) as made:
            assert b" 200 " in made.recv(1000)
        time.sleep(1)
        lines = server.said[begun:].strip().splitlines()
    assert 0 < len(lines) < 2 * json_log.LINES_AT_ONCE
    events = {json.loads(line)["event"] for line in lines}
    assert "a connection was closed to make room" in events
