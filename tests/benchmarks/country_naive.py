"""The naive page of a country, folium with all roads in it: how long until its first road is drawn.

It may never draw one. So it is measured in a process of its own, whose server and browser end
with it, whatever they do then.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

from playwright.sync_api import Error as BrowserError
from playwright.sync_api import sync_playwright

from tests.benchmarks.comparison import Row, seconds
from tests.benchmarks.map.clicks import FRAME, beside_static
from tests.support import chromium
from tests.support.server import ROOT, Server

LIMIT_SECONDS: Final = 90
"""Time for the first road."""

AROUND_SECONDS: Final = 40
"""Time beside, for the start of server and browser."""

DRAWN: Final = (
    f"() => {{ const f = document.querySelector('{FRAME}'); return f && f.contentDocument"
    " && f.contentDocument.querySelector('path.leaflet-interactive'); }"
)


def naive(folder: Path) -> Row:
    """Measure the naive page of the network in a folder; after `LIMIT_SECONDS` it is ended."""
    words = [sys.executable, "-m", "tests.benchmarks.country_naive", str(folder)]
    child = subprocess.Popen(
        words,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=ROOT,
        start_new_session=True,
    )
    try:
        told, _ = child.communicate(timeout=LIMIT_SECONDS + AROUND_SECONDS)
    except subprocess.TimeoutExpired:
        told = ""
    finally:
        # The session holds its server too; the browser ends when its pipe closes.
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
    took = seconds(float(told)) if told.strip() else f"not within {LIMIT_SECONDS} s"
    question = "first map of the naive page, to compare with"
    return Row(question, "", took, "", None, "folium with all roads in its map")


def main(folder: str) -> None:
    """Print the seconds to the first road, nothing if there was none in time."""
    with tempfile.TemporaryDirectory() as name, sync_playwright() as player:
        server = Server(script=beside_static(name, "page_naive_country.py"), arguments=(folder,))
        server.start()
        browser = player.chromium.launch(executable_path=chromium.find(), args=list(chromium.FLAGS))
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        start = time.perf_counter()
        try:
            page.goto(server.url, timeout=LIMIT_SECONDS * 1000)
            left = LIMIT_SECONDS - (time.perf_counter() - start)
            page.wait_for_function(DRAWN, timeout=max(1.0, left * 1000))
            print(time.perf_counter() - start, flush=True)
        except BrowserError:
            print("", flush=True)
        finally:
            server.stop(signal.SIGKILL)
            browser.close()


if __name__ == "__main__":
    main(sys.argv[1])
