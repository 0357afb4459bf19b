"""The closed segments that restore most people within one budget.

A node-weighted Steiner problem with a budget: segments may help only together. It is solved as
a mixed integer programme by HiGHS, whose bound proves how good the answer is. Only what a budget
can pay for enters the programme, which is exact and leaves little for small budgets.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, milp
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import dijkstra

from geodata.analysis.accessibility import people_for_ranking
from geodata.conditions import Conditions
from geodata.network.model import Network

ROOT: Final = 0
TIE: Final = 1e-7

MOST_PAIRS: Final = 10_000_000
"""Parts with people times ways over a closed segment up to which a programme is set up."""

WHOLE_FLOWS: Final = 2_000
"""Flows up to which a programme holds all segments, by whichever direction: it is solved at once,
and which of equally good sets comes out is then the one that products have had since the first."""

MOST_FLOWS: Final = 100_000
"""Flows in a programme that is given to the solver; at some 1 kB each they take 100 MB."""


@dataclass(frozen=True, eq=False)
class StrandedParts:
    """Stranded parts of the network, and the closed segments between them.

    Part 0 holds all that has access.

    Parameters
    ----------
    worth : array of float, shape (n_parts,)
        People of each part, as `people_for_ranking` counts them; 0 for part 0.
    towns : tuple of tuple of int
        Rows of the towns in each part.
    ends : array of int, shape (n_edges, 2)
        Parts that each closed segment joins.
    row : array of int, shape (n_edges,)
        Rows of these segments in the network.
    cost : array of float, shape (n_edges,)
        What reopening each costs.
    """

    worth: NDArray[np.float64]
    towns: tuple[tuple[int, ...], ...]
    ends: NDArray[np.int64]
    row: NDArray[np.int64]
    cost: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class ReopeningSet:
    """Segments to reopen within a budget.

    Parameters
    ----------
    edges : array of int
        Rows of `StrandedParts.row`.
    parts : tuple of int
        Parts with people that these restore.
    gap : float
        Share by which the best set may restore more people at most; 0 if this is proven best.
    """

    edges: NDArray[np.int64]
    parts: tuple[int, ...]
    gap: float


def stranded_parts(
    network: Network, scenario: Conditions, cost: NDArray[np.float64]
) -> StrandedParts:
    """Return what reopening could join to supply, and by which segments.

    Parameters
    ----------
    network : Network
    scenario : Conditions
    cost : array of float, one per segment
    """
    roads = scenario.on(network)
    part = np.where(roads.reached, ROOT, roads.components + 1)
    _, part = np.unique(np.r_[ROOT, part], return_inverse=True)
    part = part[1:]
    closed = np.flatnonzero(roads.reopenable)
    ends = np.c_[part[network.tail[closed]], part[network.head[closed]]]
    between = ends[:, 0] != ends[:, 1]
    towns: list[list[int]] = [[] for _ in range(int(part.max(initial=0)) + 1)]
    for town in network.towns:
        towns[part[network.node_number[town]]].append(network.node_number[town])
    people = people_for_ranking(network)
    worth = np.array([people[list(t)].sum() if p else 0.0 for p, t in enumerate(towns)])
    row = closed[between]
    return StrandedParts(worth, tuple(map(tuple, towns)), ends[between], row, cost[row])


def restored_by(parts: StrandedParts, edges: NDArray[np.int64]) -> tuple[int, ...]:
    """Return the parts with people that have access once some edges are open."""
    reached = {ROOT}
    ends = parts.ends[edges].tolist()
    while True:
        more = {end for pair in ends if reached.intersection(pair) for end in pair} - reached
        if not more:
            return tuple(sorted(p for p in reached if parts.worth[p] > 0))
        reached |= more


def people_restored(parts: StrandedParts, edges: NDArray[np.int64]) -> float:
    """Return the people that have access again once some edges are open."""
    return float(parts.worth[list(restored_by(parts, edges))].sum())


def best_set(
    parts: StrandedParts, budget: float, *, known: NDArray[np.int64], seconds: float
) -> ReopeningSet:
    """Return the edges within a budget that restore most people.

    Of sets that restore as many people the cheapest is returned. Where the solver does not end in
    its time, or its programme would be too large, the better of its set and the known one is
    returned with the gap that is proven.

    Parameters
    ----------
    parts : StrandedParts
    budget : float
    known : array of int
        Edges within the budget, from which no worse answer follows.
    seconds : float
        Time of the solver by the clock.
    """
    programme = _programme(parts, budget) if len(parts.row) else None
    if not len(parts.row) or (programme is not None and not len(programme.wanted)):
        return ReopeningSet(np.zeros(0, dtype=np.int64), (), 0.0)
    sets, most = [known], _most_restored(parts, budget)
    if programme is not None:
        solved = programme.solve(seconds)
        if solved.x is not None:
            edges = np.unique(programme.edge[solved.x[: len(programme.edge)] > 0.5])
            if solved.status == 0:
                return ReopeningSet(edges, restored_by(parts, edges), 0.0)
            sets.append(edges)
        if solved.mip_dual_bound is not None:
            above = programme.tie * min(budget, float(parts.cost.sum()))
            most = min(most, above - float(solved.mip_dual_bound))
    worth = [people_restored(parts, each) for each in sets]
    best = max(range(len(sets)), key=lambda n: (worth[n], -float(parts.cost[sets[n]].sum())))
    gap = max(most - worth[best], 0.0) / max(worth[best], 1.0)
    return ReopeningSet(sets[best], restored_by(parts, sets[best]), gap)


def _most_restored(parts: StrandedParts, budget: float) -> float:
    """Return a number of people that no set within the budget exceeds.

    Each restored part has an edge of its own by which supply arrives, so that its cheapest edge
    is a lower bound of its price: a knapsack whose last part may be cut (Dantzig, Operations
    Research 5, 1957).
    """
    price = np.full(len(parts.worth), np.inf)
    for end in parts.ends.T:
        np.minimum.at(price, end, parts.cost)
    some = np.flatnonzero((parts.worth > 0) & (price <= budget + TIE))
    order = some[np.argsort(-parts.worth[some] / np.maximum(price[some], TIE), kind="stable")]
    left = budget - np.r_[0.0, np.cumsum(price[order])[:-1]]
    share = np.clip(left / np.maximum(price[order], TIE), 0.0, 1.0)
    return float((parts.worth[order] * share).sum())


@dataclass(frozen=True, eq=False)
class _Programme:
    """Each part with people may draw one unit from the root, over open edges only.

    Variables are what is opened, the parts, and the flows; flow ``k`` serves part ``serves[k]``
    (a place in ``wanted``) over arc ``arc[k]``, which needs ``opens[arc[k]]``. A best set is a
    tree, whose edges carry supply in one direction each: to open directions apart bounds the
    answer far better than to open edges (Wong, Mathematical Programming 28, 1984).
    """

    edge: NDArray[np.int64]
    cost: NDArray[np.float64]
    tail: NDArray[np.int64]
    head: NDArray[np.int64]
    opens: NDArray[np.int64]
    wanted: NDArray[np.int64]
    worth: NDArray[np.float64]
    serves: NDArray[np.int64]
    arc: NDArray[np.int64]
    n_parts: int
    budget: float
    tie: float

    def solve(self, seconds: float) -> OptimizeResult:
        opened, parts, flows = len(self.edge), len(self.wanted), len(self.arc)
        ones, flow = np.ones(flows), opened + parts + np.arange(flows)
        into = self.serves * self.n_parts + self.head[self.arc]
        out = self.serves * self.n_parts + self.tail[self.arc]
        at = np.arange(parts) * self.n_parts + self.wanted
        width = opened + parts + flows
        balance = _compact(
            np.r_[ones, -ones, -np.ones(parts)],
            np.r_[into, out, at],
            np.r_[flow, flow, opened + np.arange(parts)],
            width,
            without=np.arange(parts) * self.n_parts + ROOT,
        )
        used = self.serves * opened + self.opens[self.arc]
        each, first = np.unique(used, return_index=True)
        capacity = _compact(
            np.r_[ones, -np.ones(len(each))],
            np.r_[used, each],
            np.r_[flow, self.opens[self.arc][first]],
            width,
        )
        price = np.r_[self.cost, np.zeros(parts + flows)][None, :]
        return milp(
            np.r_[self.tie * self.cost, -self.worth, np.zeros(flows)],
            constraints=[
                LinearConstraint(balance, 0, 0),
                LinearConstraint(capacity, -np.inf, 0),
                LinearConstraint(price, -np.inf, self.budget + TIE),
            ],
            integrality=np.r_[np.ones(opened + parts), np.zeros(flows)],
            bounds=Bounds(0, 1),
            options={"time_limit": seconds, "mip_rel_gap": 0.0},
        )


def _compact(
    values: NDArray[np.float64],
    row: NDArray[np.int64],
    column: NDArray[np.int64],
    width: int,
    *,
    without: NDArray[np.int64] | None = None,
) -> csr_array:
    """Return a matrix of the rows that hold anything, some left out."""
    if without is not None:
        left = ~np.isin(row, without)
        values, row, column = values[left], row[left], column[left]
    rows, place = np.unique(row, return_inverse=True)
    return coo_array((values, (place, column)), shape=(len(rows), width)).tocsr()


def _programme(parts: StrandedParts, budget: float) -> _Programme | None:
    """Return the programme of what the budget can pay for; None if it would be too large.

    A part is worth a flow over an arc only if the cheapest way from the root over that arc to
    the part is within the budget. Of segments between the same parts only the cheapest counts.
    """
    # Far less than one person, so that it decides only between sets that restore as many.
    tie = 0.4 / max(parts.cost.sum(), 1.0)
    wanted, n_parts, count = np.flatnonzero(parts.worth > 0), len(parts.worth), len(parts.row)
    if 2 * count * len(wanted) <= WHOLE_FLOWS:
        tail, head = parts.ends.T.ravel(), parts.ends[:, ::-1].T.ravel()
        serves, arc = np.nonzero(np.ones((len(wanted), len(tail)), dtype=bool))
        edge = np.arange(count)
        return _Programme(
            edge,
            parts.cost,
            tail,
            head,
            np.tile(edge, 2),
            wanted,
            parts.worth[wanted],
            serves,
            arc,
            n_parts,
            budget,
            tie,
        )
    ends = np.sort(parts.ends, axis=1)
    order = np.lexsort((parts.row, parts.cost, ends[:, 1], ends[:, 0]))
    _, first = np.unique(ends[order], axis=0, return_index=True)
    edge = order[first]
    edge = edge[parts.cost[edge] <= budget + TIE]
    graph = csr_array(
        (parts.cost[edge], (ends[edge, 0], ends[edge, 1])), shape=(n_parts, n_parts)
    )  # every pair of parts once, so that nothing is added up
    from_root = dijkstra(graph, directed=False, indices=[ROOT])[0]
    edge = edge[from_root[ends[edge]].min(axis=1) + parts.cost[edge] <= budget + TIE]
    wanted = np.flatnonzero((parts.worth > 0) & (from_root <= budget + TIE))
    if len(wanted) * max(2 * len(edge), n_parts) > MOST_PAIRS:
        return None
    tail, head = np.r_[ends[edge, 0], ends[edge, 1]], np.r_[ends[edge, 1], ends[edge, 0]]
    to_part = dijkstra(graph, directed=False, indices=wanted)
    spent = from_root[tail] + np.tile(parts.cost[edge], 2)
    useful = (spent + to_part[:, head] <= budget + TIE) & (head != ROOT)
    serves, arc = np.nonzero(useful & (tail != wanted[:, None]))
    if len(arc) > MOST_FLOWS:
        return None
    both = np.tile(edge, 2)
    return _Programme(
        both,
        parts.cost[both],
        tail,
        head,
        np.arange(len(both)),
        wanted,
        parts.worth[wanted],
        serves,
        arc,
        n_parts,
        budget,
        tie,
    )
