"""What a corridor's name means on a network: its segments, and the way a convoy takes along it."""

from collections import deque
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from geodata import schema as f
from geodata.cached import cached_property
from geodata.network.model import Network

ALL_IMPORT_CORRIDORS: Final = "all import corridors"
NO_CORRIDOR: Final = "none"
ORDER: Final = "order"


@dataclass(frozen=True, eq=False)
class Corridors:
    """The named corridors of a network.

    Parameters
    ----------
    network : Network
    table : DataFrame, optional
        Columns ``corridor, order, segment_id``: the segments of each name, from its far end.
        Rows whose segment the network does not hold are left out. Without a table no name is
        known.
    """

    network: Network
    table: pd.DataFrame | None = None

    @cached_property
    def segments(self) -> dict[str, tuple[int, ...]]:
        """Rows of the segments of each corridor, in its order."""
        if self.table is None:
            return {}
        number = self.network.segment_number
        ids = self.table[f.SEGMENT_ID].tolist()
        known = self.table[np.array([segment in number for segment in ids], bool)]
        known = known.assign(**{ORDER: pd.to_numeric(known[ORDER])}).sort_values(ORDER)
        return {
            str(name): tuple(number[i] for i in rows[f.SEGMENT_ID])
            for name, rows in known.groupby(f.CORRIDOR)
        }

    @cached_property
    def foreign(self) -> tuple[str, ...]:
        """For each node its country if it lies outside the focus country, else nothing."""
        focus = self.network.focus_country
        countries = self.network.nodes[f.COUNTRY].astype(str)
        return tuple("" if focus is None or c == focus else c for c in countries)

    def crossings(self, countries: frozenset[str]) -> frozenset[int]:
        """Return the segments that lead from one of the countries into the focus country."""
        if self.network.focus_country is None:
            return frozenset()
        segments = set()
        ends = zip(self.network.tail, self.network.head, strict=True)
        for row, (tail, head) in enumerate(ends):
            here, there = self.foreign[tail], self.foreign[head]
            if bool(here) != bool(there) and (here or there) in countries:
                segments.add(row)
        return frozenset(segments)

    def imports(self, countries: frozenset[str]) -> frozenset[int]:
        """Return the segments of every way by which the countries' goods come in.

        These are all crossings of their borders, and inside the focus country the corridors
        that begin at one of them.
        """
        crossings = self.crossings(countries)
        segments = set(crossings)
        for rows in self.segments.values():
            if crossings.intersection(rows):
                segments.update(rows)
        return frozenset(segments)

    def convoy_way(self, name: str, node: int | None) -> frozenset[int]:
        """Return the segments that a convoy passes on a corridor up to a node.

        The shortest paths, by number of segments, from the corridor's beginnings (its first
        node, and each of its ends abroad) to the node; the whole corridor if the node is not
        on it or not known.
        """
        rows = self.segments.get(name, ())
        joined: dict[int, list[tuple[int, int]]] = {}
        for row in rows:
            tail, head = int(self.network.tail[row]), int(self.network.head[row])
            joined.setdefault(tail, []).append((head, row))
            joined.setdefault(head, []).append((tail, row))
        if node is None or node not in joined:
            return frozenset(rows)
        before = _tree(joined, node)
        way: set[int] = set()
        for start in self._beginnings(rows, joined):
            while start in before and start != node:
                start, row = before[start]
                way.add(row)
        return frozenset(way)

    def _beginnings(
        self, rows: tuple[int, ...], joined: dict[int, list[tuple[int, int]]]
    ) -> set[int]:
        first = {int(self.network.tail[rows[0]]), int(self.network.head[rows[0]])}
        if len(rows) > 1:
            second = {int(self.network.tail[rows[1]]), int(self.network.head[rows[1]])}
            first = (first - second) or first
        abroad = {n for n, ways in joined.items() if len(ways) == 1 and self.foreign[n]}
        return first | abroad


def _tree(joined: dict[int, list[tuple[int, int]]], root: int) -> dict[int, tuple[int, int]]:
    """Return for each node the next node and segment on the way to ``root``, breadth first."""
    before: dict[int, tuple[int, int]] = {}
    waiting = deque([root])
    while waiting:
        here = waiting.popleft()
        for there, row in joined[here]:
            if there != root and there not in before:
                before[there] = (here, row)
                waiting.append(there)
    return before
