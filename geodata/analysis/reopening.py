"""Which closed segment to reopen first, by the people whose access comes back."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata import schema as f
from geodata.analysis.accessibility import people_for_ranking, population_of
from geodata.analysis.redundancy import smallest_reopening
from geodata.conditions import Conditions, components
from geodata.network.model import Network


@dataclass(frozen=True)
class _Step:
    segments: tuple[str, ...]
    towns: tuple[str, ...]
    population: int
    unknown: int
    ranked: float


def reopening_order(network: Network, scenario: Conditions) -> pd.DataFrame:
    """Return the order in which to reopen closed segments.

    Each step takes the one segment that gives most people their access back, then most towns;
    a town of unknown population counts in this order as `people_for_ranking` says. Access under
    escort counts as access. Cuts by hand and closures by events rank alike. Only where no
    single segment helps does a step hold several: a smallest set that restores anyone, of
    equals the one that restores most people. The order is greedy: each step is the best next
    one, not part of a best plan over all steps, so two segments that together would give more
    people their access back may come later.

    Returns
    -------
    DataFrame
        ``step`` (from 1), ``segments`` (ids to reopen together; more than one says that none
        of them helps alone), ``towns_restored``, ``population_restored``,
        ``population_unknown`` (towns restored whose population is unknown).

    Raises
    ------
    UnknownIdError
        If the scenario names an id that the network does not hold.
    """
    roads = scenario.on(network)
    open_mask, closed, supply = roads.passable, roads.reopenable, roads.supply
    rows: list[tuple[object, ...]] = []
    while (step := _best_step(network, open_mask, closed, supply)) is not None:
        reopened = np.isin(network.segment_ids, step.segments)
        open_mask, closed = open_mask | reopened, closed & ~reopened
        rows.append((len(rows) + 1, step.segments, step.towns, step.population, step.unknown))
    columns = [f.STEP, f.SEGMENTS, f.TOWNS_RESTORED, f.POPULATION_RESTORED, f.POPULATION_UNKNOWN]
    return pd.DataFrame(rows, columns=columns)


def _best_step(
    network: Network,
    open_mask: NDArray[np.bool_],
    closed: NDArray[np.bool_],
    supply: NDArray[np.int64],
) -> _Step | None:
    part = components(network, open_mask)
    supplied = set(part[supply].tolist())
    towns_of = _towns_by_part(network, part)
    stranded = [p for p in towns_of if p not in supplied]
    any_town = np.array([towns_of[p][0] for p in stranded], dtype=np.int64)
    sets = smallest_reopening(network, part, closed, supply, any_town)
    fewest = min((len(s) for s in sets if s), default=0)
    if fewest == 1:
        choices = _single_steps(network, part, closed, supplied, towns_of)
    else:
        choices = [
            _step(network, ids, towns_of[p])
            for p, ids in zip(stranded, sets, strict=True)
            if len(ids) == fewest > 0
        ]
    return min(choices, key=lambda s: (-s.ranked, -len(s.towns), s.segments), default=None)


def _single_steps(
    network: Network,
    part: NDArray[np.int64],
    closed: NDArray[np.bool_],
    supplied: set[int],
    towns_of: dict[int, list[int]],
) -> list[_Step]:
    steps = []
    for segment in np.flatnonzero(closed):
        ends = int(part[network.tail[segment]]), int(part[network.head[segment]])
        gained = [p for p in ends if p not in supplied and p in towns_of]
        if len(gained) == 1 and supplied & set(ends):
            steps.append(_step(network, (network.segment_ids[segment],), towns_of[gained[0]]))
    return steps


def _step(network: Network, segments: tuple[str, ...], towns: list[int]) -> _Step:
    people, unknown = population_of(network.nodes[f.POPULATION].iloc[towns])
    ids = tuple(network.node_ids[t] for t in towns)
    return _Step(segments, ids, people, unknown, float(people_for_ranking(network)[towns].sum()))


def _towns_by_part(network: Network, part: NDArray[np.int64]) -> dict[int, list[int]]:
    rows_by_component: dict[int, list[int]] = {}
    for town in network.towns:
        row = network.node_number[town]
        rows_by_component.setdefault(int(part[row]), []).append(row)
    return rows_by_component
