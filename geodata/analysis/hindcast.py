"""The fuel model scored on dated reports of towns' fuel that it has not seen.

Each report is scored on what the model said of its town by the shipped reports known before its
day (rolling origin), and again with every report on that town left out. Four rivals are scored
too. Nothing is fitted to the reports that are scored.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from geodata import schema as f
from geodata.analysis.blocks import run_blocks
from geodata.analysis.fuel import MEMBERS, Fuel, fuel, fuel_roads
from geodata.analysis.fuel_reports import REPORTED, SHORT, SUPPLIED, Report, read_reports
from geodata.analysis.fuel_roads import Roads
from geodata.analysis.fuel_scores import (
    HALF,
    Floats,
    Measure,
    Score,
    balanced_accuracy,
    climatology,
    last_report,
    median_lag,
    reliability,
    score,
)
from geodata.analysis.fuel_stock import StockState, estimate_stock
from geodata.analysis.timeline import replay
from geodata.cached import cached_property
from geodata.conditions import Conditions
from geodata.dataset import Dataset
from geodata.errors import GeodataError
from geodata.events.rules import Rules
from geodata.schema import Traffic, Vehicle

TOWN_MEMBERS: Final = 400
"""Members of the runs that each leave a town out: as many runs as there are towns."""
MODEL: Final = "model"
WITHOUT_TOWN: Final = "model_without_town"
LAST_REPORT: Final = "last_report"
ROAD_ALONE: Final = "road_alone"
RIVALS: Final = ("always_short", LAST_REPORT, ROAD_ALONE, "climatology")
COLUMNS: Final = (
    "date", "town", "reported", "model", "agrees", "probability_short",
    "probability_without_town", "access", "status", "stock_days", "node_id",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Hindcast:
    """Reports beside the model.

    Parameters
    ----------
    rows : DataFrame
        A row per report, in the order given: ``date, town, reported, model, agrees,
        probability_short, probability_without_town, access, status, stock_days, node_id``.
        `reported` and `model` are ``short`` or ``supplied``; the probability counts shipped
        reports known before the day only; that without the town counts none on it, and is
        missing if this was not asked for. `access` is the state of the town's access to any
        supply point for fuel, `stock_days` the median of the days of use left.
    scores : tuple of Score
        The model, the model without the town if asked for, and `RIVALS`.
    reliability : DataFrame
        See `fuel_scores.reliability`.
    lag : DataFrame
        A row per town reported short: ``town, reported_short, model_short, lag_days``, the days
        by which the model is late (negative: early); missing if it is never short.
    median_lag : Measure
        In days.
    left_out : tuple of str
        Reports that could not be scored, each with the reason.
    """

    rows: pd.DataFrame
    scores: tuple[Score, ...]
    reliability: pd.DataFrame
    lag: pd.DataFrame
    median_lag: Measure
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
        return self.score(MODEL).balanced_accuracy.value

    def score(self, name: str) -> Score:
        """Return the scores by name: ``model``, ``model_without_town`` or one of `RIVALS`."""
        return next(score for score in self.scores if score.name == name)

    @property
    def beats_last_report(self) -> bool:
        """Whether the model does better than the town's last report by both scores."""
        own, rival = self.score(MODEL), self.score(LAST_REPORT)
        pairs = (
            (own.balanced_accuracy.value, rival.balanced_accuracy.value),
            (rival.brier.value, own.brier.value),
        )
        return all(a is not None and b is not None and a > b for a, b in pairs)

    @property
    def by_town(self) -> pd.DataFrame:
        """Reports, agreements, misses and false alarms of each town, sorted by name."""
        short, model = self.rows["reported"] == SHORT, self.rows["model"] == SHORT
        marks = pd.DataFrame(
            {
                "town": self.rows["town"],
                "reports": 1,
                "agree": self.rows["agrees"].astype(int),
                "misses": (short & ~model).astype(int),
                "false_alarms": (~short & model).astype(int),
            }
        )
        return marks.groupby("town", as_index=False).sum()


def hindcast(
    dataset: Dataset,
    statuses: pd.DataFrame | None = None,
    *,
    rules: Rules | None = None,
    leave_towns_out: bool = False,
    n_members: int = MEMBERS,
    seed: int = 0,
    workers: int = 1,
    scheduler: str | None = None,
) -> Hindcast:
    """Score the fuel model on reports of towns' fuel; only shipped reports weigh its members.

    Parameters
    ----------
    dataset : Dataset
        Network, events, convoys and shipped reports.
    statuses : DataFrame, optional
        Columns ``date`` (ISO), ``town`` (a name or id of the network) and ``status``; the
        shipped reports if not given.
    rules : Rules, optional
        Rules by which events close roads; the defaults if not given.
    leave_towns_out : bool
        Whether to run the model again for each town without the reports on it.
    n_members : int
        Size of the ensemble.
    seed : int
        Seed of the random numbers; the same seed gives the same scores.
    workers : int
        Processes on this machine, as in `geodata.analysis.blocks.run_blocks`; each town left out
        is a block.
    scheduler : str, optional
        Address of a Dask scheduler to use instead.

    Returns
    -------
    Hindcast
        Scores of the model and its rivals, and a row for each report.

    Raises
    ------
    GeodataError
        If columns are missing, no report can be scored, or the scheduler cannot be used.
    """
    rules = rules or Rules()
    known = read_reports(dataset.network, dataset.statuses)[0]
    scored, left_out = read_reports(
        dataset.network, dataset.statuses if statuses is None else statuses
    )
    if not scored:
        raise GeodataError("hindcast.nothing")
    roads = fuel_roads(dataset, rules=rules, seed=seed)
    outside = [r for r in scored if not 0 <= roads.row(r.day) < len(roads.days)]
    left_out += tuple(_outside(report, roads) for report in outside)
    scored = tuple(report for report in scored if report not in outside)
    if not scored:
        raise GeodataError("hindcast.nothing")
    fuel_days = fuel(dataset, on_roads=roads, reports=known, n_members=n_members, seed=seed)
    probabilities = _probabilities_of_shortage(fuel_days, scored)
    without = None
    if leave_towns_out:
        ensembles = _Ensembles(dataset, roads, known, scored, seed)
        without = _without_towns(ensembles, workers=workers, scheduler=scheduler)
    towns = [report.town for report in scored]
    short = np.array([report.short for report in scored])
    named = {
        MODEL: probabilities,
        **({} if without is None else {WITHOUT_TOWN: without}),
        **_rivals(dataset, rules, known, scored),
    }
    scores = tuple(score(name, short, values, towns) for name, values in named.items())
    lag = _lag(scored, fuel_days)
    return Hindcast(
        _rows(dataset, rules, scored, fuel_days, probabilities, without),
        scores,
        reliability(short, probabilities),
        lag,
        median_lag(list(lag["lag_days"].dropna())),
        left_out,
    )


def _outside(report: Report, roads: Roads) -> str:
    first, last = roads.days[0], roads.days[-1]
    return f"{report.day} {report.name}: outside {first} to {last}, the days with known events"


def _probabilities_of_shortage(estimate: Fuel, scored: Sequence[Report]) -> Floats:
    """Return the probability of shortage for each report, by what was known before its day.

    For a report of a week or month that is the mean over its days, each by what was known
    before that day; the report itself is known at their end only.
    """
    short_before = estimate.days.short_before
    last = len(short_before) - 1
    return np.array(
        [
            short_before[
                estimate.row(r.day) : min(estimate.roads.row(r.known), last) + 1,
                estimate.column(r.town),
            ].mean()
            for r in scored
        ],
        dtype=float,
    )


@dataclass(frozen=True, eq=False)
class _Ensembles:
    """A run of the fuel model for each town of the scored reports, without its reports."""

    dataset: Dataset
    roads: Roads
    known: Sequence[Report]
    scored: Sequence[Report]
    seed: int

    @cached_property
    def towns(self) -> list[str]:
        return sorted({report.town for report in self.scored})

    def of(self, town: str) -> list[int]:
        """Return the places of a town's reports among those scored."""
        return [place for place, report in enumerate(self.scored) if report.town == town]


def _without_towns(ensembles: _Ensembles, *, workers: int, scheduler: str | None) -> Floats:
    """Return the same with every report on the town itself left out."""
    probabilities = np.full(len(ensembles.scored), np.nan)
    towns = ensembles.towns
    results = run_blocks(
        _without_town, ensembles, range(len(towns)), workers=workers, scheduler=scheduler
    )
    for town, values in zip(towns, results, strict=True):
        probabilities[ensembles.of(town)] = values
    return probabilities


def _without_town(ensembles: _Ensembles, block: int) -> Floats:
    # A whole ensemble is one block: its members share one stream of random numbers.
    town = ensembles.towns[block]
    estimate = fuel(
        ensembles.dataset,
        on_roads=ensembles.roads,
        reports=[report for report in ensembles.known if report.town != town],
        n_members=TOWN_MEMBERS,
        seed=ensembles.seed,
    )
    return _probabilities_of_shortage(
        estimate, [ensembles.scored[place] for place in ensembles.of(town)]
    )


def _rivals(
    dataset: Dataset, rules: Rules, known: Sequence[Report], scored: Sequence[Report]
) -> dict[str, Floats]:
    by_last_report = (
        np.ones(len(scored)),
        np.array([np.mean([last_report(r.town, d, known) for d in r.days]) for r in scored]),
        _road_alone(dataset, rules, scored),
        np.array([np.mean([climatology(d, known) for d in r.days]) for r in scored]),
    )
    return dict(zip(RIVALS, by_last_report, strict=True))


def _road_alone(dataset: Dataset, rules: Rules, scored: Sequence[Report]) -> Floats:
    """What the roads alone say: the same days of stock for every town without an open path."""
    events = dataset.events
    days = [day for report in scored for day in report.days]
    stock = estimate_stock(
        dataset.network,
        events,
        min(*events[f.DATE], *days),
        max(days),
        rules=rules,
        scenario=Conditions(vehicle=Vehicle.TANKER),
        corridor_segments=dataset.corridor_segments,
    )
    return np.array(
        [np.mean([stock.state(r.town, d) == StockState.SHORT for d in r.days]) for r in scored]
    )


def road_alone_accuracy(dataset: Dataset, statuses: pd.DataFrame, rules: Rules) -> float | None:
    """Return the balanced accuracy of what the roads alone say, which the rules on roads decide.

    Raises
    ------
    GeodataError
        If columns are missing.
    """
    scored = read_reports(dataset.network, statuses)[0]
    short = np.array([report.short for report in scored], dtype=bool)
    return balanced_accuracy(short, _road_alone(dataset, rules, scored)) if scored else None


def _rows(
    dataset: Dataset,
    rules: Rules,
    scored: Sequence[Report],
    estimate: Fuel,
    probabilities: Floats,
    without: Floats | None,
) -> pd.DataFrame:
    access = replay(
        dataset.network,
        dataset.events,
        estimate.roads.days[0],
        estimate.roads.days[-1],
        rules=rules,
        scenario=Conditions(vehicle=Vehicle.TANKER),
        traffic=Traffic.FUEL,
        corridor_segments=dataset.corridor_segments,
    )
    rows = []
    for place, report in enumerate(scored):
        model = SHORT if probabilities[place] > HALF else SUPPLIED
        reported = REPORTED[report.status]
        left = float(estimate.days.stock[1, estimate.row(report.day), estimate.column(report.town)])
        other = None if without is None else round(float(without[place]), 3)
        rows.append(
            (
                report.day,
                report.name,
                reported,
                model,
                reported == model,
                round(float(probabilities[place]), 3),
                other,
                access.towns_on(report.day)[report.town].value,
                report.status,
                round(left, 1),
                report.town,
            )
        )
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _lag(scored: Sequence[Report], estimate: Fuel) -> pd.DataFrame:
    """Return the first day short as reported and as modelled, by town."""
    first: dict[str, Report] = {}
    for report in scored:
        if report.short and (report.town not in first or report.day < first[report.town].day):
            first[report.town] = report
    table: list[tuple[str, dt.date, dt.date | None, float | None]] = []
    for town, report in first.items():
        over = np.flatnonzero(estimate.days.short_before[:, estimate.column(town)] > HALF)
        day = estimate.roads.days[over[0]] if len(over) else None
        late = None if day is None else float((day - report.day).days)
        table.append((report.name, report.day, day, late))
    columns = ["town", "reported_short", "model_short", "lag_days"]
    frame = pd.DataFrame(table, columns=columns).astype({"lag_days": float})
    return frame.sort_values(["reported_short", "town"], ignore_index=True)
