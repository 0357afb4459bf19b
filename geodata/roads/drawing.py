"""Drawn lines made fit for the import: no vertex at 0,0, and edges as straight as their file says.

An edge of GeoJSON is straight in longitude and latitude (RFC 7946, section 3.1.1). On a flat map
in metres it is a curve: 64 m off in the middle of an edge of 100 km. Long edges therefore get
vertices in between before they are put on such a map.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray

from geodata.graph.arrays import Bools, Floats, Ints

STEP_DEGREES: Final = 0.05
"""Longest edge left as it is, some 5 km: there a straight edge is 0.2 m off at the most."""
_NULL_DEGREES: Final = 1e-6
_NULL_AREA_DEGREES: Final = 3.0
"""No land lies this close to 0,0: with another vertex there, the file is not of this world."""
_JUMP_KM: Final = 100.0
_JUMP_TIMES: Final = 50.0


@dataclass(frozen=True, eq=False)
class Drawing:
    """Lines fit for use, and what was odd about them.

    Parameters
    ----------
    geometry : array of LineString and MultiLineString
        In EPSG:4326; empty where no two vertices are left.
    null_line, null_at : array (n,), array (n, 2)
        Lines with a vertex at 0,0, which was left out, and a vertex of theirs.
    jump_line, jump_at, jump_km : array (k,), array (k, 2), array (k,)
        Lines with an edge far longer than the others, its begin, and its length.
    """

    geometry: NDArray[np.object_]
    null_line: Ints
    null_at: Floats
    jump_line: Ints
    jump_at: Floats
    jump_km: Floats


def drawing(geometry: NDArray[np.object_]) -> Drawing:
    """Leave out vertices at 0,0, name edges far too long, and part the long ones.

    Parameters
    ----------
    geometry : array of LineString and MultiLineString
        In EPSG:4326.
    """
    lon_lat, owner = shapely.get_coordinates(geometry, return_index=True)
    null: Bools = np.asarray((np.abs(lon_lat) < _NULL_DEGREES).all(axis=1), bool)
    near = (np.abs(lon_lat) < _NULL_AREA_DEGREES).all(axis=1) & ~null
    if near.any() or null.all():
        null = np.zeros(len(lon_lat), bool)
    bad = np.unique(owner[null]).astype(np.int64)
    fit = geometry.copy()
    for row in bad:
        fit[row] = _without(geometry[row])
    left: Ints = np.flatnonzero(~null & np.isin(owner, bad)).astype(np.int64)
    whose, first = np.unique(owner[left], return_index=True)
    jumps = _jumps(fit)
    long = shapely.segmentize(fit, STEP_DEGREES)
    # To a tenth of a millimetre, so that a line drawn backwards gets the same vertices.
    fit = shapely.transform(long, lambda xy: np.round(xy, 9))
    return Drawing(np.asarray(fit, object), whose.astype(np.int64), lon_lat[left[first]], *jumps)


def _without(line: shapely.Geometry) -> shapely.Geometry:
    """Draw a line without its vertices at 0,0."""
    parts = []
    for part in shapely.get_parts(line):
        xy = shapely.get_coordinates(part)
        xy = xy[~(np.abs(xy) < _NULL_DEGREES).all(axis=1)]
        if len(xy) > 1:
            parts.append(shapely.LineString(xy))
    return parts[0] if len(parts) == 1 else shapely.MultiLineString(parts)


def _jumps(geometry: NDArray[np.object_]) -> tuple[Ints, Floats, Floats]:
    """Return the edges longer than 100 km and than 50 times the usual edge of the file."""
    parts, whole = shapely.get_parts(geometry, return_index=True)
    lon_lat, owner = shapely.get_coordinates(parts, return_index=True)
    if len(lon_lat) < 2:
        return np.zeros(0, np.int64), np.zeros((0, 2)), np.zeros(0)
    lon, lat = lon_lat.T
    km = pyproj.Geod(ellps="WGS84").inv(lon[:-1], lat[:-1], lon[1:], lat[1:])[2] / 1000
    same = owner[:-1] == owner[1:]
    usual = float(np.median(km[same])) if same.any() else 0.0
    far = np.flatnonzero(same & (km > max(_JUMP_KM, _JUMP_TIMES * usual)))
    return whole[owner[far]].astype(np.int64), lon_lat[far], km[far]
