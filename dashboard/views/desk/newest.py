"""Others' changes as they are saved: a part that runs by itself and only asks for a number."""

from typing import Final

import streamlit as st

from dashboard.markup import tag
from dashboard.page import current
from dashboard.runtime.callbacks import guarded
from dashboard.session import visit
from dashboard.session.desk import Newest, desk, mark, newest
from dashboard.session.person import level
from geodata.desk.journal import Kind
from geodata.errors import GeodataError
from geodata.sharing.publication import Sensitivity

SECONDS: Final = 1.0
"""Between two questions; what others save is seen within two seconds."""

NAMED: Final = 3
_DISMISSED: Final = "desk_seen"
_SHOWN: Final = "desk_shown"


def watch_page() -> None:
    """Draw the desk's page again as soon as its newest save is another than was drawn."""
    _watch_page(newest(now=True))


@st.fragment(run_every=SECONDS)
def _watch_page(drawn: Newest) -> None:
    # What was typed and not yet sent stays in the browser when the page is drawn again.
    if newest() != drawn:
        st.rerun()


@st.fragment(run_every=SECONDS)
def watch_map() -> None:
    """On the map a new version is only told: figures do not change under the reader."""
    page = current()
    shown, latest = page.state.desk.removesuffix("p"), newest().version
    if shown and _put_back(int(shown)):
        st.rerun()
    if latest < 0 or not shown or int(shown) >= latest or latest <= _dismissed():
        return
    authors = _event_authors(int(shown))
    if authors is None:
        return
    words = page.words
    with st.container(key="desk_news", horizontal=True, vertical_alignment="center"):
        named = [] if level() == Sensitivity.PUBLIC else list(authors[:NAMED])
        told = (
            words.count("desk.news", len(named), names=words.listed(named), version=latest)
            if named
            else words("desk.news_unnamed", version=latest)
        )
        st.html(tag("p", told, role="status"))
        st.button(words("desk.news_show"), key="desk_news_show", on_click=_show, args=(latest,))
        st.button(
            words("desk.news_later"),
            key="desk_news_later",
            on_click=_later,
            args=(latest,),
            type="tertiary",
        )


def _put_back(shown: int) -> bool:
    """Return whether the version shown is no longer the one it was: a backup was put back."""
    try:
        found = shown, mark(shown)
    except GeodataError:
        return False
    before = st.session_state.get(_SHOWN, found)
    st.session_state[_SHOWN] = found
    return bool(before[0] == shown and before != found)


def _event_authors(since: int) -> tuple[str, ...] | None:
    """Names of those who changed events after a version; None if nobody did."""
    try:
        shared = desk()
        entries = shared.entries(since=since) if shared is not None else []
    except GeodataError:
        return ()
    changed = [each for each in entries if each.kind == Kind.EVENT]
    return tuple(dict.fromkeys(each.author for each in changed if each.author)) if changed else None


def _dismissed() -> int:
    return int(st.session_state.get(_DISMISSED, 0))


@guarded
def _show(version: int) -> None:
    suffix = "p" if visit.state().desk.endswith("p") else ""
    visit.change(desk=f"{version}{suffix}")
    st.session_state[_DISMISSED] = version


@guarded
def _later(version: int) -> None:
    st.session_state[_DISMISSED] = version
