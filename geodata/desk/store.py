"""A desk: its journal in a database, the state at any version, and one way to add to it."""

import datetime as dt
import secrets
import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, Engine, Row, bindparam, text

from geodata.desk.database import connect, reading, writing
from geodata.desk.journal import Entry, Kind, Record, Records, fold
from geodata.desk.migrations import STEPS, migrate, schema_version
from geodata.desk.people import Person, Role, author_id
from geodata.errors import GeodataError

ITEMS_BY_NAME: Final = 50
"""With more items than this the whole journal is read at once."""

VERSIONS_KEPT: Final = 24
"""Versions of which the state is kept; each costs one reference for an item."""

Item = tuple[Kind, str]
Draft = Callable[[Record | None, Sequence[Entry], int], Mapping[str, str]]
"""New values of an item from its record, its entries and the author's number."""

_ENTRIES: Final = (
    "SELECT e.version, e.kind, e.item, e.field, e.old, e.new, s.author_id, a.name AS author,"
    " s.time, s.reason, s.source FROM desk_entries e JOIN desk_saves s ON s.version = e.version"
    " JOIN desk_authors a ON a.author_id = s.author_id"
)

_SAVES: Final = "SELECT version, author_id, time, mark FROM desk_saves"
_SAVE: Final = text(f"{_SAVES} WHERE version = :version")
_NEWEST: Final = text(f"{_SAVES} ORDER BY version DESC LIMIT 1")

_LAST: Final = text(
    "SELECT max(s.version) FROM desk_saves s JOIN desk_authors a ON a.author_id = s.author_id"
    " WHERE a.subject = :subject"
)


@dataclass(eq=False)
class Desk:
    """The shared table of events, scenarios and remarks in one database.

    Parameters
    ----------
    engine : Engine
        With the newest schema: `opened` makes sure of it.
    """

    engine: Engine
    _kept: dict[int, Records] = field(default_factory=dict)
    _folded: int = 0
    _folded_mark: str = ""
    _lock: Any = field(default_factory=threading.Lock)
    # SQLite's own wait for a writer polls, and may pass over the one that waited longest.
    _turn: Any = field(default_factory=threading.Lock)

    @property
    def version(self) -> int:
        """Number of the newest save; 0 while nothing was saved."""
        with reading(self.engine) as connection:
            return _head(connection)

    def newest(self) -> tuple[int, str]:
        """Return the number of the newest save and its mark; 0 and nothing while there is none."""
        with reading(self.engine) as connection:
            return _newest(connection)

    def mark(self, version: int) -> str:
        """Return what tells a save from every other, of this database or of one put in its place.

        Up to a save of the same mark the journal is the same. Empty if there is no such save.
        """
        with reading(self.engine) as connection:
            return _mark(connection, version)

    def entries(
        self, *, item: Item | None = None, since: int = 0, until: int | None = None
    ) -> list[Entry]:
        """Return the journal entries after version `since` up to version `until`, oldest first."""
        with reading(self.engine) as connection:
            return _entries(connection, [item] if item else None, since=since, until=until)

    def records(self, version: int | None = None) -> Records:
        """Return all items as they are, or as they were at a version; do not change what is given.

        Raises
        ------
        GeodataError
            ``desk.no_version`` if the desk has not come that far.
        """
        with self._lock, reading(self.engine) as connection:
            head, mark = _newest(connection)
            if version is not None and not 0 <= version <= head:
                raise GeodataError("desk.no_version", version=version, head=head)
            known = mark if self._folded == head else _mark(connection, self._folded)
            if known != self._folded_mark:
                # The database was put back from a backup since.
                self._kept, self._folded, self._folded_mark = {}, 0, ""
            wanted = head if version is None else version
            if wanted not in self._kept:
                self._keep(wanted, connection)
            if wanted > self._folded:
                self._folded = wanted
                self._folded_mark = mark if wanted == head else _mark(connection, wanted)
            self._kept[wanted] = records = self._kept.pop(wanted)  # the last to be dropped
            return records

    def _keep(self, version: int, connection: Connection) -> None:
        """Fold the journal up to a version, from the latest one before it that is kept."""
        start = max((each for each in self._kept if each < version), default=0)
        added = _entries(connection, None, since=start, until=version)
        self._kept[version] = fold(added, self._kept.get(start))
        if len(self._kept) > VERSIONS_KEPT:
            del self._kept[next(iter(self._kept))]

    def author_number(self, person: Person) -> int | None:
        """Return the number under which a person's entries stand; None before the first."""
        with reading(self.engine) as connection:
            statement = text("SELECT author_id FROM desk_authors WHERE subject = :subject")
            number = connection.execute(statement, {"subject": person.subject}).scalar()
            return None if number is None else int(number)

    def last_entries(self, person: Person) -> list[Entry]:
        """Return the entries of a person's newest save; none if there is no save."""
        with reading(self.engine) as connection:
            version = connection.execute(_LAST, {"subject": person.subject}).scalar()
            if version is None:
                return []
            return _entries(connection, None, since=version - 1, until=version)

    def names(self) -> dict[int, str]:
        """Return name of each author by number; empty for one whose personal data were deleted."""
        with reading(self.engine) as connection:
            rows = connection.execute(text("SELECT author_id, name FROM desk_authors"))
            return {row.author_id: row.name for row in rows}

    def save(
        self,
        person: Person,
        *steps: Mapping[Item, Draft],
        needs: Role = Role.CONTRIBUTOR,
        reason: str = "",
        source: str = "",
    ) -> int:
        """Add to the journal: all steps, or nothing if any draft raises.

        Parameters
        ----------
        person : Person
        *steps : mapping of (Kind, str) to callable
            Each step that changes something becomes a version. The drafts are called while no
            other writer can come between.
        needs : Role
            The least role that may do this.
        reason, source : str
            Kept with every entry.

        Returns
        -------
        int
            The newest version, which has not moved if nothing would change.
        """
        person.must_be(needs)
        with self._turn, writing(self.engine) as connection:
            author = author_id(connection, person)
            for drafts in steps:
                if rows := _changes(connection, drafts, author):
                    _insert(connection, rows, author, reason, source)
            return _head(connection)


def _insert(
    connection: Connection, rows: list[dict[str, object]], author: int, reason: str, source: str
) -> None:
    version = _head(connection) + 1
    connection.execute(
        text("INSERT INTO desk_saves VALUES (:version, :author, :time, :reason, :source, :mark)"),
        {
            "version": version,
            "author": author,
            "time": now().isoformat(),
            "reason": one_line(reason),
            "source": one_line(source),
            "mark": secrets.token_hex(8),
        },
    )
    connection.execute(
        text("INSERT INTO desk_entries VALUES (:version, :kind, :item, :field, :old, :new)"),
        [{**row, "version": version} for row in rows],
    )


def opened(url: str | None = None) -> Desk:
    """Return the desk at an address, made or brought to the newest schema where needed.

    Parameters
    ----------
    url : str, optional
        See `geodata.desk.database.connect`.

    Raises
    ------
    GeodataError
        If the database cannot be reached, or was made by a newer program.
    """
    desk = Desk(connect(url))
    with reading(desk.engine) as connection:
        ready = schema_version(connection) == len(STEPS)
    if not ready:
        with writing(desk.engine) as connection:
            migrate(connection)
    return desk


def now() -> dt.datetime:
    """This moment in UTC, to the second."""
    return dt.datetime.now(dt.UTC).replace(microsecond=0)


def one_line(value: str) -> str:
    """Text without line ends, control signs and half characters, which no database keeps alike."""
    return " ".join("".join(c if c.isprintable() else " " for c in value).split())


def _head(connection: Connection) -> int:
    return int(connection.execute(text("SELECT max(version) FROM desk_saves")).scalar() or 0)


def _newest(connection: Connection) -> tuple[int, str]:
    row = connection.execute(_NEWEST).first()
    return (0, "") if row is None else (int(row.version), _mark_of(row))


def _mark(connection: Connection, version: int) -> str:
    row = connection.execute(_SAVE, {"version": version}).first()
    return "" if row is None else _mark_of(row)


def _mark_of(save: Row[Any]) -> str:
    return f"{save.version} {save.author_id} {save.time} {save.mark}"


def _entries(
    connection: Connection,
    items: Collection[Item] | None,
    *,
    since: int = 0,
    until: int | None = None,
) -> list[Entry]:
    """Return entries of some items, or of all for None, in the order in which they were made."""
    where, values = ["e.version > :since"], dict[str, object]({"since": since})
    if until is not None:
        where.append("e.version <= :until")
        values["until"] = until
    if items is not None:
        where.append("e.item IN :items")
        values["items"] = sorted({name for _, name in items})
    order = "ORDER BY e.version, e.kind, e.item, e.field"
    statement = text(f"{_ENTRIES} WHERE {' AND '.join(where)} {order}")
    if items is not None:
        statement = statement.bindparams(bindparam("items", expanding=True))
    rows = connection.execute(statement, values)
    entries = [Entry(row[0], Kind(row[1]), *row[2:]) for row in rows]
    return [each for each in entries if items is None or (each.kind, each.item) in items]


def _changes(
    connection: Connection, drafts: Mapping[Item, Draft], author: int
) -> list[dict[str, object]]:
    """Return the rows of the journal for the values that would change."""
    few = len(drafts) <= ITEMS_BY_NAME
    past = _entries(connection, list(drafts) if few else None)
    records = fold(past)
    by_item: dict[Item, list[Entry]] = {}
    for entry in past:
        by_item.setdefault((entry.kind, entry.item), []).append(entry)
    rows: list[dict[str, object]] = []
    for (kind, item), draft in drafts.items():
        record = records.get((kind, item))
        values = draft(record, by_item.get((kind, item), []), author)
        before = _texts(record)
        rows += [
            {
                "kind": str(kind),
                "item": item,
                "field": name,
                "old": before.get(name, ""),
                "new": one_line(value),
            }
            for name, value in values.items()
            if one_line(value) != before.get(name, "")
        ]
    return rows


def _texts(record: Record | None) -> dict[str, str]:
    """Return the values of a record with its status among them; nothing for a new item."""
    return {} if record is None else {**record.values, "status": str(record.status)}
