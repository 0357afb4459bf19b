import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.analysis.accessibility import access
from geodata.analysis.critical_links import cuts_isolating, every_cut
from geodata.analysis.reopening import reopening_order
from geodata.conditions import Closure, Conditions
from geodata.network.model import Network
from geodata.schema import Measure, SegmentState, TownState, Vehicle
from tests.conftest import make_network
from tests.support import oracle
from tests.support.strategies import networks, scenarios


def one_more(scenario: Conditions, segment: str) -> Conditions:
    return Conditions(
        cut=scenario.cut | {segment},
        reopened=scenario.reopened - {segment},
        without=scenario.without,
        vehicle=scenario.vehicle,
        by=scenario.by,
        closures=scenario.closures,
    )


def check_by_removal(network, scenario):
    """One removal at a time, each answered again."""
    before = access(network, scenario, count_routes=False).towns.set_index("node_id")
    table = every_cut(network, scenario).set_index("segment_id")
    states = scenario.on(network).states
    shut = {SegmentState.CUT, SegmentState.CLOSED}
    assert set(table.index) == {i for i, s in states.items() if s not in shut}
    people = network.nodes.set_index("node_id").population
    for segment, row in table.iterrows():
        after = access(network, one_more(scenario, segment), count_routes=False).towns
        after = after.set_index("node_id")
        lost = after.index[after.isolated & ~before.isolated]
        assert set(row.towns_isolated) == set(lost)
        assert row.population_isolated == people[lost].sum()
        assert row.population_unknown == people[lost].isna().sum()
        extra = (after.distance_km - before.distance_km)[lambda km: km > 1e-9]
        assert set(row.towns_detoured) == set(extra.index)
        assert row.detour_km_total == pytest.approx(extra.sum(), abs=1e-6)
        assert row.detour_km_max == pytest.approx(extra.max() if len(extra) else 0, abs=1e-6)
        held = {TownState.OPEN, TownState.DETOUR}
        fallen = after.index[before.state.isin(held) & (after.state == TownState.ESCORT_ONLY)]
        assert set(row.towns_escorted) == set(fallen)
        assert row.population_escorted == people[fallen].sum()
        assert row.population_escorted_unknown == people[fallen].isna().sum()
        for change in row.supply_switched:
            town = change["node_id"]
            assert change["from"] == before.loc[town, "supply_point"]
            assert town in row.towns_detoured
        if row.towns_detoured and not scenario.closures:
            check_supply(network, scenario, segment, row, before, after)


def check_supply(network, scenario, segment, row, before, after):
    """The reported supply point is as near as the nearest, whether it changed or not."""
    less = oracle.open_graph(network, scenario, less=segment)
    reach = oracle.distances(less, oracle.supply_of(network, scenario))
    switched = {c["node_id"]: c["to"] for c in row.supply_switched}
    for town in row.towns_detoured:
        to = switched.get(town, before.loc[town, "supply_point"])
        assert reach[town][to] == pytest.approx(after.loc[town, "distance_km"], abs=1e-6)


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_every_cut_is_what_removing_one_at_a_time_finds(data):
    network = data.draw(networks())
    check_by_removal(network, data.draw(scenarios(network)))


@pytest.mark.parametrize("vehicle", list(Vehicle))
def test_every_cut_of_the_shipped_network(mali, vehicle):
    check_by_removal(mali.network, Conditions(vehicle=vehicle))


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_the_cuts_that_isolate_one_town_are_those_of_every_cut(data):
    network = data.draw(networks())
    scenario = data.draw(scenarios(network))
    table = every_cut(network, scenario)
    for town in network.towns:
        hit = [town in towns for towns in table["towns_isolated"]]
        expected = sorted(table.loc[hit, "segment_id"], key=network.segment_number.get)
        assert cuts_isolating(network, scenario, town) == expected


def test_a_bridge_segment_isolates_nobody_if_its_far_side_has_supply(corridor):
    r"""``b--d`` is a bridge of the graph, yet DEPOT stands behind it."""
    row = every_cut(corridor, Conditions()).set_index("segment_id").loc["b--d"]
    assert row.towns_isolated == ()
    assert set(row.towns_detoured) == {"d", "e"}
    assert row.supply_switched == tuple(
        {"node_id": t, "from": "PORT", "to": "DEPOT"} for t in ("d", "e")
    )


def test_losing_the_last_free_way_is_a_detour_under_escort_and_no_isolation(corridor):
    escort = (Closure("a--b", SegmentState.ESCORT_ONLY),)
    scenario = Conditions(closures=escort, without=frozenset(["DEPOT"]))
    row = every_cut(corridor, scenario).set_index("segment_id").loc["a--c"]
    assert row.towns_isolated == ()
    assert row.towns_detoured == ("c",)
    assert row.detour_km_max == 80


def test_hours_are_counted_in_hours(corridor):
    table = every_cut(corridor, Conditions(by=Measure.HOURS)).set_index("segment_id")
    assert table.detour_km_total.isna().all()
    assert table.loc["a--b", "detour_hours_max"] == pytest.approx(40 / 35)


def test_the_worst_cut_comes_first(corridor):
    scenario = Conditions(without=frozenset(["DEPOT"]))
    table = every_cut(corridor, scenario)
    assert table.segment_id.iloc[0] == "PORT--a"
    assert table.population_isolated.iloc[0] == 7000
    assert table.population_unknown.iloc[0] == 2


def test_a_change_to_escort_only_is_reported_even_if_the_route_is_no_longer():
    """PORT --free 10 km-- x, and PORT --escorted 10 km-- x."""
    network = make_network(
        [("PORT", "x", 10, "yes", "free"), ("PORT", "x", 10, "yes", "escorted")],
        supply=["PORT"],
        people={"x": 5},
    )
    escort = (Closure("escorted", SegmentState.ESCORT_ONLY),)
    row = every_cut(network, Conditions(closures=escort)).set_index("segment_id").loc["free"]
    assert (row.towns_isolated, row.towns_detoured) == ((), ())
    assert (row.towns_escorted, row.population_escorted) == (("x",), 5)


def test_by_hours_the_longest_detour_comes_first():
    """Three parallel roads: a 9 km at 90 km/h, b 1 km at 50, c 30 km at 60; b is the fastest."""
    plain = make_network(
        [("PORT", "x", km, "yes", name) for name, km in (("a", 9), ("b", 1), ("c", 30))],
        supply=["PORT"],
    )
    network = Network(plain.nodes, plain.segments.assign(speed_kmh=[90, 50, 60]))
    table = every_cut(network, Conditions(by=Measure.HOURS))
    assert list(table.segment_id) == ["b", "a", "c"]


def test_routes_of_equal_hours_are_no_detour():
    """PORT --1 km-- m --1 km-- x and PORT --2 km-- x, all at 60 km/h: rounding is not a detour."""
    plain = make_network(
        [("PORT", "m", 1), ("m", "x", 1), ("PORT", "x", 2)],
        supply=["PORT"],
        kinds={"m": "junction"},
    )
    network = Network(plain.nodes, plain.segments.assign(speed_kmh=60))
    table = every_cut(network, Conditions(by=Measure.HOURS))
    assert not table.towns_detoured.map(len).any()


def test_towns_of_unknown_population_do_not_rank_as_empty():
    """PORT--few--a (10 people) and PORT--many--b--c--d--e--f, of which f alone is known."""
    roads = [("PORT", "a", 1, "yes", "few"), ("PORT", "b", 1, "yes", "many")]
    roads += [(one, other, 1) for one, other in itertools.pairwise("bcdef")]
    network = make_network(roads, supply=["PORT"], people={"a": 10, "f": 4})
    first = every_cut(network, Conditions()).iloc[0]
    assert first.segment_id == "many"
    assert (first.population_isolated, first.population_unknown) == (4, 4)
    both = Conditions(cut=frozenset({"few", "many"}))
    assert reopening_order(network, both).segments.iloc[0] == ("many",)
