"""The public functions on what nobody knows for sure: fuel in towns, chances of access, plans.

``import geodata`` offers them by name. A scenario that they take is resolved as in `geodata.api`.
"""

import dataclasses
from collections.abc import Sequence

import pandas as pd

from geodata.analysis import fuel as fuel_model
from geodata.analysis import reliability as chances
from geodata.analysis.common_shocks import CommonShocks
from geodata.analysis.keep_open_plan import keep_open_plan
from geodata.analysis.reliability import Method, Sampling
from geodata.analysis.reopening_plan import Budget, reopening_plan
from geodata.analysis.sampled_reliability import SAMPLES
from geodata.analysis.situation import Situation
from geodata.analysis.stock_plan import stock_plan
from geodata.api import resolved
from geodata.dataset import Dataset
from geodata.errors import GeodataError
from geodata.scenario import Scenario, choice, one_of
from geodata.schema import Vehicle

PLANS = ("reopen", "keep_open", "stock")


def fuel(
    dataset: Dataset,
    scenario: Scenario | None = None,
    *,
    n_members: int = fuel_model.MEMBERS,
    seed: int = 0,
) -> fuel_model.Fuel:
    """Estimate the fuel of every town on each day, up to the last reported event.

    Parameters
    ----------
    dataset : Dataset
        Events close roads; reports of towns' fuel and of convoys weigh the members.
    scenario : Scenario, optional
        What is cut, reopened and switched off on all days, the vehicle and the rules; roads for
        tankers if not given. Its date and traffic are not used, and it may name no preset.
    n_members : int
        How many members are run; fewer are quicker and coarser.
    seed : int
        The same seed gives the same figures.

    Returns
    -------
    Fuel
        ``on(day)`` is the table of a day: stock with its band, the probability that the town is
        short, and the word for it.

    Raises
    ------
    GeodataError
        If the data set has no events or lies outside Mali and its neighbours, or the scenario
        names a preset.

    Examples
    --------
    >>> import datetime as dt
    >>> import geodata as gd
    >>> result = gd.fuel(gd.load(), n_members=20)
    >>> list(result.on(dt.date(2025, 11, 5)).columns[:2])
    ['node_id', 'stock_low']
    """
    question = scenario or Scenario(vehicle=Vehicle.TANKER)
    if question.preset is not None:
        raise GeodataError("core.preset_in_period", preset=question.preset)
    undated = resolved(dataset, dataclasses.replace(question, date=None))
    return fuel_model.fuel(
        dataset, rules=question.rules, scenario=undated.conditions, n_members=n_members, seed=seed
    )


def reliability(
    dataset: Dataset,
    scenario: Scenario,
    *,
    method: Method | str = Method.AUTO,
    samples: int = SAMPLES,
    seed: int = 0,
) -> chances.Reliability:
    """Return how likely each town has a path to an open supply point on the scenario's date.

    Parameters
    ----------
    dataset : Dataset
        The network and the events.
    scenario : Scenario
        With a date: what is reported up to it says how likely each segment is closed. It may
        name no preset.
    method : Method or str
        ``exact``, ``sampled``, or ``auto`` for exact where the network allows it.
    samples : int
        How many samples are drawn where it is sampled.
    seed : int
        The same seed gives the same figures.

    Returns
    -------
    Reliability
        ``towns``, a table with each town's probability, its bounds and its band.

    Raises
    ------
    GeodataError
        If the scenario has no date or names a preset, or the network does not allow the method.

    Examples
    --------
    >>> import geodata as gd
    >>> result = gd.reliability(gd.load(), gd.Scenario(date="2025-11-05", vehicle="tanker"))
    >>> bool(result.towns.probability.between(0, 1).all())
    True
    """
    now, shocks = _uncertain(dataset, scenario)
    return chances.reliability(
        dataset,
        now.conditions,
        shocks,
        method=choice("method", Method, method),
        sampling=Sampling(samples=samples, seed=seed),
    )


def plan(
    dataset: Dataset,
    scenario: Scenario,
    *,
    what: str = "reopen",
    cost: Budget | str = Budget.SEGMENTS,
    budgets: Sequence[float] | None = None,
) -> pd.DataFrame:
    """Return which segments to reopen or keep open first, or which towns to stock.

    Parameters
    ----------
    dataset : Dataset
        The network and the events.
    scenario : Scenario
        With a date for ``keep_open`` and ``stock``, which rest on how likely segments close.
    what : {'reopen', 'keep_open', 'stock'}
        What to plan.
    cost : Budget or str
        What a reopened segment costs: ``segments``, ``km`` or ``escort_days``.
    budgets : sequence of float, optional
        Budgets of a reopening; those of the greedy order if not given.

    Returns
    -------
    DataFrame
        A row per budget with the best set (`reopening_plan`), per segment with the people
        gained (`keep_open_plan`), or per number of towns to stock (`stock_plan`).

    Raises
    ------
    GeodataError
        If there is no such plan, a budget is below 0, or the scenario has no date or names a
        preset where it must not.

    Examples
    --------
    >>> import geodata as gd
    >>> cut = gd.Scenario(vehicle="tanker", cut={"gao--bourem", "bourem--anefis"})
    >>> gd.plan(gd.load(), cut, budgets=[1]).segments.tolist()
    [('gao--bourem',)]
    """
    if one_of("what", what, PLANS) == "reopen":
        now = resolved(dataset, scenario)
        by = choice("cost", Budget, cost)
        return reopening_plan(dataset.network, now.conditions, by=by, budgets=budgets).frontier
    now, shocks = _uncertain(dataset, scenario)
    if what == "keep_open":
        return keep_open_plan(dataset, now.conditions, shocks)
    return stock_plan(dataset, now.conditions, shocks).frontier


def _uncertain(dataset: Dataset, scenario: Scenario) -> tuple[Situation, CommonShocks]:
    """Return the situation, and how likely each segment is closed on its date."""
    if scenario.preset is not None:
        raise GeodataError("core.preset_in_period", preset=scenario.preset)
    now = resolved(dataset, scenario)
    if now.shocks is None:
        raise GeodataError("core.needs_date")
    return now, now.shocks
