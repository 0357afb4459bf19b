"""A snapshot gives back the same view, reports what changed since, and survives hostile input."""

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata import schema as f
from geodata.analysis.situation import situation
from geodata.dataset import Dataset
from geodata.errors import GeodataError
from geodata.events.table import COLUMNS
from geodata.network.model import Network
from geodata.readers.limits import UPLOAD
from geodata.schema import Vehicle
from geodata.sharing import snapshot
from geodata.sharing.fingerprints import fingerprint, known
from geodata.sharing.permalink import KnownIds, Note, ViewState
from geodata.sharing.publication import Sensitivity
from tests.sharing.test_publication import SECRET, own_events
from tests.support.publications import published

MADE = dt.date(2026, 11, 22)
NOTE = Note("gao--bourem", "bridge <b>down</b>", "call", dt.date(2025, 11, 7), "A. Author")
STATE = ViewState(
    cut=("gao--bourem", "sevare--mopti"),
    off=("dakar",),
    vehicle=Vehicle.TANKER,
    date=dt.date(2025, 11, 8),
    compare="2025-10-06",
    lang="en",
    notes=(NOTE,),
    title="Eve of the convoy",
)
CORPUS = Path(__file__).parents[3] / "shared" / "hostile" / "s04_hostile_strings.json"


def taken(dataset: Dataset, state: ViewState = STATE, **options: object) -> bytes:
    return snapshot.write(published(dataset, state, MADE), **options)


def test_a_snapshot_gives_back_the_state_and_the_same_results(mali: Dataset) -> None:
    old = snapshot.read(taken(mali), known=known(mali))
    assert replace(old.state, data="") == STATE
    assert old.state.data == fingerprint(mali)
    assert old.notices == ()
    difference = snapshot.differences(old, snapshot.restored(old, mali))
    assert difference.same
    assert difference.data == ()


def test_the_same_view_gives_the_same_bytes(mali: Dataset) -> None:
    assert taken(mali) == taken(mali)


def test_changed_data_are_named_and_so_are_the_towns_that_differ(mali: Dataset) -> None:
    old = snapshot.read(taken(mali))
    network = mali.network
    without = network.segments[network.segments[f.SEGMENT_ID] != "bourem--anefis"]
    now = Dataset(Network(network.nodes, without, focus_country=network.focus_country))
    difference = snapshot.differences(old, situation(now, replace(STATE, data="").scenario))
    assert difference.data == ("network",)
    fewer = replace(mali, with_shipped_events=False)
    difference = snapshot.differences(old, situation(fewer, STATE.scenario))
    assert difference.data == ("events",)
    assert not difference.same
    lines = difference.towns.set_index(f.NODE_ID)
    assert lines.loc["nioro", "state_before"] == "isolated"
    assert lines.loc["nioro", "state"] != "isolated"
    assert difference.summary["isolated"][0] > difference.summary["isolated"][1]


def test_a_town_that_is_new_or_gone_has_an_empty_side(mali: Dataset) -> None:
    content = json.loads(taken(mali))
    content["results"]["towns"] = [["atlantis", "open", "dakar", 1.0, 0.0]]
    old = snapshot.read(json.dumps(content).encode())
    lines = snapshot.differences(old, situation(mali, STATE.scenario)).towns.set_index(f.NODE_ID)
    assert lines.loc["atlantis", "state"] == ""
    assert lines.loc["mopti", "state_before"] == ""


def test_tables_are_included_only_on_request_and_checked_against_the_schema(mali: Dataset) -> None:
    dataset = replace(mali, added_events=own_events())
    assert snapshot.read(taken(dataset)).events is None
    old = snapshot.read(taken(dataset, with_events=True))
    inside = snapshot.events_inside(old)
    assert inside is not None
    assert list(inside[f.EVENT_ID]) == ["own-1", "own-2", "own-3"]
    assert snapshot.differences(old, snapshot.restored(old, mali)).same
    damaged = replace(old, events=old.events.assign(lat="north"))
    with pytest.raises(GeodataError):
        snapshot.events_inside(damaged)


def test_a_public_snapshot_holds_no_note_and_no_word_of_the_user(mali: Dataset) -> None:
    dataset = replace(mali, added_events=own_events())
    release = published(dataset, STATE, MADE, level=Sensitivity.PUBLIC)
    text = snapshot.write(release, with_events=True).decode()
    for secret in (SECRET, "a named group", "the exact yard", "A. Author", "bridge"):
        assert secret not in text


def test_ids_that_are_not_here_are_named(mali: Dataset) -> None:
    here = KnownIds(segments=("sevare--mopti",), supply_points=("dakar",))
    old = snapshot.read(taken(mali), known=here)
    assert old.state.cut == ("sevare--mopti",)
    assert old.state.notes == ()
    assert {notice.key for notice in old.notices} == {
        "state.unknown_segments",
        "state.unknown_notes",
    }


def damaged(content: dict, **changes: object) -> bytes:
    return json.dumps(content | changes).encode()


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"version": 999}, "snapshot.version"),
        ({"version": True}, "snapshot.version"),
        ({"version": "1"}, "snapshot.version"),
        ({"format": "something else"}, "snapshot.not_a_snapshot"),
        ({"state": ["cut"]}, "snapshot.damaged"),
        ({"state": {"cut": [["a"]]}}, "snapshot.damaged"),
        ({"notes": {}}, "snapshot.damaged"),
        ({"notes": [{"segment_id": 1}]}, "snapshot.damaged"),
        ({"results": {}}, "snapshot.damaged"),
        ({"results": {"summary": {"towns": "84"}, "towns": []}}, "snapshot.damaged"),
        ({"results": {"summary": {}, "towns": [["a", "open"]]}}, "snapshot.damaged"),
        ({"data": {"network": 1}}, "snapshot.damaged"),
        ({"lang": "../fr"}, "snapshot.damaged"),
        ({"title": "x" * 2_000}, "snapshot.damaged"),
        ({"events": {"columns": ["a", "a"], "rows": []}}, "snapshot.damaged"),
        ({"events": {"columns": ["a"], "rows": [[1, 2]]}}, "snapshot.damaged"),
        ({"events": {"columns": ["a"], "rows": [[{"b": 1}]]}}, "snapshot.damaged"),
    ],
)
def test_a_damaged_snapshot_is_refused_by_name(
    mali: Dataset, changes: dict[str, object], key: str
) -> None:
    data = damaged(json.loads(taken(mali)), **changes)
    with pytest.raises(GeodataError) as refused:
        snapshot.read(data)
    assert refused.value.key == key
    assert snapshot.check(data).exit_code == 2


@pytest.mark.parametrize(
    "data",
    [
        b"", b"{", b"\xff\xfe", b"null", b"[]", b'"text"', b"NaN", b'{"version": NaN}',
        b'{"version": 1, "version": 1}', b"[" * 100_000, b'{"a":' * 5_000, b"9" * 5_000,
        b'{"version": 1' + b"0" * 5_000 + b"}",
    ],
)  # fmt: skip
def test_what_is_no_snapshot_is_refused(data: bytes) -> None:
    assert snapshot.check(data).exit_code == 2


def test_a_file_past_the_limit_is_refused_unread() -> None:
    data = b" " * (UPLOAD.file_mb * 1_000_000 + 1)
    with pytest.raises(GeodataError) as refused:
        snapshot.read(data)
    assert refused.value.key == "snapshot.too_large"


def test_brackets_in_texts_are_no_nesting(mali: Dataset) -> None:
    state = replace(STATE, title="[[[" * 20 + "{" * 19)
    assert snapshot.read(taken(mali, state)).state.title == state.title


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.floats(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner,
                                                                max_size=4),
    max_leaves=12,
)  # fmt: skip
parts = st.sampled_from(("state", "notes", "data", "results", "events", "made", "title"))


@given(st.dictionaries(parts, json_values, max_size=4))
def test_any_content_of_a_part_is_read_or_refused(changes: dict[str, object]) -> None:
    content = {
        "format": "supply-routes snapshot",
        "version": 1,
        "app_version": "0.1.0",
        "made": "2026-11-22",
        "lang": "en",
        "level": "full",
        "title": "",
        "state": {},
        "notes": [],
        "data": {"network": "", "events": "", "layers": {}},
        "results": {"summary": {}, "towns": []},
    }
    report = snapshot.check(json.dumps(content | changes).encode())
    assert report.exit_code in {0, 2}


@pytest.mark.skipif(not CORPUS.exists(), reason="the corpus of hostile files is not here")
def test_the_corpus_snapshot_of_version_999_is_refused_naming_the_version() -> None:
    report = snapshot.check(CORPUS.read_bytes())
    assert report.exit_code == 2
    assert "version 999" in report.to_text("en")


def wide(mali: Dataset, columns: int, rows: int) -> bytes:
    """A snapshot that carries a table of that many columns, most of them no event's."""
    content = json.loads(taken(replace(mali, added_events=own_events()), with_events=True))
    inside = content["events"]
    more = [f"column {number}" for number in range(columns)]
    content["events"] = {
        "columns": [*inside["columns"], *more],
        "rows": [[*inside["rows"][0], *["0"] * columns] for _ in range(rows)],
    }
    return json.dumps(content).encode()


def test_a_wide_table_inside_comes_back_in_the_columns_of_events_alone(mali: Dataset) -> None:
    old = snapshot.read_apart(wide(mali, 400, 3))
    assert set(old.events.columns) <= set(COLUMNS)
    assert len(old.events) == 3


def test_a_snapshot_read_in_the_child_process_is_the_one_read_here(mali: Dataset) -> None:
    data = taken(replace(mali, added_events=own_events()), with_events=True)
    here, apart = snapshot.read(data), snapshot.read_apart(data)
    assert here.towns.equals(apart.towns)
    assert here.events.equals(apart.events)
    assert replace(here, towns=None, events=None) == replace(apart, towns=None, events=None)


@pytest.mark.parametrize("changes", [
    {"state": {"cut": ["ab"] * 60_000}}, {"state": {str(n): "a" for n in range(200)}},
    {"results": {"summary": {str(n): n for n in range(200)}, "towns": []}},
    {"results": {"summary": {}, "towns": [["a", "open", None, 10**400, None]]}},
    {"results": {"summary": {}, "towns": [["a", "open", 7, None, None]]}},
    {"results": {"summary": {}, "towns": [["a", "open", None, True, None]]}},
    {"results": {"summary": {}, "towns": [["a" * 2_000, "open", None, None, None]]}},
])  # fmt: skip
def test_a_snapshot_names_no_more_than_a_view_has(mali: Dataset, changes: dict) -> None:
    with pytest.raises(GeodataError) as refused:
        snapshot.read(damaged(json.loads(taken(mali)), **changes))
    assert refused.value.key in {"snapshot.damaged", "snapshot.not_json"}


def test_a_refusal_that_is_kept_keeps_no_frames(mali: Dataset) -> None:
    with pytest.raises(GeodataError) as refused:
        snapshot.read_apart(damaged(json.loads(taken(mali)), version=999))
    kept = refused.value.again()
    assert kept.key == refused.value.key
    assert str(kept) == str(refused.value)
    assert kept.__traceback__ is kept.__context__ is kept.__cause__ is None
