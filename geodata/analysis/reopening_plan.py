"""The best set of closed segments to reopen within each budget, beside the greedy order.

See `geodata.analysis.reopening_sets` for how a best set is found and proven.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata import schema as f
from geodata.analysis.accessibility import people_for_ranking, population_of
from geodata.analysis.redundancy import smallest_reopening
from geodata.analysis.reopening import reopening_order
from geodata.analysis.reopening_sets import (
    TIE,
    ReopeningSet,
    StrandedParts,
    best_set,
    people_restored,
    stranded_parts,
)
from geodata.conditions import Conditions
from geodata.errors import GeodataError
from geodata.network.model import Network

SECONDS: Final = 30.0
"""Time of the solver by the clock, for all budgets together."""

HOURS_A_DAY: Final = 8.0
"""Hours that an escort is assumed to drive in a day."""
FEWEST_TOGETHER: Final = 3


class Budget(StrEnum):
    """What a reopened segment costs."""

    SEGMENTS = "segments"
    KM = "km"
    ESCORT_DAYS = "escort_days"


@dataclass(frozen=True, eq=False)
class ReopeningPlan:
    """Best sets by budget, and the steps of one.

    Parameters
    ----------
    frontier : DataFrame
        A row per budget: ``budget, segments`` (the best set), ``cost, towns_restored,
        population_restored, population_unknown, population_greedy`` (by the greedy order within
        the same budget), ``gap`` (people that the greedy order misses), ``proven`` (how many more
        people at most another set may restore, as a share of those that this one restores: 0 is
        proven best).
    together : DataFrame
        Towns that come back only when three or more segments are reopened together:
        ``node_id, name, population, segments``.
    """

    frontier: pd.DataFrame
    together: pd.DataFrame


def costs(network: Network, budget: Budget) -> NDArray[np.float64]:
    """Return the cost of reopening each segment.

    One for each segment, its length in km, or the days of an escort that drives it there and
    back for `HOURS_A_DAY` hours a day at the assumed speeds.
    """
    if budget == Budget.SEGMENTS:
        return np.ones(len(network.segment_ids))
    if budget == Budget.KM:
        return network.length_km
    return 2 * network.hours / HOURS_A_DAY


def reopening_plan(
    network: Network,
    scenario: Conditions,
    *,
    by: Budget = Budget.SEGMENTS,
    budgets: Sequence[float] | None = None,
    most: int = 10,
    seconds: float = SECONDS,
    progress: Callable[[float], None] | None = None,
) -> ReopeningPlan:
    """Return which closed segments to reopen within each budget, proven best.

    A town of unknown population counts in the choice as `people_for_ranking` says. Access under
    escort counts as access. Of sets that restore as many people the cheapest is chosen.

    A set that is not proven best is the best known: it depends on the time the solver had, and
    restores no fewer people than the greedy order or the set of a smaller budget.

    Parameters
    ----------
    network : Network
    scenario : Conditions
    by : Budget
    budgets : sequence of float, optional
        What the steps of the greedy order cost in all, if not given.
    most : int
        At most so many budgets, if none are given.
    seconds : float
        Time of the solver by the clock for all budgets together; each has an equal share of what
        the budgets before it left.
    progress : callable, optional
        Called with the share of the budgets that are done, after each; it may raise to stop.

    Raises
    ------
    UnknownIdError
        If the scenario names an id that the network does not hold.
    GeodataError
        If a budget is not a number from 0.
    """
    if budgets is not None and not all(0 <= b < np.inf for b in budgets):
        raise GeodataError("analysis.budget", values=", ".join(f"{b:g}" for b in budgets))
    parts = stranded_parts(network, scenario, costs(network, by))
    greedy = _greedy(network, scenario, parts)
    spent = np.cumsum([parts.cost[edges].sum() for edges, _ in greedy])
    limits = spent[:most] if budgets is None else np.sort(np.array(budgets, dtype=float))
    rows, left, nothing = [], seconds, np.zeros(0, dtype=np.int64)
    known = nothing
    for n, budget in enumerate(limits.tolist()):
        within = [step for total, step in zip(spent, greedy, strict=True) if total <= budget + TIE]
        start = time.monotonic()
        steps = np.concatenate([nothing, *(edges for edges, _ in within)])
        known = max(steps, known, key=partial(people_restored, parts))
        best = best_set(parts, budget, known=known, seconds=left / (len(limits) - n))
        left = max(left - (time.monotonic() - start), 0.0)
        known = best.edges
        rows.append(_row(network, parts, budget, best, sum((towns for _, towns in within), ())))
        if progress is not None:
            progress((n + 1) / len(limits))
    columns = [
        "budget",
        f.SEGMENTS,
        "cost",
        f.TOWNS_RESTORED,
        f.POPULATION_RESTORED,
        f.POPULATION_UNKNOWN,
        "population_greedy",
        "gap",
        "proven",
    ]
    frontier = pd.DataFrame(rows, columns=columns)
    return ReopeningPlan(frontier, _together(network, scenario))


def _row(
    network: Network,
    parts: StrandedParts,
    budget: float,
    best: ReopeningSet,
    greedy: tuple[int, ...],
) -> tuple[object, ...]:
    towns = [t for p in best.parts for t in parts.towns[p]]
    people, unknown = population_of(network.nodes[f.POPULATION].iloc[sorted(towns)])
    by_greedy, _ = population_of(network.nodes[f.POPULATION].iloc[list(greedy)])
    rank = people_for_ranking(network)
    gap = max(float(rank[towns].sum() - rank[list(greedy)].sum()), 0.0)
    return (
        budget,
        tuple(sorted(network.segment_ids[s] for s in parts.row[best.edges])),
        float(parts.cost[best.edges].sum()),
        tuple(network.node_ids[t] for t in sorted(towns)),
        people,
        unknown,
        by_greedy,
        round(gap),
        best.gap,
    )


def _together(network: Network, scenario: Conditions) -> pd.DataFrame:
    """Return the towns that no one or two segments bring back, with the fewest that do."""
    roads = scenario.on(network)
    towns = np.array([network.node_number[i] for i in network.towns], dtype=np.int64)
    isolated = towns[~roads.reached[towns]]
    sets = smallest_reopening(network, roads.components, roads.reopenable, roads.supply, isolated)
    needing_several = [
        (t, ids) for t, ids in zip(isolated, sets, strict=True) if len(ids) >= FEWEST_TOGETHER
    ]
    nodes = network.nodes.iloc[[t for t, _ in needing_several]]
    table = pd.DataFrame(nodes[[f.NODE_ID, f.NAME, f.POPULATION]]).reset_index(drop=True)
    table[f.NAME] = table[f.NODE_ID].map(network.labels)
    return table.assign(
        **{f.SEGMENTS: pd.Series([ids for _, ids in needing_several], dtype=object)}
    )


def _greedy(
    network: Network, scenario: Conditions, parts: StrandedParts
) -> list[tuple[NDArray[np.int64], tuple[int, ...]]]:
    """Return the edges and towns of each step of today's greedy order."""
    order = reopening_order(network, scenario)
    node = network.node_number
    edge = {network.segment_ids[row]: place for place, row in enumerate(parts.row.tolist())}
    return [
        (np.array([edge[i] for i in segments], dtype=np.int64), tuple(node[t] for t in towns))
        for segments, towns in zip(order[f.SEGMENTS], order[f.TOWNS_RESTORED], strict=True)
    ]
