"""One entered event: checked like a row of the table, previewed, reported again, undone."""

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.desk.editing import add_event, add_report, edit_event, review
from geodata.desk.entry import FIELDS, OTHER_SOURCES, check_event
from geodata.desk.event_table import DeskEvents, desk_events, with_desk
from geodata.desk.journal import Kind, Status
from geodata.desk.preview import ONLY_TOLD, effect_between, preview
from geodata.desk.proposal import proposal, shipped_values
from geodata.desk.store import opened
from geodata.desk.undo import last_save, undo
from geodata.desk.versions import version_difference
from geodata.errors import GeodataError
from geodata.events.closures import closures
from geodata.events.table import COUNTS, checked, no_events, typed
from tests.desk.conftest import AWA, BINTA, CONTRIBUTOR, EVENT, TODAY

ITEM = (Kind.EVENT, "e1")
CELLS = {
    "lat": ("", "14.46", "-90", "90.5", "nan", "1e999"),
    "lon": ("", "-12.2", "181"),
    "location_precision": ("town", "region", "near"),
    "fatalities_low": ("", "0", "3", "-1"),
    "fatalities_high": ("", "0", "2"),
    "tankers_destroyed_high": ("", "40"),
    "precision_km": ("", "0", "2.5", "-1"),
    "end_date": ("", "2026-04-30", "2026-05-01", "2026-05-02"),
    "source_url": ("", "https://example.org/a", "ftp://example.org", "https://a b"),
    "source_date": ("", "2026-05", "2026-05-02", "May"),
    "may_close": ("", "True", "False"),
}


def fits_the_schema(values):
    """The table's own answer, for a row that names its defaults."""
    row = {name: values.get(name, "") for name in FIELDS if name != OTHER_SOURCES}
    try:
        checked(typed(pd.DataFrame([row], dtype="str"), origin="desk"))
    except (GeodataError, ValueError):
        return False
    return True


@settings(max_examples=40)
@given(cells=st.fixed_dictionaries({name: st.sampled_from(v) for name, v in CELLS.items()}))
def test_an_entry_is_refused_exactly_when_the_tables_schema_refuses_the_row(cells):
    values = {**EVENT, **cells}
    missing = {"nan", "1e999"} & set(cells.values())  # a table reads them as nothing known
    try:
        entered = check_event(values, today=TODAY)
    except GeodataError:
        assert missing or not fits_the_schema(values)
        return
    assert fits_the_schema(values)
    assert fits_the_schema(entered)
    assert check_event(entered, today=TODAY) == entered


@pytest.fixture
def small(tmp_path):
    """A desk in a file, for what does not depend on the database."""
    return opened(f"sqlite:///{tmp_path / 'desk.sqlite'}")


def add(desk, person=AWA, **values):
    return add_event(desk, person, {**EVENT, **values}, today=TODAY)


def state(desk, item=ITEM):
    record = desk.records()[item]
    return record.status, dict(record.values), record.reviewed


def test_an_undone_save_leaves_what_was_before_and_can_be_undone_once(small):
    add(small)
    review(small, BINTA, ["e1"], Status.REVIEWED, base=1)
    before = state(small)
    edit_event(small, AWA, "e1", {"confidence": "low"}, base=2, today=TODAY)
    assert last_save(small, AWA).version == 3
    undo(small, AWA)
    assert state(small) == before
    assert last_save(small, AWA) is None
    with pytest.raises(GeodataError, match="nothing to undo"):
        undo(small, AWA)


def test_an_undone_entry_is_rejected_and_an_undone_review_waits_again(small):
    add(small)
    undo(small, AWA)
    assert state(small)[0] == Status.REJECTED
    add(small, event_id="e2")
    review(small, BINTA, ["e2"], Status.REVIEWED, base=small.version)
    undo(small, BINTA)
    status, _, reviewed = state(small, (Kind.EVENT, "e2"))
    assert (status, reviewed) == (Status.PROPOSED, None)
    assert len(desk_events(small).events) == 0


def test_an_undone_or_refused_review_lets_no_author_review_their_own_words(small):
    add(small)
    review(small, BINTA, ["e1"], Status.REVIEWED, base=1)
    undo(small, BINTA)
    with pytest.raises(GeodataError, match="another person"):
        review(small, AWA, ["e1"], Status.REVIEWED, base=small.version)
    review(small, BINTA, ["e1"], Status.REJECTED, base=small.version)
    with pytest.raises(GeodataError, match="another person"):
        review(small, AWA, ["e1"], Status.REVIEWED, base=small.version)


def test_an_undo_never_takes_the_words_of_others_and_gives_no_power(small):
    add(small)
    edit_event(small, BINTA, "e1", {"confidence": "low"}, base=1, today=TODAY)
    with pytest.raises(GeodataError, match="Binta changed e1"):
        undo(small, AWA)
    with pytest.raises(GeodataError, match="nothing to undo"):
        undo(small, CONTRIBUTOR)
    assert small.version == 2


def test_a_second_report_widens_the_figures_and_keeps_both_sources(small, mali):
    add(small, fatalities_low="3", fatalities_high="3")
    report = {"fatalities_low": "5", "source_name": "Radio B", "source_url": "https://b.example/1"}
    add_report(small, BINTA, "e1", report, base=1, today=TODAY)
    values = small.records()[ITEM].values
    assert (values["fatalities_low"], values["fatalities_high"]) == ("3", "5")
    assert values["source_name"] == "Radio A; Radio B"
    assert values[OTHER_SOURCES] == "https://b.example/1"
    shipped = str(mali.events["event_id"].iloc[0])
    known = shipped_values(mali, shipped)
    add_report(small, AWA, shipped, {"source_name": "Radio C"}, base=2, today=TODAY, shipped=known)
    assert "Radio C" in small.records()[Kind.EVENT, shipped].values["source_name"]
    with pytest.raises(GeodataError, match="source"):
        add_report(small, AWA, "e1", {"fatalities_low": "1"}, base=2, today=TODAY)


def test_a_proposal_tells_all_that_saving_would_do_and_saves_nothing(small, mali):
    add(small)
    asked = {**EVENT, "event_id": "e2", "date": "2026-05-02"}
    nothing = DeskEvents(no_events(), frozenset(), 0)
    known = with_desk(mali, desk_events(small, proposed=True)).events
    made = proposal(mali, nothing, asked, today=TODAY, known=known)
    assert [each.event for each in made.similar] == ["e1"]
    assert made.values["event_id"] == "e2"
    assert small.version == 1


def test_two_versions_differ_by_what_was_changed_between_them(small, mali):
    kita = {
        **EVENT,
        "date": "2026-04-10",
        "event_type": "siege",
        "place": "Kita",
        "node_id": "kita",
        "lat": "13.0349",
        "lon": "-9.4895",
        "confidence": "high",
    }
    add_event(small, AWA, kita, today=TODAY)
    review(small, BINTA, ["e1"], Status.REVIEWED, base=1)
    add(small, event_id="e2", summary="one")
    edit_event(small, AWA, "e2", {"summary": "two"}, base=3, today=TODAY)
    edit_event(small, AWA, "e2", {"summary": "one"}, base=4, today=TODAY)
    found = version_difference(small, mali, 1, 2, on=TODAY)
    assert [(c.event, c.field, c.before, c.after, c.author) for c in found.changes] == [
        ("e1", "status", "proposed", "reviewed", "Binta")
    ]
    assert found.effect.closed
    assert "kita" in set(found.effect.towns["node_id"])
    assert version_difference(small, mali, 3, 5, on=TODAY).changes == ()
    with pytest.raises(GeodataError, match="later"):
        version_difference(small, mali, 2, 2, on=TODAY)


def test_fields_that_only_tell_close_and_open_no_road(mali):
    told = mali.events.copy()
    for name in ONLY_TOLD:
        value = 3 if name in COUNTS else "another"
        told[name] = pd.Series(value, index=told.index, dtype=told[name].dtype)
    for day in (dt.date(2025, 11, 5), dt.date(2026, 2, 10)):
        one, two = (closures(mali.network, each, on=day) for each in (mali.events, told))
        assert len(one)
        pd.testing.assert_frame_equal(one, two)


def test_a_preview_is_the_difference_between_the_data_sets_without_and_with_the_event(mali, small):
    add(small)
    review(small, BINTA, ["e1"], Status.REVIEWED, base=1)
    before = desk_events(small)
    kita = {**EVENT, "event_type": "siege", "lat": "13.0349", "lon": "-9.4895", "node_id": "kita"}
    for fields in ({**kita, "event_id": "e2"}, {**EVENT, "date": "2026-04-20"}):
        values = check_event(fields, today=TODAY, network=mali.network)
        seen = preview(mali, before, values, event=values["event_id"], on=TODAY)
        add_event(small, AWA, values, today=TODAY) if values["event_id"] == "e2" else edit_event(
            small, AWA, "e1", {"date": values["date"]}, base=small.version, today=TODAY
        )
        after = desk_events(small, proposed=True)
        sets = (with_desk(mali, each) for each in (before, after))
        real = effect_between(*sets, on=TODAY)
        assert (seen.closed, seen.opened, seen.escorted) == (
            real.closed,
            real.opened,
            real.escorted,
        )
        pd.testing.assert_frame_equal(seen.towns, real.towns)
        undo(small, AWA)
