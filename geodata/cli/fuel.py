"""The commands ``fuel`` and ``hindcast``."""

import argparse
import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from geodata import schema as f
from geodata.analysis.explanation import town_id
from geodata.analysis.fuel import Fuel, fuel
from geodata.analysis.fuel_own import read_own
from geodata.analysis.fuel_scores import Measure, Score
from geodata.analysis.hindcast import Hindcast, hindcast
from geodata.cli.events import add_events_options, with_events
from geodata.cli.options import add_workers_options
from geodata.cli.output import add_format_option, add_lang_option
from geodata.dataset import load
from geodata.errors import GeodataError
from geodata.i18n import text
from geodata.readers.fuel_table import read_fuel_table
from geodata.readers.layers.reader import content
from geodata.readers.limits import COMMAND_LINE
from geodata.values import plain


def main(argv: Sequence[str]) -> int:
    """Run ``fuel`` or ``hindcast``: the first word says which."""
    return {"fuel": _fuel, "hindcast": _hindcast}[argv[0]](argv[1:])


def _fuel(argv: Sequence[str]) -> int:
    """Print the fuel of one town or of all on a day, or of one town over time."""
    parser = argparse.ArgumentParser(prog="python -m geodata fuel")
    parser.add_argument("--network", type=Path, metavar="DIR", help="folder of a network")
    parser.add_argument("--town", metavar="TOWN", help="id or name of a town; all if not given")
    parser.add_argument(
        "--date",
        type=dt.date.fromisoformat,
        metavar="YYYY-MM-DD",
        help="day; without one, the last day with an estimate, or every day of a --town",
    )
    parser.add_argument(
        "--tanks",
        type=Path,
        metavar="FILE",
        help="your own tanks, use and deliveries: a table with town, tank_litres, "
        "use_litres_per_day, date, delivered_litres; blanks keep the assumptions",
    )
    parser.add_argument("--seed", type=int, default=0, help="of the ensemble")
    add_lang_option(parser)
    add_format_option(parser)
    add_events_options(parser)
    options = parser.parse_args(list(argv))
    dataset = with_events(load(options.network), options)
    if options.tanks is not None:
        given = read_fuel_table(content(options.tanks, COMMAND_LINE), limits=COMMAND_LINE)
        for number in given.rejected:
            raise GeodataError("fuel_days.own_ragged", row=number)
        dataset = replace(dataset, own_fuel=read_own(dataset.network, given.rows))
    town = None if options.town is None else town_id(dataset, options.town)
    estimate = fuel(dataset, seed=options.seed)
    print(_answer(estimate, town, options.date, options.format, options.lang))
    return 0


def _answer(estimate: Fuel, town: str | None, day: dt.date | None, form: str, lang: str) -> str:
    names = estimate.roads.network.labels
    if town is not None and day is None:
        table = estimate.over_time(town)
        table.insert(1, "town", str(names[town]))
    else:
        day = day or estimate.last_day
        table = estimate.on(day).merge(estimate.use_on(day), on=f.NODE_ID)
        table.insert(0, f.DATE, day)
        table.insert(1, "town", [str(names[i]) for i in table[f.NODE_ID]])
        if town is not None:
            table = table[table[f.NODE_ID] == town]
    if form == "csv":
        return table.to_csv(index=False).rstrip("\n")
    if form == "json":
        return json.dumps(
            {
                "last_event": estimate.last_event.isoformat(),
                "members": estimate.n_members,
                "band": 0.8,
                "rows": _plain_rows(table),
            },
            ensure_ascii=False,
            indent=1,
        )
    shown = table.assign(
        word=[text(f"fuel_days.word.{w}", lang) for w in table["word"]],
        leading=[text(f"fuel_days.leading.{n}", lang) if n else "" for n in table["leading"]],
    ).drop(columns=f.NODE_ID, errors="ignore")
    note = text("fuel_days.note", lang, day=estimate.last_event.isoformat())
    return shown.to_string(index=False, na_rep="–") + "\n\n" + note


def _plain_rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows as JSON takes them: days as text, what is missing as null."""
    return [
        {
            str(key): value.isoformat() if isinstance(value, dt.date) else plain(value)
            for key, value in row.items()
        }
        for row in table.to_dict("records")
    ]


def _hindcast(argv: Sequence[str]) -> int:
    """Score the model on reports, and print all of it."""
    parser = argparse.ArgumentParser(prog="python -m geodata hindcast")
    parser.add_argument("--network", type=Path, metavar="DIR", help="folder of a network")
    parser.add_argument(
        "--statuses",
        type=Path,
        metavar="FILE",
        help="reports to score; only the shipped ones weigh the ensemble",
    )
    parser.add_argument(
        "--leave-towns-out",
        action=argparse.BooleanOptionalAction,
        default=None,
        help="run the model again without each town; by default for the shipped reports only",
    )
    add_workers_options(parser)
    add_format_option(parser, ("table", "json"))
    options = parser.parse_args(list(argv))
    dataset = load(options.network)
    statuses = None if options.statuses is None else _read(options.statuses)
    leave_out = options.leave_towns_out
    if leave_out is None:
        leave_out = statuses is None
    result = hindcast(
        dataset,
        statuses,
        leave_towns_out=leave_out,
        workers=options.workers,
        scheduler=options.scheduler,
    )
    if options.format == "json":
        print(json.dumps(as_json(result), ensure_ascii=False, indent=1))
    else:
        print("\n".join(as_text(result)))
    return 0


def _read(path: Path) -> pd.DataFrame:
    try:
        return pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError):
        raise GeodataError("hindcast.unreadable", file=path.name) from None


def as_json(result: Hindcast) -> dict[str, Any]:
    """Give the evaluation as the JSON that the command prints."""
    rows = result.rows.drop(columns="node_id").assign(agrees=result.rows["agrees"].astype(object))
    value = result.balanced_accuracy
    brier = result.score("model").brier.value
    return {
        "rows": _plain_rows(rows),
        "balanced_accuracy": None if value is None else round(value, 4),
        "brier": None if brier is None else round(brier, 4),
        "scores": {score.name: _score(score) for score in result.scores},
        "beats_last_report": result.beats_last_report,
        "reliability": _plain_rows(result.reliability),
        "confusion": result.confusion,
        "by_town": result.by_town.to_dict("records"),
        "lag": _plain_rows(result.lag.assign(model_short=result.lag["model_short"].astype(object))),
        "median_lag_days": _measure(result.median_lag),
        "left_out": list(result.left_out),
    }


def _score(score: Score) -> dict[str, Any]:
    return {"balanced_accuracy": _measure(score.balanced_accuracy), "brier": _measure(score.brier)}


def _measure(measure: Measure) -> dict[str, float | None]:
    values = {"value": measure.value, "low": measure.low, "high": measure.high}
    return {name: None if v is None else round(v, 4) for name, v in values.items()}


def as_text(result: Hindcast) -> list[str]:
    """Give the evaluation as lines of plain text."""
    n = result.confusion
    lines = [result.rows.drop(columns="node_id").to_string(index=False, na_rep="–"), ""]
    lines += [
        "                  model short  model supplied",
        f"reported short    {n['hits']:>11}  {n['misses']:>14}",
        f"reported supplied {n['false_alarms']:>11}  {n['supplied']:>14}",
        "",
        f"{'':<20}balanced accuracy    Brier score          (90 % by resampling towns)",
        *(f"{s.name:<20}{_figure(s.balanced_accuracy)}  {_figure(s.brier)}" for s in result.scores),
        "",
        "the model beats the town's last report by both scores"
        if result.beats_last_report
        else "the model does not beat the town's last report on both scores: trust that report",
        "",
        result.reliability.to_string(index=False, na_rep="–"),
        "",
        result.by_town.to_string(index=False),
        "",
        result.lag.to_string(index=False, na_rep="–"),
        "",
        f"median lag in days: {_figure(result.median_lag)}",
    ]
    if result.left_out:
        lines += ["", "left out:", *result.left_out]
    return lines


def _figure(measure: Measure) -> str:
    if measure.value is None:
        return f"{'not defined':<19}"
    if measure.low is None or measure.high is None:
        return f"{measure.value:<19.2f}"
    return f"{measure.value:.2f} [{measure.low:.2f}, {measure.high:.2f}]".ljust(19)
