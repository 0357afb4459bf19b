"""Brute force for graphs: take edges away one by one and look at what is left."""

from dataclasses import dataclass
from itertools import combinations

import networkx as nx
import numpy as np
from hypothesis import strategies as st

from geodata.graph.single_cuts import Graph

SCALE = 10**9


@dataclass(frozen=True)
class Case:
    """A graph with its supply points and towns, as plain lists."""

    n_nodes: int
    edges: list[tuple[int, int, float]]
    supply: list[int]
    towns: list[int]

    @property
    def graph(self) -> Graph:
        tail, head, km = zip(*self.edges, strict=True) if self.edges else ((), (), ())
        return Graph(self.n_nodes, np.array(tail, int), np.array(head, int), np.array(km, float))


@st.composite
def cases(draw: st.DrawFn, *, most_edges: int = 40) -> Case:
    """Multigraphs with parallel edges, loops, zero lengths, parts apart, and many ties."""
    n_nodes = draw(st.integers(1, max(2, most_edges // 2)))
    node = st.integers(0, n_nodes - 1)
    step = st.integers(-2, 3)
    km = st.sampled_from([0.0, 0.1, 0.2, 0.3, 1.0, 1.0, 2.0, 7.25])
    near = st.tuples(node, step, km).map(
        lambda e: (e[0], min(max(e[0] + e[1], 0), n_nodes - 1), e[2])
    )
    edge = st.one_of(near, near, st.tuples(node, node, km))
    edges = draw(st.lists(edge, max_size=most_edges))
    supply = draw(st.lists(node, max_size=4))
    towns = draw(st.lists(node, max_size=8))
    return Case(n_nodes, edges, supply, towns)


def seeded_case(seed: int, n_edges: int, *, ties: bool) -> Case:
    """A larger random case, sparse like roads; with ``ties`` all lengths are 1 or 2 km."""
    rng = np.random.default_rng(seed)
    n_nodes = int(n_edges * 0.8)
    tail = rng.integers(0, n_nodes, n_edges)
    near = np.clip(tail + rng.integers(-12, 13, n_edges), 0, n_nodes - 1)
    head = np.where(rng.random(n_edges) < 0.02, rng.integers(0, n_nodes, n_edges), near)
    km = rng.integers(1, 3, n_edges) if ties else rng.uniform(0, 90, n_edges)
    edges = list(zip(tail.tolist(), head.tolist(), km.astype(float).tolist(), strict=True))
    drawn = rng.choice(n_nodes, 34, replace=False).tolist()
    return Case(n_nodes, edges, drawn[:4], drawn[2:])


def nearest(case: Case, gone: tuple[int, ...] = ()) -> dict[int, tuple[int, set[int]]]:
    """Distance in nanometres-of-km and all nearest supply points of each node reached."""
    roads = nx.MultiGraph()
    roads.add_nodes_from(range(case.n_nodes))
    for number, (a, b, km) in enumerate(case.edges):
        if number not in gone:
            roads.add_edge(a, b, weight=round(km * SCALE))
    found: dict[int, tuple[int, set[int]]] = {}
    for point in sorted(set(case.supply)):
        for node, far in nx.single_source_dijkstra_path_length(roads, point).items():
            if node not in found or far < found[node][0]:
                found[node] = (far, {point})
            elif far == found[node][0]:
                found[node][1].add(point)
    return found


def reached(case: Case, gone: tuple[int, ...] = ()) -> set[int]:
    """Nodes that a way joins to a supply point."""
    beside: list[list[int]] = [[] for _ in range(case.n_nodes)]
    for number, (a, b, _) in enumerate(case.edges):
        if number not in gone:
            beside[a].append(b)
            beside[b].append(a)
    found, ahead = set(case.supply), list(case.supply)
    while ahead:
        for node in beside[ahead.pop()]:
            if node not in found:
                found.add(node)
                ahead.append(node)
    return found


def isolations(case: Case) -> list[tuple[int, int]]:
    """(edge, town) for each town that the edge's removal leaves without supply."""
    before = nearest(case)
    towns = [town for town in sorted(set(case.towns)) if town in before]
    return [
        (edge, town)
        for edge in range(len(case.edges))
        for after in [nearest(case, (edge,))]
        for town in towns
        if town not in after
    ]


def detours(case: Case) -> list[tuple[int, int, float, int, int]]:
    """(edge, town, extra km, supply point before, after) for each detour."""
    before = nearest(case)
    rows = []
    for edge in range(len(case.edges)):
        after = nearest(case, (edge,))
        for town in sorted(set(case.towns)):
            if town in after and after[town][0] > before[town][0]:
                own = min(before[town][1])
                now = own if own in after[town][1] else min(after[town][1])
                extra = (after[town][0] - before[town][0]) / SCALE
                rows.append((edge, town, extra, own, now))
    return rows


def isolating_pairs(
    case: Case, weight: dict[int, float]
) -> list[tuple[float, int, int, int, list[int]]]:
    """(-weight, -towns, edge, edge, towns) for each pair that does more than its edges."""
    everything = reached(case)
    alone = [everything - reached(case, (edge,)) for edge in range(len(case.edges))]
    rows = []
    for a, b in combinations(range(len(case.edges)), 2):
        lost = everything - reached(case, (a, b)) - alone[a] - alone[b]
        towns = sorted(lost & weight.keys())
        if towns:
            rows.append((-sum(weight[t] for t in towns), -len(towns), a, b, towns))
    return sorted(rows)
