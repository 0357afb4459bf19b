"""GeoJSON text of a table, a feature a line, column by column and in portions.

The text is what `json.dumps` gives for each feature, byte for byte; building it by column is
several times faster on a country's roads, and by portions takes little memory.
"""

import json
from collections.abc import Iterator
from json.encoder import encode_basestring
from math import isfinite
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely import GeometryType as G

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
