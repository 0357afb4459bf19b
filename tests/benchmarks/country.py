"""A whole country: the import benchmark's 282,676 segments read, analysed, and drawn in a page.

``python -m tests.benchmarks country`` imports the network first, which takes about a minute.
The page is measured in a real browser, beside the naive one: folium with all roads in it.
"""

import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import psutil
from playwright.sync_api import Browser, sync_playwright
from playwright.sync_api import TimeoutError as TooLate

from geodata.analysis.accessibility import access
from geodata.conditions import Conditions
from geodata.dataset import load
from geodata.network.files import NetworkFormat, write_network
from geodata.network.model import Network
from tests.benchmarks.comparison import Row, seconds
from tests.benchmarks.map.clicks import FRAME, Page, beside_static, ours
from tests.benchmarks.road_import import ROADS, TOWNS, imported
from tests.support import chromium
from tests.support.server import Server, running

GOALS: Final = {"read": 3.0, "access": 0.4, "routes": 3.0, "first": 6.0, "click": 0.6}
GOAL_MB: Final = 1_200
CLICKS: Final = 9
NAIVE_SECONDS: Final = 120
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


def measure() -> list[Row]:
    """Measure reading, access and the page; some minutes."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        imported(ROADS, TOWNS, folder)
        as_json, as_parquet = folder / "network", folder / "parquet"
        write_network(load(as_json).network, as_parquet, formats=[NetworkFormat.GEOPARQUET])
        rows = [_reading(as_json, as_parquet), *_engine(load(as_parquet).network)]
        with sync_playwright() as player:
            browser = player.chromium.launch(
                executable_path=chromium.find(), args=list(chromium.FLAGS)
            )
            rows += _page(browser, as_parquet)
            browser.close()
    return rows


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


def _reading(as_json: Path, as_parquet: Path) -> Row:
    size = [sum(f.stat().st_size for f in path.iterdir()) / 1e6 for path in (as_parquet, as_json)]
    json_time = _time(lambda: load(as_json), rounds=3)
    return _row(
        "data set opened from a folder",
        "read",
        _time(lambda: load(as_parquet), rounds=3),
        f"{seconds(json_time)} from GeoJSON",
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


def _page(browser: Browser, folder: Path) -> list[Row]:
    """First map, click to list, and memory of the server; the first visit warms it."""
    with running(Server(arguments=("--network", str(folder)))) as server:
        process = psutil.Process(server.pid)
        Page(browser, server.url + QUERY, READY, listed=".st-key-panel").page.close()
        page = Page(browser, server.url + QUERY, READY, listed=".st-key-panel")
        first, times = page.first_ms / 1000, _clicks(page)
        peak = process.memory_info().rss / 1e6
        page.page.close()
    with tempfile.TemporaryDirectory() as name:
        script = beside_static(name, "page_naive_country.py")
        with running(Server(script=script, arguments=(str(folder),))) as server:
            naive = _naive_first(browser, server.url)
    return [
        _row("first map, server warm", "first", first, naive, "peer: folium with all roads"),
        _row("click on a road to the list", "click", statistics.median(times)),
        Row(
            "memory of the server",
            f"{peak:,.0f} MB",
            "",
            f"< {GOAL_MB:,} MB",
            peak < GOAL_MB,
            f"after {CLICKS} cuts and two visits",
        ),
    ]


def _clicks(page: Page) -> Sequence[float]:
    frame: Any = page.page.query_selector(FRAME).content_frame()
    names = frame.evaluate(SEEN)
    reachable = page.reachable(ours(names[:: max(1, len(names) // 200)]))
    return [page.click(point, cut)[1] / 1000 for point, cut, _ in reachable[:CLICKS]]


def _naive_first(browser: Browser, url: str) -> str:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    start = time.perf_counter()
    check = f"const f = document.querySelector('{FRAME}'); return f && f.contentDocument"
    try:
        page.goto(url)
        page.wait_for_function(
            f"() => {{ {check} && f.contentDocument.querySelector('path.leaflet-interactive'); }}",
            timeout=NAIVE_SECONDS * 1000,
        )
    except TooLate:
        return f"not within {NAIVE_SECONDS} s"
    finally:
        page.close()
    return seconds(time.perf_counter() - start)
