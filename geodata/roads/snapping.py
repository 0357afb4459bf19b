"""Joins what a draughtsman left apart: ends that miss by metres and, if wished, crossings."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from geodata.graph.arrays import Bools, Floats, Ints
from geodata.roads.geometry import Heights, Lines, Plane, points_at

_SHORT: Final = 10
"""Ends of a line shorter than this many tolerances are not joined to its own neighbours: a spur
beside its road is a spur, a long loop that all but closes is a loop."""
NEAR_MISS: Final = 4
"""Ends still apart by up to this many tolerances are reported as near misses."""
_SAME_VERTEX_M: Final = 1.0
_TOUCHING_M: Final = 1.0
"""An end so near to a line lies on it. Drawn straight in degrees, a line of 10 km is up to 0.2 m
off the straight one in metres; coordinates are rounded to a metre at best."""


@dataclass(frozen=True, eq=False)
class Gap:
    """Ends and what lies close to them.

    Parameters
    ----------
    place : array (n,)
        Vertex of each end in the lines.
    metres : array (n,)
        How far the other line is.
    """

    place: Ints
    metres: Floats

    def pick(self, keep: Bools) -> "Gap":
        """Take the ends where the mask is true."""
        return Gap(self.place[keep], self.metres[keep])


def snapped(lines: Lines, height: Heights, plane: Plane, tolerance_m: float) -> tuple[Lines, Gap]:
    """Join every loose end to the nearest road within the tolerance.

    Two loose ends nearest to each other meet half-way; any other loose end is carried on to the
    nearest point of the nearest line. Nothing is moved: a vertex is added, so the drawn road
    and its length stay as they were but for the added step.

    Parameters
    ----------
    lines : Lines
        Roads.
    height : Heights
        Of each line; roads of different heights meet only at the end of one.
    plane : Plane
        The lines' map.
    tolerance_m : float
        Largest gap closed, in metres.

    Returns
    -------
    tuple of Lines and Gap
        The joined lines; the ends joined (places in the lines given) with their gaps.
    """
    if tolerance_m <= 0 or not len(lines):
        return lines, Gap(np.zeros(0, np.int64), np.zeros(0))
    loose = loose_ends(lines)
    first, second, width = _mutual(lines, loose, tolerance_m)
    middle = (lines.xy[first] + lines.xy[second]) / 2
    paired = np.isin(loose, np.concatenate([first, second]))
    single, line, gap = nearest_lines(lines, height, loose[~paired], tolerance_m)
    target_xy, target_degrees, measure = _targets(lines, plane, line, single)
    ends = np.concatenate([first, second, single])
    add_line = np.concatenate([lines.owner[ends], line])
    add_measure = np.concatenate([np.where(_is_first(lines, ends), -1.0, np.inf), measure])
    add_xy = np.concatenate([middle, middle, target_xy, target_xy])
    middle_degrees = plane.degrees(middle) if len(middle) else middle
    add_degrees = np.concatenate([middle_degrees, middle_degrees, target_degrees, target_degrees])
    joined = lines.inserted(add_line, add_measure, add_degrees, add_xy)
    return joined, Gap(np.concatenate([first, single]), np.concatenate([width, gap]))


def touching(lines: Lines, height: Heights) -> Lines:
    """Give every line a vertex where another line ends on it.

    An end that a third road shares is no loose end, and yet it meets the line it lies on.

    Parameters
    ----------
    lines : Lines
    height : Heights
        Of each line; lines of different heights meet only where both end.
    """
    ends = np.flatnonzero(lines.is_end)
    ends = ends[np.unique(lines.key[ends], return_index=True)[1]]
    points = points_at(lines.xy[ends])
    which, line = shapely.STRtree(lines.metres).query(points, "dwithin", _TOUCHING_M)
    end = ends[which]
    measure = shapely.line_locate_point(lines.metres[line], points[which])
    has = np.isin(
        line * (lines.vertex.max(initial=0) + 1) + lines.vertex[end],
        lines.owner * (lines.vertex.max(initial=0) + 1) + lines.vertex,
    )
    at_end = (measure <= 0) | (measure >= lines.plane_length[line])
    new = ~has & ((height.end[lines.owner[end]] == height.inner[line]) | at_end)
    end, line, measure = end[new], line[new], measure[new]
    return lines.inserted(line, measure, lines.lon_lat[end], lines.xy[end]) if len(end) else lines


def loose_ends(lines: Lines) -> Ints:
    """Find ends of lines that no other vertex shares."""
    used = np.bincount(lines.vertex)
    return np.flatnonzero(lines.is_end & (used[lines.vertex] == 1)).astype(np.int64)


def near_misses(lines: Lines, height: Heights, part: Ints, tolerance_m: float) -> Gap:
    """Return ends close to another line that they are not joined to.

    Loose ends too far from it to be joined; and ends that several lines share, which are never
    joined to a further line, where no road connects the two.

    Parameters
    ----------
    lines : Lines
    height : Heights
    part : array (n_lines,)
        Connected part that each line belongs to.
    tolerance_m : float
        Largest gap that was closed, in metres.
    """
    loose = loose_ends(lines)
    shared = np.setdiff1d(np.flatnonzero(lines.is_end), loose)
    shared = shared[np.unique(lines.vertex[shared], return_index=True)[1]].astype(np.int64)
    gaps = [
        nearest_lines(lines, height, loose, NEAR_MISS * tolerance_m),
        nearest_lines(lines, height, shared, tolerance_m, part),
    ]
    return Gap(*(np.concatenate([each[n] for each in gaps]) for n in (0, 2)))


def _is_first(lines: Lines, ends: Ints) -> Bools:
    first: Bools = lines.start[:-1][lines.owner[ends]] == ends
    return first


def _mutual(lines: Lines, loose: Ints, tolerance_m: float) -> tuple[Ints, Ints, Floats]:
    """Return the pairs of loose ends of different lines, each the other's nearest."""
    none = np.zeros(0, np.int64)
    if len(loose) < 2:
        return none, none, np.zeros(0)
    tree = cKDTree(lines.xy[loose])
    nearest = tree.query(lines.xy[loose], k=min(4, len(loose)), distance_upper_bound=tolerance_m)
    distance, other = np.asarray(nearest[0]), np.asarray(nearest[1])
    within = np.isfinite(distance)
    other = np.where(within, other, 0)
    own = lines.owner[loose]
    usable = within & (own[other] != own[:, None])
    best = usable.argmax(axis=1)
    rows = np.arange(len(loose))
    partner = np.where(usable.any(axis=1), other[rows, best], -1)
    mutual = (partner >= 0) & (partner[partner] == rows) & (rows < partner)
    first, second = loose[mutual], loose[partner[mutual]]
    apart = ~_close_kin(lines, first, lines.owner[second], tolerance_m)
    return first[apart], second[apart], distance[mutual, best[mutual]][apart]


def _close_kin(lines: Lines, ends: Ints, line: Ints, tolerance_m: float) -> Bools:
    """Return whether an end's line is short and already meets the other line."""
    start = lines.start
    own = lines.owner[ends]
    other_end = np.where(_is_first(lines, ends), start[1:][own] - 1, start[:-1][own])
    short = lines.plane_length[own] <= _SHORT * tolerance_m
    n_places = int(lines.vertex.max(initial=0)) + 1
    place = lines.vertex[other_end]
    at_ends = np.zeros(n_places, bool)
    at_ends[place[short]] = True
    rows = at_ends[lines.vertex]
    pairs = lines.owner[rows] * n_places + lines.vertex[rows]
    meets = np.isin(line * n_places + place, pairs)
    return short & meets


def nearest_lines(
    lines: Lines, height: Heights, ends: Ints, reach_m: float, part: Ints | None = None
) -> tuple[Ints, Ints, Floats]:
    """Find the nearest other line within reach of each end that has one.

    With ``part``, the connected part of each line, only lines of another part than the end's count.

    Returns
    -------
    tuple of three arrays
        Ends (vertices), their nearest lines and the metres between.
    """
    points = points_at(lines.xy[ends])
    tree = shapely.STRtree(lines.metres)
    which, line = tree.query(points, predicate="dwithin", distance=reach_m)
    end = ends[which]
    ok = lines.owner[end] != line
    if part is not None:
        ok &= part[lines.owner[end]] != part[line]
    ok &= ~_close_kin(lines, end, line, reach_m)
    which, line, end = which[ok], line[ok], end[ok]
    gap = shapely.distance(points[which], lines.metres[line])
    at = shapely.line_locate_point(lines.metres[line], points[which])
    at_end = (at <= 0) | (at >= lines.plane_length[line])
    ok = (height.end[lines.owner[end]] == height.inner[line]) | at_end
    end, line, gap = end[ok], line[ok], gap[ok]
    order = np.lexsort((lines.key[lines.start[:-1][line]], np.round(gap, 3), end))
    end, line, gap = end[order], line[order], gap[order]
    first = np.ones(len(end), bool)
    first[1:] = end[1:] != end[:-1]
    return end[first], line[first], gap[first]


def _targets(lines: Lines, plane: Plane, line: Ints, ends: Ints) -> tuple[Floats, Floats, Floats]:
    """Return the nearest point of each line to an end, taking a vertex where one is at hand."""
    geometry = lines.metres[line]
    measure = shapely.line_locate_point(geometry, shapely.points(lines.xy[ends]))
    xy = shapely.get_coordinates(shapely.line_interpolate_point(geometry, measure))
    degrees = plane.degrees(xy) if len(xy) else xy
    vertex = nearest_vertex(lines, line, measure)
    close = np.abs(lines.measure[vertex] - measure) <= _SAME_VERTEX_M
    xy[close], degrees[close] = lines.xy[vertex[close]], lines.lon_lat[vertex[close]]
    return xy, degrees, np.where(close, lines.measure[vertex], measure)


def nearest_vertex(lines: Lines, line: Ints, measure: Floats) -> Ints:
    """Find the vertex of each line nearest to a place along it."""
    # One ascending scale for all lines: each starts where the one before ends, and a gap.
    base = np.concatenate([[0.0], np.cumsum(lines.plane_length + 1.0)])
    scale = lines.measure + base[lines.owner]
    after = np.searchsorted(scale, measure + base[line])
    low, high = lines.start[line], lines.start[line + 1] - 1
    after = np.clip(after, low, high)
    before = np.clip(after - 1, low, high)
    closer = np.abs(lines.measure[before] - measure) < np.abs(lines.measure[after] - measure)
    nearest: Ints = np.where(closer, before, after)
    return nearest


def crossings(lines: Lines, level: Ints) -> tuple[Ints, Ints, Floats]:
    """Return the places where two lines of one height cross without sharing a vertex.

    Returns
    -------
    tuple of three arrays
        The two lines and the point in metres, one row a crossing.
    """
    tree = shapely.STRtree(lines.metres)
    one, two = tree.query(lines.metres, predicate="crosses")
    once = (one < two) & (level[one] == level[two])
    one, two = one[once], two[once]
    meet = shapely.intersection(lines.metres[one], lines.metres[two])
    parts, pair = shapely.get_parts(meet, return_index=True)
    points = shapely.get_type_id(parts) == shapely.GeometryType.POINT
    parts, pair = parts[points], pair[points]
    xy = shapely.get_coordinates(parts)
    real = _not_shared(lines, xy, one[pair], two[pair])
    return one[pair][real], two[pair][real], xy[real]


def _not_shared(lines: Lines, xy: Floats, one: Ints, two: Ints) -> NDArray[np.bool_]:
    """Return whether a meeting point is no vertex of both lines."""
    shared = np.ones(len(xy), bool)
    points = shapely.points(xy)
    for line in (one, two):
        measure = shapely.line_locate_point(lines.metres[line], points)
        vertex = nearest_vertex(lines, line, measure)
        shared &= np.hypot(*(lines.xy[vertex] - xy).T) < 0.02
    return ~shared


def noded_at_crossings(lines: Lines, plane: Plane, level: Ints) -> tuple[Lines, Floats]:
    """Put a common vertex where two lines of one height cross.

    Returns
    -------
    tuple of Lines and array (n, 2)
        The lines; the crossings in degrees.
    """
    one, two, xy = crossings(lines, level)
    if not len(xy):
        return lines, xy
    degrees = plane.degrees(xy)
    points = shapely.points(xy)
    line = np.concatenate([one, two])
    measure = shapely.line_locate_point(lines.metres[line], np.concatenate([points, points]))
    twice = np.concatenate([degrees, degrees])
    return lines.inserted(line, measure, twice, np.concatenate([xy, xy])), degrees
