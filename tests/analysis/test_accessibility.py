import datetime as dt
import itertools

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from geodata.analysis.accessibility import access
from geodata.analysis.paths import route
from geodata.conditions import Closure, Conditions
from geodata.dataset import Dataset
from geodata.errors import UnknownIdError
from geodata.export.brief import brief
from geodata.network.model import Network
from geodata.schema import Measure, SegmentState, TownState, Vehicle
from geodata.sharing.permalink import ViewState
from tests.support import oracle
from tests.support.publications import published
from tests.support.strategies import networks, scenarios


def towns(network: Network, **scenario: object) -> pd.DataFrame:
    return access(network, Conditions(**scenario)).towns.set_index("node_id")


def test_a_cut_on_the_loop_is_a_detour_and_on_the_spur_an_isolation(corridor):
    loop = towns(corridor, cut=frozenset(["a--b"]))
    assert loop.loc["b", "state"] == TownState.DETOUR
    assert loop.loc["b", "detour_km"] == 40
    spur = towns(corridor, cut=frozenset(["d--e"]))
    assert spur.loc["e", "state"] == TownState.ISOLATED
    assert spur.loc["e", "cut_by"] == ("d--e",)
    assert np.isnan(spur.loc["e", "detour_km"])


def test_the_nearest_supply_point_changes_when_its_road_is_cut(corridor):
    found = towns(corridor, cut=frozenset(["PORT--a"]))
    assert found.loc["b", "supply_point"] == "DEPOT"
    assert found.loc["b", "baseline_supply_point"] == "PORT"
    assert found.loc["b", "distance_km"] == 240


def test_a_vehicle_has_its_own_baseline(corridor):
    tanker = towns(corridor, vehicle=Vehicle.TANKER_ALL_YEAR)
    assert tanker.loc["e", "baseline_isolated"]
    assert tanker.loc["e", "cut_by"] == ()
    assert access(corridor, Conditions(vehicle=Vehicle.TANKER_ALL_YEAR)).summary.newly_isolated == 0


def test_switching_off_a_supply_point_isolates_without_a_segment_to_blame(corridor):
    found = towns(corridor, without=frozenset(["PORT"]), vehicle=Vehicle.TANKER)
    assert found.loc["b", "isolated"]
    assert found.loc["b", "cut_by"] == ()


def test_reopening_wins_over_a_cut_and_over_events(corridor):
    closed = (Closure("d--e", SegmentState.CLOSED),)
    assert towns(corridor, closures=closed).loc["e", "isolated"]
    assert not towns(corridor, closures=closed, reopened=frozenset(["d--e"])).loc["e", "isolated"]
    both = towns(corridor, cut=frozenset(["d--e"]), reopened=frozenset(["d--e"]))
    assert not both.loc["e", "isolated"]


def test_a_manual_cut_wins_over_an_escort(corridor):
    escort = (Closure("d--e", SegmentState.ESCORT_ONLY),)
    assert towns(corridor, closures=escort).loc["e", "state"] == TownState.ESCORT_ONLY
    found = towns(corridor, closures=escort, cut=frozenset(["d--e"]))
    assert found.loc["e", "state"] == TownState.ISOLATED


def test_a_free_route_goes_before_a_shorter_one_under_escort(corridor):
    found = towns(corridor, closures=(Closure("a--b", SegmentState.ESCORT_ONLY),))
    assert found.loc["b", "state"] == TownState.DETOUR
    assert found.loc["b", "distance_km"] == 190


def test_people_of_unknown_number_are_counted_as_towns(corridor):
    summary = access(
        corridor, Conditions(cut=frozenset(["b--d"]), without=frozenset(["DEPOT"]))
    ).summary
    assert (summary.population_isolated, summary.population_isolated_unknown) == (4000, 1)


def test_the_fastest_way_is_not_the_shortest():
    """PORT --track 10 km-- x, and PORT --paved 15 km-- y --paved 15 km-- x."""
    from tests.conftest import make_network

    plain = make_network([("PORT", "x", 10), ("PORT", "y", 15), ("y", "x", 15)], supply=["PORT"])
    slow = plain.segments.assign(speed_kmh=[10, 60, 60])
    network = Network(plain.nodes, slow)
    assert route(network, Conditions(), "x").segments == ("PORT--x",)
    assert route(network, Conditions(by=Measure.HOURS), "x").segments == ("PORT--y", "y--x")


def test_unknown_ids_are_named_with_their_nearest(corridor):
    with pytest.raises(UnknownIdError, match=r"'a-b'.*a--b"):
        access(corridor, Conditions(cut=frozenset(["a-b"])))
    with pytest.raises(UnknownIdError, match=r"'port'.*PORT"):
        access(corridor, Conditions(without=frozenset(["port"])))


def check_against_oracle(network: Network, scenario: Conditions) -> None:
    graph = oracle.open_graph(network, scenario)
    supply = oracle.supply_of(network, scenario)
    reach = oracle.distances(graph, supply)
    escort = {c.segment_id for c in scenario.closures if c.state == SegmentState.ESCORT_ONLY}
    free = graph.copy()
    free.remove_edges_from(
        [e for e in graph.edges(keys=True) if e[2] in escort - scenario.reopened]
    )
    free_reach = oracle.distances(free, supply)
    for row in access(network, scenario).towns.itertuples():
        found = reach.get(row.node_id, {})
        assert row.isolated == (not found)
        assert set(row.reachable_supply_points) == set(found)
        assert row.independent_routes == (oracle.routes(graph, supply, row.node_id) if found else 0)
        if found:
            best = free_reach.get(row.node_id) or found
            assert row.distance_km == pytest.approx(min(best.values()), abs=1e-6)
            assert best[row.supply_point] == pytest.approx(min(best.values()), abs=1e-6)


@given(st.data())
@settings(max_examples=90, deadline=None)
def test_access_is_what_networkx_finds(data):
    network = data.draw(networks())
    check_against_oracle(network, data.draw(scenarios(network)))


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_a_baseline_at_hand_changes_nothing(data):
    network = data.draw(networks())
    scenario = data.draw(scenarios(network))
    before = access(network, scenario.baseline(), count_routes=False)
    assert_frame_equal(
        access(network, scenario, baseline=before).towns, access(network, scenario).towns
    )


@given(st.data())
@settings(max_examples=50, deadline=None)
def test_cut_by_is_a_smallest_set_that_restores_the_town(data):
    network = data.draw(networks())
    scenario = data.draw(scenarios(network))
    for row in access(network, scenario).towns.query("isolated").itertuples():
        smallest = oracle.smallest_reopening(network, scenario, row.node_id)
        assert len(row.cut_by) == (smallest or 0)
        assert smallest is None or oracle.restores(network, scenario, row.cut_by, row.node_id)


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_closing_more_never_restores_access_nor_shortens_a_way(data):
    network = data.draw(networks())
    scenario = data.draw(scenarios(network))
    extra = data.draw(st.sampled_from(network.segment_ids))
    if extra in scenario.reopened:
        return
    before = access(network, scenario).towns
    closed = Conditions(
        cut=scenario.cut | {extra},
        reopened=scenario.reopened,
        without=scenario.without,
        vehicle=scenario.vehicle,
        closures=scenario.closures,
    )
    after = access(network, closed).towns
    assert not (before.isolated & ~after.isolated).any()
    escort = {c.segment_id for c in scenario.closures if c.state == SegmentState.ESCORT_ONLY}
    if not escort:
        assert not (after.distance_km < before.distance_km).any()
    assert (after.independent_routes <= before.independent_routes).all()


@given(networks(), st.sampled_from(list(Vehicle)))
@settings(max_examples=40, deadline=None)
def test_closing_nothing_changes_nothing(network, vehicle):
    found = access(network, Conditions(vehicle=vehicle)).towns
    pd.testing.assert_series_equal(found.distance_km, found.baseline_km, check_names=False)
    assert (found.isolated == found.baseline_isolated).all()
    assert not found.state.isin([TownState.DETOUR, TownState.ESCORT_ONLY]).any()


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_results_do_not_depend_on_the_order_of_rows(data):
    network = data.draw(networks())
    scenario = data.draw(scenarios(network))
    shuffled = Network(
        network.nodes.sample(frac=1, random_state=data.draw(st.integers(0, 99))),
        network.segments.sample(frac=1, random_state=data.draw(st.integers(0, 99))),
    )
    pd.testing.assert_frame_equal(access(network, scenario).towns, access(shuffled, scenario).towns)


@pytest.mark.parametrize("vehicle", list(Vehicle))
def test_the_shipped_network_agrees_with_networkx(mali, vehicle):
    cuts = ["sevare--mopti", "kati--bamako", "wabaria--gao", "sikasso--zegoua"]
    for size in (0, 1, 4):
        for chosen in itertools.islice(itertools.combinations(cuts, size), 2):
            check_against_oracle(mali.network, Conditions(cut=frozenset(chosen), vehicle=vehicle))


@pytest.mark.parametrize(
    ("cut", "lost"),
    [
        ("gao--bourem", {"bourem", "anefis", "kidal"}),
        ("sevare--mopti", {"mopti"}),
        ("labbezanga--ayorou", set()),
    ],
)
def test_known_answers_for_tankers(mali, cut, lost):
    found = access(mali.network, Conditions(cut=frozenset([cut]), vehicle=Vehicle.TANKER)).towns
    assert set(found.loc[found.isolated & ~found.baseline_isolated, "node_id"]) == lost


def test_gao_lives_on_niamey_when_west_and_south_are_cut(mali):
    """Every segment that joins Mali to a neighbour other than Niger or Algeria is cut."""
    country = mali.network.nodes.set_index("node_id").country
    ends = mali.network.segments.set_index("segment_id")[["from_node", "to_node"]]
    pairs = ends.apply(lambda column: column.map(country))
    border = (pairs == "MLI").sum(axis=1) == 1
    south_and_west = border & ~pairs.isin(["NER", "DZA"]).any(axis=1)
    assert south_and_west.sum() > 10
    scenario = Conditions(cut=frozenset(ends.index[south_and_west]), vehicle=Vehicle.TANKER)
    gao = access(mali.network, scenario).towns.set_index("node_id").loc["gao"]
    assert not gao.isolated
    assert gao.supply_point == "niamey"
    assert "niamey" in gao.reachable_supply_points


def test_the_route_drawn_has_the_reported_length(mali):
    found = access(mali.network, Conditions()).towns.set_index("node_id")
    for town in ("bamako", "gao", "kidal", "mopti"):
        taken = route(mali.network, Conditions(), town)
        assert taken.km == pytest.approx(found.loc[town, "distance_km"])
        assert taken.supply_point == found.loc[town, "supply_point"]
        path = nx.Graph([tuple(s.split("--")) for s in taken.segments])
        assert nx.has_path(path, town, taken.supply_point)


def test_by_hours_a_detour_is_counted_in_hours(fast_and_slow):
    found = access(fast_and_slow, Conditions(by=Measure.HOURS, cut=frozenset(["fast"])))
    town = found.towns.iloc[0]
    assert (town.state, town.detour_km, town.detour_hours) == (TownState.DETOUR, -10, 0.25)


@pytest.mark.parametrize(("lang", "unit"), [("en", " h"), ("fr", " h")])
def test_a_brief_by_hours_gives_hours(fast_and_slow, lang, unit):
    dataset = Dataset(fast_and_slow, with_shipped_events=False, shipped_network=False)
    state = ViewState(by=Measure.HOURS, cut=("fast",))
    content = brief(published(dataset, state, dt.date(2026, 1, 1), lang))
    table = next(table for table in content.tables if table.key == "detours")
    assert all(head.endswith(unit) for head in table.head[2:5])
    assert [cell.replace(",", ".") for cell in table.rows[0][2:5]] == ["0.2", "0.5", "+0.2"]
    assert "+-" not in str(content)


@pytest.mark.parametrize("vehicle", [Vehicle.ANY, Vehicle.TANKER])
def test_no_detour_by_hours_has_less_extra_time_than_none(mali, vehicle):
    for cut in ("sevare--mopti", "kati--bamako", "siby--kouremale"):
        scenario = Conditions(cut=frozenset([cut]), vehicle=vehicle, by=Measure.HOURS)
        found = access(mali.network, scenario, count_routes=False).towns
        assert (found.loc[found.state == TownState.DETOUR, "detour_hours"] > 0).all()


def test_an_open_town_reached_over_a_contested_road_is_counted_at_risk(corridor):
    closures = (Closure("a--c", SegmentState.CONTESTED),)
    found = access(corridor, Conditions(closures=closures, without=frozenset(["DEPOT"])))
    by_id = found.towns.set_index("node_id")
    assert by_id.loc["c", "state"] == TownState.OPEN
    assert by_id.contested_km.to_dict() == {"a": 0, "b": 0, "c": 30, "d": 0, "e": 0}
    assert found.summary.at_risk == 1


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_contested_km_are_those_of_the_way_drawn(data):
    network = data.draw(networks())
    scenario = data.draw(scenarios(network))
    states = scenario.on(network).states
    km = network.segments.set_index("segment_id").length_km
    for row in access(network, scenario, count_routes=False).towns.itertuples():
        taken = route(network, scenario, row.node_id)
        if taken is None:
            assert np.isnan(row.contested_km)
        else:
            risky = [i for i in taken.segments if states[i] == SegmentState.CONTESTED]
            assert row.contested_km == pytest.approx(km[risky].sum(), abs=1e-6)
