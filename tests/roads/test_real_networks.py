"""Roads of three more countries, from file to answer, for each vehicle, against networkx.

The oracle reads the drawn lines themselves. The extracts name no class of road, so the test gives
every link one by its place in the file: the shape is real, the classes are not. One link in nine
is a ferry, so that ferries meet roads and each other as they do along a river.
"""

import re

import geopandas as gpd
import networkx as nx
import numpy as np
import pyproj
import pytest
import shapely

from geodata.analysis.accessibility import access
from geodata.analysis.critical_links import every_cut
from geodata.conditions import Conditions
from geodata.readers.layers.reader import read_layer
from geodata.roads.importer import Imported, import_roads
from geodata.roads.options import ImportOptions
from geodata.schema import Vehicle
from tests.support.other_country import DATA

CLASSES = ("trunk", "trunk", "secondary", "track")
FERRY_KMH = 4.0
PASSED = {
    Vehicle.ANY: {"trunk", "secondary", "track", "ferry"},
    Vehicle.TANKER: {"trunk", "secondary", "ferry"},
    Vehicle.TANKER_ALL_YEAR: {"trunk"},
}
Drawn = tuple[gpd.GeoDataFrame, nx.Graph, Imported]


@pytest.fixture(scope="module", params=["haiti", "sudan", "drc"])
def country(request: pytest.FixtureRequest) -> Drawn:
    """Lines, their graph, and the import, with towns on the junctions nearest to them."""
    roads = read_layer(DATA / request.param / "roads.geojson", kind="roads").frame
    ferry = np.arange(len(roads)) % 9 == 4
    classes = [CLASSES[n % len(CLASSES)] for n in range(len(roads))]
    roads["highway"] = np.where(ferry, None, classes)
    roads["route"] = np.where(ferry, "ferry", None)
    geod, graph = pyproj.Geod(ellps="WGS84"), nx.Graph()
    for row in roads.itertuples():
        a, b = row.geometry.coords
        km = geod.line_length(*zip(a, b, strict=True)) / 1000
        kind = "ferry" if row.route == "ferry" else row.highway
        graph.add_edge(a, b, km=km, highway=kind, id=row.id)
    junctions = np.array(list(graph))
    towns = read_layer(DATA / request.param / "towns.geojson", kind="towns").frame
    tree = shapely.STRtree(shapely.points(junctions))
    where = np.unique(tree.query_nearest(towns.geometry, max_distance=0.3)[1])
    places = gpd.GeoDataFrame(
        {"name": [str(n) for n in where], "supply_point": [not n for n in range(len(where))]},
        geometry=list(shapely.points(junctions[where])),
        crs=4326,
    )
    options = ImportOptions(snap_m=0, attach_limit_km=0.001, keep_dead_ends=True, keep_chains=True)
    nx.relabel_nodes(graph, {tuple(junctions[n]): str(n) for n in where}, copy=False)
    graph.graph["supply"] = str(where[0])
    return roads, graph, import_roads(roads, places, options=options)


def passable(graph: nx.Graph, vehicle: Vehicle) -> nx.Graph:
    return nx.subgraph_view(
        graph, filter_edge=lambda a, b: graph.edges[a, b]["highway"] in PASSED[vehicle]
    )


@pytest.mark.parametrize("vehicle", Vehicle)
def test_distances_are_those_of_the_drawn_lines(country: Drawn, vehicle: Vehicle) -> None:
    _, graph, made = country
    towns = access(made.network, Conditions(vehicle=vehicle)).towns.set_index("name")
    usable = passable(graph, vehicle)
    expected = nx.single_source_dijkstra_path_length(usable, graph.graph["supply"], weight="km")
    assert len(towns) >= 10
    for name, km in towns["distance_km"].items():
        assert (name in expected) == (km == km)
        if name in expected:
            assert km == pytest.approx(expected[str(name)], abs=0.02)


@pytest.mark.parametrize("vehicle", Vehicle)
def test_each_single_cut_isolates_the_towns_that_networkx_says(
    country: Drawn, vehicle: Vehicle
) -> None:
    _, graph, made = country
    places = made.network.nodes.query("kind != 'junction'").set_index("node_id")["name"]
    usable, supply = passable(graph, vehicle), graph.graph["supply"]
    before = nx.node_connected_component(usable, supply) & set(places)
    ends = {data["id"]: (a, b) for a, b, data in graph.edges(data=True)}
    found = every_cut(made.network, Conditions(vehicle=vehicle)).set_index("segment_id")
    assert vehicle is not Vehicle.ANY or found["towns_isolated"].map(len).max() > 0
    for segment, isolated in found["towns_isolated"].items():
        road = re.match(r"w(\d+-\d+)", str(segment))
        assert road
        left = nx.restricted_view(usable, [], [ends[road[1]]])
        assert set(places[list(isolated)]) == before - nx.node_connected_component(left, supply)


def test_ferries_stay_whole_and_keep_their_speed(country: Drawn) -> None:
    roads, _, made = country
    segments = made.network.segments
    ferry = (segments["mode"] == "ferry").to_numpy()
    drawn = roads.loc[roads["route"] == "ferry", "id"].astype(str)
    found = segments.loc[ferry, "segment_id"].str.extract(r"^w(\d+-\d+)")[0]
    assert len(drawn) >= 4
    assert sorted(found) == sorted(drawn)
    kmh = segments.loc[ferry, "length_km"] / made.network.hours[ferry]
    assert kmh.to_numpy() == pytest.approx(FERRY_KMH)
