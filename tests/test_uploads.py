"""What a session may hold of uploads, and that what is replaced is let go."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from dashboard.uploads import Shelf
from geodata.errors import GeodataError
from geodata.limits import SESSION_MB
from tests import hostile_cases

NAMES = st.sampled_from(["roads", "towns", "network a", "network b"])


@given(st.lists(st.tuples(NAMES, st.integers(0, SESSION_MB * 600_000))))
def test_a_session_never_holds_more_than_it_may(steps):
    shelf = Shelf()
    for name, size in steps:
        before = dict(shelf.sizes)
        wanted = before | {name: size}
        if sum(wanted.values()) > SESSION_MB * 10**6:
            with pytest.raises(GeodataError, match=f"{SESSION_MB} MB"):
                shelf.hold(name, size)
            assert shelf.sizes == before
        else:
            shelf.hold(name, size)
            assert shelf.sizes == wanted
        assert sum(shelf.sizes.values()) <= SESSION_MB * 10**6


def page() -> None:
    """Two uploaders whose contents are read, and how much Streamlit keeps of this session."""
    import streamlit as st
    from streamlit.runtime.scriptrunner import get_script_run_ctx

    from dashboard import uploads
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


def test_a_file_that_is_replaced_or_taken_out_is_let_go():
    app = AppTest.from_function(page).run()
    small, large = hostile_cases.PLAIN.encode(), hostile_cases.PLAIN.encode() * 2
    app.file_uploader(key="one").upload("a.csv", small, "text/csv").run()
    assert said(app) == [f"one: {len(small)}", "two: 0", f"kept: {len(small)}"]
    app.file_uploader(key="one").upload("b.csv", large, "text/csv").run()
    assert said(app) == [f"one: {len(large)}", "two: 0", f"kept: {len(large)}"]
    app.file_uploader(key="two").upload("c.csv", small, "text/csv").run()
    assert said(app)[2] == f"kept: {len(small) + len(large)}"


def test_a_file_too_many_is_refused_and_let_go():
    app = AppTest.from_function(page).run()
    half = b"x" * (SESSION_MB * 10**6 // 2 + 1)
    app.file_uploader(key="one").upload("a.csv", half, "text/csv").run()
    app.file_uploader(key="two").upload("b.csv", half, "text/csv").run()
    assert said(app) == [f"one: {len(half)}", "two: own.session_full", f"kept: {len(half)}"]
