"""A reader taken over by its file may answer anything: it is refused, and nothing else happens."""

import datetime as dt
import struct

import geopandas as gpd
import pyarrow as pa
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata import fields as f
from geodata import sandbox, wire
from geodata.errors import GeodataError
from geodata.event_parse import Options, serve
from geodata.events_read import parse_events, read_events
from geodata.problems import Problem
from geodata.report import report
from tests import hostile_cases

TODAY = dt.date(2026, 4, 30)
PLAIN = hostile_cases.PLAIN.encode()
REPORT = report(range(2, 6), [
    Problem(3, "date", "31/02", "error", "dates.missing", {"a": 1}),
    Problem(None, None, None, "info", "events.hxl"),
    Problem(4, "lat", None, "warning", "events.near"),
])  # fmt: skip
POINTS = gpd.GeoDataFrame({"name": ["Ségou", None]}, geometry=shapely.points([[1, 2], [3, 4]]),
                          crs=4326)  # fmt: skip


def broken_offsets() -> bytes:
    """A column of text whose first cell ends a gigabyte past its bytes."""
    sent = wire.written(pa.table({f.NAME: ["a" * 77, "b"]}))
    assert sent.count(struct.pack("<3i", 0, 77, 78)) == 1
    return sent.replace(struct.pack("<3i", 0, 77, 78), struct.pack("<3i", 0, 2**30, 78))


def test_tables_reports_and_features_come_back_as_they_were_sent():
    table = pa.table({"name": ["Ségou", None], "n": [1, 2]})
    assert wire.read(wire.written(table)) == table
    again = wire.report_of(wire.counted(REPORT), wire.remarks(REPORT))
    assert again.to_json() == REPORT.to_json()
    assert again.to_csv("fr") == REPORT.to_csv("fr")
    assert again.keys == REPORT.keys
    points = wire.read_features(wire.written_features(POINTS))
    assert points.equals(POINTS)
    assert points.crs == POINTS.crs


def test_parts_are_cut_where_they_were_joined():
    assert wire.parts(b"abbccc", {"a": 1, "b": 2, "c": 3}) == {"a": b"a", "b": b"bb", "c": b"ccc"}


@pytest.mark.parametrize("read", [
    wire.read, wire.read_features, lambda data: wire.report_of(wire.counted(REPORT), data),
])  # fmt: skip
@pytest.mark.parametrize("stream", [
    b"", b"x", b"\xff" * 400, broken_offsets(), wire.written(pa.table({"a": [1]}))[:90],
], ids=["nothing", "byte", "noise", "offsets", "cut"])  # fmt: skip
def test_a_wrong_answer_is_refused(read, stream):
    with pytest.raises(GeodataError) as caught:
        read(stream)
    assert caught.value.key == "sandbox.answer"


@given(st.data())
@settings(max_examples=150)
def test_a_bent_answer_is_refused_or_whole(data):
    sent = wire.remarks(REPORT)
    place = data.draw(st.integers(0, len(sent) - 1))
    gone = data.draw(st.integers(0, 4))
    bent = sent[:place] + data.draw(st.binary(max_size=4)) + sent[place + gone :]
    try:
        told = wire.report_of(wire.counted(REPORT), bent)
    except GeodataError:
        return
    told.problems.table.validate(full=True)


def events_answer() -> tuple[dict[str, object], bytes]:
    params = {"today": TODAY.isoformat(), "area": None, "limits": {}}
    return serve(PLAIN, params)


def test_an_honest_answer_is_what_reading_it_here_gives(monkeypatch):
    monkeypatch.setattr(sandbox, "run", lambda *_, **__: events_answer())
    events, told = read_events(PLAIN, "x.csv", today=TODAY)
    here, told_here = parse_events(PLAIN, Options(today=TODAY, filename="x.csv"))
    assert len(events)
    assert events.drop(columns=[f.EVENT_ID, f.ORIGIN]).equals(
        here.drop(columns=[f.EVENT_ID, f.ORIGIN])
    )
    assert told.to_json() == told_here.to_json()


@pytest.mark.parametrize(("column", "cell"), [
    (f.DATE, "yesterday"), (f.LAT, "north"), (f.LAT, "91"), (f.TANKERS_LOW, "-1"),
    (f.SOURCE_URL, "javascript:alert(1)"), (f.EVENT_TYPE, "made up"), (f.DATE, 7), (f.DATE, None),
])  # fmt: skip
def test_a_lying_answer_gives_no_events(monkeypatch, column, cell):
    answer, payload = events_answer()
    parts = wire.parts(payload, answer["sizes"])
    table = wire.read(parts["events"])
    lie = pa.array([cell] * table.num_rows)
    events = wire.written(table.set_column(table.column_names.index(column), column, lie))
    sent = {**answer, "sizes": {**answer["sizes"], "events": len(events)}}
    monkeypatch.setattr(sandbox, "run", lambda *_, **__: (sent, parts["problems"] + events))
    found, told = read_events(PLAIN, "x.csv", today=TODAY)
    assert told.refused
    assert found.empty
