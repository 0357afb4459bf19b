"""Towns and supply points put on the road nearest to them, or set aside with the reason.

A place becomes a node *on* the road, at the point nearest to it; how far it lies from there is
kept as ``attach_km`` and never hidden in a length. A straight link from the town to the road
would look like a road that nobody has mapped, and would show up among the segments whose loss
isolates the town.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray

from geodata.roads_lines import Bools, Floats, Ints, Lines, Plane, points_at
from geodata.roads_snap import nearest_vertex

STRAY_KM: Final = 10.0
STRAY_SHARE: Final = 0.1
"""A part of the network shorter than this, and than this share of the longest part, is taken for
a stray piece of drawing: a place is put on it only where no other road lies within the limit."""
NULL_ISLAND: Final = "null_island"
OUTSIDE: Final = "outside"
TOO_FAR: Final = "too_far"


@dataclass(frozen=True, eq=False)
class Attached:
    """Where places meet the roads.

    Parameters
    ----------
    fault : array (n,) of str
        Empty where a place is attached; else ``null_island``, ``outside`` or ``too_far``.
    line : array (n,)
        Line each is put on, -1 where none.
    measure : array (n,)
        Metres along that line.
    lon_lat, xy : array (n, 2)
        The point on the road.
    attach_km : array (n,)
        Geodesic distance from the place to that point; for a place too far away, to the
        nearest road; NaN where it was not looked for.
    off_stray : array (n,) of bool
        Whether a nearer piece of road was passed over since it is connected to nothing.
    """

    fault: NDArray[np.object_]
    line: Ints
    measure: Floats
    lon_lat: Floats
    xy: Floats
    attach_km: Floats
    off_stray: Bools


def attached(
    lines: Lines,
    part: Ints,
    lon_lat: Floats,
    plane: Plane,
    *,
    limit_km: float,
    snap_m: float,
) -> Attached:
    """Find the place on the roads for each of several points.

    Parameters
    ----------
    lines : Lines
        Roads.
    part : array (n_lines,)
        Connected part that each line belongs to.
    lon_lat : array (n, 2)
        The places.
    plane : Plane
        The lines' map.
    limit_km : float
        Largest distance at which a place is attached.
    snap_m : float
        A vertex where roads meet or end, this close along the line, is taken as the point.
    """
    fault = _off_the_map(lines, lon_lat, limit_km)
    xy = plane.metres(lon_lat)
    points = points_at(xy)
    plane_km = np.bincount(part, weights=lines.plane_length) / 1000
    real = np.flatnonzero(plane_km[part] >= min(STRAY_KM, STRAY_SHARE * plane_km.max()))
    wanted = np.flatnonzero(fault == "")
    line = np.full(len(lon_lat), -1, np.int64)
    line[wanted] = real[_nearest(lines, real, points[wanted])]
    nearest = np.full(len(lon_lat), -1, np.int64)
    nearest[wanted] = _nearest(lines, np.arange(len(lines)), points[wanted])
    too_far = shapely.distance(points, lines.metres[line]) > limit_km * 1000
    line = np.where(too_far, nearest, line)
    measure = shapely.line_locate_point(lines.metres[line], points)
    on_road, measure, road_degrees = _points_on(lines, plane, line, measure, snap_m)
    km = pyproj.Geod(ellps="WGS84").inv(*lon_lat.T, *road_degrees.T)[2] / 1000
    km = np.where(fault == "", km, np.nan)
    fault[(fault == "") & (km > limit_km)] = TOO_FAR
    used = fault == ""
    passed = used & (part[nearest] != part[line])
    return Attached(fault, np.where(used, line, -1), measure, road_degrees, on_road, km, passed)


def _off_the_map(lines: Lines, lon_lat: Floats, limit_km: float) -> NDArray[np.object_]:
    """Mark places at 0,0 and outside the roads' bounding box widened by the limit."""
    fault = np.full(len(lon_lat), "", object)
    low, high = lines.lon_lat.min(axis=0), lines.lon_lat.max(axis=0)
    margin = limit_km / 111.2 * np.array([1 / max(0.1, np.cos(np.radians(low[1]))), 1.0])
    away = ((lon_lat < low - margin) | (lon_lat > high + margin)).any(axis=1)
    fault[away] = OUTSIDE
    fault[away & (np.abs(lon_lat) < 1e-6).all(axis=1)] = NULL_ISLAND
    return fault


def _nearest(lines: Lines, among: Ints, points: NDArray[np.object_]) -> Ints:
    """Place in ``among`` of the line nearest to each point; of equals the first by place."""
    tree = shapely.STRtree(lines.metres[among])
    point, line = tree.query_nearest(points, all_matches=True)
    order = np.lexsort((lines.key[lines.start[:-1][among[line]]], point))
    first = np.ones(len(order), bool)
    first[1:] = point[order][1:] != point[order][:-1]
    found: Ints = line[order][first].astype(np.int64)
    return found


def _points_on(
    lines: Lines, plane: Plane, line: Ints, measure: Floats, snap_m: float
) -> tuple[Floats, Floats, Floats]:
    """Points along the lines, taken to a vertex close by that is an end or is shared."""
    xy = shapely.get_coordinates(shapely.line_interpolate_point(lines.metres[line], measure))
    degrees = plane.degrees(xy)
    vertex = nearest_vertex(lines, line, measure)
    shared = lines.is_end | (np.bincount(lines.vertex)[lines.vertex] > 1)
    gap = np.abs(lines.measure[vertex] - measure)
    # Any vertex within a centimetre is the point; one that roads share may be further off.
    close = (gap < 0.01) | (shared[vertex] & (gap <= snap_m))
    xy[close], degrees[close] = lines.xy[vertex[close]], lines.lon_lat[vertex[close]]
    return xy, np.where(close, lines.measure[vertex], measure), degrees


def with_places(lines: Lines, found: Attached) -> Lines:
    """Give the lines a vertex where each attached place is."""
    used = found.line >= 0
    return lines.inserted(
        found.line[used], found.measure[used], found.lon_lat[used], found.xy[used]
    )
