"""Notes on roads cut or reopened by hand: reason, source, author and date."""

import datetime as dt
from dataclasses import replace

import streamlit as st

from dashboard.page import Page
from dashboard.runtime.callbacks import guarded
from dashboard.session import actions, visit
from geodata.sharing.permalink import Note
from geodata.sharing.view_state import NOTE_CHARACTERS


def draw(page: Page, segment: str) -> None:
    """Draw a button that opens the fields of a segment's note; closed it sends none of them."""
    opened = st.popover(page.words("scenario.note"), key=f"note_{segment}", on_change="rerun")
    if opened.open:
        with opened:
            _fields(page, segment)


def _fields(page: Page, segment: str) -> None:
    """Draw the fields of a segment's note; each is saved when the visitor leaves it."""
    words, note = page.words, note_of(page, segment)
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
        format=words.date_field,
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


def note_of(page: Page, segment: str) -> Note:
    """Return a segment's note; an empty one if it has none."""
    return next((n for n in page.state.notes if n.segment_id == segment), Note(segment))
