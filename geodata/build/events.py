"""The shipped table of events: each with a place on the network, or none at all."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from geodata import schema
from geodata.build import roads as build_roads
from geodata.build import tables
from geodata.build.roads import Roads
from geodata.build.tables import Row, Value

ORIGIN: Final = "events.csv"
TOWN_RADIUS_KM: Final = "3"
COLUMNS: Final = (
    schema.EVENT_ID,
    schema.DATE,
    schema.DATE_PRECISION,
    schema.END_DATE,
    schema.EVENT_TYPE,
    schema.PLACE,
    schema.REGION,
    schema.LAT,
    schema.LON,
    schema.LOCATION_PRECISION,
    schema.PRECISION_KM,
    schema.PLACE_BASIS,
    schema.NODE_ID,
    schema.SEGMENT_IDS,
    schema.CORRIDOR,
    schema.ACTOR,
    schema.EFFECT,
    schema.APPLIES_TO,
    schema.TANKERS_LOW,
    schema.TANKERS_HIGH,
    schema.FATALITIES_LOW,
    schema.FATALITIES_HIGH,
    schema.SOURCE_NAME,
    schema.SOURCE_URL,
    schema.SOURCE_DATE,
    schema.CONFIDENCE,
    schema.SUMMARY,
    schema.ORIGIN,
)
CONVOY_COLUMNS: Final = (
    schema.EVENT_ID,
    schema.DATE,
    schema.DATE_PRECISION,
    schema.END_DATE,
    "node_ids",
    "scope",
    "tankers_low",
    "tankers_high",
    "litres",
    schema.CONFIDENCE,
    schema.SOURCE_NAME,
    schema.SOURCE_URL,
    schema.SOURCE_DATE,
    "note",
)
FRENCH_COLUMNS: Final = (
    schema.EVENT_ID,
    schema.SUMMARY,
    "summary_fr",
    schema.PLACE,
    "place_fr",
)
# A decision may report tankers let through just as an arrival does.
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
        Last day as reported, and the traffic affected where the rule would be wrong.
    """

    places: Mapping[tuple[str, str], Row]
    ends: Mapping[str, str]
    applies: Mapping[str, str]


def placing() -> Placing:
    """Read the shipped tables of places, last days and exceptions."""
    places = tables.read_table("event_places.csv")
    ends = tables.read_table("event_ends.csv")
    applies = tables.read_table("event_applies.csv")
    return Placing(
        {(row[schema.PLACE], row[schema.LOCATION_PRECISION]): row for row in places},
        {row[schema.EVENT_ID]: row[schema.END_DATE] for row in ends},
        {row[schema.EVENT_ID]: row[schema.APPLIES_TO] for row in applies},
    )


def applies_to(row: Mapping[str, str]) -> str:
    """Return the traffic that an event affects: ``escorted``, ``fuel`` or ``all``.

    The rule, in this order: the arrival of a convoy shows that escorted traffic passes; a
    siege, a checkpoint or a coach firm's, town's or traveller's trouble concerns all traffic;
    an event described only in terms of tankers and fuel concerns fuel; the rest, all traffic.
    """
    if row[schema.EVENT_TYPE] == "convoy_arrival":
        return "escorted"
    summary = row[schema.SUMMARY]
    if row[schema.EVENT_TYPE] in {"siege", "checkpoint"} or _OTHERS.search(summary):
        return "all"
    return "fuel" if _FUEL.search(summary) else "all"


def placed(place: Row, roads: Roads) -> dict[str, Value]:
    """Return where an event lies: coordinates, how exact, and the nodes and segments it names.

    A place known only by its region has no coordinates at all, so that nothing can draw it
    or snap it to a road.
    """
    values: dict[str, Value] = {
        schema.REGION: place[schema.REGION],
        schema.LAT: place[schema.LAT],
        schema.LON: place[schema.LON],
        schema.PRECISION_KM: place[schema.PRECISION_KM],
        schema.NODE_ID: place[schema.NODE_ID],
        schema.SEGMENT_IDS: place[schema.SEGMENT_IDS],
        schema.PLACE_BASIS: place["basis"] or "known only by its region: no point",
    }
    if place[schema.NODE_ID]:
        values |= _at_node(place, roads)
    elif place[schema.FROM_NODE]:
        values |= _on_stretch(place, roads)
    return values


def _at_node(place: Row, roads: Roads) -> dict[str, Value]:
    node = place[schema.NODE_ID]
    return {
        schema.LAT: f"{roads.points[node].y:.4f}",
        schema.LON: f"{roads.points[node].x:.4f}",
        schema.REGION: roads.admin1[node],
        schema.PRECISION_KM: place[schema.PRECISION_KM] or TOWN_RADIUS_KM,
        schema.PLACE_BASIS: place["basis"] or "node of the network",
    }


def _on_stretch(place: Row, roads: Roads) -> dict[str, Value]:
    start, end = place[schema.FROM_NODE], place[schema.TO_NODE]
    way = build_roads.stretch(roads, start, end)
    total = sum(roads.lengths[segment] for segment in way)
    km = float(place["at_km"] or total / 2)
    point = build_roads.along(roads, start, way, km)
    regions = {roads.admin1[node] for segment in way for node in roads.ends[segment]}
    return {
        schema.LAT: f"{point.y:.4f}",
        schema.LON: f"{point.x:.4f}",
        schema.REGION: place[schema.REGION] or "; ".join(sorted(regions)),
        schema.PRECISION_KM: place[schema.PRECISION_KM] or str(round(total / 2)),
        schema.SEGMENT_IDS: place[schema.SEGMENT_IDS] or "; ".join(way),
        schema.PLACE_BASIS: place["basis"] or "middle of the stretch of road that is named",
    }


def first_day(row: Mapping[str, str]) -> str:
    """Return the day that stands for a row: its own, or the first of the week or month it names.

    A week runs from Monday to Sunday, so that the official counts, collected by their last
    day, begin where the ministry has them begin.

    Raises
    ------
    ValueError
        If the date is no ISO day.
    """
    day = dt.date.fromisoformat(row[schema.DATE])
    if row[schema.DATE_PRECISION] == "week":
        day -= dt.timedelta(days=day.weekday())
    elif row[schema.DATE_PRECISION] == "month":
        day = day.replace(day=1)
    return day.isoformat()


def events(rows: Iterable[Row], placing: Placing, roads: Roads) -> list[dict[str, Value]]:
    """Return the events in order of id, each with its place, last day and traffic affected.

    Raises
    ------
    KeyError
        If an event's place is missing from the table of places.
    ValueError
        If an event ends before it begins, or its date is no ISO day.
    """
    table: list[dict[str, Value]] = []
    for row in sorted(rows, key=lambda row: row[schema.EVENT_ID]):
        key = row[schema.EVENT_ID]
        place = placing.places[row[schema.PLACE], row[schema.LOCATION_PRECISION]]
        end = placing.ends.get(key, "")
        if end and dt.date.fromisoformat(end) < dt.date.fromisoformat(first_day(row)):
            raise ValueError(f"{key} ends on {end}, before it begins")
        table.append(
            {
                **row,
                schema.DATE: first_day(row),
                **placed(place, roads),
                schema.END_DATE: end,
                schema.APPLIES_TO: placing.applies.get(key) or applies_to(row),
                schema.ORIGIN: ORIGIN,
            }
        )
    return table


def convoys(rows: Iterable[Row], table: Iterable[Mapping[str, Value]]) -> list[dict[str, Value]]:
    """Return the convoys with their days and sources, in the order of the events.

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
    known = {row[schema.EVENT_ID]: row for row in table}
    listed = []
    for row in rows:
        key = row[schema.EVENT_ID]
        event = known.get(key)
        if event is None or event[schema.EVENT_TYPE] not in CARRYING:
            raise ValueError(f"convoys.csv: {key} is no event that brings fuel")
        columns = (schema.DATE, schema.DATE_PRECISION, schema.END_DATE, schema.CONFIDENCE)
        source_columns = (schema.SOURCE_NAME, schema.SOURCE_URL, schema.SOURCE_DATE)
        listed.append({**row, **{column: event[column] for column in (*columns, *source_columns)}})
    return sorted(listed, key=lambda row: str(row[schema.EVENT_ID]))


def french_words(table: Iterable[Mapping[str, Value]]) -> list[dict[str, Value]]:
    """Return each event's id, its summary and place as corrected, and the French that go with them.

    Raises
    ------
    ValueError
        If an event has no French summary or place, or one stands there without its event.
    """
    french = {row[schema.EVENT_ID]: row for row in tables.read_table("summaries_fr.csv")}
    rows = [{**row, **french.pop(str(row[schema.EVENT_ID]), {})} for row in table]
    missing = [
        row[schema.EVENT_ID]
        for row in rows
        if not row.get("summary_fr") or bool(row[schema.PLACE]) != bool(row.get("place_fr"))
    ]
    if missing or french:
        raise ValueError(f"summaries_fr.csv does not fit the events: {[*missing, *french][:5]}")
    return rows


def write(folder: Path, rows: Iterable[Row], roads: Roads) -> None:
    """Write ``events.csv`` and ``convoys.csv`` into ``folder``."""
    table = events(rows, placing(), roads)
    tables.write_table(folder / "events.csv", COLUMNS, table)
    tables.write_table(folder / "summaries_fr.csv", FRENCH_COLUMNS, french_words(table))
    carried = convoys(tables.read_table("convoys.csv"), table)
    tables.write_table(folder / "convoys.csv", CONVOY_COLUMNS, carried)
