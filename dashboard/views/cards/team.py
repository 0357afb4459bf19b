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
    if may(Role.CONTRIBUTOR):
        road = place in page.dataset.network.segment_number
        st.button(
            page.words("desk.add_here"),
            key="card_add_event",
            on_click=guarded(entry.open_new),
            args=("", place) if road else (place, ""),
            icon=":material/add_location:",
        )
    remarks.draw(page, place)
