import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.analysis import reopening_sets
from geodata.analysis.redundancy import linked
from geodata.analysis.reopening_plan import Budget, costs, reopening_plan
from geodata.analysis.reopening_steps import reopening_steps
from geodata.conditions import Conditions
from geodata.errors import GeodataError
from tests.conftest import make_network
from tests.support import oracle
from tests.support.strategies import networks, scenarios


def restored(network, scenario, segments):
    """Ranked people whose access a set of reopenings brings back."""
    roads = scenario.on(network)
    mask, supply = roads.passable, roads.supply
    towns = [network.node_number[i] for i in network.towns]
    before = linked(network, mask, supply)[towns]
    after = linked(network, mask | np.isin(network.segment_ids, list(segments)), supply)[towns]
    people = oracle.people_for_ranking(network)[list(network.towns)].to_numpy()
    return float(people[after & ~before].sum())


def best_by_trying(network, scenario, cost, budget):
    """The most people that any set within the budget restores."""
    shut = scenario.on(network).reopenable.nonzero()[0]
    ids = [network.segment_ids[i] for i in shut]
    return max(
        restored(network, scenario, chosen)
        for size in range(len(ids) + 1)
        for chosen in itertools.combinations(ids, size)
        if sum(cost[network.segment_number[i]] for i in chosen) <= budget + 1e-9
    )


@given(st.data(), st.sampled_from(list(Budget)), st.booleans())
@settings(max_examples=40)
def test_no_set_within_the_budget_restores_more_people(data, by, whole):
    """Whether all segments enter the programme, or only what the budget can pay for."""
    network = data.draw(networks())
    scenario = data.draw(scenarios(network))
    cost = costs(network, by)
    budget = data.draw(st.sampled_from([0, 1, 2, 3, 10]))
    with pytest.MonkeyPatch.context() as patched:
        if not whole:
            patched.setattr(reopening_sets, "WHOLE_FLOWS", -1)
        row = reopening_plan(network, scenario, by=by, budgets=[budget]).frontier.iloc[0]
    found = restored(network, scenario, row.segments)
    assert found == pytest.approx(best_by_trying(network, scenario, cost, budget))
    assert row.cost <= budget + 1e-6
    assert row.proven == 0
    assert row.population_restored >= 0


@given(st.data(), st.sampled_from(list(Budget)), st.booleans())
@settings(max_examples=25)
def test_a_search_that_is_stopped_tells_how_near_to_the_best_it_came(data, by, begun):
    network = data.draw(networks())
    scenario = data.draw(scenarios(network))
    cost = costs(network, by)
    budget = data.draw(st.sampled_from([0, 1, 2, 3, 10]))
    with pytest.MonkeyPatch.context() as patched:
        if not begun:
            patched.setattr(reopening_sets, "WHOLE_FLOWS", -1)
            patched.setattr(reopening_sets, "MOST_FLOWS", -1)
        plan = reopening_plan(network, scenario, by=by, budgets=[budget], seconds=0.0)
    row = plan.frontier.iloc[0]
    found = restored(network, scenario, row.segments)
    best = best_by_trying(network, scenario, cost, budget)
    assert row.cost <= budget + 1e-6
    assert found * (1 + row.proven) >= best - 1e-6 or found + row.proven >= best - 1e-6
    assert row.population_restored >= row.population_greedy
    assert row.proven >= 0


def test_a_plan_tells_how_far_it_is_and_may_be_stopped(ring):
    network, scenario = ring
    shares = []
    reopening_plan(network, scenario, budgets=[1, 2, 3, 4], progress=shares.append)
    assert shares == [0.25, 0.5, 0.75, 1.0]

    def stop(share):
        shares.append(share)
        raise InterruptedError

    with pytest.raises(InterruptedError):
        reopening_plan(network, scenario, budgets=[1, 2], progress=stop)
    assert shares[4:] == [0.5]


def test_a_hundred_and_fifty_cuts_are_planned_exactly(mali):
    """Seconds by the clock are allowed for, so that a busy machine finds the same."""
    cut = Conditions(cut=frozenset(mali.network.segment_ids[:150]))
    frontier = reopening_plan(mali.network, cut, budgets=[3, 6], seconds=300).frontier
    assert frontier.proven.tolist() == [0, 0]
    assert frontier.population_restored.tolist() == [746_147, 1_970_568]
    assert frontier.population_greedy.tolist() == [8_080, 186_899]


@pytest.fixture
def ring():
    r"""Fifteen cut segments: three chains of five from PORT, whose people lie at different places.

    ::

        PORT --a1..a5-- a5 (900)     b1 (100), b3 (500)     c2 (400), c5 (150)
    """
    roads = [(f"{x}{i}" if i else "PORT", f"{x}{i + 1}", 10 + i) for x in "abc" for i in range(5)]
    people = {"a5": 900, "b1": 100, "b3": 500, "c2": 400, "c5": 150}
    kinds = {f"{x}{i}": "junction" for x in "abc" for i in range(1, 6) if f"{x}{i}" not in people}
    network = make_network(roads, supply=["PORT"], people=people, kinds=kinds)
    return network, Conditions(cut=frozenset(network.segment_ids))


def test_fifteen_closed_segments_are_chosen_as_by_trying_all_sets(ring):
    network, scenario = ring
    # Only the first n of each chain can help: trying these is trying all sets that matter.
    worth = {"a": [0, 0, 0, 0, 900], "b": [100, 100, 600, 600, 600], "c": [0, 400, 400, 400, 550]}
    plan = reopening_plan(network, scenario, budgets=range(1, 16)).frontier
    for row in plan.itertuples():
        best = max(
            sum(worth[x][n - 1] if n else 0 for x, n in zip("abc", lengths, strict=True))
            for lengths in itertools.product(range(6), repeat=3)
            if sum(lengths) <= row.budget
        )
        assert row.population_restored == best
        assert row.population_restored - row.population_greedy == row.gap


def test_the_greedy_order_misses_what_helps_only_together(ring):
    network, scenario = ring
    plan = reopening_plan(network, scenario, budgets=[2])
    row = plan.frontier.iloc[0]
    # The greedy order begins with b1 alone, and then needs two more for b3.
    assert (row.population_restored, row.population_greedy, row.gap) == (400, 100, 300)
    assert plan.together.node_id.tolist() == ["a5", "b3", "c5"]
    assert len(plan.together.segments.iloc[0]) == 5


def test_each_step_says_what_it_needed(ring):
    network, scenario = ring
    steps = reopening_steps(network, scenario, ["b2--b3", "PORT--b1", "b1--b2"])
    assert steps.segment_id.tolist() == ["PORT--b1", "b1--b2", "b2--b3"]
    assert steps.needs.tolist() == [(), ("PORT--b1",), ("PORT--b1", "b1--b2")]
    assert steps.population_restored.tolist() == [100, 0, 500]


def test_a_budget_that_is_no_number_is_refused(ring):
    with pytest.raises(GeodataError, match="budgets"):
        reopening_plan(*ring, budgets=[float("nan")])


def test_nothing_closed_leaves_nothing_to_plan(corridor):
    assert reopening_plan(corridor, Conditions()).frontier.empty
