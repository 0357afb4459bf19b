"""Divided roads: two one-way lines side by side are one road, to be cut as one.

Where a road is drawn as two carriageways, a cut of either would leave the other open, and no
road would ever isolate a town. So a one-way line that runs beside others of its road all along
is left out, and whatever met it meets its neighbour instead, some tens of metres further on.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geodata import schema as f
from geodata.graph.arrays import Bools, Floats, Ints
from geodata.network.model import TANKER_VALUES
from geodata.roads import tags
from geodata.roads.geometry import Lines, Plane, points_at
from geodata.roads.snapping import nearest_vertex
from geodata.roads.tag_access import MODE, ROAD

APART_M: Final = 60.0
"""Widest gap between carriageways of one number or name. An assumption of ours: the median of a
divided road outside towns is rarely wider than 30 m, and drawings are some metres off."""
UNNAMED_APART_M: Final = 40.0
"""The same where lines have neither number nor name and only their class is the same."""
_STEP_M: Final = 100.0
_BESIDE_SHARE: Final = 0.8
_SLANT: Final = 0.5
"""Cosine of 60 degrees: carriageways that fork from one point run at such angles at the most."""
_SAME_M: Final = 1.0


@dataclass(frozen=True, eq=False)
class Undivided:
    """Lines after each divided road became one.

    Parameters
    ----------
    lines : Lines
        What is left, joined as before.
    left_out : Lines
        The other carriageways.
    roads : array of int
        Rows of the roads that now stand for both.
    """

    lines: Lines
    left_out: Lines
    roads: Ints


def undivided(lines: Lines, level: Ints, plane: Plane, table: pd.DataFrame) -> Undivided:
    """Leave out one carriageway of each divided road.

    Parameters
    ----------
    lines : Lines
        Roads, joined.
    level : array (n_lines,)
        Height of each: carriageways of different heights stay two.
    plane : Plane
        The lines' map.
    table : DataFrame
        As from `tags.road_table`. The carriageway that stays bears every vehicle that the other
        bears.
    """
    beside = _beside(lines, level, table)
    left_out = sorted(beside)
    if not left_out:
        return Undivided(lines, lines.pick(np.zeros(0, np.int64)), np.zeros(0, np.int64))
    stays = np.ones(len(lines), bool)
    stays[left_out] = False
    moved = _moved(lines, beside, plane)
    roads = np.unique(lines.road[np.concatenate([beside[line] for line in left_out])])
    return Undivided(moved.pick(stays).without_repeats(), lines.pick(~stays), roads)


def _beside(lines: Lines, level: Ints, table: pd.DataFrame) -> dict[int, Ints]:
    """Return lines to leave out, the longest first, each with the lines beside it, which stay."""
    of = table.iloc[lines.road]
    ends = lines.vertex[lines.start[:-1]], lines.vertex[lines.start[1:] - 1]
    fit = (of[tags.ONEWAY] != "").to_numpy() & (of[MODE] == ROAD).to_numpy() & (ends[0] != ends[1])
    fit &= ~of[f.ROAD_CLASS].str.endswith("_link").to_numpy(bool)
    among = np.flatnonzero(fit)
    if len(among) < 2:
        return {}
    tree = shapely.STRtree(lines.metres[among])
    one, two = (among[side] for side in tree.query(lines.metres[among], "dwithin", APART_M))
    reach = _reach(one, two, of)
    rank = of[f.TANKER].map(TANKER_VALUES.index).to_numpy(np.int64)
    ok = (one != two) & (level[one] == level[two]) & (rank[two] <= rank[one]) & (reach > 0)
    one, two, reach = one[ok], two[ok], reach[ok]
    # The tree answers in the order of the lines asked for.
    candidates = np.unique(one)
    order = candidates[
        np.lexsort((lines.key[lines.start[candidates]], -lines.plane_length[candidates]))
    ]
    covered_by: dict[int, Ints] = {}
    stays: set[int] = set()
    for line in order.tolist():
        low, high = np.searchsorted(one, [line, line + 1])
        near = low + np.flatnonzero(~np.isin(two[low:high], list(covered_by)))
        if line not in stays and len(near):
            by = _coverers(lines, line, two[near], reach[near])
            if len(by):
                covered_by[line] = by
                stays |= set(by.tolist())
    return covered_by


def _reach(one: Ints, two: Ints, of: pd.DataFrame) -> Floats:
    """Widest gap at which two lines are carriageways of one road; 0 where they are two roads."""
    ref, name, kind = (of[key].to_numpy(object) for key in (f.ROAD_REF, f.NAME, f.ROAD_CLASS))
    same_ref = (ref[one] == ref[two]) & (ref[one] != "")
    other_ref = (ref[one] != ref[two]) & (ref[one] != "") & (ref[two] != "")
    same_name = (name[one] == name[two]) & (name[one] != "") & ~other_ref
    bare = (ref[one] == "") & (ref[two] == "") & (name[one] == "") & (name[two] == "")
    reach: Floats = np.where(
        same_ref | same_name, APART_M, np.where(bare & (kind[one] == kind[two]), UNNAMED_APART_M, 0)
    )
    return reach


def _coverers(lines: Lines, line: int, others: Ints, reach: Floats) -> Ints:
    """Those of the other lines that together run beside a line all along; none if they do not."""
    drawn = lines.metres[line]
    points, along = _samples(drawn)
    near = np.zeros(len(points), bool)
    beside = np.zeros(len(points), bool)
    used = []
    for other, limit in zip(others, reach, strict=True):
        at = shapely.line_locate_point(lines.metres[other], points)
        there = shapely.get_coordinates(shapely.line_interpolate_point(lines.metres[other], at))
        offset = there - shapely.get_coordinates(points)
        gap = np.hypot(*offset.T)
        parallel = np.abs((along * _tangent(lines.metres[other], at)).sum(axis=1)) >= _SLANT
        across = (gap <= _SAME_M) | (np.abs((along * offset).sum(axis=1)) <= _SLANT * gap)
        here = (gap <= limit) & parallel & across
        if (here & (gap > _SAME_M)).any() or here.mean() > _SLANT:
            used.append(other)
            near |= gap <= limit
            beside |= here
    whole = near.all() and beside.mean() >= _BESIDE_SHARE
    return np.array(used if whole else [], np.int64)


def _samples(line: shapely.LineString) -> tuple[NDArray[np.object_], Floats]:
    """Return the points along a line, and its direction at each."""
    step = min(_STEP_M, line.length / 8)
    at = np.linspace(0, line.length, max(9, int(line.length / step) + 1))
    points = np.asarray(shapely.line_interpolate_point(line, at), object)
    return points, _tangent(line, at)


def _tangent(line: shapely.LineString, at: Floats) -> Floats:
    """Return the direction of a line at places along it, as unit vectors."""
    half = min(5.0, line.length / 4)
    before, after = (
        shapely.get_coordinates(
            shapely.line_interpolate_point(line, np.clip(at + move, 0, line.length))
        )
        for move in (-half, half)
    )
    way = after - before
    unit: Floats = way / np.maximum(np.hypot(*way.T), 1e-9)[:, None]
    return unit


def _moved(lines: Lines, beside: dict[int, Ints], plane: Plane) -> Lines:
    """Move the places where other lines meet a carriageway left out to the one that stays."""
    lon_lat, xy = lines.lon_lat.copy(), lines.xy.copy()
    left_out: Bools = np.isin(lines.owner, list(beside))
    by_place = pd.Series(np.arange(len(lines.key))[~left_out]).groupby(lines.key[~left_out]).indices
    rows_left = np.flatnonzero(~left_out)
    inserted: list[tuple[int, float, Floats, Floats]] = []
    for line, others in beside.items():
        on_others = set(lines.key[np.isin(lines.owner, others)].tolist())
        for vertex in range(int(lines.start[line]), int(lines.start[line + 1])):
            key = int(lines.key[vertex])
            if key not in by_place or key in on_others:
                continue
            rows = rows_left[by_place[key]]
            across = _across(lines, rows, on_others)
            other, at = _nearest(
                lines, others, lines.xy[vertex] if across < 0 else lines.xy[across]
            )
            close = int(nearest_vertex(lines, np.array([other]), np.array([at]))[0])
            if abs(lines.measure[close] - at) <= _SAME_M:
                lon_lat[rows], xy[rows] = lines.lon_lat[close], lines.xy[close]
                continue
            to = shapely.get_coordinates(shapely.line_interpolate_point(lines.metres[other], at))
            xy[rows], lon_lat[rows] = to[0], plane.degrees(to)[0]
            inserted.append((other, at, lon_lat[rows[0]], to[0]))
    same = Lines(lon_lat, xy, lines.start, lines.road)
    if not inserted:
        return same
    line_, at_, degrees, metres = zip(*inserted, strict=True)
    return same.inserted(np.array(line_), np.array(at_), np.array(degrees), np.array(metres))


def _across(lines: Lines, rows: Ints, on_others: set[int]) -> int:
    """Vertex next to one of ``rows`` on its line that lies on the other carriageway, or -1."""
    for row in rows.tolist():
        for step in (-1, 1):
            next_to = row + step
            inside = 0 <= next_to < len(lines.key) and lines.owner[next_to] == lines.owner[row]
            if inside and int(lines.key[next_to]) in on_others:
                return int(next_to)
    return -1


def _nearest(lines: Lines, others: Ints, xy: Floats) -> tuple[int, float]:
    point = points_at(xy[None, :])[0]
    other = int(others[np.argmin(shapely.distance(lines.metres[others], point))])
    return other, float(shapely.line_locate_point(lines.metres[other], point))
