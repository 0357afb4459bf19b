"""Where ferries land, and where their lines only meet on the water.

Lorries change between a ferry and a road, or between two ferries, at a landing. Two ferry routes
that cross on the water are often drawn as four ways that end in one point of the river: nobody
changes boats there, so the ways are paired off, the straightest first, and each pair keeps a point
of its own. Landings drawn as areas join the roads and the ferries that end at their edge.
"""

from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geodata.graph.arrays import Bools, Floats, Ints
from geodata.network import findings
from geodata.roads.geometry import Lines, Plane, points_at

LANDING_M: Final = 100.0
"""A point of the water lies further than this from every road. An assumption: ramps and quays
are shorter, and the roads that lead to them are drawn to within tens of metres."""
_STRAIGHT: Final = -np.cos(np.radians(45.0))
"""Largest cosine of the angle between two halves of one route: it turns by 45 degrees at most."""
_ASIDE_M: Final = 2.0
"""How far the points of two routes are set apart: more than what counts as one point."""


@dataclass(frozen=True, eq=False)
class Midstream:
    """Lines after the ferries that cross on the water were set apart.

    Parameters
    ----------
    lines : Lines
    forks : array of int
        One vertex for each point of the water where it is not clear which ferry leads on to which.
    """

    lines: Lines
    forks: Ints


def set_apart(lines: Lines, ferry: Bools, plane: Plane) -> Midstream:
    """Pair off the ferry ways that end in one point of the water.

    Parameters
    ----------
    lines : Lines
        Roads and ferries.
    ferry : array (n_lines,) of bool
        Which lines are ferries.
    plane : Plane
        The lines' map.
    """
    xy, moved, forks = lines.xy.copy(), np.zeros(len(lines.xy), bool), []
    for ends, through in _meetings(lines, ferry):
        pairs = _pairs(lines, ends)
        if len(ends) % 2 or len(pairs) * 2 < len(ends):
            forks.append(ends[0])
            continue
        for n, pair in enumerate(pairs, start=through):
            xy[pair, 0] += n * _ASIDE_M
            moved[pair] = n > 0
    lon_lat = lines.lon_lat.copy()
    if moved.any():
        lon_lat[moved] = plane.degrees(xy[moved])
    apart = Lines(lon_lat, xy, lines.start, lines.road) if moved.any() else lines
    return Midstream(apart, np.array(forks, np.int64))


def _meetings(lines: Lines, ferry: Bools) -> list[tuple[Ints, int]]:
    """Return the ends of ferries that meet on the water, with how many more pass through there."""
    of_ferry = ferry[lines.owner]
    n = int(lines.vertex.max(initial=-1)) + 1
    ends = np.bincount(lines.vertex[of_ferry & lines.is_end], minlength=n)
    inner = np.bincount(lines.vertex[of_ferry & ~lines.is_end], minlength=n)
    many = np.flatnonzero((ends > 0) & (ends + 2 * inner >= 3))
    if not len(many):
        return []
    first = np.full(n, -1, np.int64)
    first[lines.vertex[::-1]] = np.arange(len(lines.vertex))[::-1]
    ashore = np.zeros(len(many), bool)
    roads = lines.metres[~ferry]
    if len(roads):
        near = shapely.STRtree(roads).query(points_at(lines.xy[first[many]]), "dwithin", LANDING_M)
        ashore[near[0]] = True
    at_end = np.flatnonzero(of_ferry & lines.is_end)
    return [
        (at_end[lines.vertex[at_end] == place].astype(np.int64), int(inner[place]))
        for place in many[~ashore]
    ]


def _pairs(lines: Lines, ends: Ints) -> list[Ints]:
    """Return pairs of ends that lead straight on, the straightest first."""
    last = lines.start[1:][lines.owner[ends]] - 1
    beside = np.where(ends == last, ends - 1, ends + 1)
    step = lines.xy[beside] - lines.xy[ends]
    step /= np.maximum(np.hypot(*step.T), 1e-9)[:, None]
    cosine = step @ step.T
    cosine[np.tril_indices(len(ends))] = np.inf
    pairs: list[Ints] = []
    while (cosine <= _STRAIGHT).any():
        pair = np.array(np.unravel_index(cosine.argmin(), cosine.shape), np.int64)
        pairs.append(ends[pair])
        cosine[pair] = cosine[:, pair] = np.inf
    return pairs


def landing_areas(roads: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, NDArray[np.object_]]:
    """Part a layer of roads from the ferry terminals drawn as areas.

    Returns
    -------
    tuple of GeoDataFrame and array of Polygon
        The other features; the areas in degrees.
    """
    area = roads.geometry.geom_type.isin(["Polygon", "MultiPolygon"]).to_numpy(bool)
    return roads[~area], roads.geometry.to_numpy()[area]


def across_areas(
    lines: Lines, ferry: Bools, areas: NDArray[np.object_], plane: Plane, reach_m: float
) -> tuple[Lines, int]:
    """Carry ferries that end at a landing area on to the road that is nearest there.

    Parameters
    ----------
    lines : Lines
    ferry : array (n_lines,) of bool
    areas : array of Polygon
        In degrees.
    plane : Plane
    reach_m : float
        Lines this far from an area still end at it.

    Returns
    -------
    tuple of Lines and int
        The lines, the ferries among them longer by the way across the area; how many ends were
        carried on.
    """
    if not len(areas) or not ferry.any() or ferry.all():
        return lines, 0
    flat = shapely.make_valid(shapely.transform(areas, plane.metres))
    ends = np.flatnonzero(lines.is_end & ferry[lines.owner])
    on_road = np.isin(lines.vertex[ends], lines.vertex[~ferry[lines.owner]])
    ends = ends[~on_road]
    roads = np.flatnonzero(~ferry)
    end, area = shapely.STRtree(flat).query(points_at(lines.xy[ends]), "dwithin", reach_m)
    ends = ends[end]
    which, road = shapely.STRtree(lines.metres[roads]).query(flat[area], "dwithin", reach_m)
    if not len(which):
        return lines, 0
    points = points_at(lines.xy[ends[which]])
    within = shapely.intersection(
        lines.metres[roads[road]], shapely.buffer(flat[area[which]], reach_m)
    )
    to = shapely.shortest_line(points, within)
    table = pd.DataFrame(
        {"end": ends[which], "metres": shapely.length(to), "row": np.arange(len(to))}
    )
    best = table.sort_values(["end", "metres", "row"]).drop_duplicates("end")
    target = shapely.get_coordinates(to[best["row"].to_numpy()])[1::2]
    return _carried_on(lines, best["end"].to_numpy(), target, plane), len(best)


def _carried_on(lines: Lines, ends: Ints, target: Floats, plane: Plane) -> Lines:
    first = lines.start[:-1][lines.owner[ends]] == ends
    measure = np.where(first, -1.0, np.inf)
    return lines.inserted(lines.owner[ends], measure, plane.degrees(target), target)


def off_road(
    lines: Lines, ferry: Bools, forks: Midstream, name: NDArray[np.object_]
) -> list[gpd.GeoDataFrame]:
    """List ends of ferries that meet nothing, and points of the water where routes fork.

    Parameters
    ----------
    lines : Lines
        After all joins.
    ferry : array (n_lines,) of bool
    forks : Midstream
        As from `set_apart`.
    name : array of str
        What the report calls each row of the table of roads.
    """
    used = np.bincount(lines.vertex)
    loose = np.flatnonzero(lines.is_end & ferry[lines.owner] & (used[lines.vertex] == 1))
    metres = np.full(len(loose), np.nan)
    roads = lines.metres[~ferry]
    if len(roads) and len(loose):
        points = points_at(lines.xy[loose])
        near = shapely.STRtree(roads).query_nearest(points, return_distance=True, all_matches=False)
        metres[near[0][0]] = near[1]
    at = forks.forks
    return [
        findings.places(
            "ferry_end", lines.lon_lat[loose], name[lines.road[lines.owner[loose]]], metres
        ),
        findings.places(
            "ferry_fork",
            forks.lines.lon_lat[at],
            name[forks.lines.road[forks.lines.owner[at]]],
            np.full(len(at), np.nan),
        ),
    ]
