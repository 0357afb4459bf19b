"""The server starts safely: on the loopback address, asking no question and no other host."""

import os
import socket
import subprocess
import sys
import tomllib
from pathlib import Path
from types import SimpleNamespace

import pytest
from streamlit import net_util
from streamlit.web.server import server_util
from streamlit.web.server.starlette import starlette_websocket
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from dashboard import startup
from dashboard.map import tiles
from geodata.errors import GeodataError
from tests.support import server as serving

ROOT = Path(__file__).parents[2]
SETTINGS = ROOT / "dashboard" / ".streamlit" / "config.toml"
FOREIGN = (
    "https://elsewhere.example",
    "null",
    "http://127.0.0.1.elsewhere.example",
    "http://[::2]",
)
RECORDER = """
import os, socket

def told(call):
    def asked(*words, **more):
        with open(os.environ["ASKED"], "a") as target:
            print(call.__name__, words[-1] if call.__name__ == "connect" else words[0], file=target)
        return call(*words, **more)
    return asked

for name in ("getaddrinfo", "gethostbyname", "gethostbyname_ex", "gethostbyaddr"):
    setattr(socket, name, told(getattr(socket, name)))

class Socket(socket.socket):
    def connect(self, address):
        if self.family in (socket.AF_INET, socket.AF_INET6):
            with open(os.environ["ASKED"], "a") as target:
                print("connect", address, file=target)
        return super().connect(address)

socket.socket = Socket
"""


@pytest.fixture
def no_look_ups(monkeypatch):
    """Make every look-up fail, and record which were tried."""
    asked = []

    def refuse(name, *_, **__):
        asked.append(name)
        raise OSError(name)

    for name in ("getaddrinfo", "gethostbyname", "gethostbyaddr"):
        monkeypatch.setattr(socket, name, refuse)
    monkeypatch.setattr(net_util, "get_external_ip", net_util.get_external_ip)
    monkeypatch.setattr(net_util, "get_internal_ip", net_util.get_internal_ip)
    return asked


def test_the_watch_sees_a_look_up_that_streamlit_makes_by_itself(no_look_ups):
    assert not server_util.is_url_from_allowed_origins(FOREIGN[0])
    assert no_look_ups


@pytest.mark.parametrize("origin", FOREIGN)
def test_a_foreign_origin_is_refused_without_a_look_up(no_look_ups, origin):
    startup.ask_no_host()
    for host in ("127.0.0.1:8501", "elsewhere.example", None):
        allowed = starlette_websocket._is_origin_allowed(origin, host)
        assert allowed == (origin == f"https://{host}")
    assert no_look_ups == []


def test_the_pages_own_origin_is_allowed(no_look_ups):
    startup.ask_no_host()
    for own in ("127.0.0.1:8501", "localhost:8501", "192.168.1.5:8501", "routes.example.org"):
        assert starlette_websocket._is_origin_allowed(f"https://{own}", own)
    assert no_look_ups == []


@pytest.mark.parametrize("address", ["127.0.0.1", "0.0.0.0"])
def test_a_server_looks_up_no_name_and_connects_to_nobody(tmp_path, address):
    (tmp_path / "sitecustomize.py").write_text(RECORDER)
    asked = tmp_path / "asked"
    asked.touch()
    environment = {"PYTHONPATH": str(tmp_path), "ASKED": str(asked), "HOME": str(tmp_path)}
    made = serving.Server(environment=environment, log=tmp_path / "log", address=address)
    with serving.running(made) as app:
        stream = f"ws://127.0.0.1:{app.port}/_stcore/stream"
        for origin in FOREIGN:
            with pytest.raises(InvalidStatus), connect(stream, origin=origin):
                pass
        with connect(stream, origin=app.url):
            pass
        others = [line for line in asked.read_text().splitlines() if "127.0.0.1" not in line]
    assert others == []


def test_the_recorder_of_a_server_records(tmp_path):
    (tmp_path / "sitecustomize.py").write_text(RECORDER)
    asked = tmp_path / "asked"
    look = "import urllib.request; urllib.request.urlopen('http://nowhere.invalid', timeout=1)"
    environment = {**os.environ, "PYTHONPATH": str(tmp_path), "ASKED": str(asked)}
    subprocess.run([sys.executable, "-c", look], check=False, env=environment)
    assert "nowhere.invalid" in asked.read_text()


def test_the_settings_listen_on_the_loopback_address_and_ask_no_question():
    settings = tomllib.loads(SETTINGS.read_text(encoding="utf-8"))
    assert settings["server"]["address"] == "127.0.0.1"
    assert settings["server"]["showEmailPrompt"] is False
    assert settings["browser"]["gatherUsageStats"] is False


def test_fuel_is_computed_before_the_first_visitor_asks_and_data_without_it_start_too(monkeypatch):
    asked = []

    def fuel_of(cache):
        asked.append(cache)
        if len(asked) > 1:
            raise GeodataError("fuel_days.no_events")

    monkeypatch.setattr(startup, "fuel_of", fuel_of)
    few, many = (
        SimpleNamespace(dataset=SimpleNamespace(network=SimpleNamespace(segment_ids=range(size))))
        for size in (tiles.LEAST, tiles.LEAST + 1)
    )
    waits = []
    for cache in (few, few, many):
        startup.compute_ahead(cache, wait=lambda: waits.append(len(asked)))
    assert asked == [few, few]
    assert waits == [0, 1]  # each time before it is computed
    monkeypatch.setenv(startup.AHEAD, "off")
    startup.compute_ahead(few)
    assert asked == [few, few]
