import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.dataset import shipped
from geodata.errors import GeodataError
from geodata.graph import double_cuts as pairs_module
from geodata.graph.double_cuts import CutPairs, cut_pairs
from geodata.graph.single_cuts import Graph
from tests.support.graph_oracle import Case, cases, isolating_pairs, seeded_case


def told(found: CutPairs) -> list[tuple[float, int, int, int, list[int]]]:
    return [
        (
            -float(found.weight[i]),
            -int(found.n_towns[i]),
            int(found.segment_a[i]),
            int(found.segment_b[i]),
            found.town[found.start[i] : found.start[i + 1]].tolist(),
        )
        for i in range(len(found.weight))
    ]


@given(cases(most_edges=22), st.sampled_from([None, 0, 1, 3]))
@settings(max_examples=120, deadline=None)
def test_small_graphs_against_brute_force(case: Case, limit: int | None) -> None:
    weight = {town: float(town % 4) for town in case.towns}
    found = cut_pairs(
        case.graph, case.supply, case.towns, [weight[t] for t in case.towns], limit=limit
    )
    expected = isolating_pairs(case, weight)
    assert told(found) == expected[:limit]
    assert found.n_found == len(expected)
    assert found.complete


def test_100_edges_against_brute_force() -> None:
    case = seeded_case(5, 100, ties=False)
    weight = {town: float(town) for town in case.towns}
    expected = isolating_pairs(case, weight)
    found = cut_pairs(case.graph, case.supply, case.towns, [weight[t] for t in case.towns])
    assert expected
    assert told(found) == expected


def test_the_shipped_network_against_brute_force() -> None:
    network = shipped().network
    number = network.node_number
    graph = network.graph
    edges = zip(graph.tail.tolist(), graph.head.tolist(), graph.length_km.tolist(), strict=True)
    supply, towns = (
        [int(number[i]) for i in ids] for ids in (network.supply_points, network.towns)
    )
    case = Case(graph.n_nodes, list(edges), supply, towns)
    weight = {town: float(town + 1) for town in towns}
    found = cut_pairs(graph, supply, towns, [weight[t] for t in towns])
    assert found.complete
    assert told(found) == isolating_pairs(case, weight)
    ids = network.segment_ids
    named = {(ids[a], ids[b]) for a, b in zip(found.segment_a, found.segment_b, strict=True)}
    assert ("goundam--tombouctou", "lere--niafunke") in named


def test_two_roads_into_a_valley() -> None:
    """0 supply; towns 1 and 2 in a ring 0-1-2-0; town 3 hangs on 2 by a bridge."""
    graph = Graph(4, [0, 1, 2, 2], [1, 2, 0, 3], [1.0, 1.0, 1.0, 1.0])
    found = cut_pairs(graph, [0], [1, 2, 3], [10, 20, 5])
    assert told(found) == [
        (-35.0, -3, 0, 2, [1, 2, 3]),
        (-25.0, -2, 1, 2, [2, 3]),
        (-10.0, -1, 0, 1, [1]),
    ]


def test_a_ring_too_large_to_pair_all_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    n = 40
    ring = np.arange(n)
    graph = Graph(n, ring, (ring + 1) % n, np.ones(n))
    whole = cut_pairs(graph, [0], ring[1:], np.ones(n - 1), limit=1)
    monkeypatch.setattr(pairs_module, "LARGEST_CLASS", 8)
    part = cut_pairs(graph, [0], ring[1:], np.ones(n - 1), limit=1)
    assert whole.complete
    assert not part.complete
    assert part.n_found < whole.n_found == n * (n - 1) // 2
    assert told(part) == told(whole)
    assert told(part)[0][:4] == (-39.0, -39, 0, 39)


@given(
    below=st.lists(st.integers(0, 9), min_size=30, max_size=40),
    hung=st.lists(st.integers(0, 29), max_size=6),
    at=st.integers(0, 29),
)
@settings(max_examples=60, deadline=None)
def test_the_heaviest_pairs_of_a_ring_too_large_to_pair_all_are_listed(
    below: list[int], hung: list[int], at: int
) -> None:
    """A ring of 30 nodes and more with towns of any weight, some on spurs, and one supply point."""
    n = len(below)
    ring = np.arange(n)
    tail = np.concatenate([ring, hung]).astype(int)
    head = np.concatenate([(ring + 1) % n, n + np.arange(len(hung))]).astype(int)
    towns = np.setdiff1d(np.arange(n + len(hung)), [at])
    weight = np.array([*below, *[7] * len(hung)], float)[towns]
    graph = Graph(n + len(hung), tail, head, np.ones(len(tail)))
    whole = cut_pairs(graph, [at], towns, weight, limit=3)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pairs_module, "LARGEST_CLASS", 12)
        part = cut_pairs(graph, [at], towns, weight, limit=3)
    assert whole.complete
    assert not part.complete
    assert part.weight.tolist() == whole.weight.tolist()


def test_of_a_long_and_a_short_branch_the_pair_at_the_supply_point_comes_first() -> None:
    """A ring of 3,001: 2,000 towns 1 km apart on one side, 1,000 towns 2 km apart on the other."""
    n = 3_001
    ring = np.arange(n)
    km = np.where(ring < 2_000, 1.0, 2.0)
    pairs = cut_pairs(Graph(n, ring, (ring + 1) % n, km), [0], ring[1:], np.ones(n - 1), limit=1)
    assert not pairs.complete
    assert pairs.n_towns.tolist() == [3_000]


@pytest.mark.parametrize("limit", [1, 3, 7, 200])
def test_a_limit_gives_the_first_of_all_pairs_though_chains_are_long(limit: int) -> None:
    """A ring of 40 edges numbered at random, with towns at two of its nodes and supply at 0."""
    n = 40
    ring = np.random.default_rng(3).permutation(n)
    graph = Graph(n, ring, (ring + 1) % n, np.ones(n))
    whole = cut_pairs(graph, [0], [13, 29], [5.0, 5.0])
    found = cut_pairs(graph, [0], [13, 29], [5.0, 5.0], limit=limit)
    assert told(found) == told(whole)[:limit]
    assert found.complete
    assert found.n_found == whole.n_found


def test_more_pairs_than_may_be_looked_at_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two rings through 0: of 6 towns and of 3; pairs of the larger one fill what there is."""
    tail, head = [0, 1, 2, 3, 4, 5, 6, 0, 7, 8, 9], [1, 2, 3, 4, 5, 6, 0, 7, 8, 9, 0]
    graph, towns = Graph(10, tail, head, np.ones(11)), list(range(1, 10))
    whole = cut_pairs(graph, [0], towns, np.ones(9), limit=100)
    monkeypatch.setattr(pairs_module, "LARGEST_CLASS", 4)
    monkeypatch.setattr(pairs_module, "MOST_PAIRS", 1)
    part = cut_pairs(graph, [0], towns, np.ones(9), limit=100)
    assert whole.complete
    assert not part.complete
    assert set(map(str, told(part))) < set(map(str, told(whole)))


@pytest.mark.parametrize("weight", [[1.0], [1.0, -1.0], [1.0, float("nan")], ["a", "b"]])
def test_weights_that_are_none_are_refused(weight: list[object]) -> None:
    graph = Graph(3, [0, 1], [1, 2], [1.0, 1.0])
    with pytest.raises(GeodataError, match="each of the 2 towns"):
        cut_pairs(graph, [0], [1, 2], weight)  # type: ignore[arg-type]
