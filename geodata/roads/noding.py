"""Lines to pieces that meet only at their ends: the topology of a road network."""

import hashlib
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geodata.graph.arrays import Bools, Floats, Ints, ranges, starts
from geodata.graph.connectivity import components
from geodata.roads.geometry import Lines, geodesic_km


@dataclass(frozen=True, eq=False)
class Pieces:
    """Pieces of road between nodes.

    Parameters
    ----------
    lines : Lines
        One line a piece.
    tail, head : array (n,)
        Key of the place (see `roads_lines.place_key`) at either end: the nodes.
    km : array (n,)
        Geodesic length.
    order : array (n,)
        Place of each piece along its source line, so that pieces can be named.
    """

    lines: Lines
    tail: Ints
    head: Ints
    km: Floats
    order: Ints

    def __len__(self) -> int:
        return len(self.km)

    def pick(self, keep: Bools) -> "Pieces":
        """Take the pieces where the mask is true."""
        return Pieces(
            self.lines.pick(keep), self.tail[keep], self.head[keep], self.km[keep], self.order[keep]
        )


def breaks(lines: Lines, level: Ints, forced: Ints) -> Bools:
    """Return the vertices at which lines are to be parted.

    A line breaks where it ends, where another line ends, where another line of its height has
    the same vertex, and where it is asked to. A bridge and the road below may share a vertex in
    a careless drawing; they do not meet.

    Parameters
    ----------
    lines : Lines
        Roads.
    level : array (n_lines,)
        Height of each line.
    forced : array of int
        Keys of places where lines break in any case.
    """
    vertex = lines.vertex
    ends_here = np.zeros(int(vertex.max(initial=-1)) + 1, bool)
    ends_here[vertex[lines.is_end]] = True
    shifted = level - level.min(initial=0)
    group = vertex * (int(shifted.max(initial=0)) + 1) + shifted[lines.owner]
    shared = np.bincount(group)[group] > 1
    result: Bools = ends_here[vertex] | shared | np.isin(lines.key, forced)
    return result


def not_joined_by_level(lines: Lines, level: Ints) -> int:
    """Count places where lines of different heights share an inner vertex and stay apart."""
    inner = ~lines.is_end
    table = pd.DataFrame({"vertex": lines.vertex[inner], "level": level[lines.owner[inner]]})
    ends = np.unique(lines.vertex[lines.is_end])
    heights = table[~table["vertex"].isin(ends)].groupby("vertex")["level"].nunique()
    return int((heights > 1).sum())


def line_components(lines: Lines, broken: Bools) -> Ints:
    """Report which connected part each line belongs to."""
    n_lines, vertex = len(lines), lines.vertex[broken]
    n = n_lines + int(lines.vertex.max(initial=-1)) + 1
    return components(n, lines.owner[broken], n_lines + vertex)[:n_lines]


def pieces(lines: Lines, broken: Bools, rank: Ints | None = None) -> tuple[Pieces, Pieces]:
    """Part the lines where ``broken`` says; of two that draw the same the one of lower rank stays.

    Returns
    -------
    tuple of Pieces
        The pieces, each drawn once; and those left out since they repeat another.
    """
    cut = np.flatnonzero(broken)
    same = lines.owner[cut[:-1]] == lines.owner[cut[1:]]
    first, last = cut[:-1][same], cut[1:][same]
    counts = last - first + 1
    rows = ranges(first, counts)
    road = lines.road[lines.owner[first]]
    parts = Lines(lines.lon_lat[rows], lines.xy[rows], starts(counts), road)
    owner = lines.owner[first]
    order = np.arange(len(first)) - np.searchsorted(owner, owner)
    all_pieces = Pieces(parts, lines.key[first], lines.key[last], geodesic_km(parts), order)
    all_pieces = all_pieces.pick(all_pieces.km > 0)
    rank = np.zeros(int(lines.road.max(initial=0)) + 1, np.int64) if rank is None else rank
    twice = _repeats(all_pieces, rank[all_pieces.lines.road])
    return all_pieces.pick(~twice), all_pieces.pick(twice)


def whole(lines: Lines) -> Pieces:
    """Take every line as one piece."""
    first, last = lines.start[:-1], lines.start[1:] - 1
    order = np.zeros(len(lines), np.int64)
    return Pieces(lines, lines.key[first], lines.key[last], geodesic_km(lines), order)


def _repeats(pieces: Pieces, rank: Ints) -> Bools:
    """Return pieces that draw the same line as another of no higher rank, in either direction."""
    low, high = np.minimum(pieces.tail, pieces.head), np.maximum(pieces.tail, pieces.head)
    table = pd.DataFrame({"low": low, "high": high, "n": np.diff(pieces.lines.start)})
    suspects = np.flatnonzero(table.duplicated(keep=False).to_numpy())
    suspects = suspects[np.argsort(rank[suspects], kind="stable")]
    twice = np.zeros(len(pieces), bool)
    if len(suspects):
        drawn = shapely.to_wkb(shapely.normalize(pieces.lines.pick(suspects).degrees))
        twice[suspects] = pd.Series(drawn).duplicated().to_numpy()
    return twice


def forward(pieces: Pieces) -> Pieces:
    """Draw each piece from its place of lower key, so that nothing depends on the file's order."""
    turn = pieces.tail > pieces.head
    counts = np.diff(pieces.lines.start)
    position = np.arange(len(pieces.lines.lon_lat)) - np.repeat(pieces.lines.start[:-1], counts)
    last = np.repeat(pieces.lines.start[1:] - 1, counts)
    rows = np.where(np.repeat(turn, counts), last - position, np.arange(len(position)))
    lines = Lines(
        pieces.lines.lon_lat[rows], pieces.lines.xy[rows], pieces.lines.start, pieces.lines.road
    )
    tail, head = np.where(turn, pieces.head, pieces.tail), np.where(turn, pieces.tail, pieces.head)
    return replace(pieces, lines=lines, tail=tail, head=head)


def piece_ids(pieces: Pieces, source_ids: NDArray[np.object_]) -> NDArray[np.object_]:
    """Name every piece by its source's id or else by its place.

    ``w123-2`` is the second piece of way 123; the number is left out where there is one piece
    only. Roads without an id are named by a hash of their drawn line (``r`` and 12 digits), so
    that the same file in another order gives the same ids.
    """
    source = source_ids[pieces.lines.road]
    hashed = np.array(
        [
            _hashed(wkb)
            for wkb in shapely.to_wkb(
                shapely.normalize(shapely.set_precision(pieces.lines.degrees, 0))
            )
        ],
        object,
    )
    table = pd.DataFrame({"source": source, "order": pieces.order, "hash": hashed})
    named = table["source"] != ""
    table = table[named].sort_values(["source", "order", "hash"])
    place = table.groupby("source").cumcount() + 1
    many = table.groupby("source")["hash"].transform("size") > 1
    ids = ("w" + table["source"]).where(~many, "w" + table["source"] + "-" + place.astype(str))
    result = hashed.copy()
    result[ids.index.to_numpy()] = ids.to_numpy()
    return result


def _hashed(wkb: bytes) -> str:
    return "r" + hashlib.blake2s(wkb, digest_size=6).hexdigest()


def node_name(key: int) -> str:
    """Return the id of an unnamed node: its place (see `roads_lines.place_key`) in base 36."""
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    text = ""
    while key:
        key, digit = divmod(key, 36)
        text = digits[digit] + text
    return "n" + (text or "0")
