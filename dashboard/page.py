"""What every part of the page draws from: the data, the state, the language, the names."""

import datetime as dt
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import streamlit as st

from dashboard import cache, session
from dashboard.names import Names
from dashboard.words import Words
from dashboard.map_model import LAYERS
from geodata import fields as f
from geodata.access import Access
from geodata.dataset import Dataset
from geodata.event_vocabulary import DatePrecision
from geodata.fields import SegmentState
from geodata.phases import preset_ids
from geodata.rules import rule_names
from geodata.situation import Situation
from geodata.state import Known, State
from geodata.timeline import LONGEST_DAYS, Timeline
from geodata.ways import Way

TABS: Final = ("towns", "segments", "reopen", "scenario", "events", "time", "compare", "share",
               "own", "method", "responsible")  # fmt: skip


@dataclass(frozen=True, eq=False)
class Page:
    """One run's view; results are computed when a part first asks for them."""

    dataset: Dataset
    state: State
    words: Words
    known: Known
    names: Names
    theme: str

    @cached_property
    def data(self) -> str:
        """Fingerprint of the data."""
        return cache.fingerprint(self.dataset)

    @cached_property
    def situation(self) -> Situation:
        """All that the state means on this data."""
        return cache.situation_of(self.dataset, self.data, self.state)

    @cached_property
    def access(self) -> Access:
        """Access of every town now, independent routes not counted."""
        return cache.access_of(self.dataset, self.data, self.situation)

    @cached_property
    def segment_states(self) -> dict[str, SegmentState]:
        """State of every segment now."""
        table = self.situation.segment_states
        return dict(zip(table[f.SEGMENT_ID], table[f.STATE], strict=True))

    @cached_property
    def period(self) -> tuple[dt.date, dt.date]:
        """First and last day that can be chosen: those of the events known to the day."""
        events = self.dataset.events
        known = events.loc[events[f.DATE_PRECISION] != DatePrecision.MONTH, f.DATE]
        days = known if len(known) else events[f.DATE]
        if not len(days):
            return dt.date(2025, 9, 3), dt.date(2025, 9, 3)
        last = days.max()
        return max(days.min(), last - dt.timedelta(days=LONGEST_DAYS - 1)), last

    @cached_property
    def timeline(self) -> Timeline:
        """Every day under what is cut, reopened and switched off by hand."""
        return cache.timeline_of(self.dataset, self.data, self.state, self.period)

    @cached_property
    def event_timeline(self) -> Timeline:
        """Every day under what reported events close, and nothing else."""
        bare = replace(self.state, cut=(), reopen=(), off=())
        return cache.timeline_of(self.dataset, self.data, bare, self.period)

    @cached_property
    def corridors(self) -> dict[str, tuple[str, ...]]:
        """Segments of each corridor that the events name."""
        table = self.dataset.corridor_segments
        return {str(name): tuple(rows[f.SEGMENT_ID]) for name, rows in table.groupby("corridor")}

    def way(self, town: str, *, before: bool = False) -> Way | None:
        """The way taken to a town now, or with nothing cut, closed or switched off."""
        scenario = self.situation.scenario
        wanted = scenario.baseline() if before else scenario
        return cache.way_of(self.dataset, self.data, wanted, town)


def open_page() -> Page:
    """Read the link and gather what this run draws from."""
    state = session.open_link(lambda wanted: known_of(dataset_of(wanted)))
    return page_of(state)


def current() -> Page:
    """The page of the state as it now is; for a part that runs by itself."""
    return page_of(session.state())


def page_of(state: State) -> Page:
    """The page of ``state`` in this session."""
    dataset = dataset_of(state)
    names = cache.names(dataset, dataset.network.fingerprint)
    return Page(dataset, state, Words(language(state)), known_of(dataset), names,
                st.context.theme.type or "light")  # fmt: skip


def known_of(dataset: Dataset) -> Known:
    """What a link may name on this data."""
    network = dataset.network
    return Known(segments=network.segment_ids, supply_points=network.supply_points,
                 towns=network.towns, layers=LAYERS, tabs=TABS, presets=preset_ids(),
                 corridors=tuple(sorted(set(dataset.corridor_segments["corridor"]))),
                 rules=rule_names())  # fmt: skip


def title() -> str:
    """Title of the browser's tab."""
    return Words(language(session.state()))("page.title")


def dataset_of(state: State) -> Dataset:
    """The data that ``state`` is seen on."""
    del state
    return cache.shipped_dataset()


def language(state: State) -> str:
    """The language chosen, or else the browser's."""
    return state.lang or ("fr" if (st.context.locale or "").lower().startswith("fr") else "en")
