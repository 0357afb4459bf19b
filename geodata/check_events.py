"""The command ``check-events``: what would become of a table of events, row by row."""

import argparse
import datetime as dt
import sys
from collections.abc import Sequence
from pathlib import Path

from geodata.errors import GeodataError
from geodata.events_read import read_events
from geodata.limits import UPLOAD
from geodata.report import Report, refusal
from geodata.study_area import MALI, study_area


def main(argv: Sequence[str]) -> int:
    """Report on one file.

    Returns
    -------
    int
        0 if every row is in use, 1 if some are not or there are none, 2 if the file as a whole
        is refused.
    """
    options = _parser().parse_args(list(argv))
    report = _report(options)
    print(
        report.to_json(options.lang) if options.format == "json" else report.to_text(options.lang)
    )
    if report.refused:
        print(report.problems[0].message(options.lang).replace("\n", " "), file=sys.stderr)
    return report.exit_code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m geodata check-events",
        description="Report on a table of events: CSV of any kind, or an Excel workbook.",
    )
    parser.add_argument("file", type=Path)
    parser.add_argument("--format", choices=("table", "json"), default="table")
    parser.add_argument("--lang", choices=("en", "fr"), default="en")
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
        "--today",
        type=dt.date.fromisoformat,
        default=None,
        metavar="DATE",
        help="the day to count ages from, by default today",
    )
    parser.add_argument(
        "--include-recent", action="store_true", help="take events of the last seven days too"
    )
    parser.add_argument(
        "--swap",
        action="store_true",
        help="exchange latitude and longitude where they look swapped",
    )
    parser.add_argument(
        "--crs",
        metavar="EPSG:N",
        help="system of coordinates that are no degrees, such as EPSG:32630",
    )
    parser.add_argument("--country", default=MALI, metavar="ISO3", help="the study area")
    return parser  # fmt: skip


def _report(options: argparse.Namespace) -> Report:
    try:
        data = options.file.read_bytes()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        return refusal(GeodataError("events.no_file", file=str(options.file), reason=reason))
    try:
        mapping = dict(_pair(item) for item in options.mapping)
    except GeodataError as error:
        return refusal(error)
    _, report = read_events(
        data,
        options.file.name,
        today=options.today or dt.date.today(),
        mapping=mapping,
        date_order=options.date_order,
        area=study_area(options.country),
        include_recent=options.include_recent,
        swap=options.swap,
        crs=options.crs,
        limits=UPLOAD,
    )
    return report


def _pair(item: str) -> tuple[str, str]:
    column, mark, field = item.rpartition("=")
    if not mark or not column:
        raise GeodataError("events.mapping_form", value=item)
    return column.strip(), field.strip()
