"""The closed sets of values that an event's columns may hold."""

from enum import StrEnum
from typing import Final

from geodata import schema as f


class EventType(StrEnum):
    """What happened."""

    ABDUCTION = "abduction"
    AMBUSH = "ambush"
    ARMED_CLASH = "armed_clash"
    BLOCKADE = "blockade"
    BLOCKADE_LIFTED = "blockade_lifted_or_truce"
    CHECKPOINT = "checkpoint"
    CONVOY_ARRIVAL = "convoy_arrival"
    DAMAGE = "damage"
    """A bridge or a ferry out of use."""
    EXPLOSION = "explosion"
    POLICY = "policy"
    SIEGE = "siege"
    VEHICLE_BURNING = "vehicle_burning"
    OTHER = "other"


class Effect(StrEnum):
    """What the source says of passage; ``none stated`` where it says nothing."""

    CLOSED = "closed"
    RESTRICTED = "restricted"
    CONTESTED = "contested"
    OPEN = "open"
    NONE_STATED = "none stated"


class DatePrecision(StrEnum):
    """How closely the date is known."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class LocationPrecision(StrEnum):
    """How closely the place is known: a town, a stretch of road, or no more than a region."""

    TOWN = "town"
    SEGMENT = "segment"
    REGION = "region"


class Confidence(StrEnum):
    """How far the report is to be believed, as the table's maker judged."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class AppliesTo(StrEnum):
    """Whom the event concerns."""

    ALL = "all"
    FUEL = "fuel"
    ESCORTED = "escorted"


VOCABULARIES: Final[dict[str, type[StrEnum]]] = {
    f.EVENT_TYPE: EventType,
    f.EFFECT: Effect,
    f.DATE_PRECISION: DatePrecision,
    f.LOCATION_PRECISION: LocationPrecision,
    f.CONFIDENCE: Confidence,
    f.APPLIES_TO: AppliesTo,
}
"""Closed sets of values by column."""

DEFAULTS: Final = {
    f.EVENT_TYPE: EventType.OTHER.value,
    f.EFFECT: Effect.NONE_STATED.value,
    f.DATE_PRECISION: DatePrecision.DAY.value,
    f.LOCATION_PRECISION: LocationPrecision.TOWN.value,
    f.CONFIDENCE: Confidence.MEDIUM.value,
    f.APPLIES_TO: AppliesTo.ALL.value,
}
"""What a blank cell of a closed set means; the report gives the number of rows for each."""
