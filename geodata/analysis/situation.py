"""All results on one scenario, computed once: what the page draws and the exports write."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata import schema as f
from geodata.analysis.accessibility import Access, access
from geodata.analysis.closing_probability import ClosingRules
from geodata.analysis.common_shocks import CommonShocks
from geodata.analysis.comparison import Comparison, compare, in_season_of
from geodata.analysis.critical_links import every_cut
from geodata.analysis.danger_routes import danger_route_counts
from geodata.analysis.keep_open_plan import keep_open_plan
from geodata.analysis.paths import routes_with_and_without_escort
from geodata.analysis.reliability import (
    Method,
    Reliability,
    Sampling,
    Uncertainty,
    reliability,
    shocks_on,
)
from geodata.analysis.reopening import reopening_order
from geodata.analysis.reopening_plan import SECONDS as SET_SECONDS
from geodata.analysis.reopening_plan import Budget, reopening_plan
from geodata.analysis.reopening_steps import reopening_steps
from geodata.analysis.resolution import conditions
from geodata.analysis.sampled_reliability import SAMPLES
from geodata.analysis.uncertain_network import UncertainNetwork, uncertain_network
from geodata.analysis.work import (
    Bound,
    comparison_work,
    reliability_work,
    reopening_work,
    route_counts_work,
    samples_work,
    sets_work,
    unbounded,
)
from geodata.cached import cached_property
from geodata.conditions import STATES, TANKER_ROADS, Closure, Conditions, fit_for_vehicle
from geodata.dataset import Dataset
from geodata.i18n import text
from geodata.network.model import TANKER_VALUES
from geodata.scenario import Scenario
from geodata.schema import Grouping, SegmentState, Traffic

REASON = "reason"
PLAN_SAMPLES: Final = 1024
"""Samples of closures for plans in products: one block, a fraction of a second."""


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
    """A scenario on a data set; each result is computed when first asked for.

    Parameters
    ----------
    dataset : Dataset
    scenario : Scenario
        What is asked.
    conditions : Conditions
        What the scenario means on this data.
    bound : callable
        Refuses what would take too much memory or time, before it is computed; by default
        nothing is refused.
    """

    dataset: Dataset
    scenario: Scenario
    conditions: Conditions
    bound: Bound = unbounded

    @cached_property
    def access(self) -> Access:
        """Access of every town."""
        return access(self.dataset.network, self.conditions)

    @cached_property
    def every_cut(self) -> pd.DataFrame:
        """What each further closure would do."""
        return every_cut(self.dataset.network, self.conditions)

    @cached_property
    def reopening(self) -> pd.DataFrame:
        """Which closed segment to reopen first."""
        network, now = self.dataset.network, self.conditions
        with self.bound(reopening_work(network, now)):
            return reopening_order(network, now)

    @cached_property
    def segment_states(self) -> pd.DataFrame:
        """State of every segment and why: ``segment_id, state, reason, severity, event_ids``."""
        network = self.dataset.network
        states = self.conditions.on(network).states.to_numpy()
        reasons = [Reason.NONE] * len(states)
        severity = np.zeros(len(states))
        events: list[tuple[str, ...]] = [()] * len(states)
        # Of a large network nearly all is open; only the rest is worth listing.
        reopened = [network.segment_number[i] for i in self.conditions.reopened]
        for row in {*np.flatnonzero(states != SegmentState.OPEN).tolist(), *reopened}:
            segment = network.segment_ids[row]
            reasons[row] = self._reason(segment, states[row])
            closure = self._closures.get(segment)
            if closure is not None and reasons[row] in {Reason.EVENTS, Reason.PRESET}:
                severity[row], events[row] = closure.severity, closure.event_ids
        table = {f.STATE: states, REASON: reasons, f.SEVERITY: severity, f.EVENT_IDS: events}
        return pd.DataFrame(table, index=network.segment_index).reset_index()

    @cached_property
    def reopening_sets(self) -> pd.DataFrame:
        """The best set of segments to reopen for each number of segments."""
        network, now = self.dataset.network, self.conditions
        with self.bound(sets_work(network, now)):
            return reopening_plan(network, now).frontier

    @cached_property
    def reopening_budgets(self) -> pd.DataFrame:
        """The best sets for each budget of segments, of km and of escort days, by ``cost_in``."""
        network, now = self.dataset.network, self.conditions
        of_segments = self.reopening_sets.assign(cost_in=Budget.SEGMENTS.value)
        with self.bound(sets_work(network, now)):
            others = [
                reopening_plan(network, now, by=by, seconds=SET_SECONDS / 2).frontier.assign(
                    cost_in=by.value
                )
                for by in (Budget.KM, Budget.ESCORT_DAYS)
            ]
        every = [table for table in (of_segments, *others) if len(table)]
        table = pd.concat(every, ignore_index=True) if every else of_segments
        return table[["cost_in", *of_segments.columns[:-1]]]

    @cached_property
    def reopening_steps(self) -> pd.DataFrame:
        """Steps of the largest of the sets of segments, and what had to be open for each."""
        sets = self.reopening_sets[f.SEGMENTS]
        largest = sets.iloc[-1] if len(sets) else ()
        return reopening_steps(self.dataset.network, self.conditions, largest)

    @cached_property
    def shocks(self) -> CommonShocks | None:
        """How likely each segment is closed; nothing without a date or under a preset."""
        scenario = self.scenario
        if scenario.day is None or scenario.preset:
            return None
        assumed = scenario.shocks
        return shocks_on(
            self.dataset,
            self.conditions,
            on=scenario.day,
            traffic=Traffic(scenario.traffic),
            rules=scenario.rules,
            uncertainty=Uncertainty(
                closing=ClosingRules(**dict(assumed.closing)),
                by=Grouping(assumed.by),
                on=dict(assumed.on),
                together=assumed.together,
            ),
        )

    @cached_property
    def uncertain(self) -> UncertainNetwork | None:
        """The network with what is certain settled, where `shocks` has any."""
        if self.shocks is None:
            return None
        return uncertain_network(self.dataset.network, self.conditions, self.shocks)

    @cached_property
    def reliability(self) -> Reliability | None:
        """Probability of access of every town, where `shocks` has any."""
        if self.shocks is None or self.uncertain is None:
            return None
        with self.bound(reliability_work(self.uncertain, SAMPLES)):
            return reliability(self.dataset, self.conditions, self.shocks)

    @cached_property
    def keep_open(self) -> pd.DataFrame | None:
        """What keeping each uncertain segment open would gain, where `shocks` has any."""
        if self.shocks is None or self.uncertain is None:
            return None
        drawn = samples_work(self.uncertain, PLAN_SAMPLES)
        with self.bound(drawn.then(drawn)):  # the second time for the towns of each
            return keep_open_plan(
                self.dataset,
                self.conditions,
                self.shocks,
                method=Method.SAMPLED,
                sampling=Sampling(PLAN_SAMPLES),
            )

    @cached_property
    def danger_routes(self) -> pd.DataFrame:
        """Routes of each town that share no corridor and no river crossing."""
        with self.bound(route_counts_work(self.dataset.network)):
            return danger_route_counts(self.dataset, self.conditions)

    @cached_property
    def impassable(self) -> dict[Reason, NDArray[np.int64]]:
        """Rows of the segments that the vehicle cannot use, by reason, all found at once.

        A country has tens of thousands of them.
        """
        network, now = self.dataset.network, self.conditions
        shut = now.on(network).has_state(SegmentState.IMPASSABLE)
        bears = fit_for_vehicle(network, now)
        rows = {
            Reason.SEASON: np.flatnonzero(shut & bears),
            Reason.VEHICLE: np.flatnonzero(shut & ~bears),
        }
        return {reason: found for reason, found in rows.items() if len(found)}

    @cached_property
    def on_the_way(self) -> NDArray[np.int64]:
        """Rows of the segments of the shortest paths to all towns, now and with nothing shut."""
        network = self.dataset.network
        towns = np.array([network.node_number[town] for town in network.towns], np.int64)
        ways = [
            paths.segments_towards(towns)
            for conditions in (self.conditions, self.conditions.baseline())
            for paths in routes_with_and_without_escort(network, conditions)
        ]
        return np.unique(np.concatenate(ways))

    def reason(self, segment: str) -> tuple[Reason, tuple[str, ...]]:
        """Return why a segment is in its state, and the events behind it."""
        network = self.dataset.network
        codes = self.conditions.on(network).codes
        reason = self._reason(segment, STATES[codes[network.segment_number[segment]]])
        closure = self._closures.get(segment)
        if closure is not None and reason in {Reason.EVENTS, Reason.PRESET}:
            return reason, closure.event_ids
        return reason, ()

    def segments_by(self, events: Collection[str]) -> list[str]:
        """Return the segments whose state depends on any of some events, in the network's order."""
        number, wanted = self.dataset.network.segment_number, set(events)
        named = [each.segment_id for each in self._closures.values() if wanted & {*each.event_ids}]
        return sorted((i for i in named if self.reason(i)[1]), key=number.__getitem__)

    @cached_property
    def _closures(self) -> dict[str, Closure]:
        return {closure.segment_id: closure for closure in self.conditions.closures}

    def _reason(self, segment: str, state: SegmentState) -> Reason:
        if state == SegmentState.CUT:
            return Reason.CUT
        if state == SegmentState.IMPASSABLE:
            return Reason.SEASON if self._bears(segment) else Reason.VEHICLE
        if segment in self.conditions.reopened:
            return Reason.REOPENED
        if state == SegmentState.OPEN:
            return Reason.NONE
        return Reason.PRESET if self.scenario.preset else Reason.EVENTS

    def _bears(self, segment: str) -> bool:
        network = self.dataset.network
        tanker = TANKER_VALUES[network.tanker[network.segment_number[segment]]]
        return tanker in TANKER_ROADS[self.conditions.vehicle]


def situation(
    dataset: Dataset,
    scenario: Scenario,
    *,
    reported: pd.DataFrame | None = None,
    bound: Bound = unbounded,
) -> Situation:
    """Return the situation of a scenario on a data set.

    Parameters
    ----------
    dataset : Dataset
    scenario : Scenario
    reported : DataFrame, optional
        `geodata.analysis.resolution.closures_on` of the scenario's date and rules, where it is at
        hand already.
    bound : callable, optional
        See `Situation`.

    Raises
    ------
    GeodataError
        If there is no such preset. An id that the network does not hold is refused by the first
        result that is asked for.
    """
    return Situation(dataset, scenario, conditions(dataset, scenario, reported=reported), bound)


def change(before: Situation, after: Situation) -> Comparison:
    """Return what changed from one situation to another, the calendar apart from the roads."""
    step, network = in_season_of(before.conditions, after.conditions), after.dataset.network
    with after.bound(comparison_work(network)):
        between = None if step is None else access(network, step, count_routes=False)
        return compare(before.access, after.access, between=between)


def reason_text(view: Situation, segment: str, lang: str) -> str:
    """Return why a segment is in its state, in words; empty where there is nothing to say."""
    return reason_words(view, *view.reason(segment), lang)


def reason_words(view: Situation, reason: Reason, event_ids: Sequence[str], lang: str) -> str:
    """Return a reason and the events behind it in words; empty where there is nothing to say."""
    if reason == Reason.NONE:
        return ""
    params = {"vehicle": text(f"core.vehicle.{view.scenario.vehicle}", lang)}
    told, ids = text(f"core.reason.{reason}", lang, **params), ", ".join(event_ids)
    return f"{told} ({ids})" if ids else told
