"""Routes of a town that share no danger: no corridor and no river crossing, not only no segment.

A closed corridor is closed throughout, so two routes along one corridor are one route when it
matters. To find routes without a common label is hard in general (Zhang et al., 2014, on shared
risk groups), so each town is one small mixed integer programme.
"""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import block_diag, coo_array, hstack

from geodata import schema as f
from geodata.analysis.redundancy import edge_disjoint_paths
from geodata.conditions import Conditions, check_ids, check_town
from geodata.dataset import Dataset
from geodata.events.corridors import Corridors
from geodata.graph.connectivity import components
from geodata.network.model import Network

MOST_ROUTES: Final = 3
SECONDS: Final = 30.0
CROSSING: Final = "crossing "


@dataclass(frozen=True, eq=False)
class DangerRoutes:
    """Routes of a town that share no danger.

    Parameters
    ----------
    routes : tuple of tuple of str
        Ids of the segments of each route, from the supply point to the town.
    dangers : tuple of tuple of str
        Corridors and river crossings on each route.
    proven : bool
        Whether it is proven that there are no more (up to the number asked for).
    shared : tuple of str
        Dangers that every route runs through.
    """

    routes: tuple[tuple[str, ...], ...]
    dangers: tuple[tuple[str, ...], ...]
    proven: bool
    shared: tuple[str, ...] = ()


def danger_routes(
    dataset: Dataset, scenario: Conditions, town: str, *, most: int = MOST_ROUTES
) -> DangerRoutes:
    """As many routes to a town as share no corridor, no river crossing and no segment.

    They may share towns and supply points. Of as many routes the shortest in all are given.

    Parameters
    ----------
    dataset : Dataset
    scenario : Conditions
    town : str
        Id of the town.
    most : int
        At most so many.

    Raises
    ------
    UnknownIdError
        If the scenario or ``town`` names an id that the network does not hold.
    """
    check_ids(dataset.network, scenario)
    check_town(dataset.network, town)
    return _OpenRoads.of(dataset, scenario).routes(dataset.network.node_number[town], most)


def danger_route_counts(dataset: Dataset, scenario: Conditions) -> pd.DataFrame:
    """Return the number of routes without a common danger for each town.

    Returns
    -------
    DataFrame
        ``node_id, name, danger_routes, shared, dangers, proven``, sorted by id; ``shared`` are
        the dangers that every route runs through, and ``dangers`` joins the dangers of each
        route.
    """
    roads, network = _OpenRoads.of(dataset, scenario), dataset.network
    rows = []
    for town in network.towns:
        routes = roads.routes(network.node_number[town], MOST_ROUTES)
        dangers = tuple(" + ".join(names) for names in routes.dangers)
        rows.append(
            (town, network.labels[town], len(routes.routes), routes.shared, dangers, routes.proven)
        )
    columns = [f.NODE_ID, f.NAME, "danger_routes", "shared", "dangers", "proven"]
    return pd.DataFrame(rows, columns=columns)


@dataclass(frozen=True, eq=False)
class _OpenRoads:
    """Open segments of a scenario with their dangers, and what bounds the number of routes.

    Parameters
    ----------
    network : Network
    row : array of int, shape (n_open,)
        Rows of the open segments.
    labels : list of tuple of str
        Corridors and river crossings of each open segment.
    supply : array of int
        Rows of the open supply points.
    part : array of int, shape (n_nodes,)
        Connected part of each node.
    lost : dict of str to array of bool, shape (n_nodes,)
        By danger, nodes that reach no supply point without the segments of that danger.
    free : array of int, shape (n_nodes,)
        Paths without a common segment to each town; 0 elsewhere.
    """

    network: Network
    row: NDArray[np.int64]
    labels: list[tuple[str, ...]]
    supply: NDArray[np.int64]
    part: NDArray[np.int64]
    lost: dict[str, NDArray[np.bool_]]
    free: NDArray[np.int64]

    @classmethod
    def of(cls, dataset: Dataset, scenario: Conditions) -> Self:
        """Read the open roads of a scenario."""
        network = dataset.network
        roads = scenario.on(network)
        row = np.flatnonzero(roads.passable & (network.tail != network.head))
        labels = _labels(dataset, row)
        n, reached = len(network.node_ids), roads.reached
        lost = {}
        for danger in sorted({name for some in labels for name in some}):
            clear = row[[danger not in some for some in labels]]
            part = components(n, network.tail[clear], network.head[clear])
            lost[danger] = reached & ~np.isin(part, part[roads.supply])
        towns = np.array([network.node_number[i] for i in network.towns], dtype=np.int64)
        free = np.zeros(n, dtype=np.int64)
        free[towns] = edge_disjoint_paths(network, roads.passable, roads.supply, towns)
        return cls(network, row, labels, roads.supply, roads.components, lost, free)

    def routes(self, end: int, most: int) -> DangerRoutes:
        """Return the routes to a node.

        All routes run through a danger without which there is none, so there is only one then;
        and there are never more than paths without a common segment.
        """
        source = self.supply[self.part[self.supply] == self.part[end]]
        if not len(source):
            return DangerRoutes((), (), True)
        shared = tuple(danger for danger, nodes in self.lost.items() if nodes[end])
        bound = 1 if shared else int(self.free[end]) or most
        near = np.flatnonzero(self.part[self.network.tail[self.row]] == self.part[end])
        row, labels = self.row[near], [self.labels[i] for i in near]
        tail, head = self.network.tail[row], self.network.head[row]
        routes, proven = _Routes(
            np.r_[tail, head],
            np.r_[head, tail],
            labels,
            source,
            end,
            self.network.length_km[row],
            min(most, bound),
        ).solve()
        ids = self.network.segment_ids
        return DangerRoutes(
            tuple(tuple(ids[row[s]] for s in route) for route in routes),
            tuple(tuple(sorted({n for s in route for n in labels[s]})) for route in routes),
            proven,
            shared,
        )


def _labels(dataset: Dataset, row: NDArray[np.int64]) -> list[tuple[str, ...]]:
    """Return the corridors and river crossings of each segment."""
    network = dataset.network
    corridors = Corridors(network, dataset.corridor_segments).segments
    of: dict[int, list[str]] = {}
    for name, rows in sorted(corridors.items()):
        for segment in rows:
            of.setdefault(segment, []).append(name)
    bridge = (
        network.segments[f.BRIDGE_STRUCTURE].astype(bool).to_numpy()
        if f.BRIDGE_STRUCTURE in network.segments.columns
        else np.zeros(len(network.segment_ids), dtype=bool)
    )
    return [
        (*of.get(int(s), []), *([CROSSING + network.segment_ids[s]] if bridge[s] else []))
        for s in row
    ]


@dataclass(frozen=True, eq=False)
class _Routes:
    """One flow for each route; arc ``e`` and arc ``e + n_edges`` are the two ways of an edge."""

    out: NDArray[np.int64]
    into: NDArray[np.int64]
    labels: list[tuple[str, ...]]
    source: NDArray[np.int64]
    end: int
    km: NDArray[np.float64]
    most: int

    def solve(self) -> tuple[list[list[int]], bool]:
        """Return the edges of each route in order, and whether their number is proven."""
        nodes, node = np.unique(np.r_[self.out, self.into], return_inverse=True)
        arcs, edges = len(self.out), len(self.km)
        out, into = node[:arcs], node[arcs:]
        arc = np.arange(arcs)
        flow = coo_array(
            (np.r_[np.ones(arcs), -np.ones(arcs)], (np.r_[into, out], np.r_[arc, arc])),
            shape=(len(nodes), arcs),
        ).tocsr()
        inner = ~np.isin(nodes, self.source) & (nodes != self.end)
        at_end = np.flatnonzero(nodes == self.end)
        names = sorted({name for some in self.labels for name in some})
        # Variables of one route: its arcs, its labels, and whether it is used.
        width = arcs + len(names) + 1
        used = coo_array(([-1.0], ([0], [0])), shape=(1, 1))
        keep = hstack([flow[np.flatnonzero(inner)], coo_array((int(inner.sum()), width - arcs))])
        arrive = hstack([flow[at_end], coo_array((1, len(names))), used])
        labelled = self._labelled(names, arcs, width)
        ones = np.ones(self.most)
        limits = [
            LinearConstraint(block_diag([keep] * self.most), 0, 0),
            LinearConstraint(block_diag([arrive] * self.most), 0, 0),
            LinearConstraint(hstack([self._once(edges, arcs, len(names))] * self.most), 0, 1),
        ]
        if names:
            limits.append(LinearConstraint(block_diag([labelled] * self.most), -np.inf, 0))
        one = np.r_[self.km, self.km, np.zeros(len(names)), 0.0]
        prize = 2 * self.km.sum() + 1.0
        aim = np.concatenate([np.r_[one[:-1], -prize] for _ in ones])
        done = milp(
            aim,
            constraints=limits,
            integrality=np.ones(len(aim), dtype=np.int64),
            bounds=Bounds(0, 1),
            options={"time_limit": SECONDS},
        )
        if done.x is None:
            return [], False
        parts = done.x.reshape(self.most, width)
        routes = [self._ordered(p[:arcs] > 0.5) for p in parts if p[-1] > 0.5]
        return sorted(routes, key=lambda r: (float(self.km[r].sum()), r)), done.status == 0

    def _labelled(self, names: list[str], arcs: int, width: int) -> coo_array:
        """Return the rows that make a route carry the labels of its edges."""
        place = {name: number for number, name in enumerate(names)}
        edges = arcs // 2
        pairs = [(e, place[n]) for e, some in enumerate(self.labels) for n in some]
        edge, label = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
        line = np.arange(len(edge))
        values = np.repeat([1.0, 1.0, -1.0], len(edge))
        where = (np.tile(line, 3), np.r_[edge, edge + edges, arcs + label])
        return coo_array((values, where), shape=(len(edge), width))

    @staticmethod
    def _once(edges: int, arcs: int, labels: int) -> coo_array:
        """Return the rows that let one route in all use each edge and each label."""
        edge, label = np.arange(edges), np.arange(labels)
        row = np.r_[edge, edge, edges + label]
        column = np.r_[edge, edge + edges, arcs + label]
        shape = (edges + labels, arcs + labels + 1)
        return coo_array((np.ones(len(row)), (row, column)), shape=shape)

    def _ordered(self, used: NDArray[np.bool_]) -> list[int]:
        """Return the edges of a route from its supply point to the town."""
        before = {int(self.into[a]): int(a) for a in np.flatnonzero(used)}
        place, edges = self.end, []
        while place in before:
            arc = before.pop(place)
            edges.append(arc % len(self.km))
            place = int(self.out[arc])
        return edges[::-1]
