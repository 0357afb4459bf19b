"""An undirected road graph as numpy arrays, and the questions asked of it at country scale."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geodata.errors import GeodataError
from geodata.graph.arrays import Floats, Ints
from geodata.graph.bridges import bridge_tree, isolating_bridges
from geodata.graph.replacement_paths import replacement_paths

UNITS_PER_KM: Final = 1e9
"""Lengths are counted in whole units of 1e-9 km: sums of whole numbers below 2**53 are exact in
float64, so ties are real ties and no result depends on the order of summation."""

LONGEST_TOTAL_KM: Final = 2.0**53 / UNITS_PER_KM


@dataclass(frozen=True, eq=False)
class Graph:
    """An undirected multigraph: edge ``i`` joins ``tail[i]`` and ``head[i]``.

    Parameters
    ----------
    n_nodes : int
        Nodes are numbered 0 to ``n_nodes - 1``.
    tail, head : array_like of int, shape (n_edges,)
        The two ends of each edge; parallel edges and self-loops are allowed.
    length_km : array_like of float, shape (n_edges,)
        Length of each edge in km (or its cost in any other unit), finite and at least 0.

    Raises
    ------
    GeodataError
        If the arrays differ in size, an end is not a node, or a length is negative, not finite
        or too long to be summed exactly (9 million km over all edges).
    """

    n_nodes: int
    tail: Ints
    head: Ints
    length_km: Floats

    def __post_init__(self) -> None:
        n_nodes: Any = self.n_nodes
        if isinstance(n_nodes, bool) or not isinstance(n_nodes, int | np.integer) or n_nodes < 0:
            raise GeodataError("graph.n_nodes", value=n_nodes)
        object.__setattr__(self, "n_nodes", int(n_nodes))
        object.__setattr__(self, "tail", _read_only(node_numbers("tail", self.tail, self.n_nodes)))
        object.__setattr__(self, "head", _read_only(node_numbers("head", self.head, self.n_nodes)))
        object.__setattr__(self, "length_km", _read_only(_lengths(self.length_km)))
        sizes = {len(self.tail), len(self.head), len(self.length_km)}
        if len(sizes) > 1:
            raise GeodataError(
                "graph.sizes",
                tail=len(self.tail),
                head=len(self.head),
                length_km=len(self.length_km),
            )

    @property
    def n_edges(self) -> int:
        """Number of edges."""
        return len(self.tail)

    @property
    def units(self) -> Floats:
        """Length of each edge in whole units of 1e-9 km, shape (n_edges,)."""
        return np.rint(self.length_km * UNITS_PER_KM)


@dataclass(frozen=True, eq=False)
class EveryCut:
    """What the removal of each single edge would do, as pairs of edge and town.

    Attributes
    ----------
    segment, town : ndarray of int64, shape (n_isolations,)
        Removing edge ``segment[i]`` leaves town ``town[i]`` (a node number) without a path to
        any supply point; sorted by segment, then town.
    with_detours : bool
        Whether detours were asked for; the arrays below are empty if not.
    detour_segment, detour_town : ndarray of int64, shape (n_detours,)
        Removing the edge leaves the town a path, but a longer one; sorted likewise.
    detour_km : ndarray of float64, shape (n_detours,)
        By how much the shortest distance to supply grows, always above 0.
    switched_from, switched_to : ndarray of int64, shape (n_detours,)
        Node number of the nearest supply point before and after. Of several at the same
        distance the lowest number counts before; after, the one before if it is still among
        the nearest, else the lowest number.
    """

    segment: Ints
    town: Ints
    with_detours: bool
    detour_segment: Ints
    detour_town: Ints
    detour_km: Floats
    switched_from: Ints
    switched_to: Ints


def every_cut(
    graph: Graph, supply: ArrayLike, towns: ArrayLike, *, detours: bool = False
) -> EveryCut:
    """Find, for every edge at once, the towns that its removal isolates or sends round.

    Parameters
    ----------
    graph : Graph
        The roads that are open.
    supply : array_like of int
        Node numbers of the supply points that are open; may be empty.
    towns : array_like of int
        Node numbers of the towns; repeated ones count once. A town that is a supply point is
        never isolated.
    detours : bool
        Also find the towns that keep a path, but a longer one.

    Returns
    -------
    EveryCut
        A town without a path to begin with is in no pair.

    Raises
    ------
    GeodataError
        If a supply point or a town is not a node of the graph.
    """
    sources = np.unique(node_numbers("supply", supply, graph.n_nodes))
    places = np.unique(node_numbers("towns", towns, graph.n_nodes))
    split = bridge_tree(graph.n_nodes, graph.tail, graph.head, sources)
    segment, town = isolating_bridges(split, places)
    if not detours:
        none, no_km = np.empty(0, np.int64), np.empty(0, np.float64)
        return EveryCut(segment, town, False, none, none, no_km, none, none)
    replacements = replacement_paths(split, graph.tail, graph.head, graph.units, sources, places)
    return EveryCut(
        segment,
        town,
        True,
        replacements.segment,
        replacements.town,
        replacements.units / UNITS_PER_KM,
        replacements.switched_from,
        replacements.switched_to,
    )


def node_numbers(name: str, values: Any, n_nodes: int) -> Ints:
    """Return ``values`` as an array of node numbers, refused unless whole and in range.

    Raises
    ------
    GeodataError
        Naming the argument and the first value at fault.
    """
    numbers = np.asarray(values)
    if numbers.size == 0:
        return np.empty(0, np.int64)
    if numbers.ndim != 1 or numbers.dtype.kind not in "iu":
        raise GeodataError("graph.not_node_numbers", argument=name)
    if numbers.min() < 0 or numbers.max() >= n_nodes:
        place = int(np.argmax((numbers < 0) | (numbers >= n_nodes)))
        raise GeodataError(
            "graph.no_such_node",
            argument=name,
            place=place,
            value=int(numbers[place]),
            n_nodes=n_nodes,
        )
    return numbers.astype(np.int64, copy=False)


def _read_only(values: NDArray[Any]) -> NDArray[Any]:
    """Return ``values`` as a read-only array, copied if it was writeable."""
    if values.flags.writeable:
        values = values.copy()
        values.flags.writeable = False
    return values


def _lengths(values: Any) -> Floats:
    try:
        lengths = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise GeodataError("graph.lengths_not_numbers") from None
    if lengths.ndim != 1:
        raise GeodataError("graph.lengths_not_numbers")
    if len(lengths) and not (lengths.min() >= 0 and lengths.max() < np.inf):
        place = int(np.argmax(~(np.isfinite(lengths) & (lengths >= 0))))
        raise GeodataError("graph.length", place=place, value=float(lengths[place]))
    if float(lengths.sum()) > LONGEST_TOTAL_KM / 2:
        raise GeodataError("graph.too_long", total=float(lengths.sum()))
    return lengths
