import geopandas as gpd
import pytest
from shapely import LineString, Point

from geodata import schema as f
from geodata.analysis.egress import nearest_airports, reachable_crossings
from geodata.conditions import Conditions
from geodata.dataset import shipped
from geodata.errors import UnknownIdError
from geodata.network.model import Network


@pytest.fixture
def network() -> Network:
    """A town between two crossings, and a port.

    west --30-- town --10-- fork --10-- east
                             |
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
                f.COUNTRY: "AAA",
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


def test_crossings_come_nearest_first(network: Network) -> None:
    found = reachable_crossings(network, Conditions(), "town")
    assert list(found[f.NODE_ID]) == ["east", "west"]
    assert list(found[f.DISTANCE_KM]) == [20.0, 30.0]


def test_a_cut_road_takes_the_crossings_behind_it_away(network: Network) -> None:
    found = reachable_crossings(network, Conditions(cut=frozenset({"b"})), "town")
    assert list(found[f.NODE_ID]) == ["west"]


def test_supply_switched_off_does_not_close_a_way_out(network: Network) -> None:
    found = reachable_crossings(network, Conditions(without=frozenset({"port"})), "town")
    assert len(found) == 2


def test_an_unknown_town_is_named(network: Network) -> None:
    with pytest.raises(UnknownIdError, match="nowhere"):
        reachable_crossings(network, Conditions(), "nowhere")


def test_a_degree_on_the_equator_is_111_km(network: Network) -> None:
    airports = gpd.GeoDataFrame(
        {f.NAME: ["far", "near"], f.GEOMETRY: [Point(5, 0), Point(2, 0)]}, crs=f.CRS
    )
    found = nearest_airports(network, airports, "town", count=2)
    assert list(found[f.NAME]) == ["near", "far"]
    assert found[f.DISTANCE_KM][0] == pytest.approx(111.2, abs=0.1)


def test_kidal_leaves_by_its_own_airport() -> None:
    data = shipped()
    found = nearest_airports(data.network, data.layers["airports"], "kidal")
    assert found["city"][0] == "Kidal"
    assert found[f.DISTANCE_KM][0] < 15
