import itertools

import networkx as nx
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.analysis.danger_routes import danger_route_counts, danger_routes
from geodata.analysis.redundancy import edge_disjoint_paths
from geodata.conditions import Conditions
from geodata.dataset import Dataset
from tests.conftest import make_network

NODES = ["PORT", "a", "b", "c", "t"]


class WithCorridors(Dataset):
    """A data set whose corridors are given by hand."""


def dataset(roads, corridors):
    """Roads from, to, id on 10 km each; corridors as name to ids."""
    network = make_network(
        [(a, b, 10, "yes", i) for a, b, i in roads],
        supply=["PORT"],
        nodes=NODES,
    )
    found = WithCorridors(network, with_shipped_events=False, shipped_network=False)
    rows = [(name, n, i) for name, ids in corridors.items() for n, i in enumerate(ids)]
    table = pd.DataFrame(rows, columns=["corridor", "order", "segment_id"])
    object.__setattr__(found, "corridor_segments", table)
    return found


def test_two_roads_of_one_corridor_are_one_route():
    """PORT == e, f == t: both roads, or only one of them, on the corridor."""
    roads = [("PORT", "t", "e"), ("PORT", "t", "f")]
    apart = danger_routes(dataset(roads, {"north": ["e"]}), Conditions(), "t")
    assert apart.routes == (("e",), ("f",))
    assert apart.dangers == (("north",), ())
    shared = danger_routes(dataset(roads, {"north": ["e", "f"]}), Conditions(), "t")
    assert shared.routes == (("e",),)
    assert shared.proven
    assert shared.shared == ("north",)
    assert apart.shared == ()


def test_a_cut_road_carries_no_route():
    found = danger_routes(dataset([("PORT", "t", "e")], {}), Conditions(cut=frozenset(["e"])), "t")
    assert found.routes == ()


def test_a_detour_through_a_second_danger_is_no_second_route():
    r"""Every pair of roads from PORT to t shares one of the corridors x and y.

    ::

        PORT --x-- a --y-- t
            \--x-- b --+--/
             \-y-- c --y-/      (b--t is on no corridor)
    """
    roads = [
        ("PORT", "a", "pa"),
        ("a", "t", "at"),
        ("PORT", "b", "pb"),
        ("b", "t", "bt"),
        ("PORT", "c", "pc"),
        ("c", "t", "ct"),
    ]
    corridors = {"x": ["pa", "pb"], "y": ["at", "pc", "ct"]}
    found = danger_routes(dataset(roads, corridors), Conditions(), "t")
    routes = found.routes
    assert routes == (("pb", "bt"), ("pc", "ct"))
    assert found.stops == (("PORT", "b", "t"), ("PORT", "c", "t"))


@given(st.data())
@settings(max_examples=30)
def test_no_choice_of_paths_gives_more_or_shorter_routes(data):
    ends = st.tuples(st.sampled_from(NODES), st.sampled_from(NODES)).filter(lambda e: e[0] != e[1])
    pairs = data.draw(st.lists(ends, min_size=1, max_size=8))
    roads = [(a, b, f"s{n}") for n, (a, b) in enumerate(pairs)]
    named = data.draw(
        st.lists(st.sampled_from(["", "x", "y"]), min_size=len(roads), max_size=len(roads))
    )
    corridors = {
        name: [r[2] for r, n in zip(roads, named, strict=True) if n == name] for name in "xy"
    }
    found = danger_routes(dataset(roads, corridors), Conditions(), "t")
    graph = nx.MultiGraph()
    graph.add_nodes_from(NODES)
    for (a, b, i), name in zip(roads, named, strict=True):
        graph.add_edge(a, b, key=i, label=name)
    uses = [
        (
            frozenset([*(k for _, _, k in path), *(graph.edges[e]["label"] or e[2] for e in path)]),
            len(path),
        )
        for path in nx.all_simple_edge_paths(graph, "PORT", "t")
    ]
    best, roads_of_best = max(
        (
            (size, -sum(length for _, length in some))
            for size in range(1, 4)
            for some in itertools.combinations(uses, size)
            if all(not a & b for (a, _), (b, _) in itertools.combinations(some, 2))
        ),
        default=(0, 0),
    )
    assert len(found.routes) == best
    assert sum(map(len, found.routes)) == -roads_of_best
    labels = [
        {graph.edges[e]["label"] for e in path} - {""}
        for path in nx.all_simple_edge_paths(graph, "PORT", "t")
    ]
    assert set(found.shared) == (set.intersection(*labels) if labels else set())


def test_no_town_has_more_routes_than_edge_disjoint_ones(mali):
    network = mali.network
    towns = ["bamako", "mopti", "segou", "gao", "kayes"]
    rows = [network.node_number[t] for t in towns]
    supply = [network.node_number[i] for i in network.supply_points]
    import numpy as np

    free = edge_disjoint_paths(
        network, np.ones(len(network.segment_ids), bool), np.array(supply), np.array(rows)
    )
    for town, most in zip(towns, free, strict=True):
        found = danger_routes(mali, Conditions(), town)
        assert 1 <= len(found.routes) <= most
        used = [set(d) for d in found.dangers]
        assert all(not a & b for a, b in itertools.combinations(used, 2))
        assert found.proven


def test_the_table_of_all_towns_has_the_roads_of_each_route():
    roads = [("PORT", "t", "e"), ("PORT", "a", "f"), ("a", "t", "g")]
    table = danger_route_counts(dataset(roads, {"north": ["g"]}), Conditions()).set_index("node_id")
    assert table.roads["t"] == ("e", "f + g")
    assert table.dangers["t"] == ("", "north")
    assert table.danger_routes["t"] == 2


@pytest.mark.parametrize("town", ["nowhere"])
def test_an_unknown_town_is_refused(mali, town):
    with pytest.raises(Exception, match="nowhere"):
        danger_routes(mali, Conditions(), town)
