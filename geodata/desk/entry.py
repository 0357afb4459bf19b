"""One event as a person enters it: read, checked and written as the desk keeps it."""

import datetime as dt
import math
import re
from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from geodata import schema as f
from geodata.conditions import Conditions, check_ids
from geodata.desk.store import one_line
from geodata.errors import GeodataError
from geodata.events.table import (
    COLUMNS,
    COUNTS,
    DATES,
    LOW_HIGH,
    NUMBERS,
    PATTERNS,
    RANGES,
)
from geodata.events.vocabulary import DEFAULTS, VOCABULARIES, LocationPrecision
from geodata.network.model import Network

OTHER_SOURCES: Final = "other_source_urls"
"""Addresses of further sources of an event, separated by blanks; no column of an events table."""

FIELDS: Final = (*COLUMNS, OTHER_SOURCES)
QUIET_DAYS: Final = 7
"""Younger events are not entered: they could reveal where people are now."""

VALUE_CHARACTERS: Final = 10_000
COUNT_MOST: Final = 10**9
_FORMS: Final = {
    f.EVENT_ID: "e1",
    f.SOURCE_URL: "https://...",
    f.SOURCE_DATE: "YYYY-MM, YYYY-MM-DD",
}
ORIGIN: Final = "desk"
NEW: Final = "new"
"""Id of an event that has none yet."""


def event_values(row: Mapping[Any, Any]) -> dict[str, str]:
    """Return the values of a row of an events table as text, as the desk keeps them."""
    values = {}
    for name in FIELDS:
        value = row.get(name, "")
        missing = value is None or (not isinstance(value, str) and pd.isna(value))
        values[name] = (
            ""
            if missing
            else value.isoformat()
            if isinstance(value, dt.date)
            else (repr(float(value)) if name in NUMBERS else str(value))
        )
    return values


def check_event(
    values: Mapping[str, str], *, today: dt.date, network: Network | None = None
) -> dict[str, str]:
    """Return the values of one event, complete and in the desk's form.

    Parameters
    ----------
    values : mapping of str to str
    today : date
        Day from which the seven days count.
    network : Network, optional
        To check the ids of nodes and segments against.

    Raises
    ------
    GeodataError
        Naming the field, what is wrong with it and what it may hold.
    """
    given = {name: one_line(value) for name, value in values.items()}
    unknown = sorted(set(given) - set(FIELDS))
    if unknown:
        raise GeodataError("desk.unknown_field", field=unknown[0], fields=", ".join(FIELDS))
    filled = {**DEFAULTS, f.EVENT_ID: NEW, f.MAY_CLOSE: "True", f.ORIGIN: ORIGIN}
    given = {**given, **{n: v for n, v in filled.items() if not given.get(n)}}
    read = {name: _read(name, given.get(name, "")) for name in FIELDS}
    _check_days(read, today)
    _check_together(read)
    if not read[f.SOURCE_NAME]:
        raise GeodataError("desk.no_source")
    if network is not None:
        _check_places(read, network)
    return read


def _read(name: str, value: str) -> str:
    """Return a value in the desk's form, or refuse what an events table cannot hold.

    One event is checked by the rules of the table's schema without making a table of it, which
    takes a hundred times as long.
    """
    if len(value) > VALUE_CHARACTERS:
        raise GeodataError("desk.too_long", field=name, limit=VALUE_CHARACTERS)
    if name in VOCABULARIES and value not in list(VOCABULARIES[name]):
        raise _fault(name, value, ", ".join(VOCABULARIES[name]))
    if name in PATTERNS and not re.match(PATTERNS[name], value):
        raise _fault(name, value, _FORMS[name])
    if name == f.MAY_CLOSE:
        return "False" if value == "False" else "True"
    if name == OTHER_SOURCES:
        return _addresses(value)
    try:
        if name in DATES and value:
            return dt.date.fromisoformat(value).isoformat()
        if name in RANGES and value:
            return _number(name, value)
    except ValueError:
        form = "YYYY-MM-DD" if name in DATES else _range_form(name)
        raise _fault(name, value, form) from None
    return value


def _number(name: str, value: str) -> str:
    number = int(value) if name in COUNTS else float(value)
    low, high = RANGES[name]
    greatest = COUNT_MOST if high is None else high
    if not (math.isfinite(number) and low <= number <= greatest):
        raise ValueError
    return repr(number)


def _range_form(name: str) -> str:
    low, high = RANGES[name]
    if name in COUNTS:
        return "0, 1, 2 ..."
    return f"{low:g} ... {high:g}" if high is not None else "12.5"


def _addresses(value: str) -> str:
    addresses = sorted(set(value.split()))
    if any(not each.startswith(("https://", "http://")) for each in addresses):
        raise _fault(OTHER_SOURCES, value, "https://...")
    return " ".join(addresses)


def _check_together(read: Mapping[str, str]) -> None:
    """Refuse values each of which could be, but not beside the others."""
    for low, high in LOW_HIGH:
        if read[low] and read[high] and int(read[low]) > int(read[high]):
            raise GeodataError("desk.low_above_high", low=low, high=high)
    if read[f.END_DATE] and read[f.END_DATE] < read[f.DATE]:
        raise GeodataError("desk.ends_before", end=read[f.END_DATE], start=read[f.DATE])
    placed = read[f.LAT] and read[f.LON]
    if not placed and read[f.LOCATION_PRECISION] != LocationPrecision.REGION:
        raise GeodataError("desk.unplaced")


def _check_days(given: Mapping[str, str], today: dt.date) -> None:
    if not given.get(f.DATE):
        raise _fault(f.DATE, "", "YYYY-MM-DD")
    newest = today - dt.timedelta(days=QUIET_DAYS)
    if dt.date.fromisoformat(given[f.DATE]) > newest:
        raise GeodataError("desk.too_recent", days=QUIET_DAYS, newest=newest)


def _check_places(given: Mapping[str, str], network: Network) -> None:
    segments = frozenset(given.get(f.SEGMENT_IDS, "").replace(";", " ").split())
    check_ids(network, Conditions(cut=segments))
    node = given.get(f.NODE_ID, "")
    if node and node not in set(network.nodes[f.NODE_ID]):
        raise _fault(f.NODE_ID, node, "node_id")


def _fault(name: str, value: str, form: str) -> GeodataError:
    return GeodataError("desk.bad_value", field=name, value=value[:80], form=form)
