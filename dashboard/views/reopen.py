"""Which closed road to reopen first."""

import streamlit as st

from dashboard.markup import label, table
from dashboard.page import Page
from dashboard.widgets import controls
from geodata import schema as f
from geodata.errors import GeodataError
from geodata.schema import Cause


def draw(page: Page) -> None:
    """Draw the steps of reopening, each the best next one."""
    words = page.words
    st.caption(words("reopen.what"))
    try:
        with st.spinner(words("page.working"), show_time=True):
            order = page.situation.reopening
    except GeodataError as refused:
        st.info(label(refused.text(words.lang)))
        return
    for cause in (Cause.SEASON, Cause.SUPPLY, Cause.VEHICLE):
        if page.isolated_by[cause]:
            st.caption(words.count(f"reopen.wait_{cause}", len(page.isolated_by[cause])))
    if not len(order):
        st.info(words("reopen.none"))
        return
    head = [words(f"reopen.column_{name}") for name in ("step", "roads", "towns", "people")]
    rows = []
    for row in order.to_dict("records"):
        segments = [page.names.segment(each) for each in row[f.SEGMENTS]]
        joined = words.listed(segments)
        roads = words("reopen.together", names=joined) if len(segments) > 1 else joined
        people = words.number(row[f.POPULATION_RESTORED])
        if row[f.POPULATION_UNKNOWN]:
            unknown = words.count("page.people_left_out", row[f.POPULATION_UNKNOWN])
            people = f"{people} ({unknown})"
        names = ", ".join(page.names.node(each) for each in row[f.TOWNS_RESTORED])
        rows.append([words.number(row[f.STEP]), roads, names, people])
    st.html(table(head, rows, caption=words("tabs.reopen"), numeric=(0, 3)))
    first = order[f.SEGMENTS].iloc[0]
    if len(first) == 1:
        st.button(
            words("reopen.first", name=page.names.ends(first[0])),
            key="reopen_first",
            on_click=controls.toggle,
            args=(first[0],),
        )
