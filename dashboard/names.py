"""What nodes and segments are called on the page."""

from dataclasses import dataclass
from functools import cached_property

from geodata import fields as f
from geodata.network import Network

DASH = "–"


@dataclass(frozen=True, eq=False)
class Names:
    """Names of one network's nodes and segments, each looked up by id."""

    network: Network

    @cached_property
    def _nodes(self) -> dict[str, str]:
        nodes = self.network.nodes
        return dict(zip(nodes[f.NODE_ID], nodes[f.NAME].astype(str), strict=True))

    @cached_property
    def _segments(self) -> dict[str, str]:
        rows = self.network.segments
        road = rows[f.ROAD_REF] if f.ROAD_REF in rows else [""] * len(rows)
        ends = zip(rows[f.SEGMENT_ID], rows[f.FROM_NODE], rows[f.TO_NODE], road, strict=True)
        return {i: self._between(start, end, ref) for i, start, end, ref in ends}

    def node(self, node_id: str) -> str:
        """Name of a node, or its id if the network has no such node."""
        return self._nodes.get(node_id, node_id)

    def segment(self, segment_id: str) -> str:
        """Ends of a segment and its road number: ``Gao–Bourem (RN18)``."""
        return self._segments.get(segment_id, segment_id)

    def ends(self, segment_id: str) -> str:
        """Ends of a segment: ``Gao–Bourem``."""
        number = self.network.segment_number.get(segment_id)
        if number is None:
            return segment_id
        tail, head = self.network.tail[number], self.network.head[number]
        ids = self.network.node_ids
        return f"{self.node(ids[tail])}{DASH}{self.node(ids[head])}"

    def _between(self, start: str, end: str, ref: object) -> str:
        ends = f"{self.node(start)}{DASH}{self.node(end)}"
        known = isinstance(ref, str) and ref and "?" not in ref
        return f"{ends} ({ref})" if known else ends
