"""Rivers among the lines of a roads file: what lies between a town and its road."""

from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geodata.roads.geometry import Plane
from geodata.roads.tag_access import NO_ROAD

_RIVERS: Final = r"(?:waterway|class)=(?:river|canal)\b|subtype=water"


def rivers_of(roads: gpd.GeoDataFrame, table: pd.DataFrame, plane: Plane) -> NDArray[np.object_]:
    """Return the rivers and canals among the lines, in metres of the plane.

    Parameters
    ----------
    roads : GeoDataFrame
        Lines in EPSG:4326.
    table : DataFrame
        Their attributes, as from `roads_tags.road_table`.
    plane : Plane
        Map of the roads.
    """
    river = table[NO_ROAD].str.contains(_RIVERS).to_numpy(bool)
    parts = shapely.get_parts(roads.geometry.to_numpy()[river])
    lon_lat, owner = shapely.get_coordinates(parts, return_index=True)
    if not len(lon_lat):
        return np.zeros(0, object)
    return np.asarray(shapely.linestrings(plane.metres(lon_lat), indices=owner), object)
