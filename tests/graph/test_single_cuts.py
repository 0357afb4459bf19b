import numpy as np
import pytest

from geodata.errors import GeodataError
from geodata.graph.single_cuts import Graph, every_cut


def test_lists_become_arrays() -> None:
    graph = Graph(3, [0, 1], [1, 2], [1, 2.5])
    assert graph.n_edges == 2
    assert graph.tail.dtype == np.int64
    assert graph.length_km.tolist() == [1.0, 2.5]
    assert graph.units.tolist() == [1e9, 2.5e9]


def test_an_empty_graph_has_no_pairs() -> None:
    graph = Graph(0, [], [], [])
    cuts = every_cut(graph, [], [], detours=True)
    assert len(cuts.segment) == len(cuts.detour_segment) == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((-1, [], [], []), "n_nodes is -1"),
        ((2.5, [], [], []), "n_nodes is 2.5"),
        ((True, [], [], []), "n_nodes is True"),
        ((2, [0, 1], [1], [1.0]), "tail, head and length_km hold 2, 1 and 1 values"),
        ((2, [0], [2], [1.0]), r"head\[0\] is 2"),
        ((2, [-1], [1], [1.0]), r"tail\[0\] is -1"),
        ((2, [0.0], [1.0], [1.0]), "tail does not hold whole numbers"),
        ((2, [[0]], [[1]], [1.0]), "tail does not hold whole numbers"),
        ((2, [0], [1], [float("nan")]), r"length_km\[0\] is nan"),
        ((2, [0], [1], [float("inf")]), r"length_km\[0\] is inf"),
        ((2, [0], [1], [-0.5]), r"length_km\[0\] is -0.5"),
        ((2, [0], [1], ["far"]), "length_km does not hold numbers"),
        ((2, [0], [1], [[1.0]]), "length_km does not hold numbers"),
        ((2, [0], [1], [6e6]), "add up to 6000000 km"),
    ],
)
def test_what_is_no_graph_is_refused(arguments: tuple[object, ...], words: str) -> None:
    with pytest.raises(GeodataError, match=words):
        Graph(*arguments)  # type: ignore[arg-type]


@pytest.mark.parametrize(("supply", "towns", "name"), [([5], [0], "supply"), ([0], [-2], "towns")])
def test_unknown_places_are_refused(supply: list[int], towns: list[int], name: str) -> None:
    with pytest.raises(GeodataError, match=name):
        every_cut(Graph(2, [0], [1], [1.0]), supply, towns)


def test_what_is_given_stays_as_it_was() -> None:
    tail, head, km = np.array([0, 1, 2]), np.array([1, 2, 0]), np.array([1.0, 1.0, 3.0])
    supply, towns = np.array([2, 0]), np.array([1, 1])
    every_cut(Graph(3, tail, head, km), supply, towns, detours=True)
    assert (tail.tolist(), head.tolist(), km.tolist()) == ([0, 1, 2], [1, 2, 0], [1.0, 1.0, 3.0])
    assert (supply.tolist(), towns.tolist()) == ([2, 0], [1, 1])


def test_a_changed_array_does_not_change_the_graph() -> None:
    km = np.array([1.0, 1.0])
    graph = Graph(3, [0, 1], [1, 2], km)
    km[0] = 99.0
    assert graph.length_km.tolist() == [1.0, 1.0]
    with pytest.raises(ValueError, match="read-only"):
        graph.tail[0] = 2


def test_without_detours_none_are_reported() -> None:
    graph = Graph(2, [0, 0], [1, 1], [1.0, 2.0])
    assert not every_cut(graph, [0], [1]).with_detours
    cuts = every_cut(graph, [0], [1], detours=True)
    assert cuts.with_detours
    assert cuts.detour_km.tolist() == [1.0]


def test_tenths_of_a_km_are_a_true_tie() -> None:
    """0.1 + 0.2 km by node 2 and 0.3 km direct are the same: losing one is not a detour."""
    graph = Graph(3, [0, 2, 0], [2, 1, 1], [0.1, 0.2, 0.3])
    assert len(every_cut(graph, [0], [1], detours=True).detour_km) == 0
