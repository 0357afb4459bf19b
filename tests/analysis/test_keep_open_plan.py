import datetime as dt

import numpy as np
import pytest

from geodata.analysis.common_shocks import CommonShocks
from geodata.analysis.keep_open_plan import GAIN, keep_open_plan
from geodata.analysis.reliability import Method, Uncertainty, reliability, shocks_on
from geodata.conditions import Conditions
from geodata.dataset import Dataset
from geodata.schema import Vehicle
from tests.conftest import make_network

DAY = dt.date(2025, 11, 10)


@pytest.fixture
def two_roads():
    """PORT --a-- t --b-- u, with a second road c from PORT to u."""
    network = make_network(
        [("PORT", "t", 1, "yes", "a"), ("t", "u", 1, "yes", "b"), ("PORT", "u", 1, "yes", "c")],
        supply=["PORT"],
        people={"t": 1000, "u": 100},
    )
    dataset = Dataset(network, with_shipped_events=False, shipped_network=False)
    shocks = CommonShocks(np.array([0.5, 0.5, 0.2]), np.array([0, 0, -1]), ("g",), 0.5)
    return dataset, shocks


def test_the_gain_is_that_of_a_segment_that_is_never_closed(two_roads):
    dataset, shocks = two_roads
    found = keep_open_plan(dataset, Conditions(), shocks, method=Method.EXACT).set_index(
        "segment_id"
    )

    # By hand over the two states of the switch, each with probability 0.5:
    # closed with 0.75 while on and 0.25 while off; c closed with 0.2.
    def people(a, b, c):
        t = (1 - a) + a * (1 - b) * (1 - c)
        u = (1 - c) + c * (1 - a) * (1 - b)
        return 1000 * t + 100 * u

    before = np.mean([people(p, p, 0.2) for p in (0.75, 0.25)])
    open_a = np.mean([people(0, p, 0.2) for p in (0.75, 0.25)])
    open_c = np.mean([people(p, p, 0) for p in (0.75, 0.25)])
    assert found[GAIN]["a"] == pytest.approx(open_a - before)
    assert found[GAIN]["c"] == pytest.approx(open_c - before)
    assert found.index[0] == "a"


def test_samples_lie_around_the_exact_gain(two_roads):
    dataset, shocks = two_roads
    exact = keep_open_plan(dataset, Conditions(), shocks, method=Method.EXACT)
    drawn = keep_open_plan(dataset, Conditions(), shocks, method=Method.SAMPLED)
    both = exact.merge(drawn, on="segment_id", suffixes=("", "_drawn"))
    assert len(both) == 3
    assert (both[f"{GAIN}_low_drawn"] <= both[GAIN]).all()
    assert (both[GAIN] <= both[f"{GAIN}_high_drawn"]).all()
    assert (both.towns_gained - both.towns_gained_drawn).abs().max() < 0.05


def test_no_gain_exceeds_the_people_without_access(mali):
    scenario = Conditions(vehicle=Vehicle.TANKER)
    shocks = shocks_on(mali, scenario, on=DAY, uncertainty=Uncertainty(together=0.0))
    found = keep_open_plan(mali, scenario, shocks)
    before = reliability(mali, scenario, shocks, method=Method.EXACT)
    missing = before.towns.population.sum() - before.expected_people
    unknown = before.towns.population.median() * before.unknown
    assert found[GAIN].between(0, missing + unknown).all()
    assert found[GAIN].is_monotonic_decreasing
    assert found.towns_helped.map(len).gt(0).all()


@pytest.fixture
def chain():
    """PORT --a-- s --b-- t --c-- u, and d from PORT to s: a and d stand in for each other."""
    network = make_network(
        [
            ("PORT", "s", 1, "yes", "a"),
            ("s", "t", 1, "yes", "b"),
            ("t", "u", 1, "yes", "c"),
            ("PORT", "s", 1, "yes", "d"),
        ],
        supply=["PORT"],
        people={"s": 10, "t": 1000, "u": 100},
    )
    dataset = Dataset(network, with_shipped_events=False, shipped_network=False)
    return dataset, CommonShocks(np.array([0.5, 0.5, 0.5, 0.5]), np.full(4, -1), ())


@pytest.mark.parametrize("method", [Method.EXACT, Method.SAMPLED])
def test_each_road_names_the_towns_that_gain_and_what_must_be_open_too(chain, method):
    dataset, shocks = chain
    found = keep_open_plan(dataset, Conditions(), shocks, method=method).set_index("segment_id")
    assert found.towns_helped.to_dict() == {
        "a": ("t", "u", "s"),
        "b": ("t", "u"),
        "c": ("u",),
        "d": ("t", "u", "s"),
    }
    assert found.needs.to_dict() == {"a": (), "b": (), "c": ("b",), "d": ()}


def test_closing_what_a_road_needs_leaves_it_without_gain(chain):
    dataset, shocks = chain
    closed = np.array([0.5, 1.0, 0.5, 0.5])
    found = keep_open_plan(
        dataset,
        Conditions(),
        CommonShocks(closed, shocks.switch, shocks.names),
        method=Method.EXACT,
    )
    assert set(found.segment_id) == {"a", "d"}
    assert (found.towns_helped == ("s",)).all()


def test_towns_are_named_for_the_first_segments_alone(chain, monkeypatch):
    monkeypatch.setattr("geodata.analysis.keep_open_plan.REASONED", 1)
    found = keep_open_plan(chain[0], Conditions(), chain[1], method=Method.SAMPLED)
    assert len(found) == 4
    assert [bool(towns) for towns in found.towns_helped] == [True, False, False, False]
