"""What the figures of access mean, as docs/rules.md defines them."""

import datetime as dt

import pytest

from geodata.analysis.accessibility import access
from geodata.analysis.bearing import bearing_events
from geodata.analysis.critical_links import every_cut
from geodata.analysis.reopening import reopening_order
from geodata.analysis.timeline import replay
from geodata.conditions import Closure, Conditions
from geodata.dataset import Dataset
from geodata.schema import Cause, SegmentState, TownState, Vehicle
from tests.conftest import make_network
from tests.support.road_toys import events

ESCORT = SegmentState.ESCORT_ONLY


def under_escort(*segments: str) -> tuple[Closure, ...]:
    return tuple(Closure(segment, ESCORT, 0.6, ("E0",)) for segment in segments)


def test_the_nearest_supply_point_is_nearest_by_road_and_the_last_one_keeps_a_town_from_isolation(
    mali: Dataset,
) -> None:
    """Niamey, however far, is the nearest to Mopti by road once the ports are switched off."""
    network = mali.network
    ports = frozenset(set(network.supply_points) - {"niamey"})
    mopti = access(network, Conditions(without=ports)).towns.set_index("node_id").loc["mopti"]
    assert mopti["supply_point"] == "niamey"
    assert mopti["distance_km"] > 800
    assert not mopti["isolated"]
    every = access(network, Conditions(without=frozenset(network.supply_points))).towns
    assert every["isolated"].all()


def test_a_longer_route_under_escort_counts_as_escort_and_as_no_detour() -> None:
    """::

    PORT --10-- t          cut
      '--20-- m --20--'    under escort, and longer
    """
    network = make_network([("PORT", "t", 10), ("PORT", "m", 20), ("m", "t", 20)], supply=["PORT"])
    now = Conditions(cut=frozenset({"PORT--t"}), closures=under_escort("m--t"))
    towns = access(network, now).towns.set_index("node_id")
    assert towns.loc["t", "state"] == TownState.ESCORT_ONLY
    closures = Conditions(closures=under_escort("m--t"))
    cuts = every_cut(network, closures).set_index("segment_id")
    assert cuts.loc["PORT--t", "towns_detoured"] == ("t",)
    assert cuts.loc["PORT--t", "towns_escorted"] == ("t",)


def test_access_compares_with_all_roads_open_and_every_cut_with_the_view() -> None:
    """::

    PORT --10-- t          cut already
      |--20-- m --20--'
      '--25-- n --25--'
    """
    roads = [
        ("PORT", "t", 10),
        ("PORT", "m", 20),
        ("m", "t", 20),
        ("PORT", "n", 25),
        ("n", "t", 25),
    ]
    network = make_network(roads, supply=["PORT"])
    view = Conditions(cut=frozenset({"PORT--t"}))
    towns = access(network, view).towns.set_index("node_id")
    assert towns.loc["t", "detour_km"] == pytest.approx(30)
    further = every_cut(network, view).set_index("segment_id")
    assert further.loc["m--t", "detour_km_max"] == pytest.approx(10)


def test_the_order_of_reopening_is_greedy_and_counts_access_under_escort() -> None:
    """::

    PORT --x-- a                 10 people
      '--x-- J --x-- b           a million, by two segments of which one is worth nothing
    """
    network = make_network(
        [("PORT", "a", 1), ("PORT", "J", 1), ("J", "b", 1)],
        supply=["PORT"],
        kinds={"J": "junction"},
        people={"a": 10, "b": 1_000_000},
    )
    shut = Conditions(cut=frozenset({"PORT--a", "PORT--J", "J--b"}))
    order = reopening_order(network, shut)
    assert order["segments"].tolist() == [("PORT--a",), ("PORT--J", "J--b")]
    escorted = Conditions(cut=frozenset({"PORT--J"}), closures=under_escort("J--b"))
    assert reopening_order(network, escorted)["population_restored"].tolist() == [1_000_000]


def test_independent_routes_may_share_a_town_and_differ_widely_in_length() -> None:
    """::

    PORT ==(1 km and 900 km)== m ==(1 km and 900 km)== t
    """
    roads = [
        ("PORT", "m", 1, "yes", "near"),
        ("PORT", "m", 900, "yes", "far"),
        ("m", "t", 1, "yes", "near2"),
        ("m", "t", 900, "yes", "far2"),
    ]
    towns = access(make_network(roads, supply=["PORT"]), Conditions()).towns.set_index("node_id")
    assert towns.loc["t", "independent_routes"] == 2


def test_cut_by_has_the_fewest_segments_then_the_fewest_closed_km() -> None:
    """::

    PORT --5-- m --x 90-- t      the shortest route: 95 km
      '--200-- n --x 10--'       200 km more, of which only 10 are closed
    """
    roads = [("PORT", "m", 5), ("m", "t", 90), ("PORT", "n", 200), ("n", "t", 10)]
    network = make_network(roads, supply=["PORT"])
    now = Conditions(cut=frozenset({"m--t", "n--t"}))
    towns = access(network, now).towns.set_index("node_id")
    assert towns.loc["t", "cut_by"] == ("n--t",)


def test_isolated_people_of_a_day_are_those_of_the_period_and_those_never_reached(
    mali: Dataset,
) -> None:
    """`population_isolated` counts every isolated town, `people_isolated` not the unreachable."""
    day = dt.date(2025, 9, 2)
    line = replay(
        mali.network,
        mali.events,
        day,
        day,
        scenario=Conditions(vehicle=Vehicle.TANKER),
        corridor_segments=mali.corridor_segments,
    )
    shown = line.per_day().iloc[0]
    by_cause = {cause: shown[f"people_isolated_by_{cause}"] for cause in Cause}
    assert by_cause[Cause.SEASON] == 391_652
    newly = sum(people for cause, people in by_cause.items() if cause != Cause.VEHICLE)
    assert shown["people_isolated"] == newly
    assert by_cause[Cause.VEHICLE] > 0


def test_an_event_abroad_closes_nothing_beyond_the_area_of_the_shipped_network(
    mali: Dataset,
) -> None:
    """A blockade of Kidira, on the border, counts; one of Tambacounda, far from it, does not."""

    plain = {"event_type": "blockade", "effect_on_passage": "closed", "corridor": ""}
    kidira = {**plain, "lat": 14.4561, "lon": -12.2114, "location_precision": "town"}
    tamba = {**plain, "lat": 13.7707, "lon": -13.6673, "location_precision": "town"}
    added = events(kidira, tamba)
    assert bearing_events(mali, added) == {"E0"}
