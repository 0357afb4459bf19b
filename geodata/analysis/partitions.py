"""Set partitions of a few nodes, and tables over them that say what the roads connect.

A table over the partitions of some nodes holds for each partition the probability that every
connection among these nodes stays within its blocks. In this form two independent sets of roads
combine by multiplication, since neither may connect two blocks; it is the zeta transform over
the lattice of partitions (Bjorklund et al., Fourier meets Moebius, 2007).
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Partition = tuple[int, ...]
"""Number of the block of each node; blocks are numbered in the order of their first node."""
Table = NDArray[np.float64]
"""Shape (n_partitions, n_states): one column for each state of the switches."""


@lru_cache(maxsize=64)
def partitions(count: int) -> tuple[Partition, ...]:
    """Return all partitions of ``count`` nodes; their number is the Bell number.

    Examples
    --------
    >>> partitions(2)
    ((0, 0), (0, 1))
    """
    if not count:
        return ((),)
    return tuple(
        (*shorter, block)
        for shorter in partitions(count - 1)
        for block in range(max(shorter, default=-1) + 2)
    )


@lru_cache(maxsize=64)
def row_of(count: int) -> dict[Partition, int]:
    """Return the partition to its place in `partitions`."""
    return {partition: row for row, partition in enumerate(partitions(count))}


def numbered(blocks: tuple[int, ...]) -> Partition:
    """Return the same partition with its blocks numbered in the order of their first node."""
    names: dict[int, int] = {}
    return tuple(names.setdefault(block, len(names)) for block in blocks)


@lru_cache(maxsize=4096)
def apart(count: int, a: int, b: int) -> NDArray[np.int64]:
    """Rows of the partitions in which the nodes in places ``a`` and ``b`` differ in block."""
    rows = [row for row, p in enumerate(partitions(count)) if p[a] != p[b]]
    return np.array(rows, dtype=np.int64)


@lru_cache(maxsize=4096)
def restricted(count: int, places: tuple[int, ...]) -> NDArray[np.int64]:
    """For each partition of ``count`` nodes the row of its part on the nodes in ``places``."""
    row = row_of(len(places))
    return np.array(
        [row[numbered(tuple(p[i] for i in places))] for p in partitions(count)], dtype=np.int64
    )


@lru_cache(maxsize=4096)
def _without(count: int, place: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the rows and factors that sum a node out of a table over ``count`` nodes."""
    shorter = partitions(count - 1)
    row = row_of(count)
    rows = np.zeros((len(shorter), count), dtype=np.int64)
    factors = np.zeros((len(shorter), count))
    for number, rest in enumerate(shorter):
        blocks = max(rest, default=-1) + 1
        for block in range(blocks + 1):
            whole = numbered((*rest[:place], block, *rest[place:]))
            rows[number, block] = row[whole]
            factors[number, block] = 1.0 if block < blocks else -(blocks - 1.0)
    return rows, factors


def forget(table: Table, count: int, place: int) -> Table:
    """Sum the node in ``place`` out of a table over ``count`` nodes.

    The node may be connected within any one block, or to no other: these cases overlap in the
    last one only, so it is taken off once for each block but one.
    """
    rows, factors = _without(count, place)
    out = table[rows[:, 0]] * factors[:, 0, None]
    for column in range(1, count):
        used = factors[:, column] != 0
        if used.any():
            out[used] += table[rows[used, column]] * factors[used, column, None]
    return out
