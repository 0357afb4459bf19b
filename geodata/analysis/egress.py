"""Exit routes of a town by light vehicle: border crossings by road, airports in a straight line."""

from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geodata import schema as f
from geodata.analysis.paths import UNIT, shortest_paths
from geodata.conditions import Conditions, check_town
from geodata.network.model import Network
from geodata.schema import Measure

BORDER_CROSSING: Final = "border_crossing"
EARTH_RADIUS_KM: Final = 6371.0088
"""Mean radius of the Earth (IUGG)."""


def reachable_crossings(network: Network, scenario: Conditions, town: str) -> pd.DataFrame:
    """Border crossings that can be reached from a town over passable segments, nearest first.

    Parameters
    ----------
    network : Network
    scenario : Conditions
        For light vehicles: its vehicle and its closures say what they may use. Its supply
        points do not matter here.
    town : str

    Returns
    -------
    DataFrame
        ``node_id, name, country, distance_km``.

    Raises
    ------
    UnknownIdError
        If the network has no such town.
    """
    check_town(network, town)
    start = np.array([network.node_number[town]], dtype=np.int64)
    mask = scenario.on(network).passable
    km = shortest_paths(network, mask, start, by=Measure.KM).cost / UNIT
    nodes = network.nodes.assign(**{f.DISTANCE_KM: km})
    reached = (nodes[f.KIND] == BORDER_CROSSING) & np.isfinite(km)
    columns = [f.NODE_ID, f.NAME, f.COUNTRY, f.DISTANCE_KM]
    crossings = pd.DataFrame(nodes.loc[reached, columns])
    return crossings.sort_values([f.DISTANCE_KM, f.NODE_ID], ignore_index=True)


def nearest_airports(
    network: Network, airports: gpd.GeoDataFrame, town: str, *, count: int = 1
) -> pd.DataFrame:
    """Return airports nearest to a town in a straight line; whether they are in use is not known.

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
    here = shapely.get_coordinates(network.nodes.geometry.iloc[network.node_number[town]])[0]
    there = shapely.get_coordinates(airports.geometry.to_numpy())
    (lon, lat), (lons, lats) = np.radians(here), np.radians(there).T
    across = np.cos(lat) * np.cos(lats) * np.sin((lons - lon) / 2) ** 2
    half = np.sin((lats - lat) / 2) ** 2 + across
    km = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(half))
    table = pd.DataFrame(airports.drop(columns=f.GEOMETRY)).assign(**{f.DISTANCE_KM: km})
    return table.sort_values(f.DISTANCE_KM, kind="stable", ignore_index=True).head(count)
