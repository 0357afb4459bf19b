"""What was read of the roads' columns and tags, and what was not, each with its count."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Final

import geopandas as gpd
import pandas as pd

from geodata import schema as f
from geodata.roads import tag_access as access
from geodata.roads import tags
from geodata.roads.columns import NESTED, by_lower, words

SHOWN: Final = 12
"""Different tags or words that one note names, the most frequent first."""
Note = tuple[str, Mapping[str, object]]
# Columns that say nothing about the road itself, and those this package writes.
_SILENT: Final = frozenset(
    {f.GEOMETRY, "row", "fid", "osm_type", "timestamp", "version", "changeset", "user", "uid",
     "z_order", "meta", "@timestamp", "@version", "@changeset", "@user", "@uid", "u", "v", "key",
     "from", "to", "length", "reversed", "way_area", "objectid", "shape_length", "shape_leng",
     f.FROM_NODE, f.TO_NODE, f.LENGTH_BASIS, f.DRAWN_KM, f.VIA, f.VIA_SOURCE, f.CORRIDORS,
     f.SOURCE, f.CONFIDENCE, f.NOTES, tags.TANKER_BASIS, tags.RESTRICTION, access.MODE,
     "merged_from", "merged_at", "merged_nodes", "relations", "tainted", "names",
     "road_surface", "access_restrictions", "connectors", "sources", "bbox"}
)  # fmt: skip


def of_tags(table: pd.DataFrame) -> tuple[Note, ...]:
    """Say what the tags did to the roads.

    Parameters
    ----------
    table : DataFrame
        As from `roads_tags.road_table`.
    """
    notes: list[Note] = []
    used = table[tags.MOTOR]
    unbuilt = ~used & (table[access.NO_ROAD] == "") & (table[access.CLOSED] == "")
    if unbuilt.any():
        named = listed("highway=" + table.loc[unbuilt, f.ROAD_CLASS])
        notes.append(("roads.note_not_motor", {"n": int(unbuilt.sum()), "tags": named}))
    for key, column, rows in (
        ("roads.note_no_road", access.NO_ROAD, ~used),
        ("roads.note_closed", access.CLOSED, ~used & (table[access.NO_ROAD] == "")),
        ("roads.note_no_tanker", access.NO_TANKER, used),
        ("roads.note_seasonal", access.SEASONAL, used),
        ("roads.note_admitted", access.ADMITTED, used),
        ("roads.note_unread_words", access.UNREAD, used),
    ):
        words = table.loc[rows & (table[column] != ""), column]
        if len(words):
            notes.append((key, {"n": len(words), "tags": listed(words)}))
    ferries = int((used & (table[access.MODE] == access.FERRY)).sum())
    if ferries:
        notes.append(("roads.note_ferries", {"n": ferries}))
    return tuple(notes)


def of_columns(
    roads: gpd.GeoDataFrame, table: pd.DataFrame, mapping: Mapping[str, str]
) -> tuple[Note, ...]:
    """Say which columns and which words of classes and surfaces were not understood."""
    notes: list[Note] = []
    used = table[tags.MOTOR] & (table[access.MODE] == access.ROAD)
    unread = unread_columns(roads, mapping)
    if (table.loc[used, f.ROAD_CLASS] == "").all() and used.any():
        notes.append(("roads.note_no_class", {"columns": ", ".join(unread[:SHOWN]) or "–"}))
    elif unread:
        notes.append(("roads.note_unread", {"columns": ", ".join(unread[:SHOWN])}))
    for key, column, known in (
        ("roads.note_class_words", f.ROAD_CLASS, tags.known_class),
        ("roads.note_surface_words", f.SURFACE, tags.known_surface),
    ):
        words = table.loc[used, column]
        foreign = words[~words.map(known)]
        if len(foreign):
            notes.append((key, {"n": len(foreign), "words": listed(foreign)}))
    return tuple(notes)


def listed(reasons: Iterable[Any]) -> str:
    """Name each tag or word with its count, the most frequent first."""
    counts = Counter(reason_part for reason in reasons for reason_part in str(reason).split("; "))
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    shown = [f"{tag}: {n}" for tag, n in ordered[:SHOWN]]
    return "; ".join([*shown, "…"] if len(ordered) > SHOWN else shown)


def unread_columns(roads: pd.DataFrame, mapping: Mapping[str, str]) -> list[str]:
    """Return the columns with content that nothing here reads, in the order of the file."""
    read = {name for names in tags.COLUMNS.values() for name in names}
    read |= {*access.TAGS, *NESTED, *_SILENT, *(name.lower() for name in mapping)}
    read |= {name[:10] for name in read}
    there = by_lower(roads.columns)
    return [
        str(there[name])
        for name in there
        if name not in read and not (words(roads[there[name]]) == "").all()
    ][::-1]
