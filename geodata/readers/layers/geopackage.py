"""What a GeoPackage holds, judged through SQLite before GDAL sees it.

A GeoPackage is a database, and a database can hold code: a view that recurses for ever, a
virtual table that reads another file, a trigger. None belongs in a layer that is only read.
SQLite makes of an object what its ``sql`` says, whatever stands in ``type``, and writes the first
words of each statement itself; so only statements that start as SQLite writes them are let in.
"""

import re
import sqlite3
from typing import Final

from geodata.errors import GeodataError
from geodata.readers.layers.choice import Inside
from geodata.readers.limits import Limits

# "GPKG", and "GP10" and "GP11" of GeoPackage 1.0 and 1.1 (OGC 12-128r19, requirement 2).
_APPLICATION_IDS: Final = frozenset({0x47504B47, 0x47503130, 0x47503131})
_TRIGGER: Final = re.compile(
    r"(rtree_.+_(insert|update[0-9]?|update\d|delete)"
    r"|trigger_(insert|delete)_feature_count_.+"
    r"|gpkg_.+_(insert|update|delete).*"
    r"|fk[iud]_.+)",
    re.IGNORECASE | re.DOTALL,
)
# Guards of tile tables, of which the standard prescribes the text: they abort and do no more
# (OGC 12-128r19, annex D.3).
_TILE_TRIGGER: Final = re.compile(
    r".+_(zoom|tile_column|tile_row)_(insert|update)", re.IGNORECASE | re.DOTALL
)
_GUARD: Final = re.compile(
    r"create\s+trigger\s.+?\bbegin(\s+select\s+raise\s*\(\s*abort\s*,[^;]+;)+\s*end\s*;?\s*",
    re.IGNORECASE | re.DOTALL,
)
_DANGER: Final = re.compile(r"load_extension|readfile|writefile|attach|pragma|edit\s*\(", re.I)
_PLAIN: Final = re.compile(r"CREATE (TABLE|INDEX|UNIQUE INDEX) ")
_NAME: Final = r"""("[^"]+"|'[^']+'|\w+)"""
_RTREE: Final = re.compile(
    rf"CREATE VIRTUAL TABLE {_NAME}\s+USING\s+rtree"
    rf"\s*\((\s*{_NAME}\s*,){{4}}\s*{_NAME}\s*\)\s*;?\s*",
    re.IGNORECASE,
)
_VIEW: Final = re.compile(r"\s*create\b.*\bview\b", re.IGNORECASE | re.DOTALL)
_TABLE_LIST_SINCE: Final = (3, 37)
_STEPS: Final = 50_000_000
"""Steps of SQLite's machine that the checks may take: seconds, where a bomb takes hours."""


def readable(data: bytes) -> bytes:
    """Return a database left in write-ahead mode as one that can be read from memory.

    Bytes 18 and 19 of the header say how it is written and read; a reader without the log beside
    the file sees what was last put into the file itself (https://sqlite.org/fileformat.html).
    """
    return data[:18] + b"\1\1" + data[20:] if data[18:20] == b"\2\2" else data


def layers(data: bytes, *, limits: Limits) -> dict[str, Inside]:
    """Feature tables of a GeoPackage, each with its declared geometry and count of rows.

    Parameters
    ----------
    data : bytes
        The database; it is read from memory, so nothing beside it can be opened.
    limits : Limits
        The largest layer that may be read.

    Raises
    ------
    GeodataError
        If it is no GeoPackage, or holds a view, a foreign trigger or a virtual table other than
        a spatial index.
    """
    base = sqlite3.connect(":memory:")
    try:
        base.deserialize(data)
        base.execute("PRAGMA trusted_schema = OFF")
        base.execute("PRAGMA query_only = ON")
        base.execute("PRAGMA cell_size_check = ON")
        steps = iter(range(_STEPS // 10_000))
        base.set_progress_handler(lambda: next(steps, None) is None, 10_000)
        _check_schema(base)
        return _counts(base, limits)
    except (sqlite3.Error, UnicodeDecodeError, ValueError) as error:
        if isinstance(error, GeodataError):
            raise
        raise GeodataError("layer.not_geopackage") from error
    finally:
        base.close()


def _check_schema(base: sqlite3.Connection) -> None:
    (identity,) = base.execute("PRAGMA application_id").fetchone()
    objects = base.execute("SELECT type, name, rootpage, sql FROM sqlite_master").fetchall()
    names = {name for _, name, _, _ in objects}
    if identity & 0xFFFFFFFF not in _APPLICATION_IDS or "gpkg_contents" not in names:
        raise GeodataError("layer.not_geopackage")
    for kind, name, page, sql in objects:
        if fault := _fault(kind, str(name), page, sql):
            raise GeodataError(f"layer.geopackage_{fault}", name=str(name)[:80])
    if sqlite3.sqlite_version_info >= _TABLE_LIST_SINCE:
        _check_made(base)


def _fault(kind: object, name: str, page: object, sql: object) -> str:
    """Return what is wrong with one row of the schema, or an empty text."""
    code = sql if isinstance(sql, str) else ""
    stored = isinstance(page, int) and page > 0
    if kind == "trigger" or code.lstrip().lower().startswith("create trigger"):
        proper = kind == "trigger" and code.startswith("CREATE TRIGGER ") and page in (0, None)
        return "" if proper and _is_prescribed(name, code) else "trigger"
    if kind == "table" and not stored and _RTREE.fullmatch(code):
        return ""
    if kind == "index" and sql is None and stored:  # made by SQLite for a table's own keys
        return ""
    plain = _PLAIN.match(code)
    if plain and stored and kind == plain[1].rpartition(" ")[2].lower():
        return ""
    if str(kind).lower() == "view" or _VIEW.match(code.partition("(")[0]):
        return "view"
    return "virtual" if "virtual" in code.lower() else "object"


def _check_made(base: sqlite3.Connection) -> None:
    """Compare what SQLite made of the schema with what was let in."""
    for _, name, kind, *_ in base.execute("PRAGMA main.table_list").fetchall():
        if kind == "view":
            raise GeodataError("layer.geopackage_view", name=str(name)[:80])
        if kind == "virtual" and not str(name).lower().startswith("rtree_"):
            raise GeodataError("layer.geopackage_virtual", name=str(name)[:80])


def _is_prescribed(name: str, code: str) -> bool:
    """Return whether a trigger is one that the standard asks writers to put into the file."""
    if _DANGER.search(code):
        return False
    guards = _TILE_TRIGGER.fullmatch(name) and _GUARD.fullmatch(code)
    return bool(_TRIGGER.fullmatch(name) or guards)


def _counts(base: sqlite3.Connection, limits: Limits) -> dict[str, Inside]:
    stored = "SELECT name FROM sqlite_master WHERE type = 'table' AND rootpage > 0"
    tables = {name for (name,) in base.execute(stored)}
    layers = {}
    for name, geometry in base.execute(
        "SELECT table_name, geometry_type_name FROM gpkg_geometry_columns ORDER BY 1"
    ).fetchall():
        if name in tables:
            quoted = '"' + name.replace('"', '""') + '"'
            (count,) = base.execute(f"SELECT count(*) FROM {quoted}").fetchone()  # noqa: S608
            layers[name] = Inside(str(geometry or ""), count)
    if not layers:
        raise GeodataError("layer.no_features")
    smallest = min(inside.count for inside in layers.values())
    if smallest > limits.features:
        raise GeodataError("layer.features", features=smallest, limit=limits.features)
    return layers
