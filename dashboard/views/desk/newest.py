"""On the map: that others saved something, offered and not forced on the reader."""

from typing import Final

import streamlit as st

from dashboard.error_boundary import error_boundary
from dashboard.markup import tag
from dashboard.page import current
from dashboard.runtime import news
from dashboard.runtime.callbacks import guarded
from dashboard.session import visit
from dashboard.session.desk import desk, mark, newest
from dashboard.session.person import level
from geodata.desk.journal import Kind
from geodata.errors import GeodataError
from geodata.sharing.publication import Sensitivity

NAMED: Final = 3
LATER_SECONDS: Final = 8.0
"""Once the line stands there, what others save after it may wait so long."""

_DISMISSED: Final = "desk_seen"
_SHOWN: Final = "desk_shown"


@st.fragment
def draw() -> None:
    """A new version is only told of: figures do not change under the reader."""
    error_boundary(_draw)


def _draw() -> None:
    page = current()
    drawn = newest()
    news.wait(drawn)
    shown, latest = page.state.desk.removesuffix("p"), drawn.version
    if shown and _put_back(int(shown)):
        st.rerun()
    if latest < 0 or not shown or int(shown) >= latest or latest <= _dismissed():
        return
    authors = _event_authors(int(shown))
    if authors is None:
        return
    news.wait(drawn, rest=LATER_SECONDS)
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
