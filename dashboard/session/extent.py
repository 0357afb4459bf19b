"""Where the subject of a card, or what is about to be cut, lies: the map brings it into sight."""

from collections.abc import Iterable
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from dashboard.session.visit import Card
from geodata import schema as f
from geodata.events.vocabulary import LocationPrecision
from geodata.network.model import Network

Extent = tuple[float, float, float, float]
"""South, west, north and east in degrees (EPSG:4326)."""

NODES: Final = frozenset({"town", "supply", "way"})


def extent(network: Network, events: pd.DataFrame, card: Card) -> Extent | None:
    """Return the box in which the subject of a card lies; None where it has no place.

    Parameters
    ----------
    network : Network
    events : pandas.DataFrame
        Those that a card may be about.
    card : Card
        A town or supply point, the ends of a way, a road, events, or a region. An event located
        only by region, and a region itself, lie where the nodes of the region are.
    """
    nodes = network.nodes
    if card.kind in NODES:
        rows = [network.node_number[each] for each in card.ids if each in network.node_number]
        return _box(nodes.geometry.iloc[rows])
    if card.kind == "road":
        row = network.segment_number.get(card.id)
        return None if row is None else _box(network.segments.geometry.iloc[[row]])
    if card.kind == "region":
        return _box(nodes.geometry[nodes[f.ADMIN1] == card.id])
    if card.kind == "events":
        return _box_of_events(nodes, events[events[f.EVENT_ID].isin(card.ids)])
    return None


def extent_of_roads(network: Network, segment_ids: Iterable[str]) -> Extent | None:
    """Return the box in which segments lie; None without any."""
    rows = [network.segment_number[each] for each in segment_ids]
    return _box(network.segments.geometry.iloc[rows])


def _box_of_events(nodes: gpd.GeoDataFrame, events: pd.DataFrame) -> Extent | None:
    regional = events[f.LOCATION_PRECISION] == LocationPrecision.REGION
    placed = events[~regional].dropna(subset=[f.LON, f.LAT])
    if len(placed):
        return _box(gpd.GeoSeries.from_xy(placed[f.LON], placed[f.LAT]))
    return _box(nodes.geometry[nodes[f.ADMIN1].isin(events[f.REGION])])


def _box(shapes: "pd.Series[Any] | gpd.GeoSeries") -> Extent | None:
    if not len(shapes):
        return None
    bounds = shapely.total_bounds(shapes.to_numpy())
    if not np.isfinite(bounds).all():
        return None
    west, south, east, north = bounds.round(4).tolist()
    return south, west, north, east
