"""Which closed segment to reopen first, by the people whose access comes back."""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata import schema as f
from geodata.analysis.accessibility import people_for_ranking, population_of
from geodata.analysis.redundancy import smallest_reopening
from geodata.conditions import Conditions
from geodata.network.model import Network


@dataclass(frozen=True)
class _Step:
    segments: tuple[str, ...]
    part: int
    towns: tuple[str, ...]
    population: int
    unknown: int
    ranked: float

    @property
    def place(self) -> tuple[float, int, tuple[str, ...]]:
        """Where the step stands: people first, then towns, then ids, so that none are alike."""
        return -self.ranked, -len(self.towns), self.segments


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
    stranded = _Stranded(network, scenario)
    rows = [
        (n, step.segments, step.towns, step.population, step.unknown)
        for n, step in enumerate(stranded.steps(), start=1)
    ]
    columns = [f.STEP, f.SEGMENTS, f.TOWNS_RESTORED, f.POPULATION_RESTORED, f.POPULATION_UNKNOWN]
    return pd.DataFrame(rows, columns=columns)


class _Stranded:
    """Parts of the network without access, joined to it step by step.

    A part never changes until it is joined, so each closed segment is looked at once from each
    end, whichever step brings access to that end.
    """

    def __init__(self, network: Network, scenario: Conditions) -> None:
        roads = scenario.on(network)
        self._network, self._part, self._closed = network, roads.components, roads.reopenable
        self._ranked = people_for_ranking(network)
        self._towns = _towns_by_part(network, self._part)
        self._supplied: set[int] = set()
        self._waiting: list[tuple[tuple[float, int, tuple[str, ...]], _Step]] = []
        self._beside: dict[int, list[tuple[int, int]]] = {}
        for row in np.flatnonzero(self._closed).tolist():
            ends = int(self._part[network.tail[row]]), int(self._part[network.head[row]])
            if ends[0] != ends[1]:
                for here, there in (ends, ends[::-1]):
                    self._beside.setdefault(here, []).append((row, there))
        for part in np.unique(self._part[roads.supply]).tolist():
            self._join(part)

    def steps(self) -> Iterator[_Step]:
        """Give the best next step until no other brings any town back."""
        while (step := self._single() or self._several()) is not None:
            numbers = [self._network.segment_number[i] for i in step.segments]
            ends = np.r_[self._network.tail[numbers], self._network.head[numbers]]
            for part in np.unique(self._part[ends]).tolist():
                self._join(part)
            yield step

    def _join(self, part: int) -> None:
        """Give a part access, and let the closed segments that lead on from it wait."""
        if part in self._supplied:
            return
        self._supplied.add(part)
        for row, there in self._beside.get(part, ()):
            if there in self._towns and there not in self._supplied:
                step = self._step((self._network.segment_ids[row],), there)
                heapq.heappush(self._waiting, (step.place, step))

    def _single(self) -> _Step | None:
        """Return the best step of one segment."""
        while self._waiting:
            _, step = heapq.heappop(self._waiting)
            if step.part not in self._supplied:
                return step
        return None

    def _several(self) -> _Step | None:
        """Return the best step of a smallest set of segments that help only together."""
        left = [part for part in self._towns if part not in self._supplied]
        _, first = np.unique(self._part, return_index=True)
        sources = first[sorted(self._supplied)]
        towns = np.array([self._towns[part][0] for part in left], dtype=np.int64)
        sets = smallest_reopening(self._network, self._part, self._closed, sources, towns)
        fewest = min((len(ids) for ids in sets if ids), default=0)
        steps = [
            self._step(ids, part)
            for part, ids in zip(left, sets, strict=True)
            if len(ids) == fewest > 0
        ]
        return min(steps, key=lambda step: step.place, default=None)

    def _step(self, segments: tuple[str, ...], part: int) -> _Step:
        towns, network = self._towns[part], self._network
        people, unknown = population_of(network.nodes[f.POPULATION].iloc[towns])
        ids = tuple(network.node_ids[t] for t in towns)
        return _Step(segments, part, ids, people, unknown, float(self._ranked[towns].sum()))


def _towns_by_part(network: Network, part: NDArray[np.int64]) -> dict[int, list[int]]:
    rows_by_component: dict[int, list[int]] = {}
    for town in network.towns:
        row = network.node_number[town]
        rows_by_component.setdefault(int(part[row]), []).append(row)
    return rows_by_component
