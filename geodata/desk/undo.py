"""One's last save at the desk, and the way back from it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from geodata.desk.editing import as_then, standing
from geodata.desk.journal import STATUS, Entry, Kind, Record
from geodata.desk.people import Person, Role
from geodata.desk.store import Desk, Draft, Item
from geodata.errors import GeodataError

UNDID: Final = "undo:"
"""Begins the source of a save that undid another; the number of that one follows."""


@dataclass(frozen=True)
class LastSave:
    """What a person saved last.

    Parameters
    ----------
    version : int
    kind : Kind
    items : tuple of str
        Events, scenarios or remarks that it changed.
    reviewed : bool
        Whether it was a decision on events rather than a change of their values.
    """

    version: int
    kind: Kind
    items: tuple[str, ...]
    reviewed: bool


def last_save(desk: Desk, person: Person) -> LastSave | None:
    """Return the newest save of a person; None before the first, and after an undo."""
    entries = desk.last_entries(person)
    if not entries or entries[0].source.startswith(UNDID):
        return None
    reviewed = all(each.field == STATUS for each in entries)
    items = tuple(dict.fromkeys(each.item for each in entries))
    return LastSave(entries[0].version, entries[0].kind, items, reviewed)


def undo(desk: Desk, person: Person) -> int:
    """Bring back what the person's last save changed, as a new save.

    Values, status and what closes roads go back to what they were before; an item that the save
    made is rejected.

    Returns
    -------
    int
        The newest version.

    Raises
    ------
    GeodataError
        ``desk.nothing_to_undo``; ``desk.changed_since`` if somebody else changed one of the
        items since, whose words an undo would take away.
    """
    last = last_save(desk, person)
    if last is None:
        raise GeodataError("desk.nothing_to_undo")
    then = desk.records(last.version - 1)
    items: list[Item] = [(last.kind, name) for name in last.items]
    first = {each: _untouched(standing(then.get(each)), last.version) for each in items}
    second = {each: _untouched(as_then(then.get(each)), last.version) for each in items}
    needs = Role.REVIEWER if last.reviewed else Role.CONTRIBUTOR
    return desk.save(person, first, second, needs=needs, source=f"{UNDID}{last.version}")


def _untouched(draft: Draft, version: int) -> Draft:
    """Return the draft, refused where another author changed the item after a version."""

    def checked(record: Record | None, past: Sequence[Entry], author: int) -> Mapping[str, str]:
        others = [e for e in past if e.version > version and e.author_id != author]
        if others:
            raise GeodataError(
                "desk.changed_since", event=others[0].item, author=others[0].author or "?"
            )
        return draft(record, past, author)

    return checked
