"""Formats and their variants as programs write them, each read, or refused by its name."""

import datetime as dt
import gzip
import io
import json
import sqlite3
import struct
import zipfile
from collections.abc import Callable
from dataclasses import asdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import pytest
import shapely

from geodata.cli.check_file import check
from geodata.errors import GeodataError
from geodata.readers.layers.parser import parse
from geodata.readers.layers.reader import Layer, read_layer
from geodata.readers.limits import UPLOAD
from geodata.readers.report import Report
from tests.support.layer_cases import (
    TOWNS,
    collection,
    feature,
    frame,
    geopackage,
    point,
    shapefile,
    towns,
    written,
    zipped,
)


def told(report: Report) -> str:
    return " | ".join(problem.message() for problem in report.problems)


def several(*layers: tuple[str, gpd.GeoDataFrame], folder: Path) -> bytes:
    """A GeoPackage of several layers."""
    path = folder / "several.gpkg"
    for name, table in layers:
        pyogrio.write_dataframe(table, path, driver="GPKG", layer=name, append=path.exists())
    return path.read_bytes()


@pytest.fixture
def mixed(tmp_path: Path) -> bytes:
    """Six points, four lines and one area."""
    area = gpd.GeoDataFrame({"name": ["a"]}, geometry=[shapely.box(-8, 12, 2, 18)], crs=4326)
    return several(
        ("nodes", frame()), ("edges", frame(lines=True).head(4)), ("area", area), folder=tmp_path
    )


@pytest.mark.parametrize(
    ("kind", "layer", "features"), [("roads", "edges", 4), ("towns", "nodes", 6),
                                    ("boundary", "area", 1)],
)  # fmt: skip
def test_the_layer_that_holds_what_is_asked_for_is_read(
    mixed: bytes, kind: str, layer: str, features: int
) -> None:
    read = read_layer(mixed, kind=kind)  # type: ignore[arg-type]
    assert (read.layer, len(read.frame)) == (layer, features)
    assert all(name in told(read.report) for name in ("nodes (6)", "edges (4)", "area (1)"))


def test_between_two_layers_of_lines_the_larger_is_read_with_a_warning(tmp_path: Path) -> None:
    data = several(("a", frame(lines=True).head(2)), ("b", frame(lines=True)), folder=tmp_path)
    read = read_layer(data, kind="roads")
    assert read.layer == "b"
    assert [p.severity for p in read.report.problems] == ["warning"]


def test_between_shapefiles_the_one_of_lines_is_read() -> None:
    data = zipped({**shapefile(), **shapefile(stem="places", table=frame())})
    assert read_layer(data, kind="roads").layer == "roads"
    assert read_layer(data, kind="towns").layer == "places"


def test_a_geopackage_in_write_ahead_mode_is_read() -> None:
    data = bytearray(geopackage())
    data[18:20] = b"\2\2"
    read = read_layer(bytes(data), kind="roads")
    assert len(read.frame) == 5
    assert "write-ahead" in told(read.report)


TILE_TABLE = """
CREATE TABLE tiles (id INTEGER PRIMARY KEY, zoom_level INTEGER, tile_column INTEGER,
  tile_row INTEGER, tile_data BLOB);
CREATE TRIGGER "tiles_zoom_insert" BEFORE INSERT ON "tiles" FOR EACH ROW BEGIN
  SELECT RAISE(ABORT, 'insert on table ''tiles'' violates constraint: zoom_level')
  WHERE NOT (NEW.zoom_level IN (SELECT zoom_level FROM gpkg_contents)) ; END;
CREATE TRIGGER "tiles_tile_row_update" BEFORE UPDATE OF tile_row ON "tiles" FOR EACH ROW BEGIN
  SELECT RAISE(ABORT, 'tile_row cannot be < 0') WHERE (NEW.tile_row < 0) ;
  SELECT RAISE(ABORT, 'tile_row too large') WHERE NOT (NEW.tile_row < 9); END;
"""


def test_prescribed_triggers_of_tile_tables_are_harmless() -> None:
    assert len(read_layer(geopackage(sql=TILE_TABLE), kind="roads").frame) == 5


def test_other_triggers_under_such_a_name_are_refused() -> None:
    sql = (
        "CREATE TRIGGER roads_zoom_insert BEFORE INSERT ON roads BEGIN"
        " SELECT RAISE(ABORT, 'x'); DELETE FROM roads; END;"
    )
    assert check(geopackage(sql=sql)).refused


NAMES = {"cp1252": "Ségou – Bla", "cp1256": "تمبكتو", "cp850": "Ségou", "utf-8": "Ségou – تمبكتو"}


def encoded(codec: str, declared: str | None, *, language: int = 0) -> bytes:
    """A zipped shapefile of one point whose name is written in ``codec``."""
    table = gpd.GeoDataFrame({"name": ["x" * 40]}, geometry=[shapely.Point(-6, 13)], crs=4326)
    parts = shapefile(stem="towns", table=table, drop=(".cpg",))
    name = NAMES[codec].encode(codec)
    dbf = bytearray(parts["towns.dbf"].replace(b"x" * 40, name.ljust(40)))
    dbf[29] = language
    parts["towns.dbf"] = bytes(dbf)
    if declared is not None:
        parts["towns.cpg"] = declared.encode()
    return zipped(parts)


@pytest.mark.parametrize(("codec", "declared", "language"), [
    ("cp1252", "1252", 0), ("cp1252", "ANSI 1252", 0), ("cp1252", "windows-1252", 0),
    ("cp1252", "CP1252\n", 0), ("cp1256", "1256", 0), ("cp1256", "ANSI 1256", 0),
    ("cp850", "OEM 850", 0), ("cp850", "IBM850", 0), ("utf-8", "UTF8 ", 0), ("utf-8", "65001", 0),
    ("utf-8", "UTF-8", 0), ("utf-8", None, 0), ("cp1256", None, 0x7E), ("cp850", None, 0x02),
])  # fmt: skip
def test_a_code_page_is_read_however_it_is_written(
    codec: str, declared: str | None, language: int
) -> None:
    read = read_layer(encoded(codec, declared, language=language), kind="towns")
    assert list(read.frame["name"]) == [NAMES[codec]]
    assert "encoding" not in told(read.report)


def test_a_false_code_page_is_not_believed() -> None:
    read = read_layer(encoded("cp1252", "UTF-8"), kind="towns")
    assert list(read.frame["name"]) == [NAMES["cp1252"]]
    assert "encoding" in told(read.report)


def test_one_cut_letter_leaves_the_other_names_alone() -> None:
    table = gpd.GeoDataFrame(
        {"name": ["x" * 12, "Djénné Kéniéba"]},
        geometry=[shapely.Point(-6, 13), shapely.Point(-4, 14)],
        crs=4326,
    )
    parts = shapefile(stem="t", table=table)
    parts["t.dbf"] = parts["t.dbf"].replace(b"x" * 12, "Tombouctou é".encode()[:-1] + b" ")
    read = read_layer(zipped(parts), kind="towns")
    assert list(read.frame["name"]) == ["Tombouctou \ufffd", "Djénné Kéniéba"]
    assert "letter" in told(read.report)


def test_the_table_head_does_not_decide_on_the_encoding() -> None:
    table = gpd.GeoDataFrame({"name": ["Ségou"]}, geometry=[shapely.Point(-6, 13)], crs=4326)
    table.loc[0, "wide"] = "w" * 254
    read = read_layer(zipped(shapefile(stem="t", table=table)), kind="towns")
    assert list(read.frame["name"]) == ["Ségou"]


def arc() -> bytes:
    """A GeoPackage with a straight line and a quarter circle."""
    base = sqlite3.connect(":memory:")
    base.deserialize(written(frame(lines=True).head(2), "GPKG", layer="roads"))
    xy = struct.pack("<6d", -8.0, 12.0, -7.2929, 12.2929, -7.0, 13.0)
    blob = b"GP\0\1" + struct.pack("<i", 4326) + b"\1" + struct.pack("<II", 8, 3) + xy
    (trigger,) = base.execute("SELECT count(*) FROM sqlite_master WHERE type='trigger'").fetchone()
    assert trigger
    for (name,) in base.execute("SELECT name FROM sqlite_master WHERE type='trigger'").fetchall():
        base.execute(f'DROP TRIGGER "{name}"')
    base.execute("UPDATE roads SET geom = ? WHERE fid = 2", (blob,))
    base.commit()
    return base.serialize()


def test_curves_become_short_straight_pieces() -> None:
    read = read_layer(arc(), kind="roads")
    assert len(read.frame) == 2
    assert len(read.frame.geometry.iloc[1].coords) > 10
    assert "curves" in told(read.report)


@pytest.mark.parametrize("name", [
    "http://www.opengis.net/def/crs/OGC/1.3/CRS84", "https://www.opengis.net/def/crs/EPSG/0/4326",
    "WGS84", "WGS 84", "GCS_WGS_1984", "EPSG:4326", "OGC:CRS84", "urn:ogc:def:crs:OGC::CRS84",
])  # fmt: skip
def test_degrees_are_known_by_each_of_their_names(name: str) -> None:
    data = towns(crs={"type": "name", "properties": {"name": name}})
    assert len(read_layer(data, kind="towns").frame) == 6


@pytest.mark.parametrize("crs", [
    {"type": "name", "properties": {"name": "ESRI:102100"}}, "EPSG:3857",
    {"type": "name", "properties": {"name": "urn:ogc:def:crs:ESRI::102100"}},
    {"type": "name", "properties": {"name": "EPSG:102100"}},
    {"type": "EPSG", "properties": {"code": 3857}},
])  # fmt: skip
def test_the_web_map_is_known_by_each_of_its_names(crs: object) -> None:
    data = collection([feature(point(-890_555.93, 1_418_980.27), name="a")], crs=crs)
    (town,) = read_layer(data, kind="towns").frame.geometry
    assert (town.x, town.y) == pytest.approx((-8.0, 12.6427), abs=1e-3)


def test_the_user_overrules_a_system_that_is_not_known() -> None:
    data = towns(crs={"type": "name", "properties": {"name": "Mali new grid"}})
    assert check(data, kind="towns").refused
    assert check(data, kind="towns", crs="EPSG:4326").accepted == 6


def test_longitudes_to_360_are_turned_back_with_a_word() -> None:
    data = collection(feature(point(x % 360, y), name=name) for name, x, y in TOWNS)
    read = read_layer(data, kind="towns")
    assert read.frame.geometry.x.round(4).tolist() == [x for _, x, _ in TOWNS]
    assert "360" in told(read.report)


def lines_of_json(separator: str) -> bytes:
    tree = json.loads(towns())
    return "".join(separator + json.dumps(each) + "\n" for each in tree["features"]).encode()


@pytest.mark.parametrize("separator", ["", "\x1e"])
def test_geojson_one_feature_a_line_is_read(separator: str) -> None:
    assert len(read_layer(lines_of_json(separator), kind="towns").frame) == 6


def test_a_broken_line_is_reported_and_the_others_are_read() -> None:
    report = check(lines_of_json("").replace(b'"Mopti"', b'"Mopti', 1), kind="towns")
    assert (report.accepted, report.rejected) == (5, 1)


def test_gzip_is_unpacked() -> None:
    assert len(read_layer(gzip.compress(towns()), kind="towns").frame) == 6


def test_gzip_bombs_and_archives_in_gzip_are_refused() -> None:
    assert "MB" in told(check(gzip.compress(bytes(150 * 10**6))))
    assert "another archive" in told(check(gzip.compress(zipped(shapefile()))))
    assert "another archive" in told(check(gzip.compress(gzip.compress(towns()))))


def parquet(table: pd.DataFrame, **options: object) -> bytes:
    file = io.BytesIO()
    table.to_parquet(file, **options)  # type: ignore[call-overload]
    return file.getvalue()


def as_text() -> bytes:
    table = frame(lines=True)
    return parquet(pd.DataFrame({"name": table["name"], "geometry": table.geometry.to_wkt()}))


def as_binary() -> bytes:
    table = frame(lines=True)
    return parquet(pd.DataFrame({"name": table["name"], "geom": table.geometry.to_wkb()}))


@pytest.mark.parametrize("make", [
    lambda: parquet(frame(lines=True), geometry_encoding="geoarrow", schema_version="1.1.0"),
    as_text, as_binary,
], ids=("GeoArrow", "WKT", "WKB"))  # fmt: skip
def test_parquet_is_read_however_it_stores_its_geometry(make: Callable[[], bytes]) -> None:
    read: Layer = read_layer(make(), kind="roads")
    assert len(read.frame) == 5
    expected = frame(lines=True).geometry
    assert read.frame.geometry.reset_index(drop=True).geom_equals_exact(expected, 1e-9).all()


def test_parquet_without_a_geometry_is_refused_by_its_name() -> None:
    assert "Parquet" in told(check(parquet(pd.DataFrame({"a": ["b"]}))))


def parsed(data: bytes) -> dict[str, Any]:
    """What the bounded process answers; anything but a refusal in words would be its crash."""
    wish = {
        "limits": asdict(UPLOAD),
        "layer": None,
        "kind": "auto",
        "area": None,
        "crs": None,
        "swap": False,
        "keep_outside": False,
        "name_column": None,
    }
    return parse(data, wish)[0]


def with_column(values: pa.Array) -> bytes:
    """Points with one more column, as GeoParquet."""
    table = pq.read_table(io.BytesIO(parquet(frame())))
    sink = io.BytesIO()
    pq.write_table(table.append_column("more", values), sink)
    return sink.getvalue()


@pytest.mark.parametrize(
    "values",
    [
        pa.array([Decimal(10) ** 60] * 6, pa.decimal256(70, 2)),
        pa.array(["a", "b"] * 3).dictionary_encode(),
        pa.array([{"a": 1}] * 6),
        pa.array([[1, 2]] * 6),
        pa.array([b"\x00\xff"] * 6),
        pa.array([dt.timedelta(days=1)] * 6),
    ],
    ids=lambda values: str(values.type),
)
def test_a_column_of_a_kind_that_no_layer_needs_crashes_nothing(values: pa.Array) -> None:
    assert parsed(with_column(values))["report"]["read"] == 6


@pytest.mark.parametrize("numbers", [pa.int64(), pa.float64(), pa.bool_()], ids=str)
def test_a_geometry_of_numbers_is_refused_as_what_it_is(numbers: pa.DataType) -> None:
    table = pq.read_table(io.BytesIO(parquet(frame())))
    place = table.column_names.index("geometry")
    sink = io.BytesIO()
    changed = table.set_column(place, "geometry", pa.array([1] * 6).cast(numbers))
    pq.write_table(changed.replace_schema_metadata(table.schema.metadata), sink)
    with pytest.raises(GeodataError, match="damaged"):
        parsed(sink.getvalue())


@pytest.mark.parametrize("name", [".", "..", "./", "a/..", "/"])
def test_an_archive_with_a_member_that_is_no_file_name_is_refused_as_unsafe(name: str) -> None:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        archive.writestr("roads.geojson", towns())
        archive.writestr(zipfile.ZipInfo(name) if name else zipfile.ZipInfo(), b"x")
    with pytest.raises(GeodataError):
        parsed(sink.getvalue())
