"""A table of events from a CSV file, a workbook, or the points of a GeoJSON or KML layer."""

import re
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Final

import pandas as pd
import pyproj
import shapely

from geodata import schema as f
from geodata.errors import GeodataError
from geodata.readers.events.columns import KNOWN
from geodata.readers.layers import archive, geojson, kml
from geodata.readers.layers.raw import RawLayer
from geodata.readers.limits import Limits
from geodata.readers.tables.delimited import read_table
from geodata.readers.tables.table import TextTable

_KML: Final = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<[?!].{0,4000}?)?<(?:\w+:)?kml[\s>]", re.DOTALL)
_DAYS: Final = {"timestamp": f.DATE, "begin": f.DATE, "end": f.END_DATE}
"""Field by the name that `kml.read` gives to a placemark's time."""


def read_rows(data: bytes, limits: Limits) -> TextTable:
    """Read the rows of a table, or the points of a GeoJSON, KML or KMZ layer, numbered from 1.

    Raises
    ------
    GeodataError
        If the content is neither, or beyond the limits.
    """
    if len(data) <= limits.file_mb * 10**6 and _KML.match(data):
        return _points(_placemarks(data, limits), limits)
    try:
        return read_table(data, known=KNOWN, limits=limits)
    except GeodataError as error:
        if error.key == "workbook.not_workbook" and (inner := _packed_kml(data, limits)):
            return _points(_placemarks(inner, limits), limits)
        if error.key != "table.json":
            raise
    return _points(geojson.parse(data, limits=limits), limits)


def _packed_kml(data: bytes, limits: Limits) -> bytes:
    """Return the main document of a KMZ archive; empty if the archive holds no KML."""
    infos = archive.members(data, limits=limits)
    documents = [name for name in infos if PurePosixPath(name).suffix.lower() == ".kml"]
    if not documents:
        return b""
    # A reader of KMZ opens doc.kml, else the first KML file of the archive (OGC 12-007r2).
    name = "doc.kml" if "doc.kml" in documents else documents[0]
    return archive.content(data, [name], limits=limits)[name]


def _placemarks(data: bytes, limits: Limits) -> RawLayer:
    """Read the placemarks of a KML file; their time fills the columns of days the file lacks."""
    raw = kml.read(data, limits=limits)
    table = raw.properties.copy()
    for name, field in _DAYS.items():
        if name in table:
            table[field] = table[field].fillna(table[name]) if field in table else table[name]
    return replace(raw, properties=table.drop(columns=list(_DAYS), errors="ignore"))


def _points(raw: RawLayer, limits: Limits) -> TextTable:
    """Return the properties of each feature with its longitude and latitude in WGS84."""
    if len(raw.geometry) > limits.rows:
        raise GeodataError("table.row_limit", limit=limits.rows)
    names = [str(name) for name in raw.properties.columns if str(name) not in {f.LAT, f.LON}]
    if len(names) + 2 > limits.columns:
        raise GeodataError("table.column_limit", limit=limits.columns, columns=len(names) + 2)
    cells = raw.properties[names].to_numpy(dtype=object)
    transformer = pyproj.Transformer.from_crs(raw.crs or f.CRS, f.CRS, always_xy=True)
    rows = [
        (number, [*map(_text, row), *_place(geometry, transformer)])
        for number, (row, geometry) in enumerate(zip(cells, raw.geometry, strict=True), 1)
    ]
    return TextTable((*names, f.LON, f.LAT), tuple(rows), tuple(raw.problems))


def _place(geometry: object, transformer: pyproj.Transformer) -> tuple[str, str]:
    """Return the longitude and latitude of a point; blank for any other geometry."""
    if not isinstance(geometry, shapely.Point) or geometry.is_empty:
        return "", ""
    lon, lat = transformer.transform(geometry.x, geometry.y)
    return repr(float(lon)), repr(float(lat))


def _text(value: object) -> str:
    if value is None or value is pd.NA or (isinstance(value, float) and value != value):
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)
