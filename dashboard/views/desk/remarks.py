"""What the team wrote about a town or a road."""

from typing import Final

import streamlit as st

from dashboard.markup import label, tag
from dashboard.page import Page, current
from dashboard.runtime.callbacks import guarded
from dashboard.session import cards, visit
from dashboard.session.desk import begun, desk
from dashboard.session.person import accounts, level, may, person
from dashboard.views.desk import event, scenarios, who
from dashboard.widgets import controls, sheets
from geodata.desk.journal import Kind
from geodata.desk.people import Role
from geodata.desk.scenarios import TEXT_CHARACTERS, Remark, add_remark, remarks
from geodata.desk.store import Desk
from geodata.errors import GeodataError
from geodata.sharing.publication import Sensitivity

SHOWN: Final = 25
ON_CARD: Final = 5
FAULT: Final = "remark_fault"


def draw_all(page: Page, shared: Desk) -> None:
    """Every remark, the newest first, with the place that it is about."""
    if level() == Sensitivity.PUBLIC:
        st.html(tag("p", page.words("desk.remarks_team"), class_="sr-empty"))
        return
    all_remarks = remarks(shared)
    st.html(tag("p", page.words("desk.remarks_what"), class_="sr-muted"))
    if not all_remarks:
        st.html(tag("p", page.words("desk.no_remarks"), class_="sr-empty"))
        return
    names, words = shared.names(), page.words
    wanted = sheets.search(words, key="desk_remark_find") if len(all_remarks) > SHOWN else ()
    found = [
        each
        for each in all_remarks
        if sheets.matches(wanted, f"{each.text} {place_name(page, each.place)}")
    ]
    count = sheets.counted(words, "desk.remarks_listed", len(found), of=len(all_remarks))
    st.html(tag("p", count, class_="sr-muted", role="status"))
    for each in sheets.on_sheet(found, key="desk_remark_sheet", size=SHOWN):
        with st.container(key=f"desk_remark_{each.token}", border=True, gap="xxsmall"):
            if _known(page, each.place):
                st.button(
                    label(_name(page, each.place)),
                    key=f"desk_at_{each.token}",
                    on_click=_open,
                    args=(each.place,),
                    type="tertiary",
                )
            _remark(page, each, names, area="desk")
    sheets.turn(words, found, key="desk_remark_sheet", size=SHOWN)


def draw(page: Page, place: str) -> None:
    """The remarks at one town or road, and a field for another; for its card."""
    words = page.words
    try:
        shared = desk()
        if not may(Role.CONTRIBUTOR) and shared is None:
            return
        allowed = shared is not None and level() == Sensitivity.FULL
        shown_remarks = remarks(shared, place) if shared is not None and allowed else []
        names = shared.names() if shared is not None and shown_remarks else {}
        # In a place of their own: a remark that comes in must not close the form below.
        with st.container(gap="xsmall"):
            for each in shown_remarks[:ON_CARD]:
                _remark(page, each, names, area="card")
            if (more := len(shown_remarks) - ON_CARD) > 0:
                st.caption(words.count("desk.remarks_more", more))
        if may(Role.CONTRIBUTOR) or accounts() == "local":
            with st.expander(words("desk.remark_add"), icon=":material/add_comment:"):
                _form(page, place)
    except GeodataError as fault:
        st.caption(label(fault.text(words.lang)))
    refused = st.session_state.pop(FAULT, None)
    if isinstance(refused, GeodataError):
        st.error(label(refused.text(words.lang)))


def _form(page: Page, place: str) -> None:
    """The name of who writes, and once it is known the field."""
    words, key = page.words, f"remark_{place}"
    who.draw(page, key="remark_name")
    if not may(Role.CONTRIBUTOR):
        st.caption(words("desk.name_first"))
        return
    st.text_area(words("desk.remark_text"), key=key, max_chars=TEXT_CHARACTERS)
    st.button(words("desk.remark_save"), key="remark_save", on_click=_save, args=(place, key))


def _remark(page: Page, remark: Remark, names: dict[int, str], *, area: str) -> None:
    author = names.get(remark.author_id) or page.words("desk.forgotten_author")
    meta = f"{author} · {event.moment(page, remark.time)}"
    st.html(
        tag(
            "blockquote",
            tag("p", remark.text),
            tag("p", meta, class_="sr-meta"),
            class_="sr-remark",
        )
    )
    st.button(
        page.words("desk.withdraw"),
        key=f"remark_off_{area}_{remark.token}",
        on_click=scenarios.take_back,
        args=(Kind.REMARK, remark.token),
        type="tertiary",
    )


def place_name(page: Page, place: str) -> str:
    """Return the name of a town or road; of one that the network no longer has, its id."""
    return _name(page, place) if _known(page, place) else place


def _known(page: Page, place: str) -> bool:
    network = page.dataset.network
    return place in network.node_number or place in network.segment_number


def _name(page: Page, place: str) -> str:
    network = page.dataset.network
    return page.names.segment(place) if place in network.segment_number else page.names.node(place)


@guarded
def _open(place: str) -> None:
    """Show the place and its card on the map."""
    visit.change(tab="")
    network = current().dataset.network
    kind = "road" if place in network.segment_number else cards.TOWN
    controls.open_match(kind, place)


@guarded
def _save(place: str, key: str) -> None:
    try:
        add_remark(begun(), person(), place, str(st.session_state.get(key) or ""))
    except GeodataError as fault:
        st.session_state[FAULT] = fault
        return
    st.session_state[key] = ""
