import datetime as dt

import numpy as np
import pytest

from geodata.analysis.common_shocks import CommonShocks
from geodata.analysis.degradation import degradation
from geodata.analysis.reliability import shocks_on
from geodata.conditions import Conditions
from geodata.dataset import Dataset
from geodata.schema import Vehicle
from tests.conftest import make_network


@pytest.fixture
def two_roads():
    """PORT --a-- t and PORT --b-- u, each uncertain."""
    network = make_network(
        [("PORT", "t", 1, "yes", "a"), ("PORT", "u", 1, "yes", "b")],
        supply=["PORT"],
        people={"t": 300, "u": 100},
    )
    return Dataset(network, with_shipped_events=False, shipped_network=False)


def test_the_riskier_road_closes_first_in_proportion_to_its_odds(two_roads):
    # Odds 4 and 1: a closes first in four of five samples, and leaves the 100 people of u.
    shocks = CommonShocks(np.array([0.8, 0.5]), np.full(2, -1), ())
    found = degradation(two_roads, Conditions(), shocks, samples=20_000)
    assert found.curve.closed.tolist() == [0, 1, 2]
    assert found.curve.people.tolist() == pytest.approx([400, 0.8 * 100 + 0.2 * 300, 0], abs=3)
    assert found.area == pytest.approx((200 + 140) / 2 / 400, abs=0.01)


def test_more_closures_give_no_one_access(mali):
    scenario = Conditions(vehicle=Vehicle.TANKER)
    shocks = shocks_on(mali, scenario, on=dt.date(2025, 11, 10))
    curve = degradation(mali, scenario, shocks, samples=200).curve
    assert (np.diff(curve.people) <= 1e-6).all()
    assert (curve.people_low <= curve.people_high).all()
    assert curve.people.iloc[0] > curve.people.iloc[-1]


def test_nothing_uncertain_loses_nothing(two_roads):
    shocks = CommonShocks(np.zeros(2), np.full(2, -1), ())
    found = degradation(two_roads, Conditions(), shocks)
    assert (found.area, found.curve.people.tolist()) == (1.0, [400.0])
