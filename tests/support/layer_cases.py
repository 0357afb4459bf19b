"""Odd and hostile layers, made here, each with its expected outcome."""

import io
import json
import sqlite3
import struct
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import geopandas as gpd
import pyogrio
import shapely

from geodata.errors import GeodataError
from geodata.readers.layers.reader import Layer, read_layer
from geodata.readers.report import Report, refusal

# name, longitude, latitude
TOWNS = (
    ("Bamako", -8.0029, 12.6392), ("Ségou", -6.2157, 13.4317), ("Mopti", -4.1827, 14.4843),
    ("Gao", -0.0447, 16.2717), ("Kidal", 1.4078, 18.4411), ("Ménaka", 2.4014, 15.9182),
)  # fmt: skip
MALI = (-19.5, 2.5, 5.5, 25.0)


@dataclass(frozen=True)
class Case:
    """A file and what must become of it: refused or not, rows in use, rows remarked on."""

    name: str
    make: Callable[[], bytes]
    refused: bool = False
    used: int | None = None
    flagged: int | None = None
    says: str = ""
    options: dict[str, Any] = field(default_factory=dict)


def feature(geometry: Any, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def point(x: float, y: float) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [x, y]}


def collection(features: Iterable[Any], **members: Any) -> bytes:
    tree = {"type": "FeatureCollection", **members, "features": list(features)}
    return json.dumps(tree, ensure_ascii=False).encode()


def towns(**members: Any) -> bytes:
    return collection((feature(point(x, y), name=name) for name, x, y in TOWNS), **members)


def frame(lines: bool = False) -> gpd.GeoDataFrame:
    points = [shapely.Point(x, y) for _, x, y in TOWNS]
    if lines:
        drawn = [shapely.LineString(pair) for pair in pairwise(points)]
        return gpd.GeoDataFrame(
            {"name": [f"route é{n}" for n in range(5)]}, geometry=drawn, crs=4326
        )
    return gpd.GeoDataFrame({"name": [name for name, *_ in TOWNS]}, geometry=points, crs=4326)


def written(table: gpd.GeoDataFrame, driver: str, **options: Any) -> bytes:
    file = io.BytesIO()
    pyogrio.write_dataframe(table, file, driver=driver, **options)
    return file.getvalue()


def shapefile(
    folder: str = "",
    *,
    drop: Iterable[str] = (),
    stem: str = "roads",
    table: gpd.GeoDataFrame | None = None,
) -> dict[str, bytes]:
    """Members of a zipped shapefile."""
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory() as made:
        pyogrio.write_dataframe(
            frame(lines=True) if table is None else table,
            Path(made) / f"{stem}.shp",
            encoding="UTF-8",
        )
        return {
            folder + part.name: part.read_bytes()
            for part in sorted(Path(made).iterdir())
            if part.suffix not in drop
        }


def zipped(members: dict[str, bytes], *, links: Iterable[str] = ()) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = (0o120777 if name in set(links) else 0o100644) << 16
            archive.writestr(info, content)
    return file.getvalue()


def locked(members: dict[str, bytes]) -> bytes:
    """An archive whose members carry the flag of encryption."""
    data = bytearray(zipped(members))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.find(mark)
        while place >= 0:
            data[place + offset] |= 1
            place = data.find(mark, place + 4)
    return bytes(data)


def bomb(megabytes: int, *, lying: bool = False) -> bytes:
    """A small archive that unpacks to much, and if lying says so nowhere but in its stream."""
    data = bytearray(zipped({"a.shp": bytes(megabytes * 10**6), "a.shx": b"", "a.dbf": b""}))
    if not lying:
        return bytes(data)
    place = data.find(b"PK\x01\x02")
    struct.pack_into("<I", data, place + 24, 100)
    return bytes(data)


def geopackage(*, sql: str = "", layers: int = 1) -> bytes:
    """A GeoPackage of roads, with statements run on it."""
    data = written(frame(lines=True), "GPKG", layer="roads")
    base = sqlite3.connect(":memory:")
    base.deserialize(data)
    base.executescript(sql)
    for extra in range(1, layers):
        name = f"other{extra}"
        base.executescript(
            f"CREATE TABLE {name} (fid INTEGER PRIMARY KEY, geom BLOB);"
            f"INSERT INTO gpkg_contents (table_name, data_type, srs_id)"
            f" VALUES ('{name}', 'features', 4326);"
            f"INSERT INTO gpkg_geometry_columns VALUES ('{name}','geom','LINESTRING',4326,0,0);"
        )
    return base.serialize()


def virtual_table() -> bytes:
    """A GeoPackage whose schema declares a virtual table that would read another file."""
    return geopackage(
        sql="PRAGMA writable_schema = ON;"
        "INSERT INTO sqlite_master (type, name, tbl_name, rootpage, sql) VALUES"
        " ('table', 'leak', 'leak', 0, 'CREATE VIRTUAL TABLE leak USING"
        ' VirtualText("/etc/passwd", "UTF-8", 0, POINT, NONE)\');'
    )


def plain_sqlite() -> bytes:
    base = sqlite3.connect(":memory:")
    base.execute("CREATE TABLE a (b)")
    return base.serialize()


def parquet(table: gpd.GeoDataFrame) -> bytes:
    file = io.BytesIO()
    table.to_parquet(file)
    return file.getvalue()


BOW = {"type": "Polygon", "coordinates": [[[-6, 13], [-5, 14], [-5, 13], [-6, 14], [-6, 13]]]}
SQUARE = {"type": "Polygon", "coordinates": [[[-8, 12], [-7, 12], [-7, 13], [-8, 13], [-8, 12]]]}
VRT = b"<OGRVRTDataSource><OGRVRTLayer name='r'><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>"  # noqa: E501
GDALG = b'{"type": "gdal_streamed_alg", "command_line": "gdal vector pipeline ! read /etc/passwd"}'
KML = b"<kml><Document><NetworkLink><Link><href>http://127.0.0.1:9/k.kml</href></Link></NetworkLink></Document></kml>"
TWO_NAMES = (
    b'{"type":"Feature","properties":{"name":"Gao","name":"Elsewhere"},'
    b'"geometry":{"type":"Point","coordinates":[0,16]}}'
)
METRES = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32630"}}

CASES = (
    Case("towns", towns, used=6, flagged=0),
    Case("byte-order mark", lambda: b"\xef\xbb\xbf" + towns(), used=6, flagged=0),
    Case("UTF-16", lambda: towns().decode().encode("utf-16"), used=6, flagged=0),
    Case("Latin-1", lambda: towns().decode().encode("latin-1"), used=6, flagged=0, says="encoding"),
    Case("bow-tie", lambda: collection([feature(SQUARE), feature(BOW)]), used=2, flagged=1,
         says="repaired"),
    Case("no geometry", lambda: collection([feature(point(-8, 12), name="a"),
                                            feature(None, name="b"), {"type": "Feature"}]),
         used=1, flagged=2, says="geometry"),
    Case("empty geometry", lambda: collection(
        [feature(point(-8, 12), name="a"), feature({"type": "Point", "coordinates": []}, name="b"),
         feature({"type": "MultiLineString", "coordinates": []}, name="c")]),
         used=1, flagged=2, says="empty"),
    Case("no features", lambda: collection([]), refused=True, says="no features"),
    Case("NaN", lambda: collection([feature(point(-8, 12), name="a"),
                                    feature(point(float("nan"), 12), name="b"),
                                    feature(point(float("inf"), 12), name="c")]),
         used=1, flagged=2, says="coordinates"),
    Case("text coordinates", lambda: collection([feature(point(-8, 12), name="a"), feature(
        {"type": "Point", "coordinates": ["-8", "12"]}, name="b")]), used=1, flagged=1),
    Case("swapped", lambda: collection(feature(point(y, x), name=n) for n, x, y in TOWNS),
         refused=True, says="swapped"),
    Case("swapped, on request", lambda: collection(feature(point(y, x), name=n)
                                                   for n, x, y in TOWNS),
         used=6, flagged=0, says="swapped", options={"swap": True}),
    Case("metres", lambda: collection([feature(point(600_000, 1_500_000), name="u")]),
         refused=True, says="CRS"),
    Case("metres, system named", lambda: collection([feature(point(600_000, 1_500_000), name="u")]),
         used=1, flagged=0, options={"crs": "EPSG:32629"}),
    Case("metres, declared", lambda: collection([feature(point(600_000, 1_500_000), name="u")],
                                                crs=METRES), used=1, flagged=0, says="reprojected"),
    Case("unknown system", lambda: towns(crs={"type": "name", "properties": {"name": "EPSG:9"}}),
         refused=True, says="CRS"),
    Case("system by link", lambda: towns(
        crs={"type": "link", "properties": {"href": "http://127.0.0.1:9/crs"}}),
         used=6, flagged=0, says="CRS"),
    Case("repeated key", lambda: b'{"type":"FeatureCollection","features":[' + TWO_NAMES + b"]}",
         used=1, flagged=1, says='"name"'),
    Case("two lists of features", lambda: b'{"type":"FeatureCollection","features":[],"features":['
         + TWO_NAMES + b"]}", refused=True),
    Case("abroad and at 0,0", lambda: collection(
        [feature(point(x, y), name=n) for n, x, y in
         (*TOWNS, ("Paris", 2.35, 48.86), ("Nowhere", 0, 0))]), used=6, flagged=2, says="outside"),
    Case("bare geometry", lambda: json.dumps(point(-4, 15)).encode(), used=1, flagged=1,
         says="name"),
    Case("heights", lambda: collection([feature({"type": "Point", "coordinates": [-8, 12, 300]},
                                                name="a")]), used=1, flagged=0, says="Heights"),
    Case("id twice", lambda: collection(feature(point(x, y), name=n, id=1) for n, x, y in TOWNS),
         used=6, flagged=5, says="Duplicate id"),
    Case("deep nesting", lambda: b'{"type":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
         refused=True, says="nest"),
    Case("unclosed", lambda: towns()[:-20], refused=True, says="not GeoJSON"),
    Case("GDALG", lambda: GDALG, refused=True, says="not GeoJSON"),
    Case("VRT", lambda: VRT, refused=True, says="not GeoJSON"),
    Case("KML", lambda: KML, refused=True, says="network links"),
    Case("empty file", lambda: b"", refused=True, says="empty"),
    Case("noise", lambda: bytes(range(256)) * 40, refused=True),
    Case("GeoPackage", lambda: written(frame(), "GPKG"), used=6, flagged=0),
    Case("GeoPackage in metres", lambda: written(frame().to_crs(32630), "GPKG"), used=6, flagged=0,
         says="reprojected"),
    Case("GeoPackage, two layers", lambda: geopackage(layers=2), used=5, flagged=0, says="which"),
    Case("GeoPackage, layer chosen", lambda: geopackage(layers=2), used=5, flagged=0,
         options={"layer": "roads"}),
    Case("GeoPackage, no such layer", geopackage, refused=True, says="no layer",
         options={"layer": "x"}),
    Case("GeoPackage with a view", lambda: geopackage(sql="CREATE VIEW v AS SELECT 1;"),
         refused=True, says="view"),
    Case("GeoPackage with a trigger", lambda: geopackage(
        sql="CREATE TRIGGER t AFTER INSERT ON roads BEGIN DELETE FROM roads; END;"),
         refused=True, says="trigger"),
    Case("GeoPackage with a trigger in disguise", lambda: geopackage(
        sql="CREATE TRIGGER rtree_roads_geom_insert9 AFTER INSERT ON roads BEGIN"
            " SELECT load_extension('x'); END;"), refused=True, says="trigger"),
    Case("GeoPackage with a virtual table", virtual_table, refused=True, says="virtual"),
    Case("SQLite", plain_sqlite, refused=True, says="not a GeoPackage"),
    Case("GeoPackage, cut", lambda: written(frame(), "GPKG")[:9000], refused=True),
    Case("FlatGeobuf", lambda: written(frame(lines=True), "FlatGeobuf"), used=5, flagged=0),
    Case("FlatGeobuf, cut", lambda: written(frame(lines=True), "FlatGeobuf")[:200], refused=True),
    Case("GeoParquet", lambda: parquet(frame()), used=6, flagged=0),
    Case("GeoParquet, cut", lambda: parquet(frame())[:-50], refused=True, says="GeoParquet"),
    Case("Shapefile", lambda: zipped(shapefile()), used=5, flagged=0),
    Case("Shapefile, capitals", lambda: zipped({k.upper(): v for k, v in shapefile().items()}),
         used=5, flagged=0),
    Case("Shapefile in a folder", lambda: zipped(shapefile("données/2025/")), used=5, flagged=0),
    Case("Shapefile with a Mac's litter", lambda: zipped(
        {"__MACOSX/._roads.shp": b"x", ".DS_Store": b"x", **shapefile()}), used=5, flagged=0),
    Case("Shapefile without .prj", lambda: zipped(shapefile(drop=(".prj",))), used=5, flagged=0,
         says="CRS assumed"),
    Case("Shapefile without .dbf", lambda: zipped(shapefile(drop=(".dbf",))), refused=True,
         says=".dbf"),
    Case("two Shapefiles", lambda: zipped(
        {**shapefile(), **shapefile(stem="other", table=frame(lines=True).head(2))}),
         used=5, flagged=0, says="which"),
    Case("path out of the archive", lambda: zipped({"../../x.txt": b"x", **shapefile()}),
         refused=True, says="unsafe path"),
    Case("absolute path", lambda: zipped({"/tmp/x": b"x", **shapefile()}), refused=True,
         says="unsafe path"),
    Case("Windows path", lambda: zipped({"..\\..\\x": b"x", **shapefile()}), refused=True,
         says="unsafe path"),
    Case("link", lambda: zipped({**shapefile(), "l": b"/etc/passwd"}, links=("l",)), refused=True,
         says="link"),
    Case("VRT in an archive", lambda: zipped({"roads.geojson": VRT}), refused=True,
         says="no shapefile"),
    Case("GDALG in an archive", lambda: zipped({"roads.geojson": GDALG}), refused=True),
    Case("GeoPackage in an archive", lambda: zipped({"README.txt": b"x", "r.gpkg": geopackage()}),
         used=5, flagged=0),
    Case("GeoJSON in an archive", lambda: zipped({"t.geojson": towns()}), used=6, flagged=0),
    Case("password", lambda: locked(shapefile()), refused=True, says="password"),
    Case("too many members", lambda: zipped({f"{n}.txt": b"" for n in range(60)}), refused=True,
         says="60"),
    Case("bomb", lambda: bomb(150), refused=True, says="100 MB"),
    Case("lying bomb", lambda: bomb(150, lying=True), refused=True, says="damaged"),
    Case("archive, cut", lambda: zipped(shapefile())[:-30], refused=True, says="damaged"),
)  # fmt: skip


def layer_report(source: bytes, **options: Any) -> tuple[Layer | None, Report]:
    """Read a layer; a refusal as a report."""
    try:
        layer = read_layer(source, **options)
    except GeodataError as error:
        return None, refusal(error)
    return layer, layer.report
