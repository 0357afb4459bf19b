"""Addresses of what a session is offered: its own, and of these very bytes."""

import ast
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.runtime.media_file_storage import MediaFileKind

from dashboard.runtime import hosting, session_files
from dashboard.runtime.ledger import MB, Ledger
from dashboard.runtime.session_files import DOWNLOADS, Downloads, OfferedFiles
from geodata.errors import GeodataError

SOURCES = sorted(Path(hosting.__file__).parent.rglob("*.py"))
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


def test_name_kind_and_session_cannot_stand_for_each_other(offered):
    made, _ = offered
    parts = (("ab", "c", "d"), ("a", "bc", "d"), ("a", "b", "cd"))
    ids = {made.id_of(b"", kind, name, session=session) for kind, name, session in parts}
    assert len(ids) == 3


def test_each_download_is_kept_for_its_session_and_only_the_last_ones():
    ledger = Ledger(session_mb=3, server_mb=5)
    files = Downloads(OfferedFiles("/media"), ledger)
    address = []
    for number in range(6):
        button = files.add_deferred(lambda n=number: b"x" * (MB + n), "text/csv", "1", "a.csv")
        address.append(files.execute_deferred(button))
    assert len(set(address)) == 6
    assert len(files._storage._files_by_id) == DOWNLOADS
    assert ledger.held() == sum(MB + n for n in (4, 5))


def test_a_download_beyond_the_ceiling_is_not_kept():
    ledger = Ledger(session_mb=1, server_mb=5)
    files = Downloads(OfferedFiles("/media"), ledger)
    button = files.add_deferred(lambda: b"x" * (MB + 1), "text/csv", "1", "a.csv")
    with pytest.raises(GeodataError):
        files.execute_deferred(button)
    assert not files._storage._files_by_id
    assert ledger.held() == 0


def test_downloads_of_a_session_that_left_are_let_go():
    ledger = Ledger()
    files = Downloads(OfferedFiles("/media"), ledger)
    button = files.add_deferred(lambda: b"x" * MB, "text/csv", "1", "a.csv")
    session = files._deferred_callables[button]["session_id"]
    files.execute_deferred(button)
    files.forget(session)
    assert not files._storage._files_by_id
    assert not files._deferred_callables
    assert ledger.held() == 0


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
    assert places.pop("media_file_mgr") == {"hosting.py", "map_files.py"}
    assert places.pop("download_button") >= {"share.py", "own_events.py", "own_roads.py"}
    # A file or a picture given by its address would be served by other code than these stores.
    assert not any(places.values())
