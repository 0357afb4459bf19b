"""Uncertain segments that must be open for a step of a plan to help, whatever else closes."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from geodata.analysis.uncertain_network import UncertainNetwork
from geodata.graph.bridges import BridgeTree, bridge_tree


@dataclass(frozen=True, eq=False)
class NeededSegments:
    """Uncertain segments over which every path from one joined node runs.

    A segment that is closed for certain carries no path. One that another path goes round is
    not needed.

    Parameters
    ----------
    edge : array of int
        Numbers of the uncertain edges in the tree.
    tree : BridgeTree
        Of the uncertain edges, from the node.
    """

    edge: NDArray[np.int64]
    tree: BridgeTree

    @classmethod
    def of_supply(cls, uncertain: UncertainNetwork) -> Self:
        """Return what paths from any open supply point need."""
        every = np.arange(len(uncertain.segment))
        return cls(every, _tree(uncertain, every, 0))

    @classmethod
    def of_stranded(cls, uncertain: UncertainNetwork, start: int) -> Self:
        """Return what paths from a node need that touch no supply point."""
        stranded = np.flatnonzero((uncertain.ends > 0).all(axis=1))
        return cls(stranded, _tree(uncertain, stranded, start))

    def to(self, node: int) -> tuple[int, ...]:
        """Return the edges that every path to a node needs, from the start; none without a path."""
        if self.tree.rank[node] < 0:
            return ()
        needed: list[int] = []
        part = int(self.tree.part[self.tree.rank[node]])
        while part >= 0:
            if self.tree.bridge[part] >= 0:
                needed.append(int(self.edge[self.tree.bridge[part]]))
            part = int(self.tree.above[part])
        return tuple(needed[::-1])

    def to_either(self, nodes: Iterable[int]) -> tuple[int, ...]:
        """Return the edges that a path to any one of some nodes needs, whichever it leads to."""
        first, *others = (self.to(node) for node in nodes)
        return tuple(edge for edge in first if all(edge in other for other in others))


def _tree(uncertain: UncertainNetwork, edges: NDArray[np.int64], start: int) -> BridgeTree:
    tail, head = uncertain.ends[edges].T
    return bridge_tree(uncertain.n_nodes, tail, head, np.array([start]))
