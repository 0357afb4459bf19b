"""The second panel: what was cut, reopened and switched off, and its effects."""

import streamlit as st

from dashboard.markup import label
from dashboard.page import Page
from dashboard.runtime.callbacks import guarded
from dashboard.session import actions, visit
from dashboard.session.actions import Action
from dashboard.views import cut_form, lost_towns, notes, plan, reopen
from dashboard.widgets import controls
from geodata.sharing.permalink import Note, notes_fit
from geodata.sharing.view_state import TITLE_CHARACTERS


def draw(page: Page) -> None:
    """Draw the changes made by hand, how to make more, and further questions."""
    form = st.container(key="cut_form", gap="xsmall")
    made = st.container(key="made", gap="xsmall")
    # The towns that a cut isolates are sent first: they are what a click is about.
    lost_towns.draw(page)
    with form:
        cut_form.draw(page)
    with made:
        _made(page)
    _supply(page)
    _tools(page)


def _made(page: Page) -> None:
    """Draw the scenario's title, and each change made by hand."""
    words, state = page.words, page.state
    key = visit.seed("scenario_title", state.title)
    if state.cut or state.cut_by or state.reopen or state.off or state.title:
        st.text_input(
            words("scenario.title"),
            key=key,
            max_chars=TITLE_CHARACTERS,
            placeholder=words("scenario.title_example"),
            on_change=visit.take,
            args=("title", key),
        )
    else:
        st.caption(words("scenario.nothing"))
    cut_form.draw_made(page)
    for kind, ids in (("cut", state.cut), ("reopen", state.reopen)):
        for segment_id in ids:
            _segment(page, kind, segment_id)
    if not notes_fit(state):
        st.warning(words("scenario.notes_long"))


def _supply(page: Page) -> None:
    """Draw the supply points, each with a switch."""
    words, off = page.words, page.state.off
    # While it is folded its contents are neither drawn nor sent.
    unfolded = st.expander(
        words("controls.supply"), expanded=bool(off), key="supply", on_change="rerun"
    )
    if not unfolded.open:
        return
    with unfolded:
        st.caption(words("controls.supply_help"))
        for point in page.dataset.network.supply_points:
            used = point not in off
            key = visit.seed(f"supply_{point}", used)
            st.checkbox(
                label(page.names.node(point)),
                used,
                key=key,
                on_change=controls.switch,
                args=(point,),
            )


def _tools(page: Page) -> None:
    """Draw questions about this scenario: the worst next closures, and what to reopen first."""
    words = page.words
    with st.container(key="scenario_tools", horizontal=True, gap="xsmall"):
        for tab in ("segments", "reopen"):
            opened = page.state.tab == tab
            st.button(
                words(f"scenario.tool_{tab}"),
                key=f"tool_{tab}",
                type="primary" if opened else "secondary",
                on_click=visit.open_table,
                args=("scenario" if opened else tab,),
            )
    if page.state.tab == "reopen":
        with st.container(key="reopening", gap="xsmall"):
            reopen.draw(page)
    plan.draw(page)


def _segment(page: Page, kind: str, segment_id: str) -> None:
    words = page.words
    note = notes.note_of(page, segment_id)
    with st.container(key=f"{kind}_{segment_id}", horizontal=True, vertical_alignment="center"):
        name = label(page.names.segment(segment_id))
        st.markdown(words(f"scenario.{kind}", name=name), width="stretch")
        if note.reason or note.source:
            st.caption(label(" · ".join(_note_parts(page, note))))
        notes.draw(page, segment_id)
        st.button(
            words("scenario.take_back"),
            key=f"take_back_{kind}_{segment_id}",
            icon=":material/close:",
            type="tertiary",
            on_click=_take_back,
            args=(kind, segment_id),
        )


def _note_parts(page: Page, note: Note) -> list[str]:
    day = page.words.day(note.date) if note.date else ""
    return [part for part in (note.reason, note.source, day, note.author) if part]


@guarded
def _take_back(kind: str, segment_id: str) -> None:
    undo = actions.uncut if kind == "cut" else actions.unreopen
    visit.go(undo(visit.state(), segment_id), Action(f"un{kind}", segment_id))
