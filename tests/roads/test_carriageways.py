"""A divided road is one road to cut, as networkx says of the same roads undivided."""

from itertools import pairwise
from typing import Any

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from geodata.analysis.accessibility import access
from geodata.conditions import Conditions
from geodata.network.model import Network
from geodata.roads.importer import Imported, import_roads
from geodata.roads.options import ImportOptions

Place = tuple[float, float]
Road = tuple[dict[str, Any], list[Place]]
SINGLE: dict[str, Any] = {"highway": "trunk", "surface": "asphalt"}
HALF: dict[str, Any] = {**SINGLE, "oneway": "yes", "ref": "RN6"}
WHOLE = ImportOptions(keep_dead_ends=True, keep_chains=True)


def imported(
    roads: list[Road], towns: dict[str, Place], options: ImportOptions | None = None
) -> Imported:
    """The first town is the supply point."""
    lines = gpd.GeoDataFrame(
        pd.DataFrame([tags for tags, _ in roads]),
        geometry=[shapely.LineString(places) for _, places in roads],
        crs=4326,
    )
    points = gpd.GeoDataFrame(
        {"name": list(towns), "supply_point": [not n for n in range(len(towns))]},
        geometry=[shapely.Point(place) for place in towns.values()],
        crs=4326,
    )
    return import_roads(lines, points, options=options)


def isolated(network: Network, *cut: str) -> set[str]:
    towns = access(network, Conditions(cut=frozenset(cut))).towns
    return set(towns.loc[towns["isolated"], "name"])


def near(network: Network, lon: float) -> str:
    """Segment that passes a longitude."""
    bounds = network.segments.geometry.bounds
    here = network.segments[(bounds["minx"] < lon) & (bounds["maxx"] > lon)]
    (segment,) = here["segment_id"]
    return str(segment)


def pair(north: float = 12.6002, south: float = 12.5998) -> list[Road]:
    west, east = (-7.9, 12.6), (-7.4, 12.6)
    return [
        (HALF, [west, (-7.895, north), (-7.405, north), east]),
        (HALF, [east, (-7.405, south), (-7.895, south), west]),
    ]


OUTSIDE: list[Road] = [
    (SINGLE, [(-8.0, 12.6), (-7.9, 12.6)]),
    (SINGLE, [(-7.4, 12.6), (-7.0, 12.6)]),
]


@pytest.mark.parametrize("offset", [0.0002, -0.0002, 0.0], ids=["north", "south", "between"])
def test_a_divided_road_is_one_road_to_cut(offset: float) -> None:
    """::

           .------ U ------.
    D -----                 ----- T      one-way pair, 44 m apart; U on either half
           '---------------'
    """
    towns = {"D": (-8.0, 12.6), "U": (-7.6, 12.6 + offset), "T": (-7.0, 12.6)}
    made = imported([*OUTSIDE, *pair()], towns)
    assert isolated(made.network, near(made.network, -7.8)) == {"U", "T"}
    assert isolated(made.network, near(made.network, -7.5)) == {"T"}
    assert made.removed["reason"].tolist() == ["carriageway"]
    assert "one road: 1" in made.quality.to_text("en")
    assert "chaussée" in made.quality.to_text("fr")
    assert "divided" in set(made.network.segments["oneway"])


def test_a_pair_drawn_from_its_crossings_is_one_road_too() -> None:
    r"""::

                  V
           a1-----+-----a2
    D -----|      |     |----- T      both carriageways end on cross streets; V lies north
           b1-----+-----b2
    """
    north, south = 12.6002, 12.5998
    roads: list[Road] = [
        (SINGLE, [(-8.0, 12.6), (-7.9, 12.6)]),
        (SINGLE, [(-7.9, south), (-7.9, 12.6), (-7.9, north)]),
        (HALF, [(-7.9, south), (-7.65, south), (-7.4, south)]),
        (HALF, [(-7.4, north), (-7.65, north), (-7.9, north)]),
        (SINGLE, [(-7.4, south), (-7.4, 12.6), (-7.4, north)]),
        (SINGLE, [(-7.4, 12.6), (-7.0, 12.6)]),
        (SINGLE, [(-7.65, south), (-7.65, north), (-7.65, 12.8)]),
    ]
    towns = {"D": (-8.0, 12.6), "V": (-7.65, 12.8), "T": (-7.0, 12.6)}
    network = imported(roads, towns).network
    assert isolated(network) == set()
    assert isolated(network, near(network, -7.8)) == {"V", "T"}
    assert isolated(network, near(network, -7.5)) == {"T"}


@pytest.mark.parametrize(
    ("tags", "apart"),
    [
        (HALF, 0.05),
        ({**HALF, "oneway": None}, 0.0004),
        ({**HALF, "layer": "1"}, 0.0004),
        ({**HALF, "ref": "RN7"}, 0.0004),
        ({**HALF, "highway": "trunk_link"}, 0.0004),
    ],
    ids=["5 km apart", "both ways", "above", "another number", "slip road"],
)
def test_two_roads_stay_two(tags: dict[str, Any], apart: float) -> None:
    one, two = pair(12.6 + apart / 2, 12.6 - apart / 2)
    towns = {"D": (-8.0, 12.6), "T": (-7.0, 12.6)}
    made = imported([*OUTSIDE, one, (tags, two[1])], towns)
    assert made.removed.empty
    for segment in made.network.segments["segment_id"]:
        x = made.network.segments.set_index("segment_id").geometry[segment].centroid.x
        assert isolated(made.network, segment) == (set() if -7.9 < x < -7.4 else {"T"})


def test_the_carriageway_open_to_tankers_stays() -> None:
    one, two = pair()
    for first, second in (("asphalt", "sand"), ("sand", "asphalt")):
        roads = [({**one[0], "surface": first}, one[1]), ({**two[0], "surface": second}, two[1])]
        made = imported([*OUTSIDE, *roads], {"D": (-8.0, 12.6), "T": (-7.0, 12.6)})
        assert set(made.network.segments["tanker"]) == {"yes"}


def test_a_roundabout_and_one_road_in_pieces_stay() -> None:
    ring = shapely.get_coordinates(shapely.Point(-7.5, 12.6).buffer(0.0003)).tolist()
    half = len(ring) // 2
    roads: list[Road] = [
        (SINGLE, [(-8.0, 12.6), (-7.5003, 12.6)]),
        (HALF, ring[: half + 1]),
        (HALF, ring[half:]),
        (HALF, [(-7.4997, 12.6), (-7.4994, 12.6)]),
        (HALF, [(-7.4994, 12.6), (-7.4, 12.6)]),
    ]
    assert imported(roads, {"D": (-8.0, 12.6), "T": (-7.4, 12.6)}, WHOLE).removed.empty


GRID = [(x, y) for x in range(3) for y in range(3)]
STEPS = [(a, b) for a in GRID for b in GRID if a < b and abs(a[0] - b[0]) + abs(a[1] - b[1]) == 1]


def at(place: tuple[float, float]) -> np.ndarray:
    return np.array([-8 + 0.1 * place[0], 12 + 0.1 * place[1]])


def drawn(edge: tuple[Any, Any], divided: bool, parts: int) -> list[Road]:
    """One line, or two carriageways 40 m apart that fork at the ends, each in so many pieces."""
    start, end = at(edge[0]), at(edge[1])
    tags = {**SINGLE, "ref": f"R{GRID.index(edge[0])}{GRID.index(edge[1])}"}
    if not divided:
        return [(tags, [tuple(start), tuple(end)])]
    way = (end - start) / np.hypot(*(end - start))
    side = np.array([-way[1], way[0]]) * 0.00018
    roads: list[Road] = []
    for sign in (1, -1):
        steps = np.linspace(0.004, 0.096, 2 + (parts if sign > 0 else 1))
        line = [start, *(start + way * step + sign * side for step in steps), end]
        cuts = [0, *range(2, len(line) - 2), len(line) - 1]
        for a, b in pairwise(cuts):
            piece = [tuple(map(float, place)) for place in line[a : b + 1]]
            roads.append(({**tags, "oneway": "yes"}, piece[::sign]))
    return roads


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)
@given(
    edges=st.lists(st.tuples(st.sampled_from(STEPS), st.booleans(), st.integers(1, 3)),
                   min_size=2, max_size=9, unique_by=lambda each: each[0]),
    where=st.floats(0.1, 0.9),
    side=st.sampled_from([0.0002, -0.0002]),
)  # fmt: skip
def test_every_cut_isolates_as_if_no_road_were_divided(
    edges: list[tuple[tuple[Any, Any], bool, int]], where: float, side: float
) -> None:
    """Towns at every crossing, and one on the first road, nearer to either half of it."""
    graph = nx.Graph([edge for edge, _, _ in edges])
    first = edges[0][0]
    graph.remove_edge(*first)
    graph.add_edges_from([(first[0], "on"), ("on", first[1])])
    on = at(first[0]) + where * (at(first[1]) - at(first[0]))
    across = np.array([side, 0]) if first[0][0] == first[1][0] else np.array([0, side])
    places: dict[Any, np.ndarray] = {node: at(node) for node in graph if node != "on"} | {"on": on}
    names = [first[0], *(node for node in places if node != first[0])]
    towns = {str(node): tuple(places[node] + (across if node == "on" else 0)) for node in names}
    roads = [road for each in edges for road in drawn(*each)]
    network = imported(roads, towns, WHOLE).network
    lines = {e: shapely.LineString([places[node] for node in e]) for e in graph.edges}
    for segment, line in zip(network.segment_ids, network.segments.geometry, strict=True):
        middle = line.interpolate(0.5, normalized=True)
        edge = min(lines, key=lambda each: lines[each].distance(middle))
        left = nx.restricted_view(graph, [], [edge])
        reached = nx.node_connected_component(left, first[0])
        assert isolated(network, segment) == {str(node) for node in graph if node not in reached}
