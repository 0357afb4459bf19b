"""State of every segment on a day, for each traffic class, with the events behind it."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata import schema as f
from geodata.conditions import STATES, Closure
from geodata.events.corridors import Corridors
from geodata.events.matching import Unplaced
from geodata.events.rules import Rules
from geodata.events.severity import EventEffects, event_effects
from geodata.network.model import Network
from geodata.schema import SegmentState, Traffic

LEVELS: Final = STATES[: STATES.index(SegmentState.CLOSED) + 1]
"""States that events give, from the mildest to the most severe."""
# An attack, however often repeated, keeps just under the level of an escort: only a blockade, a
# decision or a report that the road is closed goes beyond.
BELOW: Final = 1e-3
SMALLEST_WEIGHT: Final = 1e-3
CELLS: Final = 1_000_000
"""Weights computed at once: of one impact on one day each."""

COLUMNS: Final = (f.SEGMENT_ID, f.TRAFFIC, f.STATE, f.SEVERITY, f.EVENT_IDS, f.EVIDENCE)


@dataclass(frozen=True)
class Evidence:
    """One event behind a segment's state.

    Parameters
    ----------
    event_id : str
    distance_km : float
        From the event to the segment; 0 where the event names the road itself.
    age_days : int
        From the event's date to the day asked for.
    weight : float
        What it counts on that day, from 0 to 1; negative for one that raised the state, by as
        much as it took off the strongest reason.
    reason : str
        Key of the reason in the catalogue.
    """

    event_id: str
    distance_km: float
    age_days: int
    weight: float
    reason: str


def closures(
    network: Network,
    events: pd.DataFrame,
    *,
    on: dt.date,
    rules: Rules | None = None,
    corridor_segments: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return the state of every segment on a day, for fuel, trucks and light vehicles.

    Parameters
    ----------
    network : Network
    events : DataFrame
        Events in the columns of `geodata.events.table`, in any order.
    on : date
        Events of a later date count for nothing.
    rules : Rules, optional
        The documented defaults if not given.
    corridor_segments : DataFrame, optional
        Columns ``corridor, order, segment_id``: what the events' corridor names mean.

    Returns
    -------
    DataFrame
        A row for each segment and traffic class that is not open: ``segment_id, traffic, state,
        severity, event_ids, evidence``, sorted by segment and class. `severity` is from 0 to 1;
        `evidence` is a tuple of `Evidence`, the strongest first.
    """
    rules = rules or Rules()
    effects = event_effects(network, events, Corridors(network, corridor_segments), rules)
    return closures_of(network, effects, on=on, rules=rules)


def closures_of(
    network: Network, effects: EventEffects, *, on: dt.date, rules: Rules
) -> pd.DataFrame:
    """Return `closures` from impacts computed before, as when many days are asked for."""
    day = np.array([on.toordinal()])
    rows = []
    for traffic in Traffic:
        weights = effects.weights(day, traffic)
        touched, some = severities(weights, effects, rules)
        severity = np.zeros(len(network.segment_ids))
        severity[touched] = some[0]
        level = levels(severity, rules)
        faded = effects.faded(day, traffic)[0]
        for segment in np.flatnonzero(level):
            evidence = _evidence(effects, int(segment), weights[0], faded, traffic, on)
            rows.append(
                (
                    network.segment_ids[segment],
                    traffic,
                    LEVELS[level[segment]],
                    round(float(severity[segment]), 4),
                    tuple(e.event_id for e in evidence),
                    evidence,
                )
            )
    table = pd.DataFrame(rows, columns=list(COLUMNS)).astype({f.SEVERITY: float})
    return table.sort_values([f.SEGMENT_ID, f.TRAFFIC]).reset_index(drop=True)


def severities(
    weights: NDArray[np.float64], effects: EventEffects, rules: Rules
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return severity on every day of every segment that events touch; that of the others is zero.

    The strongest closing event sets it. Attacks that close nothing by themselves add up as
    independent dangers do, 1 - (1 - a)(1 - b)..., but stay below the level of an escort.
    Reports of one event are not independent: attacks of one type that begin on one day on a
    segment count as one, with the weight of the strongest report.

    Parameters
    ----------
    weights : array of float, shape (n_days, n_impacts)

    Returns
    -------
    tuple of array of int, shape (n_touched,), and array of float, shape (n_days, n_touched)
        Places of the segments, and their severity from 0 to 1.
    """
    if not len(effects.impacts):
        return np.zeros(0, dtype=np.int64), np.zeros((len(weights), 0))
    touched, first = np.unique(effects.segment, return_index=True)
    closing = np.where(effects.closing, weights, 0.0)
    attack = np.where(effects.closing, 0.0, weights)
    strongest = np.maximum.reduceat(closing, first, axis=1)
    attack = np.maximum.reduceat(np.clip(attack, 0, 1), effects.first_reports, axis=1)
    _, first_event = np.unique(effects.segment[effects.first_reports], return_index=True)
    danger = 1 - np.multiply.reduceat(1 - attack, first_event, axis=1)
    ceiling = max(rules.escort_from - BELOW, 0.0)
    return touched, np.maximum(strongest, np.minimum(danger, ceiling))


def severities_by_day(
    days: NDArray[np.int64], effects: EventEffects, traffic: Traffic, rules: Rules
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return `severities` on many days, a few at a time: a large table has many impacts.

    Parameters
    ----------
    days : array of int
        Ordinals of dates.
    """
    at_once = max(1, CELLS // max(1, len(effects.impacts)))
    parts = [
        severities(effects.weights(days[first : first + at_once], traffic), effects, rules)
        for first in range(0, len(days), at_once)
    ]
    return parts[0][0], np.concatenate([severity for _, severity in parts])


def levels(severity: NDArray[np.float64], rules: Rules) -> NDArray[np.uint8]:
    """Return the place of each severity's state in `LEVELS`."""
    edges = [rules.contested_from, rules.escort_from, rules.closed_from]
    # Sums of shares such as 0.45 * 0.9 * ... must not fall short of an edge by a rounding error.
    return np.searchsorted(edges, severity + 1e-9, side="right").astype(np.uint8)


def scenario_closures(frame: pd.DataFrame, traffic: Traffic) -> tuple[Closure, ...]:
    """Return what stops one traffic class, as `Conditions` take it."""
    rows = frame[frame[f.TRAFFIC] == traffic].sort_values(f.SEGMENT_ID)
    columns = (f.SEGMENT_ID, f.STATE, f.SEVERITY, f.EVENT_IDS)
    return tuple(Closure(*values) for values in zip(*(rows[c] for c in columns), strict=True))


def rainy(on: dt.date, rules: Rules) -> bool:
    """Return whether a day falls in the rainy months, which may run over the turn of the year."""
    first, last = round(rules.rain_from_month), round(rules.rain_to_month)
    if not first or not last:
        return False
    if first <= last:
        return first <= on.month <= last
    return on.month >= first or on.month <= last


def seasonally_impassable(network: Network, on: dt.date, rules: Rules) -> frozenset[str]:
    """Return segments closed to tankers on a day: in the rainy months, the seasonal ones."""
    if not rainy(on, rules):
        return frozenset()
    seasonal = network.segments[f.TANKER] == "seasonal"
    return frozenset(network.segments.loc[seasonal, f.SEGMENT_ID])


def unplaced_events(
    network: Network,
    events: pd.DataFrame,
    *,
    rules: Rules | None = None,
    corridor_segments: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return the events that concern no segment, and why.

    Returns
    -------
    DataFrame
        ``event_id, reason, distance_km``, sorted by id: `reason` is a key of the catalogue,
        `distance_km` the way to the nearest road for those out of reach, else missing.
    """
    rules = rules or Rules()
    return unplaced_of(event_effects(network, events, Corridors(network, corridor_segments), rules))


def unplaced_of(effects: EventEffects) -> pd.DataFrame:
    """Return `unplaced_events` from impacts computed before."""
    rows = [
        (effects.event_ids[event], f"closures.unplaced.{Unplaced(why).value}", km)
        for event, (why, km) in effects.reach.unplaced.items()
    ]
    table = pd.DataFrame(rows, columns=[f.EVENT_ID, "reason", f.DISTANCE_KM])
    return table.astype({f.DISTANCE_KM: float}).sort_values(f.EVENT_ID).reset_index(drop=True)


def _evidence(
    effects: EventEffects,
    segment: int,
    weights: NDArray[np.float64],
    faded: NDArray[np.float64],
    traffic: Traffic,
    on: dt.date,
) -> tuple[Evidence, ...]:
    """Return the events that count on a segment, the strongest first, and those that eased it."""
    first, end = np.searchsorted(effects.segment, (segment, segment + 1)).tolist()
    here = slice(first, end)
    counted = (first + np.flatnonzero(weights[here] >= SMALLEST_WEIGHT)).tolist()
    evidence = [
        Evidence(
            effects.event_ids[effects.impacts[i].event],
            round(effects.impacts[i].distance_km, 1),
            on.toordinal() - effects.impacts[i].start,
            round(float(weights[i]), 4),
            effects.impacts[i].reason,
        )
        for i in counted
    ]
    evidence.sort(key=lambda e: (-e.weight, e.event_id))
    return (*evidence, *_eased(effects, segment, here, faded, traffic, on))


def _eased(
    effects: EventEffects,
    segment: int,
    here: slice,
    faded: NDArray[np.float64],
    traffic: Traffic,
    on: dt.date,
) -> list[Evidence]:
    """Return the convoys and truces that took something off the events before them."""
    day = np.array([on.toordinal()])
    column = tuple(Traffic).index(traffic)
    weights, eased = faded[None, here], []
    for relief in effects.reliefs:
        if segment not in relief.segments or not relief.traffic[column]:
            continue
        after = effects.relieved(weights, day, relief, rows=here)
        removed = float((weights - after).max(initial=0.0))
        weights = after
        if removed >= SMALLEST_WEIGHT:
            eased.append(
                Evidence(
                    effects.event_ids[relief.event],
                    0.0,
                    on.toordinal() - relief.start,
                    -round(removed, 4),
                    relief.reason,
                )
            )
    return eased
