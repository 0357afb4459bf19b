import datetime as dt
import itertools

import numpy as np
import pytest

from geodata.analysis.common_shocks import CommonShocks
from geodata.analysis.fuel import fuel
from geodata.analysis.reliability import PROBABILITY, Sampling, reliability, shocks_on
from geodata.analysis.stock_plan import _stranded, own_stocks, stock_plan
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
        supply=["PORT"],
        people={"s": 10, "t": 90, "u": 50},
    )
    dataset = Dataset(network, with_shipped_events=False, shipped_network=False)
    return dataset, CommonShocks(np.array([0.5, 0.0, 0.5]), np.full(3, -1), ())


def test_stock_serves_the_towns_that_are_stranded_with_it(two_arms):
    found = stock_plan(*(two_arms[0], Conditions(), two_arms[1]), most=3, horizon_days=10)
    frontier = found.frontier
    assert frontier.towns.tolist() == [(), ("t",), ("t", "u"), ("t", "u")]
    assert frontier.uncovered.iloc[0] == pytest.approx(0.5 * 100 * 10 + 0.5 * 50 * 10, rel=0.05)
    assert frontier.uncovered.iloc[2] == pytest.approx(0)
    assert found.towns.reached.tolist() == [("t", "s"), ("u",)]


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


def test_litres_take_both_ends_of_the_band_of_use(two_arms):
    dataset, shocks = two_arms
    use, band = {"s": 1.0, "t": 9.0, "u": 5.0}, {"s": (1, 2), "t": (4, 18), "u": (5, 5)}
    found = stock_plan(
        dataset, Conditions(), shocks, most=2, horizon_days=10, litres_a_day=use, litres_band=band
    ).towns.set_index("node_id")
    assert found.litres.to_dict() == {"t": 100.0, "u": 50.0}
    assert found.litres_low.to_dict() == {"t": 50.0, "u": 50.0}
    assert found.litres_high.to_dict() == {"t": 200.0, "u": 50.0}
    none = stock_plan(dataset, Conditions(), shocks, most=1).towns
    assert none[["litres", "litres_low", "litres_high"]].isna().all(axis=None)


def test_the_fuel_models_stocks_and_use_reach_the_plan(mali):
    estimate = fuel(mali, n_members=50)
    stocks = own_stocks(estimate, DAY)
    table, use = estimate.on(DAY).set_index("node_id"), estimate.use_on(DAY).set_index("node_id")
    assert set(stocks.days) == set(table.index[table["stock_days"].notna()])
    assert stocks.days["mopti"] == table.loc["mopti", "stock_days"]
    assert (use["use_low"] <= use["use_litres"]).all()
    assert (use["use_litres"] <= use["use_high"]).all()
    # Koutiala's published need: 15 tankers of 46,000 litres a month.
    low, high = stocks.band["koutiala"]
    assert low < 15 * 46_000 / 30 < high
    shocks = shocks_on(mali, TANKER, on=DAY)
    found = stock_plan(
        mali,
        TANKER,
        shocks,
        most=1,
        days_of_stock=stocks.days,
        litres_a_day=stocks.litres,
        litres_band=stocks.band,
        sampling=Sampling(500),
    ).towns.iloc[0]
    assert 0 < found.litres_low < found.litres < found.litres_high
    people = mali.network.nodes.set_index("node_id").population
    known = people[list(found.reached)].dropna()
    assert known.is_monotonic_decreasing


def test_every_number_of_towns_has_its_steps_and_the_last_is_the_plan(mali):
    shocks = shocks_on(mali, TANKER, on=DAY)
    found = stock_plan(mali, TANKER, shocks, most=3, sampling=Sampling(1024))
    for row in found.frontier.to_dict("records"):
        steps = found.steps[found.steps["p"] == row["p"]]
        assert sorted(steps["node_id"]) == sorted(row["towns"])
        assert (steps["uncovered"] == row["uncovered"]).all()
    last = found.steps[found.steps["p"] == 3]
    assert last["reached"].tolist() == found.towns["reached"].tolist()
    assert last["covered"].tolist() == found.towns["covered"].tolist()


def test_each_stocked_town_says_whom_it_serves_and_what_must_be_open_for_it():
    """PORT --a-- s --b-- t --c-- u, and d from t to u: between t and u two roads lie."""
    network = make_network(
        [
            ("PORT", "s", 1, "yes", "a"),
            ("s", "t", 1, "yes", "b"),
            ("t", "u", 1, "yes", "c"),
            ("t", "u", 1, "yes", "d"),
        ],
        supply=["PORT"],
        people={"s": 10, "t": 1000, "u": None},
    )
    dataset = Dataset(network, with_shipped_events=False, shipped_network=False)
    shocks = CommonShocks(np.full(4, 0.5), np.full(4, -1), ())
    town = stock_plan(dataset, Conditions(), shocks, most=1).towns.iloc[0]
    assert town.node_id == "t"
    assert set(town.reached) == {"s", "t", "u"}
    assert (town.population, town.population_unknown) == (1010, 1)
    assert town.needs == ("b",)
