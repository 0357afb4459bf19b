"""Honest files and links, damaged at random: what comes back is a report or a plain refusal.

Other tests feed each reader what is random from the start. Here a good file of every kind is
slightly damaged, so that the damage gets past the first look and deep into the reader.
"""

import copy
import datetime as dt
import io
import json
import zipfile
from functools import cache, lru_cache
from urllib.parse import quote

import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from geodata.analysis.situation import situation
from geodata.errors import GeodataError
from geodata.events.table import COLUMNS
from geodata.network.study_area import study_area
from geodata.readers import sandbox
from geodata.readers.events.parser import EventOptions
from geodata.readers.events.reader import parse_events
from geodata.readers.layers import gdal
from geodata.readers.limits import UPLOAD
from geodata.readers.report import Report
from geodata.sharing.fingerprints import known
from geodata.sharing.permalink import Notice, ViewState, format, parse
from geodata.sharing.snapshot import check, differences, read, restored, write
from tests.support import hostile_cases, layer_cases
from tests.support.hostile_strings import LINES, STRINGS
from tests.support.publications import published

TODAY = dt.date(2026, 4, 30)
SLOW = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
FEW = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
ODD = st.sampled_from([
    *LINES, "", "0", "-0", "1e999", "NaN", "2025-02-30", "99999999999999999999", "\ufeff", '"', "'",
    ",", ";", "\t", "\r", "\n", "\ud7ff", "٣", "−3",
])  # fmt: skip
PLAIN = st.none() | st.booleans() | st.integers() | st.floats() | ODD | st.text(max_size=20)
JSON = st.recursive(
    PLAIN,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(ODD | st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)


@st.composite
def damaged(draw, data: bytes) -> bytes:
    """``data`` with a few bytes changed, cut out, doubled or put in."""
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(data)))
        end = min(len(data), start + draw(st.sampled_from([0, 1, 2, 7, 60, 10**9])))
        put = draw(st.binary(max_size=6) | ODD.map(str.encode) | st.just(data[start:end] * 2))
        data = data[:start] + put + data[end:]
    return data


@st.composite
def bent(draw, tree):
    """A JSON tree with one or two of its parts replaced, dropped or renamed."""
    tree = copy.deepcopy(tree)
    for _ in range(draw(st.integers(1, 2))):
        here = tree
        while True:
            keys = list(here) if isinstance(here, dict) else list(range(len(here)))
            if not keys:
                break
            key = draw(st.sampled_from(keys))
            if isinstance(here[key], dict | list) and here[key] and draw(st.booleans()):
                here = here[key]
                continue
            change = draw(st.sampled_from(["replace", "drop", "rename"]))
            value = here.pop(key)
            if change == "replace" or (change == "rename" and isinstance(here, list)):
                value = draw(JSON)
            if isinstance(here, dict) and change != "drop":
                here[draw(ODD) if change == "rename" else key] = value
            elif change != "drop":
                here.insert(key, value)
            break
    return tree


def told(report: Report) -> None:
    """The report is whole, in both languages and both forms."""
    assert report.read == report.accepted + report.warned + report.rejected
    assert report.exit_code in (0, 1, 2)
    assert not report.refused or report.problems
    for lang in ("en", "fr"):
        assert json.loads(report.to_json(lang))["read"] == report.read
        assert report.to_text(lang)
        assert report.to_csv(lang)


def opened(data: bytes) -> None:
    events, report = parse_events(data, EventOptions(today=TODAY, filename="x", area=study_area()))
    told(report)
    assert list(events.columns) == list(COLUMNS)
    assert len(events) == report.accepted + report.warned


@SLOW
@given(st.data())
def test_a_damaged_table_of_events_gives_a_report(data):
    opened(data.draw(damaged(hostile_cases.PLAIN.encode())))


@SLOW
@given(
    st.lists(
        st.tuples(st.integers(0, 11), st.integers(0, 11), ODD | st.text(max_size=30)),
        min_size=1,
        max_size=8,
    )
)
def test_odd_cells_give_a_report(changes):
    rows = hostile_cases.base()
    for row, column, value in changes:
        rows[row][hostile_cases.HEADER[column]] = value
    opened(hostile_cases.table(rows).encode("utf-8", "surrogatepass"))


@lru_cache(maxsize=1)
def workbook() -> bytes:
    """A good workbook, made once: it holds the time of its making, so two differ in length."""
    return hostile_cases.workbook(
        [hostile_cases.HEADER, *(row.values() for row in hostile_cases.base())]
    )


@FEW
@given(st.data())
def test_a_damaged_workbook_gives_a_report(data):
    good = workbook()
    with zipfile.ZipFile(io.BytesIO(good)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = data.draw(st.sampled_from(sorted(parts)))
    parts[name] = data.draw(damaged(parts[name]))
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    opened(made.getvalue())
    opened(data.draw(damaged(good)))


LAYERS = {
    "geojson": layer_cases.towns,
    "geopackage": lambda: layer_cases.written(layer_cases.frame(), "GPKG", layer="towns"),
    "flatgeobuf": lambda: layer_cases.written(layer_cases.frame(), "FlatGeobuf"),
    "shapefile": lambda: layer_cases.zipped(layer_cases.shapefile()),
    "geoparquet": lambda: layer_cases.parquet(layer_cases.frame()),
}


@cache
def layer(kind: str) -> bytes:
    """A good file of a kind, made once, since some hold the time of their making."""
    return LAYERS[kind]()


@pytest.mark.parametrize("kind", LAYERS)
@settings(
    max_examples=3,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)
@given(st.data())
def test_damaged_layers_give_a_report_or_a_refusal(kind, data):
    """Many at once in one bounded process, under GDAL's switches, as each is in use."""
    good = layer(kind)
    bad = data.draw(st.lists(damaged(good), min_size=12, max_size=24))
    answer, _ = sandbox.run(
        "tests.support.probes:layers",
        b"",
        {"files": [each.hex() for each in bad]},
        seconds=60,
        memory_mb=UPLOAD.memory_mb,
        environment=gdal.environment(),
    )
    assert answer["unforeseen"] == []
    assert answer["read"] + answer["refused"] == len(bad)


@SLOW
@given(bent(json.loads(layer_cases.towns())))
def test_a_damaged_geojson_gives_a_layer_or_a_refusal(tree):
    from tests.support.probes import layers

    text = json.dumps(tree).encode("utf-8", "surrogatepass")
    answer, _ = layers(b"", {"files": [text.hex()]})
    assert answer["unforeseen"] == []


@lru_cache(maxsize=1)
def snapshot(mali) -> bytes:
    state = ViewState(cut=mali.network.segment_ids[:4], date=dt.date(2025, 11, 10))
    return write(published(mali, state, dt.date(2026, 1, 1)))


@SLOW
@given(st.data())
def test_a_snapshot_with_changed_values_opens_or_is_refused(mali, data):
    tree = data.draw(bent(json.loads(snapshot(mali))))
    content = json.dumps(tree).encode("utf-8", "surrogatepass")
    told(check(content, known=known(mali)))
    try:
        found = read(content, known=known(mali))
    except GeodataError:
        return
    now = restored(found, mali)
    assert isinstance(now.access.towns, pd.DataFrame)
    assert isinstance(differences(found, now).data, tuple)


@SLOW
@given(st.data())
def test_a_damaged_snapshot_opens_or_is_refused(mali, data):
    told(check(data.draw(damaged(snapshot(mali))), known=known(mali)))


NAMES = st.sampled_from(
    [
        "cut",
        "reopen",
        "off",
        "vehicle",
        "traffic",
        "by",
        "date",
        "window",
        "preset",
        "rules",
        "compare",
        "lang",
        "town",
        "view",
        "corridor",
        "region",
        "hide",
        "show",
        "tab",
        "title",
        "note",
        "network",
        "data",
        "v",
    ]
)
VALUES = ODD | st.text(max_size=40) | st.sampled_from([
    "none", "date:2025-11-10;cut:x", "date:;cut:%3B", "~AAAAAA3.AAAA", "~", "2025-11-10", "fuel",
    "tanker", "hours", "a:1,b:2", "reach_km:1e9", "999999,0,0", "12,-8,5", "-1", "366",
])  # fmt: skip


def shown(mali, query) -> ViewState:
    """A link is opened, its notices are read, its situation computed and its link written again."""
    here = known(mali)
    state, notices = parse(query, known=here)
    for notice in notices:
        assert isinstance(notice, Notice)
        for lang in ("en", "fr"):
            words = notice.text(lang)
            assert len(words) < 700
            assert words.isprintable() or set(words) <= {"\u00a0", "\u202f"} | set(
                filter(str.isprintable, words)
            )
    found = situation(mali, state.scenario)
    assert len(found.access.towns) == len(mali.network.towns)
    other = published(mali, state, dt.date(2026, 1, 1)).compared
    assert other is None or len(other.access.towns)
    again, _ = parse(format(state, known=here), known=here)
    assert again == state
    return state


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(query=st.lists(st.tuples(NAMES, VALUES), max_size=8))
@example(query=[("cut", ",".join(f"x{n}" for n in range(10_000)))])
@example(query=[("cut", "bamako--segou," * 20_000)])
@example(query=[("date", "9" * 10_000), ("view", "1e9,nan,inf"), ("window", "-5")])
def test_any_link_is_shown(mali, query):
    shown(mali, "&".join(f"{name}={quote(value, safe='')}" for name, value in query))


@pytest.mark.parametrize("name", STRINGS)
def test_each_hostile_string_in_every_parameter_of_a_link(mali, name):
    value = quote(STRINGS[name], safe="")
    names = (
        "cut",
        "town",
        "preset",
        "compare",
        "title",
        "note",
        "rules",
        "tab",
        "date",
        "view",
        "off",
        "hide",
        "show",
        "corridor",
        "region",
        "by",
        "window",
        "lang",
        "network",
        "data",
        "v",
    )
    state = shown(mali, "&".join(f"{each}={value}" for each in names))
    assert state.cut == ()
