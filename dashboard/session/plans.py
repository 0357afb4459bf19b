"""Everything that the plan shows for one view, computed together on request."""

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from dashboard.session.results import AnalysisCache, fuel_of
from geodata import schema as f
from geodata.analysis.danger_routes import DangerRoutes, danger_routes
from geodata.analysis.degradation import CURVE_SAMPLES, STEPS, Degradation, degradation
from geodata.analysis.keep_open_plan import keep_open_plan
from geodata.analysis.reliability import Reliability, reliability
from geodata.analysis.reopening_plan import Budget, ReopeningPlan, reopening_plan
from geodata.analysis.reopening_steps import reopening_steps
from geodata.analysis.sampled_reliability import SAMPLES
from geodata.analysis.situation import Situation
from geodata.analysis.stock_plan import OwnStocks, StockPlan, own_stocks, stock_plan
from geodata.analysis.uncertain_network import UncertainNetwork
from geodata.analysis.work import Work, reliability_work, routes_work, samples_work, sets_work
from geodata.errors import GeodataError

SETS_SHARE: Final = 0.6
"""Share of the work, as it is shown, that the best sets to reopen take."""

SOLVING: Final = 2
"""Visitors for whom the solver works at once. It takes a core for up to 30 s and does not stop
others, but each further one would take its share of the cores from every click."""

LOOK_SECONDS: Final = 0.5
"""How often one that waits looks whether its visitor has stopped it."""

_SOLVERS: Final = threading.BoundedSemaphore(SOLVING)


@dataclass(frozen=True, eq=False)
class UncertainPlan:
    """What rests on closing probabilities, which only a dated view has.

    Parameters
    ----------
    on : date
        Day of the view.
    access : Reliability
        How likely each town keeps a path to supply.
    curve : Degradation
        How access falls as more of the uncertain roads close.
    keep_open : DataFrame
        From `keep_open_plan`.
    stock : StockPlan
    with_fuel : bool
        Whether the towns' own stocks are the fuel model's medians; else they count as empty.
    """

    on: dt.date
    access: Reliability
    curve: Degradation
    keep_open: pd.DataFrame
    stock: StockPlan
    with_fuel: bool


@dataclass(frozen=True, eq=False)
class Plan:
    """Plans for one view.

    Parameters
    ----------
    reopening : ReopeningPlan
    steps : DataFrame
        Steps of the largest set, from `reopening_steps`.
    uncertain : UncertainPlan, optional
        None for a view without a date, or of a preset.
    """

    reopening: ReopeningPlan
    steps: pd.DataFrame
    uncertain: UncertainPlan | None


def plan(
    cache: AnalysisCache,
    view: Situation,
    *,
    by: Budget = Budget.SEGMENTS,
    progress: Callable[[float], None] | None = None,
) -> Plan:
    """Plans for a situation, kept in the cache.

    Parameters
    ----------
    cache : AnalysisCache
    view : Situation
    by : Budget
        What a reopened road costs.
    progress : callable, optional
        Called with the share of the work that is done; it may raise to stop.

    Raises
    ------
    GeodataError
        If it would take too much memory or time on a visitor's own network.
    """
    report = progress or (lambda _: None)
    reopening, steps = cache.get(
        ("reopening_plan", view.scenario, by),
        lambda: _reopening(cache, view, by, report),
        work=lambda: sets_work(view.dataset.network, view.conditions),
    )
    on = None if view.scenario.preset else view.scenario.day
    if on is None or view.uncertain is None:
        return Plan(reopening, steps, None)
    uncertain = cache.get(
        ("uncertain_plan", view.scenario),
        lambda: _uncertain(cache, view, on, report),
        work=lambda: _uncertain_work(view.uncertain),
    )
    return Plan(reopening, steps, uncertain)


def _uncertain_work(uncertain: UncertainNetwork | None) -> Work:
    if uncertain is None:
        return Work(0)
    drawn = samples_work(uncertain, SAMPLES)
    # Roads to keep open look at the samples twice, the second time for the towns of each.
    curve = reliability_work(uncertain, CURVE_SAMPLES * (STEPS + 1))
    return reliability_work(uncertain, SAMPLES).then(curve).then(drawn).then(drawn).then(drawn)


def routes(cache: AnalysisCache, view: Situation, town: str) -> DangerRoutes:
    """Routes of a town that share no danger, kept in the cache."""
    return cache.get(
        ("danger_routes", view.scenario, town),
        lambda: danger_routes(cache.dataset, view.conditions, town),
        work=lambda: routes_work(cache.dataset.network),
    )


def _reopening(
    cache: AnalysisCache, view: Situation, by: Budget, progress: Callable[[float], None]
) -> tuple[ReopeningPlan, pd.DataFrame]:
    """Return the best sets of roads to reopen, and the steps of the largest."""
    network, scenario = cache.dataset.network, view.conditions
    with _solving(progress):
        sets = reopening_plan(
            network, scenario, by=by, progress=lambda share: progress(SETS_SHARE * share)
        )
    largest = sets.frontier[f.SEGMENTS].iloc[-1] if len(sets.frontier) else ()
    return sets, reopening_steps(network, scenario, largest)


@contextmanager
def _solving(progress: Callable[[float], None]) -> Iterator[None]:
    """Wait until few others look for the best sets; a visitor who stops waits no longer."""
    while not _SOLVERS.acquire(timeout=LOOK_SECONDS):
        progress(0.0)
    try:
        yield
    finally:
        _SOLVERS.release()


def _uncertain(
    cache: AnalysisCache, view: Situation, on: dt.date, progress: Callable[[float], None]
) -> UncertainPlan | None:
    dataset, scenario, shocks = cache.dataset, view.conditions, view.shocks
    if shocks is None:
        return None
    stocks = _own_stocks(cache, on)
    left = iter(np.linspace(SETS_SHARE, 1.0, 5)[1:].tolist())
    progress(next(left))
    chances = reliability(dataset, scenario, shocks)
    curve = degradation(dataset, scenario, shocks)
    progress(next(left))
    keep_open = keep_open_plan(dataset, scenario, shocks)
    progress(next(left))
    stocked = stock_plan(
        dataset,
        scenario,
        shocks,
        days_of_stock=stocks.days,
        litres_a_day=stocks.litres,
        litres_band=stocks.band,
    )
    progress(next(left))
    return UncertainPlan(on, chances, curve, keep_open, stocked, bool(stocks.days))


def _own_stocks(cache: AnalysisCache, on: dt.date) -> OwnStocks:
    """What towns have and use by the fuel model on the day; nothing where it is silent."""
    try:
        return own_stocks(fuel_of(cache), on)
    except GeodataError:
        return OwnStocks()
