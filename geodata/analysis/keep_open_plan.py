"""Which uncertain segment, if it were kept open for certain, would give most people access.

A list for planning access. It names segments by their effect, and so is left out of public
products like the other rankings.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtri

from geodata import schema as f
from geodata.analysis.accessibility import people_for_ranking
from geodata.analysis.blocks import run_blocks
from geodata.analysis.closure_samples import BLOCK
from geodata.analysis.common_shocks import CommonShocks
from geodata.analysis.drawn_parts import drawn_parts
from geodata.analysis.exact_reliability import (
    UncertainGraph,
    connected_to_supply,
    exact_steps,
    states_at_once,
    switch_states,
)
from geodata.analysis.reliability import MOST_STEPS, Method, Sampling
from geodata.analysis.sampled_reliability import CONFIDENCE
from geodata.analysis.uncertain_network import UncertainNetwork, uncertain_network
from geodata.conditions import Conditions, check_ids
from geodata.dataset import Dataset
from geodata.errors import GeodataError

MOST_COLUMNS: Final = 2**14
"""States of the switches times segments up to which the exact answer is worth its time."""
GAIN: Final = "people_gained"
COLUMNS: Final = (f.SEGMENT_ID, "closing_probability", GAIN, f"{GAIN}_low", f"{GAIN}_high",
                  "towns_gained", "method")  # fmt: skip


def keep_open_plan(
    dataset: Dataset,
    scenario: Conditions,
    shocks: CommonShocks,
    *,
    method: Method = Method.AUTO,
    sampling: Sampling | None = None,
) -> pd.DataFrame:
    """Uncertain segments, by how many more people are expected to have access if one stays open.

    A town of unknown population counts as `people_for_ranking` says.

    Returns
    -------
    DataFrame
        ``segment_id, closing_probability, people_gained`` (expected), its bounds (99 %, all of
        them together), ``towns_gained`` (the expected number of towns) and ``method``; the
        highest gain first. Segments that would gain nothing are left out.

    Raises
    ------
    UnknownIdError
        If the scenario names an id that the network does not hold.
    GeodataError
        If ``exact`` is asked for and the network is too large for it.
    """
    check_ids(dataset.network, scenario)
    uncertain = uncertain_network(dataset.network, scenario, shocks)
    towns = [dataset.network.node_number[i] for i in dataset.network.towns]
    people = people_for_ranking(dataset.network)[towns]
    gains = _gains(uncertain, people, method, sampling or Sampling())
    table = pd.DataFrame(
        {
            f.SEGMENT_ID: [dataset.network.segment_ids[s] for s in uncertain.segment],
            "closing_probability": shocks.probability[uncertain.segment],
            GAIN: gains.people,
            f"{GAIN}_low": gains.low,
            f"{GAIN}_high": gains.high,
            "towns_gained": gains.towns,
            "method": gains.method.value,
        },
        columns=list(COLUMNS),
    )
    helps = table[table[f"{GAIN}_high"] > 1e-6]
    return helps.sort_values([GAIN, f.SEGMENT_ID], ascending=[False, True], ignore_index=True)


@dataclass(frozen=True, eq=False)
class _Gains:
    people: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    towns: NDArray[np.float64]
    method: Method


def _gains(
    uncertain: UncertainNetwork, people: NDArray[np.float64], method: Method, sampling: Sampling
) -> _Gains:
    if method != Method.SAMPLED:
        try:
            edges = len(uncertain.segment)
            few = edges * 2 ** len(uncertain.on) <= MOST_COLUMNS
            if method == Method.EXACT or (few and edges * exact_steps(uncertain) <= MOST_STEPS):
                return _exact(uncertain, people)
        except GeodataError:
            if method == Method.EXACT:
                raise
    return _sampled(uncertain, people, sampling)


def _exact(uncertain: UncertainNetwork, people: NDArray[np.float64]) -> _Gains:
    """Return the expected people with one segment open less that as it is, for each segment.

    Access is linear in each closing probability within one state of the switches, so the gain
    is that of closing probability 0.
    """
    states, chance = switch_states(uncertain)
    gained = np.zeros((len(uncertain.segment), 2))
    weights = np.c_[people, np.ones(len(people))]
    at_once = states_at_once(uncertain)
    for begin in range(0, len(states), at_once):
        some, share = states[begin : begin + at_once], chance[begin : begin + at_once]
        closed = uncertain.closed_in(some)
        graph = UncertainGraph(uncertain.n_nodes, uncertain.ends, closed)
        before = connected_to_supply(graph)[uncertain.town] @ share
        for edge in range(len(closed)):
            opened = closed.copy()
            opened[edge] = 0.0
            after = connected_to_supply(UncertainGraph(uncertain.n_nodes, uncertain.ends, opened))
            gained[edge] += (after[uncertain.town] @ share - before) @ weights
    gained = np.maximum(gained, 0.0)
    return _Gains(gained[:, 0], gained[:, 0], gained[:, 0], gained[:, 1], Method.EXACT)


@dataclass(frozen=True, eq=False)
class _Plan:
    uncertain: UncertainNetwork
    people: NDArray[np.float64]
    seed: int
    samples: int


def _sampled(
    uncertain: UncertainNetwork, people: NDArray[np.float64], sampling: Sampling
) -> _Gains:
    plan = _Plan(uncertain, people, sampling.seed, sampling.samples)
    sums = run_blocks(
        _block,
        plan,
        range(-(-sampling.samples // BLOCK)),
        workers=sampling.workers,
        scheduler=sampling.scheduler,
    )
    total, squares, towns = np.sum(sums, axis=0) / sampling.samples
    spread = np.sqrt(np.maximum(squares - total**2, 0.0) / max(sampling.samples - 1, 1))
    half = -ndtri((1 - CONFIDENCE) / 2 / max(len(total), 1)) * spread
    return _Gains(total, np.maximum(total - half, 0.0), total + half, towns, Method.SAMPLED)


def _block(plan: _Plan, block: int) -> NDArray[np.float64]:
    """Sums over a block of the people gained, their squares and the towns gained by each edge.

    Opening a closed segment between a supplied part and another gives that part access.
    """
    part, opened = drawn_parts(plan.uncertain, seed=plan.seed, block=block)
    used = min(plan.samples - block * BLOCK, len(part))
    part, opened = part[:used], opened[:, :used]
    count = int(part.max()) + 1
    town_part = part[:, plan.uncertain.town].ravel()
    people = np.bincount(town_part, np.tile(plan.people, used), minlength=count)
    towns = np.bincount(town_part, minlength=count).astype(float)
    here, there = part[:, plan.uncertain.ends[:, 0]].T, part[:, plan.uncertain.ends[:, 1]].T
    root = part[:, 0]
    other = np.where(here == root, there, here)
    helps = ~opened & ((here == root) != (there == root))
    gained = np.where(helps, people[other], 0.0)
    return np.stack(
        [gained.sum(axis=1), (gained**2).sum(axis=1), np.where(helps, towns[other], 0).sum(axis=1)]
    )
