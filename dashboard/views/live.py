"""The parts that change with a click, drawn as one fragment so that a click sends nothing else."""

import streamlit as st

from dashboard import error_boundary
from dashboard.page import current
from dashboard.runtime.first_map import MAPS
from dashboard.session import entry, visit
from dashboard.session.places import page_of
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
    entry.redraw_asked()  # this run is that redraw: the card must not ask for another
    here = visit.visit()
    headline_place = st.container(key="summary", gap=None)
    map_place = st.container(key="map", gap=None)
    panel_place = st.container(key="panel", gap=None)
    # At first the map comes before the parts around it; a layer on request is computed before it.
    # Later the map has painted the road at the click, and the effect on towns comes first.
    map_first = not here.drawn and not page.state.show and page_of(page.state.tab) == "map"
    if map_first:
        with map_place:
            map_view.draw(page, reports=True)
        with headline_place:
            headline.draw(page)
        MAPS.wait()
    with panel_place:
        # The desk's page hides the panel, and draws itself again at each save of the team.
        slow_part = panel.draw(page) if page_of(page.state.tab) != "desk" else None
        map_view.prepare(page)
    if not map_first:
        with headline_place:
            headline.draw(page)
        with map_place:
            map_view.draw(page)
    here.drawn = True
    with st.container(key="table", gap=None):
        tables.draw(page)
    with st.container(key="full_page", gap=None):
        pages.draw(page)
    visit.write_link(page.known)
    if slow_part is not None:
        slow_part()
