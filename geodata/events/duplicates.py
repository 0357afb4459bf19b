"""Events of several tables in one, none merged, and events left out by name."""

from collections.abc import Collection

import pandas as pd

from geodata import schema as f
from geodata.events.table import checked


def joined(*tables: pd.DataFrame) -> pd.DataFrame:
    """Return the events of several tables in one, earlier tables first; nothing is merged.

    An id that an earlier event has already is marked ``~2``, ``~3`` ..., so that each event can
    still be named.

    Parameters
    ----------
    *tables : DataFrame
        Tables in the columns of :data:`geodata.events.table.COLUMNS`.
    """
    events = pd.concat([table for table in tables if len(table)] or tables[:1], ignore_index=True)
    ids: list[str] = []
    used_ids = set(events[f.EVENT_ID])
    known_ids: set[str] = set()
    for name in events[f.EVENT_ID]:
        chosen, turn = name, 2
        while chosen in known_ids or (chosen != name and chosen in used_ids):
            chosen, turn = f"{name}~{turn}", turn + 1
        known_ids.add(chosen)
        ids.append(chosen)
    events[f.EVENT_ID] = pd.Series(ids, dtype="str")
    return checked(events)


def without(events: pd.DataFrame, ids: Collection[str]) -> pd.DataFrame:
    """Return ``events`` but for those named, such as events that another table replaces."""
    return events[~events[f.EVENT_ID].isin(list(ids))].reset_index(drop=True)
