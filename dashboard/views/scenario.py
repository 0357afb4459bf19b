"""The scenario: what is cut, reopened and switched off, why, and on whose word."""

import datetime as dt
from dataclasses import replace

import streamlit as st

from dashboard.markup import label, link, tag
from dashboard.page import Page
from dashboard.runtime.callbacks import guarded
from dashboard.session import actions, visit
from dashboard.session.actions import Action
from geodata.events.presets import preset
from geodata.sharing.permalink import Note, notes_fit
from geodata.sharing.view_state import NOTE_CHARACTERS, TITLE_CHARACTERS


def draw(page: Page) -> None:
    """Name, cuts and reopenings with their notes, supply points off, and the preset."""
    words, state = page.words, page.state
    key = visit.seed("scenario_title", state.title)
    st.text_input(
        words("scenario.title"),
        key=key,
        max_chars=TITLE_CHARACTERS,
        placeholder=words("scenario.title_example"),
        on_change=visit.take,
        args=("title", key),
    )
    if state.preset:
        _preset(page, state.preset)
    if not (state.cut or state.reopen or state.off):
        st.caption(words("scenario.nothing"))
    for kind, ids in (("cut", state.cut), ("reopen", state.reopen)):
        for segment_id in ids:
            _segment(page, kind, segment_id)
    for point in state.off:
        with st.container(key=f"off_{point}", horizontal=True, vertical_alignment="center"):
            st.markdown(words("scenario.off", name=label(page.names.node(point))))
            st.button(
                words("scenario.switch_on"), key=f"on_{point}", on_click=_switch_on, args=(point,)
            )
    if not notes_fit(state):
        st.warning(words("scenario.notes_long"))


def _segment(page: Page, kind: str, segment_id: str) -> None:
    words = page.words
    note = next((n for n in page.state.notes if n.segment_id == segment_id), Note(segment_id))
    with st.container(key=f"{kind}_{segment_id}", horizontal=True, vertical_alignment="center"):
        st.markdown(words(f"scenario.{kind}", name=label(page.names.segment(segment_id))))
        if note.reason or note.source:
            st.caption(label(" · ".join(_told(page, note))))
        with st.popover(words("scenario.note")):
            _note(page, note)
        st.button(
            words("scenario.take_back"),
            key=f"take_back_{kind}_{segment_id}",
            on_click=_take_back,
            args=(kind, segment_id),
        )


def _told(page: Page, note: Note) -> list[str]:
    day = page.words.day(note.date) if note.date else ""
    return [part for part in (note.reason, note.source, day, note.author) if part]


def _note(page: Page, note: Note) -> None:
    """Fields of a note; each is taken as soon as it is left."""
    words, segment = page.words, note.segment_id
    for name in ("reason", "source", "author"):
        written = getattr(note, name)
        key = visit.seed(f"note_{name}_{segment}", written)
        st.text_input(
            words(f"scenario.note_{name}"),
            written,
            key=key,
            max_chars=NOTE_CHARACTERS,
            on_change=_annotate,
            args=(segment, name, key),
        )
    key = visit.seed(f"note_date_{segment}", note.date)
    st.date_input(
        words("scenario.note_date"),
        note.date,
        key=key,
        format="YYYY-MM-DD",
        min_value=dt.date(2000, 1, 1),
        max_value=dt.date(2100, 12, 31),
        on_change=_annotate,
        args=(segment, "date", key),
    )


@guarded
def _annotate(segment_id: str, name: str, key: str) -> None:
    state = visit.state()
    note = next((n for n in state.notes if n.segment_id == segment_id), Note(segment_id))
    visit.go(actions.annotate(state, replace(note, **{name: st.session_state[key]})))


@guarded
def _take_back(kind: str, segment_id: str) -> None:
    undo = actions.uncut if kind == "cut" else actions.unreopen
    visit.go(undo(visit.state(), segment_id), Action(f"un{kind}", segment_id))


@guarded
def _switch_on(point: str) -> None:
    visit.go(*actions.switch(visit.state(), point))


def _preset(page: Page, wanted: str) -> None:
    """What the preset's text says, and who says it."""
    words = page.words
    found = preset(page.dataset.network, page.dataset.corridor_segments, wanted)
    parts = [
        tag(
            "li",
            part.text,
            " → ",
            words(f"why.segment.{part.state}"),
            "" if part.segments else f" ({words('scenario.preset_unmapped')})",
        )
        for part in found.parts
    ]
    source = None
    if found.source_name:
        told = link(found.source_url, found.source_name)
        source = tag("p", words("scenario.preset_source"), " ", told)
    st.html(
        tag(
            "section",
            tag("h3", words(found.title)),
            tag("ul", *parts),
            source,
            tag("p", words("phases.source_note"), class_="sr-muted"),
            class_="sr-prose",
        )
    )
