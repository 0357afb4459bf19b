"""The tables of the HTML page: those of the brief, and every town, road and event."""

from typing import Any

import pandas as pd

from geodata import schema as f
from geodata.analysis.situation import reason_text
from geodata.events.summaries import place, summary
from geodata.export.brief import Brief
from geodata.export.brief_tables import NO_VALUE
from geodata.export.drawn_roads import drawn_states
from geodata.export.names import node_name, region_name, segment_name, town_state
from geodata.i18n import number
from geodata.sanitize import printable, web_address
from geodata.schema import Measure
from geodata.sharing.publication import Publication

Cell = dict[str, Any]


def page_tables(content: Brief, release: Publication) -> list[dict[str, Any]]:
    """Return every table: title, headers, rows of cells with text, number to sort by, address."""
    brief_tables = [
        {
            "key": table.key,
            "title": table.title,
            "head": list(table.head),
            "note": table.note,
            "numeric": list(table.numeric),
            "count": table.towns or len(table.rows),
            "rows": [[{"t": printable(cell)} for cell in row] for row in table.rows],
            "first": release.changes_first and table is content.tables[0],
        }
        for table in content.tables
    ]
    return [*brief_tables, _towns(release), _segments(release), _events(release)]


def _towns(release: Publication) -> dict[str, Any]:
    towns = release.situation.access.towns.sort_values([f.ADMIN1, f.NAME])
    if release.situation.conditions.by == Measure.HOURS:
        now, extra, decimals, figures = f.HOURS, f.DETOUR_HOURS, 1, ("hours_now", "extra_hours")
    else:
        now, extra, decimals, figures = f.DISTANCE_KM, f.DETOUR_KM, 0, ("km_now", "extra")
    rows = []
    for _, town in towns.iterrows():
        supply = town[f.SUPPLY_POINT]
        rows.append(
            [
                {"t": printable(town[f.NAME]), "town": str(town[f.NODE_ID])},
                {"t": printable(region_name(release, town[f.ADMIN1]))},
                _number(release, town[f.POPULATION]),
                {"t": town_state(release, town)},
                {
                    "t": printable(node_name(release, supply))
                    if isinstance(supply, str)
                    else NO_VALUE
                },
                _number(release, town[now], decimals),
                _number(release, town[extra], decimals),
                _number(release, town[f.INDEPENDENT_ROUTES]),
            ]
        )
    head = ("town", "region", "people", "state", "supply", *figures, "routes")
    return _table(release, "towns", head, rows, (2, 5, 6, 7))


def _segments(release: Publication) -> dict[str, Any]:
    states = drawn_states(release.situation)
    km = release.situation.dataset.network.segments.set_index(f.SEGMENT_ID)[f.LENGTH_KM]
    rows = [
        [
            {"t": printable(segment_name(release, row[f.SEGMENT_ID])), "road": row[f.SEGMENT_ID]},
            _number(release, km[row[f.SEGMENT_ID]]),
            {"t": release.say(f"core.segment_state.{row[f.STATE]}")},
            {"t": printable(reason_text(release.situation, row[f.SEGMENT_ID], release.lang))},
        ]
        for _, row in states.iterrows()
    ]
    return _table(release, "segments", ("road", "km", "state", "why"), rows, (1,))


def _events(release: Publication) -> dict[str, Any]:
    rows = []
    for _, event in release.events.sort_values(f.DATE, ascending=False).iterrows():
        address = web_address(event[f.SOURCE_URL])
        source: Cell = {"t": printable(event[f.SOURCE_NAME] or NO_VALUE)}
        if address:
            source["u"] = address
        rows.append(
            [
                {"t": release.day(event[f.DATE]), "n": event[f.DATE].toordinal()},
                {"t": release.say(f"export.event_type_{event[f.EVENT_TYPE]}")},
                {"t": printable(place(event, release.lang) or NO_VALUE)},
                {"t": printable(summary(event, release.lang))},
                source,
                {"t": release.say(f"export.confidence_{event[f.CONFIDENCE]}")},
            ]
        )
    head = ("date", "type", "place", "summary", "source", "confidence")
    return _table(release, "events", head, rows, ())


def _table(
    release: Publication,
    key: str,
    head: tuple[str, ...],
    rows: list[list[Cell]],
    numeric: tuple[int, ...],
) -> dict[str, Any]:
    return {
        "key": key,
        "title": release.say(f"export.table_{key}"),
        "note": "",
        "count": len(rows),
        "rows": rows,
        "head": [release.say(f"export.head_{name}") for name in head],
        "numeric": list(numeric),
        "long": True,
    }


def _number(release: Publication, value: float, decimals: int = 0) -> Cell:
    if pd.isna(value):
        return {"t": NO_VALUE, "n": None}
    return {"t": number(value, release.lang, decimals=decimals), "n": float(value)}
