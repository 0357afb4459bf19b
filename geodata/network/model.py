"""A road network: nodes and segments, checked on input and kept in one order."""

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geodata import schema as f
from geodata.cached import cached_property
from geodata.errors import GeodataError
from geodata.graph.single_cuts import Graph
from geodata.network.labels import labels
from geodata.network.speeds import speeds_kmh

NODE_COLUMNS = (f.NODE_ID, f.NAME, f.KIND, f.COUNTRY, f.ADMIN1, f.POPULATION, f.SUPPLY_POINT)
SEGMENT_COLUMNS = (f.SEGMENT_ID, f.FROM_NODE, f.TO_NODE, f.LENGTH_KM, f.TANKER)
TANKER_VALUES = ("yes", "seasonal", "no")
TRUE_WORDS: dict[object, bool] = {
    True: True, False: False, "true": True, "false": False, "yes": True, "no": False,
    "1": True, "0": False, "": False,
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Network:
    """Nodes and segments of a road network.

    Rows are kept sorted by id, so that no result depends on the order of rows given. Two
    networks are the same object or different; compare `fingerprint` for equal content.

    Parameters
    ----------
    nodes : GeoDataFrame
        Points in EPSG:4326 with ``node_id, name, kind, country, admin1, population,
        supply_point``; population may be unknown (null). Other columns are kept.
    segments : GeoDataFrame
        Lines in EPSG:4326 with ``segment_id, from_node, to_node, length_km, tanker``
        (``yes``, ``seasonal`` or ``no``). Parallel segments are allowed; a missing geometry
        becomes the straight line between the ends. Other columns are kept.
    focus_country : str, optional
        Code in ``country`` whose cities and towns are the towns of this network. Without it,
        all nodes of kind city or town that are no supply point.
    title : str
        Name of the network as shown.

    Raises
    ------
    GeodataError
        Naming the table, the row and the remedy.
    """

    nodes: gpd.GeoDataFrame
    segments: gpd.GeoDataFrame
    focus_country: str | None = None
    title: str = field(default="")

    def __post_init__(self) -> None:
        nodes = _checked_nodes(self.nodes)
        segments = _checked_segments(self.segments, nodes)
        object.__setattr__(self, "nodes", nodes)
        object.__setattr__(self, "segments", segments)

    @cached_property
    def node_ids(self) -> tuple[str, ...]:
        """Node ids, sorted."""
        return tuple(self.nodes[f.NODE_ID].to_numpy(object))

    @cached_property
    def segment_ids(self) -> tuple[str, ...]:
        """Segment ids, sorted."""
        return tuple(self.segments[f.SEGMENT_ID].to_numpy(object))

    @cached_property
    def node_number(self) -> dict[str, int]:
        """Node id to its row."""
        return {node_id: row for row, node_id in enumerate(self.node_ids)}

    @cached_property
    def labels(self) -> dict[str, str]:
        """Node id to its name, with the region where several nodes share the name."""
        return labels(self.nodes)

    @cached_property
    def segment_number(self) -> dict[str, int]:
        """Segment id to its row."""
        return {segment_id: row for row, segment_id in enumerate(self.segment_ids)}

    @cached_property
    def segment_index(self) -> "pd.Index[str]":
        """Segment ids as the index of a table with a row for each."""
        return pd.Index(self.segment_ids, name=f.SEGMENT_ID)

    @cached_property
    def tail(self) -> NDArray[np.int64]:
        """Row of each segment's first node."""
        return _node_rows(self.segments[f.FROM_NODE], self.nodes)

    @cached_property
    def head(self) -> NDArray[np.int64]:
        """Row of each segment's last node."""
        return _node_rows(self.segments[f.TO_NODE], self.nodes)

    @cached_property
    def by_ends(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Segments between two different nodes, as rows in the order of their ends, and the ends.

        The ends are one number for each segment: the lower row times the number of nodes, plus
        the higher row.
        """
        low, high = np.minimum(self.tail, self.head), np.maximum(self.tail, self.head)
        ends = low * len(self.node_ids) + high
        rows = np.argsort(ends, kind="stable")
        rows = rows[low[rows] != high[rows]]
        return rows, ends[rows]

    @cached_property
    def tanker(self) -> NDArray[np.int64]:
        """Place of each segment's mark for tankers in `TANKER_VALUES`."""
        return _places(pd.Index(TANKER_VALUES), self.segments[f.TANKER])

    @cached_property
    def length_km(self) -> NDArray[np.float64]:
        """Length of each segment in km."""
        return self.segments[f.LENGTH_KM].to_numpy(np.float64)

    @cached_property
    def hours(self) -> NDArray[np.float64]:
        """Assumed hours of driving on each segment, from the table of speeds."""
        return self.length_km / speeds_kmh(self.segments)

    @cached_property
    def graph(self) -> Graph:
        """The same network as plain arrays, weighted by km."""
        return Graph(len(self.node_ids), self.tail, self.head, self.length_km)

    @cached_property
    def supply_points(self) -> tuple[str, ...]:
        """Ids of the supply points, sorted."""
        return tuple(self.nodes.loc[self.nodes[f.SUPPLY_POINT], f.NODE_ID])

    @cached_property
    def towns(self) -> tuple[str, ...]:
        """Ids of the towns whose access is asked for, sorted."""
        is_town = self.nodes[f.KIND].isin(f.TOWN_KINDS) & ~self.nodes[f.SUPPLY_POINT]
        if self.focus_country:
            is_town &= self.nodes[f.COUNTRY] == self.focus_country
        return tuple(self.nodes.loc[is_town, f.NODE_ID])

    @cached_property
    def fingerprint(self) -> str:
        """Sha256 of all that the engine reads: ids, ends, lengths, vehicles, supply, people."""
        nodes = self.nodes[[f.NODE_ID, f.KIND, f.COUNTRY, f.POPULATION, f.SUPPLY_POINT]]
        segments = self.segments[list(SEGMENT_COLUMNS)]
        content = [
            self.focus_country,
            nodes.to_json(orient="values"),
            pd.DataFrame(segments).to_json(orient="values"),
        ]
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def _checked_nodes(nodes: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    _check_table(nodes, "nodes", NODE_COLUMNS)
    _check_ids(nodes[f.NODE_ID], "nodes", f.NODE_ID)
    points = shapely.get_type_id(nodes.geometry.to_numpy()) == shapely.GeometryType.POINT
    lon_lat = shapely.get_coordinates(nodes.geometry.to_numpy()[points])
    if not points.all() or not np.isfinite(lon_lat).all():
        bad = nodes[f.NODE_ID].iloc[int(np.argmin(points))]
        raise GeodataError("core.node_not_a_point", id=bad)
    out_of_range = (np.abs(lon_lat) > (180, 90)).any(axis=1)
    if out_of_range.any():
        bad = nodes[f.NODE_ID].iloc[int(np.argmax(out_of_range))]
        raise GeodataError("core.not_degrees", id=bad)
    population = pd.to_numeric(nodes[f.POPULATION], errors="coerce")
    wrong = (population < 0) | (population.isna() & nodes[f.POPULATION].notna())
    if wrong.any():
        raise GeodataError("core.bad_population", id=nodes.loc[wrong, f.NODE_ID].iloc[0])
    supply = [TRUE_WORDS.get(_word(value)) for value in nodes[f.SUPPLY_POINT].tolist()]
    if None in supply:
        raise GeodataError("core.bad_supply_point", id=nodes[f.NODE_ID].iloc[supply.index(None)])
    checked = nodes.copy()
    checked[f.POPULATION] = population.astype(float)
    checked[f.SUPPLY_POINT] = np.array(supply, bool)
    return checked.sort_values(f.NODE_ID).reset_index(drop=True)


def _checked_segments(segments: gpd.GeoDataFrame, nodes: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    _check_table(segments, "segments", SEGMENT_COLUMNS)
    _check_ids(segments[f.SEGMENT_ID], "segments", f.SEGMENT_ID)
    for column in (f.FROM_NODE, f.TO_NODE):
        known = _node_rows(segments[column], nodes) >= 0
        if not known.all():
            row = segments.loc[~known].iloc[0]
            raise GeodataError(
                "core.unknown_end", segment=row[f.SEGMENT_ID], column=column, id=str(row[column])
            )
    length = pd.to_numeric(segments[f.LENGTH_KM], errors="coerce").astype(float)
    bad_length = ~(length.between(0, np.inf, inclusive="left"))
    if bad_length.any():
        row = segments.loc[bad_length].iloc[0]
        raise GeodataError(
            "core.bad_length", segment=row[f.SEGMENT_ID], value=str(row[f.LENGTH_KM])
        )
    bad_tanker = ~segments[f.TANKER].isin(TANKER_VALUES)
    if bad_tanker.any():
        row = segments.loc[bad_tanker].iloc[0]
        raise GeodataError("core.bad_tanker", segment=row[f.SEGMENT_ID], value=str(row[f.TANKER]))
    checked = segments.assign(**{f.LENGTH_KM: length}).sort_values(f.SEGMENT_ID)
    return _with_lines(checked.reset_index(drop=True), nodes)


def _with_lines(segments: gpd.GeoDataFrame, nodes: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Draw a straight line where a segment has none: what cannot be seen cannot be cut."""
    empty = segments.geometry.isna() | segments.geometry.is_empty
    if not empty.any():
        return segments
    place = dict(zip(nodes[f.NODE_ID], shapely.get_coordinates(nodes.geometry), strict=True))
    bare = segments.loc[empty]
    ends = [[place[a], place[b]] for a, b in zip(bare[f.FROM_NODE], bare[f.TO_NODE], strict=True)]
    lines = segments.geometry.to_numpy().copy()
    lines[empty.to_numpy()] = shapely.linestrings(ends)
    return segments.set_geometry(gpd.GeoSeries(lines, index=segments.index, crs=f.CRS))


def _check_table(table: gpd.GeoDataFrame, name: str, columns: tuple[str, ...]) -> None:
    if not isinstance(table, gpd.GeoDataFrame):
        raise GeodataError("core.not_a_table", table=name)
    missing = [column for column in columns if column not in table.columns]
    if missing:
        raise GeodataError("core.missing_columns", table=name, columns=", ".join(missing))
    if table.crs is None or table.crs.to_epsg() != 4326:
        raise GeodataError("core.wrong_crs", table=name, crs=str(table.crs))


def _node_rows(ids: pd.Series, nodes: pd.DataFrame) -> NDArray[np.int64]:
    """Return the row of each node in ``nodes``, -1 for one that is not there."""
    return _places(pd.Index(nodes[f.NODE_ID].to_numpy(object)), ids)


def _places(index: "pd.Index[Any]", values: pd.Series) -> NDArray[np.int64]:
    return np.asarray(index.get_indexer(pd.Index(values.to_numpy(object))), np.int64)


def _check_ids(ids: pd.Series, table: str, column: str) -> None:
    values = ids.to_numpy(object)
    text_ids = [isinstance(value, str) and value.strip() != "" for value in values]
    if not all(text_ids):
        row = text_ids.index(False) + 1
        raise GeodataError("core.missing_id", table=table, column=column, row=row)
    twice = ids[ids.duplicated()]
    if len(twice):
        raise GeodataError("core.id_twice", table=table, column=column, id=twice.iloc[0])


def _word(value: object) -> object:
    """Return a truth value as written in a file: text is folded, a missing one counts as no."""
    if isinstance(value, str):
        return value.strip().lower()
    if value is None or value is pd.NA or (isinstance(value, float) and np.isnan(value)):
        return ""
    return bool(value) if isinstance(value, bool | np.bool_) else value
