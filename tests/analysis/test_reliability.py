import datetime as dt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata import schema as f
from geodata.analysis import exact_reliability as exact_module
from geodata.analysis import reliability as reliability_module
from geodata.analysis.accessibility import access
from geodata.analysis.common_shocks import CommonShocks
from geodata.analysis.exact_reliability import exact_reliability
from geodata.analysis.reliability import (
    HIGH,
    LOW,
    PROBABILITY,
    Method,
    Sampling,
    Uncertainty,
    reliability,
    shocks_on,
)
from geodata.analysis.sampled_reliability import sampled_reliability
from geodata.analysis.uncertain_network import uncertain_network
from geodata.conditions import Conditions
from geodata.dataset import Dataset
from geodata.schema import Vehicle
from tests.analysis.connections import enumerated
from tests.conftest import make_network
from tests.support.strategies import networks

DAY = dt.date(2025, 11, 10)
TANKER = Conditions(vehicle=Vehicle.TANKER)


@pytest.fixture(scope="module")
def shocks(mali):
    return shocks_on(mali, TANKER, on=DAY)


@pytest.fixture(scope="module")
def exact(mali, shocks):
    return reliability(mali, TANKER, shocks, method=Method.EXACT)


def own(network):
    return Dataset(network, with_shipped_events=False, shipped_network=False)


@given(st.data())
@settings(max_examples=25)
def test_switches_count_as_the_sum_over_their_states(data):
    network = data.draw(networks())
    count = min(len(network.segment_ids), 6)
    chances = data.draw(
        st.lists(st.sampled_from([0.0, 0.2, 0.5, 0.8, 1.0]), min_size=count, max_size=count)
    )
    chances += [1.0] * (len(network.segment_ids) - count)
    groups = np.array([data.draw(st.integers(-1, 1)) for _ in chances])
    shocks = CommonShocks(np.array(chances), groups, ("x", "y"), 0.6)
    found = reliability(own(network), Conditions(), shocks, method=Method.EXACT)
    ends = np.c_[network.tail, network.head]
    supply = [network.node_number[i] for i in network.supply_points]
    # One more node, tied to every supply point, in the place of number 0.
    tied = np.array([[0, s + 1] for s in supply], dtype=np.int64).reshape(-1, 2)
    ends = np.r_[ends + 1, tied]
    total = np.zeros(len(network.node_ids) + 1)
    for state in range(4):
        on = np.array([state & 1, state >> 1, 0], dtype=bool)
        weight = np.prod(np.where(on[:2], shocks.on, 1 - shocks.on))
        closed = np.where(on[groups], shocks.while_on, shocks.while_off)
        keep = closed < 1
        some = np.r_[np.flatnonzero(keep), len(closed) + np.arange(len(tied))]
        closed = np.r_[closed, np.zeros(len(tied))][some]
        total += weight * enumerated(len(total), ends[some], closed)
    towns = [network.node_number[i] + 1 for i in network.towns]
    assert found.towns[PROBABILITY].to_numpy() == pytest.approx(total[towns])


def test_certain_closures_give_the_towns_that_access_gives(mali):
    cut = frozenset(mali.network.segment_ids[::9])
    closed = np.isin(mali.network.segment_ids, list(cut)).astype(float)
    none = np.full(len(closed), -1)
    found = reliability(mali, Conditions(), CommonShocks(closed, none, ()))
    isolated = access(mali.network, Conditions(cut=cut), count_routes=False).towns[f.ISOLATED]
    assert found.towns[PROBABILITY].tolist() == (1.0 - isolated).tolist()
    assert 0 < isolated.sum() < len(isolated)


def test_without_supply_no_town_has_access():
    network = make_network([("a", "b", 1)])
    shocks = CommonShocks(np.array([0.5]), np.array([-1]), ())
    for method in (Method.EXACT, Method.SAMPLED):
        found = reliability(own(network), Conditions(), shocks, method=method)
        assert found.towns[PROBABILITY].tolist() == [0, 0]


def test_exact_agrees_with_graphillion_where_segments_are_independent(mali):
    graphillion = pytest.importorskip("graphillion")
    independent = Uncertainty(together=0.0)
    shocks = shocks_on(mali, TANKER, on=DAY, uncertainty=independent)
    found = uncertain_network(mali.network, TANKER, shocks)
    ours = exact_reliability(found)
    # Graphillion knows no parallel edges: two of them close as one with the product.
    closed = {}
    for (a, b), p in zip(found.ends.tolist(), found.while_off, strict=True):
        key = (min(a, b), max(a, b))
        closed[key] = closed.get(key, 1.0) * p
    graphillion.GraphSet.set_universe(list(closed))
    opened = {edge: 1 - p for edge, p in closed.items()}
    uncertain = [t for t in sorted(set(found.town.tolist())) if 0.01 < ours[t] < 0.99]
    assert len(uncertain) > 5
    for town in uncertain[::4]:
        paths = graphillion.GraphSet.paths(0, town)
        connected = graphillion.GraphSet({}).supergraphs(paths)
        assert connected.probability(opened) == pytest.approx(ours[town], abs=1e-9)


def test_samples_lie_within_their_interval_in_99_of_100_seeds(mali, shocks, exact):
    found = uncertain_network(mali.network, TANKER, shocks)
    true = exact.towns[PROBABILITY].to_numpy()
    held = people = 0
    for seed in range(100):
        drawn = sampled_reliability(found, samples=2000, seed=seed)
        low, high = drawn.interval()
        held += bool(((low <= true + 1e-12) & (true <= high + 1e-12)).all())
        below, above = drawn.people_interval()
        people += below <= exact.expected_people <= above
    assert held >= 99
    assert people >= 97


def test_the_workers_change_no_byte(mali, shocks):
    one, two = (
        reliability(
            mali,
            TANKER,
            shocks,
            method=Method.SAMPLED,
            sampling=Sampling(samples=3000, workers=workers),
        )
        for workers in (1, 2)
    )
    assert one.towns.equals(two.towns)
    assert (one.expected_people, one.people_low) == (two.expected_people, two.people_low)


def test_common_closings_change_towns_with_two_routes_and_not_a_single_road():
    """PORT ==a,b== t --c-- u: two parallel roads to t, one more to u."""
    network = make_network(
        [("PORT", "t", 1, "yes", "a"), ("PORT", "t", 2, "yes", "b"), ("t", "u", 1, "yes", "c")],
        supply=["PORT"],
        people={"t": 100, "u": 10},
    )
    chances = np.array([0.5, 0.5, 0.2])
    for together, t in ((0.0, 0.75), (1.0, 0.5)):
        shocks = CommonShocks(chances, np.array([0, 0, -1]), ("g",), together)
        found = reliability(own(network), Conditions(), shocks)
        assert found.towns[PROBABILITY].tolist() == pytest.approx([t, 0.8 * t])
        assert found.expected_people == pytest.approx(100 * t + 8 * t)


def test_every_figure_has_its_interval(mali, shocks):
    found = reliability(mali, TANKER, shocks, method=Method.SAMPLED)
    towns = found.towns
    assert (towns[LOW] <= towns[PROBABILITY]).all()
    assert (towns[PROBABILITY] <= towns[HIGH]).all()
    assert found.people_low < found.expected_people < found.people_high


def test_an_exact_answer_that_takes_too_long_is_drawn_instead(mali, shocks, monkeypatch):
    exact = reliability(mali, TANKER, shocks)
    assert exact.method == Method.EXACT
    monkeypatch.setattr(exact_module, "MOST_CELLS", 1)
    asked = reliability(mali, TANKER, shocks, method=Method.EXACT)
    assert np.allclose(asked.towns[PROBABILITY], exact.towns[PROBABILITY])
    monkeypatch.setattr(reliability_module, "MOST_STEPS", 0)
    assert reliability(mali, TANKER, shocks).method == Method.SAMPLED
