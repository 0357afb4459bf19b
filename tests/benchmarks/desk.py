"""One server's desk with 20 editors and 50 readers: times of a save and a read, and losses."""

import datetime as dt
import os
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from geodata.desk.editing import add_event
from geodata.desk.people import local_person
from geodata.desk.store import Desk, opened
from tests.benchmarks.comparison import Row

EDITORS: Final = 20
READERS: Final = 50
SECONDS: Final = 20
PAUSE: Final = 5.0
"""Between two acts of one person; real ones take longer."""

GOAL_SECONDS: Final = 0.5
EVENT: Final = {
    "date": "2026-05-01", "event_type": "blockade", "place": "Diboli", "lat": "14.46",
    "lon": "-12.2", "effect_on_passage": "closed", "source_name": "Radio A",
}  # fmt: skip


def measure() -> list[Row]:
    """Rows of the table, on the database that ``DESK_DATABASE`` names, or a file."""
    with tempfile.TemporaryDirectory() as folder:
        url = os.environ.get("DESK_DATABASE") or f"sqlite:///{Path(folder) / 'desk.sqlite'}"
        desk = opened(url)
        first = desk.version
        saves, reads = _together(desk)
        lost = len(saves) - (opened(url).version - first)
    return [
        _row(f"save, {EDITORS} editors", saves),
        _row(f"read, {READERS} readers", reads),
        Row("saves lost", str(lost), "", "0", lost == 0),
    ]


def _together(desk: Desk) -> tuple[list[float], list[float]]:
    saves: list[float] = []
    reads: list[float] = []
    end = time.monotonic() + SECONDS

    def edits(number: int) -> None:
        me = local_person(f"Editor {number}")
        today = dt.date(2026, 5, 20)
        while time.monotonic() < end:
            saves.append(_timed(lambda: add_event(desk, me, EVENT, today=today)))
            time.sleep(PAUSE)

    def looks(_number: int) -> None:
        while time.monotonic() < end:
            reads.append(_timed(lambda: desk.records()))
            time.sleep(PAUSE)

    people = [(edits, n) for n in range(EDITORS)] + [(looks, n) for n in range(READERS)]
    threads = [threading.Thread(target=act, args=(n,)) for act, n in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return saves, reads


def _timed(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def _row(question: str, times: list[float]) -> Row:
    p95 = statistics.quantiles(times, n=20)[-1]
    told = f"p95 {p95:.2f} s, median {statistics.median(times):.2f} s, n {len(times)}"
    return Row(question, told, "", f"{GOAL_SECONDS} s", p95 < GOAL_SECONDS)
