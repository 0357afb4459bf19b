import geopandas as gpd
import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, Point

from geodata import schema as f
from geodata.analysis.egress import nearest_airports, ways_out
from geodata.conditions import Closure, Conditions
from geodata.dataset import shipped
from geodata.errors import UnknownIdError
from geodata.network.model import Network
from geodata.schema import SegmentState


@pytest.fixture
def network() -> Network:
    """A town of AAA between two countries, and a port.

    west --30-- town --10-- fork --10-- east
    (BBB)                    |          (CCC)
                             5
                             |
                            port
    """
    places = {
        "west": (0, 0, "border_crossing"),
        "town": (1, 0, "town"),
        "fork": (2, 0, "junction"),
        "east": (3, 0, "border_crossing"),
        "port": (2, -1, "port"),
    }
    roads = {
        "a": ("west", "town", 30),
        "b": ("town", "fork", 10),
        "c": ("fork", "east", 10),
        "d": ("fork", "port", 5),
    }
    nodes = gpd.GeoDataFrame(
        [
            {
                f.NODE_ID: i,
                f.NAME: i.title(),
                f.KIND: kind,
                f.COUNTRY: {"west": "BBB", "east": "CCC"}.get(i, "AAA"),
                f.ADMIN1: "",
                f.POPULATION: None,
                f.SUPPLY_POINT: kind == "port",
                f.GEOMETRY: Point(x, y),
            }
            for i, (x, y, kind) in places.items()
        ],
        crs=f.CRS,
    )
    segments = gpd.GeoDataFrame(
        [
            {
                f.SEGMENT_ID: i,
                f.FROM_NODE: a,
                f.TO_NODE: b,
                f.LENGTH_KM: km,
                f.TANKER: "yes",
                f.GEOMETRY: LineString([places[a][:2], places[b][:2]]),
            }
            for i, (a, b, km) in roads.items()
        ],
        crs=f.CRS,
    )
    return Network(nodes, segments)


def test_each_border_road_is_a_way_out_nearest_first(network: Network) -> None:
    found = ways_out(network, Conditions(), "town")
    assert list(found["country"]) == ["CCC", "BBB"]
    assert list(found["segments"]) == [("b", "c"), ("a",)]
    assert list(found["distance_km"]) == [20.0, 30.0]
    assert list(found["post"]) == ["fork", "town"]
    assert list(found["state"]) == ["open", "open"]


def test_a_cut_road_closes_the_exit_routes_behind_it(network: Network) -> None:
    found = ways_out(network, Conditions(cut=frozenset({"b"})), "town").set_index("country")
    assert dict(found["state"]) == {"BBB": "open", "CCC": "closed"}
    assert found["closed_segments"]["CCC"] == ("b",)
    assert found["distance_km"].isna()["CCC"]


def test_a_way_free_of_escort_comes_before_a_shorter_one_under_it(network: Network) -> None:
    escorted = Closure("c", SegmentState.ESCORT_ONLY, 0.5, ("x",))
    found = ways_out(network, Conditions(closures=(escorted,)), "town")
    assert list(found["state"]) == ["open", "escort_only"]
    assert list(found["distance_km"]) == [30.0, 20.0]


def test_supply_switched_off_does_not_close_a_way_out(network: Network) -> None:
    found = ways_out(network, Conditions(without=frozenset({"port"})), "town")
    assert list(found["state"]) == ["open", "open"]


def test_an_unknown_town_is_named(network: Network) -> None:
    with pytest.raises(UnknownIdError, match="nowhere"):
        ways_out(network, Conditions(), "nowhere")


@settings(max_examples=15, deadline=None)
@given(st.data())
def test_exit_routes_are_the_shortest_over_every_border_road(data: st.DataObject) -> None:
    network = shipped().network
    cut = data.draw(st.sets(st.sampled_from(network.segment_ids), max_size=40))
    town = data.draw(st.sampled_from(network.towns))
    scenario = Conditions(cut=frozenset(cut))
    country = dict(zip(network.node_ids, network.nodes[f.COUNTRY], strict=True))
    roads = network.segments[~network.segments[f.SEGMENT_ID].isin(cut)]
    inside = nx.MultiGraph()
    inside.add_nodes_from(network.node_ids)
    for row in roads.itertuples():
        if country[row.from_node] == country[row.to_node] == country[town]:
            inside.add_edge(row.from_node, row.to_node, km=row.length_km)
    reach = nx.single_source_dijkstra_path_length(inside, town, weight="km")
    expected = {}
    for row in roads.itertuples():
        ends = {country[each]: each for each in (row.from_node, row.to_node)}
        if len(ends) == 2 and ends.get(country[town]) in reach:
            expected[row.segment_id] = reach[ends[country[town]]] + row.length_km
    found = ways_out(network, scenario, town)
    open_now = found[found["state"] != "closed"]
    assert dict(zip(open_now["segment_id"], open_now["distance_km"], strict=True)) == pytest.approx(
        expected
    )


def test_a_degree_on_the_equator_is_111_km(network: Network) -> None:
    airports = gpd.GeoDataFrame(
        {f.NAME: ["far", "near"], f.GEOMETRY: [Point(5, 0), Point(2, 0)]}, crs=f.CRS
    )
    found = nearest_airports(network, airports, "town", count=2)
    assert list(found[f.NAME]) == ["near", "far"]
    assert found[f.DISTANCE_KM][0] == pytest.approx(111.2, abs=0.1)


def test_no_weather_station_counts_as_an_airport() -> None:
    data = shipped()
    for town in ("kayes", "segou", "san", "hombori"):
        found = nearest_airports(data.network, data.layers["airports"], town, count=3)
        assert len(found) == 3
        assert "weather_station" not in set(found["kind"])


def test_kidal_leaves_by_its_own_airport() -> None:
    data = shipped()
    found = nearest_airports(data.network, data.layers["airports"], "kidal")
    assert found["city"][0] == "Kidal"
    assert found[f.DISTANCE_KM][0] < 15
