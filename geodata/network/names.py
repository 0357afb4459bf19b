"""Names of towns, nodes and segments."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

from geodata import schema as f
from geodata.cached import cached_property
from geodata.sanitize import folded

if TYPE_CHECKING:
    from geodata.network.model import Network


def labels(nodes: pd.DataFrame) -> dict[str, str]:
    """Return the name of each node for lists, by id: no two nodes with a name look alike.

    A name that several nodes share gets the region, ``Benkadi (Sikasso)``; where that does not
    tell them apart, the id as well, ``Benkadi (Sikasso, t12)``. Case and accents do not count.
    A node without a name has the empty text.

    Parameters
    ----------
    nodes : DataFrame
        ``node_id, name, admin1``.

    Examples
    --------
    >>> import pandas as pd
    >>> names = {"node_id": ["a", "b", "c"], "name": ["Benkadi", "Benkadi", "Gao"]}
    >>> labels(pd.DataFrame({**names, "admin1": ["Kayes", "Sikasso", "Gao"]}))
    {'a': 'Benkadi (Kayes)', 'b': 'Benkadi (Sikasso)', 'c': 'Gao'}
    """
    ids = [str(node) for node in nodes[f.NODE_ID]]
    names = [name if isinstance(name, str) else "" for name in nodes[f.NAME]]
    regions = [region if isinstance(region, str) else "" for region in nodes[f.ADMIN1]]
    same = _shared(names)
    alike = _shared(zip(map(folded, names), map(folded, regions), strict=True))
    told = {}
    for node, name, region, shared, both in zip(ids, names, regions, same, alike, strict=True):
        added = [region] if region else []
        if both or not region:
            added.append(node)
        told[node] = f"{name} ({', '.join(added)})" if shared and name.strip() else name
    return told


def _shared(names: Iterable[object]) -> list[bool]:
    """Return whether each of some names occurs more than once."""
    keys = [folded(name) if isinstance(name, str) else name for name in names]
    counts = Counter(keys)
    return [counts[key] > 1 for key in keys]


def town_names(network: "Network") -> dict[str, str]:
    """Return town id by each name it goes by, folded; a name that two towns share names none."""
    ids_by_name: dict[str, set[str]] = {}
    nodes = network.nodes.set_index(f.NODE_ID)
    for town in network.towns:
        node = nodes.loc[town]
        others = str(node.get(f.ALT_NAMES) or "").split(";")
        for name in (town, str(node[f.NAME]), *others):
            if name.strip():
                ids_by_name.setdefault(folded(name), set()).add(town)
    return {name: towns.pop() for name, towns in ids_by_name.items() if len(towns) == 1}


DASH: Final = "–"
UNNAMED: Final = "…"
"""A junction without a name; its segments are distinguished by their ids."""


@dataclass(frozen=True, eq=False)
class Names:
    """Names of one network's nodes and segments, each looked up by id."""

    network: "Network"

    @cached_property
    def _nodes(self) -> dict[str, str]:
        return {node: name or UNNAMED for node, name in self.network.labels.items()}

    @cached_property
    def _segments(self) -> dict[str, str]:
        rows = self.network.segments
        road = rows[f.ROAD_REF] if f.ROAD_REF in rows else [""] * len(rows)
        starts, stops = rows[f.FROM_NODE].tolist(), rows[f.TO_NODE].tolist()
        ends = zip(self.network.segment_ids, starts, stops, list(road), strict=True)
        return {i: self._between(i, start, end, ref) for i, start, end, ref in ends}

    def node(self, node_id: str) -> str:
        """Return the name of a node, or its id if the network has no such node."""
        return self._nodes.get(node_id, node_id)

    def segment(self, segment_id: str) -> str:
        """Return the ends of a segment and its road number: ``Gao–Bourem (RN18)``."""
        return self._segments.get(segment_id, segment_id)

    def ends(self, segment_id: str) -> str:
        """Return the ends of a segment: ``Gao–Bourem``."""
        number = self.network.segment_number.get(segment_id)
        if number is None:
            return segment_id
        tail, head = self.network.tail[number], self.network.head[number]
        ids = self.network.node_ids
        ends = f"{self.node(ids[tail])}{DASH}{self.node(ids[head])}"
        return f"{ends} [{segment_id}]" if UNNAMED in ends else ends

    def _between(self, segment_id: str, start: str, end: str, ref: object) -> str:
        ends = f"{self.node(start)}{DASH}{self.node(end)}"
        if UNNAMED in (self.node(start), self.node(end)):
            ends = f"{ends} [{segment_id}]"
        known = isinstance(ref, str) and ref and "?" not in ref
        return f"{ends} ({ref})" if known else ends
