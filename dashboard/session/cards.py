"""Which card is open in the panel, and the way back from it.

The cards of a town and of a route are part of the link; those of roads, events, supply points and
regions last as long as the session.
"""

import math
from dataclasses import replace
from typing import Final

from dashboard.runtime.callbacks import guarded
from dashboard.session import visit
from dashboard.session.visit import Card
from geodata.network.model import Network
from geodata.sharing.permalink import View

TOWN: Final = "town"
WAY: Final = "way"
TRAIL: Final = 20
CLOSE_ZOOM: Final = 7.5
"""Zoom at which roads of a few kilometres can be distinguished."""

ZOOM_MAX: Final = 10.0
"""Zoom to which a search goes at most, however small the network is."""

DEGREES_AT_0: Final = 1_100 * 360 / 256
"""Degrees of longitude that a map of 1,100 pixels shows at zoom 0."""


def opened() -> Card | None:
    """Return the open card, if one is."""
    here = visit.visit()
    town, way = here.state.town, here.state.way
    if town:
        return Card(TOWN, (town,))
    return Card(WAY, way) if way else here.card


@guarded
def show(kind: str, *ids: str) -> None:
    """Open a card; the one open before is a step back."""
    card, before = Card(kind, ids), opened()
    if card == before:
        return
    here = visit.visit()
    if before is not None:
        here.trail = (*here.trail, before)[-TRAIL:]
    _open(card)


@guarded
def back() -> None:
    """Go back to the card before, or to the panel."""
    here = visit.visit()
    card = here.trail[-1] if here.trail else None
    here.trail = here.trail[:-1]
    _open(card)


@guarded
def close() -> None:
    """Close all cards."""
    visit.visit().trail = ()
    _open(None)


def _open(card: Card | None) -> None:
    here = visit.visit()
    here.touched, here.hint = True, False
    kind, ids = (card.kind, card.ids) if card is not None else ("", ())
    here.card = None if kind == TOWN or (kind == WAY and ids) else card
    visit.change(town=ids[0] if kind == TOWN else None, way=ids if kind == WAY else ())


def zoom_of_whole(network: Network) -> float:
    """Return the zoom at which a map of 1,100 by 550 pixels shows all nodes of a network."""
    west, south, east, north = network.nodes.total_bounds
    degrees = max(east - west, 2 * (north - south))
    return math.log2(DEGREES_AT_0 / degrees) if degrees > 0 else ZOOM_MAX


def bring_into_sight(lat: float, lon: float, *, zoom: float | None = None) -> None:
    """Move the map to a place, unless it is in sight already.

    Parameters
    ----------
    lat, lon : float
        Degrees (EPSG:4326).
    zoom : float, optional
        Zoom to go to in any case; by default the map keeps its own.
    """
    view = visit.state().view
    if view is None and zoom is None:
        return  # the whole network is in sight
    if view is not None and zoom is None:
        reach = DEGREES_AT_0 / 2**view.zoom / 2
        if abs(view.lon - lon) < reach and abs(view.lat - lat) < reach / 2:
            return
    now = view.zoom if view is not None else 0.0
    wanted = max(now, zoom or 0.0)
    new = View(lat, lon, wanted) if view is None else replace(view, lat=lat, lon=lon, zoom=wanted)
    visit.change(view=new)
