"""The model held against what was reported of towns' fuel: hits, misses, false alarms, lag.

The model's word is the state of the stock estimate; the access of the day stands beside it. No
rule is fitted to these reports.
"""

import argparse
import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pandas as pd

from geodata import fields as f
from geodata.cli_events import add_events_options, with_events
from geodata.dataset import Dataset, load
from geodata.errors import GeodataError
from geodata.fields import Traffic, Vehicle
from geodata.rules import Rules
from geodata.scenario import Scenario
from geodata.stock import Stock, StockState, folded, stock, town_names
from geodata.timeline import replay

SHORT: Final = "short"
SUPPLIED: Final = "supplied"
REPORTED: Final = {
    "shortage": SHORT, "no_fuel": SHORT, "no_power": SHORT, "cut_off": SHORT,
    "partial": SUPPLIED, "available": SUPPLIED,
}  # fmt: skip
"""What each reported status counts as."""
STATUS_COLUMNS: Final = (f.DATE, "town", "status")
EVE_DAYS: Final = 2
COLUMNS: Final = ("date", "town", "reported", "model", "agrees", "access", "status", "stock_days",
                  "node_id")  # fmt: skip


@dataclass(frozen=True, eq=False)
class Hindcast:
    """Reports beside the model.

    Parameters
    ----------
    rows : DataFrame
        A row per report, in the order given: ``date, town, reported, model, agrees,
        access, status, stock_days,
        node_id``. `reported` and `model` are ``short`` or ``supplied``; `access` is the state of
        the town's access to any supply point for fuel on that day.
    lag : DataFrame
        A row per town reported short: ``town, reported_short, model_short, lag_days``, the days
        by which the model is late (negative: early); missing if the model is never short.
    left_out : tuple of str
        Reports that could not be held against the model, each with the reason.
    """

    rows: pd.DataFrame
    lag: pd.DataFrame
    left_out: tuple[str, ...]

    @property
    def confusion(self) -> dict[str, int]:
        """Count the hits, misses, false alarms and rightly supplied."""
        short, model = self.rows["reported"] == SHORT, self.rows["model"] == SHORT
        return {
            "hits": int((short & model).sum()),
            "misses": int((short & ~model).sum()),
            "false_alarms": int((~short & model).sum()),
            "supplied": int((~short & ~model).sum()),
        }

    @property
    def balanced_accuracy(self) -> float | None:
        """Mean of the two recalls; None if the reports hold only one of the two."""
        n = self.confusion
        short, supplied = n["hits"] + n["misses"], n["false_alarms"] + n["supplied"]
        if not short or not supplied:
            return None
        return (n["hits"] / short + n["supplied"] / supplied) / 2

    @property
    def by_town(self) -> pd.DataFrame:
        """Reports, agreements, misses and false alarms of each town, sorted by name."""
        short, model = self.rows["reported"] == SHORT, self.rows["model"] == SHORT
        marks = pd.DataFrame(
            {"town": self.rows["town"], "reports": 1, "agree": self.rows["agrees"].astype(int),
             "misses": (short & ~model).astype(int), "false_alarms": (~short & model).astype(int)}
        )  # fmt: skip
        return marks.groupby("town", as_index=False).sum()


def hindcast(
    dataset: Dataset, statuses: pd.DataFrame, *, rules: Rules | None = None
) -> Hindcast:
    """Hold the stock estimate for tankers against reports of towns' fuel.

    Parameters
    ----------
    dataset : Dataset
    statuses : DataFrame
        Columns ``date`` (ISO), ``town`` (a name or id of the network) and ``status``.
    rules : Rules, optional

    Raises
    ------
    GeodataError
        If columns are missing, or no report can be held against the model.
    """
    rules = rules or Rules()
    reports, left_out = _reports(dataset, statuses)
    if not reports:
        raise GeodataError("hindcast.nothing")
    days = [r[0] for r in reports]
    events = dataset.events
    start = min(*events[f.DATE][events[f.MAY_CLOSE]], *days) - dt.timedelta(days=EVE_DAYS)
    tankers = Scenario(vehicle=Vehicle.TANKER)
    period = (dataset.network, events, start, max(days))
    corridors = dataset.corridor_segments
    found = stock(*period, scenario=tankers, rules=rules, corridor_segments=corridors)
    access = replay(
        *period, scenario=tankers, rules=rules, traffic=Traffic.FUEL, corridor_segments=corridors
    )
    rows = []
    for day, town, name, status in reports:
        state = found.state(town, day)
        model = SHORT if state == StockState.SHORT else SUPPLIED
        column = dataset.network.towns.index(town)
        left = round(float(found.left_days[found.days.index(day), column]), 1)
        rows.append((day, name, REPORTED[status], model, REPORTED[status] == model,
                     access.towns_on(day)[town].value, status, left, town))  # fmt: skip
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    return Hindcast(table, _lag(table, found), tuple(left_out))


Report = tuple[dt.date, str, str, str]


def _reports(dataset: Dataset, statuses: pd.DataFrame) -> tuple[list[Report], list[str]]:
    """Part the reports that can be used, in their order, from the others with the reason."""
    missing = [c for c in STATUS_COLUMNS if c not in statuses.columns]
    if missing:
        raise GeodataError("hindcast.columns", columns=", ".join(missing))
    names = town_names(dataset.network)
    reports, left_out = [], []
    for number, row in enumerate(statuses.to_dict("records"), start=2):
        name, status = str(row["town"]).strip(), str(row["status"]).strip()
        town, day = names.get(folded(name)), _day(str(row[f.DATE]))
        faults = [
            what for what, bad in
            (("town", town is None), ("date", day is None), ("status", status not in REPORTED))
            if bad
        ]  # fmt: skip
        if faults or town is None or day is None:
            cells = ", ".join(f"{c} {str(row[f.DATE if c == 'date' else c])!r}" for c in faults)
            left_out.append(f"row {number}: {cells}")
        else:
            reports.append((day, town, name, status))
    return reports, left_out


def _day(cell: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(cell.strip())
    except ValueError:
        return None


def _lag(rows: pd.DataFrame, found: Stock) -> pd.DataFrame:
    """First day short as reported and as modelled, by town."""
    short = STOCK_SHORT
    table = []
    for town, reports in rows[rows["reported"] == SHORT].groupby("node_id"):
        column = found.network.towns.index(str(town))
        days = [d for d, c in zip(found.days, found.states[:, column], strict=True) if c == short]
        first = reports["date"].min()
        lag = float((days[0] - first).days) if days else None
        table.append((reports["town"].iloc[0], first, days[0] if days else None, lag))
    columns = ["town", "reported_short", "model_short", "lag_days"]
    frame = pd.DataFrame(table, columns=columns)
    return frame.sort_values(["reported_short", "town"], ignore_index=True)


STOCK_SHORT: Final = tuple(StockState).index(StockState.SHORT)


def main(argv: Sequence[str]) -> int:
    """Run ``python -m geodata hindcast``."""
    parser = argparse.ArgumentParser(prog="python -m geodata hindcast")
    parser.add_argument("--network", type=Path, metavar="DIR", help="folder of a network")
    parser.add_argument("--statuses", type=Path, metavar="FILE", help="reports of towns' fuel")
    parser.add_argument("--format", choices=("table", "json"), default="table")
    add_events_options(parser)
    options = parser.parse_args(list(argv))
    dataset = with_events(load(options.network), options)
    statuses = dataset.statuses if options.statuses is None else _read(options.statuses)
    found = hindcast(dataset, statuses)
    if options.format == "json":
        print(json.dumps(as_json(found), ensure_ascii=False, indent=1))
    else:
        print("\n".join(as_text(found)))
    return 0


def _read(path: Path) -> pd.DataFrame:
    try:
        return pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError):
        raise GeodataError("hindcast.unreadable", file=path.name) from None


def as_json(found: Hindcast) -> dict[str, Any]:
    """Give the result as the JSON that the command prints."""
    score = found.balanced_accuracy
    columns = ["date", "town", "reported", "model", "agrees", "access", "status", "stock_days"]
    rows = [
        {**row, "date": row["date"].isoformat(), "agrees": bool(row["agrees"])}
        for row in found.rows[columns].to_dict("records")
    ]
    lag = [
        {
            "town": row["town"], "reported_short": row["reported_short"].isoformat(),
            "model_short": row["model_short"].isoformat() if row["model_short"] else None,
            "lag_days": None if pd.isna(row["lag_days"]) else int(row["lag_days"]),
        }
        for row in found.lag.to_dict("records")
    ]  # fmt: skip
    return {
        "rows": rows, "balanced_accuracy": None if score is None else round(score, 4),
        "confusion": found.confusion, "by_town": found.by_town.to_dict("records"), "lag": lag,
        "left_out": list(found.left_out),
    }  # fmt: skip


def as_text(found: Hindcast) -> list[str]:
    """Give the result as lines of plain text."""
    n = found.confusion
    score = found.balanced_accuracy
    lines = [found.rows.drop(columns="node_id").to_string(index=False), ""]
    lines += [
        "                  model short  model supplied",
        f"reported short    {n['hits']:>11}  {n['misses']:>14}",
        f"reported supplied {n['false_alarms']:>11}  {n['supplied']:>14}",
        "",
        "balanced accuracy " + ("not defined" if score is None else f"{score:.2f}"),
        "", found.by_town.to_string(index=False), "", found.lag.to_string(index=False),
    ]  # fmt: skip
    if found.left_out:
        lines += ["", "left out:", *found.left_out]
    return lines
