"""Two app servers on one PostgreSQL behind nginx, one killed under load."""

import re
import signal
import socket
import subprocess
import threading
import time
from pathlib import Path

import httpx
import pytest

from geodata.desk.editing import add_event, review
from geodata.desk.journal import Status
from geodata.desk.store import opened
from tests.dashboard.test_nginx import AROUND
from tests.desk.conftest import AWA, BINTA, EVENT, TODAY, postgresql  # noqa: F401
from tests.support import nginx, server

SAMPLE = Path(__file__).parents[2] / "docs" / "nginx-two.conf"
VIEW = "/api/v1/access?date=2026-04-20"
KITA = {
    **EVENT, "date": "2026-04-10", "event_type": "siege", "lat": "13.0349", "lon": "-9.4895",
    "node_id": "kita", "location_precision": "town", "confidence": "high",
}  # fmt: skip

pytestmark = pytest.mark.skipif(nginx.find() is None, reason="no nginx found")


def kita(client):
    answer = client.get(VIEW)
    assert answer.status_code == 200, answer.text
    return next(row["state"] for row in answer.json()["rows"] if row["node_id"] == "kita")


def answered(statuses, number, *, seconds=120):
    """Wait until so many answers have come, however busy the machine is."""
    until = time.monotonic() + seconds
    while len(statuses) < number:
        assert time.monotonic() < until, f"{len(statuses)} of {number} answers in {seconds} s"
        time.sleep(0.05)


def test_a_killed_server_is_missed_by_nobody_and_both_see_one_desk(
    postgresql,  # noqa: F811
    tmp_path,
):
    url = postgresql.database()
    desk = opened(url)
    settings = {"DESK_DATABASE": url, "API_RATE": "10000/minute"}
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with (
        server.app(tmp_path, environment=settings) as one,
        server.app(tmp_path, environment=settings) as two,
    ):
        sample = re.sub(r"(?m)^\s*ssl_certificate.*$", "", SAMPLE.read_text(encoding="utf-8"))
        sample = sample.replace("listen 443 ssl;", f"listen 127.0.0.1:{port};")
        for app, old in ((one, 8501), (two, 8502)):
            sample = sample.replace(f"127.0.0.1:{old}", f"127.0.0.1:{app.port}")
        conf = tmp_path / "nginx.conf"
        conf.write_text(AROUND.format(folder=tmp_path, sample=sample))
        words = [nginx.find(), "-p", str(tmp_path), "-c", str(conf), "-e", str(tmp_path / "early")]
        proxy = subprocess.Popen(words)
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
                for _ in range(100):
                    with socket.socket() as asked:
                        if asked.connect_ex(("127.0.0.1", port)) == 0:
                            break
                    time.sleep(0.1)
                before = kita(client)
                statuses, stop = [], threading.Event()

                def load():
                    with httpx.Client(base_url=client.base_url, timeout=60) as mine:
                        while not stop.is_set():
                            statuses.append(mine.get(VIEW).status_code)

                threads = [threading.Thread(target=load) for _ in range(4)]
                for thread in threads:
                    thread.start()
                answered(statuses, 8)
                one.process.send_signal(signal.SIGKILL)
                one.process.wait()
                add_event(desk, AWA, KITA, today=TODAY)
                review(desk, BINTA, ["e1"], Status.REVIEWED, base=1)
                answered(statuses, len(statuses) + 12)
                stop.set()
                for thread in threads:
                    thread.join()
                assert set(statuses) == {200}
                assert kita(client) != before
                assert b"<html" in client.get("/?desk=2&date=2026-04-20").content
        finally:
            proxy.terminate()
            proxy.wait(30)
