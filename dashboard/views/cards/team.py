"""What the team does at a town or a road: add an event there, and write remarks."""

import streamlit as st

from dashboard.page import Page
from dashboard.runtime.callbacks import guarded
from dashboard.session.person import may
from dashboard.views.desk import entry, remarks
from geodata.desk.people import Role


def draw(page: Page, place: str) -> None:
    """The way to a new event here, and the remarks; nothing on a visitor's own network."""
    if page.state.network:
        return
    # Each part in a place of its own: were the button to appear above the open form when a name is
    # given, the browser would make another form, closed and without what is typed in it.
    with st.container(key="card_team", gap="xsmall"):
        with st.container(gap=None):
            _new_event(page, place)
        remarks.draw(page, place)


def _new_event(page: Page, place: str) -> None:
    if not may(Role.CONTRIBUTOR):
        return
    road = place in page.dataset.network.segment_number
    st.button(
        page.words("desk.add_here"),
        key="card_add_event",
        on_click=guarded(entry.open_new),
        args=("", place) if road else (place, ""),
        icon=":material/add_location:",
    )
