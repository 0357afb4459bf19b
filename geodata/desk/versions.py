"""Two versions of the desk side by side: which events changed, and which towns."""

import datetime as dt
from dataclasses import dataclass

from geodata.dataset import Dataset
from geodata.desk.event_table import desk_events, with_desk
from geodata.desk.journal import STATUS, Entry, Kind
from geodata.desk.preview import Effect, effect_between
from geodata.desk.store import Desk
from geodata.errors import GeodataError
from geodata.schema import Traffic, Vehicle


@dataclass(frozen=True)
class Change:
    """One field of one event, at both versions.

    Parameters
    ----------
    event, field : str
    before, after : str
        Empty where the event did not exist.
    author : str
        Who made the last change between the two; empty once their personal data were deleted.
    time : str
    """

    event: str
    field: str
    before: str
    after: str
    author: str
    time: str


@dataclass(frozen=True, eq=False)
class VersionDifference:
    """What lies between two versions.

    Parameters
    ----------
    changes : tuple of Change
        By event, then field; what was changed and changed back is left out.
    effect : Effect
        Of the events that counted at the later version, against those of the earlier.
    """

    changes: tuple[Change, ...]
    effect: Effect

    @property
    def events(self) -> tuple[str, ...]:
        """Events with at least one change."""
        return tuple(dict.fromkeys(each.event for each in self.changes))


def version_difference(
    desk: Desk,
    dataset: Dataset,
    before: int,
    after: int,
    *,
    on: dt.date,
    proposed: bool = False,
    traffic: Traffic = Traffic.FUEL,
    vehicle: Vehicle = Vehicle.ANY,
) -> VersionDifference:
    """Compare two versions of the desk.

    Parameters
    ----------
    dataset : Dataset
        Without the desk's events.
    before, after : int
    on : date
        Day of which towns and roads are compared.
    proposed : bool
        Whether proposed events count too.
    traffic, vehicle : Traffic, Vehicle

    Raises
    ------
    GeodataError
        ``desk.versions_order`` if the second is not the later one; ``desk.no_version``.
    """
    if before >= after:
        raise GeodataError("desk.versions_order", before=before, after=after)
    one, two = (
        with_desk(dataset, desk_events(desk, version, proposed=proposed))
        for version in (before, after)
    )
    entries = desk.entries(since=before, until=after)
    changes = _changes([each for each in entries if each.kind == Kind.EVENT])
    return VersionDifference(
        changes, effect_between(one, two, on=on, traffic=traffic, vehicle=vehicle)
    )


def _changes(entries: list[Entry]) -> tuple[Change, ...]:
    first: dict[tuple[str, str], Entry] = {}
    last: dict[tuple[str, str], Entry] = {}
    for each in entries:
        first.setdefault((each.item, each.field), each)
        last[each.item, each.field] = each
    # The status of an event leads, then its fields by name.
    order = sorted(last, key=lambda key: (key[0], key[1] != STATUS, key[1]))
    return tuple(
        Change(*key, first[key].old, last[key].new, last[key].author, last[key].time)
        for key in order
        if first[key].old != last[key].new
    )
