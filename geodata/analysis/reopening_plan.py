"""The best set of closed segments to reopen within a budget, beside the greedy order.

The best set is a node-weighted Steiner problem with a budget: segments may help only together.
It is solved as a mixed integer programme by HiGHS, whose bound proves how good the answer is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array, eye_array, hstack, kron

from geodata import schema as f
from geodata.analysis.accessibility import people_for_ranking, population_of
from geodata.analysis.redundancy import smallest_reopening
from geodata.analysis.reopening import reopening_order
from geodata.conditions import Conditions
from geodata.errors import GeodataError
from geodata.network.model import Network

SECONDS: Final = 60.0
HOURS_A_DAY: Final = 8.0
"""Hours that an escort is assumed to drive in a day."""
ROOT: Final = 0
TIE: Final = 1e-7
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
        the same budget), ``gap`` (people that the greedy order misses), ``proven`` (how far at
        most the best set may lie below the optimum, as a share: 0 is proven best).
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
) -> ReopeningPlan:
    """Return which closed segments to reopen within each budget, proven best.

    A town of unknown population counts in the choice as `people_for_ranking` says. Access under
    escort counts as access. Of sets that restore as many people the cheapest is chosen.

    Parameters
    ----------
    network : Network
    scenario : Conditions
    by : Budget
    budgets : sequence of float, optional
        What the steps of the greedy order cost in all, if not given.
    most : int
        At most so many budgets, if none are given.

    Raises
    ------
    UnknownIdError
        If the scenario names an id that the network does not hold.
    GeodataError
        If a budget is not a number from 0.
    """
    if budgets is not None and not all(0 <= b < np.inf for b in budgets):
        raise GeodataError("analysis.budget", values=", ".join(f"{b:g}" for b in budgets))
    problem = _problem(network, scenario, costs(network, by))
    greedy = _greedy(network, scenario, costs(network, by))
    spent = np.cumsum([cost for cost, _ in greedy])
    limits = spent[:most] if budgets is None else np.sort(np.array(budgets, dtype=float))
    rows = []
    for budget in limits:
        within = [towns for total, (_, towns) in zip(spent, greedy, strict=True)
                  if total <= budget + TIE]  # fmt: skip
        rows.append(_row(network, problem, float(budget), sum(within, ())))
    columns = ["budget", f.SEGMENTS, "cost", f.TOWNS_RESTORED, f.POPULATION_RESTORED,
               f.POPULATION_UNKNOWN, "population_greedy", "gap", "proven"]  # fmt: skip
    frontier = pd.DataFrame(rows, columns=columns)
    return ReopeningPlan(frontier, _together(network, scenario))


@dataclass(frozen=True, eq=False)
class _Problem:
    """Stranded parts of the network, and the closed segments between them.

    Part 0 holds all that has access. ``worth`` ranks parts by their people.
    """

    n_parts: int
    worth: NDArray[np.float64]
    towns: tuple[tuple[int, ...], ...]
    ends: NDArray[np.int64]
    row: NDArray[np.int64]
    cost: NDArray[np.float64]


def _problem(network: Network, scenario: Conditions, cost: NDArray[np.float64]) -> _Problem:
    roads = scenario.on(network)
    part = roads.components
    part = np.where(roads.reached, ROOT, part + 1)
    _, part = np.unique(np.r_[ROOT, part], return_inverse=True)
    part = part[1:]
    closed = np.flatnonzero(roads.reopenable)
    ends = np.c_[part[network.tail[closed]], part[network.head[closed]]]
    between = ends[:, 0] != ends[:, 1]
    n_parts = int(part.max(initial=0)) + 1
    towns: list[list[int]] = [[] for _ in range(n_parts)]
    for town in network.towns:
        towns[part[network.node_number[town]]].append(network.node_number[town])
    people = people_for_ranking(network)
    worth = np.array([people[list(t)].sum() if p else 0.0 for p, t in enumerate(towns)])
    return _Problem(
        n_parts, worth, tuple(map(tuple, towns)), ends[between], closed[between],
        cost[closed[between]],
    )  # fmt: skip


def _row(
    network: Network, problem: _Problem, budget: float, greedy: tuple[int, ...]
) -> tuple[object, ...]:
    chosen, parts, proven = _best_set(problem, budget)
    towns = [t for p in parts for t in problem.towns[p]]
    people, unknown = population_of(network.nodes[f.POPULATION].iloc[sorted(towns)])
    by_greedy, _ = population_of(network.nodes[f.POPULATION].iloc[list(greedy)])
    rank = people_for_ranking(network)
    gap = max(float(rank[towns].sum() - rank[list(greedy)].sum()), 0.0)
    return (
        budget, tuple(sorted(network.segment_ids[s] for s in problem.row[chosen])),
        float(problem.cost[chosen].sum()), tuple(network.node_ids[t] for t in sorted(towns)),
        people, unknown, by_greedy, round(gap), proven,
    )  # fmt: skip


def _best_set(problem: _Problem, budget: float) -> tuple[NDArray[np.int64], tuple[int, ...], float]:
    """Return the edges to open, parts restored, and by what share the optimum may be higher."""
    wanted = np.flatnonzero(problem.worth > 0)
    edges, parts = len(problem.row), len(wanted)
    if not edges or not parts:
        return np.zeros(0, dtype=np.int64), (), 0.0
    flows = 2 * edges * parts
    # Far less than one person, so that it decides only between sets that restore as many.
    tie = 0.4 / max(problem.cost.sum(), 1.0)
    aim = np.r_[tie * problem.cost, -problem.worth[wanted], np.zeros(flows)]
    done = milp(
        aim,
        constraints=_constraints(problem, wanted, budget),
        integrality=np.r_[np.ones(edges + parts), np.zeros(flows)],
        bounds=Bounds(0, 1),
        options={"time_limit": SECONDS, "mip_rel_gap": 0.0},
    )
    if done.x is None:
        return np.zeros(0, dtype=np.int64), (), 1.0
    chosen = np.flatnonzero(done.x[:edges] > 0.5)
    best = tuple(int(p) for p in wanted[done.x[edges : edges + parts] > 0.5])
    worth = float(problem.worth[list(best)].sum())
    above = -float(done.mip_dual_bound) + tie * float(problem.cost.sum()) - worth
    proven = 0.0 if done.status == 0 else max(above, 0.0) / max(worth, 1.0)
    return chosen, best, proven


def _constraints(
    problem: _Problem, wanted: NDArray[np.int64], budget: float
) -> list[LinearConstraint]:
    """Let each part with people draw one unit from the root, over open edges only.

    Variables are the edges, the parts, and one flow for each part with people and direction of an
    edge.
    """
    edges, parts = len(problem.row), len(wanted)
    flows = 2 * edges * parts
    tail, head = problem.ends.T.ravel(), problem.ends[:, ::-1].T.ravel()
    arc = np.arange(2 * edges)
    inflow = coo_array(
        (np.r_[np.ones(2 * edges), -np.ones(2 * edges)], (np.r_[head, tail], np.r_[arc, arc])),
        shape=(problem.n_parts, 2 * edges),
    ).tocsr()[1:]
    demand = coo_array(
        (np.ones(parts), (np.arange(parts) * (problem.n_parts - 1) + wanted - 1, np.arange(parts))),
        shape=(parts * (problem.n_parts - 1), parts),
    )
    balance = hstack([coo_array((demand.shape[0], edges)), -demand, kron(eye_array(parts), inflow)])
    both = hstack([eye_array(edges), eye_array(edges)])
    capacity = hstack(
        [
            -kron(np.ones((parts, 1)), eye_array(edges)),
            coo_array((parts * edges, parts)),
            kron(eye_array(parts), both),
        ]
    )
    price = np.r_[problem.cost, np.zeros(parts + flows)][None, :]
    return [
        LinearConstraint(balance, 0, 0),
        LinearConstraint(capacity, -np.inf, 0),
        LinearConstraint(price, -np.inf, budget + TIE),
    ]


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
    network: Network, scenario: Conditions, cost: NDArray[np.float64]
) -> list[tuple[float, tuple[int, ...]]]:
    """Return the cost and towns of each step of today's greedy order."""
    order = reopening_order(network, scenario)
    number, node = network.segment_number, network.node_number
    return [
        (float(cost[[number[i] for i in segments]].sum()), tuple(node[t] for t in towns))
        for segments, towns in zip(order[f.SEGMENTS], order[f.TOWNS_RESTORED], strict=True)
    ]
