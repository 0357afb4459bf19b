"""Everything one view shows, computed once: what the page draws and the exports write."""

import datetime as dt
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
import pandas as pd

from geodata import schema as f
from geodata.analysis.accessibility import Access, access
from geodata.analysis.comparison import Comparison, compare, in_season_of
from geodata.analysis.critical_links import every_cut
from geodata.analysis.cuts import selected_ids
from geodata.analysis.paths import Route, route
from geodata.analysis.reliability import Reliability, reliability, shocks_on
from geodata.analysis.reopening import reopening_order
from geodata.analysis.reopening_plan import reopening_plan
from geodata.analysis.resolution import preset_closures, scenario_on
from geodata.cached import cached_property
from geodata.conditions import TANKER_ROADS, Conditions
from geodata.dataset import Dataset
from geodata.events.rules import Rules
from geodata.i18n import text
from geodata.schema import TANKER, SegmentState
from geodata.sharing.permalink import ViewState, compared

REASON = "reason"


class Reason(StrEnum):
    """Why a segment is in its state."""

    NONE = "none"
    CUT = "cut"
    REOPENED = "reopened"
    EVENTS = "events"
    PRESET = "preset"
    VEHICLE = "vehicle"
    SEASON = "season"


@dataclass(frozen=True, eq=False)
class Situation:
    """A data set under a state; each result is computed when first asked for.

    Parameters
    ----------
    dataset : Dataset
    state : ViewState
    scenario : Conditions
        What the state means on this data.
    """

    dataset: Dataset
    state: ViewState
    scenario: Conditions

    @cached_property
    def rules(self) -> Rules:
        """How events become closures in this view."""
        return rules_of(self.state)

    @cached_property
    def access(self) -> Access:
        """Access of every town."""
        return access(self.dataset.network, self.scenario)

    @cached_property
    def every_cut(self) -> pd.DataFrame:
        """What each further closure would do."""
        return every_cut(self.dataset.network, self.scenario)

    @cached_property
    def reopening(self) -> pd.DataFrame:
        """Which closed segment to reopen first."""
        return reopening_order(self.dataset.network, self.scenario)

    @cached_property
    def reopening_sets(self) -> pd.DataFrame:
        """The best set of segments to reopen for each number of segments."""
        return reopening_plan(self.dataset.network, self.scenario).frontier

    @cached_property
    def reliability(self) -> Reliability | None:
        """Probability of access of every town; nothing without a date or under a preset."""
        state = self.state
        if state.date is None or state.preset:
            return None
        shocks = shocks_on(
            self.dataset, self.scenario, on=state.date, traffic=state.traffic, rules=self.rules
        )
        return reliability(self.dataset, self.scenario, shocks)

    @cached_property
    def segment_states(self) -> pd.DataFrame:
        """State of every segment and why: ``segment_id, state, reason, severity, event_ids``."""
        network = self.dataset.network
        states = self.scenario.on(network).states.to_numpy()
        closures = {c.segment_id: c for c in self.scenario.closures}
        reasons = [Reason.NONE] * len(states)
        severity = np.zeros(len(states))
        events: list[tuple[str, ...]] = [()] * len(states)
        # Of a large network nearly all is open; only the rest is worth listing.
        reopened = [network.segment_number[i] for i in self.scenario.reopened]
        for row in {*np.flatnonzero(states != SegmentState.OPEN).tolist(), *reopened}:
            segment = network.segment_ids[row]
            reasons[row] = self._reason(segment, states[row])
            closure = closures.get(segment)
            if closure is not None and reasons[row] in {Reason.EVENTS, Reason.PRESET}:
                severity[row], events[row] = closure.severity, closure.event_ids
        table = {f.STATE: states, REASON: reasons, f.SEVERITY: severity, f.EVENT_IDS: events}
        return pd.DataFrame(table, index=network.segment_index).reset_index()

    def way(self, town: str) -> Route | None:
        """Return the current route to a town."""
        return route(self.dataset.network, self.scenario, town)

    def former_way(self, town: str) -> Route | None:
        """Return the way taken to a town with nothing cut, closed or switched off."""
        return route(self.dataset.network, self.scenario.baseline(), town)

    @cached_property
    def events(self) -> pd.DataFrame:
        """Events of the window up to the date; all of them without a date."""
        events = self.dataset.events
        if self.state.date is None:
            return events
        first = self.state.date - dt.timedelta(days=self.state.window - 1)
        shown = (events[f.DATE] >= first) & (events[f.DATE] <= self.state.date)
        return events[shown]

    @cached_property
    def compared(self) -> "Situation | None":
        """The situation this one is compared with."""
        other = compared(self.state)
        return situation(self.dataset, other) if other is not None else None

    @cached_property
    def comparison(self) -> Comparison | None:
        """What changed since the situation compared with, the calendar apart from the roads."""
        before = self.compared
        if before is None:
            return None
        step = in_season_of(before.scenario, self.scenario)
        between = None if step is None else access(self.dataset.network, step, count_routes=False)
        return compare(before.access, self.access, between=between)

    def _reason(self, segment: str, state: SegmentState) -> Reason:
        if state == SegmentState.CUT:
            return Reason.CUT
        if state == SegmentState.IMPASSABLE:
            return Reason.SEASON if self._bears(segment) else Reason.VEHICLE
        if segment in self.scenario.reopened:
            return Reason.REOPENED
        if state == SegmentState.OPEN:
            return Reason.NONE
        return Reason.PRESET if self.state.preset else Reason.EVENTS

    def _bears(self, segment: str) -> bool:
        row = self.dataset.network.segment_number[segment]
        tanker = self.dataset.network.segments[TANKER].iloc[row]
        return tanker in TANKER_ROADS[self.scenario.vehicle]


def situation(dataset: Dataset, state: ViewState) -> Situation:
    """Return the situation of a state on a data set.

    Raises
    ------
    UnknownIdError
        If the state names an id that the network does not hold; `geodata.sharing.permalink.parse`
        with the data's ``Known`` never gives such a state.
    """
    return Situation(dataset, state, scenario_of(dataset, state))


def scenario_of(dataset: Dataset, state: ViewState) -> Conditions:
    """Return what a state means on this data: cuts by hand, and what events or a phase close."""
    manual = Conditions(
        cut=frozenset(state.cut) | selected_ids(dataset, state.cut_by),
        reopened=frozenset(state.reopen),
        without=frozenset(state.off),
        vehicle=state.vehicle,
        by=state.by,
    )
    if state.preset:
        return replace(manual, closures=preset_closures(dataset, state.preset, state.traffic))
    rules = rules_of(state)
    return scenario_on(dataset, manual, on=state.date, traffic=state.traffic, rules=rules)


def rules_of(state: ViewState) -> Rules:
    """The rules with the state's changes; `refused_rules` names those that cannot be used."""
    return Rules.usable(state.rules)[0]


def refused_rules(state: ViewState) -> tuple[str, ...]:
    """Return the names of the rules that the state changes in a way that cannot be used."""
    return Rules.usable(state.rules)[1]


def reason_text(found: Situation, segment: str, lang: str) -> str:
    """Return why a segment is in its state, in words; empty where there is nothing to say."""
    row = found.segment_states.iloc[found.dataset.network.segment_number[segment]]
    if row[REASON] == Reason.NONE:
        return ""
    params = {"vehicle": text(f"core.vehicle.{found.state.vehicle}", lang)}
    reason = text(f"core.reason.{row[REASON]}", lang, **params)
    ids = ", ".join(row[f.EVENT_IDS])
    return f"{reason} ({ids})" if ids else reason
