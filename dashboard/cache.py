"""What is computed once and handed to every session: frozen, bounded, never pickled.

Results are kept as they are, not copied: they are frozen dataclasses whose tables nobody here
changes (pandas copies on write). A key holds the data's fingerprint and all of the state that
the result depends on, so that no session reads another's answer.
"""

import datetime as dt
import hashlib
from dataclasses import replace
from typing import Final
from weakref import WeakKeyDictionary

import streamlit as st

from dashboard.names import Names
from geodata.access import Access, access
from geodata.dataset import Dataset, shipped
from geodata.scenario import Scenario
from geodata.situation import Situation, rules_of, scenario_of, situation
from geodata.state import State
from geodata.timeline import Timeline, replay
from geodata.ways import Way, way

DATASETS: Final = 32
VIEWS: Final = 512
REPLAYS: Final = 48

_fingerprints: WeakKeyDictionary[Dataset, str] = WeakKeyDictionary()


@st.cache_resource(show_spinner=False)
def shipped_dataset() -> Dataset:
    """The shipped data set."""
    return shipped()


@st.cache_resource(show_spinner=False, max_entries=DATASETS)
def names(_dataset: Dataset, fingerprint: str) -> Names:  # noqa: ARG001
    """Names of one network's nodes and segments."""
    return Names(_dataset.network)


def fingerprint(dataset: Dataset) -> str:
    """What tells one data set from another: its network and its events."""
    if dataset not in _fingerprints:
        events = dataset.events.to_json(orient="values", date_format="iso", default_handler=str)
        content = dataset.network.fingerprint + events
        _fingerprints[dataset] = hashlib.sha256(content.encode()).hexdigest()[:16]
    return _fingerprints[dataset]


def situation_of(dataset: Dataset, data: str, state: State) -> Situation:
    """Everything one view shows; what only the eye changes is left out of the key."""
    bare = scenario_state(state)
    return _situation(dataset, data, repr(bare), bare)


def access_of(dataset: Dataset, data: str, found: Situation) -> Access:
    """Access of every town, independent routes not counted."""
    return _access(dataset, data, repr(found.scenario), found.scenario)


def way_of(dataset: Dataset, data: str, scenario: Scenario, town: str) -> Way | None:
    """The way taken to a town."""
    return _way(dataset, data, repr(scenario), town, scenario)


def scenario_state(state: State) -> State:
    """The state without what only the eye changes."""
    return replace(state, lang=None, town=None, view=None, hide=(), corridor=(), region=(), tab="",
                   title="", notes=(), data="")  # fmt: skip


@st.cache_resource(show_spinner=False, max_entries=VIEWS)
def _situation(_dataset: Dataset, data: str, key: str, _state: State) -> Situation:  # noqa: ARG001
    return situation(_dataset, _state)


@st.cache_resource(show_spinner=False, max_entries=VIEWS)
def _access(_dataset: Dataset, data: str, key: str, _scenario: Scenario) -> Access:  # noqa: ARG001
    return access(_dataset.network, _scenario, count_routes=False)


@st.cache_resource(show_spinner=False, max_entries=VIEWS)
def _way(_dataset: Dataset, data: str, key: str, town: str, _scenario: Scenario) -> Way | None:  # noqa: ARG001
    return way(_dataset.network, _scenario, town)


def timeline_of(dataset: Dataset, data: str, state: State, days: tuple[dt.date, dt.date]
                ) -> Timeline:  # fmt: skip
    """Every day of a period under what the state cuts, reopens and switches off by hand."""
    bare = replace(scenario_state(state), date=None, preset=None, compare="", window=1)
    return _timeline(dataset, data, repr(bare), days, bare)


@st.cache_resource(show_spinner=False, max_entries=REPLAYS)
def _timeline(
    _dataset: Dataset,
    data: str,  # noqa: ARG001
    key: str,  # noqa: ARG001
    days: tuple[dt.date, dt.date],
    _state: State,
) -> Timeline:
    return replay(_dataset.network, _dataset.events, *days, scenario=scenario_of(_dataset, _state),
                  rules=rules_of(_state), traffic=_state.traffic,
                  corridor_segments=_dataset.corridor_segments)  # fmt: skip
