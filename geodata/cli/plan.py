"""The command ``plan``: what to reopen, keep open or stock first, and independent routes."""

import argparse
import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from geodata import schema as f
from geodata.analysis.danger_routes import ROADS, danger_route_counts
from geodata.analysis.explanation import town_id
from geodata.analysis.fuel import fuel
from geodata.analysis.keep_open_plan import keep_open_plan
from geodata.analysis.reopening_plan import Budget, reopening_plan
from geodata.analysis.reopening_steps import reopening_steps
from geodata.analysis.stock_plan import HORIZON_DAYS, OwnStocks, own_stocks, stock_plan
from geodata.cli.options import dated_view, scenario_parser
from geodata.cli.output import add_format_option, add_lang_option, as_text, print_result, records
from geodata.cli.own_table import rows_of
from geodata.cli.reliability import (
    add_method_option,
    add_sampling_options,
    sampling,
    uncertain_view,
    uncertainty_parser,
)
from geodata.dataset import Dataset
from geodata.errors import GeodataError
from geodata.i18n import day as local_day
from geodata.i18n import number, text

NAMED = 5
"""Towns or segments that a line of text names; JSON and CSV have all."""

PLANS = ("reopen", "keep-open", "stock", "routes")


def main(argv: Sequence[str]) -> int:
    """Print one plan."""
    chooser = argparse.ArgumentParser(prog="python -m geodata plan", add_help=False)
    chooser.add_argument("plan", choices=PLANS, help="what to plan")
    if not argv or argv[0] in {"-h", "--help"}:
        chooser.print_help()
        return 0
    plan = chooser.parse_args(argv[:1]).plan
    return {"reopen": _reopen, "keep-open": _keep_open, "stock": _stock, "routes": _routes}[plan](
        argv[1:]
    )


def _reopen(argv: Sequence[str]) -> int:
    parser = scenario_parser("plan reopen")
    add_lang_option(parser)
    add_format_option(parser)
    parser.add_argument(
        "--cost",
        type=Budget,
        choices=list(Budget),
        default=Budget.SEGMENTS,
        help="what a reopening costs",
    )
    parser.add_argument(
        "--budget",
        type=float,
        action="append",
        metavar="N",
        help="budget to plan for; may be given several times",
    )
    options = parser.parse_args(list(argv))
    dataset, scenario = dated_view(options)
    plan = reopening_plan(dataset.network, scenario, by=options.cost, budgets=options.budget)
    last = plan.frontier[f.SEGMENTS].iloc[-1] if len(plan.frontier) else ()
    steps = reopening_steps(dataset.network, scenario, last)
    result = {
        "frontier": records(plan.frontier),
        "together": records(plan.together),
        "steps": records(steps),
    }
    notes = ["", text("plan.reopen.steps", options.lang), as_text(steps)]
    if len(plan.together):
        notes += ["", text("plan.reopen.together", options.lang), as_text(plan.together)]
    notes += ["", text("plan.reopen.note", options.lang)]
    print_result(result, plan.frontier, notes, options.format)
    return 0


def _keep_open(argv: Sequence[str]) -> int:
    parser = uncertainty_parser("plan keep-open")
    add_sampling_options(parser)
    add_method_option(parser)
    options = parser.parse_args(list(argv))
    plan = keep_open_plan(
        *uncertain_view(options), method=options.method, sampling=sampling(options)
    )
    notes = ["", text("plan.keep_open.note", options.lang)]
    rows = plan if options.format == "csv" else _shortened(plan, options.lang)
    print_result({"segments": records(plan)}, rows, notes, options.format, decimals=2)
    return 0


def _stock(argv: Sequence[str]) -> int:
    parser = uncertainty_parser("plan stock")
    add_sampling_options(parser)
    parser.add_argument(
        "--towns", type=int, default=5, metavar="P", help="largest number of towns to stock"
    )
    parser.add_argument("--days", type=float, default=HORIZON_DAYS, help="how long closures last")
    parser.add_argument(
        "--stocks",
        type=Path,
        metavar="FILE",
        help="CSV with town, days_of_stock, use_litres_per_day; blanks are left out",
    )
    parser.add_argument(
        "--fuel",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="take own stocks and use from the fuel model where it has any",
    )
    options = parser.parse_args(list(argv))
    dataset, scenario, shocks = uncertain_view(options)
    stocks, day = _modelled(dataset, options.date) if options.fuel else (OwnStocks(), None)
    days, litres = _stocks(dataset, options.stocks)
    plan = stock_plan(
        dataset,
        scenario,
        shocks,
        most=options.towns,
        horizon_days=options.days,
        days_of_stock={**stocks.days, **days},
        litres_a_day={**stocks.litres, **litres},
        litres_band={**stocks.band, **{town: (use, use) for town, use in litres.items()}},
        sampling=sampling(options),
    )
    result: dict[str, Any] = {
        "samples": plan.samples,
        "frontier": records(plan.frontier),
        "towns": records(plan.towns),
        "steps": records(plan.steps),
    }
    count = number(plan.samples, options.lang)
    shown = _shortened(plan.towns, options.lang)
    own = (
        text("plan.stock.empty", options.lang)
        if day is None
        else text("plan.stock.fuel", options.lang, day=local_day(day, options.lang))
    )
    notes = [
        "",
        as_text(shown, decimals=0),
        "",
        text("plan.stock.note", options.lang, samples=count),
        own,
    ]
    rows = plan.steps if options.format == "csv" else plan.frontier
    print_result(result, rows, notes, options.format, decimals=0)
    return 0


def _routes(argv: Sequence[str]) -> int:
    parser = scenario_parser("plan routes")
    add_lang_option(parser)
    add_format_option(parser)
    options = parser.parse_args(list(argv))
    dataset, scenario = dated_view(options)
    counts = danger_route_counts(dataset, scenario)
    notes = ["", text("plan.routes.note", options.lang)]
    rows = counts if options.format == "csv" else counts.drop(columns=ROADS)
    print_result({"towns": records(counts)}, rows, notes, options.format)
    return 0


def _modelled(dataset: Dataset, day: dt.date | None) -> tuple[OwnStocks, dt.date | None]:
    """Return the towns' own stocks and use by the fuel model; none where it says nothing."""
    try:
        stocks = own_stocks(fuel(dataset), day) if day is not None else OwnStocks()
    except GeodataError:
        return OwnStocks(), None
    return stocks, day if stocks.days else None


def _shortened(plan: pd.DataFrame, lang: str) -> pd.DataFrame:
    """Return a plan whose long lists of towns and segments name the first ones only."""
    lists = [name for name in ("towns_helped", "reached", "needs") if name in plan]
    return plan.assign(**{name: [_first(ids, lang) for ids in plan[name]] for name in lists})


def _first(ids: tuple[str, ...], lang: str) -> str:
    """Return the first of many ids, and how many more there are."""
    named, more = ", ".join(ids[:NAMED]), len(ids) - NAMED
    return named if more <= 0 else text("plan.stock.more", lang, names=named, n=number(more, lang))


def _stocks(dataset: Dataset, file: Path | None) -> tuple[dict[str, float], dict[str, float]]:
    """Return the days of stock and litres used a day, by town."""
    days: dict[str, float] = {}
    litres: dict[str, float] = {}
    if file is None:
        return days, litres
    with rows_of(file, "plan.stocks") as rows:
        for row in rows:
            town = town_id(dataset, row["town"])
            for column, into in (("days_of_stock", days), (f.USE_LITRES, litres)):
                if (row.get(column) or "").strip():
                    into[town] = float(str(row[column]))
    return days, litres
