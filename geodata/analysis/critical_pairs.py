"""Pairs of segments on a network: which two isolate towns together, though neither does alone."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata import schema as f
from geodata.analysis.accessibility import people_for_ranking
from geodata.analysis.blocks import run_blocks
from geodata.conditions import Conditions
from geodata.graph.double_cuts import cut_pairs
from geodata.graph.single_cuts import Graph
from geodata.network.model import Network

PAIR_LIMIT = 100


def pairs_table(
    network: Network, scenario: Conditions, *, limit: int | None = PAIR_LIMIT
) -> tuple[pd.DataFrame, dict[str, object]]:
    """Return the pairs of segments that together isolate most people, though neither does alone.

    Parameters
    ----------
    network : Network
    scenario : Conditions
        The state from which two more segments are cut.
    limit : int, optional
        How many pairs to list; all that there are if None.

    Returns
    -------
    DataFrame
        ``segments`` (two ids), ``towns_isolated`` (towns that neither cut isolates alone),
        ``population_isolated``, ``population_unknown``; most people first, then most towns. A
        town of unknown population counts in this order as `people_for_ranking` says.
    dict
        What was searched: ``pairs_found``, ``pairs_listed`` and ``complete``, false if some
        pairs were not looked at.

    Raises
    ------
    UnknownIdError
        If the scenario names an id that the network does not hold.
    """
    roads = scenario.on(network)
    rows = np.flatnonzero(roads.passable)
    towns = np.array([network.node_number[i] for i in network.towns], dtype=np.int64)
    people = network.nodes[f.POPULATION].to_numpy()
    graph = Graph(
        len(network.node_ids), network.tail[rows], network.head[rows], network.length_km[rows]
    )
    ranked = people_for_ranking(network)[towns]
    pairs = cut_pairs(graph, roads.supply, towns, ranked, limit=limit)
    table = [
        _row(network, people, rows[[a, b]].tolist(), pairs.town[start:end].tolist())
        for a, b, start, end in zip(
            pairs.segment_a, pairs.segment_b, pairs.start[:-1], pairs.start[1:], strict=True
        )
    ]
    columns = [f.SEGMENTS, f.TOWNS_ISOLATED, f.POPULATION_ISOLATED, f.POPULATION_UNKNOWN]
    searched: dict[str, object] = {
        "pairs_found": int(pairs.n_found),
        "pairs_listed": len(table),
        "complete": pairs.complete,
    }
    return pd.DataFrame(table, columns=columns), searched


def pairs_of_each(
    network: Network,
    scenarios: Sequence[Conditions],
    *,
    limit: int | None = PAIR_LIMIT,
    workers: int = 1,
    scheduler: str | None = None,
) -> list[tuple[pd.DataFrame, dict[str, object]]]:
    """Return what `pairs_table` gives for each scenario.

    Parameters
    ----------
    network : Network
    scenarios : sequence of Conditions
    limit : int, optional
        How many pairs to list for each; all that there are if None.
    workers, scheduler
        As `geodata.analysis.blocks.run_blocks` has them; each scenario is a block.

    Raises
    ------
    UnknownIdError
        If a scenario names an id that the network does not hold.
    GeodataError
        If the scheduler cannot be used.
    """
    shared = (network, tuple(scenarios), limit)
    blocks = range(len(scenarios))
    return run_blocks(_pairs_of, shared, blocks, workers=workers, scheduler=scheduler)


def _pairs_of(
    shared: tuple[Network, tuple[Conditions, ...], int | None], block: int
) -> tuple[pd.DataFrame, dict[str, object]]:
    network, scenarios, limit = shared
    return pairs_table(network, scenarios[block], limit=limit)


def _row(
    network: Network, people: NDArray[np.float64], segments: list[int], towns: list[int]
) -> tuple[object, ...]:
    return (
        tuple(network.segment_ids[s] for s in segments),
        tuple(network.node_ids[t] for t in towns),
        int(np.nansum(people[towns])),
        int(np.isnan(people[towns]).sum()),
    )
