"""An event before it is saved: its values checked, similar events, and what it would do."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd

from geodata import schema as f
from geodata.dataset import Dataset
from geodata.desk.duplicates import Candidate, possible_duplicates
from geodata.desk.entry import NEW, check_event, event_values
from geodata.desk.event_table import DeskEvents, with_desk
from geodata.desk.journal import Kind
from geodata.desk.preview import Effect, preview
from geodata.desk.store import Desk
from geodata.schema import Traffic, Vehicle


@dataclass(frozen=True, eq=False)
class Proposal:
    """What an event would be and do.

    Parameters
    ----------
    values : dict of str to str
        Complete and in the desk's form.
    similar : list of Candidate
        Events that it may repeat, the nearest first.
    effect : Effect
        On its first day, if it counted beside what counts now.
    known : DataFrame
        The events among which similar ones were looked for.
    """

    values: dict[str, str]
    similar: list[Candidate]
    effect: Effect
    known: pd.DataFrame


def proposal(
    dataset: Dataset,
    counting: DeskEvents,
    values: Mapping[str, str],
    *,
    today: dt.date,
    known: pd.DataFrame | None = None,
    traffic: Traffic = Traffic.FUEL,
    vehicle: Vehicle = Vehicle.ANY,
    effect_of: Callable[[Mapping[str, str]], Effect] | None = None,
) -> Proposal:
    """Check an event and say what it would do, without saving anything.

    Parameters
    ----------
    dataset : Dataset
        Without the desk's events.
    counting : DeskEvents
        The desk's events that count now.
    values : mapping of str to str
        All that was entered; with the id of an event that is edited.
    today : date
        Day from which the seven days count.
    known : DataFrame, optional
        Events among which similar ones are looked for, such as those with proposed ones; by
        default those that count.
    traffic, vehicle : Traffic, Vehicle
    effect_of : callable, optional
        Returns the effect of the checked values, where it may be at hand already; by default
        `geodata.desk.preview.preview` on their first day.

    Raises
    ------
    GeodataError
        Naming the field that cannot be used and the remedy.
    """
    checked = check_event(values, today=today, network=dataset.network)
    table = with_desk(dataset, counting).events if known is None else known
    if effect_of is not None:
        effect = effect_of(checked)
    else:
        effect = preview(
            dataset,
            counting,
            checked,
            event=checked[f.EVENT_ID] or NEW,
            on=dt.date.fromisoformat(checked[f.DATE]),
            traffic=traffic,
            vehicle=vehicle,
        )
    return Proposal(checked, possible_duplicates(checked, table), effect, table)


def values_of(desk: Desk, dataset: Dataset, event: str) -> dict[str, str] | None:
    """Return an event's values at the desk, else as shipped; None if neither has it."""
    record = desk.records().get((Kind.EVENT, event))
    return dict(record.values) if record else shipped_values(dataset, event)


def shipped_values(dataset: Dataset, event: str) -> dict[str, str] | None:
    """Return the values of an event of the data set as the desk would keep them."""
    rows = dataset.events[dataset.events[f.EVENT_ID] == event]
    return event_values(rows.iloc[0].to_dict()) if len(rows) else None
