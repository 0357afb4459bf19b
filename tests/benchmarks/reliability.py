"""Section ``reliability``: probability of access, exact and sampled, on one machine and on Dask."""

import datetime as dt
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np

from geodata.analysis.closure_samples import BLOCK
from geodata.analysis.common_shocks import NO_SWITCH, CommonShocks
from geodata.analysis.reliability import PROBABILITY, Method, Sampling, reliability, shocks_on
from geodata.analysis.sampled_reliability import SampledReliability, sampled_reliability
from geodata.analysis.uncertain_network import UncertainNetwork, uncertain_network
from geodata.conditions import Conditions
from geodata.dataset import shipped
from geodata.network.files import read_network
from geodata.network.model import Network
from geodata.schema import Vehicle
from tests.benchmarks.comparison import Row, seconds
from tests.benchmarks.road_import import ROADS, TOWNS, imported
from tests.support import dask

DAY: Final = dt.date(2025, 11, 10)
SAMPLES: Final = 10_000
DASK_SAMPLES: Final = 20 * BLOCK
"""So many that starting and sending weigh little."""

CLOSED: Final = 0.1
CORES: Final = 2
EXACT_SECONDS: Final = 2.0
SAMPLED_SECONDS: Final = 1.0
LARGE_SECONDS: Final = 180.0


def measure() -> list[Row]:
    """Time the shipped network, then the network of the import benchmark (some minutes)."""
    with TemporaryDirectory() as folder:
        imported(ROADS, TOWNS, Path(folder))
        network = read_network(Path(folder) / "network")
    uncertain = all_uncertain(network)
    return [*_shipped(), _large(uncertain), *_on_dask(uncertain)]


def _shipped() -> list[Row]:
    dataset, scenario = shipped(), Conditions(vehicle=Vehicle.TANKER)
    shocks = shocks_on(dataset, scenario, on=DAY)
    began = time.perf_counter()
    exact = reliability(dataset, scenario, shocks, method=Method.EXACT)
    middle = time.perf_counter()
    drawn = reliability(
        dataset, scenario, shocks, method=Method.SAMPLED, sampling=Sampling(SAMPLES)
    )
    ended = time.perf_counter()
    away = float((exact.towns[PROBABILITY] - drawn.towns[PROBABILITY]).abs().max())
    towns = f"{len(exact.towns)} towns, {2 ** len(exact.switches):,} states of the switches"
    return [
        Row(
            "probability of access, shipped network, exact",
            seconds(middle - began),
            "",
            f"under {EXACT_SECONDS:g} s",
            middle - began < EXACT_SECONDS,
            towns,
        ),
        Row(
            f"the same by {SAMPLES:,} samples",
            seconds(ended - middle),
            "",
            f"under {SAMPLED_SECONDS:g} s",
            ended - middle < SAMPLED_SECONDS,
            f"at most {away:.3f} from the exact probability",
        ),
    ]


def all_uncertain(network: Network) -> UncertainNetwork:
    """Every segment closed with the same probability, independently: the hardest case."""
    count = len(network.segment_ids)
    shocks = CommonShocks(np.full(count, CLOSED), np.full(count, NO_SWITCH), ())
    return uncertain_network(network, Conditions(), shocks)


def _large(uncertain: UncertainNetwork) -> Row:
    began = time.perf_counter()
    drawn = sampled_reliability(uncertain, samples=SAMPLES, workers=CORES)
    taken = time.perf_counter() - began
    low, high = drawn.interval()
    return Row(
        f"{SAMPLES:,} samples of {len(uncertain.segment):,} uncertain segments",
        seconds(taken),
        "",
        f"under {LARGE_SECONDS:g} s on {CORES} cores",
        taken < LARGE_SECONDS,
        f"{len(uncertain.town)} towns; no interval wider than {float((high - low).max()):.3f}",
    )


def _on_dask(uncertain: UncertainNetwork) -> list[Row]:
    """More samples on one worker, then on two; beside it one process without Dask."""
    alone, without = _timed(uncertain)
    rows = []
    with dask.scheduler() as address:
        for count in (1, 2):
            with dask.workers(address, count):
                _timed(uncertain, scheduler=address, samples=BLOCK)  # workers load the libraries
                taken, drawn = _timed(uncertain, scheduler=address)
            same = np.array_equal(drawn.connected, without.connected) and np.array_equal(
                drawn.people, without.people
            )
            rows.append(
                Row(
                    f"{DASK_SAMPLES:,} of these samples, Dask, workers: {count}",
                    seconds(taken),
                    seconds(alone),
                    "the same bytes",
                    same,
                    f"{alone / taken:.2f} times as fast as one process",
                )
            )
    return rows


def _timed(
    uncertain: UncertainNetwork, *, samples: int = DASK_SAMPLES, scheduler: str | None = None
) -> tuple[float, SampledReliability]:
    began = time.perf_counter()
    drawn = sampled_reliability(uncertain, samples=samples, scheduler=scheduler)
    return time.perf_counter() - began, drawn
