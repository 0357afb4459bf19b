"""The shipped table of events: each with a place on the network, or none at all."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra
from shapely.geometry import LineString, Point

from geodata import build_tables, fields
from geodata.build_tables import Row, Value

ORIGIN: Final = "events.csv"
TOWN_RADIUS_KM: Final = "3"
COLUMNS: Final = (
    fields.EVENT_ID,
    fields.DATE,
    fields.DATE_PRECISION,
    fields.END_DATE,
    fields.EVENT_TYPE,
    fields.PLACE,
    fields.REGION,
    fields.LAT,
    fields.LON,
    fields.LOCATION_PRECISION,
    fields.PRECISION_KM,
    fields.PLACE_BASIS,
    fields.NODE_ID,
    fields.SEGMENT_IDS,
    fields.CORRIDOR,
    fields.ACTOR,
    fields.EFFECT,
    fields.APPLIES_TO,
    fields.TANKERS_LOW,
    fields.TANKERS_HIGH,
    fields.FATALITIES_LOW,
    fields.FATALITIES_HIGH,
    fields.SOURCE_NAME,
    fields.SOURCE_URL,
    fields.SOURCE_DATE,
    fields.CONFIDENCE,
    fields.SUMMARY,
    fields.ORIGIN,
)

_FUEL: Final = re.compile(
    r"\b(?:tankers?|fuel|petrol|diesel|jerrycans?|cans|oil|refuel\w*|stations?|shortage)\b",
    re.IGNORECASE,
)
_OTHERS: Final = re.compile(
    r"\b(?:coach|coaches|bus|buses|vehicles?|passengers?|travellers|travel|nationals|citizens|"
    r"town|haulage|cargo|trucks|people|road exit|schools)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Roads:
    """Nodes and segments of the network, for placing events on it.

    ``points``, ``admin1`` and the rest are keyed by node or segment id.
    """

    points: Mapping[str, Point]
    admin1: Mapping[str, str]
    ends: Mapping[str, tuple[str, str]]
    lengths: Mapping[str, float]
    lines: Mapping[str, LineString]


def applies_to(row: Mapping[str, str]) -> str:
    """Whom an event concerns: ``escorted``, ``fuel`` or ``all``.

    The rule, in this order: the arrival of a convoy shows that escorted traffic passes; a
    siege, a checkpoint or a coach firm's, town's or traveller's trouble concerns everybody;
    an event told only in terms of tankers and fuel concerns fuel; what is left, everybody.
    """
    if row[fields.EVENT_TYPE] == "convoy_arrival":
        return "escorted"
    summary = row[fields.SUMMARY]
    if row[fields.EVENT_TYPE] in {"siege", "checkpoint"} or _OTHERS.search(summary):
        return "all"
    return "fuel" if _FUEL.search(summary) else "all"


def stretch(roads: Roads, start: str, end: str) -> list[str]:
    """Segments of the shortest way from ``start`` to ``end`` by kilometres, in order."""
    names = sorted(roads.points)
    place = {name: index for index, name in enumerate(names)}
    ids = sorted(roads.ends)
    tail = np.array([place[roads.ends[segment][0]] for segment in ids])
    head = np.array([place[roads.ends[segment][1]] for segment in ids])
    km = np.array([roads.lengths[segment] for segment in ids])
    graph = coo_array((km, (tail, head)), shape=(len(names), len(names))).tocsr()
    _, before = dijkstra(graph, directed=False, indices=place[start], return_predecessors=True)
    between = {frozenset(roads.ends[segment]): segment for segment in ids}
    way, here = [], place[end]
    while here != place[start]:
        way.append(between[frozenset((names[here], names[before[here]]))])
        here = int(before[here])
    return way[::-1]


def along(roads: Roads, start: str, way: list[str], km: float) -> Point:
    """Point ``km`` of road from ``start`` along the segments of ``way``.

    Road kilometres are spread evenly over each drawn line, which is shorter.
    """
    here = start
    for segment in way:
        line = roads.lines[segment]
        tail, head = roads.ends[segment]
        if tail != here:
            line = line.reverse()
        if km <= roads.lengths[segment]:
            return line.interpolate(km / roads.lengths[segment], normalized=True)
        km -= roads.lengths[segment]
        here = head if tail == here else tail
    return roads.points[here]


def placed(place: Row, roads: Roads) -> dict[str, Value]:
    """Where an event lies: coordinates, how exact, and the nodes and segments it names.

    A place known only by its region has no coordinates at all, so that nothing can draw it
    or snap it to a road.
    """
    found: dict[str, Value] = {
        fields.REGION: place[fields.REGION],
        fields.LAT: place[fields.LAT],
        fields.LON: place[fields.LON],
        fields.PRECISION_KM: place[fields.PRECISION_KM],
        fields.NODE_ID: place[fields.NODE_ID],
        fields.SEGMENT_IDS: place[fields.SEGMENT_IDS],
        fields.PLACE_BASIS: place["basis"] or "known only by its region: no point",
    }
    if place[fields.NODE_ID]:
        found |= _at_node(place, roads)
    elif place[fields.FROM_NODE]:
        found |= _on_stretch(place, roads)
    return found


def _at_node(place: Row, roads: Roads) -> dict[str, Value]:
    node = place[fields.NODE_ID]
    return {
        fields.LAT: f"{roads.points[node].y:.4f}",
        fields.LON: f"{roads.points[node].x:.4f}",
        fields.REGION: roads.admin1[node],
        fields.PRECISION_KM: place[fields.PRECISION_KM] or TOWN_RADIUS_KM,
        fields.PLACE_BASIS: place["basis"] or "node of the network",
    }


def _on_stretch(place: Row, roads: Roads) -> dict[str, Value]:
    start, end = place[fields.FROM_NODE], place[fields.TO_NODE]
    way = stretch(roads, start, end)
    total = sum(roads.lengths[segment] for segment in way)
    km = float(place["at_km"] or total / 2)
    point = along(roads, start, way, km)
    regions = {roads.admin1[node] for segment in way for node in roads.ends[segment]}
    return {
        fields.LAT: f"{point.y:.4f}",
        fields.LON: f"{point.x:.4f}",
        fields.REGION: place[fields.REGION] or "; ".join(sorted(regions)),
        fields.PRECISION_KM: place[fields.PRECISION_KM] or str(round(total / 2)),
        fields.SEGMENT_IDS: place[fields.SEGMENT_IDS] or "; ".join(way),
        fields.PLACE_BASIS: place["basis"] or "middle of the stretch of road that is named",
    }


def events(
    rows: Iterable[Row], places: Iterable[Row], ends: Iterable[Row], roads: Roads
) -> list[dict[str, Value]]:
    """Events in order of id, each with its place, last day and whom it concerns.

    Raises
    ------
    KeyError
        If an event's place is missing from the table of places.
    ValueError
        If an event ends before it begins.
    """
    by_place = {(row[fields.PLACE], row[fields.LOCATION_PRECISION]): row for row in places}
    last_day = {row[fields.EVENT_ID]: row[fields.END_DATE] for row in ends}
    table = []
    for row in sorted(rows, key=lambda row: row[fields.EVENT_ID]):
        place = by_place[row[fields.PLACE], row[fields.LOCATION_PRECISION]]
        end = last_day.get(row[fields.EVENT_ID], "")
        if end and dt.date.fromisoformat(end) < dt.date.fromisoformat(row[fields.DATE]):
            raise ValueError(f"{row[fields.EVENT_ID]} ends on {end}, before it begins")
        table.append(
            {
                **row,
                **placed(place, roads),
                fields.END_DATE: end,
                fields.APPLIES_TO: applies_to(row),
                fields.ORIGIN: ORIGIN,
            }
        )
    return table


def write(
    folder: Path, rows: Iterable[Row], places: Iterable[Row], ends: Iterable[Row], roads: Roads
) -> None:
    """Write ``events.csv`` into ``folder``."""
    build_tables.write_table(folder / "events.csv", COLUMNS, events(rows, places, ends, roads))
