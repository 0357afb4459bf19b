"""Which rules decide what becomes of each town: all of them varied together within their bounds."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtri

from geodata import schema as f
from geodata.analysis.blocks import run_blocks
from geodata.analysis.rule_replays import RuleReplays
from geodata.analysis.timeline import PASSABLE_CODE, TOWN_STATES
from geodata.conditions import Conditions
from geodata.dataset import Dataset
from geodata.errors import GeodataError
from geodata.events.rules import MONTH, SWITCH, THRESHOLDS, Editable, Rules, editable
from geodata.schema import TownState, Traffic

DRAWS: Final = 256
MATTERS_MOST: Final = 3
NO_BEARING: Final = "stock"
"""Group of rules that close no road."""
CONFIDENCE: Final = 0.99
ISOLATED_CODE: Final = TOWN_STATES.index(TownState.ISOLATED)


@dataclass(frozen=True, eq=False)
class RuleDraws:
    """What becomes of segments and towns over many draws of the rules.

    Parameters
    ----------
    segments : DataFrame
        ``segment_id, share_shut``: the share of draws in which it lets nothing pass.
    towns : DataFrame
        ``node_id, name, share_isolated``, sorted by id.
    rules : DataFrame
        For each town the rules that matter most, at most three: ``node_id, rank, rule,
        share_low, share_high`` (the share of draws in which the town is isolated while the rule
        lies in the lower and the upper half of its bounds). A rule is named only if the two
        differ by more than chance would with 99 %, over all rules of a town together.
    draws : int
    """

    segments: pd.DataFrame
    towns: pd.DataFrame
    rules: pd.DataFrame
    draws: int


def rule_draws(
    dataset: Dataset,
    on: dt.date,
    *,
    scenario: Conditions | None = None,
    traffic: Traffic = Traffic.FUEL,
    draws: int = DRAWS,
    seed: int = 0,
    workers: int = 1,
    scheduler: str | None = None,
) -> RuleDraws:
    """Draw all rules together and replay one day with each draw.

    The draws are a Latin hypercube over the bounds of every rule that closes roads. A switch is
    on or off, a month whole, and the three thresholds are put in order.

    Parameters
    ----------
    dataset : Dataset
    on : date
    scenario : Conditions, optional
    traffic : Traffic
    draws, seed : int
    workers, scheduler
        As `geodata.analysis.blocks.run_blocks` has them; each draw is a block.

    Raises
    ------
    GeodataError
        If there are fewer than two draws, or the scheduler cannot be used.
    """
    if draws < 2:
        raise GeodataError("analysis.draws", draws=draws)
    # Imported here: it takes a third of a second, and every command loads this module.
    from scipy.stats.qmc import LatinHypercube

    varied = tuple(rule for rule in editable() if rule.group != NO_BEARING)
    unit = LatinHypercube(len(varied), rng=np.random.default_rng(seed)).random(draws)
    rules = tuple(rules_at(varied, point) for point in unit)
    replays = RuleReplays(dataset, on, scenario, traffic, rules)
    replayed = run_blocks(_replayed, replays, range(draws), workers=workers, scheduler=scheduler)
    shut = np.array([states for states, _ in replayed]).sum(axis=0)
    isolated = np.array([towns for _, towns in replayed])
    ids = list(dataset.network.towns)
    names = [dataset.network.labels[town] for town in ids]
    segments = pd.DataFrame({f.SEGMENT_ID: dataset.network.segment_ids, "share_shut": shut / draws})
    towns = pd.DataFrame({f.NODE_ID: ids, f.NAME: names, "share_isolated": isolated.mean(axis=0)})
    return RuleDraws(segments, towns, _matter(varied, unit, isolated, ids), draws)


def _replayed(replays: RuleReplays, draw: int) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return which segments are shut and which towns isolated with the rules of a draw."""
    timeline = replays.day(draw)
    shut: NDArray[np.bool_] = ~PASSABLE_CODE[timeline.segment_states[0]]
    return shut, timeline.town_states[0] == ISOLATED_CODE


def rules_at(varied: tuple[Editable, ...], point: NDArray[np.float64]) -> Rules:
    """Return the rules at a point of the unit cube, one place for each rule.

    Parameters
    ----------
    varied : tuple of Editable
    point : array of float, shape (n_rules,)
        From 0, the lower bound, to 1, the upper.
    """
    places = zip(varied, point, strict=True)
    values = {r.name: r.low + float(x) * (r.high - r.low) for r, x in places}
    for rule in varied:
        if rule.unit in (SWITCH, MONTH):
            values[rule.name] = float(round(values[rule.name]))
    ordered = sorted(values[name] for name in THRESHOLDS)
    return Rules(**{**values, **dict(zip(THRESHOLDS, ordered, strict=True))})


def _matter(
    varied: tuple[Editable, ...],
    unit: NDArray[np.float64],
    isolated: NDArray[np.bool_],
    ids: list[str],
) -> pd.DataFrame:
    """Compare the draws with a rule in the lower half of its bounds with those in the upper."""
    high = unit >= 0.5
    n_high, n_low = high.sum(axis=0)[:, None], (~high).sum(axis=0)[:, None]
    share_high = high.T.astype(float) @ isolated / np.maximum(n_high, 1)
    share_low = (~high).T.astype(float) @ isolated / np.maximum(n_low, 1)
    mean = isolated.mean(axis=0)
    chance = np.sqrt(mean * (1 - mean) * (1 / np.maximum(n_high, 1) + 1 / np.maximum(n_low, 1)))
    apart = np.abs(share_high - share_low)
    enough = apart > -ndtri((1 - CONFIDENCE) / 2 / len(varied)) * chance
    rows = []
    for town, node_id in enumerate(ids):
        order = np.argsort(-apart[:, town], kind="stable")
        chosen = [r for r in order[:MATTERS_MOST] if enough[r, town]]
        rows += [
            (node_id, rank, varied[r].name, share_low[r, town], share_high[r, town])
            for rank, r in enumerate(chosen, start=1)
        ]
    columns = [f.NODE_ID, "rank", "rule", "share_low", "share_high"]
    return pd.DataFrame(rows, columns=columns)
