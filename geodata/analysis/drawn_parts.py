"""Connected parts of the network in each of many samples of closures."""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from geodata.analysis.closure_samples import BLOCK, as_bits, open_words
from geodata.analysis.uncertain_network import UncertainNetwork

IntArray = NDArray[np.int64]


def drawn_parts(
    uncertain: UncertainNetwork, *, seed: int, block: int
) -> tuple[IntArray, NDArray[np.bool_]]:
    """Return the connected part of every joined node in each sample of a block.

    All samples of the block are laid side by side as one network, whose parts are found at once.

    Returns
    -------
    tuple of array of int, shape (BLOCK, n_nodes), and array of bool, shape (n_edges, BLOCK)
        Number of each node's part, which no two samples share; and which edges are open.
    """
    opened = as_bits(open_words(uncertain, seed=seed, block=block))
    edge, sample = np.nonzero(opened)
    tail, head = (uncertain.ends[edge] + sample[:, None] * uncertain.n_nodes).T
    size = BLOCK * uncertain.n_nodes
    matrix = csr_array((np.ones(len(edge), dtype=np.int8), (tail, head)), shape=(size, size))
    part = connected_components(matrix, directed=False)[1].astype(np.int64)
    return part.reshape(BLOCK, uncertain.n_nodes), opened
