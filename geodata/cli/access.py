"""The commands ``access``, ``every-cut``, ``reopen`` and ``pairs``."""

import argparse
import csv
import dataclasses
import datetime as dt
import json
import math
import sys
from collections.abc import Sequence
from typing import Any

import pandas as pd

from geodata import schema as f
from geodata.analysis.accessibility import EXTRA, access
from geodata.analysis.causes import CAUSES
from geodata.analysis.critical_links import every_cut
from geodata.analysis.critical_pairs import pairs_table
from geodata.analysis.reopening import reopening_order
from geodata.analysis.resolution import RECENT_DAYS, check_reported, reports_on, scenario_on
from geodata.cli.events import with_events
from geodata.cli.options import manual_scenario, scenario_parser
from geodata.dataset import Dataset, load
from geodata.i18n import text
from geodata.sanitize import formula_safe, joined
from geodata.scenario import Scenario
from geodata.schema import Traffic, Vehicle

KM_DECIMALS = 6
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
    result, rows = _COMMANDS[argv[0]](dataset, scenario)
    if options.date is not None:
        result[REPORTS] = _covered(dataset, options.date)
    if options.format == "json":
        print(json.dumps(result, ensure_ascii=False, indent=1, allow_nan=False))
    elif options.format == "csv":
        _write_csv(rows)
    else:
        print(_table(rows))
        for note in _notes(result):
            print(note)
    return 0


def _fuel_by_any(options: argparse.Namespace) -> bool:
    """Whether closures for fuel are asked for, but any vehicle may carry it."""
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
    return {"summary": dataclasses.asdict(result.summary), "towns": _records(towns)}, towns


def _every_cut(dataset: Dataset, scenario: Scenario) -> tuple[dict[str, Any], pd.DataFrame]:
    table = every_cut(dataset.network, scenario)
    return {"segments": _records(table)}, table


def _reopen(dataset: Dataset, scenario: Scenario) -> tuple[dict[str, Any], pd.DataFrame]:
    table = reopening_order(dataset.network, scenario)
    return {"steps": _records(table)}, table


def _pairs(dataset: Dataset, scenario: Scenario) -> tuple[dict[str, Any], pd.DataFrame]:
    table, searched = pairs_table(dataset.network, scenario)
    return {"searched": searched, "pairs": _records(table)}, table


def _covered(dataset: Dataset, on: dt.date) -> dict[str, Any]:
    """First and last day of the reports in use, and how many are recent on a day."""
    found = reports_on(dataset.events, on)
    days = {"first": found.first, "last": found.last}
    told = {name: day.isoformat() if day else None for name, day in days.items()}
    return {**told, f"in_last_{RECENT_DAYS}_days": found.recent}


_COMMANDS = {"access": _access, "every-cut": _every_cut, "reopen": _reopen, "pairs": _pairs}


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [
        {str(key): _plain(value, str(key)) for key, value in row.items()}
        for row in table.to_dict("records")
    ]


def _plain(value: Any, column: str) -> Any:
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, float):
        if math.isnan(value):
            return None
        return int(value) if column == f.POPULATION else round(value, KM_DECIMALS)
    return value.item() if hasattr(value, "item") else value


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return joined(_cell(v) for v in value)
    if isinstance(value, dict):
        return f"{value[f.NODE_ID]}:{value['from']}>{value['to']}"
    return f"{value:.1f}" if isinstance(value, float) else str(value)


def _write_csv(table: pd.DataFrame) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(table.columns)
    writer.writerows([_safe(v) for v in row.values()] for row in _records(table))


def _safe(value: Any) -> str:
    text = _cell(value)
    return formula_safe(text) if isinstance(value, str | list | dict) else text


def _table(table: pd.DataFrame) -> str:
    rows = [[_cell(v) for v in row.values()] for row in _records(table)]
    heads = [str(c) for c in table.columns]
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    lines = [heads, *rows]
    return "\n".join(
        "  ".join(c.ljust(w) for c, w in zip(line, widths, strict=True)).rstrip() for line in lines
    )


def _notes(result: dict[str, Any]) -> list[str]:
    """Lines below the table: the causes of isolation first, then every other count."""
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
