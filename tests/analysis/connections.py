"""Brute-force answers to compare with: every state of every edge in turn."""

import itertools

import numpy as np


def components(n_nodes, ends):
    """Number of the connected part of each node."""
    part = list(range(n_nodes))

    def root(node):
        while part[node] != node:
            node = part[node]
        return node

    for a, b in ends:
        part[root(a)] = root(b)
    return [root(node) for node in range(n_nodes)]


def enumerated(n_nodes, ends, closed):
    """Probability that each node is connected to node 0, summed over all states."""
    found = np.zeros(n_nodes)
    for opened in itertools.product([False, True], repeat=len(ends)):
        chance = np.prod(np.where(opened, 1 - closed, closed))
        part = components(n_nodes, [e for e, o in zip(ends, opened, strict=True) if o])
        found += chance * (np.array(part) == part[0])
    return found
