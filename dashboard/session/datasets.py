"""The data a session sees: the shipped or started-with network, and what the visitor opened."""

import argparse
import sys
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Final

import pandas as pd
import streamlit as st

from dashboard.map.assets import geometry_of
from dashboard.map.tiles import is_tiled
from dashboard.runtime.footprint import footprint
from dashboard.session import uploads
from dashboard.session.desk import counted_at, dataset_at, events_of
from dashboard.session.results import OWN_VIEWS, VIEWS, AnalysisCache
from geodata.analysis.fuel_own import usable_own
from geodata.dataset import Dataset, load, opened
from geodata.desk.event_table import Counted, with_desk
from geodata.network.provenance import verify
from geodata.readers.fuel_table import FuelTable
from geodata.roads.upload import Upload
from geodata.sharing.permalink import ViewState

_KEY: Final = "own_data"
_TABLE: Final = "table"
_FUEL: Final = "fuel_table"


@dataclass
class SessionData:
    """What one visitor opened; it lives in the session and nowhere else.

    Parameters
    ----------
    events : DataFrame or None
        Events added to the shipped ones, in their columns.
    events_name : str
        Name of the file they came from.
    shipped_events : bool
        Whether the shipped events count too.
    fuel : FuelTable, optional
        Tanks, use and deliveries by town, as read from a file.
    fuel_name : str
        Name of that file.
    networks : dict of str to Dataset
        Networks with what their import found doubtful.
    held : dict
        Results on each combination of these.
    """

    events: pd.DataFrame | None = None
    events_name: str = ""
    shipped_events: bool = True
    fuel: FuelTable | None = None
    fuel_name: str = ""
    networks: dict[str, Dataset] = field(default_factory=dict)
    held: dict[str, AnalysisCache] = field(default_factory=dict)


@lru_cache(maxsize=1)
def started_with() -> AnalysisCache:
    """Return the data that the app was started with: the shipped network, or ``--network DIR``.

    Raises
    ------
    GeodataError
        If a shipped file is missing or damaged, naming the file and the remedy.
    """
    for fault in verify():
        raise fault
    dataset = load(network_folder())
    return AnalysisCache(dataset, limit=OWN_VIEWS if is_tiled(dataset.network) else VIEWS)


def network_folder() -> str | None:
    """Return the folder of the network named when the app was started."""
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--network")
    folder: str | None = parser.parse_known_args(sys.argv[1:])[0].network
    return folder


def own() -> SessionData:
    """Return what this visitor opened."""
    if _KEY not in st.session_state:
        st.session_state[_KEY] = SessionData()
    data: SessionData = st.session_state[_KEY]
    return data


def held(state: ViewState) -> AnalysisCache:
    """Return the data that ``state`` is seen on in this session, with the results on it."""
    data = own()
    network = data.networks.get(state.network)
    if network is None and data.events is None and data.shipped_events and data.fuel is None:
        return at_desk(state.desk) if state.desk else started_with()
    name = state.network if network is not None else ""
    if state.desk:
        name = f"{name} desk {state.desk} {counted_at(state.desk).digest}"
    if name not in data.held:
        base = network or started_with().dataset
        shipped = base.with_shipped_events and data.shipped_events
        dataset = replace(
            base,
            added_events=data.events,
            with_shipped_events=shipped,
            own_fuel=None if data.fuel is None else usable_own(base.network, data.fuel.rows)[0],
        )
        dataset = dataset_at(dataset, state.desk)
        data.held[name] = AnalysisCache(dataset, allow=uploads.holder(f"results {name}"))
    return data.held[name]


def at_desk(code: str) -> AnalysisCache:
    """Return the data that the app was started with, and the desk's events at a version.

    Raises
    ------
    GeodataError
        If there is no desk here, no such version, or no answer.
    """
    return _with_events(counted_at(code))


@lru_cache(maxsize=4)
def _with_events(counted: Counted) -> AnalysisCache:
    dataset = with_desk(started_with().dataset, events_of(counted))
    return AnalysisCache(dataset, limit=VIEWS)


def any_own() -> bool:
    """Return whether the visitor uses data of their own."""
    data = own()
    return bool(data.networks) or data.events is not None or data.fuel is not None


def network_names() -> tuple[str, ...]:
    """Return the networks that the visitor opened."""
    return tuple(own().networks)


def take_events(events: pd.DataFrame | None, name: str, *, with_shipped: bool) -> None:
    """Use a table of events in this session, or none.

    Raises
    ------
    GeodataError
        If the session or the server holds too much already; the former table stays in use.
    """
    data = own()
    _account(_TABLE, events)
    data.events, data.events_name, data.shipped_events = events, name, with_shipped
    _forget_results(tuple(data.held))


def take_fuel(table: FuelTable | None, name: str) -> None:
    """Use a table of tanks, use and deliveries in this session, or none.

    Raises
    ------
    GeodataError
        If the session or the server holds too much already; the former table stays in use.
    """
    data = own()
    _account(_FUEL, table)
    data.fuel, data.fuel_name = table, name
    _forget_results(tuple(data.held))


def take_network(name: str, made: Upload) -> None:
    """Hold an imported network in this session under ``name``, in place of one of that name.

    Raises
    ------
    GeodataError
        If the session or the server holds too much already; nothing is changed then.
    """
    data = own()
    dataset = opened(made.network, made.quality.places)
    # Its arrays, indices and graph are made from the tables when they are first needed.
    size = 2 * footprint(dataset) + len(geometry_of(made.network)[0])
    uploads.hold(f"network {name}", size)
    data.networks[name] = dataset
    _forget_results_on(name)


def drop_network(name: str) -> None:
    """Hold a network no longer."""
    own().networks.pop(name, None)
    uploads.release(f"network {name}")
    _forget_results_on(name)


def _account(name: str, table: pd.DataFrame | FuelTable | None) -> None:
    """Count a table in the session's memory in place of the one before, or only release that."""
    if table is None:
        uploads.release(name)
    else:
        # The data sets made with it hold its rows a second time.
        uploads.hold(name, 2 * footprint(table))


def _forget_results_on(network: str) -> None:
    _forget_results(tuple(name for name in own().held if name.partition(" desk ")[0] == network))


def _forget_results(names: tuple[str, ...]) -> None:
    for name in names:
        own().held.pop(name, None)
        uploads.release(f"results {name}")
