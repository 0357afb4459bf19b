"""Section ``reliability``: probability of access, exact and sampled, on one machine and on Dask."""

import datetime as dt
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np

from geodata.analysis.common_shocks import NO_SWITCH, CommonShocks
from geodata.analysis.reliability import PROBABILITY, Method, Sampling, reliability, shocks_on
from geodata.analysis.sampled_reliability import sampled_reliability
from geodata.analysis.uncertain_network import UncertainNetwork, uncertain_network
from geodata.conditions import Conditions
from geodata.dataset import shipped
from geodata.network.files import read_network
from geodata.network.model import Network
from geodata.schema import Vehicle
from tests.benchmarks.comparison import Row, seconds
from tests.benchmarks.road_import import ROADS, TOWNS, imported

DAY: Final = dt.date(2025, 11, 10)
SAMPLES: Final = 10_000
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
    return [*_shipped(), _large(network)]


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


def _large(network: Network) -> Row:
    found = all_uncertain(network)
    began = time.perf_counter()
    drawn = sampled_reliability(found, samples=SAMPLES, workers=CORES)
    taken = time.perf_counter() - began
    low, high = drawn.interval()
    return Row(
        f"{SAMPLES:,} samples of {len(found.segment):,} uncertain segments",
        seconds(taken),
        "",
        f"under {LARGE_SECONDS:g} s on {CORES} cores",
        taken < LARGE_SECONDS,
        f"{len(found.town)} towns; no interval wider than {float((high - low).max()):.3f}",
    )
