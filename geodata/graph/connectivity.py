"""Connected components of an undirected graph."""

import numpy as np
from scipy.sparse.csgraph import connected_components

from geodata.graph.arrays import Ints
from geodata.graph.bridges import links


def components(n: int, tail: Ints, head: Ints) -> Ints:
    """Return the number of the connected component of each of ``n`` nodes.

    Parameters
    ----------
    n : int
    tail, head : ndarray of int, shape (n_edges,)
        Ends of each edge as node numbers 0 .. n-1; loops and parallel edges are allowed.

    Returns
    -------
    ndarray of int64, shape (n,)
        Numbers from 0, in the order of each component's first node.

    Examples
    --------
    >>> components(4, np.array([0]), np.array([2])).tolist()
    [0, 1, 0, 2]
    """
    return connected_components(links(n, tail, head), directed=False)[1].astype(np.int64)
