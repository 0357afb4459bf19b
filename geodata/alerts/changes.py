"""Changes of towns' access worth a message: from day to day, or between two versions.

A report fades, so a town near a threshold may change its state every few days. A worse state is
reported on its first day; a better one only after it has lasted `SETTLE_DAYS`. So a town gives at
most one message of improvement in that many days.
"""

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd

from geodata import schema as f
from geodata.analysis.accessibility import access
from geodata.analysis.explanation import Explanation, explain_towns
from geodata.analysis.resolution import conditions, last_report
from geodata.analysis.timeline import TOWN_STATES, replay
from geodata.conditions import Conditions, check_town
from geodata.dataset import Dataset
from geodata.schema import TownState
from geodata.sharing.permalink import ViewState

SETTLE_DAYS: Final = 7
"""Days that a better state must last before it is reported."""

QUIET_DAYS: Final = 7
"""Nothing younger is reported: it could reveal where people are now."""

WORSE: Final = {TownState.OPEN: 0, TownState.DETOUR: 1, TownState.ESCORT_ONLY: 2,
                TownState.ISOLATED: 3}  # fmt: skip


@dataclass(frozen=True)
class TownChange:
    """One town whose access changed.

    Parameters
    ----------
    town : str
        Node id.
    since : date
        First day of the new state.
    reported_on : date
        Day on which the change is certain enough to be reported; the message belongs to it.
    before, after : TownState
    causes : tuple of str
        Causes of the more severe of the two states: what brought the change, or what ended.
    events : tuple of str
        Events behind those causes, the strongest first.
    """

    town: str
    since: dt.date
    reported_on: dt.date
    before: TownState
    after: TownState
    causes: tuple[str, ...] = ()
    events: tuple[str, ...] = ()

    @property
    def worse(self) -> bool:
        """Whether access got worse."""
        return WORSE[self.after] > WORSE[self.before]


def last_day(events: pd.DataFrame, today: dt.date) -> dt.date:
    """Return the last day that may be reported: seven days old, and within the reports."""
    newest = today - dt.timedelta(days=QUIET_DAYS)
    last = last_report(events)
    return newest if last is None else min(newest, last)


def watch(
    dataset: Dataset,
    state: ViewState,
    *,
    since: dt.date,
    until: dt.date,
    today: dt.date,
    towns: Collection[str] | None = None,
    settle: int = SETTLE_DAYS,
) -> list[TownChange]:
    """Return the changes reported from one day to another, both included.

    Every day is replayed from the first event on, so consecutive periods give each change once,
    as one long period does.

    Parameters
    ----------
    dataset : Dataset
    state : ViewState
        Cuts, supply points, vehicle, traffic and rules; its date is not used.
    since, until : date
    today : date
        Days younger than seven days before it are left out.
    towns : collection of str, optional
        All by default.
    settle : int
        Days that a better state must last.

    Raises
    ------
    UnknownIdError
        If the network has no such town.
    """
    network, events = dataset.network, dataset.events
    for town in towns or ():
        check_town(network, town)
    end = min(until, last_day(events, today))
    if len(events) == 0 or end < since:
        return []
    start = min(min(events[f.DATE]), since) - dt.timedelta(days=1)
    days = replay(
        network,
        events,
        start,
        end,
        scenario=_manual(dataset, state),
        rules=state.scenario.rules,
        traffic=state.traffic,
        corridor_segments=dataset.corridor_segments,
    )
    changes = [
        (row, TownChange(town, days.days[row], days.days[reported_on], before, after))
        for place, town in enumerate(network.towns)
        if towns is None or town in towns
        for row, reported_on, before, after in lasting_changes(days.town_states[:, place], settle)
        if days.days[reported_on] >= since
    ]
    # What brought a worse state on its first day, or kept the more severe one until the day before.
    by_day: dict[dt.date, list[TownChange]] = {}
    for row, change in changes:
        by_day.setdefault(days.days[row if change.worse else row - 1], []).append(change)
    explained = [_explained(dataset, state, group, day) for day, group in by_day.items()]
    return sorted((change for group in explained for change in group), key=_order)


def lasting_changes(
    codes: np.ndarray, settle: int = SETTLE_DAYS
) -> Iterator[tuple[int, int, TownState, TownState]]:
    """Yield the changes of one town that last.

    Parameters
    ----------
    codes : array of int, shape (n_days,)
        Places in `TOWN_STATES`.
    settle : int

    Yields
    ------
    tuple
        Day on which the new state began, day on which it is reported, state before, new state.

    Examples
    --------
    >>> bad, good = TOWN_STATES.index(TownState.ISOLATED), TOWN_STATES.index(TownState.OPEN)
    >>> days = [good, bad, good, bad, good, good, good, good]
    >>> changes = lasting_changes(np.array(days), settle=3)
    >>> [(row, reported_on, str(after)) for row, reported_on, _, after in changes]
    [(1, 1, 'isolated'), (4, 6, 'open')]
    """
    states = [TOWN_STATES[code] for code in codes]
    known, last = states[0], 0
    for day in range(1, len(states)):
        if WORSE[states[day]] > WORSE[known]:
            yield day, day, known, states[day]
            known, last = states[day], day
        elif day - last >= settle:
            worst = max(states[day - settle + 1 : day + 1], key=WORSE.__getitem__)
            if WORSE[worst] < WORSE[known]:
                first = day
                while first - 1 > last and WORSE[states[first - 1]] <= WORSE[worst]:
                    first -= 1
                yield first, day, known, worst
                known, last = worst, day


def between(
    before: Dataset,
    after: Dataset,
    state: ViewState,
    *,
    on: dt.date,
    towns: Collection[str] | None = None,
) -> list[TownChange]:
    """Return the changes that another version of the events makes to one day."""
    was, now = (_states(dataset, state, on) for dataset in (before, after))
    changes = [
        TownChange(town, on, on, was[town], now[town])
        for town in after.network.towns
        if was[town] != now[town] and (towns is None or town in towns)
    ]
    explained = [
        *_explained(after, state, [change for change in changes if change.worse], on),
        *_explained(before, state, [change for change in changes if not change.worse], on),
    ]
    return sorted(explained, key=_order)


def _order(change: TownChange) -> tuple[dt.date, int, str]:
    return change.reported_on, -WORSE[change.after], change.town


def _manual(dataset: Dataset, state: ViewState) -> Conditions:
    """Return what the state cuts, reopens and switches off by hand."""
    return conditions(dataset, replace(state.scenario, date=None, preset=None))


def _states(dataset: Dataset, state: ViewState, on: dt.date) -> dict[str, TownState]:
    dated = conditions(dataset, replace(state.scenario, date=on, preset=None))
    towns = access(dataset.network, dated, count_routes=False).towns
    pairs = zip(towns[f.NODE_ID], towns[f.STATE], strict=True)
    return {str(town): TownState(town_state) for town, town_state in pairs}


def _explained(
    dataset: Dataset, state: ViewState, changes: Sequence[TownChange], day: dt.date
) -> list[TownChange]:
    """Return the changes with the causes and events of their towns on a day."""
    if not changes:
        return []
    why = explain_towns(
        dataset,
        [entry.town for entry in changes],
        day,
        scenario=_manual(dataset, state),
        traffic=state.traffic,
        rules=state.scenario.rules,
    )
    return [
        replace(
            change,
            causes=tuple(map(str, why[change.town].causes)),
            events=_strongest(why[change.town]),
        )
        for change in changes
    ]


def _strongest(explanation: Explanation) -> tuple[str, ...]:
    """Return the events behind a town's state, the strongest first."""
    evidence = [each for link in explanation.links for each in link.evidence if each.weight > 0]
    order = sorted(evidence, key=lambda each: (-each.weight, each.event_id))
    return tuple(dict.fromkeys(each.event_id for each in order))
