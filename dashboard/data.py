"""The data a session sees: the shipped or started-with network, and what the visitor opened."""

import argparse
import sys
from dataclasses import dataclass, field, replace
from functools import lru_cache

import pandas as pd
import streamlit as st

from dashboard.cache import VIEWS, Held
from geodata.dataset import Dataset, load, opened
from geodata.roads_upload import Upload
from geodata.sources import verify
from geodata.state import State

_KEY = "own_data"


@dataclass
class Own:
    """What one visitor opened; it lives in the session and nowhere else.

    Parameters
    ----------
    events : DataFrame or None
        Events added to the shipped ones, in their columns.
    events_name : str
        Name of the file they came from.
    shipped_events : bool
        Whether the shipped events count too.
    networks : dict of str to Dataset
        Networks with what their import found doubtful.
    held : dict
        Results on each combination of these.
    """

    events: pd.DataFrame | None = None
    events_name: str = ""
    shipped_events: bool = True
    networks: dict[str, Dataset] = field(default_factory=dict)
    held: dict[str, Held] = field(default_factory=dict)


@lru_cache(maxsize=1)
def started_with() -> Held:
    """The data that the app was started with: the shipped network, or ``--network DIR``.

    Raises
    ------
    GeodataError
        If a shipped file is missing or damaged, naming the file and the remedy.
    """
    for fault in verify():
        raise fault
    return Held(load(_folder()), limit=VIEWS)


def _folder() -> str | None:
    """Folder of the network named when the app was started."""
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--network")
    folder: str | None = parser.parse_known_args(sys.argv[1:])[0].network
    return folder


def own() -> Own:
    """What this visitor opened."""
    if _KEY not in st.session_state:
        st.session_state[_KEY] = Own()
    found: Own = st.session_state[_KEY]
    return found


def held(state: State) -> Held:
    """The data that ``state`` is seen on in this session, with the results on it."""
    mine = own()
    network = mine.networks.get(state.network)
    if network is None and mine.events is None and mine.shipped_events:
        return started_with()
    name = state.network if network is not None else ""
    if name not in mine.held:
        base = network or started_with().dataset
        shipped = base.with_shipped_events and mine.shipped_events
        mine.held[name] = Held(replace(base, added_events=mine.events,
                                       with_shipped_events=shipped))  # fmt: skip
    return mine.held[name]


def network_names() -> tuple[str, ...]:
    """Networks that the visitor opened."""
    return tuple(own().networks)


def take_events(events: pd.DataFrame | None, name: str, *, with_shipped: bool) -> None:
    """Use a table of events in this session, or none."""
    mine = own()
    mine.events, mine.events_name, mine.shipped_events = events, name, with_shipped
    mine.held.clear()


def take_network(name: str, made: Upload) -> None:
    """Hold an imported network in this session under ``name``."""
    mine = own()
    mine.networks[name] = opened(made.network, made.quality.places)
    mine.held.pop(name, None)
