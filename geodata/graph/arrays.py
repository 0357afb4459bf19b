"""Short names for the arrays in use, and runs of whole numbers."""

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Ints32 = NDArray[np.int32]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def starts(counts: Ints) -> Ints:
    """Return where each of several runs begins, and where the last ends."""
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)


def ranges(first: Ints, counts: Ints) -> Ints:
    """Return the whole numbers of several runs, one after another."""
    offsets = np.repeat(first - starts(counts)[:-1], counts)
    indices: Ints = (np.arange(int(counts.sum())) + offsets).astype(np.int64)
    return indices
