"""A tree decomposition of a small network, by eliminating nodes in the order of least fill."""

import heapq
from collections.abc import Iterable
from dataclasses import dataclass

from geodata.errors import GeodataError


@dataclass(frozen=True)
class TreeDecomposition:
    """Bags of a tree decomposition, one for each node, in the order of elimination.

    The bag of a node holds the node itself and those of its neighbours that are eliminated
    later, where eliminating a node ties all its later neighbours to one another.

    Parameters
    ----------
    order : tuple of int
        Nodes in the order of elimination.
    later : dict of int to tuple of int
        For each node the other nodes of its bag, in the order of elimination.
    """

    order: tuple[int, ...]
    later: dict[int, tuple[int, ...]]

    @property
    def width(self) -> int:
        """Size of the largest bag less one."""
        return max((len(nodes) for nodes in self.later.values()), default=0)

    def parent(self, node: int) -> int | None:
        """Return the node whose bag lies above this node's bag, None at the root of a tree."""
        return self.later[node][0] if self.later[node] else None


def decompose(
    nodes: Iterable[int], edges: Iterable[tuple[int, int]], *, widest: int | None = None
) -> TreeDecomposition:
    """Build a tree decomposition by the min-fill heuristic.

    Each step eliminates the node whose elimination adds the fewest edges, of equals the one of
    the lowest degree, then the lowest number (Bodlaender and Koster, Treewidth computations I,
    2010, section 3). The width found is an upper bound of the treewidth.

    Parameters
    ----------
    nodes : iterable of int
    edges : iterable of (int, int)
        Parallel edges and loops are allowed and change nothing.
    widest : int, optional
        Most nodes in a bag.

    Raises
    ------
    GeodataError
        If a bag would hold more nodes than ``widest``, as soon as this is known.

    Examples
    --------
    >>> decompose(range(4), [(0, 1), (1, 2), (2, 3), (3, 0)]).width
    2
    """
    joined: dict[int, set[int]] = {node: set() for node in nodes}
    for a, b in edges:
        if a != b:
            joined[a].add(b)
            joined[b].add(a)
    cost = {node: _cost(joined, node) for node in joined}
    waiting = [(*value, node) for node, value in cost.items()]
    heapq.heapify(waiting)
    order: list[int] = []
    bags: dict[int, set[int]] = {}
    while joined:
        fill, degree, node = heapq.heappop(waiting)
        if cost.get(node) != (fill, degree):
            continue  # eliminated, or its cost has changed since
        if widest is not None and degree >= widest:
            raise GeodataError("analysis.too_wide", width=degree + 1, most=widest)
        around = joined.pop(node)
        del cost[node]
        for other in around:
            joined[other].discard(node)
            joined[other] |= around - {other}
        touched = around.union(*(joined[other] for other in around))
        for other in touched:
            cost[other] = _cost(joined, other)
            heapq.heappush(waiting, (*cost[other], other))
        order.append(node)
        bags[node] = around
    place = {node: number for number, node in enumerate(order)}
    later = {n: tuple(sorted(around, key=place.__getitem__)) for n, around in bags.items()}
    return TreeDecomposition(tuple(order), later)


def _cost(joined: dict[int, set[int]], node: int) -> tuple[int, int]:
    """Return the edges that eliminating a node would add, and its degree."""
    around = joined[node]
    tied = sum(len(joined[other] & around) for other in around) // 2
    return len(around) * (len(around) - 1) // 2 - tied, len(around)
