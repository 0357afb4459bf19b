import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.graph import replacement_paths as detours_module
from geodata.graph.single_cuts import EveryCut, Graph, every_cut
from tests.support.graph_oracle import Case, cases, detours, isolations, seeded_case


def told_isolations(cuts: EveryCut) -> list[tuple[int, int]]:
    return list(zip(cuts.segment.tolist(), cuts.town.tolist(), strict=True))


def told_detours(cuts: EveryCut) -> list[tuple[int, int, float, int, int]]:
    columns = (
        cuts.detour_segment,
        cuts.detour_town,
        cuts.detour_km,
        cuts.switched_from,
        cuts.switched_to,
    )
    return list(zip(*(column.tolist() for column in columns), strict=True))


@given(cases())
@settings(max_examples=150, deadline=None)
def test_small_graphs_against_brute_force(case: Case) -> None:
    cuts = every_cut(case.graph, case.supply, case.towns, detours=True)
    assert told_isolations(cuts) == isolations(case)
    assert told_detours(cuts) == detours(case)


@pytest.mark.parametrize("ties", [False, True])
@pytest.mark.parametrize("seed", [1, 2])
def test_300_edges_against_brute_force(seed: int, ties: bool) -> None:
    case = seeded_case(seed, 300, ties=ties)
    expected_isolations, expected_detours = isolations(case), detours(case)
    cuts = every_cut(case.graph, case.supply, case.towns, detours=True)
    assert expected_isolations
    assert expected_detours
    assert told_isolations(cuts) == expected_isolations
    assert [row[:2] + row[3:] for row in told_detours(cuts)] == [
        row[:2] + row[3:] for row in expected_detours
    ]
    assert cuts.detour_km == pytest.approx([row[2] for row in expected_detours], abs=1e-12)


def test_small_batches_give_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    case = seeded_case(3, 300, ties=True)
    whole = every_cut(case.graph, case.supply, case.towns, detours=True)
    monkeypatch.setattr(detours_module, "BATCH", 7)
    parts = every_cut(case.graph, case.supply, case.towns, detours=True)
    assert len(whole.detour_town) > 100
    assert told_detours(parts) == told_detours(whole)


@given(cases(), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_order_of_edges_does_not_matter(case: Case, random: object) -> None:
    order = np.arange(len(case.edges))
    np.random.default_rng(random.randrange(2**32)).shuffle(order)  # type: ignore[attr-defined]
    graph = case.graph
    mixed = Graph(graph.n_nodes, graph.head[order], graph.tail[order], graph.length_km[order])
    one = every_cut(graph, case.supply, case.towns, detours=True)
    other = every_cut(mixed, case.supply[::-1], case.towns[::-1], detours=True)
    back = sorted((int(order[edge]), *rest) for edge, *rest in told_detours(other))
    assert back == told_detours(one)
    assert sorted((int(order[e]), t) for e, t in told_isolations(other)) == told_isolations(one)


@given(cases())
@settings(max_examples=60, deadline=None)
def test_one_more_supply_point_never_isolates_more(case: Case) -> None:
    before = set(told_isolations(every_cut(case.graph, case.supply, case.towns)))
    more = every_cut(case.graph, [*case.supply, 0], case.towns)
    reached_before = {town for _, town in before}
    after = {row for row in told_isolations(more) if row[1] in reached_before}
    assert after <= before


def test_a_bridge_isolates_nobody_if_the_far_side_has_its_own_supply() -> None:
    """0 supply -- 1 town -- 2 town -- 3 supply; and 4 town hangs on 2."""
    graph = Graph(5, [0, 1, 2, 2], [1, 2, 3, 4], [5.0, 10.0, 1.0, 2.0])
    cuts = every_cut(graph, [0, 3], [1, 2, 4], detours=True)
    assert told_isolations(cuts) == [(3, 4)]
    assert told_detours(cuts) == [
        (0, 1, 6.0, 0, 3),
        (2, 2, 14.0, 3, 0),
        (2, 4, 14.0, 3, 0),
    ]


def test_an_equally_near_supply_point_is_no_switch() -> None:
    r"""Supply 1 serves town 2 by 1 km; without that, both 0 and 1 are 3 km away.

    0 --3-- 2 ==1== 1
             \_3__/
    """
    graph = Graph(3, [1, 1, 0], [2, 2, 2], [1.0, 3.0, 3.0])
    assert told_detours(every_cut(graph, [0, 1], [2], detours=True)) == [(0, 2, 2.0, 1, 1)]


def test_a_tie_hidden_behind_a_lower_number_is_found() -> None:
    """Node 3 is 2 km from supply 0 and from supply 1; town 4's way by 1 breaks, not by 3.

    0 --2-- 3 --2-- 1 --1-- 4, and 3 --5-- 4
    """
    graph = Graph(5, [0, 3, 1, 3], [3, 1, 4, 4], [2.0, 2.0, 1.0, 5.0])
    cuts = every_cut(graph, [0, 1], [4], detours=True)
    assert told_detours(cuts) == [(2, 4, 6.0, 1, 1)]


def test_a_long_chain_is_no_deep_recursion() -> None:
    n = 50_000
    graph = Graph(n, np.arange(n - 1), np.arange(1, n), np.ones(n - 1))
    cuts = every_cut(graph, [0], [n - 1, 10], detours=True)
    assert len(cuts.segment) == n - 1 + 10
    assert len(cuts.detour_town) == 0


def test_too_long_for_so_many_supply_points_is_refused() -> None:
    n = 2_000
    ring = np.arange(n)
    graph = Graph(n, ring, (ring + 1) % n, np.full(n, 2_000.0))
    supply = np.arange(0, n // 100)
    with pytest.raises(Exception, match="20 supply points"):
        every_cut(graph, supply, [n // 2], detours=True)
    assert len(every_cut(graph, supply[:1], [n // 2 - 1], detours=True).detour_km) == n // 2 - 1
