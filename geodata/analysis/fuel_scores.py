"""How good a probability of shortage is: scores with intervals, and simple rivals beside it."""

import datetime as dt
import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata.analysis.fuel_reports import Report

DRAWS: Final = 2000
INTERVAL: Final = (0.05, 0.95)
BINS: Final = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
HALF: Final = 0.5
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Measure:
    """A score with its interval of 90 %, by resampling whole towns.

    `value` is None if it is not defined, as when the reports are all of one kind; so are `low`
    and `high` if it is not defined for most of the draws.
    """

    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, eq=False)
class Score:
    """Scores of one method of estimating the probability of shortage.

    Parameters
    ----------
    name : str
    balanced_accuracy : Measure
        Mean of the shares of reports of shortage and of supply that it has right, a probability
        above one half being taken for a shortage.
    brier : Measure
        Mean squared difference between probability and report (Brier, Monthly Weather Review
        78, 1950): 0 is perfect, 0.25 is a coin.
    """

    name: str
    balanced_accuracy: Measure
    brier: Measure


def balanced_accuracy(short: NDArray[np.bool_], probability: Floats) -> float | None:
    """Return the mean of the two recalls; None if the reports hold only one of the two kinds."""
    if short.all() or not short.any():
        return None
    predicted_short = probability > HALF
    return float((predicted_short[short].mean() + (~predicted_short[~short]).mean()) / 2)


def brier(short: NDArray[np.bool_], probability: Floats) -> float | None:
    """Return the mean squared difference; None without reports."""
    return float(np.mean((probability - short) ** 2)) if len(short) else None


def score(name: str, short: NDArray[np.bool_], probability: Floats, towns: Sequence[str]) -> Score:
    """Return both scores with their intervals.

    Parameters
    ----------
    name : str
    short : array of bool
        Whether each report is one of shortage.
    probability : array of float
    towns : sequence of str
        Town of each report: towns are resampled whole, since reports of one are not independent.
    """
    measures = [_measure(each, short, probability, towns) for each in (balanced_accuracy, brier)]
    return Score(name, *measures)


def _measure(
    by: Callable[[NDArray[np.bool_], Floats], float | None],
    short: NDArray[np.bool_],
    probability: Floats,
    towns: Sequence[str],
) -> Measure:
    value = by(short, probability)
    rows = [np.flatnonzero(np.array(towns) == town) for town in sorted(set(towns))]
    rng = np.random.default_rng(0)
    drawn = []
    for _ in range(DRAWS):
        chosen = np.concatenate([rows[i] for i in rng.integers(len(rows), size=len(rows))])
        one = by(short[chosen], probability[chosen])
        if one is not None:
            drawn.append(one)
    if value is None or len(drawn) < DRAWS / 2:
        return Measure(value, None, None)
    low, high = np.quantile(drawn, INTERVAL)
    return Measure(value, float(low), float(high))


def reliability(short: NDArray[np.bool_], probability: Floats) -> pd.DataFrame:
    """Return the reports by the probability that they were given.

    Returns
    -------
    DataFrame
        ``from, to, reports, mean_probability, share_short``; the last two missing where there
        are no reports.
    """
    place = np.clip(np.searchsorted(BINS, probability, side="right") - 1, 0, len(BINS) - 2)
    lines = []
    for number, (low, high) in enumerate(itertools.pairwise(BINS)):
        here = place == number
        mean = float(probability[here].mean()) if here.any() else np.nan
        share = float(short[here].mean()) if here.any() else np.nan
        lines.append((low, high, int(here.sum()), round(mean, 3), round(share, 3)))
    return pd.DataFrame(lines, columns=["from", "to", "reports", "mean_probability", "share_short"])


def median_lag(lags: Sequence[float]) -> Measure:
    """Return the median of the lags of towns in days, with its interval."""
    if not lags:
        return Measure(None, None, None)
    rng = np.random.default_rng(0)
    values = np.array(lags, dtype=float)
    drawn = np.median(rng.choice(values, (DRAWS, len(values))), axis=1)
    low, high = np.quantile(drawn, INTERVAL)
    return Measure(float(np.median(values)), float(low), float(high))


def climatology(day: dt.date, known: Sequence[Report]) -> float:
    """Share of shortages among all reports known before a day, with one of each kind added."""
    before = [report.short for report in known if report.known < day]
    return (sum(before) + 1) / (len(before) + 2)


def last_report(town: str, day: dt.date, known: Sequence[Report]) -> float:
    """Return the probability of shortage by the town's last report before a day.

    How often a report of a town agrees with the one before it is counted on the reports known
    before that day, with one of each kind added, so that this rival is calibrated too. Without
    an earlier report of the town it is `climatology`.
    """
    before = sorted((r for r in known if r.known < day), key=lambda r: r.known)
    own = [r for r in before if r.town == town]
    if not own:
        return climatology(day, known)
    now = own[-1].short
    latest: dict[str, bool] = {}
    agreed = [1, 0]
    for report in before:
        if latest.get(report.town) == now:
            agreed.append(int(report.short == now))
        latest[report.town] = report.short
    stays = sum(agreed) / len(agreed)
    return stays if now else 1 - stays
