"""What every part of the page draws from: the data, the state, the language, the names."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.map.tiles import is_tiled
from dashboard.map.view_model import LAYERS
from dashboard.session import datasets, desk, person, results, visit
from dashboard.session.places import TABS, panel_of
from dashboard.session.results import DAWN, AnalysisCache, Days
from dashboard.translate import Translator
from geodata import schema as f
from geodata.analysis.accessibility import Access
from geodata.analysis.critical_links import cuts_isolating
from geodata.analysis.critical_pairs import pairs_table
from geodata.analysis.cuts import CutPreview, preview
from geodata.analysis.egress import nearest_airports, ways_out
from geodata.analysis.explanation import Explanation, explain
from geodata.analysis.fuel import Fuel
from geodata.analysis.paths import Route, route
from geodata.analysis.resolution import conditions, last_report
from geodata.analysis.situation import Situation
from geodata.analysis.timeline import TOWN_STATES, Timeline, replay
from geodata.analysis.way_between import WayBetween, way_between
from geodata.analysis.work import Work, pairs_work
from geodata.analysis.working_memory import replay_bytes
from geodata.cached import cached_property
from geodata.conditions import STATES
from geodata.dataset import Dataset
from geodata.network.names import Names
from geodata.scenario import Scenario
from geodata.schema import Cause, SegmentState, TownState, Traffic, Vehicle
from geodata.sharing.fingerprints import known
from geodata.sharing.permalink import KnownIds, ViewState, compared
from geodata.sharing.publication import Sensitivity, coarser, events_shown

AIRPORTS: Final = 3
"""Airports that a town's card names."""


@dataclass(frozen=True, eq=False)
class Page:
    """One run's view; results are computed when a part first asks for them."""

    held: AnalysisCache
    state: ViewState
    words: Translator
    theme: str

    @property
    def dataset(self) -> Dataset:
        """The data set in use."""
        return self.held.dataset

    @property
    def names(self) -> Names:
        """Names of nodes and segments in the language of the page."""
        return self.held.names[self.words.lang]

    @property
    def title(self) -> str:
        """Heading of the page: for another network than the shipped one, that network's."""
        if self.dataset.shipped_network:
            return self.words("page.title")
        return self.dataset.network.title or self.words("page.own_title")

    @property
    def known(self) -> KnownIds:
        """What a link may name."""
        return known_of(self.held)

    @property
    def panel(self) -> str:
        """Panel beside the map; while a table lies open under it, the one that was open before."""
        return panel_of(self.state.tab if self.state.tab != "time" else visit.visit().folded)

    @property
    def corridors(self) -> dict[str, tuple[str, ...]]:
        """Segments of each corridor that the events name."""
        return self.held.corridors

    @property
    def period(self) -> Days:
        """First and last day that can be chosen."""
        return self.held.period

    @property
    def strip(self) -> Days:
        """Days drawn under the map: of the shipped data those from the month before the blockade.

        The few reports of earlier months stand in the tables, and the date field reaches them.
        """
        first, last = self.period
        month_before = DAWN.replace(month=DAWN.month - 1, day=1)
        shown = self.dataset.shipped_network and month_before < last
        return (max(first, month_before), last) if shown else (first, last)

    @cached_property
    def situation(self) -> Situation:
        """All that the state means on this data."""
        return results.situation(self.held, self.state.scenario)

    @cached_property
    def access(self) -> Access:
        """Access of every town now, independent routes not counted."""
        return results.access_of(self.held, self.situation)

    @cached_property
    def reported(self) -> pd.DataFrame:
        """All events as this visitor's role may read them.

        What closes is computed on the whole of them; nothing that is drawn may read another table.
        """
        events, hidden = self.dataset.events, self.untold
        if not hidden:
            return events
        return self.held.get(
            ("reported", hidden),
            lambda: coarser(events, events[f.EVENT_ID].isin(hidden), self.situation),
        )

    @cached_property
    def events(self) -> pd.DataFrame:
        """Events of the window up to the date, as `reported`; all of them without a date."""
        return self.reported.loc[events_shown(self.dataset, self.state).index]

    @cached_property
    def isolated_by(self) -> dict[Cause, tuple[str, ...]]:
        """Towns isolated by each cause, most people first."""
        return self.held.get(("isolated-by", self.situation.scenario), self._isolated_by)

    def _isolated_by(self) -> dict[Cause, tuple[str, ...]]:
        towns = self.access.towns
        isolated = towns[towns[f.ISOLATED].to_numpy(bool)]
        order = isolated.sort_values([f.POPULATION, f.NAME], ascending=[False, True])
        causes, ids = order[f.ISOLATED_BY].tolist(), order[f.NODE_ID].tolist()
        return {
            cause: tuple(town for town, by in zip(ids, causes, strict=True) if by == cause)
            for cause in Cause
        }

    @cached_property
    def untold(self) -> frozenset[str]:
        """Events of the desk whose own words this visitor's role does not show."""
        code = self.state.desk
        if not code or person.level() == Sensitivity.FULL:
            return frozenset()
        return desk.counting_at(code).replaced

    @cached_property
    def last_report(self) -> dt.date | None:
        """Day of the last event in use."""
        return last_report(self.dataset.events)

    @cached_property
    def compared(self) -> "Page | None":
        """The page of the scenario that this one is compared with."""
        other = compared(self.state)
        return replace(self, state=other) if other else None

    @cached_property
    def shut_or_unsafe(self) -> dict[str, SegmentState]:
        """State of each segment that is neither open nor impassable, in the network's order."""
        network = self.dataset.network
        now = self.situation.conditions.on(network)
        rows = np.flatnonzero(~now.has_state(SegmentState.OPEN, SegmentState.IMPASSABLE))
        return {network.segment_ids[row]: STATES[now.codes[row]] for row in rows}

    def state_of(self, segment: str) -> SegmentState | None:
        """State of a segment now; None if the network has no such segment."""
        network = self.dataset.network
        row = network.segment_number.get(segment)
        return None if row is None else STATES[self.situation.conditions.on(network).codes[row]]

    @property
    def large(self) -> bool:
        """Whether the network is so large that days are replayed on request only."""
        return is_tiled(self.dataset.network)

    @cached_property
    def events_a_day(self) -> list[int]:
        """Number of events reported on each day of the period."""
        first, last = self.period
        counts = Counter(self.dataset.events[f.DATE])
        return [
            counts[first + dt.timedelta(days=number)] for number in range((last - first).days + 1)
        ]

    @cached_property
    def timeline(self) -> Timeline:
        """Every day under what is cut, reopened and switched off by hand."""
        return self._replayed(self.state.scenario)

    @cached_property
    def event_timeline(self) -> Timeline:
        """Every day under what reported events close, and nothing else."""
        uncut = replace(self.state.scenario, cut=(), cut_by=(), reopened=(), disabled_supply=())
        return self._replayed(uncut)

    def _replayed(self, scenario: Scenario) -> Timeline:
        undated, dataset = replace(scenario, date=None, preset=None), self.dataset
        return self.held.get(
            ("timeline", undated),
            lambda: replay(
                dataset.network,
                dataset.events,
                *self.period,
                scenario=conditions(dataset, undated),
                rules=undated.rules,
                traffic=Traffic(undated.traffic),
                effects=results.effects(self.held, undated.rules),
            ),
            work=lambda: Work(
                replay_bytes(
                    dataset.network,
                    len(dataset.events),
                    n_days=(self.period[1] - self.period[0]).days + 1,
                )
            ),
        )

    def isolated_but_for_season(self, timeline: Timeline) -> list[int]:
        """Towns isolated on each day that neither the vehicle nor the season alone isolates."""
        isolated = timeline.town_states == TOWN_STATES.index(TownState.ISOLATED)
        lost = isolated & ~timeline.baseline_isolated & ~timeline.season_isolated
        return [int(n) for n in lost.sum(axis=1)]

    def every_cut(self) -> pd.DataFrame:
        """What each further closure would do, see `dashboard.session.results.every_cut_of`."""
        return results.every_cut_of(self.held, self.situation)

    def cuts_isolating(self, town: str) -> list[str]:
        """Segments each of which, cut alone, would isolate a town, the worst first.

        On a large network every cut takes seconds: there they come in the network's order.

        Raises
        ------
        GeodataError
            As `every_cut` does.
        """
        if not self.large:
            cuts = self.every_cut()
            hit = [town in towns for towns in cuts[f.TOWNS_ISOLATED]]
            return list(cuts.loc[hit, f.SEGMENT_ID])
        now, network = self.situation, self.dataset.network
        return self.held.get(
            ("cuts-isolating", now.scenario, town),
            lambda: cuts_isolating(network, now.conditions, town),
        )

    def cut_alone(self, segment: str) -> CutPreview:
        """What a cut of one more segment would do; of a country far sooner known than every cut."""
        now = self.situation
        return self.held.get(
            ("cut-alone", now.scenario, segment),
            lambda: preview(self.dataset, now.conditions, [segment], before=self.access),
        )

    def why(self, town: str) -> Explanation:
        """The chain from a town to the segments, events and sources behind its access."""
        scenario = self.situation.scenario
        # A preset stands in place of the day's events: its closures are in the conditions.
        on = None if scenario.preset else scenario.day
        return self.held.get(
            ("why", scenario, town),
            lambda: explain(
                self.dataset,
                town,
                on,
                scenario=self.situation.conditions,
                traffic=self.state.traffic,
                rules=scenario.rules,
                reported=None if on is None else results.closures(self.held, on, scenario.rules),
            ),
        )

    def pairs(self) -> tuple[pd.DataFrame, dict[str, object]]:
        """Pairs of segments that isolate together what neither does alone."""
        now, network = self.situation, self.dataset.network
        return self.held.get(
            ("pairs", now.scenario),
            lambda: pairs_table(network, now.conditions),
            work=lambda: pairs_work(network),
        )

    def fuel(self) -> Fuel:
        """Fuel of every town on every day, see `dashboard.session.results.fuel_of`."""
        return results.fuel_of(self.held)

    def way(self, town: str, *, before: bool = False) -> Route | None:
        """The way taken to a town now, or with nothing cut, closed or switched off."""
        scenario = self.situation.scenario
        if before:
            scenario = Scenario(vehicle=scenario.vehicle, measure=scenario.measure)
        now = results.situation(self.held, scenario).conditions
        return self.held.get(
            ("way", scenario, town), lambda: route(self.dataset.network, now, town)
        )

    def way_between(self, start: str, end: str) -> WayBetween:
        """The route from one place to another now."""
        now = self.situation
        return self.held.get(
            ("way-between", now.scenario, start, end),
            lambda: way_between(self.dataset, now.conditions, start, end),
        )

    def ways_out(self, town: str) -> pd.DataFrame:
        """The ways of a light vehicle from a town across the borders of its country."""
        light = replace(self.state.scenario, traffic=Traffic.LIGHT, vehicle=Vehicle.ANY)
        now, network = results.situation(self.held, light).conditions, self.dataset.network
        return self.held.get(("ways-out", light, town), lambda: ways_out(network, now, town))

    def airports(self, town: str) -> list[dict[Any, Any]]:
        """The airports nearest to a town."""
        layer = self.dataset.layers["airports"]
        airports = nearest_airports(self.dataset.network, layer, town, count=AIRPORTS)
        rows: list[dict[Any, Any]] = airports.to_dict("records")
        return rows

    def country(self, code: str) -> str:
        """Name of a country in the page's language."""
        land = self.dataset.layers["admin0"].set_index(f.COUNTRY)[f"name_{self.words.lang}"]
        return str(land.get(code, code))


def open_page() -> Page:
    """Read the link and gather what this run draws from."""
    return page_of(visit.open_link(lambda wanted: known_of(datasets.held(wanted))))


def current() -> Page:
    """The page of the state as it now is; for a part that runs by itself."""
    return page_of(visit.state())


def page_of(state: ViewState) -> Page:
    """The page of ``state`` in this session."""
    theme = st.context.theme.type or "light"
    return Page(datasets.held(state), state, Translator(language(state)), theme)


def known_of(cache: AnalysisCache) -> KnownIds:
    """What a link may name on this data, in this session."""
    return replace(link_ids(cache), networks=datasets.network_names())


def link_ids(cache: AnalysisCache) -> KnownIds:
    """What a link may name on this data, in any session."""
    return cache.get(
        ("known",),
        lambda: known(cache.dataset, tabs=TABS, layers=LAYERS, data=cache.fingerprint),
    )


def title() -> str:
    """Title of the browser's tab."""
    return Translator(language(visit.state()))("page.title")


def language(state: ViewState) -> str:
    """The language chosen, or else the browser's."""
    return state.lang or ("fr" if (st.context.locale or "").lower().startswith("fr") else "en")
