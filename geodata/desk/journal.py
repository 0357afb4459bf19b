"""The journal of a desk: who changed which field of which item, and the state that follows.

Entries are only ever added. The state of the desk at a version is the fold of all entries up to
it, so the same version gives the same table at any later time.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

STATUS: Final = "status"


class Kind(StrEnum):
    """What an item of the desk is."""

    EVENT = "event"
    SCENARIO = "scenario"
    REMARK = "remark"


class Status(StrEnum):
    """How far an event has come: only reviewed ones close roads unless asked otherwise."""

    PROPOSED = "proposed"
    REVIEWED = "reviewed"
    REJECTED = "rejected"
    UNVERIFIABLE = "unverifiable"


@dataclass(frozen=True)
class Entry:
    """One field of one item, changed by one author in one version.

    Parameters
    ----------
    version : int
        Number of the save that made it; saves count from 1 without gaps.
    kind : Kind
    item : str
        Id of the event, scenario or remark.
    field : str
    old, new : str
        Values as text; empty where nothing is known.
    author_id : int
    author : str
        Name of the author; empty once the author's personal data were deleted.
    time : str
        UTC, ISO 8601. Only shown: order follows `version`, so a clock set back changes nothing.
    reason, source : str
        Why it was changed, and the address or title of what says so.
    """

    version: int
    kind: Kind
    item: str
    field: str
    old: str
    new: str
    author_id: int
    author: str
    time: str
    reason: str = ""
    source: str = ""


@dataclass(frozen=True)
class Record:
    """An item as it is at a version.

    Parameters
    ----------
    kind : Kind
    item : str
    values : mapping of str to str
        Newest values, the status left out.
    status : Status
    reviewed : mapping of str to str or None
        Values as they were when last reviewed; None if never, or refused since. An edit that no
        second person has read does not change what closes roads.
    decided : bool
        Whether anyone ever reviewed or refused it.
    version : int
        Version of the last change.
    unread : frozenset of int
        Authors of the values that nobody has reviewed yet.
    read : frozenset of int
        Authors of the values last reviewed; unread again once that review is undone or the event
        refused, so that nobody comes to review their own words in that way.
    author_id : int
    time : str
        Of the last change.
    """

    kind: Kind
    item: str
    values: Mapping[str, str] = field(default_factory=dict)
    status: Status = Status.PROPOSED
    reviewed: Mapping[str, str] | None = None
    decided: bool = False
    version: int = 0
    unread: frozenset[int] = frozenset()
    read: frozenset[int] = frozenset()
    author_id: int = 0
    time: str = ""


Records = dict[tuple[Kind, str], Record]


def fold(entries: Iterable[Entry], start: Records | None = None) -> Records:
    """Return the state of all items after some entries.

    Parameters
    ----------
    entries : iterable of Entry
        In the order of their versions.
    start : dict, optional
        State before them; it is not changed.

    Examples
    --------
    >>> entry = Entry(1, Kind.EVENT, "e1", "place", "", "Diboli", 1, "Awa", "2026-01-01T00:00:00")
    >>> fold([entry])[Kind.EVENT, "e1"].values
    {'place': 'Diboli'}
    """
    records = dict(start or {})
    for (version, kind, item), changed in _saves(entries).items():
        before = records.get((kind, item), Record(kind, item))
        records[kind, item] = _after(before, version, changed)
    return records


def _saves(entries: Iterable[Entry]) -> dict[tuple[int, Kind, str], list[Entry]]:
    """Return the entries by the save and the item that they belong to, in their order."""
    saves: dict[tuple[int, Kind, str], list[Entry]] = {}
    for entry in entries:
        saves.setdefault((entry.version, entry.kind, entry.item), []).append(entry)
    return saves


def _after(before: Record, version: int, changed: list[Entry]) -> Record:
    contents = {each.field: each.new for each in changed if each.field != STATUS}
    values = {**before.values, **contents}
    status = next((Status(e.new) for e in changed if e.field == STATUS), before.status)
    unread = before.unread | {each.author_id for each in changed if each.field != STATUS}
    reviewed, read = before.reviewed, before.read
    if status == Status.REVIEWED:
        reviewed, read, unread = values, read | unread, frozenset()
    else:
        reviewed = reviewed if status == Status.PROPOSED else None
        if reviewed is None or not contents:
            unread = unread | read
    return replace(
        before,
        values=values,
        status=status,
        reviewed=reviewed,
        decided=before.decided or status != Status.PROPOSED,
        version=version,
        unread=unread,
        read=read,
        author_id=changed[-1].author_id,
        time=changed[-1].time,
    )
