"""Places as a table: CSV or a workbook with latitude and longitude, or a column of WKT."""

from typing import Final

import numpy as np
import pandas as pd
import shapely

from geodata.errors import GeodataError
from geodata.readers.layers.raw import LayerRequest, RawLayer
from geodata.readers.report import Problem
from geodata.readers.tables.delimited import read_table
from geodata.readers.tables.numbers import angle
from geodata.readers.tables.table import TextTable
from geodata.sanitize import key

LATITUDE: Final = (
    "lat",
    "latitude",
    "y",
    "lat_dd",
    "latdd",
    "y_coord",
    "gps_latitude",
    "point_y",
    "latitude_dd",
    "gps_lat",
)
LONGITUDE: Final = (
    "lon",
    "long",
    "lng",
    "longitude",
    "x",
    "lon_dd",
    "long_dd",
    "x_coord",
    "gps_longitude",
    "point_x",
    "longitude_dd",
    "gps_lon",
    "gps_long",
)
_WKT: Final = ("wkt", "geometry", "geom", "the_geom", "wkt_geom")
_DATES: Final = ("date", "event_date", "date_start", "jour")
_KNOWN: Final = frozenset(
    map(key, (*LATITUDE, *LONGITUDE, *_WKT, "name", "nom", "ville", "town", "population"))
)


def read(data: bytes, request: LayerRequest) -> RawLayer:
    """Read a row of a table as a place.

    Parameters
    ----------
    data : bytes
        CSV of any encoding and separator, or a workbook.
    request : LayerRequest

    Returns
    -------
    Raw
        Rows in the order of the file; a row whose cells do not fit under the header, or whose
        coordinates cannot be read, has no geometry and a remark.

    Raises
    ------
    GeodataError
        If it is not a table, or has no columns of coordinates.
    """
    table = read_table(data, known=_KNOWN, limits=request.limits)
    names = [key(name) for name in table.header]
    misfit = {problem.row: problem for problem in table.problems if problem.row is not None}
    numbers = sorted({number for number, _ in table.rows} | set(table.rejected))
    place = {number: at for at, number in enumerate(numbers, 1)}
    problems = [
        Problem(place.get(p.row) if p.row else None, p.column, p.value, p.severity, p.key, p.params)
        for p in table.problems
    ]
    cells = _cells(table).reindex(numbers)
    geometry = _geometry(table, names, cells, request)
    for row, (number, shape) in enumerate(zip(numbers, geometry, strict=True), 1):
        if shape is None and number not in misfit:
            problems.append(Problem.for_row(row, "error", "layer.bad_coordinates"))
    properties = cells.reset_index(drop=True).replace("", None)
    if len(geometry) > request.limits.features:
        raise GeodataError("layer.features", features=len(geometry), limit=request.limits.features)
    return RawLayer("table", "", geometry, properties, None, True, tuple(problems))


def _cells(table: TextTable) -> pd.DataFrame:
    """Return the rows by their numbers; there may be none, and the columns stand all the same."""
    columns = _unique(table.header)
    rows = [cells[: len(columns)] for _, cells in table.rows]
    return pd.DataFrame(rows, [number for number, _ in table.rows], columns, dtype=object)


def _geometry(
    table: TextTable, names: list[str], cells: pd.DataFrame, request: LayerRequest
) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    columns = [
        next((names.index(name) for name in map(key, wanted) if name in names), None)
        for wanted in (LATITUDE, LONGITUDE, _WKT)
    ]
    lat, lon, wkt = columns
    geometry = np.full(len(cells), None, object)
    if wkt is not None and (lat is None or lon is None):
        texts = cells.iloc[:, wkt].to_numpy(object)
        return np.asarray(shapely.from_wkt(texts, on_invalid="ignore"), object)
    header = ", ".join(table.header)[:200]
    if lat is None or lon is None or request.kind not in ("towns", "auto"):
        raise GeodataError("layer.table_no_places", columns=header)
    if request.kind == "auto" and set(names) & set(map(key, _DATES)):
        raise GeodataError("layer.table_of_events", columns=header)
    pairs = zip(cells.iloc[:, lon], cells.iloc[:, lat], strict=True)
    for row, pair in enumerate(pairs):
        x, y = (angle(cell) if isinstance(cell, str) else None for cell in pair)
        if x is not None and y is not None:
            geometry[row] = shapely.Point(x, y)
    return geometry


def _unique(names: tuple[str, ...]) -> list[str]:
    """Return the names of columns, the blank and repeated ones numbered."""
    unique: list[str] = []
    for place, name in enumerate(names, 1):
        word = name or f"column {place}"
        unique.append(word if word not in unique else f"{word} {place}")
    return unique
