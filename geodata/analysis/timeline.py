"""Every day of a period at once: states of segments and towns, people without open access."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from geodata import schema as f
from geodata.analysis.accessibility import SAME_WAY
from geodata.analysis.paths import UNIT, weights
from geodata.cached import cached_property
from geodata.conditions import (
    STATES,
    Conditions,
    by_hand,
    check_ids,
    fit_for_vehicle,
    for_vehicle,
    open_supply,
    out_of_season,
)
from geodata.errors import GeodataError
from geodata.events.closures import levels, rainy, severities_by_day
from geodata.events.corridors import Corridors
from geodata.events.rules import Rules
from geodata.events.severity import EventEffects, event_effects
from geodata.network.model import TANKER_VALUES, Network
from geodata.schema import PASSABLE, Cause, SegmentState, TownState, Traffic, Vehicle

TOWN_STATES: Final = (
    TownState.OPEN, TownState.DETOUR, TownState.ESCORT_ONLY, TownState.ISOLATED
)  # fmt: skip
"""Code of each town state, from best to worst."""
PASSABLE_CODE: Final = np.array([s in PASSABLE for s in STATES])
ESCORT_CODE: Final = STATES.index(SegmentState.ESCORT_ONLY)
LONGEST_DAYS: Final = 3660


@dataclass(frozen=True, eq=False)
class Timeline:
    """States of a network on each day of a period.

    Parameters
    ----------
    network : Network
    days : tuple of date
    segment_states : array of uint8, shape (n_days, n_segments)
        Places in `geodata.conditions.STATES`; segments in the network's order.
    town_states : array of uint8, shape (n_days, n_towns)
        Places in `TOWN_STATES`; towns in the network's order.
    baseline_isolated : array of bool, shape (n_towns,)
        Towns that the vehicle reaches on no day, whatever happens.
    season_isolated : array of bool, shape (n_days, n_towns)
        Towns out of reach in the season of the day, with all roads open and all supply points
        on.
    supply_isolated : array of bool, shape (n_days, n_towns)
        Towns out of reach in the season of the day and without the supply points switched off,
        with all roads open.
    events_per_day : array of int, shape (n_days,)
    """

    network: Network
    days: tuple[dt.date, ...]
    segment_states: NDArray[np.uint8]
    town_states: NDArray[np.uint8]
    baseline_isolated: NDArray[np.bool_]
    season_isolated: NDArray[np.bool_]
    supply_isolated: NDArray[np.bool_]
    events_per_day: NDArray[np.int64]

    @cached_property
    def changed(self) -> NDArray[np.bool_]:
        """Days on which a segment or a town is in another state than the day before."""
        both = np.hstack([self.segment_states, self.town_states])
        changed: NDArray[np.bool_] = np.r_[False, (both[1:] != both[:-1]).any(axis=1)]
        return changed

    def next_change(self, day: dt.date) -> dt.date | None:
        """Return the first day after ``day`` on which some state differs from the day before."""
        later = [d for d, c in zip(self.days, self.changed, strict=True) if c and d > day]
        return later[0] if later else None

    def previous_change(self, day: dt.date) -> dt.date | None:
        """Return the last day before ``day`` on which some state differs from the day before."""
        earlier = [d for d, c in zip(self.days, self.changed, strict=True) if c and d < day]
        return earlier[-1] if earlier else None

    def segments_on(self, day: dt.date) -> dict[str, SegmentState]:
        """Return the state of every segment on a day."""
        codes = self.segment_states[self.row(day)]
        return {i: STATES[c] for i, c in zip(self.network.segment_ids, codes, strict=True)}

    def towns_on(self, day: dt.date) -> dict[str, TownState]:
        """Return the state of every town on a day."""
        codes = self.town_states[self.row(day)]
        return {i: TOWN_STATES[c] for i, c in zip(self.network.towns, codes, strict=True)}

    def row(self, day: dt.date) -> int:
        """Return the row of a day in the arrays.

        Raises
        ------
        GeodataError
            If the day is outside the period.
        """
        row = (day - self.days[0]).days
        if not 0 <= row < len(self.days):
            raise GeodataError("timeline.outside", day=day, first=self.days[0], last=self.days[-1])
        return row

    def isolated_by(self, cause: Cause) -> NDArray[np.bool_]:
        """Whether a cause isolates each town on each day, as `geodata.analysis.causes` defines it.

        Returns
        -------
        array of bool, shape (n_days, n_towns)
            Each isolated town has one cause on a day.
        """
        now = self.town_states == TOWN_STATES.index(TownState.ISOLATED)
        never = np.broadcast_to(self.baseline_isolated, now.shape)
        steps = [np.zeros_like(now), never, self.season_isolated, self.supply_isolated, now]
        place = tuple(Cause).index(cause)
        lost: NDArray[np.bool_] = steps[place + 1] & ~steps[place]
        return lost

    def per_day(self) -> pd.DataFrame:
        """Return the towns in each state, people without open access and events, a row a day.

        Returns
        -------
        DataFrame
            ``date, open, detour, escort_only, isolated, newly_isolated, people_isolated,
            people_escort_only, people_without_open_access, events``; for each cause
            ``isolated_by_<cause>`` and ``people_isolated_by_<cause>``; and
            ``people_closed_or_escorted``, in towns that closures isolate or leave to escorts.
            People leave out the towns of unknown population. ``newly_isolated``,
            ``people_isolated`` and ``people_without_open_access`` leave out the towns that the
            vehicle never reaches, but count the season and supply points switched off: show
            the counts by cause instead.
        """
        counts = {
            state.value: (self.town_states == code).sum(axis=1)
            for code, state in enumerate(TOWN_STATES)
        }
        isolated = self.town_states == TOWN_STATES.index(TownState.ISOLATED)
        newly = isolated & ~self.baseline_isolated
        escort = self.town_states == TOWN_STATES.index(TownState.ESCORT_ONLY)
        people = np.nan_to_num(self._towns[f.POPULATION].to_numpy(float))
        by_cause = {cause: self.isolated_by(cause) for cause in Cause}
        return pd.DataFrame(
            {
                f.DATE: self.days,
                **counts,
                "newly_isolated": newly.sum(axis=1),
                "people_isolated": (newly @ people).astype(np.int64),
                "people_escort_only": (escort @ people).astype(np.int64),
                "people_without_open_access": ((newly | escort) @ people).astype(np.int64),
                "events": self.events_per_day,
                **{f"isolated_by_{cause}": lost.sum(axis=1) for cause, lost in by_cause.items()},
                **{
                    f"people_isolated_by_{cause}": (lost @ people).astype(np.int64)
                    for cause, lost in by_cause.items()
                },
                "people_closed_or_escorted": (
                    ((by_cause[Cause.CLOSURE] | escort) @ people).astype(np.int64)
                ),
            }
        )

    def strip(self) -> pd.DataFrame:
        """State of every town on every day, towns sorted by region and name: for a heat strip.

        Returns
        -------
        DataFrame
            ``node_id, name, admin1`` and a column per day (ISO date) with the state.
        """
        names = np.array([s.value for s in TOWN_STATES], dtype=object)
        table = pd.DataFrame(names[self.town_states.T], columns=[d.isoformat() for d in self.days])
        heads = self._towns[[f.NODE_ID, f.NAME, f.ADMIN1]].reset_index(drop=True)
        return pd.concat([heads, table], axis=1).sort_values(
            [f.ADMIN1, f.NAME, f.NODE_ID], ignore_index=True
        )

    @cached_property
    def _towns(self) -> pd.DataFrame:
        rows = [self.network.node_number[i] for i in self.network.towns]
        towns = pd.DataFrame(self.network.nodes.iloc[rows])
        return towns.assign(**{f.NAME: towns[f.NODE_ID].map(self.network.labels)})


def replay(
    network: Network,
    events: pd.DataFrame,
    start: dt.date,
    end: dt.date,
    *,
    scenario: Conditions | None = None,
    rules: Rules | None = None,
    traffic: Traffic = Traffic.FUEL,
    corridor_segments: pd.DataFrame | None = None,
    effects: EventEffects | None = None,
) -> Timeline:
    """Compute all days of a period at once.

    Days with the same segments in the same states are computed once. The result for a day is
    that of `access` with the closures of that day.

    Parameters
    ----------
    network : Network
    events : DataFrame
    start, end : date
        First and last day.
    scenario : Conditions, optional
        What is cut, reopened and switched off by hand on all days, and the vehicle. Its own
        closures are left out.
    rules : Rules, optional
    traffic : Traffic
    corridor_segments : DataFrame, optional
    effects : EventEffects, optional
        `event_effects` of the same network, events, corridors and rules, where at hand already.

    Raises
    ------
    GeodataError
        If the period is empty or longer than ten years, or an id is unknown.
    """
    scenario, rules = scenario or Conditions(), rules or Rules()
    length = (end - start).days + 1
    if not 0 < length <= LONGEST_DAYS:
        raise GeodataError("timeline.period", first=start, last=end, longest=LONGEST_DAYS)
    check_ids(network, scenario)
    days = tuple(start + dt.timedelta(days=i) for i in range(length))
    ordinals = np.array([d.toordinal() for d in days])
    if effects is None:
        effects = event_effects(network, events, Corridors(network, corridor_segments), rules)
    touched, severity = severities_by_day(ordinals, effects, traffic, rules)
    codes = np.full((length, len(network.segment_ids)), levels(np.zeros(1), rules)[0])
    codes[:, touched] = levels(severity, rules)
    usable = _usable(network, days, scenario, rules)
    codes = for_vehicle(by_hand(network, codes, scenario), usable)
    uncut = scenario.baseline()
    fit = fit_for_vehicle(network, scenario)
    baseline = _Reached(network, scenario, uncut).cost(fit[None, :])[0]
    reached = _Reached(network, scenario, scenario)
    events_on = Counter(events[f.DATE])
    return Timeline(
        network,
        days,
        codes,
        reached.states(codes, baseline),
        np.isinf(baseline),
        np.isinf(_Reached(network, scenario, uncut).cost(usable)),
        np.isinf(reached.cost(usable)),
        np.array([events_on[d] for d in days], dtype=np.int64),
    )


def _usable(
    network: Network, days: tuple[dt.date, ...], scenario: Conditions, rules: Rules
) -> NDArray[np.bool_]:
    """Return the segments that the vehicle can use in the season, shape (n_days, n_segments)."""
    fit = fit_for_vehicle(network, scenario) & ~out_of_season(network, scenario)
    usable = np.tile(fit, (len(days), 1))
    if scenario.vehicle == Vehicle.ANY:
        return usable
    wet = np.array([rainy(day, rules) for day in days])
    usable[wet] &= network.tanker != TANKER_VALUES.index("seasonal")
    return usable


@dataclass(frozen=True, eq=False)
class _Reached:
    """Cost of the shortest path to each town over given segments."""

    network: Network
    scenario: Conditions
    supplied: Conditions

    @cached_property
    def towns(self) -> NDArray[np.int64]:
        number = self.network.node_number
        return np.array([number[i] for i in self.network.towns], dtype=np.int64)

    @cached_property
    def order(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
        """Segments sorted by the pair of nodes they join, lightest first; pairs; weights."""
        weight = weights(self.network, self.scenario.by)
        n = len(self.network.node_ids)
        low = np.minimum(self.network.tail, self.network.head)
        high = np.maximum(self.network.tail, self.network.head)
        pair = low * n + high
        order = np.lexsort((weight, pair))
        order = order[low[order] != high[order]]
        return order, pair[order], weight[order]

    def states(self, codes: NDArray[np.uint8], baseline: NDArray[np.float64]) -> NDArray[np.uint8]:
        """Return the state of each town on each day, computed once per set of segment states."""
        passable = PASSABLE_CODE[codes]
        escorted = self.cost(passable)
        free = self.cost(passable & (codes != ESCORT_CODE))
        longer = free - np.where(np.isinf(baseline), 0.0, baseline) > SAME_WAY * UNIT
        longer &= ~np.isinf(baseline)
        order = [np.isinf(escorted), np.isinf(free), longer]
        return np.select(order, [3, 2, 1], default=0).astype(np.uint8)

    def cost(self, masks: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Return the cost of each town's shortest route, else infinite, shape (n_days, n_towns)."""
        # Days are distinguished by their bytes: to sort them takes a hundred times as long.
        days = [day.tobytes() for day in np.packbits(masks, axis=1)]
        first = {day: place for place, day in reversed(list(enumerate(days)))}
        costs = {day: self._one(masks[place]) for day, place in first.items()}
        return np.array([costs[day] for day in days]).reshape(len(days), len(self.towns))

    @cached_property
    def supply(self) -> NDArray[np.int64]:
        return open_supply(self.network, self.supplied)

    def _one(self, mask: NDArray[np.bool_]) -> NDArray[np.float64]:
        if not len(self.supply):
            return np.full(len(self.towns), np.inf)
        n = len(self.network.node_ids)
        order, pair, weight = self.order
        open_edges = mask[order]
        pairs, first = np.unique(pair[open_edges], return_index=True)
        matrix = csr_array((weight[open_edges][first], (pairs // n, pairs % n)), shape=(n, n))
        cost = dijkstra(matrix, directed=False, indices=self.supply, min_only=True)
        return np.asarray(cost, dtype=np.float64)[self.towns]
