"""Options for the network and the scenario that commands share."""

import argparse
import datetime as dt
from pathlib import Path

from geodata.analysis.resolution import check_reported, conditions_on
from geodata.cli.events import add_events_options, with_events
from geodata.cli.selection_options import add_selection_options, cut_ids, selections
from geodata.conditions import Conditions, check_ids
from geodata.dataset import Dataset, load
from geodata.schema import Measure, Traffic, Vehicle


def scenario_parser(command: str) -> argparse.ArgumentParser:
    """Return a parser of the options for scenario, network, date and events."""
    parser = argparse.ArgumentParser(prog=f"python -m geodata {command}")
    parser.add_argument("--network", type=Path, metavar="DIR", help="folder of a network")
    parser.add_argument(
        "--cut",
        action="append",
        default=[],
        metavar="ID",
        help="cut a segment; may be given several times",
    )
    add_selection_options(parser)
    parser.add_argument(
        "--reopen",
        action="append",
        default=[],
        metavar="ID",
        help="reopen a segment that events close",
    )
    parser.add_argument(
        "--without", action="append", default=[], metavar="SUPPLY", help="switch off a supply point"
    )
    parser.add_argument(
        "--vehicle",
        type=Vehicle,
        choices=list(Vehicle),
        default=Vehicle.ANY,
        help="vehicle for which segments must be passable",
    )
    parser.add_argument(
        "--traffic",
        type=Traffic,
        choices=list(Traffic),
        default=Traffic.FUEL,
        help="traffic whose closures count",
    )
    parser.add_argument(
        "--by",
        type=Measure,
        choices=list(Measure),
        default=Measure.KM,
        help="measure of the shortest route",
    )
    parser.add_argument(
        "--date",
        type=dt.date.fromisoformat,
        metavar="YYYY-MM-DD",
        help="close roads by the events reported up to this date; without it no event closes any",
    )
    add_events_options(parser)
    return parser


def add_workers_options(parser: argparse._ActionsContainer) -> None:
    """Add ``--workers`` and ``--scheduler``, as `geodata.analysis.blocks.run_blocks` has them."""
    parser.add_argument("--workers", type=int, default=1, help="processes on this machine")
    parser.add_argument(
        "--scheduler",
        metavar="ADDRESS",
        help="address of a Dask scheduler whose workers do the work instead",
    )


def manual_scenario(dataset: Dataset, options: argparse.Namespace) -> Conditions:
    """Return the scenario that the options of `scenario_parser` describe.

    Raises
    ------
    UnknownIdError
        Naming the first unknown id and the nearest valid ones.
    GeodataError
        If a road, corridor or area names no segment.
    """
    scenario = Conditions(
        cut=frozenset(options.cut) | cut_ids(dataset, selections(options)),
        reopened=frozenset(options.reopen),
        without=frozenset(options.without),
        vehicle=options.vehicle,
        by=options.by,
    )
    check_ids(dataset.network, scenario)
    return scenario


def dated_view(options: argparse.Namespace) -> tuple[Dataset, Conditions]:
    """Data set and scenario, on a day if one is given, from the options of `scenario_parser`."""
    dataset = with_events(load(options.network), options)
    check_reported(dataset.events, options.date)
    manual = manual_scenario(dataset, options)
    return dataset, conditions_on(dataset, manual, on=options.date, traffic=options.traffic)
