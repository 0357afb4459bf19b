"""Exit routes of a town: each road across the border of its country, and airports."""

from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geodata import schema as f
from geodata.analysis.paths import ShortestPaths, shortest_paths
from geodata.conditions import Conditions, check_town
from geodata.network.geodesy import distances_km
from geodata.network.model import Network
from geodata.schema import Measure, SegmentState

KIND: Final = "kind"
WEATHER_STATION: Final = "weather_station"
POST: Final = "post"
BEYOND: Final = "beyond"
SEGMENTS: Final = "segments"
CLOSED_SEGMENTS: Final = "closed_segments"
COLUMNS: Final = (
    f.COUNTRY, f.SEGMENT_ID, POST, BEYOND, f.DISTANCE_KM, f.HOURS, f.STATE, SEGMENTS,
    CLOSED_SEGMENTS,
)  # fmt: skip
"""Mean radius of the Earth (IUGG)."""


def ways_out(network: Network, scenario: Conditions, town: str) -> pd.DataFrame:
    """Return the way from a town across each border road of its country, the nearest first.

    A way leads inside the country to the post on this side, then over the border road. Ways free
    of escort come before those under escort, even where they are longer.

    Parameters
    ----------
    network : Network
    scenario : Conditions
        Its vehicle and closures say what is passable; its supply points do not matter.
    town : str
        Node id.

    Returns
    -------
    DataFrame
        ``country`` (of the other side), ``segment_id`` (the border road), ``post`` and ``beyond``
        (node ids on this and the other side), ``distance_km, hours`` (NaN where nothing is
        passable), ``state`` (open, escort_only or closed), ``segments`` (ids in the order driven;
        of a closed way those with nothing closed, empty if there never is one) and
        ``closed_segments`` (those of them that are not passable now).

    Raises
    ------
    UnknownIdError
        If the network has no such town.
    """
    check_town(network, town)
    start = network.node_number[town]
    countries = network.nodes[f.COUNTRY].to_numpy(object)
    home = countries == countries[start]
    inside = home[network.tail] & home[network.head]
    roads = scenario.on(network)
    now = roads.passable
    masks = {
        SegmentState.OPEN: roads.escort_free,
        SegmentState.ESCORT_ONLY: now,
        SegmentState.CLOSED: scenario.baseline().on(network).passable,
    }
    origin = np.array([start], dtype=np.int64)
    paths = {
        state: (mask, shortest_paths(network, mask & inside, origin, by=scenario.by))
        for state, mask in masks.items()
    }
    border = np.flatnonzero(home[network.tail] != home[network.head])
    rows = [_row(network, paths, now, home, int(row)) for row in border]
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    order = table[f.STATE].map({state: place for place, state in enumerate(masks)})
    measure = f.DISTANCE_KM if scenario.by == Measure.KM else f.HOURS
    table = table.assign(order=order).sort_values(
        ["order", measure, f.SEGMENT_ID], ignore_index=True
    )
    return table.drop(columns="order")


def _row(
    network: Network,
    paths: dict[SegmentState, tuple[NDArray[np.bool_], ShortestPaths]],
    now: NDArray[np.bool_],
    home: NDArray[np.bool_],
    border: int,
) -> list[object]:
    """Return the best way over one border road."""
    ends = int(network.tail[border]), int(network.head[border])
    post, beyond = ends if home[ends[0]] else ends[::-1]
    way: list[int] = []
    state = SegmentState.CLOSED
    for each, (mask, paths_found) in paths.items():
        if mask[border] and paths_found.reached[post]:
            state, way = each, [*paths_found.segments_to(post), border]
            break
    closed = state == SegmentState.CLOSED
    ids = [network.segment_ids[row] for row in way]
    return [
        network.nodes[f.COUNTRY].iloc[beyond],
        network.segment_ids[border],
        network.node_ids[post],
        network.node_ids[beyond],
        np.nan if closed else float(network.length_km[way].sum()),
        np.nan if closed else float(network.hours[way].sum()),
        state,
        tuple(ids),
        tuple(i for i, row in zip(ids, way, strict=True) if not now[row]),
    ]


def nearest_airports(
    network: Network, airports: gpd.GeoDataFrame, town: str, *, count: int = 1
) -> pd.DataFrame:
    """Return airports nearest to a town in a straight line; whether they are in use is not known.

    Weather stations of the layer are left out: no aircraft need land there.

    Parameters
    ----------
    network : Network
    airports : GeoDataFrame
        Points in EPSG:4326 with the columns of the shipped layer.
    town : str
    count : int

    Returns
    -------
    DataFrame
        The rows of ``airports`` without geometry, with ``distance_km`` by the haversine formula
        on a sphere of the Earth's mean radius; nearest first.

    Raises
    ------
    UnknownIdError
        If the network has no such town.
    """
    check_town(network, town)
    if KIND in airports:
        airports = airports[airports[KIND] != WEATHER_STATION]
    lon, lat = shapely.get_coordinates(network.nodes.geometry.iloc[network.node_number[town]])[0]
    lons, lats = shapely.get_coordinates(airports.geometry.to_numpy()).T
    km = distances_km(lat, lon, lats, lons)
    table = pd.DataFrame(airports.drop(columns=f.GEOMETRY)).assign(**{f.DISTANCE_KM: km})
    return table.sort_values(f.DISTANCE_KM, kind="stable", ignore_index=True).head(count)
