"""What saving an event would do to roads, towns and people, before it is saved."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd

from geodata import schema as f
from geodata.analysis.accessibility import access
from geodata.analysis.comparison import Comparison, compare
from geodata.analysis.resolution import conditions_on
from geodata.conditions import Conditions
from geodata.dataset import Dataset
from geodata.desk.entry import ORIGIN
from geodata.desk.event_table import DeskEvents, with_desk
from geodata.events.closures import closures, unplaced_events
from geodata.events.table import COLUMNS, COUNTS, typed
from geodata.events.vocabulary import Confidence
from geodata.network.model import Network
from geodata.network.study_area import only_inside_may_close
from geodata.schema import PASSABLE, Traffic, Vehicle

ONLY_TOLD: Final = frozenset(
    {f.SOURCE_NAME, f.SOURCE_URL, f.SOURCE_DATE, f.SUMMARY, f.ACTOR, f.REPORTED_TYPE, *COUNTS}
)
"""Fields of an event that close and open no road, whatever they say."""


@dataclass(frozen=True, eq=False)
class Effect:
    """What changes if an event counts.

    Parameters
    ----------
    on : date
        Day that both situations are of.
    closed, opened : tuple of str
        Segments that stop or begin to let traffic pass.
    escorted : tuple of str
        Segments that still let traffic pass, in another state than before.
    comparison : Comparison
        Every town before and after.
    nothing_why : str
        Key of the catalogue that says why an event changes nothing; empty where it does.
    """

    on: dt.date
    closed: tuple[str, ...]
    opened: tuple[str, ...]
    escorted: tuple[str, ...]
    comparison: Comparison
    nothing_why: str = ""

    @property
    def towns(self) -> pd.DataFrame:
        """Towns whose access changes."""
        return self.comparison.changed

    @property
    def people(self) -> tuple[int, int]:
        """People in those towns, and how many of them have no known population."""
        population = self.towns[f.POPULATION]
        return int(population.sum()), int(population.isna().sum())


def preview(
    dataset: Dataset,
    desk_events: DeskEvents,
    values: Mapping[str, str] | None,
    *,
    event: str,
    on: dt.date,
    traffic: Traffic = Traffic.FUEL,
    vehicle: Vehicle = Vehicle.ANY,
    before: Dataset | None = None,
    reported: pd.DataFrame | None = None,
) -> Effect:
    """Return the effect of an event with these values on one day.

    Parameters
    ----------
    dataset : Dataset
        Without the desk's events.
    desk_events : DeskEvents
        What counts before.
    values : mapping of str to str or None
        The event as `geodata.desk.entry.check_event` gives it; None to leave it out.
    event : str
        Id whose row is replaced.
    on : date
    traffic, vehicle : Traffic, Vehicle
    before : Dataset, optional
        `with_desk` of these two, where it is at hand already.
    reported : DataFrame, optional
        `closures_on` of it on that day by the documented rules, where it is at hand already.
    """
    now = before or with_desk(dataset, desk_events)
    events = _with_event(now, values, event)
    network, segments = now.network, now.corridor_segments
    then = closures(network, events, on=on, corridor_segments=segments)
    manual = Conditions(vehicle=vehicle)
    effect = _effect(
        network,
        conditions_on(now, manual, on=on, traffic=traffic, reported=reported),
        conditions_on(now, manual, on=on, traffic=traffic, reported=then),
        on=on,
    )
    if values is None or effect.closed or effect.opened or effect.escorted or len(effect.towns):
        return effect
    return replace(effect, nothing_why=_nothing_why(now, events, event))


def _nothing_why(dataset: Dataset, events: pd.DataFrame, event: str) -> str:
    """Return why one event changes no road: it concerns none, is unconfirmed, or is too weak."""
    row = events[events[f.EVENT_ID] == event].reset_index(drop=True)
    missed = unplaced_events(dataset.network, row, corridor_segments=dataset.corridor_segments)
    if len(missed):
        return str(missed["reason"].iloc[0])
    unconfirmed = len(row) and row[f.CONFIDENCE].iloc[0] == Confidence.LOW
    return "desk.effect_unconfirmed" if unconfirmed else "desk.effect_weak"


def effect_between(
    one: Dataset,
    two: Dataset,
    *,
    on: dt.date,
    traffic: Traffic = Traffic.FUEL,
    vehicle: Vehicle = Vehicle.ANY,
) -> Effect:
    """Return what differs on one day between two tables of events on the same network."""
    manual = Conditions(vehicle=vehicle)
    before, after = (conditions_on(each, manual, on=on, traffic=traffic) for each in (one, two))
    return _effect(one.network, before, after, on=on)


def _effect(network: Network, before: Conditions, after: Conditions, *, on: dt.date) -> Effect:
    was, now = (each.on(network).states.to_numpy() for each in (before, after))
    passed, passes = (np.isin(states, list(PASSABLE)) for states in (was, now))
    ids = np.array(network.segment_ids, dtype=object)
    return Effect(
        on,
        closed=tuple(ids[passed & ~passes]),
        opened=tuple(ids[~passed & passes]),
        escorted=tuple(ids[passed & passes & (was != now)]),
        comparison=compare(access(network, before), access(network, after)),
    )


def _with_event(dataset: Dataset, values: Mapping[str, str] | None, event: str) -> pd.DataFrame:
    """Return the events of a data set with one of them replaced, added or left out."""
    others = dataset.events[dataset.events[f.EVENT_ID] != event]
    if values is None:
        return others.reset_index(drop=True)
    row = pd.DataFrame({name: [values.get(name, "")] for name in COLUMNS}, dtype="str")
    added = only_inside_may_close(typed(row, origin=ORIGIN), dataset.area)
    return pd.concat([others, added] if len(others) else [added], ignore_index=True)
