"""Whether what visitors leave behind stays: sessions that connect, upload, open and leave.

Asked through ``python -m tests.benchmarks load --visits 1000 --seconds 3600``.
"""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Final

import psutil

from dashboard.runtime.departures import KEPT_SECONDS, LOOK_SECONDS
from tests.benchmarks.load.visitor import Visitor

MB: Final = 2**20
LIMIT_MB: Final = 20.0
"""Most that the server may grow."""

WARM_UP: Final = 30
"""Visits before the first weighing: by then every library is loaded and every cache is full."""

ROWS: Final = 300
QUERY: Final = "vehicle=tanker&lang=en&tab=own"
REST_SECONDS: Final = KEPT_SECONDS + 3 * LOOK_SECONDS
"""After the last visitor left, until all is given back."""


@dataclass
class Visits:
    """Memory of the server in MB after the warm-up and after all, and seconds a visit took."""

    first_mb: float = 0.0
    last_mb: float = 0.0
    waits: list[float] = field(default_factory=list)


def table(number: int, rows: int = ROWS) -> bytes:
    """A table of events, another one for each visitor."""
    lines = ["date,event_type,lat,lon,place,source_name,summary"]
    lines += [
        f"2025-{9 + row % 3:02}-{1 + row % 28:02},attack,{12 + row % 97 / 50:.3f},"
        f"{-8 + row % 89 / 40:.3f},Place {number}-{row},Test,Row {row} of visitor {number}"
        for row in range(rows)
    ]
    return "\n".join(lines).encode()


async def visits(
    port: int, process: psutil.Process, count: int, *, seconds: float, rest: float = REST_SECONDS
) -> Visits:
    """Let visitors come one after the other, spread over ``seconds``, and weigh the server."""
    found = Visits()
    await _come(port, WARM_UP, 0, found.waits, gap=0.0)
    await asyncio.sleep(rest)
    found.first_mb = process.memory_info().rss / MB
    found.waits.clear()
    await _come(port, count, WARM_UP, found.waits, gap=seconds / count)
    await asyncio.sleep(rest)
    found.last_mb = process.memory_info().rss / MB
    return found


async def _come(port: int, count: int, first: int, waits: list[float], *, gap: float) -> None:
    for number in range(first, first + count):
        began = time.perf_counter()
        await _visit(port, number)
        waits.append(time.perf_counter() - began)
        await asyncio.sleep(max(0.0, gap - waits[-1]))


async def _visit(port: int, number: int) -> None:
    visitor = Visitor(f"ws://127.0.0.1:{port}", QUERY)
    await visitor.open()
    await visitor.upload("own_events_file", f"{number}.csv", table(number))
    if not visitor.sees("own_use"):
        raise ValueError("the table of a visitor was not read")
    await visitor.press("own_use")
    await visitor.go("map")
    await visitor.close()


def visits_table(found: Visits, count: int) -> str:
    """The figures as rows of a table."""
    growth = found.last_mb - found.first_mb
    return "\n".join(
        (
            f"| sessions that connect, upload, open and leave, after {WARM_UP} | {count} |",
            f"| a visit, median and longest | {_seconds(found.waits)} |",
            f"| server memory, first and last | {found.first_mb:.1f} MB, {found.last_mb:.1f} MB |",
            f"| growth, limit {LIMIT_MB:g} MB | {growth:+.1f} MB |",
        )
    )


def _seconds(waits: Sequence[float]) -> str:
    return f"{median(waits):.2f} s, {max(waits):.2f} s"
