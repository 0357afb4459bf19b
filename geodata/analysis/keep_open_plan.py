"""Which uncertain segment, if it were kept open for certain, would give most people access.

A list for planning access. It names segments by their effect, and so is left out of public
products like the other rankings.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtri

from geodata import schema as f
from geodata.analysis.accessibility import people_for_ranking
from geodata.analysis.blocks import run_blocks
from geodata.analysis.closure_samples import BLOCK, blocks_of
from geodata.analysis.common_shocks import CommonShocks
from geodata.analysis.drawn_parts import drawn_parts
from geodata.analysis.exact_reliability import (
    UncertainGraph,
    connected_to_supply,
    exact_steps,
    states_at_once,
    switch_states,
)
from geodata.analysis.needed_segments import NeededSegments
from geodata.analysis.reliability import MOST_STEPS, Method, Sampling
from geodata.analysis.sampled_reliability import CONFIDENCE
from geodata.analysis.uncertain_network import UncertainNetwork, uncertain_network
from geodata.conditions import Conditions, check_ids
from geodata.dataset import Dataset
from geodata.errors import GeodataError

MOST_COLUMNS: Final = 2**14
"""States of the switches times segments up to which the exact answer is worth its time."""
GAIN: Final = "people_gained"
HELPED: Final = "towns_helped"
NEEDS: Final = "needs"
COLUMNS: Final = (f.SEGMENT_ID, "closing_probability", GAIN, f"{GAIN}_low", f"{GAIN}_high",
                  "towns_gained", HELPED, NEEDS, "method")  # fmt: skip
REASONED: Final = 200
"""Segments, those of the highest gain, for which the towns and the needs are listed."""

SOME: Final = 1e-9
"""Share of access below which a gain is an error of rounding."""


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
        them together), ``towns_gained`` (the expected number of towns), ``towns_helped`` (ids of
        the towns that gain, those of the most expected people first), ``needs`` (ids of the
        uncertain segments that must be open too, or it helps nobody, from the supply point on)
        and ``method``; the highest gain first. Segments that would gain nothing are left out.
        ``towns_helped`` and ``needs`` are empty after the first `REASONED` segments.

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
    draw = sampling or Sampling()
    gains = _gains(uncertain, people, method, draw)
    table = pd.DataFrame(
        {
            f.SEGMENT_ID: [dataset.network.segment_ids[s] for s in uncertain.segment],
            "closing_probability": shocks.probability[uncertain.segment],
            GAIN: gains.people,
            f"{GAIN}_low": gains.low,
            f"{GAIN}_high": gains.high,
            "towns_gained": gains.towns,
            "method": gains.method.value,
        }
    )
    helps = table[table[f"{GAIN}_high"] > 1e-6]
    helps = helps.sort_values([GAIN, f.SEGMENT_ID], ascending=[False, True])
    first = helps.index[:REASONED].to_numpy(np.int64)
    by_town = _by_town(uncertain, first, draw) if gains.by_town is None else gains.by_town[first]
    helped, needs = _reasons(dataset, uncertain, first, by_town, people)
    no_more: list[tuple[str, ...]] = [()] * (len(helps) - len(first))
    for name, reasons in ((HELPED, helped), (NEEDS, needs)):
        helps[name] = pd.Series(reasons + no_more, index=helps.index, dtype=object)
    return helps[list(COLUMNS)].reset_index(drop=True)


def _reasons(
    dataset: Dataset,
    uncertain: UncertainNetwork,
    edges: NDArray[np.int64],
    by_town: NDArray[np.float64],
    people: NDArray[np.float64],
) -> tuple[list[tuple[str, ...]], list[tuple[str, ...]]]:
    """Return the towns that each edge helps, and the segments that it needs."""
    towns, ids = dataset.network.towns, dataset.network.segment_ids
    needed = NeededSegments.of_supply(uncertain)
    helped: list[tuple[str, ...]] = []
    needs: list[tuple[str, ...]] = []
    for edge, gained in zip(edges.tolist(), by_town, strict=True):
        order = np.argsort(-gained * people, kind="stable")
        helped.append(tuple(towns[t] for t in order if gained[t] > SOME))
        others = needed.to_either(uncertain.ends[edge].tolist())
        needs.append(tuple(ids[uncertain.segment[each]] for each in others if each != edge))
    return helped, needs


@dataclass(frozen=True, eq=False)
class _Gains:
    """What each edge gains; ``by_town``, shape (n_edges, n_towns), is missing if it was drawn."""

    people: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    towns: NDArray[np.float64]
    method: Method
    by_town: NDArray[np.float64] | None = None


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
    gained = np.zeros((len(uncertain.segment), len(people)))
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
            gained[edge] += after[uncertain.town] @ share - before
    gained = np.maximum(gained, 0.0)
    more = gained @ people
    return _Gains(more, more, more, gained.sum(axis=1), Method.EXACT, gained)


@dataclass(frozen=True, eq=False)
class _Plan:
    uncertain: UncertainNetwork
    people: NDArray[np.float64]
    seed: int
    samples: int
    edges: NDArray[np.int64]


def _sampled(
    uncertain: UncertainNetwork, people: NDArray[np.float64], sampling: Sampling
) -> _Gains:
    every = np.arange(len(uncertain.segment))
    plan = _Plan(uncertain, people, sampling.seed, sampling.samples, every)
    total, squares, towns = _mean(_block, plan, sampling)
    spread = np.sqrt(np.maximum(squares - total**2, 0.0) / max(sampling.samples - 1, 1))
    half = -ndtri((1 - CONFIDENCE) / 2 / max(len(total), 1)) * spread
    return _Gains(total, np.maximum(total - half, 0.0), total + half, towns, Method.SAMPLED)


def _block(plan: _Plan, block: int) -> NDArray[np.float64]:
    """Sums over a block of the people gained, their squares and the towns gained by each edge."""
    part, helps, other = _openings(plan, block)
    count = int(part.max()) + 1
    town_part = part[:, plan.uncertain.town].ravel()
    people = np.bincount(town_part, np.tile(plan.people, len(part)), minlength=count)
    towns = np.bincount(town_part, minlength=count).astype(float)
    gained = np.where(helps, people[other], 0.0)
    return np.stack(
        [gained.sum(axis=1), (gained**2).sum(axis=1), np.where(helps, towns[other], 0).sum(axis=1)]
    )


def _openings(
    plan: _Plan, block: int
) -> tuple[NDArray[np.int64], NDArray[np.bool_], NDArray[np.int64]]:
    """Return the parts of a block, whether each edge would help if open, and the part it helps.

    Opening a closed segment between a supplied part and another gives that part access.
    """
    part, opened = drawn_parts(plan.uncertain, seed=plan.seed, block=block)
    used = min(plan.samples - block * BLOCK, len(part))
    part, opened = part[:used], opened[plan.edges, :used]
    here, there = (part[:, plan.uncertain.ends[plan.edges, end]].T for end in (0, 1))
    root = part[:, 0]
    helps = ~opened & ((here == root) != (there == root))
    return part, helps, np.where(here == root, there, here)


def _by_town(
    uncertain: UncertainNetwork, edges: NDArray[np.int64], sampling: Sampling
) -> NDArray[np.float64]:
    """Return how much more often each town has access, by edge; over the samples of `_sampled`."""
    plan = _Plan(uncertain, np.zeros(0), sampling.seed, sampling.samples, edges)
    return _mean(_town_block, plan, sampling)


def _mean(
    sums: Callable[[_Plan, int], NDArray[Any]], plan: _Plan, sampling: Sampling
) -> NDArray[np.float64]:
    """Return the mean over all samples of what a function sums over each block of them."""
    of_blocks = run_blocks(
        sums,
        plan,
        blocks_of(sampling.samples),
        workers=sampling.workers,
        scheduler=sampling.scheduler,
    )
    mean: NDArray[np.float64] = np.sum(of_blocks, axis=0) / sampling.samples
    return mean


def _town_block(plan: _Plan, block: int) -> NDArray[np.int64]:
    """Return the samples of a block in which each edge would give each town access."""
    part, helps, other = _openings(plan, block)
    town_part = part[:, plan.uncertain.town]
    counts = np.zeros((len(plan.edges), town_part.shape[1]), dtype=np.int64)
    for number, (useful, joined) in enumerate(zip(helps, other, strict=True)):
        counts[number] = (town_part[useful] == joined[useful, None]).sum(axis=0)
    return counts
