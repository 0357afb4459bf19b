"""Undo what an import did to make its network small."""

from itertools import pairwise
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geodata import schema as f
from geodata.network.model import Network
from geodata.roads.geometry import geodesic_km, lines_of
from geodata.roads.segments import MERGED_AT, MERGED_FROM, MERGED_NODES, REASON


def restored(network: Network, removed: gpd.GeoDataFrame) -> Network:
    """Part merged segments where they were joined, and put removed pieces back.

    A piece keeps the joined names, numbers and bridge mark of the segment it was part of; all
    else is as an import without pruning and merging gives it. Duplicates stay away.

    Parameters
    ----------
    network : Network
        As imported, with the columns ``merged_from``, ``merged_at`` and ``merged_nodes``.
    removed : GeoDataFrame
        The removed pieces of the same import.

    Returns
    -------
    Network
        The network before dead ends were left out and chains merged.
    """
    merged = network.segments[MERGED_FROM].fillna("").astype(str) != ""
    parts = [_parted(row) for row in network.segments[merged].to_dict("records")]
    back = removed[~removed[REASON].isin(["duplicate", "carriageway"])].drop(columns=REASON)
    frames = [network.segments[~merged], *parts, back]
    table = pd.concat([pd.DataFrame(frame) for frame in frames if len(frame)], ignore_index=True)
    columns = [c for c in table.columns if c not in (MERGED_FROM, MERGED_AT, MERGED_NODES)]
    segments = gpd.GeoDataFrame(table[columns], geometry=f.GEOMETRY, crs=f.CRS)
    nodes = _with_ends(network.nodes, segments)
    return Network(nodes, segments, network.focus_country, network.title)


def _parted(row: dict[Any, Any]) -> pd.DataFrame:
    ids = str(row[MERGED_FROM]).split()
    xy = shapely.get_coordinates(row[f.GEOMETRY])
    cuts = [0, *map(int, str(row[MERGED_AT]).split()), len(xy) - 1]
    nodes = [row[f.FROM_NODE], *str(row[MERGED_NODES]).split(), row[f.TO_NODE]]
    drawn = [shapely.linestrings(xy[a : b + 1]) for a, b in pairwise(cuts)]
    lines = lines_of(np.array(drawn, object), np.arange(len(drawn)))
    table = pd.DataFrame([row] * len(ids))
    columns: dict[str, Any] = {
        f.SEGMENT_ID: ids,
        f.FROM_NODE: nodes[:-1],
        f.TO_NODE: nodes[1:],
        f.LENGTH_KM: np.round(geodesic_km(lines), 4),
        f.GEOMETRY: drawn,
    }
    return table.assign(**columns)


def _with_ends(nodes: gpd.GeoDataFrame, segments: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Add a junction for every end that has no node."""
    lines = segments.geometry.to_numpy()
    ends = pd.concat(
        [
            pd.DataFrame({f.NODE_ID: segments[column], "point": shapely.get_point(lines, place)})
            for column, place in ((f.FROM_NODE, 0), (f.TO_NODE, -1))
        ]
    )
    new = ends[~ends[f.NODE_ID].isin(nodes[f.NODE_ID])].drop_duplicates(f.NODE_ID)
    blank = {c: "" for c in nodes.columns if pd.api.types.is_string_dtype(nodes[c].dtype)}
    table = pd.DataFrame({f.NODE_ID: new[f.NODE_ID].to_numpy()}).assign(
        **{k: v for k, v in blank.items() if k not in (f.NODE_ID, f.GEOMETRY)}
    )
    marks: dict[str, Any] = {f.KIND: "junction", f.SUPPLY_POINT: False}
    table = table.assign(**marks)
    more = gpd.GeoDataFrame(table, geometry=list(new["point"]), crs=f.CRS)
    return gpd.GeoDataFrame(pd.concat([nodes, more], ignore_index=True), crs=f.CRS)
