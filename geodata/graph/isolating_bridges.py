"""Single edges whose removal isolates towns, for all edges at once."""

import numpy as np
from numpy.typing import NDArray

from geodata.graph.bridges import BridgeTree

IntArray = NDArray[np.int64]


def isolating_bridges(split: BridgeTree, towns: IntArray) -> tuple[IntArray, IntArray]:
    """Pairs of an edge and a town that the edge's removal leaves without supply.

    Only a bridge can isolate, and it isolates the towns below it. These stand side by side
    in depth-first order, so each bridge needs no more than its first town and their number.

    Parameters
    ----------
    split : Parts
        The graph split at its bridges.
    towns : ndarray of int64
        Node numbers, each once.

    Returns
    -------
    segment, town : ndarray of int64
        Sorted by segment, then town.
    """
    reached = towns[split.rank[towns] >= 0]
    reached = reached[np.argsort(split.rank[reached])]
    bridge, first, count = _bridges_above(split, reached)
    segment = np.repeat(bridge, count)
    before = np.cumsum(count) - count
    town = reached[np.arange(len(segment)) + np.repeat(first - before, count)]
    by_segment = np.lexsort((town, segment))
    return segment[by_segment], town[by_segment]


def _bridges_above(split: BridgeTree, reached: IntArray) -> tuple[IntArray, IntArray, IntArray]:
    """Bridges with a town below: the edge, the place of its first town, how many follow.

    ``reached`` holds towns in depth-first order. The walk up from a town ends where an
    earlier one passed, so each part is met once, whatever the number of towns.
    """
    up, over = split.above.data, split.bridge.data
    first: dict[int, int] = {}
    last: dict[int, int] = {}
    starts = split.of(reached).tolist()
    for place, start in enumerate(starts):
        below = start
        while below >= 0 and below not in first:
            first[below] = place
            below = up[below]
    for place in range(len(starts) - 1, -1, -1):
        below = starts[place]
        while below >= 0 and below not in last:
            last[below] = place
            below = up[below]
    kept = [part for part in first if over[part] >= 0]
    start_at = np.array([first[part] for part in kept], np.int64)
    count = np.array([last[part] for part in kept], np.int64) - start_at + 1
    return np.array([over[part] for part in kept], np.int64), start_at, count
