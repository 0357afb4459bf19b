"""Towns and supply points put on the roads that serve them best, or rejected with the reason.

A place becomes a node *on* a road, at the point nearest to it; how far it lies from there is
kept as ``attach_km`` and never hidden in a length. Where no one road serves every vehicle best
(`roads_reach`), short links join that node to the other roads, with their length counted. Links
are kept to those cases: each looks like a road, and shows up among the segments whose loss
isolates the town.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray

from geodata.graph.arrays import Bools, Floats, Ints
from geodata.roads.geometry import Boarding, Lines, Plane, points_at
from geodata.roads.reach import Candidates, candidates, chosen, crosses
from geodata.roads.snapping import nearest_vertex

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
    passed : array (n,) of bool
        Whether a nearer road was passed over since the way by it is longer, or bars a vehicle.
    wet : array (n,) of bool
        Whether a river lies between the place and its road.
    links : Links
        Further roads that places are joined to.
    """

    fault: NDArray[np.object_]
    line: Ints
    measure: Floats
    lon_lat: Floats
    xy: Floats
    attach_km: Floats
    off_stray: Bools
    passed: Bools
    wet: Bools
    links: "Links"


@dataclass(frozen=True, eq=False)
class Links:
    """Joins between the road of a place and another road that serves it: one row each.

    Parameters
    ----------
    place, line : array (n,)
        The place, and the line it is joined to.
    measure : array (n,)
        Metres along that line.
    lon_lat, xy : array (n, 2)
        The point there.
    wet : array (n,) of bool
        Whether a river lies between the two roads.
    """

    place: Ints
    line: Ints
    measure: Floats
    lon_lat: Floats
    xy: Floats
    wet: Bools


@dataclass(frozen=True, eq=False)
class Served:
    """What the choice of a road goes by.

    Parameters
    ----------
    supply : array (n_places,) of bool
        Which places are supply points.
    tanker : array (n_lines,) of str
        ``yes``, ``seasonal`` or ``no`` for each line.
    ferry : array (n_lines,) of bool
        Which lines are ferries: places are put on their ends only.
    broken : array (n_vertices,) of bool
        Where the lines are parted.
    rivers : array of LineString
        Rivers in metres of the plane.
    """

    supply: Bools
    tanker: NDArray[np.object_]
    ferry: Bools
    broken: Bools
    rivers: NDArray[np.object_]


def attach_places(
    lines: Lines,
    part: Ints,
    served: Served,
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
    served : Served
        What the choice between several roads goes by.
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
    boarding = Boarding(lines, served.ferry)
    shapes = boarding.shapes
    xy = plane.metres(lon_lat)
    points = points_at(xy)
    plane_km = np.bincount(part, weights=lines.plane_length) / 1000
    real = np.flatnonzero(plane_km[part] >= min(STRAY_KM, STRAY_SHARE * plane_km.max()))
    wanted = np.flatnonzero(fault == "")
    line = np.full(len(lon_lat), -1, np.int64)
    line[wanted] = real[_nearest(lines, shapes, real, points[wanted])]
    nearest = np.full(len(lon_lat), -1, np.int64)
    nearest[wanted] = _nearest(lines, shapes, np.arange(len(lines)), points[wanted])
    too_far = shapely.distance(points, shapes[line]) > limit_km * 1000
    line = np.where(too_far, nearest, line)
    reach = candidates(
        boarding, lon_lat, xy, fault == "", plane, limit_km=limit_km, rivers=served.rivers
    )
    best = reach.pick(chosen(reach, lines, served.broken, served.tanker, served.supply, line))
    host = _nearest_of(best, lines)
    stray = np.full(len(lon_lat), True)
    line[best.place[host]], stray[best.place[host]] = best.line[host], False
    measure = boarding.measure(line, points)
    on_road, measure, road_degrees = _points_on(lines, plane, line, measure, snap_m)
    km = pyproj.Geod(ellps="WGS84").inv(*lon_lat.T, *road_degrees.T)[2] / 1000
    km = np.where(fault == "", km, np.nan)
    fault[(fault == "") & (km > limit_km)] = TOO_FAR
    used = fault == ""
    passed = used & (part[nearest] != part[line])
    gap = shapely.distance(points, shapes[line]) - shapely.distance(points, shapes[nearest])
    further = best.pick(~np.isin(np.arange(len(best.place)), host))
    return Attached(
        fault,
        np.where(used, line, -1),
        measure,
        road_degrees,
        on_road,
        km,
        passed & stray,
        used & ~stray & (gap > snap_m),
        crosses(xy, on_road, served.rivers) & used,
        _links(further, on_road, served.rivers, lines, plane, snap_m),
    )


def _nearest_of(candidates: Candidates, lines: Lines) -> Ints:
    """Return the row of the nearest of each place's candidates."""
    order = np.lexsort(
        (lines.key[lines.start[:-1][candidates.line]], candidates.km, candidates.place)
    )
    first = np.ones(len(order), bool)
    first[1:] = candidates.place[order][1:] != candidates.place[order][:-1]
    nearest: Ints = order[first]
    return nearest


def _links(
    candidates: Candidates,
    host_xy: Floats,
    rivers: NDArray[np.object_],
    lines: Lines,
    plane: Plane,
    snap_m: float,
) -> Links:
    place, line, measure = candidates.place, candidates.line, candidates.measure
    xy = degrees = np.zeros((0, 2))
    if len(place):
        xy, measure, degrees = _points_on(lines, plane, line, measure, snap_m)
    return Links(place, line, measure, degrees, xy, crosses(host_xy[place], xy, rivers))


def _off_the_map(lines: Lines, lon_lat: Floats, limit_km: float) -> NDArray[np.object_]:
    """Mark places at 0,0 and outside the roads' bounding box widened by the limit."""
    fault = np.full(len(lon_lat), "", object)
    low, high = lines.lon_lat.min(axis=0), lines.lon_lat.max(axis=0)
    margin = limit_km / 111.2 * np.array([1 / max(0.1, np.cos(np.radians(low[1]))), 1.0])
    away = ((lon_lat < low - margin) | (lon_lat > high + margin)).any(axis=1)
    fault[away] = OUTSIDE
    fault[away & (np.abs(lon_lat) < 1e-6).all(axis=1)] = NULL_ISLAND
    return fault


def _nearest(
    lines: Lines, shapes: NDArray[np.object_], among: Ints, points: NDArray[np.object_]
) -> Ints:
    """Return place in ``among`` of the line nearest to each point; of equals the first by place."""
    tree = shapely.STRtree(shapes[among])
    point, line = tree.query_nearest(points, all_matches=True)
    order = np.lexsort((lines.key[lines.start[:-1][among[line]]], point))
    first = np.ones(len(order), bool)
    first[1:] = point[order][1:] != point[order][:-1]
    nearest: Ints = line[order][first].astype(np.int64)
    return nearest


def _points_on(
    lines: Lines, plane: Plane, line: Ints, measure: Floats, snap_m: float
) -> tuple[Floats, Floats, Floats]:
    """Return the points along the lines, taken to a vertex close by that is an end or is shared."""
    xy = shapely.get_coordinates(shapely.line_interpolate_point(lines.metres[line], measure))
    degrees = plane.degrees(xy)
    vertex = nearest_vertex(lines, line, measure)
    shared = lines.is_end | (np.bincount(lines.vertex)[lines.vertex] > 1)
    gap = np.abs(lines.measure[vertex] - measure)
    # Any vertex within a centimetre is the point; one that roads share may be further off.
    close = (gap < 0.01) | (shared[vertex] & (gap <= snap_m))
    xy[close], degrees[close] = lines.xy[vertex[close]], lines.lon_lat[vertex[close]]
    return xy, np.where(close, lines.measure[vertex], measure), degrees


def with_places(lines: Lines, attached: Attached, first_row: int) -> Lines:
    """Give the lines a vertex where each attached place is, and draw its links.

    Parameters
    ----------
    lines : Lines
    attached : Attached
    first_row : int
        Row of the first link in the table of roads; the others follow.
    """
    used, links = attached.line >= 0, attached.links
    whole = lines.inserted(
        np.concatenate([attached.line[used], links.line]),
        np.concatenate([attached.measure[used], links.measure]),
        np.concatenate([attached.lon_lat[used], links.lon_lat]),
        np.concatenate([attached.xy[used], links.xy]),
    )
    if not len(links.place):
        return whole
    ends = [
        np.stack([at[links.place], to], axis=1).reshape(-1, 2)
        for at, to in ((attached.lon_lat, links.lon_lat), (attached.xy, links.xy))
    ]
    return Lines(
        np.concatenate([whole.lon_lat, ends[0]]),
        np.concatenate([whole.xy, ends[1]]),
        np.concatenate([whole.start, whole.start[-1] + 2 * np.arange(1, len(links.place) + 1)]),
        np.concatenate([whole.road, first_row + np.arange(len(links.place))]),
    ).without_repeats()
