"""The command ``check-events``: what would become of a table of events, row by row."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from shapely.geometry.base import BaseGeometry

from geodata.cli.events import add_reading_options, read_file
from geodata.cli.output import add_report_options, print_report
from geodata.dataset import load
from geodata.i18n import text
from geodata.network.study_area import MALI, study_area


def main(argv: Sequence[str]) -> int:
    """Return the report on one file.

    Returns
    -------
    int
        0 if every row is in use, 1 if some are not or there are none, 2 if the file as a whole
        is refused.
    """
    options = _parser().parse_args(list(argv))
    _, report = read_file(options.file, options, _area(options))
    return print_report(report, options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m geodata check-events",
        description="Report on a table of events: CSV of any kind, or an Excel workbook.",
    )
    parser.add_argument("file", type=Path, help="table of events: CSV, Excel, GeoJSON or KML")
    add_report_options(parser)
    add_reading_options(parser)
    area = parser.add_mutually_exclusive_group()
    area.add_argument("--country", default=MALI, metavar="ISO3", help="the study area")
    area.add_argument(
        "--network",
        type=Path,
        metavar="DIR",
        help="folder of a network whose extent is the study area",
    )
    return parser


def _area(options: argparse.Namespace) -> BaseGeometry | None:
    """Return the study area; a country without an outline is reported and compared with nothing."""
    if options.network:
        return load(options.network).area
    area = study_area(options.country)
    if area is None:
        print(text("events.no_outline", options.lang, country=options.country), file=sys.stderr)
    return area
