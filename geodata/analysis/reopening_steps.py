"""The order in which a chosen set of closed segments is reopened, with the reason for each step."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata import schema as f
from geodata.analysis.accessibility import people_for_ranking, population_of
from geodata.analysis.redundancy import linked
from geodata.conditions import Conditions
from geodata.network.model import Network


def reopening_steps(
    network: Network, scenario: Conditions, segments: Sequence[str]
) -> pd.DataFrame:
    """Return the order in which to reopen a set, and what each step restores.

    Parameters
    ----------
    network : Network
    scenario : Conditions
    segments : sequence of str
        Such as one set of a `ReopeningPlan`. Those that touch nothing supplied to the end are
        left out.

    Returns
    -------
    DataFrame
        ``step, segment_id, towns_restored, population_restored, population_unknown, needs``.
        Each step is the one that restores most people of those that touch what is supplied;
        ``needs`` names the segments of the set without which it would touch nothing supplied.
    """
    roads = scenario.on(network)
    open_mask, supply = roads.passable, roads.supply
    left = [network.segment_number[i] for i in segments]
    towns = np.array([network.node_number[i] for i in network.towns], dtype=np.int64)
    done: list[int] = []
    rows: list[tuple[object, ...]] = []
    while left:
        reached = linked(network, open_mask, supply)
        touching = [s for s in left if reached[network.tail[s]] or reached[network.head[s]]]
        if not touching:
            break
        row = min(touching, key=lambda s: (_gain(network, open_mask, supply, s), s))
        needs = _way(network, open_mask, supply, done, row)
        open_mask = open_mask.copy()
        open_mask[row] = True
        now = linked(network, open_mask, supply)
        back = towns[now[towns] & ~reached[towns]]
        people, unknown = population_of(network.nodes[f.POPULATION].iloc[back])
        ids = tuple(network.node_ids[t] for t in back)
        rows.append((len(rows) + 1, network.segment_ids[row], ids, people, unknown, needs))
        done.append(row)
        left.remove(row)
    columns = [
        f.STEP,
        f.SEGMENT_ID,
        f.TOWNS_RESTORED,
        f.POPULATION_RESTORED,
        f.POPULATION_UNKNOWN,
        "needs",
    ]
    return pd.DataFrame(rows, columns=columns)


def _gain(
    network: Network, open_mask: NDArray[np.bool_], supply: NDArray[np.int64], row: int
) -> float:
    """Return the people restored by one more segment, negative so that the most come first."""
    after = open_mask.copy()
    after[row] = True
    towns = [network.node_number[i] for i in network.towns]
    before_now = [linked(network, mask, supply)[towns] for mask in (open_mask, after)]
    people = people_for_ranking(network)[towns]
    return -float(people[before_now[1] & ~before_now[0]].sum())


def _way(
    network: Network,
    open_mask: NDArray[np.bool_],
    supply: NDArray[np.int64],
    done: list[int],
    row: int,
) -> tuple[str, ...]:
    """Return the segments reopened before without which this one would touch no supplied part."""
    needed = []
    for earlier in done:
        without = open_mask.copy()
        without[earlier] = False
        reached = linked(network, without, supply)
        if not (reached[network.tail[row]] or reached[network.head[row]]):
            needed.append(network.segment_ids[earlier])
    return tuple(needed)
