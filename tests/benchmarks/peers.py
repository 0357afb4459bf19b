"""How the peers are asked, from the same arrays and to the same end."""

import importlib.util
import itertools
import time

import numpy as np
from numpy.typing import NDArray

from geodata.graph.single_cuts import EveryCut, Graph

IntArray = NDArray[np.int64]

N_REMOVALS = 40
SAME_KM = 1e-6


def gravel_ready() -> bool:
    """Whether gravel-fragility is installed."""
    return importlib.util.find_spec("gravel") is not None


def gravel_bridges(graph: Graph) -> NDArray[np.bool_]:
    """Bridges by gravel: graph from both directions of every edge, then one pass."""
    import gravel

    tail, head = graph.tail.astype(np.uint32), graph.head.astype(np.uint32)
    built = gravel.Graph.from_coo(
        graph.n_nodes,
        np.concatenate([tail, head]),
        np.concatenate([head, tail]),
        np.concatenate([graph.length_km, graph.length_km]),
    )
    return np.asarray(gravel.bridge_edge_info(built).is_bridge)


def gravel_detours(
    graph: Graph, supply: IntArray, sampled: IntArray, ours: EveryCut, *, n_towns: int
) -> tuple[float, str]:
    """Time of gravel's replacement ways from one node that joins all supply points.

    Returns
    -------
    float
        Seconds for ``n_towns`` towns: set-up once, plus the batch in proportion.
    str
        How far both agree on the sampled towns.
    """
    import gravel

    start = time.perf_counter()
    root = np.full(len(supply), graph.n_nodes)
    tail = np.concatenate([graph.tail, root]).astype(np.uint32)
    head = np.concatenate([graph.head, supply]).astype(np.uint32)
    km = np.concatenate([graph.length_km, np.zeros(len(supply))])
    built = gravel.Graph.from_coo(
        graph.n_nodes + 1,
        np.concatenate([tail, head]),
        np.concatenate([head, tail]),
        np.concatenate([km, km]),
    )
    hierarchy = gravel.build_ch(built)
    index = gravel.ShortcutIndex(hierarchy)
    ready = time.perf_counter()
    asked = [(graph.n_nodes, int(town)) for town in sampled]
    answers = gravel.batch_fragility(hierarchy, index, built, asked)
    batch = time.perf_counter() - ready
    theirs = {}
    for town, answer in zip(sampled.tolist(), answers, strict=True):
        for one in answer.edge_fragilities:
            if graph.n_nodes not in (one.source, one.target):
                ends = (min(one.source, one.target), max(one.source, one.target))
                extra = one.replacement_distance - answer.primary_distance
                if extra > SAME_KM:
                    theirs[(town, *ends)] = extra
    total = ready - start + batch * n_towns / len(sampled)
    return total, _agreement(graph, sampled, ours, theirs)


def _agreement(
    graph: Graph, sampled: IntArray, ours: EveryCut, theirs: dict[tuple[int, int, int], float]
) -> str:
    """Compare by town and ends of the edge; isolation counts as an endless detour."""
    low, high = np.minimum(graph.tail, graph.head), np.maximum(graph.tail, graph.head)
    mine = {}
    for segments, towns, extra in (
        (ours.segment, ours.town, np.full(len(ours.town), np.inf)),
        (ours.detour_segment, ours.detour_town, ours.detour_km),
    ):
        kept = np.isin(towns, sampled)
        for edge, town, km in zip(segments[kept], towns[kept], extra[kept], strict=True):
            mine[(int(town), int(low[edge]), int(high[edge]))] = float(km)
    both = mine.keys() & theirs.keys()
    same = sum(
        1 for key in both if mine[key] == theirs[key] or abs(mine[key] - theirs[key]) < SAME_KM
    )
    return f"the same answer for {same:,} of {len(mine.keys() | theirs.keys()):,} edges and towns"


def networkx_removals(
    graph: Graph, supply: IntArray, towns: IntArray, *, detours: bool
) -> tuple[float, int]:
    """Time to remove every edge in turn with networkx, from a sample of removals.

    After each removal the towns that no supply point reaches are listed; with ``detours``
    all distances from the supply points are found again instead.

    Returns
    -------
    float
        Seconds, in proportion to the number of edges.
    int
        Number of removals timed.
    """
    import networkx as nx

    roads: nx.Graph[int] = nx.Graph()
    roads.add_nodes_from(range(graph.n_nodes + 1))
    ends = list(zip(graph.tail.tolist(), graph.head.tolist(), strict=True))
    for (a, b), km in zip(ends, graph.length_km.tolist(), strict=True):
        roads.add_edge(a, b, weight=km)
    for point in supply.tolist():
        roads.add_edge(graph.n_nodes, point, weight=0.0)
    asked = towns.tolist()
    start = time.perf_counter()
    for a, b in itertools.islice(ends, 0, None, max(1, len(ends) // N_REMOVALS)):
        kept = roads.edges[a, b]["weight"]
        roads.remove_edge(a, b)
        if detours:
            km_to = nx.single_source_dijkstra_path_length(roads, graph.n_nodes)
            [km_to.get(town) for town in asked]
        else:
            reached = nx.node_connected_component(roads, graph.n_nodes)
            [town for town in asked if town not in reached]
        roads.add_edge(a, b, weight=kept)
    n_timed = len(range(0, len(ends), max(1, len(ends) // N_REMOVALS)))
    return (time.perf_counter() - start) / n_timed * len(ends), n_timed
