"""The visitor's own table, taken into the desk row by row or whole."""

import datetime as dt
from typing import Final

import streamlit as st

from dashboard.markup import label
from dashboard.page import Page
from dashboard.runtime.callbacks import guarded
from dashboard.session import datasets, visit
from dashboard.session.desk import begun
from dashboard.session.person import may, person
from dashboard.views.desk import fields, who
from geodata import schema as f
from geodata.desk.entry import event_values
from geodata.desk.importing import Imported, import_events
from geodata.desk.people import Role
from geodata.errors import GeodataError

ROWS: Final = "own_to_desk_rows"
DONE: Final = "own_to_desk_done"
OFFERED: Final = 1_000
REFUSED: Final = 20


def draw(page: Page) -> None:
    """Offer the table in use to the desk; nothing without one, or for those who may not write."""
    mine, words = datasets.own(), page.words
    if mine.events is None or page.state.network:
        return
    with st.expander(words("desk.take_events"), icon=":material/group_add:"):
        st.caption(words("desk.take_what"))
        who.draw(page, key="own_name")
        if not may(Role.CONTRIBUTOR):
            st.caption(words("desk.cannot_add"))
            return
        rows = mine.events.head(OFFERED)
        names = {
            str(
                row[f.EVENT_ID]
            ): f"{words.day(row[f.DATE])} · {fields.headline(page, event_values(row))}"
            for row in rows.to_dict("records")
        }
        st.multiselect(
            words("desk.take_rows"),
            tuple(names),
            key=ROWS,
            format_func=lambda one: label(names.get(one, one)),
            placeholder=words("desk.take_all_rows", n=len(mine.events)),
        )
        chosen = len(st.session_state.get(ROWS) or ()) or len(mine.events)
        st.button(words.count("desk.take", chosen), key="own_to_desk", on_click=_take)
        _done(page)


def _done(page: Page) -> None:
    words, done = page.words, st.session_state.get(DONE)
    if isinstance(done, GeodataError):
        st.error(label(done.text(words.lang)))
    elif isinstance(done, Imported):
        text = words.count("desk.taken", len(done.entered), version=done.version)
        (st.success if done.entered else st.warning)(text)
        for name, fault in list(done.refused.items())[:REFUSED]:
            st.caption(label(f"{name}: {fault.text(words.lang)}"))
        if len(done.refused) > REFUSED:
            st.caption(words.count("desk.taken_more", len(done.refused) - REFUSED))


@guarded
def _take() -> None:
    """Enter the rows chosen, or all, as proposed; a row that is refused does not stop the rest."""
    mine = datasets.own()
    if mine.events is None:
        return
    chosen = list(st.session_state.get(ROWS) or ()) or None
    today = dt.datetime.now(dt.UTC).date()
    try:
        done = import_events(
            begun(), person(), mine.events, today=today, ids=chosen, reason=mine.events_name
        )
    except GeodataError as fault:
        st.session_state[DONE] = fault
        return
    st.session_state[DONE] = done
    suffix = "p" if visit.state().desk.endswith("p") else ""
    visit.change(desk=f"{done.version}{suffix}")
