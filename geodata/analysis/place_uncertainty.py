"""On which roads an event may lie whose place is known to a few kilometres only."""

from typing import Final

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geodata import schema as f
from geodata.dataset import Dataset
from geodata.events.corridors import NO_CORRIDOR
from geodata.events.matching import MatchBasis, Matches, km_per_degree
from geodata.events.rules import Rules
from geodata.events.vocabulary import LocationPrecision

POINTS: Final = 61
GOLDEN_ANGLE: Final = np.pi * (3 - np.sqrt(5))


def road_shares(
    dataset: Dataset, events: pd.DataFrame, reached: Matches, rules: Rules
) -> dict[int, dict[int, float]]:
    """Return share of the possible places of an event for which the rules choose each road near it.

    Only events that count on the nearest road are spread, over a disc of ``precision_km`` around
    their place, but no wider than the rules let such an event reach. At a crossroads each road
    counts, so that the shares of one event may add up to more than 1; where part of the disc is
    out of reach of any road they add up to less.

    Parameters
    ----------
    dataset : Dataset
    events : DataFrame
        In the order to which ``reached`` refers.
    reached : Matches
    rules : Rules

    Returns
    -------
    dict of int to dict of int to float
        Row of the event to row of the segment to its share, above 0.
    """
    network = dataset.network
    corridors = dataset.corridors.segments
    lines = network.segments.geometry.to_numpy()
    tree = shapely.STRtree(lines)
    nearest = {t.event for t in reached.touches if t.basis == MatchBasis.NEAREST}
    shares: dict[int, dict[int, float]] = {}
    for row in sorted(nearest):
        event = events.iloc[row]
        at_town = event[f.LOCATION_PRECISION] != LocationPrecision.SEGMENT
        limit = rules.reach_town_km if at_town else rules.reach_segment_km
        radius = event[f.PRECISION_KM]
        if pd.isna(radius) or radius <= 0:
            continue
        point = _point(dataset, event)
        near, km = _distances(lines, tree, point, min(float(radius), limit), limit)
        named = () if event[f.CORRIDOR] == NO_CORRIDOR else corridors.get(event[f.CORRIDOR], ())
        chosen = _chosen(km, np.isin(near, named), limit, rules.same_distance_km)
        counts = chosen.sum(axis=0)
        shares[row] = {int(s): int(n) / POINTS for s, n in zip(near, counts, strict=True) if n}
    return shares


def _point(dataset: Dataset, event: pd.Series) -> tuple[float, float]:
    node = dataset.network.node_number.get(event[f.NODE_ID])
    if node is None:
        return float(event[f.LON]), float(event[f.LAT])
    lon, lat = shapely.get_coordinates(dataset.network.nodes.geometry.iloc[node])[0]
    return float(lon), float(lat)


def _distances(
    lines: NDArray[np.object_],
    tree: shapely.STRtree,
    point: tuple[float, float],
    radius_km: float,
    limit_km: float,
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the segments near a disc, and the km from each of its points to each of them.

    Returns
    -------
    tuple of array of int, shape (n_near,), and array of float, shape (POINTS, n_near)
    """
    scale = np.array(km_per_degree(point[1]))
    wide = (1.02 * (radius_km + limit_km) + 0.01) / scale
    box = shapely.box(*(np.array(point) - wide), *(np.array(point) + wide))
    near = np.sort(tree.query(box)).astype(np.int64)
    local = shapely.transform(lines[near], lambda xy: (xy - point) * scale)
    # A sunflower spreads points evenly over a disc (Vogel, A better way to construct the
    # sunflower head, 1979).
    number = np.arange(POINTS)
    away, turn = radius_km * np.sqrt(number / POINTS), number * GOLDEN_ANGLE
    disc = shapely.points(away * np.cos(turn), away * np.sin(turn))
    return near, shapely.distance(disc[:, None], local[None, :])


def _chosen(
    km: NDArray[np.float64], named: NDArray[np.bool_], limit: float, same: float
) -> NDArray[np.bool_]:
    """Return which segments the rules choose for each point: a named corridor's first, then any."""
    within = km <= limit
    along = within & named
    allowed = np.where(along.any(axis=1, keepdims=True), along, within)
    least = np.where(allowed, km, np.inf).min(axis=1, initial=np.inf, keepdims=True)
    chosen: NDArray[np.bool_] = allowed & (km <= least + same)
    return chosen
