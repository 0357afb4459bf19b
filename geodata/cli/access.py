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
from geodata.analysis.critical_links import every_cut, every_cut_of_each
from geodata.analysis.critical_pairs import pairs_of_each, pairs_table
from geodata.analysis.cuts import selected_ids
from geodata.analysis.reopening import reopening_order
from geodata.analysis.resolution import RECENT_DAYS, check_reported, conditions_on, reports_on
from geodata.cli.events import with_events
from geodata.cli.options import add_workers_options, manual_scenario, scenario_parser
from geodata.cli.output import add_format_option, print_result, records
from geodata.cli.selection_options import print_preview, selections
from geodata.conditions import Conditions
from geodata.dataset import Dataset, load
from geodata.errors import GeodataError
from geodata.i18n import text
from geodata.schema import Traffic, Vehicle

REPORTS = "reports"
FEW_SINCE = "few_since"
AROUND = f"in_{RECENT_DAYS}_days_around"
USUAL = "usual"
MOST_DAYS = 3660


def main(argv: Sequence[str]) -> int:
    """Run one of the four commands; ``argv`` begins with its name."""
    parser = scenario_parser(argv[0])
    add_format_option(parser)
    if argv[0] in _OF_DAYS:
        _add_days_options(parser)
    options = parser.parse_args(list(argv[1:]))
    dataset = with_events(load(options.network), options)
    check_reported(dataset.events, options.date)
    manual = manual_scenario(dataset, options)
    scenario = conditions_on(dataset, manual, on=options.date, traffic=options.traffic)
    if argv[0] in _OF_DAYS and options.until is not None:
        return _print_days(argv[0], dataset, manual, options)
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


def _add_days_options(parser: argparse.ArgumentParser) -> None:
    """Add what `_print_days` reads: the last day, the days between two, and who does the work."""
    group = parser.add_argument_group("many days")
    group.add_argument(
        "--until",
        type=dt.date.fromisoformat,
        metavar="YYYY-MM-DD",
        help="one table for each day from --date to this one",
    )
    group.add_argument("--every", type=int, default=7, metavar="DAYS", help="days between two")
    add_workers_options(group)


def _print_days(
    command: str, dataset: Dataset, manual: Conditions, options: argparse.Namespace
) -> int:
    """Print the tables of several days below each other; each row begins with its day."""
    days = _days(options)
    check_reported(dataset.events, days[-1])
    if _fuel_by_any(options):
        print(text("core.fuel_any"), file=sys.stderr)
    scenarios = [conditions_on(dataset, manual, on=day, traffic=options.traffic) for day in days]
    results, tables = _OF_DAYS[command](dataset, scenarios, options)
    columns = [
        {f.DATE: day.isoformat(), **result, REPORTS: _covered(dataset, day)}
        for day, result in zip(days, results, strict=True)
    ]
    dated = []
    for day, table in zip(days, tables, strict=True):
        rows = table.copy()
        rows.insert(0, f.DATE, day.isoformat())
        dated.append(rows)
    print_result({"days": columns}, pd.concat(dated, ignore_index=True), [], options.format)
    return 0


def _days(options: argparse.Namespace) -> list[dt.date]:
    if options.date is None:
        raise GeodataError("core.until_alone")
    length = (options.until - options.date).days + 1
    if not 0 < length <= MOST_DAYS or options.every < 1:
        raise GeodataError(
            "core.bad_days",
            first=options.date,
            last=options.until,
            every=options.every,
            longest=MOST_DAYS,
        )
    return [options.date + dt.timedelta(days=i) for i in range(0, length, options.every)]


def _every_cut_of_days(
    dataset: Dataset, scenarios: list[Conditions], options: argparse.Namespace
) -> tuple[list[dict[str, Any]], list[pd.DataFrame]]:
    tables = every_cut_of_each(
        dataset.network, scenarios, workers=options.workers, scheduler=options.scheduler
    )
    return [{"segments": records(table)} for table in tables], tables


def _pairs_of_days(
    dataset: Dataset, scenarios: list[Conditions], options: argparse.Namespace
) -> tuple[list[dict[str, Any]], list[pd.DataFrame]]:
    pairs = pairs_of_each(
        dataset.network, scenarios, workers=options.workers, scheduler=options.scheduler
    )
    results = [{"searched": searched, "pairs": records(table)} for table, searched in pairs]
    return results, [table for table, _ in pairs]


_OF_DAYS = {"every-cut": _every_cut_of_days, "pairs": _pairs_of_days}


def _fuel_by_any(options: argparse.Namespace) -> bool:
    """Return whether closures for fuel are asked for, but any vehicle may carry it."""
    fuel = options.traffic == Traffic.FUEL and options.date is not None
    return fuel and options.vehicle == Vehicle.ANY


def _access(dataset: Dataset, scenario: Conditions) -> tuple[dict[str, Any], pd.DataFrame]:
    result = access(dataset.network, scenario)
    # Towns isolated by closures first, then those by other causes, then the longest detours.
    rank = result.towns[f.ISOLATED_BY].map({c: i for i, c in enumerate(CAUSES)})
    order = result.towns.assign(_rank=rank.fillna(-1)).sort_values(
        ["_rank", EXTRA[scenario.by], f.NODE_ID], ascending=[False, False, True]
    )
    towns = order.drop(columns="_rank")
    return {"summary": dataclasses.asdict(result.summary), "towns": records(towns)}, towns


def _every_cut(dataset: Dataset, scenario: Conditions) -> tuple[dict[str, Any], pd.DataFrame]:
    table = every_cut(dataset.network, scenario)
    return {"segments": records(table)}, table


def _reopen(dataset: Dataset, scenario: Conditions) -> tuple[dict[str, Any], pd.DataFrame]:
    table = reopening_order(dataset.network, scenario)
    return {"steps": records(table)}, table


def _pairs(dataset: Dataset, scenario: Conditions) -> tuple[dict[str, Any], pd.DataFrame]:
    table, searched = pairs_table(dataset.network, scenario)
    return {"searched": searched, "pairs": records(table)}, table


def _covered(dataset: Dataset, on: dt.date) -> dict[str, Any]:
    """Return the first and last day of the reports in use, and how many are recent on a day.

    Where they are few from some day before it on, that day too.
    """
    reports = reports_on(dataset.events, on)
    days = {"first": reports.first, "last": reports.last}
    shown = {name: day.isoformat() if day else None for name, day in days.items()}
    recent = {f"in_last_{RECENT_DAYS}_days": reports.recent}
    if not reports.sparse(on):
        return {**shown, **recent}
    few = {FEW_SINCE: str(reports.dense_until), AROUND: reports.around, USUAL: reports.usual}
    return {**shown, **recent, **few}


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
    lines.append(f"reports: {days}, {recent} in the {RECENT_DAYS} days up to the date")
    if since := covered.get(FEW_SINCE):
        counts = (
            f"{covered[AROUND]} in the {RECENT_DAYS} days around the date, {covered[USUAL]} usual"
        )
        lines.append(f"reports: few since {since} ({counts}), so a road without one may be closed")
    return lines
