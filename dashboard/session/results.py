"""A data set with all that was computed on it, kept so that nothing is computed twice.

Results are handed out as they are, not copied: they are frozen dataclasses whose tables nobody
here changes. The shipped data are held once for all sessions; what a visitor opened is held by
that visitor's session and ends with it. A key holds all of the state that a result depends on,
so that nobody reads another's answer.
"""

import datetime as dt
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Final, TypeVar

import pandas as pd

from dashboard.runtime.footprint import footprint
from dashboard.runtime.ledger import LEDGER, MB
from dashboard.runtime.long_work import giving_way, one_at_a_time
from geodata import schema as f
from geodata.analysis.accessibility import Access, access
from geodata.analysis.fuel import Fuel, fuel
from geodata.analysis.resolution import effects_on
from geodata.analysis.situation import Situation
from geodata.analysis.situation import situation as resolved
from geodata.analysis.timeline import LONGEST_DAYS
from geodata.analysis.work import Work
from geodata.analysis.working_memory import every_cut_bytes, fuel_bytes
from geodata.cached import cached_property
from geodata.dataset import Dataset
from geodata.errors import GeodataError
from geodata.events.closures import closures_of
from geodata.events.rules import Rules
from geodata.events.severity import EventEffects
from geodata.events.vocabulary import DatePrecision
from geodata.i18n import LANGUAGES
from geodata.network.names import Names
from geodata.scenario import Scenario
from geodata.sharing.fingerprints import fingerprint

VIEWS: Final = 600
"""Results kept for the data that all share; at some 50 kB each they stay under 50 MB."""

OWN_VIEWS: Final = 60
"""Results kept for one visitor's own data."""

SHARED_MB: Final = 100
"""Memory of the results kept for the data that all share."""

DAWN: Final = dt.date(2025, 9, 3)
"""Day of the declaration: the only day there is for data without events."""

Days = tuple[dt.date, dt.date]
T = TypeVar("T")


class AnalysisCache:
    """A data set and the results on it, safe to be asked by many sessions at once.

    Parameters
    ----------
    dataset : Dataset
    limit : int
        How many results are kept; those not asked for the longest go first.
    allow : callable, optional
        Called with the bytes that the kept results take; raises `GeodataError` where that is too
        much, and then older ones go until it is not. By default up to `SHARED_MB`.
    """

    def __init__(
        self,
        dataset: Dataset,
        *,
        limit: int = OWN_VIEWS,
        allow: Callable[[int], None] | None = None,
    ) -> None:
        self.dataset = dataset
        self._limit = limit
        self._allow = allow or _up_to_shared
        self._sizes: dict[tuple[Hashable, ...], int] = {}
        self._results: OrderedDict[tuple[Hashable, ...], Any] = OrderedDict()
        self._lock = threading.Lock()
        self._alone = threading.RLock()
        self._turns: dict[tuple[Hashable, ...], threading.RLock] = {}

    @cached_property
    def names(self) -> dict[str, Names]:
        """Names of nodes and segments, by language."""
        return {lang: Names(self.dataset.network, lang) for lang in LANGUAGES}

    @cached_property
    def fingerprint(self) -> str:
        """Short name of the data, as links carry it."""
        with one_at_a_time(_rows(self.dataset)):
            return fingerprint(self.dataset)

    @cached_property
    def corridors(self) -> dict[str, tuple[str, ...]]:
        """Segments of each corridor that the events name."""
        table = self.dataset.corridor_segments
        return {str(name): tuple(rows[f.SEGMENT_ID]) for name, rows in table.groupby("corridor")}

    @cached_property
    def period(self) -> Days:
        """First and last day that can be chosen: those of the events known to the day."""
        events = self.dataset.events
        exact = events.loc[events[f.DATE_PRECISION] != DatePrecision.MONTH, f.DATE]
        days = exact if len(exact) else events[f.DATE]
        if not len(days):
            return DAWN, DAWN
        last = days.max()
        return max(days.min(), last - dt.timedelta(days=LONGEST_DAYS - 1)), last

    def get(
        self,
        key: tuple[Hashable, ...],
        make: Callable[[], T],
        *,
        alone: bool = False,
        work: Callable[[], Work] | None = None,
    ) -> T:
        """Return a result made from the data and from its key alone.

        What several sessions ask for at once is computed once, while the others wait for it.

        Parameters
        ----------
        key : tuple
            What kind of result it is, and all that it depends on beside the data.
        make : callable
            Computes the result where it is not at hand.
        alone : bool
            Whether nothing else of this kind is computed meanwhile; for what takes long and much
            memory.
        work : callable, optional
            Estimates the memory and the time that computing takes at most.

        Raises
        ------
        GeodataError
            As `bound` does.
        """
        with self._lock:
            if key in self._results:
                known: T = self._asked_again(key)
                return known
            turn = self._turns.setdefault(key, threading.RLock())
        with turn, self._alone if alone else nullcontext():
            with self._lock:
                if key in self._results:
                    made_meanwhile: T = self._asked_again(key)
                    return made_meanwhile
            try:
                # Not under the lock: others go on reading.
                with nullcontext() if work is None else self.bound(work()):
                    result = make()
                self._keep(key, result)
            finally:
                with self._lock:
                    self._turns.pop(key, None)
        return result

    def _asked_again(self, key: tuple[Hashable, ...]) -> Any:
        self._results.move_to_end(key)
        return self._results[key]

    def _keep(self, key: tuple[Hashable, ...], result: object) -> None:
        size = footprint((key, result), apart_from=self._elsewhere())
        with self._lock:
            self._results[key], self._sizes[key] = result, size
            while self._results and not self._fits():
                oldest, _ = self._results.popitem(last=False)
                del self._sizes[oldest]

    def bound(self, work: Work) -> AbstractContextManager[None]:
        """Count work for as long as it is done.

        Raises
        ------
        GeodataError
            If it would take more memory or time than one question may, or more memory than the
            server has left. Never on the data that all share, whose questions are small: they
            must not be refused because others' data are large.
        """
        if self._allow is _up_to_shared:
            return nullcontext()
        return LEDGER.computing(work.memory, work.seconds)

    def _fits(self) -> bool:
        """Return whether the results are as few and as small as they may be."""
        try:
            self._allow(sum(self._sizes.values()))
        except GeodataError:
            return False
        return len(self._results) <= self._limit

    def _elsewhere(self) -> list[object]:
        """What results refer to that is not theirs: the data, and all made from them once."""
        data, network = self.dataset, self.dataset.network
        return [data, network, *vars(data).values(), *vars(network).values()]


def _up_to_shared(size: int) -> None:
    if size > SHARED_MB * MB:
        raise GeodataError("own.session_full", mb=SHARED_MB)


def _rows(dataset: Dataset) -> int:
    return max(len(dataset.events), len(dataset.network.segment_ids))


def situation(cache: AnalysisCache, scenario: Scenario) -> Situation:
    """Return a scenario's situation; all scenarios of one date and rules share their closures."""
    dataset = cache.dataset

    def made() -> Situation:
        day, rules, reported = scenario.day, scenario.rules, None
        if day is not None and not scenario.preset:
            reported = closures(cache, day, rules)
        now = resolved(dataset, scenario, reported=reported, bound=cache.bound)
        # Every result needs them: computed here, they count in the memory of the situation.
        _ = now.conditions.on(dataset.network).components
        return now

    return cache.get(("situation", scenario), made)


def closures(cache: AnalysisCache, day: dt.date, rules: Rules) -> pd.DataFrame:
    """Return what reported events close on a day, with the evidence."""
    network = cache.dataset.network
    return cache.get(
        ("closures", day, rules),
        lambda: closures_of(network, effects(cache, rules), on=day, rules=rules),
    )


def effects(cache: AnalysisCache, rules: Rules) -> EventEffects:
    """Return what each event does to each segment: all days and the table of events share it."""

    def made() -> EventEffects:
        with one_at_a_time(_rows(cache.dataset)):
            return effects_on(cache.dataset, rules)

    return cache.get(("effects", rules), made)


def access_of(cache: AnalysisCache, view: Situation) -> Access:
    """Return the access of every town, independent routes not counted.

    Access with every road open serves all scenarios of a vehicle and measure.
    """
    network, now = cache.dataset.network, view.conditions

    def made() -> Access:
        before = cache.get(
            ("baseline", now.vehicle, now.by),
            lambda: access(network, now.baseline(), count_routes=False),
        )
        return access(network, now, count_routes=False, baseline=before)

    return cache.get(("access", view.scenario), made)


def every_cut_of(cache: AnalysisCache, view: Situation) -> pd.DataFrame:
    """Return what each further closure would do.

    Raises
    ------
    GeodataError
        If a visitor's own network has too many towns too far from supply for the memory there is.
    """
    network = cache.dataset.network
    return cache.get(
        ("every-cut", view.scenario),
        lambda: view.every_cut,
        work=lambda: Work(every_cut_bytes(network, view.conditions)),
    )


def fuel_of(cache: AnalysisCache) -> Fuel:
    """Return fuel of every town on every day, by reported events and the data's own reports.

    What is cut by hand does not count: the members are weighed by reports of what happened.

    Raises
    ------
    GeodataError
        If the data set has no events, or lies outside Mali.
    """
    network = cache.dataset.network

    def made() -> Fuel:
        with giving_way():
            return fuel(cache.dataset)

    return cache.get(("fuel",), made, alone=True, work=lambda: Work(fuel_bytes(network)))
