"""Geometry as plain arrays of numbers, for answers that are not to be believed.

A reader of WKB or of nested JSON follows what the bytes say, as deep as they say it: bytes made
for that end its process. Here geometries travel as coordinates and offsets (the layout of
GeoArrow, https://geoarrow.org/format.html), and every offset is checked before it is followed.
"""

import json
import struct
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import GeometryType as G

Geometries = NDArray[np.object_]

_LEVELS: Final = {
    G.POINT: 0, G.LINESTRING: 1, G.POLYGON: 2,
    G.MULTIPOINT: 1, G.MULTILINESTRING: 2, G.MULTIPOLYGON: 3,
}  # fmt: skip
"""How many arrays of offsets each type has."""

_MISSING: Final = -1
_LENGTH: Final = struct.Struct(">Q")
_HEAD_BYTES: Final = 10_000


def written(geometries: Geometries) -> bytes:
    """Return points, lines and polygons, single or multiple, in two dimensions; None where missing.

    Parameters
    ----------
    geometries : array of object
        Rings count as lines.

    Raises
    ------
    TypeError
        If a geometry is of another type.
    """
    kinds = shapely.get_type_id(geometries)
    rings = kinds == G.LINEARRING
    if rings.any():
        geometries = geometries.copy()
        lines = [shapely.get_coordinates(ring) for ring in geometries[rings]]
        geometries[rings] = [shapely.LineString(ring) for ring in lines]
        kinds = shapely.get_type_id(geometries)
    arrays: list[NDArray[Any]] = [kinds.astype("<i1")]
    for kind in np.unique(kinds[kinds != _MISSING]).tolist():
        if kind not in _LEVELS:
            raise TypeError(G(kind).name)
        _, xy, offsets = shapely.to_ragged_array(geometries[kinds == kind], include_z=False)
        arrays += [xy.astype("<f8"), *(ring.astype("<i8") for ring in offsets)]
    sizes = json.dumps([ring.nbytes for ring in arrays]).encode()
    return _LENGTH.pack(len(sizes)) + sizes + b"".join(ring.tobytes() for ring in arrays)


def read(data: bytes, *, count: int) -> Geometries:
    """Return the geometries of what `written` gave, whatever it holds.

    Parameters
    ----------
    data : bytes
    count : int
        How many there must be.

    Raises
    ------
    ValueError, TypeError, KeyError, IndexError, struct.error, shapely.errors.ShapelyError
        If the bytes hold no such geometries.
    """
    (length,) = _LENGTH.unpack_from(data)
    if length > _HEAD_BYTES:
        raise ValueError("head")
    start = _LENGTH.size + length
    pieces = []
    for size in json.loads(data[_LENGTH.size : start]):
        if type(size) is not int or not 0 <= size <= len(data) - start:
            raise ValueError("size")
        pieces.append(data[start : start + size])
        start += size
    if start != len(data):
        raise ValueError("surplus")
    kinds = np.frombuffer(pieces[0], "<i1")
    if len(kinds) != count:
        raise ValueError("count")
    return _assembled(kinds, iter(pieces[1:]))


def _assembled(kinds: NDArray[np.int8], pieces: Any) -> Geometries:
    shapes = np.full(len(kinds), None, object)
    for kind in np.unique(kinds[kinds != _MISSING]).tolist():
        levels = _LEVELS[G(kind)]
        xy = np.frombuffer(next(pieces), "<f8").reshape(-1, 2)
        if not np.isfinite(xy).all():
            raise ValueError("coordinates")
        offsets = tuple(np.frombuffer(next(pieces), "<i8") for _ in range(levels))
        places = kinds == kind
        _check(offsets, coordinates=len(xy), geometries=int(places.sum()))
        shapes[places] = shapely.from_ragged_array(G(kind), xy, offsets or None)
    if next(pieces, None) is not None:
        raise ValueError("surplus")
    return shapes


def _check(offsets: "tuple[NDArray[np.int64], ...]", *, coordinates: int, geometries: int) -> None:
    """Refuse offsets that do not run from 0 to the end of what they point into, in order."""
    inside = coordinates
    for level in offsets:
        if not len(level) or level[0] != 0 or level[-1] != inside or (np.diff(level) < 0).any():
            raise ValueError("offsets")
        inside = len(level) - 1
    if inside != geometries:
        raise ValueError("geometries")
