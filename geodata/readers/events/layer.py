"""A table of events from a CSV file, a workbook, or the points of a GeoJSON layer."""

import pandas as pd
import pyproj
import shapely

from geodata import schema as f
from geodata.errors import GeodataError
from geodata.readers.events.columns import KNOWN
from geodata.readers.layers import geojson
from geodata.readers.limits import Limits
from geodata.readers.tables.delimited import read_table
from geodata.readers.tables.table import TextTable


def read_rows(data: bytes, limits: Limits) -> TextTable:
    """Read the rows of a table, or the points of a GeoJSON layer as rows numbered from 1.

    Raises
    ------
    GeodataError
        If the content is neither, or beyond the limits.
    """
    try:
        return read_table(data, known=KNOWN, limits=limits)
    except GeodataError as error:
        if error.key != "table.json":
            raise
    return _points(data, limits)


def _points(data: bytes, limits: Limits) -> TextTable:
    """Return the properties of each feature with its longitude and latitude in WGS84."""
    raw = geojson.parse(data, limits=limits)
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
