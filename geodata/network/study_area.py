"""The area that a table of events is compared with: a country's outline, or a network's extent."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from geodata import schema as f
from geodata._paths import DATA_FOLDER

if TYPE_CHECKING:
    from geodata.network.model import Network

OUTLINES: Final = DATA_FOLDER / "admin0.geojson"
MALI: Final = "MLI"


def study_area(country: str = MALI, *, path: Path = OUTLINES) -> BaseGeometry | None:
    """Return outline of a country in EPSG:4326, or None where the shipped borders do not hold it.

    Parameters
    ----------
    country : str
        ISO 3166-1 alpha-3 code.
    path : Path
        The shipped borders, or others in the same form.
    """
    for feature in json.loads(path.read_text(encoding="utf-8"))["features"]:
        if feature["properties"].get(f.COUNTRY) == country:
            outline: BaseGeometry = shape(feature["geometry"])
            return outline
    return None


def network_area(network: "Network", *, shipped: bool) -> BaseGeometry | None:
    """Return the area that the events of a network must lie in, in EPSG:4326.

    Parameters
    ----------
    network : Network
    shipped : bool
        Whether it is the shipped network, whose area is Mali's outline. The area of any other
        network is the convex hull of its nodes and segments.
    """
    if shipped:
        return study_area()
    parts = [*network.nodes.geometry, *network.segments.geometry]
    hull: BaseGeometry = shapely.convex_hull(shapely.GeometryCollection(parts))
    return None if hull.is_empty else hull


def only_inside_may_close(events: pd.DataFrame, area: BaseGeometry | None) -> pd.DataFrame:
    """Return the events of which those outside an area may close no road.

    Parameters
    ----------
    events : DataFrame
        In the columns of `geodata.events.table`.
    area : shapely geometry in EPSG:4326, optional
        Without one every event keeps its ``may_close``. Up to 50 km outside still count as
        inside, for border crossings seen from the far side.

    Returns
    -------
    DataFrame
        Events without a point keep ``may_close`` as it is.
    """
    if area is None or area.is_empty or not len(events):
        return events
    lon, lat = events[f.LON].to_numpy(float), events[f.LAT].to_numpy(float)
    inside = shapely.contains_xy(widened(area), lon, lat) | np.isnan(lat)
    return events.assign(**{f.MAY_CLOSE: events[f.MAY_CLOSE].to_numpy(bool) & inside})


BORDER_DEGREES: Final = 0.45
"""How far beyond the study area's outline an event still counts as inside: about 50 km, so that
border crossings seen from the far side stay in."""


def widened(area: "BaseGeometry") -> "BaseGeometry":
    """Return the area with :data:`BORDER_DEGREES` around it, prepared for many questions."""
    import shapely

    wide = shapely.buffer(area, BORDER_DEGREES)
    shapely.prepare(wide)
    return wide
