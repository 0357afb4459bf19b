"""A real OpenStreetMap extract (Hatfield, in pyogrio's wheel), from the file to the answer.

The oracle is networkx on the ways as GDAL reads them: each vertex a node, each piece an edge.
"""

from itertools import pairwise
from pathlib import Path

import geopandas as gpd
import networkx as nx
import pyogrio
import pyproj
import pytest
import shapely

from geodata.analysis.accessibility import access
from geodata.conditions import Conditions
from geodata.readers.layers.reader import read_layer
from geodata.roads.importer import Imported, import_roads
from geodata.roads.options import ImportOptions

SAMPLE = Path(pyogrio.__file__).parent / "tests" / "fixtures" / "sample.osm.pbf"
ROADS = (
    "motorway",
    "motorway_link",
    "primary",
    "secondary",
    "tertiary",
    "unclassified",
    "residential",
    "service",
)


@pytest.fixture(scope="module")
def roads() -> gpd.GeoDataFrame:
    """Ways of the classes of `ROADS`, without tags that close or bar."""
    frame = read_layer(SAMPLE, kind="roads").frame
    return frame.loc[frame["highway"].isin(ROADS), ["osm_id", "highway", "geometry"]]


@pytest.fixture(scope="module")
def graph(roads: gpd.GeoDataFrame) -> nx.Graph:
    """Vertices and pieces of the largest part of the ways, lengths in km."""
    geod, graph = pyproj.Geod(ellps="WGS84"), nx.Graph()
    for line in roads.geometry:
        for (x, y), (to_x, to_y) in pairwise(line.coords):
            km = geod.inv(x, y, to_x, to_y)[2] / 1000
            graph.add_edge((x, y), (to_x, to_y), km=km)
    return graph.subgraph(max(nx.connected_components(graph), key=len))


@pytest.fixture(scope="module")
def made(roads: gpd.GeoDataFrame, graph: nx.Graph) -> Imported:
    """The network with towns on the ends of its roads, the first of them a supply point."""
    ends = sorted(node for node, degree in graph.degree() if degree == 1)
    towns = gpd.GeoDataFrame(
        {
            "name": [f"t{n}" for n in range(len(ends))],
            "supply_point": [not n for n in range(len(ends))],
        },
        geometry=[shapely.Point(end) for end in ends],
        crs=4326,
    )
    return import_roads(roads, towns, options=ImportOptions(snap_m=0, attach_limit_km=0.001))


def test_distances_are_those_of_the_ways(made: Imported, graph: nx.Graph) -> None:
    ends = sorted(node for node, degree in graph.degree() if degree == 1)
    expected = nx.single_source_dijkstra_path_length(graph, ends[0], weight="km")
    towns = access(made.network, Conditions()).towns.set_index("name")
    assert len(towns) > 3
    for name, km in towns["distance_km"].items():
        assert km == pytest.approx(expected[ends[int(str(name)[1:])]], abs=1e-3)


def test_every_single_cut_isolates_the_expected_towns(made: Imported) -> None:
    segments, nodes = made.network.segments, made.network.nodes
    supply = nodes.loc[nodes["supply_point"], "node_id"].iloc[0]
    for cut in segments["segment_id"]:
        left = nx.Graph()
        left.add_nodes_from(nodes["node_id"])
        kept = segments[segments["segment_id"] != cut]
        left.add_edges_from(zip(kept["from_node"], kept["to_node"], strict=True))
        reached = nx.node_connected_component(left, supply)
        towns = access(made.network, Conditions(cut=frozenset({cut}))).towns
        found = set(towns.loc[towns["isolated"], "node_id"])
        assert found == set(towns["node_id"]) - reached
