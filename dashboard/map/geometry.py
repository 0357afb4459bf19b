"""Geometry as the browser's map reads it: small, whole numbers, no text of markup.

A line is a flat list of integers, first longitude and latitude, then differences, in units of
``1 / SCALE`` degree (11 m): a third of the bytes of GeoJSON, before compression.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geodata import schema as f
from geodata.network.labels import label_in
from geodata.network.model import Network

SCALE: Final = 10_000
MIME: Final = "application/json"
ROWS_AT_ONCE: Final = 1_000


def flat(geometry: BaseGeometry, scale: int = SCALE) -> list[int]:
    """Return one line or ring as differences of whole numbers, without repeated points."""
    units = np.rint(shapely.get_coordinates(geometry) * scale).astype(np.int64)
    if len(units) > 2:
        moved = np.append(True, (np.diff(units, axis=0) != 0).any(axis=1))
        units = units[moved] if moved.sum() > 1 else units[[0, -1]]
    steps = np.diff(units, axis=0, prepend=np.zeros((1, 2), np.int64))
    return [int(value) for value in steps.ravel()]


def flats(geometries: NDArray[np.object_], scale: int = SCALE) -> list[list[int]]:
    """Return `flat` of many lines, all at once: a country has tens of thousands."""
    coordinates, line = shapely.get_coordinates(geometries, return_index=True)
    units = np.rint(coordinates * scale).astype(np.int64)
    first = np.diff(line, prepend=-1) != 0
    steps = np.diff(units, axis=0, prepend=np.zeros((1, 2), np.int64))
    moved = first | (steps != 0).any(axis=1)
    steps[first] = units[first]
    counts = np.bincount(line[moved], minlength=len(geometries))
    values = steps[moved].ravel().tolist()
    ends = (2 * np.cumsum(counts)).tolist()
    drawn = [values[end - 2 * n : end] for end, n in zip(ends, counts.tolist(), strict=True)]
    for row in np.flatnonzero(counts < 2):  # all at one place: `flat` keeps both ends
        drawn[row] = flat(geometries[row], scale)
    return drawn


def rings(geometry: BaseGeometry, scale: int = SCALE) -> list[list[int]]:
    """Return every ring of the polygons in ``geometry``."""
    polygons = [p for p in shapely.get_parts(geometry) if p.geom_type == "Polygon"]
    return [flat(ring, scale) for p in polygons for ring in (p.exterior, *p.interiors)]


def lines(geometry: BaseGeometry, scale: int = SCALE) -> list[list[int]]:
    """Return every line in ``geometry``; points are left out."""
    parts = shapely.get_parts(geometry)
    return [flat(part, scale) for part in parts if part.geom_type in ("LineString", "LinearRing")]


def coded(content: Any) -> bytes:
    """Return the JSON bytes, the same for the same content."""
    return "".join(_pieces(content)).encode()


def _pieces(content: Any) -> Iterator[str]:
    """Yield JSON in pieces: Python lets no other thread work while it writes one of them."""
    if isinstance(content, dict) and all(isinstance(name, str) for name in content):
        for number, (name, value) in enumerate(content.items()):
            yield f"{',' if number else '{'}{coded_one(name)}:"
            yield from _pieces(value)
        yield "}" if content else "{}"
    elif isinstance(content, list) and len(content) > ROWS_AT_ONCE:
        for first in range(0, len(content), ROWS_AT_ONCE):
            yield "," if first else "["
            yield coded_one(content[first : first + ROWS_AT_ONCE])[1:-1]
        yield "]"
    else:
        yield coded_one(content)


coded_one: Final = json.JSONEncoder(
    ensure_ascii=False, separators=(",", ":"), allow_nan=False
).encode
"""Writes JSON that is short, and the same for the same content."""


def content_hash(data: bytes) -> str:
    """Return first 16 hexadecimal digits of the sha256 of ``data``: enough to name a version."""
    return hashlib.sha256(data).hexdigest()[:16]


def network_geometry(network: Network) -> tuple[bytes, str]:
    """Return a network as the map reads it, and the hash that names this content.

    Segments and nodes stand in the order of ``network.segment_ids`` and ``network.node_ids``,
    so that states travel as row numbers.

    Parameters
    ----------
    network : Network

    Returns
    -------
    data : bytes
        JSON: ``scale``, ``focus``, ``bounds`` as ((south, west), (north, east)), ``home``
        likewise about its towns alone, ``english`` names by id of the nodes whose name is a
        description, the lists ``classes``, ``bases`` and ``tankers`` that rows point into,
        ``segments`` as rows (id, from, to, km, road number, class, basis, tanker, line) and
        ``nodes`` as rows (id, name, kind, country, admin1, people or null, supply point, town,
        lat, lon).
    hash : str
        Name of this content.
    """
    nodes = np.arange(len(network.node_ids))
    data = coded(
        {**frame_of(network), **_segment_rows(network), "nodes": node_rows(network, nodes)}
    )
    return data, content_hash(data)


def frame_of(network: Network) -> dict[str, Any]:
    """Return the scale of lines, the country, and what a view of all and of the towns shows."""
    return {
        "scale": SCALE,
        "focus": network.focus_country or "",
        "bounds": _bounds(network),
        "home": _home(network),
        "english": _english(network),
    }


def _english(network: Network) -> dict[str, str]:
    """Return the English names of nodes whose name is a description, by id."""
    names = {node: label_in("en", label) for node, label in network.labels.items() if label}
    return {node: name for node, name in names.items() if name != network.labels[node]}


def _bounds(network: Network) -> list[list[float]]:
    return _around(network.nodes.total_bounds, network.segments.total_bounds)


def _home(network: Network) -> list[list[float]]:
    """What the first view shows: the towns; a network with less than two is shown whole."""
    towns = network.nodes[network.nodes[f.NODE_ID].isin(network.towns)]
    return _around(towns.total_bounds) if len(towns) > 1 else _bounds(network)


def _around(*boxes: Any) -> list[list[float]]:
    """South-west and north-east corner of what holds all boxes."""
    west, south, east, north = np.nan_to_num(np.array(boxes, float)).T
    return [
        [round(float(south.min()), 3), round(float(west.min()), 3)],
        [round(float(north.max()), 3), round(float(east.max()), 3)],
    ]


def _segment_rows(network: Network) -> dict[str, Any]:
    names, columns = segment_columns(network)
    drawn = flats(network.segments.geometry.to_numpy())
    ends = (network.tail.tolist(), network.head.tolist())
    rows = zip(network.segment_ids, *ends, *columns, drawn, strict=True)
    return {**names, "segments": list(rows)}


def segment_columns(network: Network) -> tuple[dict[str, list[str]], list[list[Any]]]:
    """Return names that rows of segments point into, and the columns of these rows.

    Returns
    -------
    names : dict of str to list of str
        ``classes``, ``bases`` and ``tankers``.
    columns : list of list
        km, road number, and the places of class, basis and tanker in ``names``, by segment.
    """
    table = network.segments
    classes, class_of = _indexed(_column(table, f.ROAD_CLASS))
    bases, basis_of = _indexed(_column(table, f.LENGTH_BASIS))
    tankers, tanker_of = _indexed(_column(table, f.TANKER))
    km = [round(float(value), 1) for value in network.length_km.tolist()]
    columns: list[list[Any]] = [km, _column(table, f.ROAD_REF), class_of, basis_of, tanker_of]
    return {"classes": classes, "bases": bases, "tankers": tankers}, columns


def node_rows(network: Network, rows: NDArray[np.int64]) -> list[list[Any]]:
    """Return the chosen nodes as `network_geometry` writes them."""
    nodes, towns = network.nodes.iloc[rows], set(network.towns)
    ids = nodes[f.NODE_ID].to_numpy(object).tolist()
    people = [None if pd.isna(value) else int(value) for value in nodes[f.POPULATION]]
    points = nodes.geometry
    return [
        [node_id, name, kind, country, admin1, count, int(supply), int(node_id in towns), lat, lon]
        for node_id, name, kind, country, admin1, count, supply, lat, lon in zip(
            ids,
            (network.labels[node_id] for node_id in ids),
            *(_column(nodes, column) for column in (f.KIND, f.COUNTRY, f.ADMIN1)),
            people,
            nodes[f.SUPPLY_POINT],
            points.y.round(5).tolist(),
            points.x.round(5).tolist(),
            strict=True,
        )
    ]


def _column(table: pd.DataFrame, name: str) -> list[str]:
    if name not in table:
        return [""] * len(table)
    values = table[name].astype(object).where(table[name].notna(), "").to_numpy(object)
    return list(map(str, values))


def _indexed(values: Sequence[str]) -> tuple[list[str], list[int]]:
    names = sorted(set(values))
    place = {name: number for number, name in enumerate(names)}
    return names, [place[value] for value in values]


def anchors(area: BaseGeometry, *, most: int = 8) -> list[list[float]]:
    """Return the roomy places for a label inside ``area``: latitude, longitude, room in degrees.

    Room is half the width of the widest box that is three times as wide as high, found on a
    grid; each further anchor keeps away from the earlier ones.
    """
    parts = shapely.get_parts(area)
    largest = max(parts, key=lambda part: part.area)
    west, south, east, north = largest.bounds
    grid = np.meshgrid(np.linspace(west, east, 45), np.linspace(south, north, 45))
    squeeze = np.array([1.0, 3.0])
    points = np.column_stack([axis.ravel() for axis in grid])
    outline = shapely.transform(largest.boundary, lambda xy: xy * squeeze)
    inside = shapely.contains_xy(largest, points[:, 0], points[:, 1])
    points = points[inside]
    room = shapely.distance(shapely.points(points * squeeze), outline)
    chosen: list[list[float]] = []
    for number in np.argsort(-room, kind="stable"):
        x, y = points[number]
        near = any(np.hypot(x - c[1], y - c[0]) < 0.18 * (east - west) for c in chosen)
        if not near:
            chosen.append([round(float(y), 3), round(float(x), 3), round(float(room[number]), 3)])
        if len(chosen) == most:
            break
    return chosen


def joined(geometries: Iterable[BaseGeometry]) -> BaseGeometry:
    """Return the lines merged end to end into as few as possible."""
    merged = shapely.union_all(list(geometries))
    return shapely.line_merge(merged) if not merged.is_empty else merged
