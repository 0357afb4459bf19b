"""What sessions may hold in memory, and that what is replaced or left behind is released."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.exceptions import HTTPException
from streamlit.runtime.uploaded_file_manager import UploadedFileRec
from streamlit.testing.v1 import AppTest

from dashboard.runtime.footprint import footprint
from dashboard.runtime.ledger import MB, Ledger
from dashboard.runtime.session_files import FILES, RECORD_BYTES, UploadStore
from dashboard.session.results import AnalysisCache
from geodata.dataset import shipped
from geodata.errors import GeodataError
from tests.support import hostile_cases

SESSION, SERVER = 3, 5
STEPS = st.lists(st.tuples(
    st.sampled_from("abc"), st.sampled_from(["table", "network", None]),
    st.integers(0, SESSION * MB + 1),
))  # fmt: skip


@given(STEPS)
def test_the_account_is_the_sum_of_what_is_stored_and_never_exceeds_a_limit(steps):
    ledger, wanted = Ledger(session_mb=SESSION, server_mb=SERVER), {}
    for session, name, size in steps:
        if name is None:
            ledger.release(session)
            wanted = {key: held for key, held in wanted.items() if key[0] != session}
            continue
        after = wanted | {(session, name): size}
        mine = sum(held for (owner, _), held in after.items() if owner == session)
        grows = size > wanted.get((session, name), 0)
        if grows and (mine > SESSION * MB or sum(after.values()) > SERVER * MB):
            with pytest.raises(GeodataError) as caught:
                ledger.hold(session, name, size)
            full = "own.session_full" if mine > SESSION * MB else "own.server_full"
            assert caught.value.key == full
        else:
            ledger.hold(session, name, size)
            wanted = after
        assert ledger.held() == sum(wanted.values())
        for each in "abc":
            held = sum(size for (owner, _), size in wanted.items() if owner == each)
            assert ledger.held(each) == held


@pytest.fixture
def store():
    return UploadStore("/upload", Ledger(session_mb=SESSION, server_mb=SERVER))


def sent(store, session, file_id, size):
    store.add_file(session, UploadedFileRec(file_id, f"{file_id}.csv", "text/csv", b"x" * size))


def kept(store, session):
    return sum(len(file.data) for file in store.file_storage.get(session, {}).values())


def test_files_sent_past_the_page_count_against_the_limit_of_the_session(store):
    for number in range(20):
        sent(store, "a", f"file {number}", MB)
    assert kept(store, "a") == (SESSION - 1) * MB
    assert store.refusal("a", "file 1") is None
    assert store.refusal("a", "file 19").key == "own.session_full"
    sent(store, "b", "file", MB)
    assert kept(store, "b") == MB


def test_sessions_together_count_against_the_limit_of_the_server(store):
    for session in range(20):
        sent(store, f"session {session}", "file", MB)
    assert sum(kept(store, f"session {session}") for session in range(20)) == (SERVER - 1) * MB
    assert store.refusal("session 19", "file").key == "own.server_full"


def test_a_session_sends_no_more_files_than_it_may_though_they_are_empty(store):
    for number in range(FILES):
        sent(store, "a", f"file {number}", 0)
    sent(store, "a", "file 0", 1)
    with pytest.raises(HTTPException):
        sent(store, "a", "one more", 0)
    assert len(store.file_storage["a"]) == FILES


def test_everything_a_session_stored_is_released_when_it_ends(store):
    ledger = store._ledger
    sent(store, "a", "file", MB)
    sent(store, "b", "file", MB)
    ledger.hold("a", "table", MB // 2)
    store.remove_file("b", "file")
    assert ledger.held("b") == 0
    store.remove_session_files("a")
    assert ledger.held() == 0
    assert kept(store, "a") == 0


def test_a_file_counts_in_memory_not_by_its_content_alone(store):
    sent(store, "a", "file", 0)
    assert store._ledger.held("a") == RECORD_BYTES


def page() -> None:
    """Two uploaders whose contents are read, and how much Streamlit keeps of this session."""
    import streamlit as st
    from streamlit.runtime.scriptrunner import get_script_run_ctx

    from dashboard.session import uploads
    from geodata.errors import GeodataError

    for key in ("one", "two"):
        try:
            found = uploads.content(key, st.file_uploader(key, key=key))
            st.text(f"{key}: {0 if found is None else len(found)}")
        except GeodataError as fault:
            st.text(f"{key}: {fault.key}")
    context = get_script_run_ctx()
    kept = context.uploaded_file_mgr.file_storage[context.session_id]
    st.text(f"kept: {sum(len(file.data) for file in kept.values())}")


def said(app: AppTest) -> list[str]:
    assert not app.exception
    return [text.value for text in app.text]


def test_a_file_that_is_replaced_or_removed_is_released():
    app = AppTest.from_function(page).run()
    small, large = hostile_cases.PLAIN.encode(), hostile_cases.PLAIN.encode() * 2
    app.file_uploader(key="one").upload("a.csv", small, "text/csv").run()
    assert said(app) == [f"one: {len(small)}", "two: 0", f"kept: {len(small)}"]
    app.file_uploader(key="one").upload("b.csv", large, "text/csv").run()
    assert said(app) == [f"one: {len(large)}", "two: 0", f"kept: {len(large)}"]
    app.file_uploader(key="two").upload("c.csv", small, "text/csv").run()
    assert said(app)[2] == f"kept: {len(small) + len(large)}"


def test_results_on_own_data_are_dropped_oldest_first_where_the_account_is_full():
    ledger = Ledger(session_mb=1, server_mb=5)
    held = AnalysisCache(shipped(), allow=lambda size: ledger.hold("a", "results", size))
    for number in range(10):
        made = held.get(("large", number), lambda: "x" * (MB // 4))
        assert len(made) == MB // 4
        assert MB // 4 < ledger.held("a") <= MB
    assert held.get(("large", 9), lambda: "made again") != "made again"
    assert held.get(("large", 0), lambda: "made again") == "made again"
    assert len(held.get(("too large", 0), lambda: "x" * 2 * MB)) == 2 * MB
    assert held.get(("too large", 0), lambda: "not kept") == "not kept"


def test_the_account_counts_what_lies_in_memory_not_the_file():
    table = shipped().events
    text = pd.Series(["é" * 1_000] * 100, dtype="str")
    assert footprint(text) >= 100 * 2_000
    assert footprint(table) > table.to_csv().__sizeof__() / 2
    assert footprint((table, table)) < 1.1 * footprint(table)
    assert footprint(table, apart_from=[table]) == 0


@given(
    st.recursive(
        st.text() | st.binary() | st.integers() | st.none(),
        lambda inner: st.lists(inner, max_size=50) | st.dictionaries(st.text(), inner),
    )
)
def test_any_object_is_weighed_at_no_less_than_its_own_size(value):
    light = value is None or isinstance(value, int)
    assert light or footprint(value) >= value.__sizeof__()
