import datetime as dt
import itertools

import numpy as np
import pytest

from geodata.analysis.common_shocks import CommonShocks
from geodata.analysis.reliability import PROBABILITY, Sampling, reliability, shocks_on
from geodata.analysis.stock_plan import _stranded, stock_plan
from geodata.analysis.uncertain_network import uncertain_network
from geodata.conditions import Conditions
from geodata.dataset import Dataset
from geodata.errors import GeodataError, UnknownIdError
from geodata.schema import Vehicle
from tests.conftest import make_network

DAY = dt.date(2025, 11, 10)
TANKER = Conditions(vehicle=Vehicle.TANKER)


@pytest.fixture
def two_arms():
    """PORT --a-- s --b-- t (sure) and PORT --c-- u: only a and c may close."""
    network = make_network(
        [("PORT", "s", 1, "yes", "a"), ("s", "t", 1, "yes", "b"), ("PORT", "u", 1, "yes", "c")],
        supply=["PORT"], people={"s": 10, "t": 90, "u": 50},
    )  # fmt: skip
    dataset = Dataset(network, with_shipped_events=False, shipped_network=False)
    return dataset, CommonShocks(np.array([0.5, 0.0, 0.5]), np.full(3, -1), ())


def test_stock_serves_the_towns_that_are_stranded_with_it(two_arms):
    found = stock_plan(*(two_arms[0], Conditions(), two_arms[1]), most=3, horizon_days=10)
    frontier = found.frontier
    assert frontier.towns.tolist() == [(), ("t",), ("t", "u"), ("t", "u")]
    assert frontier.uncovered.iloc[0] == pytest.approx(0.5 * 100 * 10 + 0.5 * 50 * 10, rel=0.05)
    assert frontier.uncovered.iloc[2] == pytest.approx(0)
    assert found.towns.reached.tolist() == [("s", "t"), ("u",)]


def test_a_town_with_stock_of_its_own_needs_less(two_arms):
    dataset, shocks = two_arms
    own = {"s": 10.0, "t": 10.0, "u": 4.0}
    use = {"s": 1.0, "t": 9.0, "u": 5.0}
    found = stock_plan(
        dataset, Conditions(), shocks, most=1, horizon_days=10, days_of_stock=own, litres_a_day=use
    )
    assert found.towns.node_id.tolist() == ["u"]
    assert found.towns.litres.tolist() == [30.0]
    assert found.frontier.uncovered.iloc[0] == pytest.approx(0.5 * 50 * 6, rel=0.05)


def test_no_other_three_towns_leave_fewer_person_days(mali):
    shocks = shocks_on(mali, TANKER, on=DAY)
    draw = Sampling(samples=2000)
    found = stock_plan(mali, TANKER, shocks, most=3, sampling=draw).frontier
    groups = _stranded(uncertain_network(mali.network, TANKER, shocks), draw)
    people = mali.network.nodes.set_index("node_id").population[list(mali.network.towns)]
    need = people.fillna(people.median()).to_numpy() * 30
    worth = groups.share * (groups.members @ need)
    # Towns that are always stranded together are one choice.
    columns = np.unique(groups.members, axis=1).astype(bool)
    for count in (1, 2, 3):
        most = max(
            worth[columns[:, list(chosen)].any(axis=1)].sum()
            for chosen in itertools.combinations(range(columns.shape[1]), count)
        )
        assert found.covered[count] == pytest.approx(most)
    assert (found.gap.abs() < 1).all()
    assert (found.uncovered <= found.uncovered_greedy + 1e-6).all()


def test_without_stock_the_uncovered_days_follow_from_the_probabilities(mali):
    shocks = shocks_on(mali, TANKER, on=DAY)
    found = stock_plan(mali, TANKER, shocks, most=0, horizon_days=1)
    towns = reliability(mali, TANKER, shocks).towns
    people = towns.population.fillna(towns.population.median())
    expected = float(((1 - towns[PROBABILITY]) * people).sum())
    assert found.frontier.uncovered.tolist() == pytest.approx([expected], rel=0.02)


def test_the_workers_change_no_byte(mali):
    shocks = shocks_on(mali, TANKER, on=DAY)
    one, two = (
        stock_plan(mali, TANKER, shocks, most=2, sampling=Sampling(3000, workers=workers))
        for workers in (1, 2)
    )
    assert one.frontier.equals(two.frontier)


def test_wrong_figures_and_towns_are_refused(two_arms):
    dataset, shocks = two_arms
    with pytest.raises(GeodataError, match="not below 0"):
        stock_plan(dataset, Conditions(), shocks, days_of_stock={"s": -1.0})
    with pytest.raises(UnknownIdError, match="'x'"):
        stock_plan(dataset, Conditions(), shocks, days_of_stock={"x": 1.0})
