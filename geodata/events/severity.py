"""Effect of each event on each segment that it concerns: severity, period, traffic.

An event closes or threatens a road (an impact), or raises its state again (a relief). Impacts
only fade with age and reliefs act only on what began before them, for good or until their
reported end: so growing older closes a road only where a truce ends, and one more hostile event
never opens one.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata import schema as f
from geodata.cached import cached_property
from geodata.events.corridors import Corridors
from geodata.events.matching import DECLARED, Match, MatchBasis, Matches, match_events
from geodata.events.reliefs import REASON, Relief, distinct, relief
from geodata.events.rules import Rules
from geodata.events.spans import last_day
from geodata.events.table import cells, records
from geodata.events.vocabulary import AppliesTo, Effect, EventType
from geodata.network.model import Network
from geodata.schema import Traffic

TRAFFIC: Final = tuple(Traffic)
ATTACKS: Final = frozenset(
    {
        EventType.AMBUSH, EventType.VEHICLE_BURNING, EventType.EXPLOSION, EventType.ARMED_CLASH,
        EventType.ABDUCTION, EventType.CHECKPOINT, EventType.OTHER,
    }
)  # fmt: skip
READ: Final = (
    f.EVENT_TYPE, f.EFFECT, f.APPLIES_TO, f.CONFIDENCE, f.DATE, f.DATE_PRECISION,
    f.END_DATE, f.LOCATION_PRECISION,
)  # fmt: skip
"""What an event's effect depends on beside the segments that it concerns."""

TOWN_BLOCKADE: Final = REASON + "town_blockade"


@dataclass(frozen=True, slots=True)
class EventEffect:
    """One event's bearing on one segment.

    Parameters
    ----------
    event, segment : int
        Rows in the tables of events and segments.
    kind : str
        Type of the event.
    distance_km : float
    shares : tuple of float
        Severity on its first day for fuel, trucks and light vehicles, confidence counted in.
    closing : bool
        Whether it sets the state by itself; otherwise it adds to the danger of other attacks.
    start, last, end : int
        First day, last day on which it counts in full before fading begins, and the day after
        which it counts no more, as ordinals of the date; ``end`` is very late if not known.
    half_life : float
        In days; 0 ends it after its last day.
    reason : str
        Key in the catalogue.
    """

    event: int
    segment: int
    kind: str
    distance_km: float
    shares: tuple[float, float, float]
    closing: bool
    start: int
    last: int
    end: int
    half_life: float
    reason: str


@dataclass(frozen=True, eq=False)
class EventEffects:
    """All impacts and reliefs of a table of events on a network.

    Impacts are sorted by segment, then by the day on which they begin, by kind and by event.
    """

    impacts: tuple[EventEffect, ...]
    reliefs: tuple[Relief, ...]
    reach: Matches
    event_ids: tuple[str, ...]

    @cached_property
    def segment(self) -> NDArray[np.int64]:
        """Row of each impact's segment, ascending."""
        return np.array([i.segment for i in self.impacts], dtype=np.int64)

    @cached_property
    def first_reports(self) -> NDArray[np.int64]:
        """Row of the first impact of each event as it happened: see `severities`."""
        keys = [(i.segment, i.start, i.kind) for i in self.impacts]
        starts = [row for row, key in enumerate(keys) if not row or key != keys[row - 1]]
        return np.array(starts, dtype=np.int64)

    @cached_property
    def closing(self) -> NDArray[np.bool_]:
        """Which impacts set a state by themselves."""
        return np.array([i.closing for i in self.impacts], dtype=bool)

    def weights(self, days: NDArray[np.int64], traffic: Traffic) -> NDArray[np.float64]:
        """Return the weight of every impact on every day for one traffic class, reliefs counted in.

        Parameters
        ----------
        days : array of int
            Ordinals of dates.

        Returns
        -------
        array of float, shape (n_days, n_impacts)
        """
        weights = self.faded(days, traffic)
        column = TRAFFIC.index(traffic)
        for each in self.reliefs:
            if each.traffic[column]:
                self._relieve(weights, days, each, slice(None))
        return weights

    def faded(self, days: NDArray[np.int64], traffic: Traffic) -> NDArray[np.float64]:
        """Weights before any relief: what is left after ageing. Shape (n_days, n_impacts)."""
        share = self._shares[:, TRAFFIC.index(traffic)]
        start, last, end, half_life = self._spans
        day = days[:, None].astype(float)
        over = np.maximum(day - last, 0.0)
        rate = np.divide(1.0, half_life, out=np.full_like(half_life, np.inf), where=half_life > 0)
        with np.errstate(invalid="ignore"):
            fading = np.where(over > 0, np.exp2(-over * rate), 1.0)
        return np.where((day >= start) & (day <= end), share * fading, 0.0)

    def relieved(
        self,
        weights: NDArray[np.float64],
        days: NDArray[np.int64],
        by: Relief,
        *,
        rows: slice = slice(None),
    ) -> NDArray[np.float64]:
        """Return the weights after one relief: a new array of the same shape.

        Parameters
        ----------
        weights : array of float, shape (n_days, n_rows)
        days : array of int
        by : Relief
        rows : slice
            Impacts whose weights these are.
        """
        after = weights.copy()
        self._relieve(after, days, by, rows)
        return after

    def _relieve(
        self, weights: NDArray[np.float64], days: NDArray[np.int64], by: Relief, rows: slice
    ) -> None:
        """Put the weights after one relief in place of those before it."""
        older = self._starts[rows] < by.start
        here = older & np.isin(self.segment[rows], list(by.segments)) & ~self._damage[rows]
        if by.spares_sieges:
            here &= ~self._sieges[rows]
        in_force = (days >= by.acts_from) & (days <= by.last)
        # A relief touches few days and few impacts of all that there are.
        columns = np.flatnonzero(here)
        cells = np.ix_(np.flatnonzero(in_force), columns)
        before = weights[cells]
        lowered = before * (1 - by.weight * (1 - by.keep))
        capped = before - by.weight * np.maximum(before - by.ceiling, 0.0)
        weights[cells] = np.where(self.closing[rows][columns], capped, lowered)

    @cached_property
    def _shares(self) -> NDArray[np.float64]:
        """Severity on the first day by traffic, shape (n_impacts, 3)."""
        return np.array([i.shares for i in self.impacts], float).reshape(-1, len(TRAFFIC))

    @cached_property
    def _spans(self) -> NDArray[np.float64]:
        """First day, last day in full, end and half-life of each impact, shape (4, n_impacts)."""
        spans = [(i.start, i.last, i.end, i.half_life) for i in self.impacts]
        return np.array(spans, float).reshape(-1, 4).T.copy()

    @cached_property
    def _starts(self) -> NDArray[np.int64]:
        return np.array([i.start for i in self.impacts], dtype=np.int64)

    @cached_property
    def _damage(self) -> NDArray[np.bool_]:
        """What no truce and no convoy on another part of the road repairs."""
        return np.array([i.kind == EventType.DAMAGE for i in self.impacts], dtype=bool)

    @cached_property
    def _sieges(self) -> NDArray[np.bool_]:
        return np.array([i.reason == TOWN_BLOCKADE for i in self.impacts], dtype=bool)


def event_effects(
    network: Network, events: pd.DataFrame, corridors: Corridors, rules: Rules
) -> EventEffects:
    """Compute what each event does to each segment, regardless of the day.

    Parameters
    ----------
    network : Network
    events : DataFrame
        Events in the columns of `geodata.events.table`; the order of rows does not matter.
    corridors : Corridors
    rules : Rules
    """
    events = events.sort_values([f.DATE, f.EVENT_ID]).reset_index(drop=True)
    ends = [None if pd.isna(end) else end for end in events[f.END_DATE]]
    events = events.assign(**{f.END_DATE: pd.Series(ends, dtype=object)})
    reached = match_events(network, events, corridors, rules)
    touched = sorted({touch.event for touch in reached.touches})
    rows = dict(zip(touched, records(events.iloc[touched], READ), strict=True))
    effects = [_impact(rows[touch.event], touch, rules) for touch in reached.touches]
    impacts = sorted(
        (i for i in effects if i is not None),
        key=lambda i: (i.segment, i.start, i.kind, i.event),
    )
    segments: dict[int, set[int]] = {}
    for touch in reached.touches:
        segments.setdefault(touch.event, set()).add(touch.segment)
    reliefs = [relief(rows[e], e, frozenset(s), rules) for e, s in sorted(segments.items())]
    return EventEffects(
        tuple(impacts),
        distinct([r for r in reliefs if r is not None]),
        reached,
        tuple(map(str, cells(events[f.EVENT_ID]))),
    )


def _impact(event: dict[Any, Any], touch: Match, rules: Rules) -> EventEffect | None:
    """Build one event's effect on one segment, or None if it has none."""
    if event[f.EVENT_TYPE] == EventType.CONVOY_ARRIVAL:
        return _escort_seen(event, touch, rules)
    if event[f.EVENT_TYPE] == EventType.BLOCKADE_LIFTED:
        return None
    strength = _strength(event, touch, rules) * rules.confidence(event[f.CONFIDENCE])
    shares = _shares(event, strength, rules)
    if not any(shares):
        return None
    hold, half_life = rules.duration(event[f.EVENT_TYPE])
    last = last_day(event).toordinal()
    ends = event[f.END_DATE] is not None and event[f.EVENT_TYPE] not in ATTACKS
    return EventEffect(
        touch.event,
        touch.segment,
        event[f.EVENT_TYPE],
        touch.distance_km,
        shares,
        closing=event[f.EVENT_TYPE] not in ATTACKS or event[f.EFFECT] == Effect.CLOSED,
        start=event[f.DATE].toordinal(),
        last=last + round(hold),
        end=last if ends else dt.date.max.toordinal(),
        half_life=half_life,
        reason=REASON + _reason(event, touch),
    )


def _strength(event: dict[Any, Any], touch: Match, rules: Rules) -> float:
    # A state that forbids fuel to leave shuts the crossing for it, however the source words it.
    if touch.basis == MatchBasis.CROSSING:
        return rules.closed_strength
    return rules.strength(event[f.EVENT_TYPE], event[f.EFFECT])


def _shares(event: dict[Any, Any], strength: float, rules: Rules) -> tuple[float, float, float]:
    if event[f.APPLIES_TO] == AppliesTo.ALL:
        return strength, strength, strength
    if event[f.APPLIES_TO] == AppliesTo.ESCORTED:
        return 0.0, 0.0, 0.0
    spill = strength * rules.fuel_attack_share if event[f.EVENT_TYPE] in ATTACKS else 0.0
    return strength, spill, spill


def _escort_seen(event: dict[Any, Any], touch: Match, rules: Rules) -> EventEffect | None:
    """Mark for fuel the road on which a convoy under escort was reported."""
    weight = rules.escort_level * rules.confidence(event[f.CONFIDENCE])
    if event[f.APPLIES_TO] != AppliesTo.ESCORTED or weight < rules.escort_from:
        return None
    return EventEffect(
        touch.event,
        touch.segment,
        event[f.EVENT_TYPE],
        touch.distance_km,
        (weight, 0.0, 0.0),
        closing=True,
        start=event[f.DATE].toordinal(),
        last=last_day(event).toordinal() + round(rules.escort_seen_days),
        end=dt.date.max.toordinal(),
        half_life=0.0,
        reason=REASON + "escort_seen",
    )


def _reason(event: dict[Any, Any], touch: Match) -> str:
    if event[f.EVENT_TYPE] in DECLARED:
        return {
            MatchBasis.IMPORTS: "import_ban",
            MatchBasis.CORRIDOR: "corridor_blockade",
            MatchBasis.APPROACH: "town_blockade",
        }.get(touch.basis, "road_blockade")
    if event[f.EVENT_TYPE] == EventType.POLICY:
        return "export_ban" if touch.basis == MatchBasis.CROSSING else "policy"
    if event[f.EVENT_TYPE] == EventType.DAMAGE:
        return "damage"
    return "attack_closed" if event[f.EFFECT] == Effect.CLOSED else "attack"
