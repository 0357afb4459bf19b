import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.analysis.accessibility import access
from geodata.analysis.reopening import reopening_order
from geodata.conditions import Conditions
from tests.conftest import make_network
from tests.support import oracle
from tests.support.strategies import networks, scenarios


def worth(network, scenario, segments):
    """Ranked people, towns and known people whose access a set of reopenings brings back."""
    before = access(network, scenario, count_routes=False).towns
    reopened = Conditions(
        cut=scenario.cut,
        reopened=scenario.reopened | set(segments),
        without=scenario.without,
        vehicle=scenario.vehicle,
        closures=scenario.closures,
    )
    after = access(network, reopened, count_routes=False).towns
    back = before.isolated & ~after.isolated
    ranked = oracle.people_for_ranking(network)[before.node_id[back]].sum()
    return ranked, int(back.sum()), int(before.population[back].sum()), reopened


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_each_step_is_the_best_next_one(data):
    network = data.draw(networks())
    scenario = data.draw(scenarios(network))
    for step in reopening_order(network, scenario).itertuples():
        shut = [network.segment_ids[i] for i in scenario.on(network).reopenable.nonzero()[0]]
        ranked, towns, people, after = worth(network, scenario, step.segments)
        assert (people, towns) == (step.population_restored, len(step.towns_restored))
        size = len(step.segments)
        assert size == 1 or all(worth(network, scenario, [s])[1] == 0 for s in shut)
        best = max(worth(network, scenario, c)[:2] for c in itertools.combinations(shut, size))
        assert (ranked, towns) == best
        scenario = after
    shut = [network.segment_ids[i] for i in scenario.on(network).reopenable.nonzero()[0]]
    assert worth(network, scenario, shut)[1] == 0


def test_two_that_only_help_together_make_one_step():
    """PORT --x-- m --x-- t, both cut; m is a junction."""
    network = make_network(
        [("PORT", "m", 10), ("m", "t", 10)],
        supply=["PORT"],
        kinds={"m": "junction"},
        people={"t": 500},
    )
    order = reopening_order(network, Conditions(cut=frozenset(["PORT--m", "m--t"])))
    assert order.segments.tolist() == [("PORT--m", "m--t")]
    assert order.population_restored.tolist() == [500]


def test_nothing_closed_leaves_nothing_to_reopen(corridor):
    assert reopening_order(corridor, Conditions()).empty
