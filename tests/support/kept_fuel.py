"""Fuel of the same inputs is computed once in each process of tests.

`fuel_filter.run` takes 3 s, and its result depends on its arguments alone. Exports, commands and
pages ask for the shipped data's fuel some fifty times in these tests; after the first time they
get a copy.
"""

import copy
import hashlib
import pickle
from collections.abc import Sequence
from typing import Final

import numpy as np

from geodata.analysis import fuel_filter
from geodata.analysis.fuel_convoys import Convoys
from geodata.analysis.fuel_members import Members
from geodata.analysis.fuel_reports import Report
from geodata.analysis.fuel_roads import Roads

_run: Final = fuel_filter.run
_kept: Final[dict[str, fuel_filter.Days]] = {}


def run(
    roads: Roads,
    state: Members,
    convoys: Convoys,
    reports: Sequence[Report],
    rng: np.random.Generator,
) -> fuel_filter.Days:
    """Stand in for `fuel_filter.run`; ``state`` and ``rng`` stay as they are the second time."""
    towns = roads.network.towns
    rest = {name: value for name, value in vars(roads).items() if name != "network"}
    inputs = pickle.dumps((towns, rest, state, convoys, tuple(reports), rng.bit_generator.state))
    key = hashlib.sha256(inputs).hexdigest()
    if key not in _kept:
        _kept[key] = _run(roads, state, convoys, reports, rng)
    return copy.deepcopy(_kept[key])
