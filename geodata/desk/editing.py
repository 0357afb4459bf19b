"""What people do at the desk: add events, edit, review, and bring back a past version."""

import datetime as dt
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from geodata import schema as f
from geodata.desk.duplicates import REPORTED, second_report
from geodata.desk.entry import check_event
from geodata.desk.journal import STATUS, Entry, Kind, Record, Status
from geodata.desk.people import Person, Role
from geodata.desk.store import Desk, Draft
from geodata.errors import GeodataError
from geodata.network.model import Network

ID_BYTES: Final = 3


@dataclass(frozen=True)
class Clash:
    """One field that two editors changed to different values.

    Parameters
    ----------
    field, before, theirs, mine : str
    author, time : str
        Who saved `theirs`, and when.
    """

    field: str
    before: str
    theirs: str
    mine: str
    author: str
    time: str


class EditConflictError(GeodataError):
    """Another person saved another value since the editor began; nothing was written.

    Parameters
    ----------
    event : str
    clashes : tuple of Clash
        Both sides of each field, to be shown side by side.
    """

    def __init__(self, event: str, clashes: tuple[Clash, ...]) -> None:
        self.event = event
        self.clashes = clashes
        first = clashes[0]
        super().__init__(
            "desk.conflict",
            event=event,
            field=first.field,
            theirs=first.theirs,
            author=first.author or "?",
            mine=first.mine,
            time=first.time,
        )


@dataclass(frozen=True)
class Saved:
    """A save, and what others had changed meanwhile.

    Parameters
    ----------
    event : str
    version : int
    merged : tuple of Entry
        Changes by others to other fields since the editor began: kept, and to be reported.
    """

    event: str
    version: int
    merged: tuple[Entry, ...] = field(default=())


def add_event(
    desk: Desk,
    person: Person,
    values: Mapping[str, str],
    *,
    today: dt.date,
    reason: str = "",
    network: Network | None = None,
) -> Saved:
    """Enter an event as proposed.

    Parameters
    ----------
    values : mapping of str to str
        By the columns of `geodata.events.table`; without an id one is made.
    today : date
        Day from which the seven days count.
    network : Network, optional
        To check the ids of nodes and segments against.

    Raises
    ------
    GeodataError
        Naming the field that cannot be used and the remedy.
    """
    event = values.get(f.EVENT_ID, "") or f"desk-{values.get(f.DATE, '')}-{_token()}"
    source = values.get(f.SOURCE_URL) or values.get(f.SOURCE_NAME, "")
    entered = check_event({**values, f.EVENT_ID: event}, today=today, network=network)
    drafts = {(Kind.EVENT, event): new_event(entered)}
    return Saved(event, desk.save(person, drafts, reason=reason, source=source))


def new_event(values: Mapping[str, str]) -> Draft:
    """Return what enters checked values as proposed, and refuses an id that exists already."""

    def draft(record: Record | None, _past: Sequence[Entry], _author: int) -> Mapping[str, str]:
        if record is not None:
            raise GeodataError("desk.exists", event=record.item)
        return {**values, STATUS: Status.PROPOSED}

    return draft


def edit_event(
    desk: Desk,
    person: Person,
    event: str,
    changes: Mapping[str, str],
    *,
    base: int,
    today: dt.date,
    reason: str = "",
    source: str = "",
    shipped: Mapping[str, str] | None = None,
    network: Network | None = None,
) -> Saved:
    """Change fields of an event; it is then proposed until a second person has read it.

    Parameters
    ----------
    changes : mapping of str to str
        New values of the fields that were edited, and of no other.
    base : int
        Version of the desk that the editor saw.
    shipped : mapping of str to str, optional
        Values of the shipped event with this id: the desk's own then begins as a copy of it.

    Raises
    ------
    EditConflictError
        If another person gave one of the fields another value after `base`. Changes to different
        fields are merged.
    """
    merged: list[Entry] = []

    def draft(record: Record | None, past: Sequence[Entry], author: int) -> Mapping[str, str]:
        begun = record.values if record else shipped
        if begun is None:
            raise GeodataError("desk.no_event", event=event)
        since = [e for e in past if e.version > base and e.author_id != author]
        _refuse_clashes(event, since, changes)
        merged.extend(each for each in since if each.field not in changes)
        full = check_event({**begun, **changes}, today=today, network=network)
        same = record is not None and all(begun.get(n, "") == value for n, value in full.items())
        return {} if same else {**full, STATUS: Status.PROPOSED}

    item = (Kind.EVENT, event)
    version = desk.save(person, {item: draft}, reason=reason, source=source)
    return Saved(event, version, tuple(merged))


def add_report(
    desk: Desk,
    person: Person,
    event: str,
    report: Mapping[str, str],
    *,
    base: int,
    today: dt.date,
    reason: str = "",
    shipped: Mapping[str, str] | None = None,
) -> Saved:
    """Add a further report of an event: its figures are widened and both sources kept.

    Parameters
    ----------
    report : mapping of str to str
        The report as entered; of it only figures and source are used.
    base, shipped
        As in `edit_event`.

    Raises
    ------
    EditConflictError
    GeodataError
        ``desk.no_event``, or naming the field that cannot be used.
    """
    record = desk.records(base).get((Kind.EVENT, event))
    begun = record.values if record else shipped
    if begun is None:
        raise GeodataError("desk.no_event", event=event)
    values = {**begun, **dict.fromkeys(REPORTED, ""), **report}
    changes = second_report(begun, check_event(values, today=today))
    source = report.get(f.SOURCE_URL) or report.get(f.SOURCE_NAME, "")
    return edit_event(
        desk,
        person,
        event,
        changes,
        base=base,
        today=today,
        reason=reason,
        source=source,
        shipped=shipped,
    )


def review(
    desk: Desk,
    person: Person,
    events: Collection[str],
    status: Status,
    *,
    base: int,
    reason: str = "",
) -> int:
    """Decide on events as a second reader: all of them in one save, or none.

    Parameters
    ----------
    base : int
        Version that the reviewer read. If the values changed since, they must be read again.

    Raises
    ------
    GeodataError
        ``desk.own_words`` if the reviewer wrote part of what nobody has read yet.
    EditConflictError
    """

    def draft_of(event: str) -> Draft:
        def draft(record: Record | None, past: Sequence[Entry], author: int) -> Mapping[str, str]:
            if record is None:
                raise GeodataError("desk.no_event", event=event)
            since = [e for e in past if e.version > base and e.field != STATUS]
            _refuse_clashes(event, since, {each.field: each.old for each in since})
            if author in record.unread:
                raise GeodataError("desk.own_words", event=event)
            return {STATUS: status}

        return draft

    drafts = {(Kind.EVENT, event): draft_of(event) for event in events}
    return desk.save(person, drafts, needs=Role.REVIEWER, reason=reason)


def restore(
    desk: Desk, person: Person, version: int, *, event: str | None = None, reason: str = ""
) -> int:
    """Bring one event, or the whole table, back to a past version, as a new save.

    Values and status go back as they were, and so does what closes roads: values that a second
    person had reviewed are reviewed again, and no others. Events that did not exist then are
    rejected.

    Returns
    -------
    int
        Version of the new save.
    """
    then, now = desk.records(version), desk.records()
    if event is not None and (Kind.EVENT, event) not in then:
        raise GeodataError("desk.no_event_then", event=event, version=version)
    items = [item for item in now if item[0] == Kind.EVENT and event in (None, item[1])]
    first = {item: standing(then.get(item)) for item in items}
    second = {item: as_then(then.get(item)) for item in items}
    return desk.save(person, first, second, needs=Role.REVIEWER, reason=reason)


def standing(before: Record | None) -> Draft:
    """Return what closed roads then, where it differs from what closes them now."""

    def draft(record: Record | None, _past: Sequence[Entry], _author: int) -> Mapping[str, str]:
        waiting = before is not None and before.status == Status.PROPOSED
        if record is None or before is None or not waiting or record.reviewed == before.reviewed:
            return {}
        if before.reviewed is None:
            return {STATUS: Status.REJECTED}
        return {**_blank(record), **before.reviewed, STATUS: Status.REVIEWED}

    return draft


def as_then(before: Record | None) -> Draft:
    """Return the newest values and status as they were; an event that did not exist is rejected."""

    def draft(record: Record | None, _past: Sequence[Entry], _author: int) -> Mapping[str, str]:
        if before is None:
            return {STATUS: Status.REJECTED}
        return {**_blank(record), **before.values, STATUS: before.status}

    return draft


def _blank(record: Record | None) -> dict[str, str]:
    return dict.fromkeys(record.values if record else (), "")


def _refuse_clashes(event: str, since: Sequence[Entry], changes: Mapping[str, str]) -> None:
    clashes = tuple(
        Clash(e.field, e.old, e.new, changes[e.field], e.author, e.time)
        for e in since
        if e.field in changes and e.new != changes[e.field]
    )
    if clashes:
        raise EditConflictError(event, clashes)


def _token() -> str:
    return secrets.token_hex(ID_BYTES)
