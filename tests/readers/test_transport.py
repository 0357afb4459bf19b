"""A reader taken over by its file may answer anything: it is refused, and nothing else happens."""

import datetime as dt
import struct
from contextlib import suppress

import geopandas as gpd
import pyarrow as pa
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata import schema as f
from geodata.cli.check_file import snapshot_report
from geodata.errors import GeodataError
from geodata.i18n import text
from geodata.readers import sandbox, transport
from geodata.readers.events.head import read_head
from geodata.readers.events.parser import EventOptions, serve
from geodata.readers.events.reader import parse_events, read_events
from geodata.readers.layers.reader import frame_of
from geodata.readers.report import Problem, Problems, report
from geodata.roads.upload import import_uploads
from geodata.sharing import snapshot
from tests.support import hostile_cases, layer_cases

TODAY = dt.date(2026, 4, 30)
PLAIN = hostile_cases.PLAIN.encode()
REPORT = report(range(2, 6), [
    Problem(3, "date", "31/02", "error", "dates.missing", {"a": 1}),
    Problem(None, None, None, "info", "events.hxl"),
    Problem(4, "lat", None, "warning", "events.near"),
])  # fmt: skip
POINTS = gpd.GeoDataFrame(
    {"name": ["Ségou", None]}, geometry=shapely.points([[1, 2], [3, 4]]), crs=4326
)


def broken_offsets() -> bytes:
    """A column of text whose first cell ends a gigabyte past its bytes."""
    sent = transport.to_arrow(pa.table({f.NAME: ["a" * 77, "b"]}))
    assert sent.count(struct.pack("<3i", 0, 77, 78)) == 1
    return sent.replace(struct.pack("<3i", 0, 77, 78), struct.pack("<3i", 0, 2**30, 78))


def test_tables_reports_and_features_come_back_as_they_were_sent():
    table = pa.table({"name": ["Ségou", None], "n": [1, 2]})
    assert transport.from_arrow(transport.to_arrow(table)) == table
    again = transport.read_report(transport.report_counts(REPORT), transport.problem_table(REPORT))
    assert again.to_json() == REPORT.to_json()
    assert again.to_csv("fr") == REPORT.to_csv("fr")
    assert again.keys == REPORT.keys
    points = transport.read_features(transport.written_features(POINTS))
    assert points.equals(POINTS)
    assert points.crs == POINTS.crs


def test_parts_are_cut_where_they_were_joined():
    assert transport.unpack(b"abbccc", {"a": 1, "b": 2, "c": 3}) == {
        "a": b"a",
        "b": b"bb",
        "c": b"ccc",
    }


@pytest.mark.parametrize("read", [
    transport.from_arrow,
    transport.read_features,
    lambda data: transport.read_report(transport.report_counts(REPORT), data),
])  # fmt: skip
@pytest.mark.parametrize("stream", [
    b"", b"x", b"\xff" * 400, broken_offsets(), transport.to_arrow(pa.table({"a": [1]}))[:90],
], ids=["nothing", "byte", "noise", "offsets", "cut"])  # fmt: skip
def test_a_wrong_answer_is_refused(read, stream):
    with pytest.raises(GeodataError) as caught:
        read(stream)
    assert caught.value.key == "sandbox.answer"


def drawn_report(data):
    told = transport.read_report(transport.report_counts(REPORT), data)
    assert told.to_text() + told.to_csv("fr") + told.to_json()


def drawn_features(data):
    assert transport.read_features(data).to_wkb() is not None


def drawn_layer(data):
    assert frame_of(data).to_wkb() is not None


def drawn_answer(data):
    answer, _ = sandbox._answer(bytearray(data), 1, 1)
    assert isinstance(answer, dict)


LAYER = transport.written_features(POINTS.assign(row=[1, 2]))
HEAD = b'{"answer": {"kind": "towns", "sizes": {"problems": 3}}}'
ANSWER = len(HEAD).to_bytes(8, "big") + HEAD + b"abc"
SENT = [
    (drawn_report, transport.problem_table(REPORT)),
    (drawn_features, transport.written_features(POINTS)),
    (drawn_layer, LAYER),
    (drawn_answer, ANSWER),
]


@pytest.mark.parametrize(("draw", "sent"), SENT)
def test_an_honest_answer_is_drawn(draw, sent):
    draw(sent)


@pytest.mark.parametrize(("draw", "sent"), SENT)
@given(data=st.data())
@settings(max_examples=150)
def test_a_damaged_answer_is_refused_or_can_be_drawn(draw, sent, data):
    place = data.draw(st.integers(0, len(sent) - 1))
    gone = data.draw(st.integers(0, 4))
    bent = sent[:place] + data.draw(st.binary(max_size=4)) + sent[place + gone :]
    with suppress(GeodataError):
        draw(bent)


@pytest.mark.parametrize("head", [
    b"junk", b"[]", b"7", b"{}", b'{"error": "made.up", "params": {}}', b'{"error": "table.empty"}',
    b'{"answer": []}', b"[" * 100_000, b"1" * 5_000,
], ids=lambda head: repr(head[:12]))  # fmt: skip
def test_an_answer_whose_head_is_wrong_is_refused(head):
    with pytest.raises(GeodataError) as caught:
        drawn_answer(len(head).to_bytes(8, "big") + head)
    assert caught.value.key == "sandbox.answer"


def bombs():
    """Streams of a few kilobytes that would take hundreds of megabytes."""
    zeros = pa.table({f.NAME: pa.array(["a" * 10_000_000])})
    sink = pa.BufferOutputStream()
    options = pa.ipc.IpcWriteOptions(compression="zstd")
    with pa.ipc.new_stream(sink, zeros.schema, options=options) as writer:
        writer.write_table(zeros)
    yield "compressed", bytes(sink.getvalue())
    yield "nothing", transport.to_arrow(pa.table({f.NAME: pa.nulls(30_000_000)}))
    same = pa.DictionaryArray.from_arrays(pa.array([0] * 1_000, pa.int8()), ["a" * 1_000])
    yield "dictionary", transport.to_arrow(pa.table({f.NAME: same}))
    views = pa.array(["a" * 1_000] * 9, pa.string_view())
    yield "views", transport.to_arrow(pa.table({f.NAME: views}))
    yield "nested", transport.to_arrow(pa.table({f.NAME: [[[1]]]}))


@pytest.mark.parametrize(("name", "bomb"), list(bombs()))
def test_what_takes_more_memory_than_it_has_bytes_is_refused(name, bomb):
    before = pa.total_allocated_bytes()
    with pytest.raises(GeodataError) as caught:
        transport.from_arrow(bomb)
    assert caught.value.key == "sandbox.answer"
    assert pa.total_allocated_bytes() - before < 1_000_000


@pytest.mark.parametrize("sizes", [
    {"a": 3, "b": -3, "c": 3}, {"a": 2}, {"a": 4}, {"a": "3"}, {"a": 3.0}, {"a": True, "b": 2}, [3],
    None,
])  # fmt: skip
def test_sizes_that_are_not_those_of_the_bytes_are_refused(sizes):
    with pytest.raises(GeodataError) as caught:
        transport.unpack(b"abc", sizes)
    assert caught.value.key == "sandbox.answer"


@pytest.mark.parametrize("lie", [
    {"read": "4"}, {"read": 5}, {"warned": -1, "accepted": 3}, {"refused": 1}, {"read": None},
    {"read": True, "accepted": 0, "warned": 0, "rejected": 1},
])  # fmt: skip
def test_counts_that_are_none_or_do_not_add_up_are_refused(lie):
    with pytest.raises(GeodataError) as caught:
        transport.read_report(
            {**transport.report_counts(REPORT), **lie}, transport.problem_table(REPORT)
        )
    assert caught.value.key == "sandbox.answer"


@pytest.mark.parametrize(("column", "cell"), [
    ("severity", "fatal"), ("severity", None), ("key", "made.up"), ("key", None), ("row", "3"),
])  # fmt: skip
def test_remarks_of_no_known_kind_are_refused(column, cell):
    table = transport.from_arrow(transport.problem_table(REPORT))
    lie = table.set_column(table.column_names.index(column), column, pa.array([cell] * 3))
    with pytest.raises(GeodataError) as caught:
        transport.read_report(transport.report_counts(REPORT), transport.to_arrow(lie))
    assert caught.value.key == "sandbox.answer"


@pytest.mark.parametrize("params", [
    "{", "[1]", "1", '{"other": 1}', "[" * 100_000, '{"limit": {"a": 1}}',
])  # fmt: skip
def test_a_remark_whose_values_do_not_fit_says_so(params):
    found = [Problem(3, None, None, "error", "table.row_limit", {"limit": 7})]
    table = Problems.of(found).table
    lie = table.set_column(5, "params", pa.array([params]))
    (problem,) = Problems(lie)
    assert problem.row == 3
    assert problem.message() == text("sandbox.answer") or params == '{"limit": {"a": 1}}'


@pytest.mark.parametrize("answer", [
    {}, {"sizes": [1]}, {"sizes": {}}, {"sizes": None, "report": None}, {"sizes": {"problems": 0}},
])  # fmt: skip
def test_an_answer_without_its_parts_is_refused_by_every_reader(monkeypatch, answer):
    monkeypatch.setattr(sandbox, "run", lambda *_, **__: (dict(answer), b""))
    assert read_events(PLAIN, "x.csv", today=TODAY)[1].problems[0].key == "sandbox.answer"
    assert layer_cases.layer_report(b"{}")[1].problems[0].key == "sandbox.answer"
    assert snapshot_report(b"{}").problems[0].key == "sandbox.answer"
    for read in (read_head, import_of, snapshot.read_apart):
        with pytest.raises(GeodataError) as caught:
            read(b"{}")
        assert caught.value.key == "sandbox.answer"


def import_of(data):
    return import_uploads({"roads": data, "towns": data})


def events_answer() -> tuple[dict[str, object], bytes]:
    params = {"today": TODAY.isoformat(), "area": None, "limits": {}}
    return serve(PLAIN, params)


def test_an_honest_answer_is_what_reading_it_here_gives(monkeypatch):
    monkeypatch.setattr(sandbox, "run", lambda *_, **__: events_answer())
    events, told = read_events(PLAIN, "x.csv", today=TODAY)
    here, told_here = parse_events(PLAIN, EventOptions(today=TODAY, filename="x.csv"))
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
    parts = transport.unpack(payload, answer["sizes"])
    table = transport.from_arrow(parts["events"])
    lie = pa.array([cell] * table.num_rows)
    events = transport.to_arrow(table.set_column(table.column_names.index(column), column, lie))
    sent = {**answer, "sizes": {**answer["sizes"], "events": len(events)}}
    monkeypatch.setattr(sandbox, "run", lambda *_, **__: (sent, parts["problems"] + events))
    found, told = read_events(PLAIN, "x.csv", today=TODAY)
    assert told.refused
    assert found.empty
