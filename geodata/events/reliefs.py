"""What raises the state of a road again: liftings, truces and convoys that arrived."""

import dataclasses
import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

from geodata import schema as f
from geodata.events.rules import Rules
from geodata.events.spans import last_dated_day
from geodata.events.vocabulary import AppliesTo, Confidence, Effect, EventType, LocationPrecision

REASON: Final = "closures.reason."
"""Prefix of the catalogue's reasons for the state of a segment."""


@dataclass(frozen=True)
class Relief:
    """What raises the state of segments from a day on, against all that began before it.

    Parameters
    ----------
    event : int
    segments : frozenset of int
    start, acts_from, last : int
        It acts on what began before ``start``, from the day ``acts_from`` to the day ``last``,
        as ordinals of the date. The first two differ where only the week or month is known.
    traffic : tuple of bool
        Traffic affected: fuel, trucks, light vehicles.
    keep : float
        Share of the danger from earlier attacks that remains.
    ceiling : float
        Level to which earlier closings are brought down.
    weight : float
        How far the report is believed, from 0 to 1.
    spares_sieges : bool
        Whether it leaves blockades of single towns as they are, as a truce does that is
        reported for the country at large.
    reason : str
        Key in the catalogue.
    """

    event: int
    segments: frozenset[int]
    start: int
    acts_from: int
    last: int
    traffic: tuple[bool, bool, bool]
    keep: float
    ceiling: float
    weight: float
    spares_sieges: bool
    reason: str


def relief(
    event: dict[Any, Any], row: int, segments: frozenset[int], rules: Rules
) -> Relief | None:
    """Read type, effect and confidence together: none alone raises a road's state.

    A report of low confidence raises none. A lifting of which only the week or month is known
    acts from its last day, when it has happened for certain, on what began before its first.

    Parameters
    ----------
    event : dict
        Row of the table of events.
    row : int
        Its number.
    segments : frozenset of int
        Segments that the event concerns.
    rules : Rules
    """
    if event[f.CONFIDENCE] == Confidence.LOW:
        return None
    effect, convoy = event[f.EFFECT], event[f.EVENT_TYPE] == EventType.CONVOY_ARRIVAL
    if convoy:
        acts, keep, ceiling, reason = effect != Effect.CLOSED, 1.0, rules.escort_level, "convoy"
    elif effect == Effect.OPEN:
        acts, keep, ceiling, reason = True, 0.0, 0.0, "lifted"
    else:
        acts, keep = effect == Effect.RESTRICTED, 1 - rules.truce_share
        ceiling, reason = rules.escort_level, "truce"
    if not acts or not (convoy or event[f.EVENT_TYPE] == EventType.BLOCKADE_LIFTED):
        return None
    for_good = convoy or event[f.END_DATE] is None
    last = dt.date.max.toordinal() if for_good else event[f.END_DATE].toordinal()
    everybody = convoy or event[f.APPLIES_TO] == AppliesTo.ALL
    return Relief(
        row,
        segments,
        start=event[f.DATE].toordinal(),
        acts_from=min(last_dated_day(event).toordinal(), last),
        last=last,
        traffic=(True, everybody, everybody),
        keep=keep,
        ceiling=ceiling,
        weight=rules.confidence(event[f.CONFIDENCE]),
        spares_sieges=not convoy and event[f.LOCATION_PRECISION] == LocationPrecision.REGION,
        reason=REASON + reason,
    )


def distinct(reliefs: list[Relief]) -> tuple[Relief, ...]:
    """Let each relief act once on a segment, however many reports mention it.

    Of reports that say the same of one day, the most believed counts, and of equals the first.
    """
    counted: set[tuple[Any, ...]] = set()
    once = []
    for each in sorted(reliefs, key=lambda r: (-r.weight, r.event)):
        says = (
            each.start,
            each.acts_from,
            each.last,
            each.traffic,
            each.reason,
            each.spares_sieges,
        )
        new = frozenset(s for s in each.segments if (says, s) not in counted)
        counted |= {(says, s) for s in new}
        if new:
            once.append(dataclasses.replace(each, segments=new))
    return tuple(sorted(once, key=lambda r: r.event))
