"""A whole country: the import benchmark's 282,676 segments read, analysed, and drawn in a page.

``python -m tests.benchmarks country`` imports the network first, which takes about a minute, and
then measures each of `PARTS`; ``--part page`` measures one alone. The page is measured in a real
browser, beside the naive one: folium with all roads in it.
"""

import statistics
import tempfile
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import psutil
from playwright.sync_api import Browser, sync_playwright

from geodata.analysis.accessibility import access
from geodata.conditions import Conditions
from geodata.dataset import load
from geodata.network.files import NetworkFormat, write_network
from geodata.network.model import Network
from tests.benchmarks.comparison import Row, seconds
from tests.benchmarks.country_naive import naive
from tests.benchmarks.country_products import products
from tests.benchmarks.country_visitors import visitors
from tests.benchmarks.map.clicks import FRAME, Page, ours
from tests.benchmarks.road_import import ROADS, TOWNS, imported
from tests.support import chromium
from tests.support.server import Server, running

PARTS: Final = ("reading", "engine", "exports", "page", "naive", "visitors")
GOALS: Final = {"read": 3.0, "access": 0.4, "routes": 3.0, "first": 6.0, "click": 0.6}
GOAL_MB: Final = 1_200
CLICKS: Final = 9
QUERY: Final = "/?vehicle=tanker&lang=en&tab=scenario"
READY: Final = (
    f"const f = document.querySelector('{FRAME}');"
    "return f && f.contentDocument && f.contentDocument.querySelector('#map_div[data-ready=yes]');"
)
SEEN: Final = """async () => {
  const ids = [];
  for (const { name } of performance.getEntriesByType('resource')) {
    const rows = name.includes('/tiles/') ? await (await fetch(name)).json() : null;
    if (Array.isArray(rows)) ids.push(...rows.map((row) => row[1]));
  }
  return ids;
}"""


def measure(parts: Collection[str] = PARTS) -> list[Row]:
    """Measure the parts named; all of them take some six minutes on two idle cores."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        imported(ROADS, TOWNS, folder)
        as_json, as_parquet = folder / "network", folder / "parquet"
        begun = time.perf_counter()
        network = load(as_json).network
        json_seconds = time.perf_counter() - begun
        write_network(network, as_parquet, formats=[NetworkFormat.GEOPARQUET])
        made: dict[str, Callable[[], list[Row]]] = {
            "reading": lambda: [_reading(as_json, as_parquet, json_seconds)],
            "engine": lambda: _engine(network),
            "exports": lambda: products(as_parquet),
            "page": lambda: _page(as_parquet),
            "naive": lambda: [naive(as_parquet)],
            "visitors": lambda: [visitors(as_parquet)],
        }
        return [row for part in PARTS if part in parts for row in made[part]()]


def _time(run: Callable[[], object], *, rounds: int = 5) -> float:
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def _row(question: str, name: str, ours_: float, peer: str = "", note: str = "") -> Row:
    goal = GOALS[name]
    return Row(question, seconds(ours_), peer, f"< {goal} s", ours_ < goal, note)


def _reading(as_json: Path, as_parquet: Path, json_seconds: float) -> Row:
    size = [sum(f.stat().st_size for f in path.iterdir()) / 1e6 for path in (as_parquet, as_json)]
    return _row(
        "data set opened from a folder",
        "read",
        _time(lambda: load(as_parquet), rounds=3),
        f"{seconds(json_seconds)} from GeoJSON",
        f"GeoParquet of {size[0]:.0f} MB, GeoJSON of {size[1]:.0f} MB with the import's reports",
    )


def _engine(network: Network) -> list[Row]:
    cuts = iter(network.segment_ids)

    def asked(*, routes: bool) -> object:
        return access(network, Conditions(cut=frozenset({next(cuts)})), count_routes=routes)

    asked(routes=True)
    note = f"{len(network.segment_ids):,} segments, {len(network.towns)} towns; baseline included"
    return [
        _row("access", "access", _time(lambda: asked(routes=False)), note=note),
        _row("access with independent routes", "routes", _time(lambda: asked(routes=True))),
    ]


@contextmanager
def _browser() -> Iterator[Browser]:
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=chromium.find(), args=list(chromium.FLAGS))
        try:
            yield browser
        finally:
            browser.close()


def _page(folder: Path) -> list[Row]:
    """First map, click to list, and memory of the server; the first visit warms it."""
    server = Server(arguments=("--network", str(folder)))
    with _browser() as browser, running(server):
        process = psutil.Process(server.pid)
        Page(browser, server.url + QUERY, READY, listed=".st-key-panel").page.close()
        page = Page(browser, server.url + QUERY, READY, listed=".st-key-panel")
        first, before = page.first_ms / 1000, process.cpu_times()
        times = _clicks(page)
        after, peak = process.cpu_times(), process.memory_info().rss / 1e6
    work = (after.user + after.system - before.user - before.system) / max(1, len(times))
    return [
        _row("first map, server warm", "first", first),
        _row(
            "click on a road to the list",
            "click",
            statistics.median(times),
            note=f"median of {len(times)} cuts; processor time of the server {seconds(work)} each",
        ),
        Row(
            "memory of the server",
            f"{peak:,.0f} MB",
            "",
            f"< {GOAL_MB:,} MB",
            peak < GOAL_MB,
            f"after {len(times)} cuts and two visits",
        ),
    ]


def _clicks(page: Page) -> Sequence[float]:
    frame: Any = page.page.query_selector(FRAME).content_frame()
    names = frame.evaluate(SEEN)
    reachable = page.reachable(ours(names[:: max(1, len(names) // 200)]))
    return [page.click(point, cut, rest=True)[0][1] / 1000 for point, cut, _ in reachable[:CLICKS]]
