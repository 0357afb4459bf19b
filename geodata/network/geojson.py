"""GeoJSON geometry as shapes, and GeoJSON text of a table, a feature a line.

The text is what `json.dumps` gives for each feature, byte for byte; building it by column is
several times faster on a country's roads, and by portions takes little memory.
"""

import json
from collections.abc import Iterator, Sequence
from itertools import chain
from json.encoder import encode_basestring
from math import isfinite
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely import GeometryType as G
from shapely.errors import ShapelyError

from geodata.errors import GeodataError
from geodata.values import plain, whole_if_whole

PORTION: Final = 20_000
_SIMPLE: Final = (G.POINT, G.LINESTRING)


def features(table: gpd.GeoDataFrame, *, decimals: int) -> Iterator[str]:
    """Write the rows of ``table`` as GeoJSON features.

    Parameters
    ----------
    table : GeoDataFrame
        Any geometry; cells of text, numbers, truth values or nothing.
    decimals : int
        Decimals of the coordinates.
    """
    for first in range(0, len(table), PORTION):
        yield from _portion(table.iloc[first : first + PORTION], decimals)


def _portion(table: gpd.GeoDataFrame, decimals: int) -> Iterator[str]:
    names = [column for column in table.columns if column != table.geometry.name]
    columns = [_cells(table[name], json.dumps(str(name), ensure_ascii=False)) for name in names]
    rows = zip(*columns, strict=True) if columns else (() for _ in range(len(table)))
    for cells, geometry in zip(rows, _geometries(table, decimals), strict=True):
        properties = "{" + ", ".join(cells) + "}"
        yield f'{{"type": "Feature", "properties": {properties}, "geometry": {geometry}}}'


def _cells(column: pd.Series, name: str) -> list[str]:
    if pd.api.types.is_float_dtype(column.dtype):
        return [f"{name}: {_number(value)}" for value in column.to_numpy(float).tolist()]
    return [f"{name}: {_written(value)}" for value in column.to_numpy(object).tolist()]


def _number(value: float) -> str:
    if not isfinite(value):
        return "null"
    return repr(int(value)) if value.is_integer() else repr(value)


def _written(value: object) -> str:
    if isinstance(value, str):
        return encode_basestring(value)
    return json.dumps(whole_if_whole(plain(value)), ensure_ascii=False)


def _geometries(table: gpd.GeoDataFrame, decimals: int) -> list[str]:
    shapes = table.geometry.to_numpy()
    missing = shapely.is_missing(shapes)
    rounded = shapely.transform(shapes, lambda xy: np.round(xy, decimals))
    kind = shapely.get_type_id(rounded)
    simple = np.isin(kind, _SIMPLE) & ~shapely.is_empty(rounded)
    texts = _points_of(rounded, simple)
    result = []
    for place, shape in enumerate(rounded):
        if missing[place]:
            result.append("null")
        elif not simple[place]:
            result.append(json.dumps(shapely.geometry.mapping(shape)))
        elif kind[place] == G.POINT:
            result.append(f'{{"type": "Point", "coordinates": {texts[place][0]}}}')
        else:
            drawn = ", ".join(texts[place])
            result.append(f'{{"type": "LineString", "coordinates": [{drawn}]}}')
    return result


def _points_of(shapes: NDArray[np.object_], wanted: NDArray[np.bool_]) -> dict[int, list[str]]:
    """Return the written points of each simple shape, by its place."""
    places = np.flatnonzero(wanted)
    xy, owner = shapely.get_coordinates(shapes[places], return_index=True)
    points = [f"[{x}, {y}]" for x, y in xy.tolist()]
    cuts = np.searchsorted(owner, np.arange(len(places) + 1)).tolist()
    return {int(place): points[cuts[n] : cuts[n + 1]] for n, place in enumerate(places)}


def shapes(geometries: Sequence[Any], *, file: str) -> NDArray[np.object_]:
    """Return the shapes of GeoJSON geometries; None where there is none.

    Points and lines, nearly all of a road network, are made together.

    Parameters
    ----------
    geometries : sequence of dict or None
        The member ``geometry`` of each feature.
    file : str
        Name of the file, for errors.

    Raises
    ------
    GeodataError
        If a geometry is broken, naming the file and the feature's number from 1.

    Examples
    --------
    >>> shapes([{"type": "Point", "coordinates": [1, 2]}, None], file="a.geojson").tolist()
    [<POINT (1 2)>, None]
    """
    made = np.full(len(geometries), None, object)
    kinds = [shape.get("type") if isinstance(shape, dict) else None for shape in geometries]
    rest = [row for row, kind in enumerate(kinds) if kind not in ("Point", "LineString")]
    for kind, build in (("Point", _points), ("LineString", _line_strings)):
        rows = [row for row, its_kind in enumerate(kinds) if its_kind == kind]
        try:
            made[rows] = build([geometries[row]["coordinates"] for row in rows]) if rows else []
        except (KeyError, TypeError, ValueError, ShapelyError):
            rest += rows  # one by one, to name the feature at fault
    for row in sorted(rest):
        made[row] = _shape(geometries[row], file, row + 1)
    return made


def _points(coordinates: list[Any]) -> NDArray[np.object_]:
    return np.asarray(shapely.points(_finite(coordinates)), object)


def _line_strings(coordinates: list[Any]) -> NDArray[np.object_]:
    counts = [len(line) for line in coordinates]
    if min(counts) < 2:
        raise ValueError("a line of fewer than two points")
    owner = np.repeat(np.arange(len(coordinates)), counts)
    vertices = _finite(list(chain.from_iterable(coordinates)))
    return np.asarray(shapely.linestrings(vertices, indices=owner), object)


def _finite(coordinates: list[Any]) -> NDArray[np.float64]:
    numbers = np.array(coordinates)
    if not np.issubdtype(numbers.dtype, np.number) or not np.isfinite(numbers).all():
        raise ValueError("coordinates that are no finite numbers")
    return numbers.astype(np.float64)


def _shape(geometry: Any, file: str, row: int) -> shapely.Geometry | None:
    if geometry is None:
        return None
    try:
        return shapely.geometry.shape(geometry)
    except (AttributeError, KeyError, TypeError, ValueError, ShapelyError) as error:
        raise GeodataError("core.bad_feature", file=file, row=row) from error
