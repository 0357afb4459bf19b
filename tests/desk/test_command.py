"""The desk from the command line, from an entry to closed roads and an old link."""

import hashlib
import json

import pytest

from geodata.cli.main import main
from geodata.desk import local
from geodata.desk.backup import back_up, put_back
from geodata.desk.editing import add_event
from geodata.desk.entry import check_event
from geodata.desk.event_table import DeskEvents, desk_events
from geodata.desk.journal import Kind, Status
from geodata.desk.people import local_person
from geodata.desk.preview import preview
from geodata.desk.scenarios import (
    add_remark,
    remarks,
    save_scenario,
    saved_query,
    saved_scenarios,
    withdraw,
)
from geodata.desk.store import opened
from geodata.errors import GeodataError
from geodata.events.table import no_events
from geodata.schema import Traffic
from tests.desk.conftest import AWA, BINTA, EVENT, TODAY, VIEWER

FIELDS = [
    "event_id=new-1",
    "date=2026-04-10",
    "event_type=siege",
    "place=Kita",
    "region=Kayes",
    "lat=13.0349",
    "lon=-9.4895",
    "node_id=kita",
    "effect_on_passage=closed",
    "confidence=high",
    "source_name=Radio A",
    "source_url=https://example.org/a",
]


@pytest.fixture
def run(url, monkeypatch, tmp_path, capsys):
    """Runs a command of the desk and gives what it printed."""
    monkeypatch.setattr(local, "name_file", lambda: tmp_path / "name.txt")

    def run(*words, code=0):
        assert main(["desk", "--database", url, *words]) == code
        told = capsys.readouterr()
        return told.out + told.err

    return run


def access(url, capsys, *words):
    asked = ["access", "--date", "2026-04-20", "--format", "json", "--database", url, *words]
    assert main(asked) == 0
    return json.loads(capsys.readouterr().out)


def states(found):
    return {town["node_id"]: town["state"] for town in found["towns"]}


def test_an_event_goes_from_the_keyboard_to_a_closed_road_and_an_old_version_stays(
    run, url, capsys
):
    assert "name" in run("add", *FIELDS, code=2)
    told = run("--name", "Awa", "add", *FIELDS)
    assert "On 10 April 2026: closes" in told
    run("list")
    before = access(url, capsys, "--desk", "1")
    assert states(before) == states(access(url, capsys, "--desk"))
    proposed = states(access(url, capsys, "--desk", "--proposed"))
    run("--name", "Binta", "review", "new-1")
    after = access(url, capsys, "--desk")
    assert states(after) == proposed != states(before)
    assert states(after)["kita"] in {"isolated", "escort_only", "detour"}
    assert access(url, capsys, "--desk", "1") == before
    run("restore", "1")
    assert states(access(url, capsys, "--desk")) == states(before)
    assert access(url, capsys, "--desk", "2") == after
    assert "'proposed' -> 'reviewed'" in run("history", "new-1")


def test_the_effect_is_reported_and_nothing_saved_on_a_dry_run(run, url):
    told = run("add", *FIELDS, "--dry-run")
    assert "closes" in told
    assert "Nothing was saved" in told
    assert opened(url).version == 0


def test_a_possible_duplicate_stops_the_entry_until_it_is_confirmed(run, url):
    run("--name", "Awa", "add", *FIELDS)
    again = [*FIELDS[1:], "event_id=new-2"]
    assert "new-1" in run("add", *again)
    assert opened(url).version == 1
    run("add", *again, "--despite-duplicates")
    assert opened(url).version == 2


def test_a_report_is_added_a_save_undone_and_versions_compared(run, url):
    run("--name", "Awa", "add", *FIELDS)
    run("--name", "Binta", "report", "new-1", "fatalities_high=2", "source_name=Radio B")
    assert "'Radio A; Radio B'" in run("history", "new-1")
    assert "save 2 was undone" in run("undo")
    run("--name", "Awa", "report", "new-1", "fatalities_high=4", "source_name=Radio C")
    run("--name", "Cheick", "review", "new-1")
    told = run("compare", "3", "5", "--date", "2026-04-20")
    assert "new-1 status: 'proposed' -> 'reviewed'" in told
    assert "Kita: open -> " in told


def test_a_shipped_event_is_corrected_and_the_shipped_row_gives_way(run, url, mali):
    event = mali.events["event_id"].iloc[0]
    run("--name", "Awa", "edit", event, "confidence=low")
    run("--name", "Binta", "review", event)
    found = desk_events(opened(url))
    assert list(found.events["event_id"]) == [event]
    assert found.replaced == {event}
    assert list(found.events["confidence"]) == ["low"]


def test_a_table_goes_out_and_into_another_desk(run, url, tmp_path):
    run("--name", "Awa", "add", *FIELDS)
    file = tmp_path / "events.csv"
    run("export", str(file), "--proposed")
    other = f"sqlite:///{tmp_path / 'other.sqlite'}"
    assert main(["desk", "--database", other, "--name", "Binta", "import", str(file)]) == 0
    one, two = (desk_events(opened(each), proposed=True).events for each in (url, other))
    added = ["origin", "place_basis"]  # by the reader of files
    assert one.drop(columns=added).to_csv() == two.drop(columns=added).to_csv()


def test_a_backup_comes_back_in_either_database_with_every_version(url, postgresql, tmp_path):
    desk = opened(url)
    add_event(desk, AWA, EVENT, today=TODAY)
    add_event(desk, BINTA, {**EVENT, "event_id": "e2", "summary": "l’œil \u2028 end"}, today=TODAY)
    file = tmp_path / "desk.backup"
    assert back_up(desk, file) == 2
    for other in (f"sqlite:///{tmp_path / 'other.sqlite'}", postgresql.database()):
        copy = opened(other)
        assert put_back(copy, file) == 2
        assert copy.entries() == desk.entries()
        with pytest.raises(GeodataError, match="empty"):
            put_back(copy, file)
        add_event(copy, AWA, {**EVENT, "event_id": "e3"}, today=TODAY)


def test_a_backup_of_the_first_form_is_put_back(desk, url, tmp_path):
    """It has no marks of saves, and a save after it has one."""
    rows = [
        {"format": "supply-routes desk", "form": 1},
        {"table": "desk_authors", "row": [1, "local:awa", "Awa", ""]},
        {"table": "desk_saves", "row": [1, 1, "2026-05-01T00:00:00+00:00", "", ""]},
        {"table": "desk_entries", "row": [1, "event", "e1", "place", "", "Diboli"]},
    ]
    lines = "".join(json.dumps(row) + "\n" for row in rows)
    digest = hashlib.sha256(lines.encode()).hexdigest()
    file = tmp_path / "old.backup"
    file.write_text(lines + json.dumps({"sha256": digest}) + "\n")
    assert put_back(desk, file) == 1
    add_event(desk, AWA, {**EVENT, "event_id": "e2"}, today=TODAY)
    marks = [desk.mark(version) for version in (1, 2, 3)]
    assert marks[0].endswith("+00:00 ")
    assert len(marks[1].split()[-1]) == 16
    assert marks[2] == ""


@pytest.mark.parametrize("cut", [0, 1, 40, -2, -80, -200])
def test_a_damaged_backup_is_refused_whole(desk, tmp_path, cut):
    add_event(desk, AWA, EVENT, today=TODAY)
    file = tmp_path / "desk.backup"
    back_up(desk, file)
    file.write_bytes(file.read_bytes()[:cut])
    copy = opened(f"sqlite:///{tmp_path / 'copy.sqlite'}")
    with pytest.raises(GeodataError, match="not a complete backup"):
        put_back(copy, file)
    assert copy.version == 0


def test_the_preview_is_what_saving_then_does(mali, desk):
    values = check_event(dict(field.split("=") for field in FIELDS), today=TODAY)
    nothing = DeskEvents(no_events(), frozenset(), 0)
    effect = preview(mali, nothing, values, event="new-1", on=TODAY, traffic=Traffic.FUEL)
    assert effect.closed
    assert effect.people[0] > 0
    back = preview(mali, nothing, None, event="new-1", on=TODAY)
    assert (back.closed, len(back.towns)) == ((), 0)


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"lat": "22.0", "lon": "-2.2", "node_id": ""}, "closures.unplaced.out_of_reach"),
        (
            {"confidence": "low", "event_type": "explosion", "effect_on_passage": "none stated"},
            "desk.effect_unconfirmed",
        ),
        (
            {"lat": "", "lon": "", "node_id": "", "location_precision": "region"},
            "closures.unplaced.region_only",
        ),
        ({}, ""),
    ],
)
def test_an_event_that_changes_nothing_says_why(mali, changed, why):
    fields = {**dict(field.split("=") for field in FIELDS), **changed}
    values = check_event(fields, today=TODAY, network=mali.network)
    nothing = DeskEvents(no_events(), frozenset(), 0)
    effect = preview(mali, nothing, values, event="new-1", on=TODAY, traffic=Traffic.FUEL)
    assert effect.nothing_why == why


def test_a_short_link_opens_its_scenario_for_ever(desk):
    token = save_scenario(desk, AWA, "Gao cut", "?v=1&cut=gao--bourem&date=2025-11-05")
    assert "cut=gao--bourem" in saved_query(desk, token)
    assert [each.title for each in saved_scenarios(desk)] == ["Gao cut"]
    withdraw(desk, BINTA, Kind.SCENARIO, token)
    assert saved_scenarios(desk) == []
    assert "cut=gao--bourem" in saved_query(desk, token)
    with pytest.raises(GeodataError):
        saved_query(desk, "other")
    with pytest.raises(GeodataError):
        save_scenario(desk, VIEWER, "Mine", "?v=1")


def test_remarks_are_at_their_place(desk):
    add_remark(desk, AWA, "gao", "The ferry was repaired.")
    add_remark(desk, AWA, "mopti", "No news.")
    (found,) = remarks(desk, "gao")
    assert (found.text, desk.names()[found.author_id]) == ("The ferry was repaired.", "Awa")


def test_a_status_of_its_own_is_no_event(desk):
    add_event(desk, local_person("Awa"), EVENT, today=TODAY)
    save_scenario(desk, AWA, "Gao cut", "?v=1")
    assert len(desk_events(desk, proposed=True).events) == 1
    assert {record.status for record in desk.records().values()} == {Status.PROPOSED}
