"""What happens to a save when the program, the disk, the database or the clock fails."""

import datetime as dt
import gc
import resource
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from sqlalchemy import event

from geodata.desk import store
from geodata.desk.database import writing
from geodata.desk.editing import add_event, edit_event
from geodata.desk.journal import Kind
from geodata.desk.people import local_person
from geodata.desk.store import opened
from geodata.errors import GeodataError
from tests.desk.conftest import AWA, EVENT, TODAY

ROOT = Path(__file__).parents[2]
WRITER = """
import datetime as dt, sys
from geodata.desk.editing import add_event
from geodata.desk.people import local_person
from geodata.desk.store import opened
from tests.desk.conftest import EVENT
desk, me = opened(sys.argv[1]), local_person("Writer")
print("ready", flush=True)
while True:
    saved = add_event(desk, me, {**EVENT, "event_id": ""}, today=dt.date(2026, 5, 20))
    print(saved.event, flush=True)
"""
FULL = """
import datetime as dt, resource, signal, sys
from geodata.desk.editing import add_event
from geodata.desk.people import local_person
from geodata.desk.store import opened
from geodata.errors import GeodataError
from tests.desk.conftest import EVENT
desk, me = opened(sys.argv[1]), local_person("Writer")
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))
try:
    while True:
        event = {**EVENT, "event_id": "", "summary": "x" * 5_000}
        print(add_event(desk, me, event, today=dt.date(2026, 5, 20)).event, flush=True)
except GeodataError as error:
    print(error.key, flush=True)
"""


def add(desk, **values):
    return add_event(desk, AWA, {**EVENT, **values}, today=TODAY)


def child(script, url):
    return subprocess.Popen(
        [sys.executable, "-c", script, url], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )


def whole(desk):
    """Every save of the journal is complete, and their numbers have no gap."""
    entries = desk.entries()
    assert sorted({e.version for e in entries}) == list(range(1, desk.version + 1))
    fields = {}
    for entry in entries:
        if entry.field != "summary":
            fields.setdefault(entry.item, set()).add(entry.field)
    assert len({frozenset(names) for names in fields.values()}) <= 1
    return {e.item for e in entries}


def test_what_was_reported_as_saved_outlives_a_killed_program(url):
    told = set()
    for _ in range(3):
        writer = child(WRITER, url)
        assert writer.stdout.readline() == "ready\n"
        told |= {writer.stdout.readline().strip() for _ in range(4)}
        writer.send_signal(signal.SIGKILL)
        rest = writer.communicate()[0]
        told |= {line for line in rest.splitlines(keepends=True) if line.endswith("\n")}
    told = {line.strip() for line in told}
    desk = opened(url)
    assert told <= whole(desk)
    assert len(told) >= 12
    add(desk)


def test_a_save_that_is_broken_off_in_the_middle_leaves_nothing(desk, url):
    add(desk)

    class Killed(BaseException):
        pass

    def die(_connection, _cursor, statement, *_):
        if statement.startswith("INSERT INTO desk_entries"):
            raise Killed

    gc.disable()  # the lock must not wait for the unfinished statement to be collected
    try:
        event.listen(desk.engine, "after_cursor_execute", die)
        with pytest.raises(Killed):
            add(desk, event_id="e2")
        event.remove(desk.engine, "after_cursor_execute", die)
        assert whole(opened(url)) == {"e1"}
        add(desk, event_id="e2")
    finally:
        gc.enable()
    assert desk.version == 2


def test_a_full_disk_refuses_the_save_and_keeps_the_rest(tmp_path):
    url = f"sqlite:///{tmp_path / 'desk.sqlite'}"
    desk = opened(url)
    add(desk)
    with writing(desk.engine) as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()

    def limit(connection, _record):
        connection.execute(f"PRAGMA max_page_count={pages + 1}")

    event.listen(desk.engine, "connect", limit)
    summary = "x" * 9_000
    fill = (add(desk, event_id=f"f{number}", summary=summary) for number in range(50))
    with pytest.raises(GeodataError, match="disk"):
        list(fill)
    event.remove(desk.engine, "connect", limit)
    kept = whole(desk)
    assert "e1" in kept
    add(desk, event_id="after")
    assert whole(opened(url)) == kept | {"after"}


def test_a_server_whose_disk_is_full_refuses_the_save_and_keeps_the_rest(postgresql):
    """A trigger raises what PostgreSQL does when it cannot extend a file: code 53100."""
    desk = opened(postgresql.database())
    add(desk)
    with writing(desk.engine) as connection:
        connection.exec_driver_sql(
            "CREATE FUNCTION no_space() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            " RAISE EXCEPTION 'n''a pas pu étendre le fichier' USING ERRCODE = '53100'; END $$"
        )
        connection.exec_driver_sql(
            "CREATE TRIGGER no_space AFTER INSERT ON desk_entries EXECUTE FUNCTION no_space()"
        )
    with pytest.raises(GeodataError, match="disk"):
        add(desk, event_id="e2")
    assert whole(desk) == {"e1"}
    with writing(desk.engine) as connection:
        connection.exec_driver_sql("DROP TRIGGER no_space ON desk_entries")
    add(desk, event_id="e2")
    assert whole(desk) == {"e1", "e2"}


def test_a_system_that_refuses_to_write_more_loses_nothing_reported(tmp_path):
    url = f"sqlite:///{tmp_path / 'desk.sqlite'}"
    writer = child(FULL, url)
    *told, last = writer.communicate(timeout=120)[0].split()
    assert last in {"desk.disk_full", "desk.unreachable"}
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY
    desk = opened(url)
    assert set(told) == whole(desk)
    add(desk)


def test_a_database_that_is_gone_says_so_and_serves_when_it_is_back(postgresql):
    desk = opened(postgresql.database())
    add(desk)
    postgresql.stop()
    try:
        with pytest.raises(GeodataError, match="does not answer"):
            desk.records()
        with pytest.raises(GeodataError, match="does not answer"):
            add(desk, event_id="e2")
    finally:
        postgresql.start()
    add(desk, event_id="e2")
    assert whole(desk) == {"e1", "e2"}


def test_a_file_that_is_gone_is_missed_and_not_made_again_empty(tmp_path):
    file = tmp_path / "here" / "desk.sqlite"
    desk = opened(f"sqlite:///{file}")
    add(desk)
    file.parent.rename(tmp_path / "away")
    file.parent.mkdir()
    with pytest.raises(GeodataError, match="does not answer"):
        add(desk, event_id="e2")
    assert list(file.parent.iterdir()) == []
    file.parent.rmdir()
    (tmp_path / "away").rename(file.parent)
    add(desk, event_id="e2")
    assert whole(desk) == {"e1", "e2"}


def test_a_clock_set_back_changes_neither_order_nor_versions(desk, monkeypatch):
    add(desk)
    monkeypatch.setattr(store, "now", lambda: dt.datetime(2001, 1, 1, tzinfo=dt.UTC))
    edit_event(desk, AWA, "e1", {"place": "Kayes"}, base=1, today=TODAY)
    assert desk.records()[Kind.EVENT, "e1"].values["place"] == "Kayes"
    assert desk.records(1)[Kind.EVENT, "e1"].values["place"] == "Diboli"
    assert [e.version for e in desk.entries() if e.field == "place"] == [1, 2]


def test_twenty_editors_and_fifty_readers_at_once_lose_nothing(url):
    opened(url)
    faults, seen = [], []
    start = threading.Barrier(70)

    def edits(number):
        desk, me = opened(url), local_person(f"Editor {number}")
        start.wait()
        for turn in range(2):
            add_event(desk, me, {**EVENT, "event_id": f"{number}-{turn}"}, today=TODAY)
        desk.engine.dispose()

    def reads(_number):
        desk = opened(url)
        start.wait()
        for _ in range(4):
            seen.append((desk.version, len(desk.records())))
        desk.engine.dispose()

    def guarded(act, number):
        try:
            act(number)
        except BaseException as fault:  # noqa: BLE001
            faults.append(fault)
            start.abort()

    threads = [
        threading.Thread(target=guarded, args=(act, n))
        for act, count in ((edits, 20), (reads, 50))
        for n in range(count)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    desk = opened(url)
    assert whole(desk) == {f"{number}-{turn}" for number in range(20) for turn in range(2)}
    assert desk.version == 40
    assert all(version <= events for version, events in seen)
