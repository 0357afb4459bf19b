"""Opening layers: formats agree, limits hold, and GDAL stays closed."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geodata.errors import GeodataError
from geodata.readers.layers import gdal, geojson
from geodata.readers.layers.cleaning import CleaningOptions, clean
from geodata.readers.layers.reader import read_layer
from geodata.readers.limits import UPLOAD
from geodata.readers.report import Report
from tests.support import layer_cases as cases

JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5) | st.integers(-200, 200),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(st.sampled_from(["type", "coordinates", "features", "geometry",
                                       "properties", "name", "crs", "Point", "x"]),
                      inner | st.sampled_from(["Feature", "FeatureCollection", "Point",
                                               "LineString", "Polygon", "GeometryCollection"]),
                      max_size=5),
    max_leaves=25,
)  # fmt: skip


def test_formats_give_the_same_features() -> None:
    table = cases.frame(lines=True)
    sources = {
        "GeoJSON": table.to_json().encode(),
        "GeoPackage": cases.written(table, "GPKG"),
        "FlatGeobuf": cases.written(table, "FlatGeobuf"),
        "GeoParquet": cases.parquet(table),
        "Shapefile": cases.zipped(cases.shapefile()),
    }
    for name, data in sources.items():
        layer = read_layer(data, kind="roads")
        assert layer.format == name
        assert sorted(layer.frame["name"]) == sorted(table["name"])
        drawn = layer.frame.set_index("name").geometry.loc[table["name"]]
        assert drawn.geom_equals_exact(table.geometry.set_axis(drawn.index), 1e-9).all()


def test_shapefile_beside_its_parts(tmp_path: Path) -> None:
    for name, content in cases.shapefile().items():
        (tmp_path / name).write_bytes(content)
    assert len(read_layer(tmp_path / "roads.shp").frame) == 5


def test_windows_text_in_a_table_without_cpg() -> None:
    parts = cases.shapefile(drop=(".cpg",))
    parts["roads.dbf"] = parts["roads.dbf"].replace("é".encode(), "é".encode("cp1252") + b" ")
    layer = read_layer(cases.zipped(parts))
    assert "é" in layer.frame["name"].iloc[0]
    assert [problem.key for problem in layer.report.problems] == ["layer.encoding"]


def test_columns_of_mixed_types_become_text() -> None:
    odd = [1, "2", None, True, {"a": [1]}, 10**30]
    features = [
        cases.feature(cases.point(-8, 12), name=str(n), odd=value) for n, value in enumerate(odd)
    ]
    frame = read_layer(cases.collection(features)).frame
    assert frame["odd"].fillna("").tolist() == ["1", "2", "", "True", '{"a": [1]}', str(10**30)]


@pytest.mark.parametrize(
    ("limit", "key"),
    [({"features": 3}, "layer.features"), ({"vertices": 4}, "layer.vertices"),
     ({"columns": 0}, "layer.columns"), ({"file_mb": 0}, "layer.too_large"),
     ({"memory_mb": 40}, "sandbox")],
)  # fmt: skip
def test_limits_refuse(limit: dict[str, int], key: str) -> None:
    layer, report = cases.layer_report(cases.towns(), limits=replace(UPLOAD, **limit))
    assert layer is None
    assert report.problems[0].key.startswith(key)


def test_long_cells_are_cut_and_said() -> None:
    data = cases.collection([cases.feature(cases.point(-8, 12), name="x" * 50)])
    layer = read_layer(data, limits=replace(UPLOAD, cell_characters=10))
    assert layer.frame["name"].iloc[0] == "x" * 10
    assert layer.report.warned == 1


def test_only_three_drivers_in_the_bounded_process() -> None:
    code = "import pyogrio, json; print(json.dumps(list(pyogrio.list_drivers())))"
    found = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **gdal.environment()},
        capture_output=True,
        check=True,
    )
    assert set(json.loads(found.stdout)) == gdal.ALLOWED


def test_callers_environment_is_left_alone() -> None:
    before = dict(os.environ)
    read_layer(cases.written(cases.frame(), "GPKG"))
    assert dict(os.environ) == before


def test_without_the_switches_gdal_is_not_called() -> None:
    from geodata.readers.layers import formats
    from geodata.readers.layers.raw import LayerRequest

    with pytest.raises(RuntimeError, match="not closed"):
        formats.geopackage(cases.written(cases.frame(), "GPKG"), LayerRequest(UPLOAD))


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(JSON)
def test_any_json_gives_a_layer_or_a_refusal(tree: object) -> None:
    """The reader itself, without its process: nothing but a GeodataError comes out."""
    data = json.dumps(tree).encode()
    try:
        raw = geojson.parse(data, limits=UPLOAD)
        found = clean(raw, CleaningOptions("auto", cases.MALI), limits=UPLOAD)
    except GeodataError:
        return
    assert len(found.row) + len({p.row for p in found.problems if p.severity == "error"}) == len(
        raw.geometry
    )


@settings(max_examples=12, deadline=None)
@given(st.data())
def test_damaged_files_never_crash(data: st.DataObject) -> None:
    whole = data.draw(
        st.sampled_from(
            [
                cases.written(cases.frame(), "GPKG"),
                cases.zipped(cases.shapefile()),
                cases.parquet(cases.frame()),
                cases.written(cases.frame(), "FlatGeobuf"),
            ]
        )
    )
    broken = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 30))):
        broken[data.draw(st.integers(0, len(broken) - 1))] = data.draw(st.integers(0, 255))
    _, report = cases.layer_report(bytes(broken))
    assert isinstance(report, Report)
    assert report.read == report.accepted + report.warned + report.rejected
