"""The journal: append-only, folded at any version, the same in both databases."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from geodata.desk import database, migrations, store
from geodata.desk.database import writing
from geodata.desk.duplicates import possible_duplicates, second_report
from geodata.desk.editing import EditConflictError, add_event, edit_event, restore, review
from geodata.desk.event_table import counted, desk_events
from geodata.desk.journal import Kind, Status, fold
from geodata.desk.people import NotAllowedError, delete_personal_data, local_person, personal_data
from geodata.desk.store import opened
from geodata.errors import GeodataError
from tests.desk.conftest import AWA, BINTA, CONTRIBUTOR, EVENT, TODAY, VIEWER

ITEM = (Kind.EVENT, "e1")


def add(desk, person=AWA, **values):
    return add_event(desk, person, {**EVENT, **values}, today=TODAY)


def edit(desk, person, base, **values):
    return edit_event(desk, person, "e1", values, base=base, today=TODAY)


def test_an_event_survives_the_program_that_entered_it(desk, url):
    add(desk)
    assert opened(url).records()[ITEM].values["place"] == "Diboli"


def test_only_reviewed_events_count_unless_asked(desk):
    add(desk)
    assert len(desk_events(desk).events) == 0
    assert list(desk_events(desk, proposed=True).events["event_id"]) == ["e1"]
    review(desk, BINTA, ["e1"], Status.REVIEWED, base=1)
    assert list(desk_events(desk).events["event_id"]) == ["e1"]


def test_nobody_reviews_their_own_words(desk):
    add(desk)
    with pytest.raises(GeodataError, match="another person"):
        review(desk, AWA, ["e1"], Status.REVIEWED, base=1)
    edit(desk, BINTA, 1, place="Kayes")
    for author in (AWA, BINTA):
        with pytest.raises(GeodataError, match="another person"):
            review(desk, author, ["e1"], Status.REVIEWED, base=2)


def test_a_name_written_differently_is_the_same_author(desk):
    add(desk)
    with pytest.raises(GeodataError, match="another person"):
        review(desk, local_person("  AWA "), ["e1"], Status.REVIEWED, base=1)


def test_an_edit_that_nobody_read_changes_no_closure(desk):
    add(desk)
    review(desk, BINTA, ["e1"], Status.REVIEWED, base=1)
    edit(desk, AWA, 2, place="Kayes")
    assert list(desk_events(desk).events["place"]) == ["Diboli"]
    assert list(desk_events(desk, proposed=True).events["place"]) == ["Kayes"]
    review(desk, BINTA, ["e1"], Status.REVIEWED, base=3)
    assert list(desk_events(desk).events["place"]) == ["Kayes"]


@pytest.mark.parametrize("status", [Status.REJECTED, Status.UNVERIFIABLE])
def test_a_refused_event_counts_no_more(desk, status):
    add(desk)
    review(desk, BINTA, ["e1"], Status.REVIEWED, base=1)
    review(desk, BINTA, ["e1"], status, base=2)
    found = desk_events(desk, proposed=True)
    assert len(found.events) == 0
    assert found.replaced == {"e1"}


def test_every_version_gives_the_same_table_later(desk, url):
    add(desk)
    review(desk, BINTA, ["e1"], Status.REVIEWED, base=1)
    edit(desk, AWA, 2, place="Kayes")
    then = [desk_events(desk, n, proposed=p).events.to_csv() for n in range(4) for p in (0, 1)]
    review(desk, BINTA, ["e1"], Status.REVIEWED, base=3)
    add(desk, event_id="e2")
    again = opened(url)
    assert then == [
        desk_events(again, n, proposed=p).events.to_csv() for n in range(4) for p in (0, 1)
    ]


def test_versions_that_are_no_longer_kept_are_read_again(desk, monkeypatch):
    monkeypatch.setattr(store, "VERSIONS_KEPT", 2)
    add(desk)
    for version, place in enumerate(("Kayes", "Kita", "Nioro", "Yelimane"), start=1):
        edit(desk, AWA, version, place=place)
    for version in (5, 1, 3, 2, 5, 4, 1, 0):
        assert desk.records(version) == fold(desk.entries(until=version))
        assert len(desk._kept) <= 2


def test_versions_between_which_nothing_that_counts_changed_are_equal(desk):
    add(desk)
    review(desk, BINTA, ["e1"], Status.REVIEWED, base=1)
    edit(desk, AWA, 2, place="Kayes")
    assert counted(desk, 2) == counted(desk, 3)
    assert counted(desk, 3) != counted(desk, 3, proposed=True)
    review(desk, BINTA, ["e1"], Status.REVIEWED, base=3)
    assert counted(desk, 4) != counted(desk, 3)
    assert counted(desk, 4) == counted(desk, 3, proposed=True)


def test_the_journal_refuses_to_be_changed(desk):
    add(desk)
    for change in (
        "UPDATE desk_entries SET new = 'x'",
        "DELETE FROM desk_entries",
        "UPDATE desk_saves SET reason = 'x'",
        "DELETE FROM desk_saves",
    ):
        with pytest.raises(DBAPIError, match="append-only"), desk.engine.begin() as connection:
            connection.execute(text(change))
    assert desk.records()[ITEM].values["place"] == "Diboli"


def test_changes_to_different_fields_are_merged_and_reported(desk):
    add(desk)
    edit(desk, AWA, 1, place="Kayes")
    saved = edit(desk, BINTA, 1, actor="JNIM")
    assert [(e.field, e.new, e.author) for e in saved.merged] == [("place", "Kayes", "Awa")]
    values = desk.records()[ITEM].values
    assert (values["place"], values["actor"]) == ("Kayes", "JNIM")


def test_saving_an_event_unchanged_leaves_it_reviewed(desk):
    add(desk)
    review(desk, BINTA, ["e1"], Status.REVIEWED, base=1)
    assert edit(desk, AWA, 2, place="Diboli").version == 2
    assert desk.records()[ITEM].status == Status.REVIEWED


def test_two_values_for_one_field_are_shown_and_nothing_is_written(desk):
    add(desk)
    edit(desk, AWA, 1, place="Kayes")
    with pytest.raises(EditConflictError) as caught:
        edit(desk, BINTA, 1, place="Kidira", actor="JNIM")
    (clash,) = caught.value.clashes
    assert (clash.before, clash.theirs, clash.mine, clash.author) == (
        "Diboli",
        "Kayes",
        "Kidira",
        "Awa",
    )
    assert desk.version == 2


def test_a_merge_that_makes_no_sense_together_is_refused(desk):
    add(desk, fatalities_low="2", fatalities_high="4")
    edit(desk, AWA, 1, fatalities_high="3")
    with pytest.raises(GeodataError, match="is greater than"):
        edit(desk, BINTA, 1, fatalities_low="4")


def test_a_review_of_what_changed_since_is_refused(desk):
    add(desk)
    edit(desk, AWA, 1, place="Kayes")
    with pytest.raises(EditConflictError):
        review(desk, BINTA, ["e1"], Status.REVIEWED, base=1)


def test_a_bulk_review_is_done_whole_or_not_at_all(desk):
    add(desk)
    add(desk, BINTA, event_id="e2")
    with pytest.raises(GeodataError):
        review(desk, BINTA, ["e1", "e2"], Status.REVIEWED, base=2)
    assert {record.status for record in desk.records().values()} == {Status.PROPOSED}


def test_a_viewer_writes_nothing_and_a_contributor_reviews_nothing(desk):
    add(desk)
    for act in (
        lambda: add(desk, VIEWER, event_id="e2"),
        lambda: edit(desk, VIEWER, 1, place="x"),
        lambda: review(desk, VIEWER, ["e1"], Status.REVIEWED, base=1),
        lambda: review(desk, CONTRIBUTOR, ["e1"], Status.REVIEWED, base=1),
        lambda: restore(desk, CONTRIBUTOR, 0),
    ):
        with pytest.raises(NotAllowedError):
            act()
    assert desk.version == 1


def test_a_past_version_comes_back_as_a_new_one(desk):
    add(desk)
    review(desk, BINTA, ["e1"], Status.REVIEWED, base=1)
    edit(desk, AWA, 2, place="Kayes", actor="JNIM")
    review(desk, BINTA, ["e1"], Status.REVIEWED, base=3)
    add(desk, event_id="e2")
    for version in range(1, 6):
        restore(desk, AWA, version)
        for proposed in (False, True):
            then, now = (
                desk_events(desk, n, proposed=proposed).events.to_csv() for n in (version, None)
            )
            assert then == now, version
    assert desk.entries()[0].version == 1


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("date", "2026-05-14", "last 7 days"),
        ("date", "14/05/2026", "YYYY-MM-DD"),
        ("event_type", "battle", "ambush"),
        ("lat", "north", "lat"),
        ("lat", "99", "lat"),
        ("lat", "", "no point"),
        ("source_name", " ", "Name the source"),
        ("source_url", "javascript:1", "source_url"),
        ("fatalities_low", "-1", "fatalities_low"),
        ("fatalities_low", "many", "fatalities_low"),
        ("end_date", "2026-04-01", "before it begins"),
        ("colour", "red", "colour"),
        ("summary", "x" * 10_001, "10000"),
    ],
)
def test_what_cannot_be_an_event_is_refused_by_its_field(desk, field, value, told):
    with pytest.raises(GeodataError, match=told):
        add(desk, **{field: value})
    assert desk.version == 0


def test_the_seventh_day_is_old_enough(desk):
    add(desk, date="2026-05-13")
    assert desk.version == 1


def test_an_edit_cannot_make_an_event_too_recent(desk):
    add(desk)
    with pytest.raises(GeodataError, match="last 7 days"):
        edit(desk, AWA, 1, date="2026-05-19")


def test_ids_of_the_network_are_checked(desk, corridor):
    with pytest.raises(GeodataError, match="a--x"):
        add_event(desk, AWA, {**EVENT, "segment_ids": "a--x"}, today=TODAY, network=corridor)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20)
@given(summary=st.text(st.characters(exclude_categories=[]), max_size=50))
def test_any_text_is_kept_or_refused_and_never_breaks_the_desk(desk, summary):
    number = desk.version + 1
    add(desk, event_id=f"t{number}", summary=summary)
    kept = desk.records()[Kind.EVENT, f"t{number}"].values.get("summary", "")
    assert kept == " ".join("".join(c if c.isprintable() else " " for c in summary).split())


def test_possible_duplicates_are_near_in_time_and_place_and_of_one_kind(desk):
    add(desk)
    add(desk, event_id="far", lat="13.0", lon="-8.0")
    add(desk, event_id="late", date="2026-05-09")
    add(desk, event_id="other", event_type="ambush")
    events = desk_events(desk, proposed=True).events
    asked = {**EVENT, "event_id": "new", "date": "2026-05-03", "lat": "14.5"}
    (found,) = possible_duplicates(asked, events)
    assert (found.event, found.days) == ("e1", 2)
    assert found.distance_km == pytest.approx(4.4, abs=0.1)


def test_figures_that_disagree_are_kept_with_both_sources(desk):
    add(desk, fatalities_low="3", fatalities_high="3")
    report = {
        **EVENT,
        "fatalities_low": "5",
        "source_name": "Radio B",
        "source_url": "https://example.org/b",
    }
    changes = second_report(desk.records()[ITEM].values, report)
    edit(desk, BINTA, 1, **changes)
    values = desk.records()[ITEM].values
    assert (values["fatalities_low"], values["fatalities_high"]) == ("3", "5")
    assert values["source_name"] == "Radio A; Radio B"
    assert values["other_source_urls"] == "https://example.org/b"
    assert values["source_url"] == "https://example.org/a"


def test_an_authors_personal_data_are_exported_and_deleted(desk):
    add(desk)
    with writing(desk.engine) as connection:
        (held,) = personal_data(connection, "Awa")
        assert [each["version"] for each in held["saves"]] == [1]
        assert delete_personal_data(connection, "Awa") == 1
        assert personal_data(connection, "Awa") == []
    assert desk.entries()[0].author == ""
    assert "Awa" not in desk.names().values()
    assert desk.records()[ITEM].values["place"] == "Diboli"


@pytest.mark.parametrize("schema", range(len(migrations.STEPS) + 1))
def test_a_database_of_any_schema_is_brought_forward(url, schema):
    engine = database.connect(url)
    if schema:
        with writing(engine) as connection:
            migrations.migrate(connection, to=schema)
            for statement in (
                "INSERT INTO desk_authors (author_id, subject, name) VALUES (1, 'local:a', 'A')",
                "INSERT INTO desk_saves (version, author_id, time, reason, source)"
                " VALUES (1, 1, '2026-05-01T00:00:00+00:00', '', '')",
                "INSERT INTO desk_entries VALUES (1, 'event', 'e1', 'place', '', 'Diboli')",
            ):
                connection.execute(text(statement))
    desk = opened(url)
    with database.reading(desk.engine) as connection:
        assert migrations.schema_version(connection) == len(migrations.STEPS)
    if schema:
        assert desk.records()[ITEM].values == {"place": "Diboli"}
    add(desk, event_id="e2")
    opened(url)


def test_a_database_of_a_newer_program_is_left_alone(desk, url):
    with writing(desk.engine) as connection:
        connection.execute(text("INSERT INTO desk_schema VALUES (99)"))
    with pytest.raises(GeodataError, match="newer"):
        opened(url)


def test_folding_in_parts_is_folding_at_once(desk):
    add(desk)
    review(desk, BINTA, ["e1"], Status.REVIEWED, base=1)
    edit(desk, AWA, 2, place="Kayes")
    entries = desk.entries()
    for cut in range(4):
        first = fold(e for e in entries if e.version <= cut)
        assert fold((e for e in entries if e.version > cut), first) == fold(entries)


@pytest.mark.parametrize("address", ["", "nonsense", "mysql://x", "sqlite://", "postgresql:/x:y"])
def test_an_address_of_no_known_form_is_refused(address):
    with pytest.raises(GeodataError):
        opened(address or "sqlite:///")
