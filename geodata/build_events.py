"""The shipped table of events: each with a place on the network, or none at all."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from geodata import build_roads, build_tables, fields
from geodata.build_roads import Roads
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
CONVOY_COLUMNS: Final = (
    fields.EVENT_ID,
    fields.DATE,
    fields.DATE_PRECISION,
    fields.END_DATE,
    "node_ids",
    "scope",
    "tankers_low",
    "tankers_high",
    "litres",
    fields.CONFIDENCE,
    fields.SOURCE_NAME,
    fields.SOURCE_URL,
    "note",
)
# A decision may tell of tankers let through as well as an arrival does.
CARRYING: Final = frozenset({"convoy_arrival", "policy"})

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
class Placing:
    """What the tables beside the events add to them.

    Parameters
    ----------
    places : mapping of (place, location precision) to row
    ends, applies : mapping of event id to text
        Last day as reported, and whom it concerns where the rule would be wrong.
    """

    places: Mapping[tuple[str, str], Row]
    ends: Mapping[str, str]
    applies: Mapping[str, str]


def placing() -> Placing:
    """Read the shipped tables of places, last days and exceptions."""
    places = build_tables.read_table("event_places.csv")
    ends = build_tables.read_table("event_ends.csv")
    applies = build_tables.read_table("event_applies.csv")
    return Placing(
        {(row[fields.PLACE], row[fields.LOCATION_PRECISION]): row for row in places},
        {row[fields.EVENT_ID]: row[fields.END_DATE] for row in ends},
        {row[fields.EVENT_ID]: row[fields.APPLIES_TO] for row in applies},
    )


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
    way = build_roads.stretch(roads, start, end)
    total = sum(roads.lengths[segment] for segment in way)
    km = float(place["at_km"] or total / 2)
    point = build_roads.along(roads, start, way, km)
    regions = {roads.admin1[node] for segment in way for node in roads.ends[segment]}
    return {
        fields.LAT: f"{point.y:.4f}",
        fields.LON: f"{point.x:.4f}",
        fields.REGION: place[fields.REGION] or "; ".join(sorted(regions)),
        fields.PRECISION_KM: place[fields.PRECISION_KM] or str(round(total / 2)),
        fields.SEGMENT_IDS: place[fields.SEGMENT_IDS] or "; ".join(way),
        fields.PLACE_BASIS: place["basis"] or "middle of the stretch of road that is named",
    }


def first_day(row: Mapping[str, str]) -> str:
    """Day that stands for a row: its own, or the first of the week or month it names.

    A week runs from Monday to Sunday, so that the official counts, collected by their last
    day, begin where the ministry has them begin.

    Raises
    ------
    ValueError
        If the date is no ISO day.
    """
    day = dt.date.fromisoformat(row[fields.DATE])
    if row[fields.DATE_PRECISION] == "week":
        day -= dt.timedelta(days=day.weekday())
    elif row[fields.DATE_PRECISION] == "month":
        day = day.replace(day=1)
    return day.isoformat()


def events(rows: Iterable[Row], placing: Placing, roads: Roads) -> list[dict[str, Value]]:
    """Events in order of id, each with its place, last day and whom it concerns.

    Raises
    ------
    KeyError
        If an event's place is missing from the table of places.
    ValueError
        If an event ends before it begins, or its date is no ISO day.
    """
    table: list[dict[str, Value]] = []
    for row in sorted(rows, key=lambda row: row[fields.EVENT_ID]):
        key = row[fields.EVENT_ID]
        place = placing.places[row[fields.PLACE], row[fields.LOCATION_PRECISION]]
        end = placing.ends.get(key, "")
        if end and dt.date.fromisoformat(end) < dt.date.fromisoformat(first_day(row)):
            raise ValueError(f"{key} ends on {end}, before it begins")
        table.append(
            {
                **row,
                fields.DATE: first_day(row),
                **placed(place, roads),
                fields.END_DATE: end,
                fields.APPLIES_TO: placing.applies.get(key) or applies_to(row),
                fields.ORIGIN: ORIGIN,
            }
        )
    return table


def convoys(rows: Iterable[Row], table: Iterable[Mapping[str, Value]]) -> list[dict[str, Value]]:
    """Convoys with their days and sources, in the order of the events.

    Parameters
    ----------
    rows : iterable of dict
        Columns ``event_id, node_ids, scope, tankers_low, tankers_high, litres, note``.
    table : iterable of dict
        The events as `events` gives them.

    Raises
    ------
    ValueError
        If a row names an event that is not there or is no arrival of a convoy.
    """
    known = {row[fields.EVENT_ID]: row for row in table}
    listed = []
    for row in rows:
        key = row[fields.EVENT_ID]
        event = known.get(key)
        if event is None or event[fields.EVENT_TYPE] not in CARRYING:
            raise ValueError(f"convoys.csv: {key} is no event that brings fuel")
        kept = (fields.DATE, fields.DATE_PRECISION, fields.END_DATE, fields.CONFIDENCE)
        told = (fields.SOURCE_NAME, fields.SOURCE_URL)
        listed.append({**row, **{column: event[column] for column in (*kept, *told)}})
    return sorted(listed, key=lambda row: str(row[fields.EVENT_ID]))


def write(folder: Path, rows: Iterable[Row], roads: Roads) -> None:
    """Write ``events.csv`` and ``convoys.csv`` into ``folder``."""
    table = events(rows, placing(), roads)
    build_tables.write_table(folder / "events.csv", COLUMNS, table)
    carried = convoys(build_tables.read_table("convoys.csv"), table)
    build_tables.write_table(folder / "convoys.csv", CONVOY_COLUMNS, carried)
