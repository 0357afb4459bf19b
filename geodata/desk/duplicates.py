"""Events that may already stand in a table, offered before a new one is saved.

An event reported twice rarely has its day and point in both reports. As in event de-duplication
by type, window of days and distance (Donnay et al. 2019, *Integrating conflict event data*,
Journal of Conflict Resolution 63:5), a pair is only offered: a person decides.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from geodata import schema as f
from geodata.desk.entry import OTHER_SOURCES
from geodata.events.table import LOW_HIGH
from geodata.network.geodesy import distances_km

WINDOW_DAYS: Final = 3
WINDOW_KM: Final = 25.0
REPORTED: Final = (*(name for pair in LOW_HIGH for name in pair), f.SOURCE_NAME, f.SOURCE_URL)
"""Fields that each report of one event has for itself."""


@dataclass(frozen=True)
class Candidate:
    """An event that may be the one just entered.

    Parameters
    ----------
    event : str
    days : int
        Days between the two.
    distance_km : float or None
        Great-circle distance; None where one of them has no point.
    """

    event: str
    days: int
    distance_km: float | None


def possible_duplicates(
    values: Mapping[str, str],
    events: pd.DataFrame,
    *,
    days: int = WINDOW_DAYS,
    km: float = WINDOW_KM,
) -> list[Candidate]:
    """Return the events of the same type near in time and place, the nearest first.

    Parameters
    ----------
    values : mapping of str to str
        The event as entered.
    events : DataFrame
        Events to compare with.
    days, km : int, float
        How far apart two reports of one event may lie. Without a point on either side the
        region must be the same.
    """
    day = dt.date.fromisoformat(values[f.DATE])
    same = events[
        (events[f.EVENT_TYPE] == values.get(f.EVENT_TYPE))
        & (events[f.EVENT_ID] != values.get(f.EVENT_ID, ""))
    ]
    apart = np.array([abs((each - day).days) for each in same[f.DATE]], dtype=int)
    lat, lon = (_number(values.get(name, "")) for name in (f.LAT, f.LON))
    distance = distances_km(lat, lon, same[f.LAT].astype(float), same[f.LON].astype(float))
    region = (same[f.REGION] == values.get(f.REGION, "")).to_numpy() & bool(values.get(f.REGION))
    near = np.where(np.isnan(distance), region, distance <= km) & (apart <= days)
    candidates = [
        Candidate(
            str(same[f.EVENT_ID].iloc[i]),
            int(apart[i]),
            None if np.isnan(distance[i]) else round(float(distance[i]), 1),
        )
        for i in np.flatnonzero(near)
    ]
    return sorted(candidates, key=lambda c: (c.days, c.distance_km or 0.0, c.event))


def second_report(known: Mapping[str, str], report: Mapping[str, str]) -> dict[str, str]:
    """Return the changes to an event by a further report of it: figures widened, both sources kept.

    Parameters
    ----------
    known, report : mapping of str to str
        The event as the desk has it, and the report as entered.

    Returns
    -------
    dict of str to str
        Changed fields only, for `geodata.desk.editing.edit_event`.

    Examples
    --------
    >>> second_report({"fatalities_low": "3", "fatalities_high": "3", "source_name": "A"},
    ...               {"fatalities_low": "5", "fatalities_high": "", "source_name": "B"})
    {'fatalities_low': '3', 'fatalities_high': '5', 'source_name': 'A; B'}
    """
    changes: dict[str, str] = {}
    for low, high in LOW_HIGH:
        figures = [
            int(text)
            for each in (known, report)
            for name in (low, high)
            if (text := each.get(name, ""))
        ]
        if figures and any(report.get(name) for name in (low, high)):
            changes |= {low: str(min(figures)), high: str(max(figures))}
    names = [*known.get(f.SOURCE_NAME, "").split("; "), report.get(f.SOURCE_NAME, "")]
    changes[f.SOURCE_NAME] = "; ".join(dict.fromkeys(name for name in names if name))
    address = report.get(f.SOURCE_URL, "")
    if address and not known.get(f.SOURCE_URL):
        changes[f.SOURCE_URL] = address
    elif address and address != known.get(f.SOURCE_URL):
        others = {*known.get(OTHER_SOURCES, "").split(), address}
        changes[OTHER_SOURCES] = " ".join(sorted(others))
    return {name: value for name, value in changes.items() if value != known.get(name, "")}


def _number(text: str) -> float:
    return float(text) if text else float("nan")
