"""Section ``replay``: every day of a season at once, against one day at a time."""

import datetime as dt
import time
from statistics import median
from typing import Final

from geodata.analysis.accessibility import access
from geodata.analysis.resolution import conditions_on
from geodata.analysis.timeline import replay
from geodata.conditions import Conditions
from geodata.dataset import Dataset, shipped
from tests.benchmarks.comparison import Row, seconds

START: Final = dt.date(2025, 9, 3)
DAYS: Final = 200
SAMPLE: Final = 20
RUNS: Final = 5
GOAL_SECONDS: Final = 1.0


def measure() -> list[Row]:
    """Time a replay of the shipped network and the same days asked one by one."""
    dataset = shipped()
    _one_by_one(dataset, 1)
    _at_once(dataset)
    ours, theirs = [], []
    for _ in range(RUNS):
        ours.append(_at_once(dataset))
        theirs.append(_one_by_one(dataset, SAMPLE) * DAYS / SAMPLE)
    here, peer = median(ours), median(theirs)
    return [
        Row(
            question=f"{DAYS} days on the shipped network, roads and towns",
            ours=seconds(here),
            peer=seconds(peer),
            goal=f"under {GOAL_SECONDS:g} s",
            met=here < GOAL_SECONDS,
            note=f"{peer / here:.0f} times as fast as asking for each day separately "
            f"({SAMPLE} days timed, times {DAYS // SAMPLE}); median of {RUNS} in turn",
        )
    ]


def _at_once(dataset: Dataset) -> float:
    end = START + dt.timedelta(days=DAYS - 1)
    began = time.perf_counter()
    replay(dataset.network, dataset.events, START, end, corridor_segments=dataset.corridor_segments)
    return time.perf_counter() - began


def _one_by_one(dataset: Dataset, days: int) -> float:
    began = time.perf_counter()
    for number in range(days):
        on = START + dt.timedelta(days=number * DAYS // max(days, 1))
        access(dataset.network, conditions_on(dataset, Conditions(), on=on), count_routes=False)
    return time.perf_counter() - began
