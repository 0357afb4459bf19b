"""Events reported twice across tables: found and shown, left out only when the user says so."""

from collections.abc import Collection

import pandas as pd

from geodata import schema as f
from geodata.events.table import checked
from geodata.network.geodesy import near_pairs

OTHER_ID = "other_id"
OTHER_ORIGIN = "other_origin"
DISTANCE_KM = "distance_km"


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


def doubles(events: pd.DataFrame) -> pd.DataFrame:
    """Return pairs that may be one event: same day, same type, within 5 km; the later row first.

    Parameters
    ----------
    events : DataFrame
        Such as :func:`joined` gives; events without a point are not compared.

    Returns
    -------
    DataFrame
        [event_id, origin, other_id, other_origin, distance_km], at most one row for each event.
    """
    points = events[events[f.LAT].notna() & events[f.LON].notna()].reset_index(drop=True)
    kinds = points[f.DATE].astype(str) + " " + points[f.EVENT_TYPE]
    pairs = near_pairs(zip(kinds, points[f.LAT], points[f.LON], strict=True))
    ids, origins = points[f.EVENT_ID], points[f.ORIGIN]
    return pd.DataFrame(
        [
            (ids[later], origins[later], ids[earlier], origins[earlier], round(km, 1))
            for later, earlier, km in pairs
        ],
        columns=[f.EVENT_ID, f.ORIGIN, OTHER_ID, OTHER_ORIGIN, DISTANCE_KM],
    )


def without(events: pd.DataFrame, ids: Collection[str]) -> pd.DataFrame:
    """Return ``events`` but for those the user left out as duplicates."""
    return events[~events[f.EVENT_ID].isin(list(ids))].reset_index(drop=True)
