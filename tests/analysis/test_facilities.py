"""Facilities of the user's own layer: the nearest open one of each town, against networkx."""

import json
from pathlib import Path

import geopandas as gpd
import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Point

from geodata import schema as f
from geodata.analysis.facilities import MAX_KINDS, facilities, facility_access
from geodata.cli.main import main
from geodata.conditions import Closure, Conditions
from geodata.dataset import shipped
from geodata.errors import GeodataError
from geodata.network.model import Network
from geodata.schema import SegmentState
from tests.conftest import make_network
from tests.support.strategies import NAMES, networks, scenarios


def layer(network: Network, rows: list[dict[str, object]]) -> gpd.GeoDataFrame:
    """Points at the network's nodes, with the columns of each row."""
    nodes = network.nodes.set_index(f.NODE_ID).geometry
    return gpd.GeoDataFrame(
        [{k: v for k, v in row.items() if k != "at"} for row in rows],
        geometry=[nodes[str(row["at"])] for row in rows],
        crs=f.CRS,
        index=range(1, len(rows) + 1),
    )


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_the_nearest_facility_is_the_one_at_the_fewest_km(data: st.DataObject) -> None:
    network = data.draw(networks())
    scenario = data.draw(scenarios(network))
    at = data.draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=4))
    weights = data.draw(st.lists(st.sampled_from([1.0, 2.5]), min_size=len(at), max_size=len(at)))
    rows = [
        {"at": a, "name": f"f{n}", "weight": w}
        for n, (a, w) in enumerate(zip(at, weights, strict=True))
    ]
    places = facilities(network, layer(network, rows))
    found = facility_access(network, scenario, places).towns.set_index(f.NODE_ID)
    roads = scenario.on(network)
    free, now, usable = (
        graph(network, mask) for mask in (roads.escort_free, roads.passable, roads.usable)
    )
    # Points drawn at one place stand at the first node there.
    stand = dict(zip(places.table["facility"], places.table[f.NODE_ID], strict=True))
    for town in network.towns:
        before, escorted, today = (nearest(g, town, stand) for g in (usable, now, free))
        row = found.loc[town]
        assert (
            np.isnan(row.baseline_km)
            if before is None
            else row.baseline_km == pytest.approx(before)
        )
        expected = today if today is not None else escorted
        assert (
            np.isnan(row.distance_km)
            if expected is None
            else row.distance_km == pytest.approx(expected)
        )
        if before is None:
            assert row.state == "never"
        elif escorted is None:
            assert row.state == "isolated"
        elif today is None:
            assert row.state == "escort_only"
        else:
            assert row.state == ("detour" if today - before > 1e-6 else "open")
        in_reach = [w for n, w in enumerate(weights) if nx.has_path(now, town, stand[f"f{n}"])]
        assert row.weight == pytest.approx(sum(in_reach))


def graph(network: Network, mask: np.ndarray) -> nx.MultiGraph:
    found = nx.MultiGraph()
    found.add_nodes_from(network.node_ids)
    for row in network.segments[mask].itertuples():
        found.add_edge(row.from_node, row.to_node, km=row.length_km)
    return found


def nearest(where: nx.MultiGraph, town: str, stand: dict[str, str]) -> float | None:
    km = nx.single_source_dijkstra_path_length(where, town, weight="km")
    return min((km[node] for node in stand.values() if node in km), default=None)


@pytest.fixture
def street() -> Network:
    """P --10-- a --20-- b --30-- c, 100 people each in a and b, unknown in c."""
    return make_network(
        [("P", "a", 10), ("a", "b", 20), ("b", "c", 30)], supply=["P"], people={"a": 100, "b": 100}
    )


def test_a_cut_takes_the_hospital_away_and_counts_the_people(street: Network) -> None:
    places = facilities(
        street, layer(street, [{"at": "a", "nom": "Hôpital", "TYPE": "hospital", "lits": 50}])
    )
    assert list(places.table[["facility", "facility_kind", "weight"]].iloc[0]) == [
        "Hôpital",
        "hospital",
        50,
    ]
    found = facility_access(street, Conditions(cut=frozenset({"a--b"})), places)
    kind = found.kinds.iloc[0]
    assert (kind["isolated"], kind["population_isolated"], kind["population_unknown"]) == (
        2,
        100,
        1,
    )
    towns = found.towns.set_index(f.NODE_ID)
    assert dict(towns[f.STATE]) == {"a": "open", "b": "isolated", "c": "isolated"}
    assert dict(towns["weight"]) == {"a": 50, "b": 0, "c": 0}
    assert dict(towns["baseline_weight"]) == {"a": 50, "b": 50, "c": 50}


def test_the_longer_trip_is_weighed_by_people(street: Network) -> None:
    rows: list[dict[str, object]] = [{"at": "a", "name": "near"}, {"at": "c", "name": "far"}]
    places = facilities(street, layer(street, rows))
    found = facility_access(street, Conditions(cut=frozenset({"a--b"})), places)
    town = found.towns.set_index(f.NODE_ID).loc["b"]
    assert (town["baseline_facility"], town["facility"], town["extra_km"]) == ("near", "far", 10.0)
    assert found.kinds.iloc[0]["mean_extra_km"] == pytest.approx(10.0)


def test_closed_and_far_facilities_do_not_count_and_are_named(street: Network) -> None:
    rows: list[dict[str, object]] = [
        {"at": "a", "name": "shut", "status": "Fermé", "weight": "3"},
        {"at": "b", "name": "odd", "status": "", "weight": "many"},
        {"at": "c", "name": "gone", "status": "open", "weight": "2"},
    ]
    points = layer(street, rows)
    points.loc[3, "geometry"] = Point(40, 40)
    places = facilities(street, points)
    assert list(places.table["facility"]) == ["odd"]
    assert (places.closed, places.far, places.unweighted) == (1, ("gone",), ("odd",))


def test_an_escort_is_neither_a_loss_nor_a_detour(street: Network) -> None:
    escort = Closure("a--b", SegmentState.ESCORT_ONLY, 0.5, ("x",))
    places = facilities(street, layer(street, [{"at": "a", "name": "h"}]))
    towns = facility_access(street, Conditions(closures=(escort,)), places).towns
    assert dict(zip(towns[f.NODE_ID], towns[f.STATE], strict=True)) == {
        "a": "open",
        "b": "escort_only",
        "c": "escort_only",
    }


def test_no_facility_in_use_is_an_error_that_names_the_remedy(street: Network) -> None:
    empty = layer(street, [{"at": "a", "name": "h", "open": "no"}])
    with pytest.raises(GeodataError, match="km"):
        facility_access(street, Conditions(), facilities(street, empty))
    with pytest.raises(GeodataError, match="no point"):
        facilities(street, empty.iloc[:0])


def test_a_layer_in_which_every_place_has_a_kind_of_its_own_is_refused(street: Network) -> None:
    """Towns are compared once for each kind: five thousand kinds take 24 s and 60 MB."""
    kinds = [f"kind {number}" for number in range(MAX_KINDS + 1)]
    points = [street.nodes.geometry.iloc[0]] * len(kinds)
    layer = gpd.GeoDataFrame({"kind": kinds}, geometry=points, crs=4326)
    with pytest.raises(GeodataError, match=f"{len(kinds)} kinds"):
        facilities(street, layer)
    assert len(facilities(street, layer.iloc[1:]).table) == MAX_KINDS


def test_the_command_reads_a_table_and_names_what_it_does_not_use(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "sites.csv"
    table.write_text(
        "nom,type,lits,statut,lat,lon\n"
        "Gao,hospital,120,ouvert,16.27,-0.04\n"
        "Kidal,hospital,30,fermé,18.44,1.41\n"
        "Desert,hospital,3,ouvert,21.0,-6.0\n",
        encoding="utf-8",
    )
    assert main(["facilities", str(table), "--cut", "gao--bourem", "--format", "json"]) == 0
    said = capsys.readouterr()
    assert "1 place in use" in said.err
    assert "Desert" in said.err
    towns = {row["node_id"]: row for row in json.loads(said.out)["towns"]}
    assert towns["gao"]["state"] == "open"
    assert (towns["bourem"]["state"], towns["bourem"]["baseline_km"]) == ("detour", 95.0)


def test_on_the_shipped_network_nothing_changes_without_closures() -> None:
    network = shipped().network
    rows: list[dict[str, object]] = [{"at": town, "name": town} for town in ("gao", "mopti")]
    found = facility_access(network, Conditions(), facilities(network, layer(network, rows)))
    assert set(found.towns[f.STATE]) <= {"open", "never"}
