"""Barriers on a road: a gate or border post that is shut closes the road at its vertex.

Whether it is shut is said by its access tags alone. A gate, checkpoint, toll booth or border post
without such a tag is passed by traffic every day: it stays open and is shown.
"""

from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geodata import schema as f
from geodata.graph.arrays import Bools, Floats, Ints, starts
from geodata.network import findings
from geodata.roads.columns import by_lower, spread, words
from geodata.roads.geometry import Lines, Plane, points_at
from geodata.roads.snapping import nearest_vertex
from geodata.roads.tag_access import CLOSED, TAGS, judged

ON_ROAD_M: Final = 5.0
"""A barrier further from every road than this stands on none."""
_GAP_M: Final = 1.0
"""What a road loses on either side of a shut barrier."""


@dataclass(frozen=True, eq=False)
class Barriers:
    """Points that stand on roads.

    Parameters
    ----------
    lon_lat : array (n, 2)
    about : list of str
        Kind of each, with the tag that shuts it.
    shut : array (n,) of bool
    """

    lon_lat: Floats
    about: list[str]
    shut: Bools


def parted(roads: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, Barriers]:
    """Part a layer into its lines and the barriers among its points.

    Parameters
    ----------
    roads : GeoDataFrame
        Lines, and points with a tag ``barrier``, in EPSG:4326.
    """
    point = (roads.geometry.geom_type == "Point").to_numpy()
    posts = pd.DataFrame(spread(roads[point], TAGS).drop(columns=f.GEOMETRY))
    column = by_lower(posts.columns).get("barrier")
    kind = words(posts[column]).str.lower() if column else pd.Series("", index=posts.index)
    shut_by = judged(posts, pd.Series("", index=posts.index))[CLOSED].to_numpy(object)
    about = [" ".join(filter(None, pair)) for pair in zip(kind, shut_by, strict=True)]
    lon_lat = shapely.get_coordinates(roads.geometry.to_numpy()[point])
    return roads[~point], Barriers(lon_lat, about, np.asarray(shut_by != "", bool))


def closed_at(
    lines: Lines, barriers: Barriers, plane: Plane
) -> tuple[Lines, list[gpd.GeoDataFrame]]:
    """Part the roads at barriers that are shut, and list all barriers on roads.

    Where several roads meet at a shut barrier, none leads on to another.

    Returns
    -------
    tuple of Lines and list of GeoDataFrame
        The roads, each some metre shorter where it was parted; the barriers as findings.
    """
    if not len(barriers.about):
        return lines, []
    points = points_at(plane.metres(barriers.lon_lat))
    post, line = shapely.STRtree(lines.metres).query(points, "dwithin", ON_ROAD_M)
    on_road = np.isin(np.arange(len(points)), post)
    shut = barriers.shut[post]
    result = _without_vertices(*_with_vertices(lines, points[post[shut]], line[shut], plane))
    listed = [
        findings.places(
            problem,
            barriers.lon_lat[here],
            np.array(barriers.about, object)[here],
            np.full(int(here.sum()), np.nan),
        )
        for problem, here in (
            ("barrier_shut", on_road & barriers.shut),
            ("barrier_open", on_road & ~barriers.shut),
            ("barrier_off_road", ~on_road),
        )
    ]
    return result, listed


def _with_vertices(
    lines: Lines, points: np.ndarray, line: Ints, plane: Plane
) -> tuple[Lines, Ints]:
    """Give each line a vertex at its barrier; and the keys of those vertices."""
    if not len(line):
        return lines, np.zeros(0, np.int64)
    at = np.asarray(shapely.line_locate_point(lines.metres[line], points))
    vertex = nearest_vertex(lines, line, at)
    near = np.abs(lines.measure[vertex] - at) <= ON_ROAD_M
    xy = shapely.get_coordinates(shapely.line_interpolate_point(lines.metres[line], at))
    degrees = plane.degrees(xy)
    keys = lines.key[vertex[near]]
    far = ~near
    if not far.any():
        return lines, keys
    more = lines.inserted(line[far], at[far], degrees[far], xy[far])
    added = Lines(degrees[far], xy[far], starts(np.ones(int(far.sum()), np.int64)), line[far]).key
    return more, np.concatenate([keys, added])


def _without_vertices(lines: Lines, keys: Ints) -> Lines:
    """Part lines at vertices, both sides drawn back a little."""
    shut = np.isin(lines.key, keys)
    hit = np.unique(lines.owner[shut])
    if not len(hit):
        return lines
    pieces = [lines.pick(np.setdiff1d(np.arange(len(lines)), hit))]
    for line in hit.tolist():
        low, high = int(lines.start[line]), int(lines.start[line + 1])
        cuts = [at for at in range(low, high) if shut[at]]
        for first, last in zip([low, *cuts], [*cuts, high - 1], strict=True):
            if last > first:
                pieces.append(_drawn_back(lines, first, last, bool(shut[first]), bool(shut[last])))
    counts = np.concatenate([np.diff(piece.start) for piece in pieces])
    return Lines(
        np.concatenate([piece.lon_lat for piece in pieces]),
        np.concatenate([piece.xy for piece in pieces]),
        starts(counts),
        np.concatenate([piece.road for piece in pieces]),
    ).without_repeats()


def _drawn_back(lines: Lines, first: int, last: int, head: bool, tail: bool) -> Lines:
    """Vertices ``first`` to ``last`` of a line, drawn back where a barrier stands at the end."""
    drawn = [lines.lon_lat[first : last + 1].copy(), lines.xy[first : last + 1].copy()]
    steps = np.hypot(*np.diff(drawn[1], axis=0).T)
    shares = (_GAP_M / max(steps[0], 4 * _GAP_M), _GAP_M / max(steps[-1], 4 * _GAP_M))
    for geometry in drawn:
        start, end = geometry[0].copy(), geometry[-1].copy()
        if head:
            geometry[0] = start + shares[0] * (geometry[1] - start)
        if tail:
            geometry[-1] = end + shares[1] * (geometry[-2] - end)
    return Lines(
        drawn[0], drawn[1], starts(np.array([len(drawn[0])])), lines.road[[lines.owner[first]]]
    )
