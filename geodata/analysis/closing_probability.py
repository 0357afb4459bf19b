"""How likely each segment is closed on a day, by the rules and by what is known of each event.

A closing probability reads the severity that the rules give as a degree of belief. It also counts
what the rules leave aside: an event dated to a week may not have begun yet, and an event between
two roads may concern either. No figure is fitted to reports; each is an assumption of
`ClosingRules`.
"""

import dataclasses
import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata import schema as f
from geodata.analysis.place_uncertainty import road_shares
from geodata.conditions import Conditions
from geodata.dataset import Dataset
from geodata.errors import GeodataError
from geodata.events.closures import BELOW
from geodata.events.rules import Rules
from geodata.events.severity import EventEffect, EventEffects, event_effects
from geodata.events.spans import last_dated_day
from geodata.scenario import CLOSING
from geodata.schema import SegmentState, Traffic

NO_EVENT: Final = -1


@dataclass(frozen=True)
class ClosingRules:
    """Assumptions that turn a severity into a closing probability.

    Between the points named the probability rises in straight lines: from `unreported` at
    severity 0, through the thresholds of the states, to 1 at severity 1.

    Parameters
    ----------
    unreported : float
        Probability that a segment is closed that no event mentions.
    contested, escort_only, closed : float
        Probability where a segment just reaches this state. A contested road is open to most
        traffic; convoys under escort mostly get through; a road said to be closed is rarely
        closed to all (see `Rules.closed_strength`).

    Raises
    ------
    GeodataError
        If a value is not from 0 to 1, or they do not rise in this order.
    """

    unreported: float = 0.0
    contested: float = CLOSING["contested"]
    escort_only: float = CLOSING["escort_only"]
    closed: float = CLOSING["closed"]

    def __post_init__(self) -> None:
        points = (self.unreported, self.contested, self.escort_only, self.closed)
        inside = all(0 <= p <= 1 for p in points)
        if not inside or list(points) != sorted(points):
            raise GeodataError("analysis.closing_rules", values=", ".join(f"{p:g}" for p in points))

    def probability(self, severity: NDArray[np.float64], rules: Rules) -> NDArray[np.float64]:
        """Return the closing probability of each severity.

        Examples
        --------
        >>> ClosingRules().probability(np.array([0.0, 0.5, 1.0]), Rules()).tolist()
        [0.0, 0.2, 1.0]
        """
        at = np.array([0.0, rules.contested_from, rules.escort_from, rules.closed_from, 1.0])
        to = np.array([self.unreported, self.contested, self.escort_only, self.closed, 1.0])
        # Two thresholds may coincide: the later, higher one counts.
        last = np.append(np.diff(at) > 0, True)
        values: NDArray[np.float64] = np.interp(severity, at[last], to[last])
        return values


@dataclass(frozen=True, eq=False)
class ClosingProbabilities:
    """How likely each segment is closed, and the event that says so most.

    Parameters
    ----------
    probability : array of float, shape (n_segments,)
        In the order of the network's segments. 1 for what is cut by hand or does not bear the
        vehicle, 0 for what is reopened by hand.
    event : array of int, shape (n_segments,)
        Row in `events` of the event that counts most on a segment, `NO_EVENT` for none.
    events : DataFrame
        The events, sorted by date and id.
    """

    probability: NDArray[np.float64]
    event: NDArray[np.int64]
    events: pd.DataFrame


def closing_probabilities(
    dataset: Dataset,
    scenario: Conditions,
    *,
    on: dt.date,
    traffic: Traffic = Traffic.FUEL,
    rules: Rules | None = None,
    closing: ClosingRules | None = None,
) -> ClosingProbabilities:
    """Return how likely each segment is closed on a day, for one traffic class and vehicle.

    Parameters
    ----------
    dataset : Dataset
    scenario : Conditions
        What is cut and reopened by hand, the vehicle, and the segments that the season closes;
        its closures by events are not read.
    on : date
    traffic : Traffic
    rules : Rules, optional
    closing : ClosingRules, optional
    """
    rules, closing = rules or Rules(), closing or ClosingRules()
    network = dataset.network
    events = dataset.events.sort_values([f.DATE, f.EVENT_ID]).reset_index(drop=True)
    spread = _spread(
        event_effects(network, events, dataset.corridors, rules), dataset, events, rules
    )
    probability = np.full(len(network.segment_ids), closing.unreported)
    strongest = np.full(len(network.segment_ids), NO_EVENT, dtype=np.int64)
    for segment, p, event in _by_segment(spread, on, traffic, rules, closing):
        if p > probability[segment]:
            probability[segment], strongest[segment] = p, event
    roads = dataclasses.replace(scenario, closures=()).on(network)
    states = roads.states
    fixed = {SegmentState.CUT: 1.0, SegmentState.IMPASSABLE: 1.0}
    for row in np.flatnonzero(states.isin(fixed).to_numpy(bool)):
        probability[row] = fixed[states.iloc[row]]
    reopened = np.isin(network.segment_ids, list(scenario.reopened)) & roads.usable
    probability[reopened & ~np.isin(network.segment_ids, list(scenario.cut))] = 0.0
    strongest[(probability == 0) | (probability == 1)] = NO_EVENT
    return ClosingProbabilities(probability, strongest, events)


@dataclass(frozen=True, eq=False)
class _Spread:
    """EventEffects on every segment that an event may concern, with the share of each."""

    effects: EventEffects
    shares: NDArray[np.float64]
    begun: tuple[tuple[int, int], ...]


def _spread(effects: EventEffects, dataset: Dataset, events: pd.DataFrame, rules: Rules) -> _Spread:
    """Let an event of uncertain place count on each road near it by its share."""
    shares = road_shares(dataset, events, effects.reach, rules)
    rows: list[tuple[EventEffect, float]] = []
    done: set[tuple[int, int]] = set()
    for impact in effects.impacts:
        if impact.event not in shares:
            rows.append((impact, 1.0))
            continue
        for segment, share in shares[impact.event].items():
            if (impact.event, segment) not in done:
                done.add((impact.event, segment))
                rows.append((dataclasses.replace(impact, segment=segment), share))
    rows.sort(key=lambda r: (r[0].segment, r[0].start, r[0].kind, r[0].event))
    records = events[[f.DATE, f.DATE_PRECISION]].to_dict("records")
    spans = tuple(_span(records[i.event]) for i, _ in rows)
    moved = dataclasses.replace(effects, impacts=tuple(i for i, _ in rows))
    return _Spread(moved, np.array([s for _, s in rows]), spans)


def _span(event: dict[Any, Any]) -> tuple[int, int]:
    """Return the first and last day on which an event may have begun, as ordinals."""
    return event[f.DATE].toordinal(), last_dated_day({**event, f.END_DATE: None}).toordinal()


def _by_segment(
    spread: _Spread, on: dt.date, traffic: Traffic, rules: Rules, closing: ClosingRules
) -> list[tuple[int, float, int]]:
    """Return segment, closing probability and strongest event of each segment that events concern.

    As in `geodata.events.closures.severities` the strongest closing event counts, and attacks that
    close nothing add up as independent dangers below the level of an escort.
    """
    effects = spread.effects
    if not len(effects.impacts):
        return []
    day = on.toordinal()
    weights = effects.weights(np.array([day]), traffic)[0]
    begun = np.array([np.clip((day - a + 1) / (b - a + 1), 0, 1) for a, b in spread.begun])
    belief = spread.shares * begun
    # An attack's danger shrinks with the belief; a closing event closes with that probability.
    danger = np.where(effects.closing, 0.0, weights * belief)
    floor = closing.unreported
    alone = floor + (closing.probability(weights, rules) - floor) * belief
    alone = np.where(effects.closing & (weights > 0), alone, 0.0)
    first = np.flatnonzero(np.r_[True, np.diff(effects.segment) > 0])
    attacks = np.maximum.reduceat(danger, effects.first_reports)
    first_attack = np.searchsorted(effects.first_reports, first)
    together = 1 - np.multiply.reduceat(1 - attacks, first_attack)
    ceiling = max(rules.escort_from - BELOW, 0.0)
    of_attacks = closing.probability(np.minimum(together, ceiling), rules)
    of_closing = np.maximum.reduceat(alone, first)
    rows = []
    for number, start in enumerate(first):
        end = first[number + 1] if number + 1 < len(first) else len(weights)
        rank = alone[start:end] if of_closing[number] >= of_attacks[number] else danger[start:end]
        event = effects.impacts[start + int(np.argmax(rank))].event
        p = float(max(of_closing[number], of_attacks[number]))
        rows.append((int(effects.segment[start]), p, event))
    return rows
