"""Two questions to the app at work: whether a session grows, whether a file slows the others.

Both are asked through ``python -m tests.benchmarks load``: ``--soak 500`` and ``--upload
FILE``.
"""

import asyncio
import random
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles
from typing import Final

import psutil

from geodata.network.model import Network
from tests.benchmarks.load.visitor import Visitor

WARM_UP: Final = 400
"""Clicks before the first weighing: by then the libraries are loaded, the session's history of a
hundred steps is full and the results on these roads are kept."""

MB: Final = 2**20
QUERY: Final = "vehicle=tanker&lang=en"
EVENT_FILES: Final = (".csv", ".txt", ".xlsx")
ROAD_FILES: Final = (".geojson", ".gpkg", ".zip", ".fgb", ".parquet")
ROADS: Final = "own_layer_roads"
PAUSE_SECONDS: Final = 1.0


@dataclass
class Growth:
    """Memory of the server in MB, and the waiting times, over the runs of one session."""

    first_mb: float = 0.0
    last_mb: float = 0.0
    waits: list[float] = field(default_factory=list)


async def soak(port: int, process: psutil.Process, network: Network, runs: int) -> Growth:
    """Let one session cut and reopen roads ``runs`` times, after a warm-up."""
    choice, growth = random.Random(7), Growth()
    # Roads come again and again, as a visitor's do, so that what grows is not the cache of views.
    roads = choice.sample(network.segment_ids, 5)
    visitor = Visitor(f"ws://127.0.0.1:{port}", f"{QUERY}&tab=scenario")
    await visitor.open()
    for number in range(WARM_UP + runs):
        if number == WARM_UP:
            growth.first_mb = process.memory_info().rss / MB
        growth.waits.append(await visitor.click(choice.choice(roads)))
    growth.last_mb = process.memory_info().rss / MB
    await visitor.close()
    return growth


@dataclass
class Disturbance:
    """Waiting times of the others without and with uploads, and the uploads' own, in seconds."""

    before: list[float] = field(default_factory=list)
    during: list[float] = field(default_factory=list)
    uploads: list[float] = field(default_factory=list)


async def disturb(
    port: int,
    network: Network,
    file: Path,
    *,
    sessions: int,
    seconds: float,
    think: float,
    towns: Path | None = None,
) -> Disturbance:
    """Let visitors click as before, first alone, then beside one who opens ``file`` repeatedly."""
    found = Disturbance()
    others = [Visitor(f"ws://127.0.0.1:{port}", f"{QUERY}&tab=scenario") for _ in range(sessions)]
    for visitor in others:
        await visitor.open()
    for waits, with_uploads in ((found.before, False), (found.during, True)):
        end = time.perf_counter() + seconds
        clicks = [
            _clicking(visitor, network, seed, end, think, waits)
            for seed, visitor in enumerate(others)
        ]
        uploading = [_uploading(port, file, towns, end, found.uploads)] if with_uploads else []
        await asyncio.gather(*clicks, *uploading)
    for visitor in others:
        await visitor.close()
    return found


async def _clicking(
    visitor: Visitor, network: Network, seed: int, end: float, think: float, waits: list[float]
) -> None:
    choice = random.Random(seed)
    while time.perf_counter() < end:
        await asyncio.sleep(choice.uniform(0, 2 * think))
        road = choice.choice(sorted(visitor.cut) if len(visitor.cut) > 5 else network.segment_ids)
        waits.append(await visitor.click(road))


async def _uploading(
    port: int, file: Path, towns: Path | None, end: float, waits: list[float]
) -> None:
    """Give a table of events, a snapshot or roads, again and again, as a new file each time."""
    content = file.read_bytes()
    tab, uploader = _uploader(file)
    visitor = Visitor(f"ws://127.0.0.1:{port}", f"{QUERY}&tab={tab}")
    await visitor.open()
    if uploader == ROADS:
        if towns is None:
            raise ValueError("--towns: roads are imported with towns that lie on them")
        await visitor.upload("own_layer_towns", towns.name, towns.read_bytes())
    while time.perf_counter() < end:
        wait = await visitor.upload(uploader, file.name, content)
        waits.append(wait + (await visitor.press("own_import") if uploader == ROADS else 0.0))
        if uploader == ROADS and not visitor.sees("own_use_network"):
            raise ValueError(f"{file.name}: no network came of it")
        await asyncio.sleep(PAUSE_SECONDS)
    with suppress(ConnectionError):
        await visitor.close()


def _uploader(file: Path) -> tuple[str, str]:
    """Tab and key of the uploader that reads such a file as soon as it is given."""
    if file.suffix.lower() in EVENT_FILES:
        return "own", "own_events_file"
    if file.suffix.lower() in ROAD_FILES:
        return "own", ROADS
    return "share", "snapshot_file"


def growth_table(growth: Growth, runs: int) -> str:
    """The figures of a soak as rows of a table."""
    more = growth.last_mb - growth.first_mb
    return "\n".join(
        (
            f"| runs of one session, after {WARM_UP} | {runs} |",
            f"| click, median and 95th percentile | {median(growth.waits):.3f} s, "
            f"{p95(growth.waits):.3f} s |",
            f"| server memory, start and end | {growth.first_mb:.1f} MB, {growth.last_mb:.1f} MB |",
            f"| growth | {more:+.1f} MB |",
        )
    )


def disturbance_table(found: Disturbance, file: Path, sessions: int) -> str:
    """The figures of uploads beside clicks as rows of a table."""
    before, during = p95(found.before), p95(found.during)
    return "\n".join(
        (
            f"| file opened again and again | {file.name}, {file.stat().st_size / 1e6:.3f} MB, "
            f"{len(found.uploads)} times, median {median(found.uploads):.2f} s |",
            f"| others | {sessions} sessions, {len(found.before)} and {len(found.during)} clicks |",
            f"| click without uploads, median and 95th percentile | {median(found.before):.3f} s, "
            f"{before:.3f} s |",
            f"| click beside uploads, median and 95th percentile | {median(found.during):.3f} s, "
            f"{during:.3f} s |",
            f"| 95th percentile, ratio | {during / before:.2f} |",
        )
    )


def p95(waits: Sequence[float]) -> float:
    """95th percentile of waiting times; not a number for fewer than two."""
    return quantiles(waits, n=20)[-1] if len(waits) > 1 else float("nan")
