"""Measure the map in a real browser: ``python -m tests.benchmarks map``.

Four pages are served in turn from this machine: the app, the naive pattern, a map of 20,000
segments, and a button with a text, the smallest click that Streamlit can answer. Each is clicked;
the time runs from the press of the button to the first frame in which both the road and the list
of towns have changed, and to the frame in which the list is the one that a run has drawn. The app
asks for a road's effect while the pointer rests there, so it is clicked twice over: after a rest
of `REST_MS`, and at once. Needs playwright and Chromium.
"""

import argparse
import os
import platform
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from playwright.sync_api import sync_playwright

from geodata import schema as f
from geodata.analysis.critical_links import every_cut
from geodata.conditions import Conditions
from geodata.dataset import shipped
from geodata.schema import Vehicle
from tests.benchmarks.map.wire import Wire
from tests.benchmarks.work_ahead import wait_for_work_ahead
from tests.support import chromium
from tests.support.server import APP, ROOT, Server, running

QUERY: Final = "/?vehicle=tanker&lang=en&tab=scenario"
"""The app's panel in which a click on a road cuts it."""

REST_MS: Final = 200
"""How long the pointer rests on a road before it is clicked."""

AT_ONCE: Final = "the app, clicked at once"
FRAME: Final = ".st-key-map iframe, iframe[title*=folium]"
SMALLEST: Final = "a button and a text"

# Runs in the page: waits, frame by frame, until the road and the list both differ, and until the
# list differs that lies under the one that the map shows ahead of the page.
WATCH: Final = """
([selector, before, check, listed]) => {
  const frame = () => document.querySelector(selector).contentWindow;
  const list = () => (document.querySelector(listed) || {}).innerText;
  const drawn = () => [...document.querySelectorAll(`${listed} > :not(.sr-towns-ahead)`)]
    .map((part) => part.textContent).join();
  const drawnBefore = drawn();
  const painted = new Function('frame', 'return ' + check);
  frame().document.addEventListener('pointerdown', () => { window.t0 = performance.now(); },
    { capture: true, once: true });
  const asked = performance.now();
  window.done = new Promise((resolve) => {
    const look = () => {
      let road = false;
      try { road = painted(frame()); } catch (fault) { road = false; }
      if (window.t0 && road && !window.tRoad) window.tRoad = performance.now();
      if (window.t0 && road && list() !== before) window.tList ||= performance.now();
      if (window.tList && drawn() !== drawnBefore) {
        const answer = [window.tRoad, window.tList, performance.now()].map((t) => t - window.t0);
        window.t0 = window.tRoad = window.tList = undefined;
        resolve(answer);
      } else if (performance.now() - asked > 20000) resolve(null);
      else requestAnimationFrame(look);
    };
    look();
  });
}
"""


@dataclass
class Run:
    """What one page showed.

    Parameters
    ----------
    first_ms : float
        From asking for the page to the map being drawn, server warm.
    road_ms, list_ms, page_ms : list of float
        From the press to the repainted road, to road and town list both, and to the list as a run
        has drawn it.
    bytes_a_click, packed_a_click : list of int
        Received by the browser over the websocket: messages, and as they travel.
    frames_lost : int
        Clicks after which the map's frame was another one.
    """

    name: str
    first_ms: float = 0.0
    road_ms: list[float] = field(default_factory=list)
    list_ms: list[float] = field(default_factory=list)
    page_ms: list[float] = field(default_factory=list)
    bytes_a_click: list[int] = field(default_factory=list)
    packed_a_click: list[int] = field(default_factory=list)
    frames_lost: int = 0

    def count(self, before: tuple[int, int], after: tuple[int, int]) -> None:
        """Note what a click received, from the bytes received before and after it."""
        for row, earlier, later in zip(
            (self.bytes_a_click, self.packed_a_click), before, after, strict=True
        ):
            row.append(later - earlier)

    def row(self) -> str:
        """One row of the table in Markdown."""
        cells = [
            self.name,
            f"{self.first_ms / 1000:.1f} s",
            f"{statistics.median(self.road_ms):.0f} ms" if self.road_ms else "–",
            f"{statistics.median(self.list_ms):.0f} ms",
            f"{statistics.median(self.page_ms):.0f} ms" if self.page_ms else "–",
            f"{statistics.median(self.bytes_a_click) / 1000:.1f} kB",
            f"{statistics.median(self.packed_a_click) / 1000:.1f} kB",
            f"{self.frames_lost} of {len(self.list_ms)}",
        ]
        return "| " + " | ".join(cells) + " |"


HEAD: Final = (
    "| page | first map | click to road | to road and list | drawn by a run | received a click |"
    " packed | frame lost |\n"
    "|---|---|---|---|---|---|---|---|"
)


class Page:
    """A page with a map, measured; ``listed`` selects the list that a click must change."""

    def __init__(
        self, browser: Any, address: str, ready: str, *, listed: str = ".st-key-towns"
    ) -> None:
        self.listed = listed
        self.page = browser.new_page(viewport={"width": 1440, "height": 900})
        self.wire = Wire()
        self.page.on("websocket", lambda ws: ws.on("framereceived", self.wire.take))
        start = time.perf_counter()
        self.page.goto(address)
        self.page.wait_for_function(f"() => {{ {ready} }}", timeout=60_000, polling="raf")
        self.first_ms = (time.perf_counter() - start) * 1000
        self.page.wait_for_selector(listed, state="attached")
        self.page.wait_for_timeout(1500)

    def received(self) -> tuple[int, int]:
        """Bytes of messages received until now, and as they travelled."""
        return self.wire.plain, self.wire.packed

    def list_text(self) -> str:
        """Text of the list of towns."""
        text = "(listed) => (document.querySelector(listed) || {}).innerText"
        return str(self.page.evaluate(text, self.listed))

    def reachable(self, segments: Sequence[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
        """The segments that lie in the frame with nothing above them."""
        frame = self.page.query_selector(FRAME).content_frame()
        return [segment for segment in segments if frame.evaluate(segment[0])]

    def click(self, point: str, painted: str, *, rest: bool) -> tuple[list[float], bool]:
        """Click where ``point`` says; the three times, and whether the frame stayed."""
        element = self.page.query_selector(FRAME)
        frame = element.content_frame()
        self.page.mouse.move(0, 0)
        for _ in range(2):  # the page may still have been moving at the first look
            at, box = frame.evaluate(point), element.bounding_box()
            if rest:
                self.page.mouse.move(box["x"] + at["x"], box["y"] + at["y"])
            self.page.wait_for_timeout(REST_MS)
        frame.evaluate("document.documentElement.dataset.same = 'yes'")
        self.page.evaluate(WATCH, [FRAME, self.list_text(), painted, self.listed])
        self.page.mouse.move(box["x"] + at["x"], box["y"] + at["y"])
        self.page.mouse.down()
        self.page.mouse.up()
        times = self.page.evaluate("window.done")
        if times is None:
            raise TimeoutError(f"no answer to a click: {painted}")
        self.page.wait_for_timeout(500)
        now = self.page.query_selector(FRAME).content_frame()
        kept = now.evaluate("document.documentElement.dataset.same") == "yes"
        return times, kept


def measure(
    run: Run, page: Page, segments: Sequence[tuple[str, str, str]], clicks: int, *, rest: bool
) -> Run:
    """Cut and reopen segments in turns, those that a mouse reaches; only the cut is counted."""
    run.first_ms = page.first_ms
    for point, cut, reopened in islice(cycle(page.reachable(segments)), clicks):
        before = page.received()
        (road, both, drawn), kept = page.click(point, cut, rest=rest)
        run.road_ms.append(road)
        run.list_ms.append(both)
        run.page_ms.append(drawn)
        run.count(before, page.received())
        run.frames_lost += not kept
        page.click(point, reopened, rest=rest)
    return run


def telling_segments() -> list[str]:
    """Segments whose cut isolates towns, so that the list of towns must change."""
    table = every_cut(shipped().network, Conditions(vehicle=Vehicle.TANKER))
    return list(table.loc[table[f.TOWNS_ISOLATED].map(len) > 0, f.SEGMENT_ID].astype(str))


def ours(names: Sequence[str]) -> list[tuple[str, str, str]]:
    """Clicks on our map: where, and how to see that the road is cut or open again."""
    return [
        (
            f"supplyRoutes.pixelOf('{name}')",
            f"frame.supplyRoutes.stateOf('{name}') === 'cut'",
            f"frame.supplyRoutes.stateOf('{name}') === 'open'",
        )
        for name in names
    ]


NAIVE_POINT: Final = """(() => {{
  const path = document.querySelector('.id-{name}'), m = path.getScreenCTM();
  for (let k = 0; k <= 40; k++) {{
    const p = path.getPointAtLength(path.getTotalLength() * (0.5 + (k % 2 ? k : -k) / 82));
    const q = p.matrixTransform(m);
    if (document.elementFromPoint(q.x, q.y) === path) return {{ x: q.x, y: q.y }};
  }}
  return null;
}})()"""


def naive(names: Sequence[str]) -> list[tuple[str, str, str]]:
    """The same clicks on the naive map."""
    colour = "frame.document.querySelector('.id-{name}').getAttribute('stroke') === '{colour}'"
    return [
        (
            NAIVE_POINT.format(name=name),
            colour.format(name=name, colour="#14171b"),
            colour.format(name=name, colour="#1d6f72"),
        )
        for name in names
    ]


# Runs in the page: waits, frame by frame, until the text has changed.
WATCH_TEXT: Final = """
() => {
  const text = () => document.querySelector('.st-key-towns').innerText, before = text();
  let pressed = 0;
  document.addEventListener('pointerdown', () => { pressed = performance.now(); },
    { capture: true, once: true });
  window.done = new Promise((resolve) => {
    const look = () => {
      if (pressed && text() !== before) resolve(performance.now() - pressed);
      else requestAnimationFrame(look);
    };
    look();
  });
}
"""


def smallest(run: Run, page: Page, clicks: int) -> Run:
    """Press the button of the smallest page."""
    run.first_ms = page.first_ms
    for _ in range(clicks):
        before = page.received()
        page.page.evaluate(WATCH_TEXT)
        page.page.click(".st-key-press button")
        run.list_ms.append(page.page.evaluate("window.done"))
        page.page.wait_for_timeout(500)
        run.count(before, page.received())
    return run


READY_SMALLEST: Final = "return document.querySelector('.st-key-press button');"
READY: Final = (
    f"const f = document.querySelector('{FRAME}');"
    "return f && f.contentDocument && f.contentDocument.querySelector('#map_div[data-ready=yes]');"
)
READY_NAIVE: Final = (
    f"const f = document.querySelector('{FRAME}');"
    "return f && f.contentDocument && f.contentDocument.querySelector('path[class^=id-]');"
)


def one(
    browser: Any,
    name: str,
    script: str,
    ready: str,
    segments: list[tuple[str, str, str]],
    clicks: int,
    *,
    query: str = "",
) -> Run:
    """Serve and measure one page; the first visit warms the server."""
    with (
        TemporaryDirectory() as folder,
        running(Server(script=beside_static(folder, script))) as server,
    ):
        Page(browser, server.url + query, ready).page.close()
        page = Page(browser, server.url + query, ready)
        if script == APP.name:
            wait_for_work_ahead(server.pid)
        if segments:
            run = measure(Run(name), page, segments, clicks, rest=name != AT_ONCE)
        else:
            run = smallest(Run(name), page, clicks)
        page.page.close()
    return run


def beside_static(folder: str, script: str) -> Path:
    """Place a page in a folder with the app's static files and settings, as Streamlit needs it."""
    if script == APP.name:
        return APP
    for name in ("static", ".streamlit"):
        (Path(folder) / name).symlink_to(ROOT / APP.parent / name)
    page = Path(folder) / script
    page.write_text(Path(__file__).with_name(script).read_text(encoding="utf-8"), encoding="utf-8")
    return page


def benchmark_map(clicks: int) -> list[Run]:
    """All four pages, the app twice."""
    names = telling_segments()
    large = [f"s{row:06d}" for row in range(1000, 20_000, 300)]
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=chromium.find(), args=list(chromium.FLAGS))
        runs = [
            one(browser, "the app", "app.py", READY, ours(names), clicks, query=QUERY),
            one(browser, AT_ONCE, "app.py", READY, ours(names), clicks, query=QUERY),
            one(browser, "naive folium", "page_naive.py", READY_NAIVE, naive(names), clicks),
            one(browser, "20,000 segments", "page_large.py", READY, ours(large), clicks),
            one(browser, SMALLEST, "page_smallest.py", READY_SMALLEST, [], clicks),
        ]
        browser.close()
    return runs


def main(argv: Sequence[str] | None = None) -> int:
    """Print the table; the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks map", description=__doc__)
    parser.add_argument("--clicks", type=int, default=20)
    options = parser.parse_args(argv)
    runs = benchmark_map(options.clicks)
    cores = os.cpu_count()
    print(f"{platform.machine()}, {cores} cores for server and browser; Chromium without GPU;")
    print(f"median of {options.clicks} clicks.\n")
    print(HEAD)
    for run in runs:
        print(run.row())
    least = statistics.median(runs[-1].list_ms)
    for run in runs[:2]:
        shown = statistics.median(run.list_ms) / least
        drawn = statistics.median(run.page_ms) / least
        print(
            f"\n{run.name}: road and list after {shown:.2f} times the smallest click,"
            f" drawn by a run after {drawn:.2f} times."
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
