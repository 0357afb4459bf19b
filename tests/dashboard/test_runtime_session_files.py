"""Addresses of what a session is offered: its own, and of these very bytes."""

import ast
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.runtime import media_file_manager
from streamlit.runtime.media_file_storage import MediaFileKind

import dashboard
from dashboard.runtime import session_files
from dashboard.runtime.ledger import MB, Ledger
from dashboard.runtime.session_files import (
    DOWNLOADS,
    REPLACED_MB,
    REPLACED_SECONDS,
    OfferedFiles,
    SessionFiles,
)
from geodata.errors import GeodataError

SOURCES = sorted(Path(dashboard.__file__).parent.rglob("*.py"))
LARGE = 1_500_000


@pytest.fixture
def offered(monkeypatch):
    """Files offered, and a way to say which session asks."""
    made = OfferedFiles("/media")
    who = {"session": "a"}
    monkeypatch.setattr(session_files, "_session", lambda: who["session"])

    def add(data, session="a", filename=None):
        who["session"] = session
        return made.load_and_get_id(data, "application/json", MediaFileKind.MEDIA, filename)

    return made, add


def twin(place):
    data = bytearray(b"x" * LARGE)
    data[place] = ord("y")
    return bytes(data)


@given(place=st.integers(0, LARGE - 1), other=st.integers(0, LARGE - 1))
def test_large_twins_that_differ_in_one_letter_have_two_addresses(place, other):
    made = OfferedFiles("/media")
    ids = [made.id_of(twin(each), "a/b", None, session="s") for each in (place, other)]
    assert (ids[0] == ids[1]) == (place == other)


def test_a_corrected_file_is_served_at_once_and_neither_session_meets_the_others(offered):
    made, add = offered
    first, second = add(twin(300_000)), add(twin(300_001))
    others = add(twin(300_000), session="b")
    assert len({first, second, others}) == 3
    assert made.get_file(first).content == twin(300_000)
    assert made.get_file(second).content == twin(300_001)


def test_an_address_holds_a_whole_hash_under_a_key_of_this_server(offered):
    _, add = offered
    assert re.fullmatch("[0-9a-f]{64}", add(b"a"))
    assert add(b"a") == add(b"a")
    again = OfferedFiles("/media")
    assert again.id_of(b"a", "application/json", None, session="a") != add(b"a")


def test_name_kind_and_session_are_not_interchangeable(offered):
    made, _ = offered
    parts = (("ab", "c", "d"), ("a", "bc", "d"), ("a", "b", "cd"))
    ids = {made.id_of(b"", kind, name, session=session) for kind, name, session in parts}
    assert len(ids) == 3


def test_each_download_is_kept_for_its_session_and_only_the_last_ones():
    ledger = Ledger(session_mb=3, server_mb=5)
    files = SessionFiles(OfferedFiles("/media"), ledger)
    address = []
    for number in range(6):
        button = files.add_deferred(lambda n=number: b"x" * (MB + n), "text/csv", "1", "a.csv")
        address.append(files.execute_deferred(button))
    assert len(set(address)) == 6
    assert len(files._storage._files_by_id) == DOWNLOADS
    assert ledger.held() == sum(MB + n for n in (4, 5))


def test_a_download_beyond_the_ceiling_is_not_kept():
    ledger = Ledger(session_mb=1, server_mb=5)
    files = SessionFiles(OfferedFiles("/media"), ledger)
    button = files.add_deferred(lambda: b"x" * (MB + 1), "text/csv", "1", "a.csv")
    with pytest.raises(GeodataError):
        files.execute_deferred(button)
    assert not files._storage._files_by_id
    assert ledger.held() == 0


def test_downloads_of_a_session_that_left_are_let_go():
    ledger = Ledger()
    files = SessionFiles(OfferedFiles("/media"), ledger)
    button = files.add_deferred(lambda: b"x" * MB, "text/csv", "1", "a.csv")
    session = files._deferred_callables[button]["session_id"]
    files.execute_deferred(button)
    files.forget(session)
    assert not files._storage._files_by_id
    assert not files._deferred_callables
    assert ledger.held() == 0


class Visitors:
    """Sessions that run the page, and a clock that they share."""

    def __init__(self, monkeypatch, ledger):
        self.now = 100.0
        self.who = "a"
        self.ledger = ledger
        monkeypatch.setattr(session_files, "_session", lambda: self.who)
        for module in (session_files, media_file_manager):
            monkeypatch.setattr(module, "_get_session_id", lambda: self.who)
        self.files = SessionFiles(OfferedFiles("/media"), ledger, clock=lambda: self.now)

    def run(self, who, data):
        """One run of a session's page that draws one map; the address of its part."""
        self.who = who
        self.now += 0.1
        self.files.clear_session_refs(who)
        address = self.files.add(data, "application/json", "map-part")
        self.files.remove_orphaned_files()
        return address

    def served(self, address):
        return session_files._id_in(address) in self.files._storage._files_by_id


@pytest.fixture
def visitors(monkeypatch):
    return Visitors(monkeypatch, Ledger(session_mb=20, server_mb=30))


def test_a_browser_that_loads_the_former_state_still_has_its_files(visitors):
    days = [visitors.run("a", b"day %d" % day) for day in range(30)]
    assert all(map(visitors.served, days))
    assert visitors.ledger.held("a") == sum(len(b"day %d" % day) for day in range(29))
    visitors.now += REPLACED_SECONDS
    visitors.files.remove_orphaned_files()
    assert [visitors.served(day) for day in days] == [False] * 29 + [True]
    assert visitors.ledger.held("a") == 0


def test_a_session_that_is_drawing_keeps_its_files_while_another_ends_a_run(visitors):
    mine = visitors.run("a", b"mine")
    visitors.files.clear_session_refs("a")
    visitors.run("b", b"theirs")
    assert visitors.served(mine)


def test_a_file_that_comes_back_is_in_use_again(visitors):
    first = visitors.run("a", b"first")
    visitors.run("a", b"second")
    visitors.now += REPLACED_SECONDS / 2
    assert visitors.run("a", b"first") == first
    visitors.now += 10 * REPLACED_SECONDS
    visitors.files.remove_orphaned_files()
    assert visitors.served(first)
    assert visitors.ledger.held("a") == 0


def test_replaced_files_stay_within_their_share_of_memory(visitors):
    size = REPLACED_MB * MB // 3
    days = [visitors.run("a", bytes([day]) * size) for day in range(9)]
    assert [visitors.served(day) for day in days] == [False] * 5 + [True] * 4
    assert visitors.ledger.held("a") == 3 * size
    visitors.ledger.hold("a", "a table", 20 * MB - visitors.ledger.held("a"))
    visitors.ledger.hold("b", "a table", 10 * MB)
    replaced = visitors.run("b", b"1")
    visitors.run("b", b"2")
    assert not visitors.served(replaced)
    assert visitors.ledger.held("b") == 10 * MB


def test_all_files_of_a_session_that_left_are_let_go_at_once(visitors):
    days = [visitors.run("a", b"day %d" % day) for day in range(3)]
    other = visitors.run("b", b"other")
    visitors.files.forget("a")
    assert not any(map(visitors.served, days))
    assert visitors.served(other)
    assert visitors.ledger.sessions() == ()


def test_a_download_waits_for_its_browser_however_many_runs_others_end(visitors):
    visitors.who = "a"
    button = visitors.files.add_deferred(lambda: b"a,b", "text/csv", "1", "a.csv")
    address = visitors.files.execute_deferred(button)
    for turn in range(5):
        visitors.run("b", b"%d" % turn)
    assert visitors.served(address)


OFFERS = {"image", "audio", "video", "pdf", "logo", "download_button"}


def calls(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node


def test_every_address_of_a_file_is_made_by_the_stores_that_name_it_whole():
    """Media and downloads all go through the runtime's one manager, which `hosting` replaces."""
    places = {name: set() for name in ("media_file_mgr", *OFFERS)}
    for path in SOURCES:
        source = path.read_text(encoding="utf-8")
        if "media_file_mgr" in source:
            places["media_file_mgr"].add(path.name)
        for call in calls(path):
            if call.func.attr in OFFERS and isinstance(call.func.value, ast.Name):
                assert call.func.value.id == "st"
                places[call.func.attr].add(path.name)
    assert places.pop("media_file_mgr") == {"hosting.py", "assets.py"}
    assert places.pop("download_button") >= {"share.py", "own_events.py", "own_roads.py"}
    # A file or a picture given by its address would be served by other code than these stores.
    assert not any(places.values())
