"""The visitor's own facilities: a layer of points, held in this session and nowhere else.

What closures mean for them is computed here and not in the results that all sessions share.
"""

import weakref
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final

import geopandas as gpd
import streamlit as st

from dashboard.runtime.footprint import footprint
from dashboard.runtime.ledger import LEDGER
from dashboard.session import uploads
from geodata.analysis.facilities import (
    FACILITY_KIND,
    Facilities,
    FacilityAccess,
    facilities,
    facility_access,
)
from geodata.analysis.resolution import conditions
from geodata.analysis.work import facility_work
from geodata.conditions import Conditions
from geodata.dataset import Dataset
from geodata.errors import GeodataError
from geodata.network.model import Network
from geodata.scenario import Scenario
from geodata.schema import Traffic, Vehicle

_KEY: Final = "facilities"
_RESULTS: Final = "facility_results"
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
    network : callable
        Returns the network that the results are on, or None once it is gone.
    placed : Facilities, optional
        The layer on that network.
    results : OrderedDict
        Results by scenario, the latest last.
    """

    layer: gpd.GeoDataFrame
    near_km: float
    network: Callable[[], Network | None] = lambda: None
    placed: Facilities | None = None
    results: OrderedDict[Conditions, FacilityAccess] = field(default_factory=OrderedDict)

    def on(self, network: Network) -> Facilities:
        """Return the facilities on a network; what was on another one is dropped.

        Raises
        ------
        GeodataError
            As `geodata.analysis.facilities.facilities`.
        """
        if self.placed is None or self.network() is not network:
            self.placed = facilities(network, self.layer, near_km=self.near_km)
            self.network = weakref.ref(network)
            self.results.clear()
        return self.placed


def take(layer: gpd.GeoDataFrame, near_km: float) -> None:
    """Use a layer in this session, in place of the former one.

    Raises
    ------
    GeodataError
        If the session or the server holds too much already.
    """
    uploads.hold(_KEY, 2 * footprint(layer))
    uploads.release(_RESULTS)
    st.session_state[_KEY] = OwnFacilities(layer, near_km)


def drop() -> None:
    """Use no layer any more."""
    st.session_state[_KEY] = None
    uploads.release(_KEY)
    uploads.release(_RESULTS)


def layer() -> OwnFacilities | None:
    """Return the layer in use, if there is one."""
    mine: OwnFacilities | None = st.session_state.get(_KEY)
    return mine


def places(dataset: Dataset) -> Facilities | None:
    """Return the facilities on a network; None without a layer, or if none is near."""
    mine = layer()
    if mine is None:
        return None
    on_network = mine.on(dataset.network)
    return on_network if len(on_network.table) else None


def access(dataset: Dataset, scenario: Scenario) -> FacilityAccess | None:
    """Return access by light vehicles on the day of the view; None without facilities.

    It is None too where it would take too much: `refusal` says so.
    """
    try:
        return _access(dataset, scenario)
    except GeodataError:
        return None


def refusal(dataset: Dataset, scenario: Scenario) -> GeodataError | None:
    """Return why there is no access to the facilities in use, if there is none."""
    try:
        _access(dataset, scenario)
    except GeodataError as fault:
        return fault.again()
    return None


def _access(dataset: Dataset, scenario: Scenario) -> FacilityAccess | None:
    mine, on_network = layer(), places(dataset)
    if mine is None or on_network is None:
        return None
    now = conditions(dataset, replace(scenario, traffic=Traffic.LIGHT, vehicle=Vehicle.ANY))
    if now not in mine.results:
        kinds = on_network.table[FACILITY_KIND].nunique()
        work = facility_work(dataset.network, kinds, len(on_network.table))
        with LEDGER.computing(work.memory, work.seconds):
            result = facility_access(dataset.network, now, on_network)
        kept = [*mine.results.values()][1 - KEPT :]
        uploads.hold(_RESULTS, footprint([*kept, result]))
        while len(mine.results) >= KEPT:
            mine.results.popitem(last=False)
        mine.results[now] = result
    mine.results.move_to_end(now)
    return mine.results[now]
