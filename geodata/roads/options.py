"""Choices of an import, and the check that a mapping names what is there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Final

import geopandas as gpd

from geodata.errors import GeodataError
from geodata.roads import places, tags

LAYERS: Final = ("roads", "towns", "supply", "boundary")


@dataclass(frozen=True)
class ImportOptions:
    """How roads become a network.

    Parameters
    ----------
    mapping : mapping of str to str
        Column of a layer to field; ``towns:COLUMN`` for one layer only.
    node_crossings : bool
        Join roads of one height where they cross without a common vertex.
    snap_m : float
        Largest gap between a loose end and another road that is closed, in metres.
    attach_limit_km : float
        Largest distance from a town to its road.
    keep_dead_ends : bool
        Keep dead ends and parts that serve no town.
    keep_chains : bool
        Keep the nodes between two pieces where nothing else meets.
    stated_lengths : bool
        Give a road the length that its source states, where it states one, instead of the drawn
        one: for schematic lines. What chooses a road for a town is the drawing all the same.
    title : str
        Name of the network.
    """

    mapping: Mapping[str, str] = field(default_factory=dict)
    node_crossings: bool = False
    snap_m: float = 25.0
    attach_limit_km: float = 5.0
    keep_dead_ends: bool = False
    keep_chains: bool = False
    stated_lengths: bool = False
    title: str = ""

    def of(self, layer: str) -> dict[str, str]:
        """Pick the mapping that holds for one layer."""
        values = {}
        for column, target in self.mapping.items():
            prefix, _, rest = column.partition(":")
            if prefix in LAYERS and rest:
                values.update({rest: target} if prefix == layer else {})
            else:
                values[column] = target
        return values


def check_mapping(options: ImportOptions, layers: Mapping[str, gpd.GeoDataFrame]) -> None:
    """Refuse a mapping that names a column or a field that is not there.

    Raises
    ------
    GeodataError
        Naming it and what there is.
    """
    known = sorted({*tags.COLUMNS, *places.COLUMNS})
    for column, target in options.mapping.items():
        if target not in known:
            raise GeodataError("roads.no_such_field", field=target[:60], fields=", ".join(known))
        prefix, _, rest = column.partition(":")
        named = prefix in LAYERS and rest
        wanted = {prefix: layers.get(prefix)} if named else layers
        columns = {str(c) for layer in wanted.values() if layer is not None for c in layer.columns}
        if (rest if named else column).lower() not in {c.lower() for c in columns}:
            near = get_close_matches(column, sorted(columns), n=5, cutoff=0.0)
            raise GeodataError("roads.no_such_column", column=column[:60], nearest=", ".join(near))


def mapping_of(words: Sequence[str]) -> dict[str, str]:
    """Return the mapping of columns to fields, from words such as ``towns:VILLE=name``.

    Raises
    ------
    GeodataError
        If a word is not of this form.
    """
    pairs = {}
    for word in words:
        column, equals, field = word.rpartition("=")
        if not equals or not column or not field:
            raise GeodataError("roads.bad_mapping", word=word[:80])
        pairs[column] = field
    return pairs
