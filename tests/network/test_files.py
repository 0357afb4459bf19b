"""A network's folder: GeoJSON and GeoParquet hold the same, and neither hides the other."""

import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import mapping

from geodata.errors import GeodataError
from geodata.network.files import NetworkFormat, read_network, write_network
from geodata.network.geojson import shapes

BOTH = tuple(NetworkFormat)


def test_geoparquet_gives_the_network_that_geojson_gives(mali, tmp_path):
    write_network(mali.network, tmp_path / "json")
    write_network(mali.network, tmp_path / "parquet", formats=[NetworkFormat.GEOPARQUET])
    assert not list((tmp_path / "parquet").glob("*.geojson"))
    as_json, as_parquet = read_network(tmp_path / "json"), read_network(tmp_path / "parquet")
    assert as_parquet.fingerprint == as_json.fingerprint
    assert as_parquet.towns == as_json.towns
    for table, other in (
        (as_json.nodes, as_parquet.nodes),
        (as_json.segments, as_parquet.segments),
    ):
        assert shapely.equals_exact(table.geometry, other.geometry, tolerance=0).all()
        pd.testing.assert_frame_equal(
            pd.DataFrame(table.drop(columns="geometry")),
            pd.DataFrame(other.drop(columns="geometry")),
            check_dtype=False,
        )
    write_network(as_parquet, tmp_path / "again", formats=[NetworkFormat.GEOPARQUET])
    for name in ("nodes.parquet", "segments.parquet", "network.json"):
        assert (tmp_path / "again" / name).read_bytes() == (
            tmp_path / "parquet" / name
        ).read_bytes()


def test_geojson_edited_beside_geoparquet_is_not_passed_over(corridor, tmp_path):
    write_network(corridor, tmp_path, formats=BOTH)
    assert read_network(tmp_path).segment_ids == corridor.segment_ids
    edited = json.loads((tmp_path / "nodes.geojson").read_text())
    edited["features"][0]["properties"]["population"] = 7
    (tmp_path / "nodes.geojson").write_text(json.dumps(edited))
    with pytest.raises(GeodataError, match=r"nodes\.geojson .* nodes\.parquet .* delete"):
        read_network(tmp_path)
    (tmp_path / "nodes.parquet").unlink()
    assert 7 in set(read_network(tmp_path).nodes["population"])


def test_a_folder_written_again_holds_one_network(corridor, tmp_path):
    write_network(corridor, tmp_path, formats=[NetworkFormat.GEOPARQUET])
    write_network(corridor, tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "network.json",
        "nodes.geojson",
        "segments.geojson",
    ]


@pytest.mark.parametrize("content", [b"", b"PAR1", b"PAR1" + bytes(100) + b"PAR1"])
def test_damaged_geoparquet_is_refused_by_file(corridor, tmp_path, content):
    write_network(corridor, tmp_path, formats=[NetworkFormat.GEOPARQUET])
    (tmp_path / "segments.parquet").write_bytes(content)
    with pytest.raises(GeodataError, match=r"segments\.parquet"):
        read_network(tmp_path)


def test_a_table_without_geometry_is_refused_by_file(corridor, tmp_path):
    write_network(corridor, tmp_path, formats=[NetworkFormat.GEOPARQUET])
    pd.DataFrame({"node_id": ["a"]}).to_parquet(tmp_path / "nodes.parquet")
    with pytest.raises(GeodataError, match=r"nodes\.parquet"):
        read_network(tmp_path)


def test_longitude_and_latitude_without_a_named_system_are_read(corridor, tmp_path):
    write_network(corridor, tmp_path, formats=[NetworkFormat.GEOPARQUET])
    path = tmp_path / "nodes.parquet"
    gpd.read_parquet(path).set_crs("OGC:CRS84", allow_override=True).to_parquet(path)
    assert read_network(tmp_path).node_ids == corridor.node_ids


COORDINATES = st.tuples(st.floats(-180, 180), st.floats(-90, 90))
GEOMETRIES = st.one_of(
    st.none(),
    COORDINATES.map(shapely.Point),
    st.lists(COORDINATES, min_size=2, max_size=5).map(shapely.LineString),
    st.lists(COORDINATES, min_size=1, max_size=3).map(shapely.MultiPoint),
)


@given(st.lists(GEOMETRIES, max_size=8))
def test_geometry_comes_back_in_its_order(drawn):
    written = [None if shape is None else json.loads(json.dumps(mapping(shape))) for shape in drawn]
    again = shapes(written, file="a.geojson")
    missing = np.array([shape is None for shape in drawn], bool)
    assert (np.array([shape is None for shape in again], bool) == missing).all()
    assert shapely.equals_identical(again[~missing], np.array(drawn, object)[~missing]).all()


@pytest.mark.parametrize(
    "bad",
    [
        {"type": "Point", "coordinates": [1]},
        {"type": "Point"},
        {"type": "LineString", "coordinates": [[0, 0]]},
        {"type": "LineString", "coordinates": [[0, 0], [1, "x"]]},
        {"type": "LineString", "coordinates": 5},
        {"type": "Curve", "coordinates": [[0, 0], [1, 1]]},
        [1, 2],
    ],
)
def test_a_broken_geometry_is_named_by_its_feature(bad):
    good = [
        {"type": "Point", "coordinates": [0, 0]},
        {"type": "LineString", "coordinates": [[0, 0], [1, 1]]},
    ]
    with pytest.raises(GeodataError, match="feature 3"):
        shapes([*good, bad], file="a.geojson")
