"""A table of events entered at the desk, whole or row by row, as proposed."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, field

import pandas as pd

from geodata import schema as f
from geodata.desk.editing import new_event
from geodata.desk.entry import check_event, event_values
from geodata.desk.journal import Kind
from geodata.desk.people import Person
from geodata.desk.store import Desk, Draft, Item
from geodata.errors import GeodataError


@dataclass(frozen=True)
class Imported:
    """What became of a table.

    Parameters
    ----------
    version : int
    entered : tuple of str
        Ids at the desk.
    refused : dict of str to GeodataError
        Why a row was not entered, by its id.
    """

    version: int
    entered: tuple[str, ...]
    refused: dict[str, GeodataError] = field(default_factory=dict)


def import_events(
    desk: Desk,
    person: Person,
    events: pd.DataFrame,
    *,
    today: dt.date,
    ids: Collection[str] | None = None,
    reason: str = "",
) -> Imported:
    """Enter rows of a table in one save; a row that cannot be entered does not stop the others.

    An event whose id the desk has already is refused: it would silently replace what others
    wrote.

    Parameters
    ----------
    events : DataFrame
        In the columns of `geodata.events.table`.
    ids : collection of str, optional
        Rows to enter; all by default.
    """
    chosen = events if ids is None else events[events[f.EVENT_ID].isin(list(ids))]
    known, refused = desk.records(), dict[str, GeodataError]()
    drafts: dict[Item, Draft] = {}
    for row in chosen.to_dict("records"):
        name = str(row[f.EVENT_ID])
        try:
            if (Kind.EVENT, name) in known:
                raise GeodataError("desk.exists", event=name)
            drafts[Kind.EVENT, name] = new_event(check_event(event_values(row), today=today))
        except GeodataError as error:
            refused[name] = error
    version = desk.save(person, drafts, reason=reason) if drafts else desk.version
    return Imported(version, tuple(name for _, name in drafts), refused)
