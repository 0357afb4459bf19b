"""Each isolated town has one cause: the vehicle, the season, supply points off, or closures."""

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.analysis.accessibility import access
from geodata.analysis.causes import CAUSES
from geodata.analysis.resolution import conditions_on
from geodata.conditions import Closure, Conditions
from geodata.network.model import Network
from geodata.schema import Cause, SegmentState, Vehicle
from tests.conftest import make_network
from tests.support import oracle
from tests.support.strategies import networks, scenarios


@pytest.fixture
def spurs() -> Network:
    r"""Two supply points, a seasonal road, a track and an island.

    ::

        PORT --wet (seasonal)-- a        island
          |
         dry
          |
          b --bridge-- c --track (no tanker)-- d        DEPOT --depot-- e
    """
    return make_network(
        [
            ("PORT", "a", 10, "seasonal", "wet"),
            ("PORT", "b", 10, "yes", "dry"),
            ("b", "c", 10, "yes", "bridge"),
            ("c", "d", 10, "no", "track"),
            ("DEPOT", "e", 10, "yes", "depot"),
        ],
        supply=["PORT", "DEPOT"],
        nodes=["island"],
        people={"a": 1, "b": 10, "c": 100, "d": 1000, "e": 10_000},
    )


def by_cause(network: Network, **scenario: object) -> dict[str, tuple[str, tuple[str, ...]]]:
    scenario.setdefault("vehicle", Vehicle.TANKER)
    towns = access(network, Conditions(**scenario)).towns
    lost = towns[towns.isolated]
    return dict(
        zip(lost.node_id, zip(lost.isolated_by, lost.sufficient_causes, strict=True), strict=True)
    )


NEVER = {"d": (Cause.VEHICLE, (Cause.VEHICLE,)), "island": (Cause.VEHICLE, (Cause.VEHICLE,))}


def test_a_town_that_the_vehicle_never_reaches_has_the_vehicle_as_its_cause(spurs):
    assert by_cause(spurs) == NEVER
    assert by_cause(spurs, vehicle=Vehicle.ANY) == {"island": NEVER["island"]}
    everything = by_cause(
        spurs, impassable=frozenset(["wet"]), without=frozenset(["PORT"]), cut=frozenset(["dry"])
    )
    assert everything["d"] == NEVER["d"]


def test_the_season_alone_is_no_closure(spurs):
    found = by_cause(spurs, impassable=frozenset(["wet"]))
    assert found == {**NEVER, "a": (Cause.SEASON, (Cause.SEASON,))}


def test_a_supply_point_switched_off_is_no_closure(spurs):
    found = by_cause(spurs, without=frozenset(["DEPOT"]))
    assert found == {**NEVER, "e": (Cause.SUPPLY, (Cause.SUPPLY,))}


def test_a_road_cut_or_closed_by_events_is_a_closure(spurs):
    closed = (Closure("bridge", SegmentState.CLOSED),)
    lost = (Cause.CLOSURE, (Cause.CLOSURE,))
    assert by_cause(spurs, closures=closed) == {**NEVER, "c": lost}
    assert by_cause(spurs, cut=frozenset(["dry"])) == {**NEVER, "b": lost, "c": lost}


def test_a_town_kept_off_by_season_and_by_closure_counts_as_season(spurs):
    found = by_cause(spurs, impassable=frozenset(["wet"]), cut=frozenset(["wet"]))
    assert found["a"] == (Cause.SEASON, (Cause.SEASON, Cause.CLOSURE))


def test_causes_that_isolate_only_together_count_at_the_last_step():
    """PORT --wet (seasonal)-- x --dry-- DEPOT."""
    both = make_network(
        [("PORT", "x", 1, "seasonal", "wet"), ("x", "DEPOT", 1, "yes", "dry")],
        supply=["PORT", "DEPOT"],
    )
    wet, dry, depot = frozenset(["wet"]), frozenset(["dry"]), frozenset(["DEPOT"])
    assert by_cause(both, impassable=wet, without=depot) == {"x": (Cause.SUPPLY, ())}
    assert by_cause(both, impassable=wet, cut=dry) == {"x": (Cause.CLOSURE, ())}


def test_the_summary_counts_towns_and_people_by_cause(spurs):
    scenario = Conditions(
        vehicle=Vehicle.TANKER,
        impassable=frozenset(["wet"]),
        cut=frozenset(["dry"]),
        without=frozenset(["DEPOT"]),
    )
    counted = access(spurs, scenario).summary.isolated_by
    figures = {c: (n.towns, n.population, n.population_unknown) for c, n in counted.items()}
    assert figures == {
        Cause.VEHICLE: (2, 1000, 1),
        Cause.SEASON: (1, 1, 0),
        Cause.SUPPLY: (1, 10_000, 0),
        Cause.CLOSURE: (2, 110, 0),
    }


@given(st.data())
@settings(max_examples=90, deadline=None)
def test_causes_are_those_of_the_brute_force(data):
    network = data.draw(networks())
    scenario = data.draw(scenarios(network, season=True))
    found = access(network, scenario, count_routes=False)
    for row in found.towns.itertuples():
        assert row.isolated_by == oracle.cause(network, scenario, row.node_id)
        expected = oracle.sufficient_causes(network, scenario, row.node_id)
        assert row.sufficient_causes == (expected if row.isolated else ())
    counted = found.summary.isolated_by
    assert tuple(counted) == CAUSES
    assert sum(each.towns for each in counted.values()) == found.summary.isolated
    assert counted[Cause.VEHICLE].towns == found.summary.baseline_isolated
    others = sum(each.towns for cause, each in counted.items() if cause != Cause.VEHICLE)
    assert others == found.summary.newly_isolated


@given(st.data())
@settings(max_examples=50, deadline=None)
def test_a_closure_is_the_cause_exactly_where_reopening_every_road_helps(data):
    network = data.draw(networks())
    scenario = data.draw(scenarios(network, season=True))
    every = Conditions(
        vehicle=scenario.vehicle, without=scenario.without, impassable=scenario.impassable
    )
    now = access(network, scenario, count_routes=False).towns
    reopened = access(network, every, count_routes=False).towns
    helped = now.isolated & ~reopened.isolated
    pd.testing.assert_series_equal(now.isolated_by == Cause.CLOSURE, helped, check_names=False)
    assert (now.cut_by.map(bool) == helped).all()


def test_the_rains_isolate_towns_before_the_first_event_and_closures_none(mali):
    """Depends on the shipped roads and the rule for the rains; on the eve of the blockade."""
    tanker = Conditions(vehicle=Vehicle.TANKER)
    eve = conditions_on(mali, tanker, on=dt.date(2025, 9, 2))
    counted = access(mali.network, eve, count_routes=False).summary.isolated_by
    assert counted[Cause.CLOSURE].towns == 0
    assert (counted[Cause.SEASON].towns, counted[Cause.SEASON].population) == (21, 391_652)
