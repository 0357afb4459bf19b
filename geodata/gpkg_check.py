"""What a GeoPackage holds, judged through SQLite before GDAL sees it.

A GeoPackage is a database, and a database can hold code: a view that recurses for ever, a
virtual table that reads another file, a trigger. None belongs in a layer that is only read.
"""

import re
import sqlite3
from typing import Final

from geodata.errors import GeodataError
from geodata.limits import Limits

# "GPKG", and "GP10" and "GP11" of GeoPackage 1.0 and 1.1 (OGC 12-128r19, requirement 2).
_APPLICATION_IDS: Final = frozenset({0x47504B47, 0x47503130, 0x47503131})
_TRIGGER: Final = re.compile(
    r"(rtree_.+_(insert|update[0-9]?|update\d|delete)"
    r"|trigger_(insert|delete)_feature_count_.+"
    r"|gpkg_.+_(insert|update|delete).*"
    r"|fk[iud]_.+)",
    re.IGNORECASE | re.DOTALL,
)
_DANGER: Final = re.compile(r"load_extension|readfile|writefile|attach|pragma|edit\s*\(", re.I)
_RTREE: Final = re.compile(r"create\s+virtual\s+table.+using\s+rtree\s*\(", re.I | re.DOTALL)
_STEPS: Final = 50_000_000
"""Steps of SQLite's machine that the checks may take: seconds, where a bomb takes hours."""


def layers(data: bytes, *, limits: Limits) -> dict[str, int]:
    """Feature tables of a GeoPackage and their counts of rows.

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
    objects = base.execute("SELECT type, name, sql FROM sqlite_master").fetchall()
    names = {name for _, name, _ in objects}
    if identity & 0xFFFFFFFF not in _APPLICATION_IDS or "gpkg_contents" not in names:
        raise GeodataError("layer.not_geopackage")
    for kind, name, sql in objects:
        code = sql or ""
        if kind == "view":
            raise GeodataError("layer.geopackage_view", name=str(name)[:80])
        if kind == "trigger" and (not _TRIGGER.fullmatch(name) or _DANGER.search(code)):
            raise GeodataError("layer.geopackage_trigger", name=str(name)[:80])
        virtual = code.lstrip().lower().startswith("create virtual")
        if kind == "table" and virtual and not _RTREE.match(code.lstrip()):
            raise GeodataError("layer.geopackage_virtual", name=str(name)[:80])


def _counts(base: sqlite3.Connection, limits: Limits) -> dict[str, int]:
    tables = {
        name
        for name, sql in base.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
        if not (sql or "").lstrip().lower().startswith("create virtual")
    }
    counts = {}
    for (name,) in base.execute("SELECT table_name FROM gpkg_geometry_columns ORDER BY 1"):
        if name in tables:
            quoted = '"' + name.replace('"', '""') + '"'
            (counts[name],) = base.execute(f"SELECT count(*) FROM {quoted}").fetchone()  # noqa: S608
    if not counts:
        raise GeodataError("layer.no_features")
    if min(counts.values()) > limits.features:
        raise GeodataError("layer.features", features=min(counts.values()), limit=limits.features)
    return counts
