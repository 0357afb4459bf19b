"""How much memory a question takes at most, estimated before it is computed.

A result's own size is known only when it is made; on a network from a stranger's file that is too
late. What most of it consists of can be counted beforehand.
"""

from typing import Final

import numpy as np

from geodata.analysis.paths import routes_with_and_without_escort
from geodata.conditions import Conditions
from geodata.network.model import Network

PAIR_BYTES: Final = 500
"""Bytes of one segment and one town whose access it bears on, while the table of every cut is
made; measured on grids of roads where every junction is a town."""

DAY_BYTES: Final = 12
"""Bytes of one segment on one day of a replay: its states in the arrays of small numbers."""

TOUCHED_BYTES: Final = 60
"""Bytes of one segment on one day where events bear on it: their weights as well."""

TOUCHED_BY_EVENT: Final = 10
"""Segments that an event bears on, in the mean over a table, at most."""

TOWN_DAY_BYTES: Final = 60
TOWN_FUEL_BYTES: Final = 200_000
"""Bytes of one town in the fuel model: some fifty figures for each of its 1,000 members."""


def every_cut_bytes(network: Network, scenario: Conditions) -> int:
    """Return how much memory `geodata.analysis.critical_links.every_cut` takes at most.

    A cut concerns a town only if the segment lies on the town's current route, so that there are
    at most as many pairs as these routes have segments together.

    Parameters
    ----------
    network : Network
    scenario : Conditions
        The state from which one more segment is cut.

    Returns
    -------
    int
        Bytes.

    Raises
    ------
    UnknownIdError
        If the scenario names an id that the network does not hold.
    """
    free, escorted = routes_with_and_without_escort(network, scenario)
    towns = [network.node_number[town] for town in network.towns]
    each = np.ones(len(network.segment_ids))
    searches = (free,) if free is escorted else (free, escorted)
    return PAIR_BYTES * int(sum(search.along(each)[towns].sum() for search in searches))


def replay_bytes(network: Network, n_events: int, n_days: int) -> int:
    """Return how much memory `geodata.analysis.timeline.replay` takes, in bytes.

    Parameters
    ----------
    network : Network
    n_events, n_days : int
        Events that may close segments, and days replayed.
    """
    segments, towns = len(network.segment_ids), len(network.towns)
    touched = min(segments, TOUCHED_BY_EVENT * n_events)
    each_day = DAY_BYTES * segments + TOUCHED_BYTES * touched + TOWN_DAY_BYTES * towns
    return n_days * each_day


def fuel_bytes(network: Network) -> int:
    """Return how much memory `geodata.analysis.fuel.fuel` takes, in bytes."""
    return TOWN_FUEL_BYTES * len(network.towns)
