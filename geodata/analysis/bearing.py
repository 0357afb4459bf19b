"""Which events of a table affect any road of a network."""

from dataclasses import replace

import pandas as pd

from geodata.dataset import Dataset
from geodata.events.rules import Rules
from geodata.events.severity import event_effects


def bearing_events(dataset: Dataset, events: pd.DataFrame) -> frozenset[str]:
    """Return the ids of the events that close, restrict, open or ease a road on some day.

    Parameters
    ----------
    dataset : Dataset
    events : DataFrame
        Your own events, in the columns of `geodata.events.table`.
    """
    own = replace(dataset, added_events=events, with_shipped_events=False)
    effects = event_effects(own.network, own.events, own.corridors, Rules())
    touched = {each.event for each in effects.impacts} | {each.event for each in effects.reliefs}
    return frozenset(effects.event_ids[event] for event in touched)
