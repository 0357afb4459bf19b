"""What may close several segments at once: corridors, and river crossings."""

import re
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from geodata import schema as f
from geodata.dataset import Dataset
from geodata.events.matching import km_per_degree
from geodata.network.model import Network

CROSSING: Final = "crossing "
"""What a river crossing is called, before the id of the first of its segments."""

SAME_CROSSING_KM: Final = 0.5
"""Segments that cross one river within this distance use one crossing. An assumption: the two
carriageways of a bridge lie within tens of metres, and the river is drawn coarsely."""

_WATER: Final = re.compile(r"\b(?:bridges?|ferry|rivers?|crossings?|crossed)\b", re.IGNORECASE)


def dangers_of_segments(dataset: Dataset, row: NDArray[np.int64]) -> list[tuple[str, ...]]:
    """Return the corridors and river crossings of each of some segments.

    A segment has a river crossing where the network says that it has a bridge, is a ferry, or
    crosses a river without either. Two have the same one where both cross a river of the base
    layers within `SAME_CROSSING_KM`.

    Parameters
    ----------
    dataset : Dataset
    row : array of int
        Rows of the segments.

    Returns
    -------
    list of tuple of str
        Names of corridors, then ``CROSSING`` with a segment id.
    """
    of: dict[int, list[str]] = {}
    for name, rows in sorted(dataset.corridors.segments.items()):
        for segment in rows:
            of.setdefault(segment, []).append(name)
    for segment, names in _crossings(dataset).items():
        of.setdefault(segment, []).extend(names)
    return [tuple(of.get(int(segment), ())) for segment in row]


def crosses_water(network: Network) -> NDArray[np.bool_]:
    """Return which segments cross a river, by what the network says of them."""
    segments = network.segments
    crosses = np.zeros(len(segments), dtype=bool)
    if f.BRIDGE_STRUCTURE in segments:
        crosses |= segments[f.BRIDGE_STRUCTURE].astype(bool).to_numpy()
    if f.MODE in segments:
        crosses |= (segments[f.MODE] == f.FERRY).to_numpy(bool)
    if f.CROSSING_NOTES in segments:
        notes = segments[f.CROSSING_NOTES].fillna("").astype(str)
        crosses |= notes.str.contains(_WATER).to_numpy(bool)
    return crosses


def _crossings(dataset: Dataset) -> dict[int, list[str]]:
    """Return the river crossings of each segment that has any, by the segment's row."""
    network = dataset.network
    over = np.flatnonzero(crosses_water(network))
    ids = network.segment_ids
    shared: dict[int, set[str]] = {}
    segment, place = _places(dataset, over)
    for number in np.unique(place):
        rows = sorted({int(each) for each in segment[place == number]}, key=lambda r: ids[r])
        if len(rows) > 1:
            for each in rows:
                shared.setdefault(each, set()).add(CROSSING + ids[rows[0]])
    return {int(each): sorted(shared.get(int(each), {CROSSING + ids[each]})) for each in over}


def _places(
    dataset: Dataset, over: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return where segments cross a drawn river: the segment and the place of each crossing."""
    lines = dataset.network.segments.geometry.to_numpy()[over]
    rivers = dataset.layers["rivers"].geometry.to_numpy()
    line, river = shapely.STRtree(rivers).query(lines, predicate="intersects")
    meetings = shapely.intersection(lines[line], rivers[river])
    points, which = shapely.get_parts(meetings, return_index=True)
    if not len(points):
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    lon_lat = shapely.get_coordinates(shapely.centroid(points))
    scale = np.array(km_per_degree(float(lon_lat[:, 1].mean())))
    near = shapely.points(lon_lat * scale)
    here, there = shapely.STRtree(near).query(near, "dwithin", SAME_CROSSING_KM)
    same = river[which][here] == river[which][there]
    pairs = np.ones(int(same.sum()), dtype=np.int8), (here[same], there[same])
    place = connected_components(csr_array(pairs, shape=(len(near),) * 2), directed=False)[1]
    return over[line[which]], place.astype(np.int64)
