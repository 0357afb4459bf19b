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
from dataclasses import replace
from typing import Any, Final, TypeVar

import pandas as pd

from dashboard.runtime.footprint import footprint
from dashboard.runtime.ledger import MB
from geodata import schema as f
from geodata.analysis.accessibility import Access, access
from geodata.analysis.critical_pairs import pairs_table
from geodata.analysis.explanation import Explanation, explain
from geodata.analysis.fuel import Fuel, fuel
from geodata.analysis.paths import Route, route
from geodata.analysis.timeline import LONGEST_DAYS, Timeline, replay
from geodata.cached import cached_property
from geodata.conditions import Conditions
from geodata.dataset import Dataset
from geodata.errors import GeodataError
from geodata.events.vocabulary import DatePrecision
from geodata.network.names import Names
from geodata.sharing.fingerprints import fingerprint, known
from geodata.sharing.permalink import KnownIds, ViewState
from geodata.sharing.selection_code import selection_code
from geodata.sharing.situation import Situation, rules_of, scenario_of, situation

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
        self._fuel_lock = threading.Lock()

    @cached_property
    def names(self) -> Names:
        """Names of nodes and segments."""
        return Names(self.dataset.network)

    @cached_property
    def fingerprint(self) -> str:
        """Short name of the data, as links carry it."""
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

    def known(self, tabs: tuple[str, ...], layers: tuple[str, ...]) -> KnownIds:
        """Return what a link may name on this data."""
        return self._kept(
            ("known", tabs, layers),
            lambda: known(self.dataset, tabs=tabs, layers=layers, data=self.fingerprint),
        )

    def situation(self, state: ViewState) -> Situation:
        """Return all that one view shows; what only the eye changes makes no other situation."""
        bare = bared(state)
        return self._kept(("situation", bare), lambda: situation(self.dataset, bare))

    def access(self, found: Situation) -> Access:
        """Return the access of every town, independent routes not counted."""
        return self._kept(
            ("access", found.state),
            lambda: access(
                self.dataset.network,
                found.scenario,
                count_routes=False,
                baseline=self._baseline(found.scenario.baseline()),
            ),
        )

    def _baseline(self, bare: Conditions) -> Access:
        """Return access with every road open: one serves all scenarios of a vehicle and measure."""
        return self._kept(
            ("baseline", bare), lambda: access(self.dataset.network, bare, count_routes=False)
        )

    def way(self, scenario: Conditions, town: str) -> Route | None:
        """Return the way taken to a town."""
        network = self.dataset.network
        return self._kept(("way", scenario, town), lambda: route(network, scenario, town))

    def why(self, found: Situation, town: str) -> Explanation:
        """Return the chain from a town to segments, events and sources."""
        # A preset stands in place of the day's events: its own closures are in the scenario.
        on = None if found.state.preset else found.state.date
        return self._kept(
            ("why", found.state, town),
            lambda: explain(
                self.dataset,
                town,
                on,
                scenario=found.scenario,
                traffic=found.state.traffic,
                rules=found.rules,
            ),
        )

    def timeline(self, state: ViewState) -> Timeline:
        """Return every day under what the state cuts, reopens and switches off by hand."""
        bare = undated(state)
        return self._kept(
            ("timeline", bare),
            lambda: replay(
                self.dataset.network,
                self.dataset.events,
                *self.period,
                scenario=scenario_of(self.dataset, bare),
                rules=rules_of(bare),
                traffic=bare.traffic,
                corridor_segments=self.dataset.corridor_segments,
            ),
        )

    def fuel(self) -> Fuel:
        """Return fuel of every town on every day, by reported events and the data's own reports.

        What is cut by hand does not count: the members are weighed by reports of what happened.
        One session computes it at a time; the others wait for its result.

        Raises
        ------
        GeodataError
            If the data set has no events, or lies outside Mali.
        """
        with self._fuel_lock:
            return self._kept(("fuel",), lambda: fuel(self.dataset))

    def pairs(self, found: Situation) -> tuple[pd.DataFrame, dict[str, object]]:
        """Return the pairs of segments that isolate together what neither does alone."""
        return self._kept(
            ("pairs", found.state), lambda: pairs_table(self.dataset.network, found.scenario)
        )

    def kept(self, kind: str, of: Hashable, make: Callable[[], T]) -> T:
        """Return the any other result, made from the data and from ``of`` alone."""
        return self._kept((kind, of), make)

    def _kept(self, key: tuple[Hashable, ...], make: Callable[[], T]) -> T:
        with self._lock:
            if key in self._results:
                self._results.move_to_end(key)
                cached: T = self._results[key]
                return cached
        result = make()  # not under the lock: others go on reading; at worst it is made twice
        size = footprint((key, result), apart_from=self._elsewhere())
        with self._lock:
            self._results[key], self._sizes[key] = result, size
            while self._results and not self._fits():
                oldest, _ = self._results.popitem(last=False)
                del self._sizes[oldest]
        return result

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


def bared(state: ViewState) -> ViewState:
    """The state without what only the eye changes, and without the order of what was done."""
    cut, reopen, off = (tuple(sorted(ids)) for ids in (state.cut, state.reopen, state.off))
    return replace(
        state,
        cut=cut,
        cut_by=tuple(sorted(state.cut_by, key=selection_code)),
        reopen=reopen,
        off=off,
        lang=None,
        town=None,
        way=(),
        view=None,
        hide=(),
        show=(),
        corridor=(),
        region=(),
        tab="",
        title="",
        notes=(),
        data="",
        network="",
    )


def undated(state: ViewState) -> ViewState:
    """Return the state without a day: what holds on every day alike."""
    return replace(bared(state), date=None, preset=None, compare="", window=1)
