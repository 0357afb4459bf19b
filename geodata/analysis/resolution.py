"""What a scenario means on a data set: its conditions, and how far the reports reach."""

import dataclasses
import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from geodata import schema as f
from geodata.analysis.cuts import selected_ids
from geodata.conditions import Closure, Conditions
from geodata.dataset import Dataset
from geodata.errors import GeodataError
from geodata.events.rules import Rules
from geodata.graph.arrays import Ints
from geodata.scenario import Scenario
from geodata.schema import Measure, Traffic, Vehicle

if TYPE_CHECKING:
    from geodata.events.severity import EventEffects


def conditions(
    dataset: Dataset, scenario: Scenario, *, reported: pd.DataFrame | None = None
) -> Conditions:
    """Return what a scenario means on a data set: cuts by hand, and what events or a phase close.

    Parameters
    ----------
    dataset : Dataset
    scenario : Scenario
    reported : DataFrame, optional
        `closures_on` of the scenario's date and rules, where it is at hand already.

    Raises
    ------
    GeodataError
        If there is no such preset.
    """
    manual = Conditions(
        cut=frozenset(scenario.cut) | selected_ids(dataset, scenario.cut_by),
        reopened=frozenset(scenario.reopened),
        without=frozenset(scenario.disabled_supply),
        vehicle=Vehicle(scenario.vehicle),
        by=Measure(scenario.measure),
    )
    traffic = Traffic(scenario.traffic)
    if scenario.preset:
        closures = preset_closures(dataset, scenario.preset, traffic)
        return dataclasses.replace(manual, closures=closures)
    return conditions_on(
        dataset, manual, on=scenario.day, traffic=traffic, rules=scenario.rules, reported=reported
    )


def conditions_on(
    dataset: Dataset,
    manual: Conditions,
    *,
    on: dt.date | None,
    traffic: Traffic = Traffic.FUEL,
    rules: Rules | None = None,
    reported: pd.DataFrame | None = None,
) -> Conditions:
    """Return manual conditions with what events close on a date for one traffic class.

    Parameters
    ----------
    dataset : Dataset
    manual : Conditions
    on : date, optional
        Without a date no event closes anything and no season counts.
    traffic : Traffic
    rules : Rules, optional
        How events become closures; the documented defaults if not given.
    reported : DataFrame, optional
        `closures_on` of the same data, date and rules, where it is at hand already.
    """
    if on is None:
        return manual
    from geodata.events.closures import scenario_closures, seasonally_impassable

    rules = rules or Rules()
    if reported is None:
        reported = closures_on(dataset, on, rules)
    wet: frozenset[str] = frozenset()
    if manual.vehicle != Vehicle.ANY:
        wet = seasonally_impassable(dataset.network, on, rules)
    dated = dataclasses.replace(
        manual,
        closures=scenario_closures(reported, traffic),
        impassable=manual.impassable | wet,
    )
    # The same object keeps what was computed on it.
    return manual if dated == manual else dated


def closures_on(dataset: Dataset, on: dt.date, rules: Rules) -> pd.DataFrame:
    """Return what reported events close on a date, for every traffic class.

    Returns
    -------
    DataFrame
        The columns of `geodata.events.closures.closures`, with the evidence of each row.
    """
    from geodata.events.closures import closures

    return closures(
        dataset.network,
        dataset.events,
        on=on,
        rules=rules,
        corridor_segments=dataset.corridor_segments,
    )


def effects_on(dataset: Dataset, rules: Rules) -> "EventEffects":
    """Return what each event does to each segment, whatever the day."""
    from geodata.events.severity import event_effects

    return event_effects(dataset.network, dataset.events, dataset.corridors, rules)


def last_report(events: pd.DataFrame) -> dt.date | None:
    """Return the last day that the reports speak of: of a later day nothing is known.

    A day after it has no report of a closure because nobody entered one, so its roads must not
    be shown as open.

    Parameters
    ----------
    events : DataFrame
        Events in the columns of `geodata.events.table`: those in use, from any collector.

    Returns
    -------
    date or None
        The latest date of an event. Neither the rest of a week or month that it stands for
        nor an end date counts: those may be announced, not seen. None without any event.
    """
    return max(events[f.DATE], default=None)


RECENT_DAYS: Final = 30


@dataclass(frozen=True)
class Reports:
    """What the reports in use cover, as seen from a day.

    Parameters
    ----------
    first, last : date or None
        Dates of the first and the last event; None without any event.
    recent : int
        Events dated within `RECENT_DAYS` days up to the day. Where few are, an open road may
        only mean that nobody reported.
    around : int
        Events dated within the `RECENT_DAYS` days around the day, half of them before it.
    usual : int
        Median of the same count over the days with a report, each report counted.
    dense_until : date or None
        Last day around which at least half the usual number is dated. Half is a judgement.
    """

    first: dt.date | None
    last: dt.date | None
    recent: int
    around: int = 0
    usual: int = 0
    dense_until: dt.date | None = None

    def sparse(self, on: dt.date) -> bool:
        """Return whether reports are few around a day, and stay so until they end."""
        return self.dense_until is not None and on > self.dense_until


def reports_on(events: pd.DataFrame, on: dt.date) -> Reports:
    """Return what the reports in use cover, as seen from a day."""
    dates = events[f.DATE]
    since = on - dt.timedelta(days=RECENT_DAYS - 1)
    recent = sum(since <= date <= on for date in dates)
    if not len(dates):
        return Reports(None, None, recent)
    days = np.sort([date.toordinal() for date in dates])
    usual = float(np.median(_around(days, days)))
    every = np.arange(days[0], days[-1] + 1)
    dense = every[_around(days, every) >= usual / 2]
    return Reports(
        min(dates),
        last_report(events),
        recent,
        around=int(_around(days, np.array([on.toordinal()]))[0]),
        usual=round(usual),
        dense_until=dt.date.fromordinal(int(dense[-1])),
    )


def _around(days: Ints, dates: Ints) -> Ints:
    """Count the sorted days within the `RECENT_DAYS` days around each asked day."""
    low = np.searchsorted(days, dates - RECENT_DAYS // 2, side="left")
    high = np.searchsorted(days, dates + RECENT_DAYS - RECENT_DAYS // 2, side="left")
    counts: Ints = high - low
    return counts


def check_reported(events: pd.DataFrame, on: dt.date | None) -> None:
    """Refuse a day about which nothing is known because the reports end before it.

    Nothing is refused without a date, nor where no event is in use at all: then the date says
    only which season it is.

    Raises
    ------
    GeodataError
        Naming the day, the last report and what to do.
    """
    last = last_report(events)
    if on is not None and last is not None and on > last:
        raise GeodataError("core.after_last_report", day=on, last=last)


def preset_closures(dataset: Dataset, wanted: str, traffic: Traffic) -> tuple[Closure, ...]:
    """Return what a preset closes for one traffic class on a data set's network.

    Raises
    ------
    GeodataError
        If there is no preset of that id.
    """
    from geodata.events.presets import preset

    return preset(dataset.network, dataset.corridor_segments, wanted).closures(traffic)
