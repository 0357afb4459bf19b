"""Open a table of events from anywhere: ours, ACLED's, HXL's or anyone's, with a report."""

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from geodata.errors import GeodataError
from geodata.events.table import checked, no_events, typed
from geodata.readers import sandbox, transport
from geodata.readers.events.columns import suggest_mapping
from geodata.readers.events.parser import EventOptions, parse
from geodata.readers.limits import UPLOAD, Limits
from geodata.readers.report import Report, refusal
from geodata.readers.tables.dates import Order
from geodata.readers.task import Task

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

__all__ = ["parse_events", "read_events", "suggest_mapping"]


def read_events(
    data: bytes,
    filename: str,
    *,
    today: dt.date,
    mapping: Mapping[str, str] | None = None,
    types: Mapping[str, str] | None = None,
    date_order: Order | None = None,
    area: "BaseGeometry | None" = None,
    include_recent: bool = False,
    swap: bool = False,
    crs: str | None = None,
    limits: Limits = UPLOAD,
) -> tuple[pd.DataFrame, Report]:
    """Read events from the bytes of a CSV file or an Excel workbook, in a bounded process.

    Never raises for what a file holds: a file that cannot be used gives no events and a report
    that says why and what to do.

    Parameters
    ----------
    data : bytes
        The file; what it is follows from its content.
    filename : str
        Its name, kept as the origin of its events.
    today : date
        Events of the last seven days before it are rejected; later ones are kept, reported and
        close nothing.
    mapping : mapping of str to str, optional
        Column to field (see :data:`geodata.readers.events.columns.FIELDS`), before any recognised
        name; ``""`` leaves a column unread.
    types : mapping of str to str, optional
        What the file calls an event to its type
        (see :class:`geodata.events.vocabulary.EventType`), before any word that is known.
    date_order : {'dmy', 'mdy'}, optional
        The user's answer where dates in digits leave open whether day or month comes first
        (the report's first problem then has the key ``dates.order_unknown``).
    area : shapely geometry, optional
        Study area in EPSG:4326; events outside are kept and reported. A `Dataset` lets none of
        those outside its own area close a road.
    include_recent : bool
        Whether to take events of the last seven days too.
    swap : bool
        Whether to exchange latitude and longitude of rows where they look swapped.
    crs : str, optional
        Reference system of coordinates that are no degrees, such as ``EPSG:32630``.
    limits : Limits
        What is refused.

    Returns
    -------
    tuple of DataFrame and Report
        Events in the columns of :data:`geodata.events.table.COLUMNS`, and the report.
    """
    params: dict[str, object] = {
        "today": today.isoformat(),
        "filename": filename,
        "mapping": dict(mapping or {}),
        "types": dict(types or {}),
        "date_order": date_order,
        "include_recent": include_recent,
        "swap": swap,
        "crs": crs,
        "area": area.wkb_hex if area is not None else None,
    }
    try:
        events, report = _PARSE.run(data, params, limits=limits)
        with sandbox.untrusted_answer():
            return _finished(events, report, filename)
    except GeodataError as error:
        return no_events(), refusal(error)


def parse_events(data: bytes, options: EventOptions) -> tuple[pd.DataFrame, Report]:
    """Read events in this process: for trusted files, with :func:`read_events`'s results.

    Parameters
    ----------
    data : bytes
    options : Options
        The arguments of :func:`read_events`.
    """
    columns, result = parse(data, options)
    return _finished(pd.DataFrame(columns, dtype="str"), result, options.filename)


def _answered(answer: dict[str, Any], parts: dict[str, bytes]) -> tuple[pd.DataFrame, Report]:
    """Return what the child found, all as text: its word is not taken for the types."""
    report = transport.read_report(answer["report"], parts["problems"])
    events = transport.from_arrow(parts["events"]).to_pandas(ignore_metadata=True)
    return events.astype("str"), report


_PARSE: Final = Task("geodata.readers.events.parser:serve", _answered, "table.file_size")


def _finished(table: pd.DataFrame, report: Report, filename: str) -> tuple[pd.DataFrame, Report]:
    """Return the typed and checked events with their report."""
    if report.refused:
        return no_events(), report
    try:
        return checked(typed(table, origin=filename), name=filename or "events"), report
    except GeodataError as error:
        return no_events(), refusal(error, rows=report.read, problems=report.problems)
