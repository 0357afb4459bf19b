"""The options by which a command is given a table of events, and the table as they read it."""

import argparse
import datetime as dt
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from geodata.cli.desk_options import add_desk_options, desk_code, with_desk_code
from geodata.dataset import Dataset
from geodata.errors import GeodataError
from geodata.i18n import text
from geodata.readers.events.proposals import placed, proposals
from geodata.readers.events.reader import read_events
from geodata.readers.limits import UPLOAD
from geodata.readers.report import Report, refusal
from geodata.sanitize import printable

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry


def add_reading_options(parser: argparse.ArgumentParser) -> None:
    """Add the options for reading a table of events."""
    parser.add_argument(
        "--date-order",
        choices=("dmy", "mdy"),
        help="how to read dates like 05/09/2025: day or month first",
    )
    parser.add_argument(
        "--mapping",
        action="append",
        default=[],
        metavar="COLUMN=FIELD",
        help="which column means which field; may be given several times",
    )
    parser.add_argument(
        "--type",
        dest="types",
        action="append",
        default=[],
        metavar="WORD=TYPE",
        help="what a word of the file means, such as 'armed robbery=ambush'",
    )
    parser.add_argument(
        "--today",
        type=dt.date.fromisoformat,
        metavar="DATE",
        help="the day to count ages from, by default today",
    )
    parser.add_argument(
        "--include-recent", action="store_true", help="include events of the last seven days"
    )
    parser.add_argument(
        "--swap",
        action="store_true",
        help="swap latitude and longitude where they look reversed",
    )
    parser.add_argument(
        "--crs",
        metavar="EPSG:N",
        help="coordinate system where coordinates are not degrees, such as EPSG:32630",
    )


def add_events_options(parser: argparse.ArgumentParser) -> None:
    """Add ``--events`` with the options for reading its table."""
    group = parser.add_argument_group("your own events")
    group.add_argument(
        "--events", type=Path, metavar="FILE", help="a table of events to add to the shipped ones"
    )
    group.add_argument(
        "--without-shipped-events",
        action="store_true",
        help="let only the events of --events close roads",
    )
    group.add_argument(
        "--place-by-name",
        action="store_true",
        help="confirm the places proposed for events that give a name or P-code and no coordinates",
    )
    add_reading_options(parser)
    add_desk_options(parser)


def read_file(
    file: Path, options: argparse.Namespace, area: "BaseGeometry | None"
) -> tuple[pd.DataFrame | None, Report]:
    """Read a table of events with the options of `add_reading_options`.

    Returns
    -------
    tuple of DataFrame or None, and Report
        No events where the file cannot be opened or the mapping is in another form.
    """
    try:
        data = file.read_bytes()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        return None, refusal(GeodataError("events.no_file", file=str(file), reason=reason))
    try:
        mapping = dict(_pair(item) for item in options.mapping)
        types = dict(_pair(item) for item in options.types)
    except GeodataError as error:
        return None, refusal(error)
    return read_events(
        data,
        file.name,
        today=options.today or dt.date.today(),
        mapping=mapping,
        types=types,
        date_order=options.date_order,
        area=area,
        include_recent=options.include_recent,
        swap=options.swap,
        crs=options.crs,
        limits=UPLOAD,
    )


def with_events(dataset: Dataset, options: argparse.Namespace) -> Dataset:
    """Return the data set with the events of ``--events`` and ``--desk``.

    A summary of the file goes to standard error.

    Raises
    ------
    GeodataError
        The reason if the file as a whole is refused, or the desk does not answer.
    """
    if options.without_shipped_events:
        dataset = replace(dataset, with_shipped_events=False)
    if options.events is not None:
        dataset = _with_file(dataset, options)
    return with_desk_code(dataset, desk_code(options), options.database)


def _with_file(dataset: Dataset, options: argparse.Namespace) -> Dataset:
    events, report = read_file(options.events, options, dataset.area)
    if events is None or report.refused:
        fault = report.problems[0]
        raise GeodataError(fault.key, **fault.params)
    lang = getattr(options, "lang", None) or "en"
    print(f"{options.events.name}: {report.summary(lang)}", file=sys.stderr)
    if report.rejected or report.warned:
        print(text("events.see_check", lang, file=str(options.events)), file=sys.stderr)
    if getattr(options, "date", None) is None and hasattr(options, "date"):
        print(text("events.no_day_asked", lang), file=sys.stderr)
    return replace(dataset, added_events=_placed_by_name(dataset, events, options, lang))


def _placed_by_name(
    dataset: Dataset, events: pd.DataFrame, options: argparse.Namespace, lang: str
) -> pd.DataFrame:
    """Return events with proposed places where the user confirms them; each proposal is printed."""
    candidates = proposals(dataset.network, events)
    for candidate in candidates:
        where = candidate.node_id or ", ".join(candidate.segment_ids)
        key = "events.placed" if options.place_by_name else "events.proposed"
        words = {"event": candidate.event_id, "words": printable(candidate.words), "where": where}
        print(text(key, lang, **words), file=sys.stderr)
    return placed(events, candidates) if options.place_by_name else events


def _pair(item: str) -> tuple[str, str]:
    column, mark, field = item.rpartition("=")
    if not mark or not column:
        raise GeodataError("events.mapping_form", value=item)
    return column.strip(), field.strip()
