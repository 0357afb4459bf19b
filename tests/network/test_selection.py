"""Segments of a road number, a circle and a drawn area."""

import json

import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.dataset import Dataset
from geodata.errors import GeodataError
from geodata.network.model import Network
from geodata.network.selection import (
    Area,
    Circle,
    RoadNumber,
    area,
    road_numbers,
    road_segments,
    segments_near,
)
from tests.support.road_toys import road_network

SQUARE = {"type": "Polygon", "coordinates": [[[0.9, 13.9], [1.2, 13.9], [1.2, 14.2], [0.9, 13.9]]]}
GEOD = pyproj.Geod(ellps="WGS84")


def numbered(*refs: object) -> Network:
    """The toy network, its segments (sorted by id) with road numbers as written."""
    plain = road_network()
    return Network(
        plain.nodes, plain.segments.assign(road_ref=list(refs)), focus_country=plain.focus_country
    )


@pytest.fixture
def roads() -> Network:
    """Segments sorted by id, two of them to ports abroad.

    ::

        PORT --N6/RN1-- gate --RN6-- a --RN6?-- b --RN6/RN7-- c
                                     |
                                    RN7 (bretelle)
                                     d --N6-- NORTH
    """
    by_id = {
        "PORT--gate": "N6/RN1",
        "gate--a": "RN6",
        "a--b": "RN6?",
        "b--c": "RN6/RN7",
        "a--d": "RN7 (bretelle)",
        "d--NORTH": None,
    }
    return numbered(*(by_id[i] for i in road_network().segment_ids))


@pytest.mark.parametrize("written", ["RN6", "rn 6", "R.N. 6", "N6", "6", "Route nationale 6"])
def test_every_spelling_of_a_number_means_one_road(roads: Network, written: str) -> None:
    found = road_segments(roads, written)
    assert found.segment_ids == ("a--b", "b--c", "gate--a")
    assert found.unsure == ("a--b",)


def test_a_segment_with_two_numbers_belongs_to_both(roads: Network) -> None:
    assert road_segments(roads, "RN7").segment_ids == ("a--d", "b--c")


def test_a_number_that_no_segment_has_names_nothing(roads: Network) -> None:
    assert road_segments(roads, "RN66").segment_ids == ()


def test_a_number_without_digits_is_refused() -> None:
    for written in ("", "RN", "RN?", "N?", "six", "6; DROP", "<b>"):
        with pytest.raises(GeodataError, match="road number"):
            RoadNumber(written)


def test_a_network_without_numbers_names_nothing() -> None:
    assert road_segments(road_network(), "RN6").segment_ids == ()
    assert road_numbers(road_network()) == ()


def test_the_same_number_abroad_is_reported_and_not_cut(mali: Dataset) -> None:
    rn1 = road_segments(mali.network, "RN1")
    country = dict(zip(mali.network.node_ids, mali.network.nodes["country"], strict=True))
    ends = mali.network.segments.set_index("segment_id")
    for segment in rn1.segment_ids:
        row = ends.loc[segment]
        assert "MLI" in {country[row["from_node"]], country[row["to_node"]]}
    for segment in rn1.abroad:
        row = ends.loc[segment]
        assert "MLI" not in {country[row["from_node"]], country[row["to_node"]]}
    written = ends["road_ref"].fillna("")
    assert {*rn1.segment_ids, *rn1.abroad} == set(
        written[
            written.str.split("/").map(lambda parts: "RN1" in [p.strip("?") for p in parts])
        ].index
    )


def test_every_number_of_the_shipped_network_names_its_segments(mali: Dataset) -> None:
    numbers = road_numbers(mali.network)
    assert {"RN6", "RN24"} <= set(numbers)
    for number in numbers:
        found = road_segments(mali.network, number)
        assert found.segment_ids or found.abroad


def test_a_segment_inside_or_crossing_an_area_counts() -> None:
    network = road_network()
    small = area(
        {"type": "Polygon", "coordinates": [[[1.2, 13.9], [1.3, 13.9], [1.25, 14.1], [1.2, 13.9]]]}
    )
    assert segments_near(network, small).segment_ids == ("a--b",)
    whole = Area(shapely.box(-1, 13, 3, 16))
    assert segments_near(network, whole).segment_ids == network.segment_ids
    assert segments_near(network, Area(shapely.box(20, 20, 21, 21))).segment_ids == ()


def test_features_and_collections_mean_their_polygons() -> None:
    feature = {"type": "Feature", "properties": {}, "geometry": SQUARE}
    collection = {"type": "FeatureCollection", "features": [feature, feature]}
    assert area(SQUARE) == area(feature) == area(json.loads(json.dumps(collection)))


def test_a_drawing_that_crosses_itself_means_what_its_line_encloses() -> None:
    bow = {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}
    assert area(bow).shape.is_valid
    assert area(bow).shape.area == pytest.approx(0.5)


@pytest.mark.parametrize(
    "bad",
    [
        None, [], {}, {"type": "Point", "coordinates": [0, 0]}, {"type": "Polygon"},
        {"type": "Polygon", "coordinates": []},
        {"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]},
        {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [2, 2], [0, 0]]]},
        {"type": "Polygon", "coordinates": [[["x", 0], [1, 1], [2, 0], [0, 0]]]},
        {"type": "Polygon", "coordinates": [[[0, 0], [500000, 0], [500000, 9], [0, 0]]]},
        {"type": "FeatureCollection", "features": []},
        {"type": "FeatureCollection",
         "features": [SQUARE, {"type": "Point", "coordinates": [0, 0]}]},
        {"type": "Polygon", "coordinates": [[[i / 1e4, (i * i) % 7] for i in range(1100)]]},
    ],
)  # fmt: skip
def test_what_is_no_polygon_in_degrees_is_refused(bad: object) -> None:
    with pytest.raises(GeodataError):
        area(bad)


@pytest.mark.parametrize("numbers", [(0, 0, 0), (0, 0, -1), (181, 0, 5), (0, 91, 5), (0, 0, 1e9),
                                     (float("nan"), 0, 5)])  # fmt: skip
def test_a_circle_out_of_range_is_refused(numbers: tuple[float, float, float]) -> None:
    with pytest.raises(GeodataError):
        Circle(*numbers)


@settings(max_examples=40)
@given(st.floats(-0.3, 2.3), st.floats(13.5, 15.3), st.floats(0.5, 120))
def test_a_circle_takes_what_comes_within_its_km_on_the_ellipsoid(
    lon: float, lat: float, km: float
) -> None:
    network = road_network()
    circle = Circle(lon, lat, km)
    found = set(segments_near(network, circle).segment_ids)
    for segment, line in zip(network.segment_ids, network.segments.geometry, strict=True):
        xy = shapely.get_coordinates(shapely.segmentize(line, 0.001))
        centre = np.full(len(xy), circle.lon), np.full(len(xy), circle.lat)
        nearest = GEOD.inv(*centre, xy[:, 0], xy[:, 1])[2].min() / 1000
        if abs(nearest - circle.km) > 0.05:  # the spacing of the points compared with
            assert (nearest < circle.km) == (segment in found)
