"""Changes of the fuel model's word for a town that are worth a message.

A probability near an edge between two words goes back and forth. A word counts as changed only once
the probability has passed the edge by `MARGIN`; an improvement, moreover, only once it has
lasted `SETTLE_DAYS`, as with changes of access.
"""

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata import schema as f
from geodata.alerts.changes import SETTLE_DAYS, last_day
from geodata.analysis.fuel import FROM, WORDS, Fuel, FuelWord, word
from geodata.analysis.fuel_reports import day_of
from geodata.conditions import check_town
from geodata.dataset import Dataset

MARGIN: Final = 0.02
"""How far past the edge of a word its probability must be. More would shut out `short` and
`supplied`, since the model stays between 0.075 and 0.925. With the shipped data the margin and
the days of waiting turn eight changes of a town in 32 weeks into four."""

REPORT_DAYS: Final = 21
"""Reports of the town's fuel up to this many days before a message are its sources."""


@dataclass(frozen=True)
class FuelChange:
    """One town of whose fuel the model says another word.

    Parameters
    ----------
    town : str
        Node id.
    since : date
        First day of the new word.
    reported_on : date
        Day on which the change is certain enough to be reported; the message belongs to it.
    before, after : FuelWord
    stock : tuple of float
        Days of usual use in the tanks on the day reported: low end, median and high end of the band
        of 80 %.
    leading : str
        The assumption that weighs most; empty if none does.
    reports : tuple of int
        Rows of the data set's statuses that report the town's fuel up to the day reported.
    """

    town: str
    since: dt.date
    reported_on: dt.date
    before: FuelWord
    after: FuelWord
    stock: tuple[float, float, float]
    leading: str = ""
    reports: tuple[int, ...] = ()

    @property
    def worse(self) -> bool:
        """Whether a shortage became likelier."""
        return WORDS.index(self.after) < WORDS.index(self.before)


def watch_fuel(
    dataset: Dataset,
    fuel: Fuel,
    *,
    since: dt.date,
    until: dt.date,
    today: dt.date,
    towns: Collection[str] | None = None,
) -> list[FuelChange]:
    """Return the changes reported from one day to another, both included.

    All days are read from the model's first, so consecutive periods give each change once.

    Parameters
    ----------
    dataset : Dataset
    fuel : Fuel
        Made from ``dataset``.
    since, until : date
    today : date
        Days younger than seven days before it are left out, and days of which the model says
        nothing.
    towns : collection of str, optional
        All by default.

    Raises
    ------
    UnknownIdError
        If the network has no such town.
    """
    for town in towns or ():
        check_town(dataset.network, town)
    days, ids = fuel.roads.days, fuel.roads.network.towns
    end = min(until, last_day(dataset.events, today), fuel.last_day)
    rows = sum(day <= end for day in days)
    tables = cache(lambda day: _rows_by_town(fuel.on(day)))
    published = _published(dataset)
    changes = [
        _change(
            tables(days[reported])[ids[place]],
            published.get(ids[place], ()),
            days[begun],
            days[reported],
            before,
            after,
        )
        for place in range(len(ids))
        if towns is None or ids[place] in towns
        for begun, reported, before, after in settled_words(fuel.probabilities[:rows, place])
        if days[reported] >= since
    ]
    return sorted(changes, key=lambda each: (each.reported_on, WORDS.index(each.after), each.town))


def settled_words(
    probabilities: Sequence[float] | NDArray[np.float64], settle: int = SETTLE_DAYS
) -> Iterator[tuple[int, int, FuelWord, FuelWord]]:
    """Yield the changes of one town's word that count.

    Parameters
    ----------
    probabilities : array of float, shape (n_days,)
        Probability of being short; missing where nothing is said, which ends no word.
    settle : int
        Days that a better word must last.

    Yields
    ------
    tuple
        Day on which the new word began, day on which it is reported, word before, new word.

    Examples
    --------
    >>> days = [0.5, 0.66, 0.64, 0.8, 0.5, 0.5, 0.5]
    >>> [(begun, reported, str(new)) for begun, reported, _, new in settled_words(days, settle=3)]
    [(3, 3, 'probably_short'), (4, 6, 'unknown')]
    """
    known: FuelWord | None = None
    better: list[int] = []
    for day, probability in enumerate(probabilities):
        if np.isnan(probability):
            better = []
            continue
        if known is None:
            known = word(probability)
            continue
        place = WORDS.index(known)
        if place > 0 and probability >= FROM[place - 1] + MARGIN:
            yield day, day, known, word(probability)
            known, better = word(probability), []
        elif place < len(FROM) and probability < FROM[place] - MARGIN:
            better.append(day)
            if len(better) >= settle:
                after = word(max(probabilities[each] for each in better))
                yield better[0], day, known, after
                known, better = after, []
        else:
            better = []


def _change(
    row: dict[Any, Any],
    published: Sequence[tuple[dt.date, dt.date, int]],
    begun: dt.date,
    day: dt.date,
    before: FuelWord,
    after: FuelWord,
) -> FuelChange:
    stock = (row["stock_low"], row["stock_days"], row["stock_high"])
    sources = tuple(
        number
        for reported, known, number in sorted(published, reverse=True)
        if known <= day and (day - reported).days <= REPORT_DAYS
    )
    return FuelChange(row[f.NODE_ID], begun, day, before, after, stock, row["leading"], sources)


def _rows_by_town(table: pd.DataFrame) -> dict[str, dict[Any, Any]]:
    return {row[f.NODE_ID]: row for row in table.to_dict("records")}


def _published(dataset: Dataset) -> dict[str, list[tuple[dt.date, dt.date, int]]]:
    """Return for each town the day of each report, the day it is known from, and its row."""
    reports: dict[str, list[tuple[dt.date, dt.date, int]]] = {}
    for number, status in enumerate(dataset.statuses.to_dict("records")):
        reported = day_of(status[f.DATE])
        published = day_of(status.get(f.SOURCE_DATE, "")) or reported
        if reported is not None and published is not None:
            known = max(reported, published)
            reports.setdefault(status[f.NODE_ID], []).append((reported, known, number))
    return reports
