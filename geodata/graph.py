"""A road graph as plain arrays."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Graph:
    """An undirected graph with weighted edges; parallel edges and loops are allowed."""

    n_nodes: int
    tail: NDArray[np.int64]
    head: NDArray[np.int64]
    length_km: NDArray[np.float64]
