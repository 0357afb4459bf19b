"""Routes of a town that share no danger: no corridor and no river crossing, not only no segment.

A closed corridor is closed throughout, so two routes along one corridor are one route when it
matters. To find routes without a common label is hard in general (Zhang et al., 2014, on shared
risk groups), so each town is one small mixed integer programme.
"""

from collections import Counter
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import combinations
from typing import Final, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, OptimizeResult, milp
from scipy.sparse import block_diag, coo_array, csr_array, hstack

from geodata import schema as f
from geodata.analysis.dangers import dangers_of_segments
from geodata.analysis.redundancy import edge_disjoint_paths
from geodata.conditions import Conditions, check_ids, check_town
from geodata.dataset import Dataset
from geodata.graph.bridges import BridgeTree, bridge_tree
from geodata.graph.connectivity import components
from geodata.graph.reduction import reduce_graph
from geodata.network.model import Network

MOST_ROUTES: Final = 3
SECONDS: Final = 30.0
ROADS: Final = "roads"
INFEASIBLE: Final = 2
"""Status of a programme without a solution."""


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
    stops : tuple of tuple of str
        Ids of the nodes of each route, from the supply point to the town.
    """

    routes: tuple[tuple[str, ...], ...]
    dangers: tuple[tuple[str, ...], ...]
    proven: bool
    shared: tuple[str, ...] = ()
    stops: tuple[tuple[str, ...], ...] = ()


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
        ``node_id, name, population, danger_routes, shared, dangers, roads, proven``, sorted by
        id; ``shared`` are the dangers that every route runs through, ``dangers`` joins the
        dangers of each route, and ``roads`` its segments, which must all be open.
    """
    roads, network = _OpenRoads.of(dataset, scenario), dataset.network
    rows = []
    people = network.nodes[f.POPULATION]
    for town in network.towns:
        number = network.node_number[town]
        routes = roads.routes(number, MOST_ROUTES)
        dangers, ways = (
            tuple(" + ".join(names) for names in each) for each in (routes.dangers, routes.routes)
        )
        rows.append(
            (
                town,
                network.labels[town],
                people.iloc[number],
                len(routes.routes),
                routes.shared,
                dangers,
                ways,
                routes.proven,
            )
        )
    columns = [
        f.NODE_ID,
        f.NAME,
        f.POPULATION,
        "danger_routes",
        "shared",
        "dangers",
        ROADS,
        "proven",
    ]
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
    most : array of int, shape (n_nodes,)
        No town has more routes than this; 0 where nothing is known.
    split : BridgeTree
        Of the open segments.
    """

    network: Network
    row: NDArray[np.int64]
    labels: list[tuple[str, ...]]
    supply: NDArray[np.int64]
    part: NDArray[np.int64]
    lost: dict[str, NDArray[np.bool_]]
    most: NDArray[np.int64]
    split: BridgeTree

    @classmethod
    def of(cls, dataset: Dataset, scenario: Conditions) -> Self:
        """Read the open roads of a scenario."""
        network = dataset.network
        roads = scenario.on(network)
        row = np.flatnonzero(roads.passable & (network.tail != network.head))
        labels = dangers_of_segments(dataset, row)
        n, reached = len(network.node_ids), roads.reached
        lost = {}
        for danger in sorted({name for some in labels for name in some}):
            clear = row[[danger not in some for some in labels]]
            part = components(n, network.tail[clear], network.head[clear])
            lost[danger] = reached & ~np.isin(part, part[roads.supply])
        towns = np.array([network.node_number[i] for i in network.towns], dtype=np.int64)
        most = np.zeros(n, dtype=np.int64)
        most[towns] = _most_routes(network, row, labels, roads.supply, towns)
        split = bridge_tree(n, network.tail[row], network.head[row], roads.supply)
        return cls(network, row, labels, roads.supply, roads.components, lost, most, split)

    def routes(self, end: int, most: int) -> DangerRoutes:
        """Return the routes to a node.

        All routes run through a danger without which there is none, so there is only one then.
        """
        source = self.supply[self.part[self.supply] == self.part[end]]
        if not len(source):
            return DangerRoutes((), (), True)
        shared = tuple(danger for danger, nodes in self.lost.items() if nodes[end])
        bound = 1 if shared else int(self.most[end]) or most
        chains = _Chains.to(self, end)
        found, proven = chains.programme(source, end, min(most, bound)).solve()
        routes = [self._ordered(chains.edges(route), end) for route in found]
        ids = self.network.segment_ids
        return DangerRoutes(
            tuple(tuple(ids[self.row[s]] for s in route) for route in routes),
            tuple(tuple(sorted({n for s in route for n in self.labels[s]})) for route in routes),
            proven,
            shared,
            tuple(self._stops(route, end) for route in routes),
        )

    def _stops(self, edges: list[int], end: int) -> tuple[str, ...]:
        """Return the nodes along the edges of a path to the town."""
        stops = [end]
        for edge in reversed(edges):
            tail, head = (
                int(side[self.row[edge]]) for side in (self.network.tail, self.network.head)
            )
            stops.append(head if tail == stops[-1] else tail)
        return tuple(self.network.node_ids[each] for each in reversed(stops))

    def _ordered(self, edges: list[int], end: int) -> list[int]:
        """Return the edges of a path from its supply point to the town."""
        tail, head = self.network.tail[self.row], self.network.head[self.row]
        at: dict[int, list[int]] = {}
        for edge in edges:
            at.setdefault(int(tail[edge]), []).append(edge)
            at.setdefault(int(head[edge]), []).append(edge)
        place, path, left = end, list[int](), set(edges)
        while following := [edge for edge in at[place] if edge in left]:
            edge = following[0]
            left.remove(edge)
            path.append(edge)
            place = int(head[edge] if tail[edge] == place else tail[edge])
        return path[::-1]


@dataclass(frozen=True, eq=False)
class _Chains:
    """Open roads that can lie on a path to one town, chains of plain nodes as one edge.

    Attributes
    ----------
    node : array of int
        Rows of the nodes where chains meet.
    tail, head : array of int, shape (n_chains,)
        Ends of each chain, as places in ``node``.
    km : array of float, shape (n_chains,)
    members : list of array of int
        Numbers of the open segments of each chain.
    labels : list of tuple of str
        Corridors and river crossings of each chain.
    """

    node: NDArray[np.int64]
    tail: NDArray[np.int64]
    head: NDArray[np.int64]
    km: NDArray[np.float64]
    members: list[NDArray[np.int64]]
    labels: list[tuple[str, ...]]

    @classmethod
    def to(cls, roads: _OpenRoads, end: int) -> Self:
        """Return the chains that lead to a node."""
        network, row = roads.network, roads.row
        net = reduce_graph(
            roads.split,
            network.tail[row],
            network.head[row],
            network.length_km[row],
            roads.supply,
            np.array([end]),
        )
        keep = np.flatnonzero(net.tail != net.head)
        members = [net.edge[net.start[i] : net.start[i + 1]] for i in keep]
        labels = [tuple(sorted({n for s in some for n in roads.labels[s]})) for some in members]
        return cls(net.node, net.tail[keep], net.head[keep], net.units[keep], members, labels)

    def programme(self, source: NDArray[np.int64], end: int, most: int) -> "_Routes":
        """Return the programme of at most so many routes."""
        return _Routes(
            np.r_[self.tail, self.head],
            np.r_[self.head, self.tail],
            self.labels,
            np.flatnonzero(np.isin(self.node, source)),
            int(np.searchsorted(self.node, end)),
            self.km,
            most,
        )

    def edges(self, route: list[int]) -> list[int]:
        """Return the numbers of the open segments of some chains."""
        return [int(edge) for chain in route for edge in self.members[chain]]


def _most_routes(
    network: Network,
    row: NDArray[np.int64],
    labels: list[tuple[str, ...]],
    supply: NDArray[np.int64],
    towns: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Return a bound of the routes to each town; 0 at a supply point, where none is known.

    Routes without a common danger share no segment; of those that avoid a danger there are at
    most as many as paths without it share no segment, and one more may run through it. Likewise
    for two dangers.
    """

    def paths(*avoided: str) -> NDArray[np.int64]:
        clear = np.zeros(len(network.segment_ids), dtype=bool)
        clear[row[[not set(avoided) & set(some) for some in labels]]] = True
        return edge_disjoint_paths(network, clear, supply, towns)

    count = Counter(name for some in labels for name in some)
    wide = sorted(name for name, size in count.items() if size > 1)
    bound = paths()
    for number in (1, 2):
        for avoided in combinations(wide, number):
            bound = np.minimum(bound, number + paths(*avoided))
    return bound


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
        """Return the edges of each route, and whether it is proven that there are no more.

        That many routes are asked for as there may be at most, then one fewer, and so on.
        """
        proven = True
        for count in range(self.most, 1, -1):
            done = self._with(count)
            if done.x is not None:
                parts = done.x.reshape(count, -1)[:, : len(self.out)]
                routes = [np.flatnonzero(part > 0.5) % len(self.km) for part in parts]
                ordered = sorted(routes, key=lambda r: (float(self.km[r].sum()), r.tolist()))
                return [route.tolist() for route in ordered], proven
            proven &= done.status == INFEASIBLE
        route = self._shortest()
        return ([route] if route else []), proven

    def _shortest(self) -> list[int]:
        """Return the edges of the shortest route, in their order in the list; none without one."""
        leaving: dict[int, list[tuple[int, int]]] = {}
        for arc, (a, b) in enumerate(zip(self.out.tolist(), self.into.tolist(), strict=True)):
            leaving.setdefault(a, []).append((b, arc))
        km, arrived = np.tile(self.km, 2).tolist(), dict[int, int]()
        ahead = [(0.0, node, -1) for node in self.source.tolist() if node != self.end]
        while ahead and self.end not in arrived:
            so_far, node, arc = heappop(ahead)
            if node not in arrived:
                arrived[node] = arc
                for to, by in leaving.get(node, ()):
                    heappush(ahead, (so_far + km[by], to, by))
        route, arc = list[int](), arrived.get(self.end, -1)
        while arc >= 0:
            route.append(arc % len(self.km))
            arc = arrived[int(self.out[arc])]
        return sorted(route)

    def _with(self, count: int) -> OptimizeResult:
        """Return the shortest routes of which there are exactly so many, if there are."""
        nodes, node = np.unique(np.r_[self.out, self.into], return_inverse=True)
        arcs, edges = len(self.out), len(self.km)
        out, into = node[:arcs], node[arcs:]
        arc = np.arange(arcs)
        flow = coo_array(
            (np.r_[np.ones(arcs), -np.ones(arcs)], (np.r_[into, out], np.r_[arc, arc])),
            shape=(len(nodes), arcs),
        ).tocsr()
        at_end = nodes == self.end
        kept = np.flatnonzero(~np.isin(nodes, self.source) | at_end)
        # A label of one chain says no more than the chain itself.
        sizes = Counter(name for some in self.labels for name in some)
        names = sorted(name for name, size in sizes.items() if size > 1)
        # Variables of one route: its arcs and its labels.
        width = arcs + len(names)
        balance = hstack([flow[kept], coo_array((len(kept), len(names)))])
        arrives = np.tile(at_end[kept].astype(float), count)
        limits = [
            LinearConstraint(block_diag([balance] * count), arrives, arrives),
            LinearConstraint(hstack([self._once(edges, arcs, len(names))] * count), 0, 1),
        ]
        if names:
            labelled = self._labelled(names, arcs, width)
            limits.append(LinearConstraint(block_diag([labelled] * count), -np.inf, 0))
        limits.append(LinearConstraint(self._in_order(into == at_end.argmax(), width, count), 1))
        return milp(
            np.tile(np.r_[self.km, self.km, np.zeros(len(names))], count),
            constraints=limits,
            # Labels are whole where arcs are.
            integrality=np.tile(np.r_[np.ones(arcs), np.zeros(len(names))], count),
            bounds=Bounds(0, 1),
            options={"time_limit": SECONDS},
        )

    def _labelled(self, names: list[str], arcs: int, width: int) -> coo_array:
        """Return the rows that make a route carry the labels of its edges."""
        place = {name: number for number, name in enumerate(names)}
        edges = arcs // 2
        pairs = [(e, place[n]) for e, some in enumerate(self.labels) for n in some if n in place]
        edge, label = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
        line = np.arange(len(edge))
        values = np.repeat([1.0, 1.0, -1.0], len(edge))
        where = (np.tile(line, 3), np.r_[edge, edge + edges, arcs + label])
        return coo_array((values, where), shape=(len(edge), width))

    @staticmethod
    def _in_order(last: NDArray[np.bool_], width: int, count: int) -> csr_array:
        """Return the rows by which each route ends on an arc after that of the route before.

        Without them the programme looks at the same routes in each of their orders, which takes
        eight times as long for three.
        """
        arc = np.flatnonzero(last)
        number = np.zeros(width)
        number[arc] = np.arange(1, len(arc) + 1)
        steps = np.eye(count - 1, count, 1) - np.eye(count - 1, count)
        return csr_array(np.kron(steps, number))

    @staticmethod
    def _once(edges: int, arcs: int, labels: int) -> coo_array:
        """Return the rows that let one route in all use each edge and each label."""
        edge, label = np.arange(edges), np.arange(labels)
        row = np.r_[edge, edge, edges + label]
        column = np.r_[edge, edge + edges, arcs + label]
        shape = (edges + labels, arcs + labels)
        return coo_array((np.ones(len(row)), (row, column)), shape=shape)
