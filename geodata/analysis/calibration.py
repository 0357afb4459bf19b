"""How well a probability of access agrees with what was reported of towns' fuel.

A town without access is not a town without fuel: stocks last for a time, and rationing begins
with roads open. Reports are of shortage far more often than of supply. So these scores say
whether a low probability of access goes with reports of shortage, and no more.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata import schema as f
from geodata.analysis.fuel_reports import Report, read_reports
from geodata.analysis.fuel_scores import DRAWS, INTERVAL, Measure, Score, brier, score
from geodata.analysis.fuel_scores import reliability as reliability_table
from geodata.analysis.reliability import PROBABILITY, Uncertainty, reliability, shocks_on
from geodata.analysis.resolution import conditions_on
from geodata.conditions import Conditions
from geodata.dataset import Dataset
from geodata.errors import GeodataError
from geodata.schema import Vehicle

TANKER: Final = Conditions(vehicle=Vehicle.TANKER)
UNKNOWN: Final = 0.5
RIVALS: Final = ("persistence", "climatology")
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Calibration:
    """Scores of the probability of no access as one of a reported shortage.

    Parameters
    ----------
    rows : DataFrame
        A row per report: ``date, node_id, town, short, model, persistence, climatology`` (each
        a probability of shortage).
    scores : tuple of Score
        Of ``model``, of ``persistence`` (what was last reported of the town) and of
        ``climatology`` (the share of shortages in all reports known before).
    skill : dict of str to Measure
        Share of a rival's Brier score that the model takes away, with its interval of 90 % by
        resampling towns: above 0 the model is better.
    reliability : DataFrame
        Reports by the probability that the model gave them.
    lead_days : int
        How many days before the report the last event counts.
    """

    rows: pd.DataFrame
    scores: tuple[Score, ...]
    skill: dict[str, Measure]
    reliability: pd.DataFrame
    lead_days: int

    @property
    def has_skill(self) -> bool:
        """Whether the model beats each rival with its whole interval."""
        return all(m.low is not None and m.low > 0 for m in self.skill.values())


def calibration(
    dataset: Dataset,
    *,
    statuses: pd.DataFrame | None = None,
    lead_days: int = 0,
    uncertainty: Uncertainty | None = None,
) -> Calibration:
    """Score the probability of access for tankers on dated reports.

    Parameters
    ----------
    dataset : Dataset
    statuses : DataFrame, optional
        Columns ``date, town, status``; the shipped reports if not given.
    lead_days : int
        0 scores the day itself; above 0 an outlook: only events and reports known that many
        days before count, and the rules let them fade until the day.
    uncertainty : Uncertainty, optional

    Raises
    ------
    GeodataError
        If no report can be used, or ``lead_days`` is below 0.
    """
    if lead_days < 0:
        raise GeodataError("analysis.lead_days", days=lead_days)
    reports_read, _ = read_reports(
        dataset.network, dataset.statuses if statuses is None else statuses
    )
    reports = tuple(r for r in reports_read if r.town in set(dataset.network.towns))
    if not reports:
        raise GeodataError("hindcast.nothing")
    short = np.array([r.short for r in reports])
    probabilities = {
        "model": _probabilities_by_report(dataset, reports, lead_days, uncertainty),
        "persistence": np.array([_persistence(r, reports, lead_days) for r in reports]),
        "climatology": np.array([_climatology(r, reports, lead_days) for r in reports]),
    }
    towns = [r.town for r in reports]
    rows = pd.DataFrame(
        {
            f.DATE: [r.known for r in reports],
            f.NODE_ID: towns,
            "town": [r.name for r in reports],
            "short": short,
            **probabilities,
        }
    )
    return Calibration(
        rows,
        tuple(score(name, short, values, towns) for name, values in probabilities.items()),
        {
            rival: skill(short, probabilities["model"], probabilities[rival], towns)
            for rival in RIVALS
        },
        reliability_table(short, probabilities["model"]),
        lead_days,
    )


def skill(short: NDArray[np.bool_], model: Floats, rival: Floats, towns: Sequence[str]) -> Measure:
    """Return Brier skill score of a model against a rival, with its interval by resampling towns.

    Parameters
    ----------
    short : array of bool
    model, rival : array of float
        Probabilities of shortage.
    towns : sequence of str
        Town of each report.
    """
    rows = [np.flatnonzero(np.array(towns) == town) for town in sorted(set(towns))]
    rng = np.random.default_rng(0)
    drawn = []
    for _ in range(DRAWS):
        chosen = np.concatenate([rows[i] for i in rng.integers(len(rows), size=len(rows))])
        one = _skill(short[chosen], model[chosen], rival[chosen])
        if one is not None:
            drawn.append(one)
    value = _skill(short, model, rival)
    if value is None or len(drawn) < DRAWS / 2:
        return Measure(value, None, None)
    low, high = np.quantile(drawn, INTERVAL)
    return Measure(value, float(low), float(high))


def _skill(short: NDArray[np.bool_], model: Floats, rival: Floats) -> float | None:
    ours, rival_scores = brier(short, model), brier(short, rival)
    return None if ours is None or not rival_scores else 1 - ours / rival_scores


def _probabilities_by_report(
    dataset: Dataset,
    reports: Sequence[Report],
    lead_days: int,
    uncertainty: Uncertainty | None,
) -> Floats:
    """Return the probability of no access of each report's town on the day on which it is known."""
    by_day: dict[dt.date, pd.Series] = {}
    for day in sorted({r.known for r in reports}):
        known = _known_before(dataset, day - dt.timedelta(days=lead_days)) if lead_days else dataset
        scenario = conditions_on(known, TANKER, on=day)
        shocks = shocks_on(known, scenario, on=day, uncertainty=uncertainty)
        towns = reliability(known, scenario, shocks).towns
        by_day[day] = 1 - towns.set_index(f.NODE_ID)[PROBABILITY]
    return np.array([float(by_day[r.known][r.town]) for r in reports])


def _known_before(dataset: Dataset, day: dt.date) -> Dataset:
    """Return the data set with the events up to a day only."""
    events = dataset.events
    return replace(dataset, added_events=events[events[f.DATE] <= day], with_shipped_events=False)


def _earlier(report: Report, reports: Sequence[Report], lead_days: int) -> list[Report]:
    """Return the reports known before a report's own day less the lead, the latest last."""
    edge = report.day - dt.timedelta(days=lead_days)
    return sorted((r for r in reports if r.known < edge), key=lambda r: r.known)


def _persistence(report: Report, reports: Sequence[Report], lead_days: int) -> float:
    """Return 1 if the town was last reported short, 0 if supplied, the climatology if never."""
    same = [r for r in _earlier(report, reports, lead_days) if r.town == report.town]
    return float(same[-1].short) if same else _climatology(report, reports, lead_days)


def _climatology(report: Report, reports: Sequence[Report], lead_days: int) -> float:
    """Return the share of shortages in the reports of all towns known before."""
    known = [r.short for r in _earlier(report, reports, lead_days)]
    return float(np.mean(known)) if known else UNKNOWN
