"""What changed between two accesses."""

import datetime as dt
from dataclasses import replace

import pytest

from geodata.analysis.accessibility import access
from geodata.analysis.comparison import Change, Factor, compare, in_season_of
from geodata.analysis.situation import situation
from geodata.conditions import Closure, Conditions
from geodata.dataset import Dataset
from geodata.errors import GeodataError
from geodata.network.model import Network
from geodata.schema import Cause, Measure, SegmentState, Vehicle
from geodata.sharing.permalink import ViewState
from tests.conftest import make_network
from tests.support.publications import published
from tests.support.road_toys import road_network

BEFORE = Conditions()


def changes(network: Network, before: Conditions, after: Conditions) -> dict[str, str]:
    found = compare(access(network, before), access(network, after))
    return dict(zip(found.changed["node_id"], found.changed["change"], strict=True))


def test_each_kind_of_change(corridor: Network) -> None:
    cut = Conditions(cut=frozenset({"a--b"}))
    assert changes(corridor, BEFORE, BEFORE) == {}
    switch = "changed_supply"
    assert changes(corridor, BEFORE, cut) == {"b": "longer", "d": switch, "e": switch}
    assert changes(corridor, cut, BEFORE) == {"b": "shorter", "d": switch, "e": switch}
    lone = Conditions(cut=frozenset({"d--e"}))
    assert changes(corridor, BEFORE, lone) == {"e": "lost"}
    assert changes(corridor, lone, BEFORE) == {"e": "gained"}
    switched = Conditions(cut=frozenset({"b--d"}))
    assert changes(corridor, BEFORE, switched) == {"d": "changed_supply", "e": "changed_supply"}
    escorted = Conditions(closures=(Closure("d--e", SegmentState.ESCORT_ONLY),))
    assert changes(corridor, BEFORE, escorted) == {"e": "now_escorted"}
    assert changes(corridor, escorted, BEFORE) == {"e": "free_of_escort"}


def test_the_gravest_come_first_with_their_people(corridor: Network) -> None:
    after = access(corridor, Conditions(cut=frozenset({"b--d", "DEPOT--d", "a--b"})))
    found = compare(access(corridor, BEFORE), after)
    assert list(found.towns["node_id"]) == ["d", "e", "b", "a", "c"]
    assert found.count(Change.LOST) == 2
    assert found.people(Change.LOST) == (4000, 1)
    assert found.towns["km_change"].iloc[2] == pytest.approx(40.0)


def test_other_towns_are_refused(corridor: Network) -> None:
    with pytest.raises(GeodataError, match="different networks"):
        compare(access(corridor, BEFORE), access(road_network(), BEFORE))


def seasonal() -> Network:
    """PORT --wet (seasonal) 10 km-- x --far 50 km-- PORT2, and PORT --dry 10 km-- y."""
    return make_network(
        [
            ("PORT", "x", 10, "seasonal", "wet"),
            ("x", "PORT2", 50, "yes", "far"),
            ("PORT", "y", 10, "yes", "dry"),
        ],
        supply=["PORT", "PORT2"],
    )


def told(network: Network, before: Conditions, after: Conditions) -> dict[str, tuple[str, str]]:
    step = in_season_of(before, after)
    between = None if step is None else access(network, step)
    found = compare(access(network, before), access(network, after), between=between).changed
    return dict(
        zip(found["node_id"], zip(found["change"], found["changed_by"], strict=True), strict=True)
    )


def test_what_the_calendar_changed_is_listed_separately_from_what_roads_changed() -> None:
    network = seasonal()
    dry = Conditions(vehicle=Vehicle.TANKER, cut=frozenset({"far"}))
    rains = replace(dry, impassable=frozenset({"wet"}))
    assert told(network, dry, rains) == {"x": (Change.LOST, Factor.SEASON)}
    assert told(network, rains, dry) == {"x": (Change.GAINED, Factor.SEASON)}
    cut = replace(rains, cut=frozenset({"far", "dry"}))
    assert told(network, dry, cut) == {
        "x": (Change.LOST, Factor.SEASON),
        "y": (Change.LOST, Factor.ROADS),
    }
    assert told(network, rains, cut) == {"y": (Change.LOST, Factor.ROADS)}
    opened = replace(dry, cut=frozenset())
    assert told(network, opened, rains) == {"x": (Change.LOST, Factor.BOTH)}


def test_the_end_of_the_rains_is_no_reopened_road(mali: Dataset) -> None:
    """Between the two days the rains end; depends on the shipped roads and the rainy months."""
    states = ViewState(date=dt.date(2025, 10, 30), vehicle=Vehicle.TANKER, compare="2025-09-20")
    found = published(mali, states, dt.date(2026, 1, 1)).comparison
    assert found is not None
    gained = found.towns[found.towns["change"] == Change.GAINED]
    assert found.count(Change.GAINED, Factor.SEASON) == len(gained) > 10
    assert found.count(Change.GAINED, Factor.ROADS) == 0


def test_by_hours_a_slower_way_is_the_longer_one(fast_and_slow: Network) -> None:
    """20 km at 80 km/h give way to 10 km at 20 km/h."""
    before, after = (
        access(fast_and_slow, Conditions(by=Measure.HOURS, cut=cut))
        for cut in (frozenset(), frozenset({"fast"}))
    )
    found = compare(before, after).towns.iloc[0]
    assert (found["change"], found["km_change"], found["hours_change"]) == ("longer", -10, 0.25)
    assert compare(after, before).towns["change"].iloc[0] == "shorter"


def test_towns_that_stay_isolated_by_another_cause_are_listed(mali: Dataset) -> None:
    """Massigui waits for the end of the rains, then for one road; Nioro is closed on both days."""
    rain = ViewState(date=dt.date(2025, 9, 8), vehicle=Vehicle.TANKER)
    found = published(mali, replace(rain, compare="2025-09-02"), dt.date(2026, 1, 1)).comparison
    assert found is not None
    assert not set(found.other_cause["node_id"]) & set(found.changed["node_id"])
    closed = replace(rain, off=tuple(mali.network.supply_points), compare="2025-09-08")
    after = situation(mali, rain.scenario).access
    off = situation(mali, closed.scenario).access
    moved = compare(after, off).other_cause.set_index("node_id")
    assert moved.loc["nioro", "isolated_by_before"] == Cause.CLOSURE
    assert moved.loc["nioro", "isolated_by"] == Cause.SUPPLY


def test_causes_of_a_change_add_up_to_its_towns(mali: Dataset) -> None:
    state = ViewState(date=dt.date(2025, 11, 5), vehicle=Vehicle.TANKER, compare="2025-09-02")
    found = published(mali, state, dt.date(2026, 1, 1)).comparison
    assert found is not None
    for change in set(Change) - {Change.SAME}:
        assert sum(found.causes(change).values()) == found.count(change)
