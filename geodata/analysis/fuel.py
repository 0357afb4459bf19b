"""How much fuel gets through: litres in each town, day by day, with a band and a probability.

A balance of tank, use and inflow is kept for each town in an ensemble of members that differ in
every constant (`fuel_priors`), in the reading of the events (`fuel_roads`) and in chance. Dated
reports of towns' fuel weigh the members (`fuel_filter`). See ``docs/fuel.md``.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata import schema as f
from geodata.analysis import fuel_filter
from geodata.analysis.fuel_convoys import convoys
from geodata.analysis.fuel_members import members
from geodata.analysis.fuel_reports import Report, read_reports
from geodata.analysis.fuel_roads import SILENT, Roads, roads
from geodata.analysis.resolution import last_report
from geodata.conditions import Conditions
from geodata.dataset import Dataset, OwnFuel
from geodata.errors import GeodataError
from geodata.events.rules import Rules
from geodata.network.basemap import lies_within

MEMBERS: Final = 1000
HEARD_DAYS: Final = 30
"""Days after the last news of fuel anywhere from which nothing is said: judgement."""
EVE_DAYS: Final = 10
"""Days between the start, with tanks nearly full, and the first report of a town's fuel."""
COLUMNS: Final = (
    f.NODE_ID,
    "stock_low",
    "stock_days",
    "stock_high",
    "probability_short",
    "word",
    "leading",
)


class FuelWord(StrEnum):
    """What is said of a town, by the probability that it is short."""

    SHORT = "short"
    PROBABLY_SHORT = "probably_short"
    UNKNOWN = "unknown"
    PROBABLY_SUPPLIED = "probably_supplied"
    SUPPLIED = "supplied"


WORDS: Final = tuple(FuelWord)
FROM: Final = (0.9, 0.65, 0.35, 0.1)
"""Least probability of each word but the last; within 0.35 to 0.65 nothing is claimed."""


@dataclass(frozen=True, eq=False)
class Fuel:
    """Fuel of every town on each day of a period.

    Parameters
    ----------
    roads : Roads
        What the roads let through, with the network and the days.
    days : fuel_filter.Days
        Bands and probabilities, arrays over days and towns.
    reports : tuple of Report
        Reports that weighed.
    last_event : date
        Day of the last event: nothing is known after it.
    n_members : int
    heard : array of bool, shape (n_days,)
        Days on which the last report of a town's fuel, of a convoy or of a count is not older
        than `HEARD_DAYS`. On the others the members go on, but nothing is said.
    """

    roads: Roads
    days: fuel_filter.Days
    reports: tuple[Report, ...]
    last_event: dt.date
    n_members: int
    heard: NDArray[np.bool_]

    def on(self, day: dt.date) -> pd.DataFrame:
        """Return all towns on a day, by the reports known up to it.

        Returns
        -------
        DataFrame
            ``node_id``; ``stock_low, stock_days, stock_high`` (ends of the band of 80 % and the
            median, in days of usual use); ``probability_short``; ``word`` (a `FuelWord`) and
            ``leading`` (the assumption that would turn the answer first, a name of
            `fuel_filter.NAMES`, or nothing). Where no tanker ever goes, where the rains alone
            keep them away, and when there has been no news of fuel anywhere for `HEARD_DAYS`,
            the figures are missing and the word is ``unknown``.

        Raises
        ------
        GeodataError
            If the day lies outside the period: after the last event nothing is known.
        """
        row = self.row(day)
        table = self._table(np.s_[row, :])
        table.insert(0, f.NODE_ID, list(self.roads.network.towns))
        return table

    def over_time(self, town: str) -> pd.DataFrame:
        """Return one town over all days: ``date`` and the columns of `on` but ``node_id``.

        Raises
        ------
        GeodataError
            If there is no such town.
        """
        table = self._table(np.s_[:, self.column(town)])
        table.insert(0, f.DATE, list(self.roads.days))
        return table

    def use_on(self, day: dt.date) -> pd.DataFrame:
        """Return what each town uses in usual times, by the reports known up to a day.

        Returns
        -------
        DataFrame
            ``node_id``; ``use_low, use_litres, use_high`` (ends of the band of 80 % and the
            median, litres a day of diesel and petrol together, to three digits).

        Raises
        ------
        GeodataError
            If the day lies outside the period.
        """
        low, middle, high = (_three_digits(each) for each in self.days.use[:, self.row(day)])
        ids = list(self.roads.network.towns)
        return pd.DataFrame(
            {f.NODE_ID: ids, "use_low": low, "use_litres": middle, "use_high": high}
        )

    def words(self) -> pd.DataFrame:
        """Return the word of every town on every day: a row a day, a column for each town's id."""
        words = np.vectorize(lambda p: word(p).value, otypes=[object])(self.probabilities)
        return pd.DataFrame(words, index=self.roads.days, columns=list(self.roads.network.towns))

    @property
    def probabilities(self) -> NDArray[np.float64]:
        """Probability of being short, shape (n_days, n_towns); missing where nothing is said."""
        short = self.days.short.astype(float)
        return np.where(self.silent, np.nan, short)

    def _table(self, part: tuple[int | slice, int | slice]) -> pd.DataFrame:
        """Lay out one day or one town: a row or a column of the arrays."""
        silent = self.silent[part]
        low, middle, high = (
            np.where(silent, np.nan, each[part].astype(float)) for each in self.days.stock
        )
        short = self.probabilities[part]
        leading = np.where(silent, -1, self.days.leading[part])
        return pd.DataFrame(
            {
                "stock_low": low.round(1),
                "stock_days": middle.round(1),
                "stock_high": high.round(1),
                "probability_short": short.round(3),
                "word": [word(p).value for p in short],
                "leading": [fuel_filter.NAMES[i] if i >= 0 else "" for i in leading],
            }
        )

    def probability_short(self, town: str, day: dt.date, *, before: bool = False) -> float | None:
        """Return the probability that a town is short on a day; None where nothing can be said.

        Parameters
        ----------
        town : str
        day : date
        before : bool
            Count only reports known before that day.
        """
        row, place = self.row(day), self.column(town)
        if self.silent[row, place]:
            return None
        short = self.days.short_before if before else self.days.short
        return float(short[row, place])

    def row(self, day: dt.date) -> int:
        """Return the row of a day in the arrays.

        Raises
        ------
        GeodataError
            If the day lies outside the period.
        """
        row = self.roads.row(day)
        if not 0 <= row < len(self.roads.days):
            first, last = self.roads.days[0], self.roads.days[-1]
            raise GeodataError("fuel_days.outside", day=day, first=first, last=last)
        return row

    def column(self, town: str) -> int:
        """Return the column of a town in the arrays.

        Raises
        ------
        GeodataError
            If there is no such town.
        """
        if town not in self.roads.network.towns:
            raise GeodataError("fuel_days.town", town=town)
        return self.roads.network.towns.index(town)

    @property
    def last_day(self) -> dt.date:
        """Last day of which something is said."""
        return self.roads.days[int(np.flatnonzero(self.heard).max(initial=0))]

    @property
    def silent(self) -> NDArray[np.bool_]:
        """Days and towns about which nothing is said: no tanker goes there, or no news for long."""
        silent: NDArray[np.bool_] = self.roads.access[0] == SILENT
        return silent | ~self.heard[:, None]


def _three_digits(litres: NDArray[np.float32]) -> list[float]:
    return [float(f"{each:.3g}") for each in litres]


def word(probability: float) -> FuelWord:
    """Return the word for a probability of being short; ``unknown`` if it is not a number."""
    if np.isnan(probability):
        return FuelWord.UNKNOWN
    return WORDS[sum(probability < edge for edge in FROM)]


def fuel_roads(
    dataset: Dataset,
    *,
    rules: Rules | None = None,
    scenario: Conditions | None = None,
    start: dt.date | None = None,
    seed: int = 0,
) -> Roads:
    """Return what the roads let through, from the eve of the first report to the last event.

    Raises
    ------
    GeodataError
        If the data set has no events, or its network lies outside Mali and its neighbours,
        whose figures the priors are.
    """
    events = dataset.events
    last = last_report(events)
    if last is None:
        raise GeodataError("fuel_days.no_events")
    if not lies_within(dataset.network.nodes.total_bounds.tolist()):
        raise GeodataError("fuel_days.elsewhere")
    return roads(
        dataset.network,
        events,
        start or _eve(dataset, last),
        last,
        rules=rules,
        scenario=scenario,
        seed=seed,
        corridor_segments=dataset.corridor_segments,
    )


def fuel_period(dataset: Dataset) -> tuple[dt.date, dt.date] | None:
    """Return the first and the last day of the model; None for data without events."""
    last = last_report(dataset.events)
    return None if last is None else (_eve(dataset, last), last)


def _eve(dataset: Dataset, last: dt.date) -> dt.date:
    known = read_reports(dataset.network, dataset.statuses)[0]
    first = min((report.day for report in known), default=min(dataset.events[f.DATE]))
    return min(first, last) - dt.timedelta(days=EVE_DAYS)


def fuel(
    dataset: Dataset,
    *,
    on_roads: Roads | None = None,
    reports: Sequence[Report] | None = None,
    own: OwnFuel | None = None,
    rules: Rules | None = None,
    scenario: Conditions | None = None,
    n_members: int = MEMBERS,
    seed: int = 0,
) -> Fuel:
    """Return fuel of every town on each day, from the eve of the first report to the last event.

    Parameters
    ----------
    dataset : Dataset
    on_roads : Roads, optional
        What `fuel_roads` gave before, to ask several times of the same roads.
    reports : sequence of Report, optional
        Those that weigh the members; the shipped ones if not given.
    own : OwnFuel, optional
        Those of the data set if not given.
    rules, scenario
        For the roads, if they are not given.
    n_members : int
    seed : int
        The same seed gives the same figures.

    Raises
    ------
    GeodataError
        If the data set has no events.
    """
    way = on_roads or fuel_roads(dataset, rules=rules, scenario=scenario, seed=seed)
    if reports is None:
        reports = read_reports(dataset.network, dataset.statuses)[0]
    own = own or dataset.own_fuel
    rng = np.random.default_rng(seed)
    state = members(way, n_members, rng, None if own is None else own.tanks)
    table = dataset.convoys if dataset.with_shipped_events else None
    deliveries = () if own is None else own.deliveries
    reported = convoys(way, table, n_members, rng, deliveries)
    days = fuel_filter.run(way, state, reported, reports, rng)
    news = [way.row(report.known) for report in reports] + reported.rows
    return Fuel(way, days, tuple(reports), way.days[-1], n_members, _heard(news, len(way.days)))


def _heard(news: Sequence[int], n_days: int) -> NDArray[np.bool_]:
    """Return the days with news not older than `HEARD_DAYS`; before the first news all count."""
    heard = np.zeros(n_days, dtype=bool)
    inside = [row for row in news if 0 <= row < n_days]
    heard[: min(inside, default=n_days)] = True
    for row in inside:
        heard[row : row + HEARD_DAYS + 1] = True
    return heard
