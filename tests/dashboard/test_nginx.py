"""The sample proxy in front of the app, as an operator runs it, except for its certificate."""

import gzip
import http.client
import re
import socket
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import ExitStack
from pathlib import Path

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from tests.support import nginx

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "docs" / "nginx.conf"
PATIENCE = 30
SOON = 2
"""Seconds in place of the sample's 30, so that nobody waits for the test."""

AROUND = """
daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 600; }}
http {{
  types {{ text/html html; application/json json; text/css css; text/javascript js; }}
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  {sample}
}}
"""

pytestmark = pytest.mark.skipif(nginx.find() is None, reason="no nginx found")


@pytest.fixture(scope="module")
def proxy(tmp_path_factory, shipped_app):
    """Address of the app behind the sample, and its port."""
    folder = tmp_path_factory.mktemp("nginx")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    sample = re.sub(r"(?m)^\s*ssl_certificate.*$", "", SAMPLE.read_text(encoding="utf-8"))
    sample = sample.replace("listen 443 ssl", f"listen 127.0.0.1:{port}")
    sample = sample.replace("server_name routes", "server_name 127.0.0.1 routes")
    for name in ("client_body_timeout", "send_timeout"):
        assert f"{name} 30s;" in sample
        sample = sample.replace(f"{name} 30s;", f"{name} {SOON}s;")
    sample = sample.replace("http://127.0.0.1:8501", shipped_app.url)
    sample = sample.replace("$host;", "$http_host;")  # the test's port is part of its name
    settings = folder / "nginx.conf"
    settings.write_text(AROUND.format(folder=folder, sample=sample))
    command = [
        nginx.find(),
        "-p",
        str(folder),
        "-c",
        str(settings),
        "-e",
        str(folder / "early.log"),
    ]
    process = subprocess.Popen(command)
    try:
        for _ in range(100):
            with socket.socket() as asked:
                if asked.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        assert process.poll() is None, (folder / "early.log").read_text()
        yield f"http://127.0.0.1:{port}", port
    finally:
        process.terminate()
        process.wait(PATIENCE)


def asked(address, **headers):
    request = urllib.request.Request(address, headers=headers)
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
        return answer.headers, answer.read()


def test_the_page_and_its_websocket_come_through(proxy):
    url, port = proxy
    headers, content = asked(url)
    assert b"<html" in content
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "frame-ancestors 'self'" in headers["Content-Security-Policy"]
    stream = f"ws://127.0.0.1:{port}/_stcore/stream"
    with connect(stream, origin=url) as open_page:
        open_page.ping().wait(PATIENCE)
    with pytest.raises(InvalidStatus), connect(stream, origin="https://elsewhere.example"):
        pass


def test_the_maps_geometry_travels_packed(proxy):
    url, _ = proxy
    path = next((ROOT / "dashboard" / "static" / "data").glob("world-*.json"))
    headers, content = asked(f"{url}/app/static/data/{path.name}", **{"Accept-Encoding": "gzip"})
    assert headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(content) == path.read_bytes()
    assert len(content) < len(path.read_bytes()) / 2


def test_half_a_header_is_closed_in_time(proxy):
    url, port = proxy
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as slow:
        slow.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n")
        try:
            left = slow.recv(1000)
        except ConnectionResetError:
            left = b""
    assert left == b""
    assert b"<html" in asked(url)[1]


@pytest.mark.parametrize("host", ["elsewhere.example", "routes.example.org.elsewhere.example"])
def test_a_name_that_points_here_from_elsewhere_gets_nothing(proxy, host):
    url, port = proxy
    with pytest.raises(http.client.RemoteDisconnected):
        asked(url, Host=host)
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as stream:
        stream.sendall(
            f"GET /_stcore/stream HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\n"
            "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode()
        )
        assert stream.recv(1000) == b""


def test_a_body_that_stops_is_given_up(proxy):
    """The sender's 100 bytes never come whole; the connection ends, and the app is well."""
    url, port = proxy
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as slow:
        slow.sendall(
            b"PUT /_stcore/upload_file/a/b HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            b"Content-Length: 100\r\n\r\nhalf"
        )
        began = time.monotonic()
        try:
            while slow.recv(1000):
                pass
        except ConnectionResetError:
            pass
    assert time.monotonic() - began >= SOON - 1
    assert b"<html" in asked(url)[1]


def test_a_reader_that_stops_is_given_up(proxy):
    """It asks for the largest file many times over and reads nothing; its answers are cut off."""
    url, port = proxy
    path = max((ROOT / "dashboard" / "static" / "data").iterdir(), key=lambda p: p.stat().st_size)
    request = f"GET /app/static/data/{path.name} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()
    with socket.socket() as slow:
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        slow.settimeout(PATIENCE)
        slow.connect(("127.0.0.1", port))
        slow.sendall(request * 40)
        time.sleep(3 * SOON)
        received = 0
        try:
            while part := slow.recv(65_536):
                received += len(part)
        except ConnectionResetError:
            pass
    assert received < 40 * path.stat().st_size
    assert b"<html" in asked(url)[1]


def test_a_body_over_the_limit_is_refused_before_it_is_sent(proxy):
    _, port = proxy
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as sender:
        sender.sendall(
            b"PUT /_stcore/upload_file/a/b HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            b"Content-Length: 27262977\r\n\r\n"
        )
        assert b" 413 " in sender.recv(1000)


def test_a_link_that_is_too_long_is_refused(proxy):
    url, _ = proxy
    with pytest.raises(urllib.error.HTTPError) as caught:
        asked(f"{url}/?title={'x' * 20_000}")
    assert caught.value.code == 414


def test_one_address_may_not_open_connections_without_end(proxy):
    _, port = proxy
    stream = f"ws://127.0.0.1:{port}/_stcore/stream"
    with ExitStack() as stack:
        for _ in range(100):
            stack.enter_context(connect(stream, open_timeout=PATIENCE))
        with pytest.raises(InvalidStatus) as caught:
            connect(stream, open_timeout=PATIENCE)
    assert caught.value.response.status_code == 503
