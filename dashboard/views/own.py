"""The visitor's events and roads: opened, checked, and used in this session only."""

import streamlit as st

from dashboard.page import Page
from dashboard.views import connect, own_events, own_facilities, own_fuel, own_roads
from dashboard.views.desk import uploads
from geodata.readers.limits import UPLOAD


def draw(page: Page) -> None:
    """Draw events and services on one side, roads on the other."""
    words = page.words
    st.caption(words("own.private", mb=UPLOAD.file_mb))
    events, roads = st.columns(2, gap="large")
    with events:
        st.subheader(words("own.events"), anchor=False)
        own_events.draw(page)
        uploads.draw(page)
        with st.expander(words("connect_tab.title")):
            connect.draw(page)
        st.subheader(words("facility.title"), anchor=False)
        own_facilities.draw(page)
    with roads:
        st.subheader(words("own.roads"), anchor=False)
        own_roads.draw(page)
        st.subheader(words("own_fuel.title"), anchor=False)
        own_fuel.draw(page)
