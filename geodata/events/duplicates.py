"""Events of several tables in one, none merged, and events left out by name."""

from collections.abc import Collection, Sequence

import pandas as pd

from geodata import schema as f
from geodata.events.table import cells, checked


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
    if not events[f.EVENT_ID].is_unique:
        events[f.EVENT_ID] = pd.Series(_distinct(cells(events[f.EVENT_ID])), dtype="str")
    return checked(events)


def _distinct(names: Sequence[str]) -> list[str]:
    """Return the names, each that came before with a mark that no other has."""
    distinct: list[str] = []
    all_names, known = set(names), set[str]()
    for name in names:
        chosen, turn = name, 2
        while chosen in known or (chosen != name and chosen in all_names):
            chosen, turn = f"{name}~{turn}", turn + 1
        known.add(chosen)
        distinct.append(chosen)
    return distinct


def without(events: pd.DataFrame, ids: Collection[str]) -> pd.DataFrame:
    """Return ``events`` but for those named, such as events that another table replaces."""
    return events[~events[f.EVENT_ID].isin(list(ids))].reset_index(drop=True)
