"""What changes with a click: drawn by itself, so that a click sends nothing else."""

import streamlit as st

from dashboard import controls, guard, session
from dashboard.page import current
from dashboard.views import card, summary, tabs, towns
from dashboard.views import map as map_view


@st.fragment
def draw() -> None:
    """Summary, last action, map, lists and the open tab."""
    # A run of this part alone does not pass the page's own guard.
    guard.run(_draw)


def _draw() -> None:
    page = current()
    if controls.out_of_step(page.state):
        st.rerun()
    summary.draw(page)
    summary.draw_action(page)
    # The map has painted the road at the click; what it means for towns is told before the rest.
    map_place = st.container(key="map", gap=None)
    card_place = st.container(key="card", gap=None)
    towns.draw_list(page)
    with map_place:
        map_view.draw(page)
    with card_place:
        card.draw(page)
    tabs.draw(page)
    session.write_link(page.known)
