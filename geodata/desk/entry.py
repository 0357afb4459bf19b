"""One event as a person enters it: read, checked and written as the desk keeps it."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

# Loaded here by the one thread that starts the program: two threads that need it first at once,
# such as two people who save, would each wait for a part that the other is loading.
import pandera.pandas  # noqa: F401

from geodata import schema as f
from geodata.conditions import Conditions, check_ids
from geodata.desk.store import one_line
from geodata.errors import GeodataError
from geodata.events.table import COLUMNS, COUNTS, DATES, NUMBERS, checked, typed
from geodata.events.vocabulary import DEFAULTS, VOCABULARIES
from geodata.network.model import Network

OTHER_SOURCES: Final = "other_source_urls"
"""Addresses of further sources of an event, separated by blanks; no column of an events table."""

FIELDS: Final = (*COLUMNS, OTHER_SOURCES)
QUIET_DAYS: Final = 7
"""Younger events are not entered: they could reveal where people are now."""

VALUE_CHARACTERS: Final = 10_000
ORIGIN: Final = "desk"
NEW: Final = "new"
"""Id of an event that has none yet."""


def event_values(row: Mapping[Any, Any]) -> dict[str, str]:
    """Return the values of a row of an events table as text, as the desk keeps them."""
    found = {}
    for name in FIELDS:
        value = row.get(name, "")
        missing = value is None or (not isinstance(value, str) and pd.isna(value))
        found[name] = "" if missing else value.isoformat() if isinstance(value, dt.date) else (
            repr(float(value)) if name in NUMBERS else str(value))  # fmt: skip
    return found


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
    for name, value in given.items():
        _check_field(name, value)
    _check_days(given, today)
    if not given.get(f.SOURCE_NAME):
        raise GeodataError("desk.no_source")
    if network is not None:
        _check_places(given, network)
    table = checked(typed(pd.DataFrame([given]).astype("str"), origin=ORIGIN), name=ORIGIN)
    others = " ".join(sorted(set(given.get(OTHER_SOURCES, "").split())))
    return {**event_values(table.iloc[0].to_dict()), OTHER_SOURCES: others}


def _check_field(name: str, value: str) -> None:
    """Refuse what the types of an events table cannot hold."""
    if len(value) > VALUE_CHARACTERS:
        raise GeodataError("desk.too_long", field=name, limit=VALUE_CHARACTERS)
    if name in VOCABULARIES and value not in list(VOCABULARIES[name]):
        raise _fault(name, value, ", ".join(VOCABULARIES[name]))
    try:
        if name in DATES and value:
            dt.date.fromisoformat(value)
        if name in COUNTS and value:
            int(value)
        if name in NUMBERS and value:
            float(value)
    except ValueError:
        form = "YYYY-MM-DD" if name in DATES else "0, 1, 2 ..." if name in COUNTS else "12.5"
        raise _fault(name, value, form) from None
    if name == OTHER_SOURCES and any(not u.startswith(("https://", "http://"))
                                     for u in value.split()):  # fmt: skip
        raise _fault(name, value, "https://...")


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
