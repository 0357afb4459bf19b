"""The parts that change with a click, drawn as one fragment so that a click sends nothing else."""

import streamlit as st

from dashboard import error_boundary
from dashboard.page import current
from dashboard.session import visit
from dashboard.views import headline, pages, panel, tables
from dashboard.views import map as map_view
from dashboard.widgets import controls


@st.fragment
def draw() -> None:
    """Draw headline, map, panel, and the open table or page."""
    # A run of this part alone does not pass the page's own guard.
    error_boundary.error_boundary(_draw)


def _draw() -> None:
    page = current()
    if controls.out_of_step(page.state):
        st.rerun()
    # The map has painted the road at the click; its effect on towns is shown before the rest.
    headline_place = st.container(key="summary", gap=None)
    map_place = st.container(key="map", gap=None)
    with st.container(key="panel", gap=None):
        slow_part = panel.draw(page)
    with headline_place:
        headline.draw(page)
    map_view.prepare(page)
    with map_place:
        map_view.draw(page)
    with st.container(key="table", gap=None):
        tables.draw(page)
    with st.container(key="full_page", gap=None):
        pages.draw(page)
    visit.write_link(page.known)
    if slow_part is not None:
        slow_part()
