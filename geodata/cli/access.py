"""The commands ``access``, ``every-cut``, ``reopen`` and ``pairs``."""

import argparse
import dataclasses
import datetime as dt
import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from geodata import schema as f
from geodata.analysis.accessibility import EXTRA, access
from geodata.analysis.causes import CAUSES
from geodata.analysis.critical_links import every_cut
from geodata.analysis.critical_pairs import pairs_table
from geodata.analysis.cuts import selected_ids
from geodata.analysis.reopening import reopening_order
from geodata.analysis.resolution import RECENT_DAYS, check_reported, reports_on, scenario_on
from geodata.cli.events import with_events
from geodata.cli.options import manual_scenario, scenario_parser
from geodata.cli.output import print_result, records
from geodata.cli.selection_options import print_preview, selections
from geodata.dataset import Dataset, load
from geodata.i18n import text
from geodata.scenario import Scenario
from geodata.schema import Traffic, Vehicle

REPORTS = "reports"


def main(argv: Sequence[str]) -> int:
    """Run one of the four commands; ``argv`` begins with its name."""
    parser = scenario_parser(argv[0])
    parser.add_argument("--format", choices=("table", "json", "csv"), default="table")
    options = parser.parse_args(list(argv[1:]))
    dataset = with_events(load(options.network), options)
    check_reported(dataset.events, options.date)
    manual = manual_scenario(dataset, options)
    scenario = scenario_on(dataset, manual, on=options.date, traffic=options.traffic)
    if _fuel_by_any(options):
        print(text("core.fuel_any"), file=sys.stderr)
    by_selection = selected_ids(dataset, selections(options))
    if by_selection:
        rest = scenario.cut - by_selection | frozenset(options.cut)
        print_preview(dataset, replace(scenario, cut=rest), by_selection)
    result, rows = _COMMANDS[argv[0]](dataset, scenario)
    if options.date is not None:
        result[REPORTS] = _covered(dataset, options.date)
    print_result(result, rows, _notes(result), options.format)
    return 0


def _fuel_by_any(options: argparse.Namespace) -> bool:
    """Return whether closures for fuel are asked for, but any vehicle may carry it."""
    fuel = options.traffic == Traffic.FUEL and options.date is not None
    return fuel and options.vehicle == Vehicle.ANY


def _access(dataset: Dataset, scenario: Scenario) -> tuple[dict[str, Any], pd.DataFrame]:
    result = access(dataset.network, scenario)
    # Towns isolated by closures first, then those by other causes, then the longest detours.
    rank = result.towns[f.ISOLATED_BY].map({c: i for i, c in enumerate(CAUSES)})
    order = result.towns.assign(_rank=rank.fillna(-1)).sort_values(
        ["_rank", EXTRA[scenario.by], f.NODE_ID], ascending=[False, False, True]
    )
    towns = order.drop(columns="_rank")
    return {"summary": dataclasses.asdict(result.summary), "towns": records(towns)}, towns


def _every_cut(dataset: Dataset, scenario: Scenario) -> tuple[dict[str, Any], pd.DataFrame]:
    table = every_cut(dataset.network, scenario)
    return {"segments": records(table)}, table


def _reopen(dataset: Dataset, scenario: Scenario) -> tuple[dict[str, Any], pd.DataFrame]:
    table = reopening_order(dataset.network, scenario)
    return {"steps": records(table)}, table


def _pairs(dataset: Dataset, scenario: Scenario) -> tuple[dict[str, Any], pd.DataFrame]:
    table, searched = pairs_table(dataset.network, scenario)
    return {"searched": searched, "pairs": records(table)}, table


def _covered(dataset: Dataset, on: dt.date) -> dict[str, Any]:
    """Return the first and last day of the reports in use, and how many are recent on a day."""
    found = reports_on(dataset.events, on)
    days = {"first": found.first, "last": found.last}
    told = {name: day.isoformat() if day else None for name, day in days.items()}
    return {**told, f"in_last_{RECENT_DAYS}_days": found.recent}


_COMMANDS = {"access": _access, "every-cut": _every_cut, "reopen": _reopen, "pairs": _pairs}


def _notes(result: dict[str, Any]) -> list[str]:
    """Return the lines below the table: the causes of isolation first, then every other count."""
    summary = dict(result.get("summary", {}))
    by_cause = summary.pop(f.ISOLATED_BY, {})
    lines = [
        f"isolated by {cause}: {n['towns']} towns, {n[f.POPULATION]} people"
        f" and {n[f.POPULATION_UNKNOWN]} towns of unknown population"
        for cause, n in by_cause.items()
    ]
    lines += [f"{key}: {value}" for key, value in summary.items()]
    covered = result.get(REPORTS)
    if covered is None:
        return lines
    if covered["last"] is None:
        return [*lines, "reports: none in use, so no road is known to be closed"]
    recent = covered[f"in_last_{RECENT_DAYS}_days"]
    days = f"from {covered['first']} to {covered['last']}"
    return [*lines, f"reports: {days}, {recent} in the {RECENT_DAYS} days up to the date"]
