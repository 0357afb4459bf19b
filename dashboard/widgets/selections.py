"""Names of road numbers, corridors and areas, as a reader says them."""

from typing import Final

import numpy as np
import pyproj

from dashboard.page import Page
from geodata.network.selection import Area, Circle, CorridorName, RoadNumber, Selection

AT_KM = 3.0
"""A circle whose centre lies within this distance of a place is named after it."""

WHOLE_KM: Final = 10
"""From this radius on a circle that was drawn is named by whole kilometres."""


def name(page: Page, selection: Selection) -> str:
    """Return the name of a part of the network: ``RN6``, ``30 km around Mopti``."""
    words = page.words
    match selection:
        case RoadNumber(number):
            return words("cutting.name_number", number=number)
        case CorridorName(corridor):
            return words("cutting.name_corridor", name=corridor)
        case Circle(lon, lat, km):
            place, distance = _nearest(page, lon, lat)
            radius = words.number(km, decimals=0 if km == round(km) or km >= WHOLE_KM else 1)
            key = "cutting.name_circle" if distance <= AT_KM else "cutting.name_circle_near"
            return words(key, km=radius, place=place)
        case Area(shape):
            middle = shape.representative_point()
            return words("cutting.name_area", place=_nearest(page, middle.x, middle.y)[0])


def _nearest(page: Page, lon: float, lat: float) -> tuple[str, float]:
    """Name of the nearest town or supply point, and its distance in km."""
    network = page.dataset.network
    ids = [*network.towns, *network.supply_points]
    rows = [network.node_number[each] for each in ids]
    nodes = network.nodes.geometry.iloc[rows]
    lons, lats = np.full(len(rows), lon), np.full(len(rows), lat)
    km = pyproj.Geod(ellps="WGS84").inv(lons, lats, nodes.x, nodes.y)[2] / 1000
    first = int(np.argmin(km))
    return page.names.node(ids[first]), float(km[first])
