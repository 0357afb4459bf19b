"""The visitor's own facilities: a layer of points, held in this session and nowhere else.

What closures mean for them is computed here and not in the results that all sessions share.
"""

from collections import OrderedDict
from dataclasses import dataclass, field, replace
from typing import Final

import geopandas as gpd
import streamlit as st

from dashboard.runtime.footprint import footprint
from dashboard.session import uploads
from geodata.analysis.facilities import Facilities, FacilityAccess, facilities, facility_access
from geodata.analysis.resolution import conditions
from geodata.conditions import Conditions
from geodata.dataset import Dataset
from geodata.errors import GeodataError
from geodata.scenario import Scenario
from geodata.schema import Traffic, Vehicle

_KEY: Final = "facilities"
KEPT: Final = 8
"""Scenarios whose results are kept."""


@dataclass
class OwnFacilities:
    """One layer and the latest results on it.

    Parameters
    ----------
    layer : GeoDataFrame
        Points as they were read.
    near_km : float
        Farthest node at which a facility is taken to stand.
    results : OrderedDict
        Results by network and scenario, the latest last.
    """

    layer: gpd.GeoDataFrame
    near_km: float
    results: OrderedDict[tuple[int, Conditions], FacilityAccess] = field(
        default_factory=OrderedDict
    )


def take(layer: gpd.GeoDataFrame, near_km: float) -> None:
    """Use a layer in this session, in place of the former one.

    Raises
    ------
    GeodataError
        If the session or the server holds too much already.
    """
    uploads.hold(_KEY, 2 * footprint(layer))
    st.session_state[_KEY] = OwnFacilities(layer, near_km)


def drop() -> None:
    """Use no layer any more."""
    st.session_state[_KEY] = None
    uploads.release(_KEY)


def layer() -> OwnFacilities | None:
    """Return the layer in use, if there is one."""
    mine: OwnFacilities | None = st.session_state.get(_KEY)
    return mine


def places(dataset: Dataset) -> Facilities | None:
    """Return the facilities on a network; None without a layer, or if none is near."""
    mine = layer()
    if mine is None:
        return None
    on_network = facilities(dataset.network, mine.layer, near_km=mine.near_km)
    return on_network if len(on_network.table) else None


def access(dataset: Dataset, scenario: Scenario) -> FacilityAccess | None:
    """Return access by light vehicles on the day of the view; None without facilities."""
    mine, on_network = layer(), places(dataset)
    if mine is None or on_network is None:
        return None
    now = conditions(dataset, replace(scenario, traffic=Traffic.LIGHT, vehicle=Vehicle.ANY))
    key = (id(dataset.network), now)
    if key not in mine.results:
        try:
            mine.results[key] = facility_access(dataset.network, now, on_network)
        except GeodataError:
            return None
        while len(mine.results) > KEPT:
            mine.results.popitem(last=False)
    mine.results.move_to_end(key)
    return mine.results[key]
