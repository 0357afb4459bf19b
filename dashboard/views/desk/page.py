"""The page of the desk: who writes, which version counts, and four parts to choose from."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

import streamlit as st

from dashboard.error_boundary import error_boundary
from dashboard.markup import label, tag
from dashboard.page import Page, current
from dashboard.runtime import news
from dashboard.runtime.callbacks import guarded
from dashboard.session import visit
from dashboard.session.desk import desk, newest
from dashboard.session.options import Options
from dashboard.session.person import accounts, may, person
from dashboard.session.places import page_of
from dashboard.views.desk import entry, events, fields, remarks, scenarios, versions, who
from dashboard.widgets import controls
from geodata.desk.journal import Kind, Record
from geodata.desk.people import Role
from geodata.desk.scenarios import PLACE, TITLE
from geodata.desk.store import Desk
from geodata.desk.undo import LastSave, last_save, undo
from geodata.errors import GeodataError

DRAWN: Final[Mapping[str, Callable[[Page, Desk], None]]] = MappingProxyType(
    {
        "events": events.draw,
        "scenarios": scenarios.draw,
        "remarks": remarks.draw_all,
        "versions": versions.draw,
    }
)
PARTS: Final = Options(tuple(DRAWN), "desk.part_{}")
FAULT: Final = "desk_fault"
NAMED: Final = 3
"""Events that an undo names."""


@st.fragment
def draw() -> None:
    """The whole desk, drawn by itself: after a click on it, and when somebody saved something."""
    error_boundary(_draw)


def _draw() -> None:
    page = current()
    if page_of(page.state.tab) != "desk" or controls.out_of_step(page.state):
        st.rerun()  # what was clicked leads to the map
    news.wait(newest(now=True))  # asked before anything is read: what is saved meanwhile is news
    st.caption(page.words("desk.about"))
    try:
        _parts(page)
    except GeodataError as fault:
        st.error(label(fault.text(page.words.lang)))
    visit.write_link(page.known)


def _parts(page: Page) -> None:
    """The desk; what it refuses is reported where it was asked."""
    words, shared = page.words, desk()
    _head(page, shared)
    fault = st.session_state.pop(FAULT, None)
    if isinstance(fault, GeodataError):
        st.error(label(fault.text(words.lang)))
    if shared is None or not (shared.version or may(Role.CONTRIBUTOR)):
        unnamed = accounts() == "local" and not may(Role.CONTRIBUTOR)
        told = words("desk.begin" if unnamed else "desk.empty")
        st.html(tag("p", told, class_="sr-empty"))
        return
    part = PARTS.code(st.session_state[visit.keep("desk_part", PARTS, "events")])
    st.segmented_control(
        words("desk.parts"),
        PARTS.codes,
        key="desk_part",
        required=True,
        format_func=lambda name: PARTS.label(words, name),
        label_visibility="collapsed",
    )
    DRAWN[part](page, shared)


def _head(page: Page, shared: Desk | None) -> None:
    """Name, version in use, what was saved last, and the way to a new event."""
    words = page.words
    with st.container(key="desk_head", horizontal=True, vertical_alignment="bottom"):
        with st.container(key="desk_who", gap=None, width=280):
            who.draw(page)
        if shared is not None and (latest := _latest(shared)):
            with st.container(key="desk_version", gap=None):
                _version(page, latest)
        if may(Role.CONTRIBUTOR):
            if shared is not None and (last := last_save(shared, person())) is not None:
                st.button(
                    words("desk.undo"),
                    key="desk_undo",
                    on_click=_undo,
                    icon=":material/undo:",
                    help=label(_last(page, shared, last)),
                )
            st.button(
                words("desk.add"),
                key="desk_add",
                type="primary",
                on_click=guarded(entry.open_new),
                icon=":material/add_location:",
            )


def _name(page: Page, record: Record) -> str:
    """What people call an item of the desk."""
    if record.kind == Kind.EVENT:
        return fields.headline(page, record.values)
    if record.kind == Kind.REMARK:
        return remarks.place_name(page, record.values.get(PLACE, ""))
    return record.values.get(TITLE) or record.item


def _last(page: Page, shared: Desk, last: LastSave) -> str:
    """What an undo would revert."""
    kind = "review" if last.reviewed and last.kind == Kind.EVENT else str(last.kind)
    records = shared.records()
    some = ", ".join(_name(page, records[last.kind, each]) for each in last.items[:NAMED])
    return page.words.count(f"desk.last_{kind}", len(last.items), items=some, version=last.version)


def _version(page: Page, latest: int) -> None:
    """Which version the view is of, and whether proposed events count."""
    words, code = page.words, page.state.desk
    shown = code.removesuffix("p")
    if shown and int(shown) > latest:  # what was saved since is no event
        latest = int(shown)
    key = visit.seed("desk_proposed", code.endswith("p"))
    key_of_text = "desk.shown_newest" if shown == str(latest) else "desk.shown"
    text = words(key_of_text, shown=shown, newest=latest) if shown else words("desk.not_shown")
    st.caption(text)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if may(Role.CONTRIBUTOR):
            st.toggle(words("desk.proposed"), key=key, on_change=_use, args=(latest,))
        if shown != str(latest):
            st.button(words("desk.show_newest"), key="desk_newest", on_click=_use, args=(latest,))


def _latest(shared: Desk) -> int:
    """Return the version of the newest save of an event: scenarios and remarks change no view."""
    versions = [each.version for (kind, _), each in shared.records().items() if kind == Kind.EVENT]
    return max(versions, default=0)


@guarded
def _use(version: int) -> None:
    """Let the view use a version, and proposed events where that is switched on."""
    proposed = bool(st.session_state.get("desk_proposed"))
    visit.change(desk=f"{version}p" if proposed else str(version))


@guarded
def _undo() -> None:
    shared = desk()
    if shared is None:
        return
    try:
        version = undo(shared, person())
    except GeodataError as fault:
        st.session_state[FAULT] = fault
        return
    _use(version)
