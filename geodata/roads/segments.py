"""Pieces and places to the nodes and segments of a network."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata import schema as f
from geodata.errors import GeodataError
from geodata.graph.arrays import Ints
from geodata.network.model import Network
from geodata.roads import tags
from geodata.roads.nodes import AttachedPlaces, node_names, node_table, numbered, with_shared
from geodata.roads.noding import Pieces, node_name, piece_ids
from geodata.roads.options import ImportOptions
from geodata.roads.simplification import MergedChains, chains, merge_chains, pruned
from geodata.roads.tag_access import MODE

MERGED_FROM: Final = "merged_from"
MERGED_AT: Final = "merged_at"
MERGED_NODES: Final = "merged_nodes"
REASON: Final = "reason"
DRAWN: Final = "drawn"
STATED: Final = "stated"
"""Where the length of a segment comes from: of one with a drawn part it is called drawn."""
_ONE_KIND: Final = (
    f.TANKER,
    tags.TANKER_BASIS,
    f.ROAD_CLASS,
    f.SURFACE,
    f.SPEED_KMH,
    MODE,
    tags.RESTRICTION,
)
_LISTED: Final = (f.NAME, f.ROAD_REF, tags.ONEWAY)
_ENDINGS: Final = {"duplicate": "-twice", "carriageway": "-other"}
"""What is put behind the ids of pieces left out, so that they are no ids of segments."""
Note = tuple[str, Mapping[str, object]]


@dataclass(frozen=True, eq=False)
class Built:
    """A network with what was left out of it and what is to be said of it."""

    network: Network
    removed: gpd.GeoDataFrame
    notes: tuple[Note, ...]


@dataclass(frozen=True, eq=False)
class _Named:
    """Pieces with their attributes, ids and ends; ``names`` are the ids of the numbered nodes."""

    pieces: Pieces
    rows: pd.DataFrame
    ids: NDArray[np.object_]
    tail: Ints
    head: Ints
    names: NDArray[np.object_]

    def pick(self, keep: NDArray[np.bool_]) -> "_Named":
        return _Named(
            self.pieces.pick(keep),
            self.rows[keep].reset_index(drop=True),
            self.ids[keep],
            self.tail[keep],
            self.head[keep],
            self.names,
        )

    def drawn(self, **columns: Any) -> gpd.GeoDataFrame:
        """Write the pieces as segments."""
        table = self.rows.assign(
            **{
                f.SEGMENT_ID: self.ids,
                f.FROM_NODE: self.names[self.tail],
                f.TO_NODE: self.names[self.head],
                f.LENGTH_KM: np.round(self.pieces.km, 4),
                **columns,
            }
        )
        return gpd.GeoDataFrame(table, geometry=list(self.pieces.lines.degrees), crs=f.CRS)


def build_segments(
    pieces: Pieces,
    aside: Mapping[str, Pieces],
    table: pd.DataFrame,
    places: AttachedPlaces,
    options: ImportOptions,
) -> Built:
    """Prune, merge and name.

    Parameters
    ----------
    pieces : Pieces
        Pieces of road, each drawn from its lower place.
    aside : mapping of str to Pieces
        Pieces left out before, by the reason: they repeat another, or are the other carriageway.
    table : DataFrame
        The roads' attributes, a row per source road.
    places : Places
        Towns and supply points, and where they meet the roads.
    options : Options
        What to keep.
    """
    node, (tail, head) = numbered(pieces)
    served = np.unique(np.searchsorted(node, places.key[places.used]))
    names = node_names(node, places)
    rows = _attributes(table, pieces.lines.road)
    if options.stated_lengths:
        pieces, basis = _as_stated(pieces, aside["duplicate"], table)
        rows = rows.assign(**{f.LENGTH_BASIS: basis})
    named = _Named(
        pieces,
        rows,
        piece_ids(pieces, safe_ids(table)),
        tail,
        head,
        names,
    )
    reason = np.full(len(pieces), "", object)
    if not options.keep_dead_ends:
        reason = pruned(tail, head, served)
    unserved = named.pick(reason != "").drawn(**{REASON: reason[reason != ""]})
    named = named.pick(reason == "")
    if not len(named.tail):
        raise GeodataError("roads.nothing_left")
    run = _runs(named, served, options)
    segments = _segments(named, run)
    nodes = node_table(node, names, np.unique(np.concatenate([run.tail, run.head, served])), places)
    nodes, segments = with_shared(nodes, segments, places)
    network = Network(nodes, segments, title=options.title)
    notes = _notes(unserved, network.segments, len(named.pieces), len(run.tail))
    left_out = [_left_out(why, pieces_, table) for why, pieces_ in aside.items()]
    removed = pd.concat([unserved, *left_out], ignore_index=True)
    return Built(network, gpd.GeoDataFrame(removed, crs=f.CRS), notes)


def _as_stated(
    pieces: Pieces, twice: Pieces, table: pd.DataFrame
) -> tuple[Pieces, NDArray[np.object_]]:
    """Share the stated length of each road among its pieces; "stated" or "drawn" for each piece."""
    stated = table[tags.STATED_KM].to_numpy(float)
    road = np.concatenate([pieces.lines.road, twice.lines.road])
    km = np.bincount(road, np.concatenate([pieces.km, twice.km]), minlength=len(table))
    with np.errstate(invalid="ignore", divide="ignore"):
        factor = np.where((stated > 0) & (km > 0), stated / km, 1.0)
    basis = np.where(stated > 0, STATED, DRAWN)[pieces.lines.road].astype(object)
    return replace(pieces, km=pieces.km * factor[pieces.lines.road]), basis


def _runs(named: _Named, served: Ints, options: ImportOptions) -> MergedChains:
    if options.keep_chains:
        kind: Ints = np.arange(len(named.tail), dtype=np.int64)
    else:
        groups = named.rows.groupby(list(_ONE_KIND), dropna=False, sort=False)
        kind = np.asarray(groups.ngroup(), np.int64)
    return chains(named.tail, named.head, kind, served)


def safe_ids(table: pd.DataFrame) -> NDArray[np.object_]:
    """Source ids that can stand in a link: ``way/12`` becomes ``12``, odd ones are left out."""
    ids = table[tags.SOURCE_ID].astype("str").str.replace(r"^(way/|w)(?=\d)", "", regex=True)
    return ids.where(ids.str.fullmatch(r"[\w.-]{1,60}"), "").to_numpy(object)


def _attributes(table: pd.DataFrame, road: Ints) -> pd.DataFrame:
    columns = [*_ONE_KIND, *_LISTED, tags.BRIDGE_STRUCTURE]
    return table[columns].iloc[road].reset_index(drop=True)


def _left_out(reason: str, pieces: Pieces, table: pd.DataFrame) -> gpd.GeoDataFrame:
    """Write pieces that were left out before as removed, with the reason."""
    node, (tail, head) = numbered(pieces)
    names = np.array([node_name(int(key)) for key in node], object)
    ending = _ENDINGS[reason]
    ids = np.array([f"{name}{ending}" for name in piece_ids(pieces, safe_ids(table))], object)
    rows = _attributes(table, pieces.lines.road)
    return _Named(pieces, rows, ids, tail, head, names).drawn(**{REASON: reason})


def _segments(named: _Named, run: MergedChains) -> gpd.GeoDataFrame:
    lines, met = merge_chains(named.pieces.lines, run)
    first = run.piece[run.start[:-1]]
    chain = np.repeat(np.arange(len(first)), np.diff(run.start))
    table = named.rows.iloc[first].reset_index(drop=True)
    along = named.rows.iloc[run.piece].reset_index(drop=True)
    for column in _LISTED:
        table[column] = _all_values(along[column], chain, len(first))
    bridges = along[tags.BRIDGE_STRUCTURE].to_numpy(float)
    table[tags.BRIDGE_STRUCTURE] = np.bincount(chain, bridges, minlength=len(first)) > 0
    ids, inner = (
        named.ids[run.piece],
        named.names[np.where(run.turned, named.tail[run.piece], named.head[run.piece])],
    )
    runs = list(zip(run.start[:-1], run.start[1:], strict=True))
    table[f.SEGMENT_ID] = [min(ids[low:high]) for low, high in runs]
    table[f.FROM_NODE], table[f.TO_NODE] = named.names[run.tail], named.names[run.head]
    table[f.LENGTH_KM] = np.round(np.add.reduceat(named.pieces.km[run.piece], run.start[:-1]), 4)
    if f.LENGTH_BASIS in along:
        drawn = np.bincount(chain, along[f.LENGTH_BASIS] == DRAWN, minlength=len(first)) > 0
        table[f.LENGTH_BASIS] = np.where(drawn, DRAWN, STATED)
    else:
        table[f.LENGTH_BASIS] = DRAWN
    table[MERGED_FROM] = [" ".join(ids[a:b]) if b - a > 1 else "" for a, b in runs]
    table[MERGED_AT] = met
    table[MERGED_NODES] = [" ".join(inner[low : high - 1]) for low, high in runs]
    if table[f.SPEED_KMH].isna().all():
        table = table.drop(columns=f.SPEED_KMH)
    return gpd.GeoDataFrame(table, geometry=list(lines.degrees), crs=f.CRS)


def _all_values(values: pd.Series, chain: Ints, n: int) -> list[str]:
    """Join the different values along each chain, in their order, by semicolons."""
    table = pd.DataFrame({"chain": chain, "value": values.to_numpy(object)})
    table = table[table["value"] != ""].drop_duplicates()
    result = pd.Series("", index=range(n), dtype=object)
    single = ~table["chain"].duplicated(keep=False)
    result[table.loc[single, "chain"]] = table.loc[single, "value"].to_numpy()
    more = table[~single].groupby("chain")["value"].agg("; ".join)
    result[more.index] = more.to_numpy()
    return result.tolist()


def _notes(
    removed: gpd.GeoDataFrame, segments: gpd.GeoDataFrame, pieces: int, runs: int
) -> tuple[Note, ...]:
    """Say what was left out and joined, and on what ground tankers are taken to pass."""
    notes: list[Note] = []
    for reason in ("dead_end", "part_without_town"):
        km = removed.loc[removed[REASON] == reason, f.LENGTH_KM]
        if len(km):
            notes.append((f"roads.note_{reason}", {"n": len(km), "km": f"{km.sum():.0f}"}))
    if runs < pieces:
        notes.append(("roads.note_merged", {"pieces": pieces, "segments": runs}))
    km = segments.groupby(tags.TANKER_BASIS)[f.LENGTH_KM].sum()
    share = {
        basis: f"{100 * km.get(basis, 0.0) / max(km.sum(), 1e-9):.0f}"
        for basis in ("mapped", "tags", "surface", "assumed")
    }
    notes.append(("roads.note_tanker", share))
    return tuple(notes)
