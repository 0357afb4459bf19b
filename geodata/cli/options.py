"""The options by which a command is reported its network and scenario."""

import argparse
import datetime as dt
from pathlib import Path

from geodata.cli.events import add_events_options
from geodata.cli.selection_options import add_selection_options, cut_ids, selections
from geodata.conditions import Conditions, check_ids
from geodata.dataset import Dataset
from geodata.schema import Measure, Traffic, Vehicle


def scenario_parser(command: str) -> argparse.ArgumentParser:
    """A parser of the options that `manual_scenario` reads, and of network, date and events."""
    parser = argparse.ArgumentParser(prog=f"python -m geodata {command}")
    parser.add_argument("--network", type=Path, metavar="DIR", help="folder of a network")
    parser.add_argument("--cut", action="append", default=[], metavar="ID")
    add_selection_options(parser)
    parser.add_argument("--reopen", action="append", default=[], metavar="ID")
    parser.add_argument("--without", action="append", default=[], metavar="SUPPLY")
    parser.add_argument("--vehicle", type=Vehicle, choices=list(Vehicle), default=Vehicle.ANY)
    parser.add_argument("--traffic", type=Traffic, choices=list(Traffic), default=Traffic.FUEL)
    parser.add_argument("--by", type=Measure, choices=list(Measure), default=Measure.KM)
    parser.add_argument(
        "--date",
        type=dt.date.fromisoformat,
        metavar="YYYY-MM-DD",
        help="reported events close roads on this date; without it none does",
    )
    add_events_options(parser)
    return parser


def add_workers_options(parser: argparse._ActionsContainer) -> None:
    """Add ``--workers`` and ``--scheduler``, as `geodata.analysis.blocks.run_blocks` has them."""
    parser.add_argument("--workers", type=int, default=1, help="processes on this machine")
    parser.add_argument(
        "--scheduler", metavar="ADDRESS", help="of a Dask scheduler whose workers do it instead"
    )


def manual_scenario(dataset: Dataset, options: argparse.Namespace) -> Conditions:
    """Return the scenario made by hand with the options of `scenario_parser`.

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
