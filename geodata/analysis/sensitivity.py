"""How far the answer depends on each rule: one varied at a time, the others at their defaults."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata.analysis.blocks import run_blocks
from geodata.analysis.hindcast import road_alone_accuracy
from geodata.analysis.rule_replays import RuleReplays
from geodata.analysis.timeline import TOWN_STATES
from geodata.conditions import STATES, Conditions
from geodata.dataset import Dataset
from geodata.events.rules import MONTH, SWITCH, THRESHOLDS, Editable, Rules, editable
from geodata.schema import SegmentState, TownState, Traffic

FACTORS: Final = (0.5, 1.5)
COLUMNS: Final = (
    "rule", "value", "default", "segments_closed", "segments_escort_only", "segments_contested",
    "towns_isolated", "towns_escort_only", "towns_detour", "towns_changed", "balanced_accuracy",
)  # fmt: skip


def variants(rule: Editable) -> tuple[float, ...]:
    """Return the values to try for one rule: half and half again as much, within its bounds.

    A switch is turned, a month moved by one, a threshold moved half-way to its neighbours, so
    that the three stay in their order.
    """
    if rule.unit == SWITCH:
        return (1 - rule.default,)
    if rule.name in THRESHOLDS:
        place = THRESHOLDS.index(rule.name)
        edges = [0.0, *(float(getattr(Rules(), name)) for name in THRESHOLDS), 1.0]
        here = edges[place + 1]
        return ((edges[place] + here) / 2, (here + edges[place + 2]) / 2)
    tried = (
        (rule.default - 1, rule.default + 1)
        if rule.unit == MONTH
        else tuple(rule.default * factor for factor in FACTORS)
    )
    inside = (min(max(value, rule.low), rule.high) for value in tried)
    return tuple(dict.fromkeys(v for v in inside if v != rule.default))


def sensitivity(
    dataset: Dataset,
    on: dt.date,
    *,
    scenario: Conditions | None = None,
    traffic: Traffic = Traffic.FUEL,
    statuses: pd.DataFrame | None = None,
    workers: int = 1,
    scheduler: str | None = None,
) -> pd.DataFrame:
    """Vary each rule in turn and report the states of segments and towns on a day.

    Parameters
    ----------
    dataset : Dataset
    on : date
    scenario : Conditions, optional
    traffic : Traffic
    statuses : DataFrame, optional
        Reports of towns' fuel, to report the hindcast's balanced accuracy too (slower).
    workers, scheduler
        As `geodata.analysis.blocks.run_blocks` has them; each value tried is a block.

    Returns
    -------
    DataFrame
        First a row without a rule, for the defaults, then one for each rule and value tried:
        ``rule, value, default``, the number of segments closed, under escort and contested, of
        towns isolated, under escort and on a detour, of towns in another state than with the
        defaults, and the balanced accuracy (missing if not asked for).
    """
    tried = [(rule, value) for rule in editable() for value in variants(rule)]
    rules = (Rules(), *(replace(Rules(), **{rule.name: value}) for rule, value in tried))
    shared = (RuleReplays(dataset, on, scenario, traffic, rules), statuses)
    base, *variants_replayed = run_blocks(
        _replayed, shared, range(len(rules)), workers=workers, scheduler=scheduler
    )
    rows = [("", None, None, *_counts(base, base), base.score)]
    for (rule, value), each in zip(tried, variants_replayed, strict=True):
        rows.append((rule.name, value, rule.default, *_counts(each, base), each.score))
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(
        {"value": float, "default": float, "balanced_accuracy": float}
    )


@dataclass(frozen=True, eq=False)
class _Replayed:
    """States of the day as codes, and the hindcast's balanced accuracy."""

    segments: NDArray[np.uint8]
    towns: NDArray[np.uint8]
    score: float | None


def _replayed(shared: tuple[RuleReplays, pd.DataFrame | None], number: int) -> _Replayed:
    replays, statuses = shared
    day = replays.day(number)
    score = _score(replays.dataset, statuses, replays.rules[number])
    return _Replayed(day.segment_states, day.town_states, score)


def _counts(replayed: _Replayed, base: _Replayed) -> tuple[int, ...]:
    segments = [
        int((replayed.segments == STATES.index(state)).sum())
        for state in (SegmentState.CLOSED, SegmentState.ESCORT_ONLY, SegmentState.CONTESTED)
    ]
    towns = [
        int((replayed.towns == TOWN_STATES.index(state)).sum())
        for state in (TownState.ISOLATED, TownState.ESCORT_ONLY, TownState.DETOUR)
    ]
    return (*segments, *towns, int((replayed.towns != base.towns).sum()))


def _score(dataset: Dataset, statuses: pd.DataFrame | None, rules: Rules) -> float | None:
    return None if statuses is None else road_alone_accuracy(dataset, statuses, rules)
