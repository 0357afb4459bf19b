"""Which of the roads near a place serve it best, for each vehicle, by the whole path to supply.

The nearest road need not be the right one: it may be a track beside a trunk road, or come to
the town by a long loop. So every road within reach is a candidate, and for each vehicle the one
counts that gives the shortest path to supply, the last stretch included. More roads only ever add
candidates; hence another road in the file never takes a town's access away.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
import pyproj
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from geodata.conditions import TANKER_ROADS
from geodata.graph.arrays import Bools, Floats, Ints, ranges, starts
from geodata.roads.geometry import Boarding, Lines, Plane, geodesic_km
from geodata.schema import Vehicle

STRETCH: Final = 5.0
"""A km between a place and a road counts as so many km of road in the choice: no road is mapped
there. An assumption, high enough that a place stays on its own road unless another saves much."""
ACROSS_RIVER: Final = 40.0
"""The same where a river lies between the place and the road."""
SUPPLY_REACH_KM: Final = 1.0
"""A supply point further than this from a road is joined to that road only if it is its nearest:
a longer link would bridge gaps between roads that are really there."""
_LEAST: Final = 1e-9


@dataclass(frozen=True, eq=False)
class Candidates:
    """Roads within reach of places: one row for each place and line.

    Parameters
    ----------
    place, line : array (n,)
    measure : array (n,)
        Metres along the line of the point nearest to the place.
    km : array (n,)
        Geodesic distance from the place to that point.
    cost : array (n,)
        The same as weighed in the choice.
    """

    place: Ints
    line: Ints
    measure: Floats
    km: Floats
    cost: Floats

    def pick(self, keep: Bools | Ints) -> "Candidates":
        """Take some of the rows."""
        return Candidates(
            self.place[keep], self.line[keep], self.measure[keep], self.km[keep], self.cost[keep]
        )


@dataclass(frozen=True, eq=False)
class _Roads:
    """Pieces of the lines as edges between numbered nodes, with where each piece begins."""

    tail: Ints
    head: Ints
    km: Floats
    line: Ints
    begin: Floats
    span: Floats
    order: Floats
    base: Floats
    n: int

    @classmethod
    def of(cls, lines: Lines, broken: Bools) -> "_Roads":
        cut = np.flatnonzero(broken)
        same = lines.owner[cut[:-1]] == lines.owner[cut[1:]]
        first, last = cut[:-1][same], cut[1:][same]
        counts = last - first + 1
        rows = ranges(first, counts)
        drawn = Lines(lines.lon_lat[rows], lines.xy[rows], starts(counts), lines.owner[first])
        node, ends = np.unique(lines.key[np.concatenate([first, last])], return_inverse=True)
        begin, line = lines.measure[first], lines.owner[first]
        base = np.concatenate([[0.0], np.cumsum(lines.plane_length + 1.0)])
        return cls(
            ends[: len(first)].astype(np.int64),
            ends[len(first) :].astype(np.int64),
            geodesic_km(drawn),
            line,
            begin,
            lines.measure[last] - begin,
            base[line] + begin,
            base,
            len(node),
        )

    def located(self, candidates: Candidates) -> tuple[Ints, Floats, Floats]:
        """Return the piece of each candidate, and the km from it to the piece's two ends."""
        at = self.base[candidates.line] + candidates.measure
        piece = np.searchsorted(self.order, at + 1e-6, side="right") - 1
        share = (candidates.measure - self.begin[piece]) / np.maximum(self.span[piece], 1e-9)
        along = np.clip(share, 0, 1) * self.km[piece]
        return piece.astype(np.int64), along, self.km[piece] - along


def candidates(
    boarding: Boarding,
    lon_lat: Floats,
    xy: Floats,
    wanted: Bools,
    plane: Plane,
    *,
    limit_km: float,
    rivers: NDArray[np.object_] | None = None,
) -> Candidates:
    """Return every road within the limit of each place.

    Parameters
    ----------
    boarding : Boarding
        Roads, and where places can be put on them.
    lon_lat, xy : array (n, 2)
        The places in degrees and in metres of the plane.
    wanted : array (n,) of bool
        Places asked for.
    plane : Plane
    limit_km : float
    rivers : array of LineString in metres of the plane, optional
        A stretch that crosses one weighs more.
    """
    searched = np.flatnonzero(wanted)
    points = np.asarray(shapely.points(xy[searched]), object)
    lines = boarding.lines
    tree = shapely.STRtree(boarding.shapes)
    which, line = tree.query(points, predicate="dwithin", distance=limit_km * 1010)
    measure = boarding.measure(line, points[which])
    there = shapely.get_coordinates(shapely.line_interpolate_point(lines.metres[line], measure))
    place = searched[which]
    degrees = plane.degrees(there) if len(there) else there
    km = pyproj.Geod(ellps="WGS84").inv(*lon_lat[place].T, *degrees.T)[2] / 1000
    wet = crosses(xy[place], there, rivers)
    nearby = Candidates(
        place, line.astype(np.int64), measure, km, km * np.where(wet, ACROSS_RIVER, STRETCH)
    )
    return nearby.pick(km <= limit_km)


def crosses(here: Floats, there: Floats, rivers: NDArray[np.object_] | None) -> Bools:
    """Return whether the straight stretch between each pair of points crosses a river."""
    wet = np.zeros(len(here), bool)
    if rivers is None or not len(rivers) or not len(here):
        return wet
    stretch = np.asarray(shapely.linestrings(np.stack([here, there], axis=1)), object)
    wet[np.unique(shapely.STRtree(rivers).query(stretch, predicate="intersects")[0])] = True
    return wet


def chosen(
    candidates: Candidates,
    lines: Lines,
    broken: Bools,
    tanker: NDArray[np.object_],
    supply: Bools,
    usual: Ints,
) -> Bools:
    """Return which candidates places are put on.

    Parameters
    ----------
    candidates : Candidates
    lines : Lines
    broken : array (n_vertices,) of bool
        Where the lines are parted.
    tanker : array (n_lines,) of str
        ``yes``, ``seasonal`` or ``no`` for each line.
    supply : array (n_places,) of bool
        Which places are supply points.
    usual : array (n_places,)
        Line that each place is put on where no way decides.

    Returns
    -------
    array (n,) of bool
        For each town the nearest candidate that serves every vehicle within its best cost; if no
        one does, the best of each vehicle. Of supply points those at which these ways begin. A
        place that no way serves has none.
    """
    roads = _Roads.of(lines, broken)
    from_supply = supply[candidates.place]
    near = (candidates.km <= SUPPLY_REACH_KM) | (candidates.line == usual[candidates.place])
    rows = np.flatnonzero(~from_supply)
    towns = candidates.pick(rows)
    keep = np.zeros(len(candidates.place), bool)
    if not len(rows):
        return keep
    km = np.full((len(Vehicle), len(rows)), np.inf)
    origin = np.zeros((len(Vehicle), len(rows)), np.int64)
    for n, vehicle in enumerate(Vehicle):
        bears = np.isin(tanker, TANKER_ROADS[vehicle])
        depots = np.flatnonzero(from_supply & near & bears[candidates.line])
        here = np.flatnonzero(bears[towns.line])
        if len(depots) and len(here):
            km[n, here], origin[n, here] = _ways(
                roads, bears[roads.line], candidates, depots, rows[here]
            )
    picked = _choice(towns, lines, km)
    keep[rows[picked.any(axis=0)]] = True
    keep[origin[picked & np.isfinite(km)]] = True
    return keep


def _choice(towns: Candidates, lines: Lines, km: Floats) -> NDArray[np.bool_]:
    """Return which candidates are taken, for each vehicle: shape (vehicles, candidates)."""
    total = km + towns.cost
    least = np.full((len(km), int(towns.place.max()) + 1), np.inf)
    for n in range(len(km)):
        np.minimum.at(least[n], towns.place, total[n])
    best = least[:, towns.place]
    fits = (km + towns.km <= best + 1e-6) | np.isinf(best)
    sole = fits.all(axis=0) & np.isfinite(best).any(axis=0)
    chosen_rows = np.zeros(km.shape, bool)
    chosen_rows[:, _first(towns, lines, towns.km, sole)] = True
    served = np.isin(towns.place, towns.place[sole])
    for n in range(len(km)):
        chosen_rows[n, _first(towns, lines, total[n], ~served & np.isfinite(total[n]))] = True
    return chosen_rows


def _first(towns: Candidates, lines: Lines, value: Floats, among: Bools) -> Ints:
    """Row of each town's candidate of the lowest value; of equals the nearest, then by place."""
    rows = np.flatnonzero(among)
    key = lines.key[lines.start[:-1][towns.line[rows]]]
    order = rows[np.lexsort((key, towns.km[rows], np.round(value[rows], 6), towns.place[rows]))]
    first = np.ones(len(order), bool)
    first[1:] = towns.place[order][1:] != towns.place[order][:-1]
    firsts: Ints = order[first]
    return firsts


def _ways(
    roads: _Roads, use: Bools, candidates: Candidates, depots: Ints, towns: Ints
) -> tuple[Floats, Ints]:
    """Km by road from supply to each town's candidate, and the depot's candidate it begins at."""
    cost, first = _tree(roads, use, candidates, depots)
    piece, along, rest = roads.located(candidates.pick(towns))
    ends = np.stack([cost[roads.tail[piece]] + along, cost[roads.head[piece]] + rest])
    side = ends.argmin(axis=0)
    km = ends[side, np.arange(len(piece))]
    node = np.where(side == 0, roads.tail[piece], roads.head[piece])
    origin = depots[first[node]]
    at, depot_along, _ = roads.located(candidates.pick(depots))
    pairs = pd.DataFrame({"piece": piece, "town": np.arange(len(piece)), "along": along}).merge(
        pd.DataFrame({"piece": at, "depot": depots, "from": depot_along}), on="piece"
    )
    if len(pairs):
        direct = (pairs["along"] - pairs["from"]).abs() + candidates.cost[pairs["depot"]]
        pairs = pairs.assign(km=direct).sort_values(["town", "km", "depot"]).drop_duplicates("town")
        shorter = pairs["km"].to_numpy() <= km[pairs["town"]]
        rows = pairs["town"].to_numpy()[shorter]
        km[rows] = pairs["km"].to_numpy()[shorter]
        origin[rows] = pairs["depot"].to_numpy()[shorter]
    return km, origin


def _tree(roads: _Roads, use: Bools, candidates: Candidates, depots: Ints) -> tuple[Floats, Ints]:
    """Shortest path to every node from any depot's candidate, and which candidate it begins at."""
    piece, along, rest = roads.located(candidates.pick(depots))
    node = np.concatenate([roads.tail[piece], roads.head[piece]])
    start = np.concatenate([candidates.cost[depots] + along, candidates.cost[depots] + rest])
    n = roads.n
    low, high = np.minimum(roads.tail, roads.head)[use], np.maximum(roads.tail, roads.head)[use]
    rows = np.concatenate([low, high, np.full(len(node), n)])
    columns = np.concatenate([high, low, node])
    weight = np.maximum(np.concatenate([roads.km[use], roads.km[use], start]), _LEAST)
    order = np.lexsort((weight, columns, rows))
    fresh = np.ones(len(order), bool)
    fresh[1:] = (rows[order][1:] != rows[order][:-1]) | (columns[order][1:] != columns[order][:-1])
    one = order[fresh]
    graph = csr_array((weight[one], (rows[one], columns[one])), shape=(n + 1, n + 1))
    cost, before = dijkstra(graph, directed=True, indices=[n], return_predecessors=True)
    before = before[0]
    first = np.zeros(n + 1, np.int64)
    begin = np.lexsort((start, node))[::-1]
    first[node[begin]] = np.tile(np.arange(len(depots)), 2)[begin]
    last = np.where(before >= 0, before, n)
    last = np.where(last == n, np.arange(n + 1), last)
    while (last[last] != last).any():
        last = last[last]
    return cost[0, :n], first[last][:n]
