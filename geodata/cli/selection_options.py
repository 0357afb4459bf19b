"""Options for cutting a road, a corridor or an area."""

import argparse
import json
import sys
from pathlib import Path

from geodata.analysis.cuts import preview, select
from geodata.conditions import Conditions
from geodata.dataset import Dataset
from geodata.errors import GeodataError
from geodata.i18n import plural
from geodata.network.selection import (
    Circle,
    CorridorName,
    RoadNumber,
    Selection,
    area,
    road_numbers,
)
from geodata.sharing.encoding import named

MAX_BYTES = 5_000_000
NUMBERS_SHOWN = 60


def add_selection_options(parser: argparse.ArgumentParser) -> None:
    """Add ``--cut-road``, ``--cut-corridor`` and ``--cut-area``, each any number of times."""
    parser.add_argument(
        "--cut-road",
        action="append",
        default=[],
        metavar="RN6",
        help="cut every segment of a road number",
    )
    parser.add_argument(
        "--cut-corridor",
        action="append",
        default=[],
        metavar="NAME",
        help="cut every segment of a corridor",
    )
    parser.add_argument(
        "--cut-area",
        action="append",
        default=[],
        metavar="FILE|LON,LAT,KM",
        help="every segment in or across a GeoJSON polygon, or within km of a point; write"
        " --cut-area=-4.2,14.5,30 with the equals sign where the longitude is negative",
    )


def selections(options: argparse.Namespace) -> tuple[Selection, ...]:
    """Return what the options of `add_selection_options` name.

    Raises
    ------
    GeodataError
        If a road number, a circle or a file cannot be used.
    """
    return (
        *(RoadNumber(road) for road in options.cut_road),
        *(CorridorName(road) for road in options.cut_corridor),
        *(_area(road) for road in options.cut_area),
    )


def cut_ids(dataset: Dataset, chosen: tuple[Selection, ...]) -> frozenset[str]:
    """Segments of all selections; doubtful and foreign numbers are reported on standard error.

    Raises
    ------
    GeodataError
        If a selection names no segment of the data set.
    """
    ids: set[str] = set()
    for selection in chosen:
        selected = select(dataset, selection)
        if not selected.segment_ids:
            known = ", ".join(road_numbers(dataset.network)[:NUMBERS_SHOWN]) or "–"
            raise GeodataError("select.none", what=_selection_text(selection), known=known)
        for key, some in (("select.unsure", selected.unsure), ("select.abroad", selected.abroad)):
            if some:
                message = plural(
                    key, len(some), "en", what=_selection_text(selection), names=named(some)
                )
                print(message, file=sys.stderr)
        ids.update(selected.segment_ids)
    return frozenset(ids)


def print_preview(dataset: Dataset, scenario: Conditions, ids: frozenset[str]) -> None:
    """Print on standard error what the selected segments add to the rest of a scenario."""
    print(preview(dataset, scenario, ids).text("en"), file=sys.stderr)


def _area(value: str) -> Selection:
    parts = value.split(",")
    try:
        numbers = [float(part) for part in parts]
    except ValueError:
        return _from_file(Path(value))
    if len(numbers) != 3:
        raise GeodataError("core.bad_circle", limit="2000")
    return Circle(*numbers)


def _from_file(path: Path) -> Selection:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise GeodataError("core.no_polygon")
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        folder = path.parent.name or "."
        raise GeodataError("core.no_file", file=path.name, folder=folder) from error
    except (OSError, ValueError, RecursionError) as error:
        raise GeodataError("core.not_json", file=path.name) from error
    return area(content)


def _selection_text(selection: Selection) -> str:
    match selection:
        case RoadNumber(number):
            return number
        case CorridorName(name):
            return name
        case Circle(lon, lat, km):
            return f"{lon},{lat},{km}"
        case _:
            return "the area"
