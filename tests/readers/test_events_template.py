"""The empty table that users fill in."""

import datetime as dt

from geodata import schema as f
from geodata.readers.events.parser import EventOptions
from geodata.readers.events.reader import parse_events
from geodata.readers.events.template import COLUMNS, template_csv

TODAY = dt.date(2026, 4, 30)


def test_the_empty_template_is_read_and_holds_no_event() -> None:
    events, report = parse_events(template_csv(), EventOptions(today=TODAY))
    assert not report.refused
    assert events.empty


def test_each_column_of_a_filled_template_is_read() -> None:
    row = {
        f.DATE: "2025-09-13",
        f.END_DATE: "2025-09-15",
        f.EVENT_TYPE: "ambush",
        f.PLACE: "Gao",
        f.REGION: "Gao",
        f.LAT: "16.27",
        f.LON: "-0.04",
        f.LOCATION_PRECISION: "town",
        f.EFFECT: "closed",
        f.APPLIES_TO: "fuel",
        f.CORRIDOR: "RN16",
        f.ACTOR: "unknown",
        f.SOURCE_NAME: "a report",
        f.SOURCE_URL: "https://example.org/a",
        f.SOURCE_DATE: "2025-09-16",
        f.CONFIDENCE: "low",
        f.SUMMARY: "A truck was burnt.",
    }
    data = template_csv() + ",".join(row[name] for name in COLUMNS).encode()
    events, report = parse_events(data, EventOptions(today=TODAY))
    assert report.problems == ()
    assert {name: str(events[name][0]) for name in COLUMNS} == row
