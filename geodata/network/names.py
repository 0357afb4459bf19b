"""Names of towns, nodes and segments."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from geodata import schema as f
from geodata.cached import cached_property
from geodata.network.labels import label_in
from geodata.network.model import Network
from geodata.sanitize import folded


def town_names(network: Network) -> dict[str, str]:
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


def road_number(cell: object) -> str:
    """Return the road numbers of a table's cell that its source is sure of.

    A cell holds one number, or several joined by ``/``. A question mark stands beside a number
    that is not sure, a hyphen for a part of the road that has none; what stands in brackets is a
    remark.

    Examples
    --------
    >>> road_number("RN26/-"), road_number("RN12/N9?"), road_number("RN24?")
    ('RN26', 'RN12', '')
    >>> road_number("RN7 (bretelle)")
    'RN7'
    """
    parts = [part.partition(" (")[0] for part in cell.split("/")] if isinstance(cell, str) else []
    return "/".join(part for part in parts if "?" not in part and part.strip(" -"))


DASH: Final = "–"
LISTED: Final = 5_000
"""Most segments of a list to choose from."""

UNNAMED: Final = "…"
"""A junction without a name; its segments are distinguished by their ids."""


@dataclass(frozen=True, eq=False)
class Names:
    """Names of one network's nodes and segments, each looked up by id.

    Parameters
    ----------
    network : Network
    lang : str
        Language of names that describe a place, see `label_in`; by default as the data has them.
    """

    network: Network
    lang: str = ""

    @cached_property
    def _refs(self) -> list[object]:
        rows = self.network.segments
        return rows[f.ROAD_REF].tolist() if f.ROAD_REF in rows else [""] * len(rows)

    @cached_property
    def listed_segments(self) -> tuple[str, ...]:
        """Ids of the segments that a list offers, by name.

        All of them; of a network of more than `LISTED`, those that bear a road number or lie
        between two named nodes, as nobody looks through more.
        """
        network = self.network
        ids = network.segment_ids
        if len(ids) > LISTED:
            named = np.array([name != "" for name in network.labels.values()], bool)
            told = named[network.tail] & named[network.head]
            if f.ROAD_REF in network.segments:
                told |= (network.segments[f.ROAD_REF].fillna("") != "").to_numpy(bool)
            ids = tuple(ids[row] for row in np.flatnonzero(told)[:LISTED])
        return tuple(sorted(ids, key=self.segment))

    def node(self, node_id: str) -> str:
        """Return the name of a node, or its id if the network has no such node."""
        label = self.network.labels.get(node_id, node_id)
        return label_in(self.lang, label) or UNNAMED

    def region(self, name: object) -> str:
        """Return the name of a region as its reader says it."""
        return label_in(self.lang, str(name))

    def segment(self, segment_id: str) -> str:
        """Return the ends of a segment and its road number: ``Gao–Bourem (RN18)``."""
        number = self.network.segment_number.get(segment_id)
        if number is None:
            return segment_id
        ends, road = self.ends(segment_id), road_number(self._refs[number])
        return f"{ends} ({road})" if road else ends

    def ends(self, segment_id: str) -> str:
        """Return the ends of a segment: ``Gao–Bourem``."""
        number = self.network.segment_number.get(segment_id)
        if number is None:
            return segment_id
        tail, head = self.network.tail[number], self.network.head[number]
        names = [self.node(self.network.node_ids[number]) for number in (tail, head)]
        ends = DASH.join(names)
        return f"{ends} [{segment_id}]" if UNNAMED in names else ends
