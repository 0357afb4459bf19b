"""A network whose certain segments are settled: open ones joined, closed ones left out."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from geodata import schema as f
from geodata.analysis.common_shocks import NO_SWITCH, CommonShocks
from geodata.conditions import Conditions, open_supply
from geodata.network.model import Network


@dataclass(frozen=True, eq=False)
class UncertainNetwork:
    """Nodes joined by segments that are certainly open, and the uncertain segments between them.

    Parameters
    ----------
    n_nodes : int
        Joined nodes; number 0 holds every open supply point.
    node : array of int, shape (n_network_nodes,)
        Joined node of each node of the network.
    segment : array of int, shape (n_edges,)
        Row of each uncertain segment.
    ends : array of int, shape (n_edges, 2)
        Joined nodes at its ends.
    while_on, while_off : array of float, shape (n_edges,)
        Closing probability while its switch is on and off.
    switch : array of int, shape (n_edges,)
        Place of its switch, `NO_SWITCH` for none.
    on : array of float, shape (n_switches,)
        Probability that each switch is on.
    town : array of int, shape (n_towns,)
        Joined node of each town, in the order of the network's towns.
    people : array of float, shape (n_towns,)
        Population of each town, 0 where unknown.
    """

    n_nodes: int
    node: NDArray[np.int64]
    segment: NDArray[np.int64]
    ends: NDArray[np.int64]
    while_on: NDArray[np.float64]
    while_off: NDArray[np.float64]
    switch: NDArray[np.int64]
    on: NDArray[np.float64]
    town: NDArray[np.int64]
    people: NDArray[np.float64]

    def closed_in(self, states: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Return the closing probability of each edge in each state of the switches.

        Parameters
        ----------
        states : array of bool, shape (n_states, n_switches)

        Returns
        -------
        array of float, shape (n_edges, n_states)
        """
        # The last column stands for the edges without a switch.
        padded = np.c_[states, np.zeros(len(states), dtype=bool)]
        is_on = padded[:, self.switch].T
        return np.where(is_on, self.while_on[:, None], self.while_off[:, None])


def uncertain_network(
    network: Network, scenario: Conditions, shocks: CommonShocks
) -> UncertainNetwork:
    """Settle what is certain.

    Parameters
    ----------
    network : Network
    scenario : Conditions
        Only its supply points switched off are read; all else is in ``shocks``.
    shocks : CommonShocks
    """
    count = len(network.node_ids)
    sure = shocks.probability <= 0
    supply = open_supply(network, scenario)
    tail = np.r_[network.tail[sure], np.full(len(supply), count)]
    head = np.r_[network.head[sure], supply]
    matrix = csr_array((np.ones(len(tail)), (tail, head)), shape=(count + 1, count + 1))
    n_nodes, label = connected_components(matrix, directed=False)
    # The part of the supply points becomes number 0; the others keep their order.
    label = label.astype(np.int64)
    node = np.where(label == label[count], 0, label + (label < label[count]))[:count]
    row = np.flatnonzero((shocks.probability > 0) & (shocks.probability < 1))
    ends = np.c_[node[network.tail[row]], node[network.head[row]]]
    row, ends = row[ends[:, 0] != ends[:, 1]], ends[ends[:, 0] != ends[:, 1]]
    towns = np.array([network.node_number[i] for i in network.towns], dtype=np.int64)
    people = network.nodes[f.POPULATION].to_numpy(np.float64)[towns]
    switch, on = _used(shocks.switch[row], shocks.on)
    return UncertainNetwork(
        int(n_nodes),
        node,
        row,
        ends,
        shocks.while_on[row],
        shocks.while_off[row],
        switch,
        on,
        node[towns],
        np.nan_to_num(people),
    )


def _used(
    switch: NDArray[np.int64], on: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the switches that edges still have, numbered without gaps."""
    used_switches = np.unique(switch[switch != NO_SWITCH])
    place = np.full(len(on) + 1, NO_SWITCH, dtype=np.int64)
    place[used_switches] = np.arange(len(used_switches))
    return place[switch], on[used_switches]
