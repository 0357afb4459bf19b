"""The desk's events as a table, at any version, and a data set in which they close roads."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256

import pandas as pd

# Loaded here by the one thread that starts the program: two threads that need it first at once,
# such as two people who open the page, would each wait for a part that the other is loading.
import pandera.pandas  # noqa: F401

from geodata import schema as f
from geodata.dataset import Dataset
from geodata.desk.entry import ORIGIN
from geodata.desk.journal import Kind, Record, Status
from geodata.desk.store import Desk
from geodata.events.table import COLUMNS, checked, no_events, typed


@dataclass(frozen=True, eq=False)
class DeskEvents:
    """Events of a desk that count, and ids that its word replaces elsewhere.

    Parameters
    ----------
    events : DataFrame
        In the columns of `geodata.events.table`, by id.
    replaced : frozenset of str
        Ids on which the desk has decided: a shipped event of that id does not count.
    version : int
        Version of the desk that this was read at.
    """

    events: pd.DataFrame
    replaced: frozenset[str]
    version: int


@dataclass(frozen=True)
class Counted:
    """What of a desk counts at a version, before a table is made of it.

    Parameters
    ----------
    digest : str
        Checksum of it: two versions between which nothing of it changed have the same, and are
        equal here.
    rows : tuple of mapping of str to str
        Values of the events that count, by id.
    replaced : frozenset of str
        As `DeskEvents.replaced`.
    version : int
    """

    digest: str
    rows: tuple[Mapping[str, str], ...] = field(compare=False)
    replaced: frozenset[str] = field(compare=False)
    version: int = field(compare=False)

    def table(self) -> DeskEvents:
        """Return the events in the columns of `geodata.events.table`, checked."""
        if not self.rows:
            return DeskEvents(no_events(), self.replaced, self.version)
        cells = {name: [values.get(name, "") for values in self.rows] for name in COLUMNS}
        table = pd.DataFrame(cells, dtype="str")
        events = checked(typed(table, origin=ORIGIN), name=ORIGIN)
        return DeskEvents(events, self.replaced, self.version)


def desk_events(desk: Desk, version: int | None = None, *, proposed: bool = False) -> DeskEvents:
    """Return the events at a version of the desk.

    Parameters
    ----------
    version : int, optional
        The newest by default.
    proposed : bool
        Whether proposed events, and proposed changes to reviewed ones, count too.

    Raises
    ------
    GeodataError
        If the desk has no such version.
    """
    return counted(desk, version, proposed=proposed).table()


def counted(desk: Desk, version: int | None = None, *, proposed: bool = False) -> Counted:
    """Return which events count at a version of the desk; parameters as of `desk_events`.

    Raises
    ------
    GeodataError
        If the desk has no such version.
    """
    number = desk.version if version is None else version
    records = [each for (kind, _), each in desk.records(number).items() if kind == Kind.EVENT]
    rows = {
        each.item: values
        for each in records
        if (values := counting_values(each, proposed=proposed)) is not None
    }
    decided = frozenset(each.item for each in records if each.decided)
    # By their repr no two values run together, whatever signs they hold.
    content = repr((sorted(decided), [sorted(rows[item].items()) for item in sorted(rows)]))
    return Counted(
        sha256(content.encode()).hexdigest(),
        tuple(rows[item] for item in sorted(rows)),
        decided | set(rows) if rows else decided,
        number,
    )


def counting_values(record: Record, *, proposed: bool = False) -> Mapping[str, str] | None:
    """Return the values of an event that count; None where it does not."""
    if proposed and record.status == Status.PROPOSED:
        return record.values
    return record.reviewed


def with_desk(dataset: Dataset, desk_events: DeskEvents) -> Dataset:
    """The data set in which the desk's events count, in place of shipped ones with their ids."""
    added = dataset.added_events
    if added is not None:
        added = added[~added[f.EVENT_ID].isin(desk_events.replaced)]
    tables = [each for each in (added, desk_events.events) if each is not None and len(each)]
    events = pd.concat(tables, ignore_index=True) if tables else None
    return replace(
        dataset, added_events=events, replaced_events=dataset.replaced_events | desk_events.replaced
    )
