"""Objects in a GeoPackage are judged as SQLite would read them."""

import sqlite3

import pytest

from geodata.errors import GeodataError
from geodata.readers.layers import gdal
from geodata.readers.layers import geopackage as gpkg_check
from geodata.readers.limits import UPLOAD
from tests.support import layer_cases as cases

LEAK = "CREATE VIRTUAL TABLE leak USING VirtualText('/etc/passwd', 'UTF-8', 0, POINT, NONE)"


def with_object(kind, name, page, sql):
    """A GeoPackage of roads with one more row in its schema, as a hostile hand would write it."""
    base = sqlite3.connect(":memory:")
    base.deserialize(cases.geopackage())
    base.execute("PRAGMA writable_schema = ON")
    base.execute("INSERT INTO sqlite_master VALUES (?, ?, ?, ?, ?)", (kind, name, name, page, sql))
    base.commit()
    return base.serialize()


@pytest.mark.parametrize(
    ("kind", "name", "page", "sql", "said"),
    [
        ("VIEW", "v", 0, "CREATE VIEW v AS SELECT 1", "view"),
        ("table", "v", 0, "CREATE VIEW v AS SELECT 1", "view"),
        ("table", "v", 0, "create/**/view v AS SELECT 1", "view"),
        ("anything", "v", 0, "CREATE TEMP VIEW v AS SELECT 1", "view"),
        ("table", "leak", 0, LEAK, "virtual"),
        ("TABLE", "leak", 0, LEAK, "virtual"),
        ("index", "leak", 0, LEAK, "virtual"),
        ("table", "leak", 0, LEAK.replace(" ", "/**/", 1), "virtual"),
        ("table", "leak", 0, LEAK.replace(" ", "\n", 2), "virtual"),
        ("table", "leak", 0, "-- rtree\n" + LEAK, "virtual"),
        ("table", "leak", 5, LEAK, "virtual"),
        ("table", "rtree_x", 0, "CREATE VIRTUAL TABLE rtree_x USING x('using rtree(')", "virtual"),
        ("table", "rtree_x", 0, "CREATE VIRTUAL TABLE rtree_x USING rtree(a,b,c,d,e); SELECT 1",
         "virtual"),
        ("table", "rtree_x", 0, "CREATE VIRTUAL TABLE rtree_x USING rtree_i32(a,b,c,d,e)",
         "virtual"),
        ("table", "x", 0, "CREATE TABLE x (a)", "object"),
        ("Table", "x", 5, "CREATE TABLE x (a)", "object"),
        ("table", "x", 5, "CREATE/**/TABLE x (a)", "object"),
        ("table", "x", 5, None, "object"),
        ("TRIGGER", "rtree_roads_geom_insert2", 0,
         "CREATE TRIGGER x AFTER INSERT ON roads BEGIN SELECT 1; END", "trigger"),
        ("table", "rtree_x_insert", 0,
         "CREATE TRIGGER x AFTER INSERT ON roads BEGIN SELECT 1; END", "trigger"),
    ],
)  # fmt: skip
def test_an_object_is_refused_however_it_is_spelt(kind, name, page, sql, said):
    assert gpkg_check._fault(kind, name, page, sql) == said
    # Some of these SQLite itself cannot open: then it is reported as damaged.
    with pytest.raises(GeodataError) as caught:
        gpkg_check.layers(with_object(kind, name, page, sql), limits=UPLOAD)
    assert caught.value.key in (f"layer.geopackage_{said}", "layer.not_geopackage")


@pytest.mark.parametrize(
    "sql",
    [
        "",
        "CREATE TABLE notes (a, b DEFAULT 'x');",
        "CREATE INDEX by_name ON roads (name);",
        "CREATE UNIQUE INDEX by_id ON roads (fid);",
        "create  table   Spaced (a unique);",
        "CREATE VIRTUAL TABLE rtree_more_geom USING RTREE (id, \"minx\", maxx, 'miny', maxy);",
        "ALTER TABLE roads ADD COLUMN more TEXT;",
    ],
)
def test_plain_tables_indexes_and_spatial_indexes_are_accepted(sql):
    assert gpkg_check.layers(cases.geopackage(sql=sql), limits=UPLOAD)["roads"].count > 0


def test_gdal_is_given_no_name_of_a_library_to_load():
    assert "OGR_SQLITE_LOAD_EXTENSIONS" not in gdal.environment()
