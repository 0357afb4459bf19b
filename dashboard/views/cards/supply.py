"""The card of a supply point: whether it is in use, and which towns it supplies."""

from typing import Final

import streamlit as st

from dashboard.markup import tag
from dashboard.page import Page
from dashboard.session import cards
from dashboard.widgets import controls, names
from geodata import schema as f

TOWNS: Final = 12


def draw(page: Page, point: str) -> None:
    """Draw its state, the towns supplied from it, and the switch."""
    words, off = page.words, point in page.state.off
    towns = page.access.towns
    fed = towns[towns[f.SUPPLY_POINT] == point].sort_values(f.POPULATION, ascending=False)
    usual = int((towns[f.BASELINE_SUPPLY_POINT] == point).sum())
    status = words("supply.off") if off else words.count("supply.feeds", len(fed))
    st.html(
        tag(
            "article",
            tag("p", status, class_="sr-state"),
            tag("p", words.count("supply.usual", usual), class_="sr-muted"),
            class_="sr-card",
        )
    )
    with st.container(key="card_actions", horizontal=True):
        st.button(
            words("supply.switch_on" if off else "supply.switch_off"),
            key="supply_switch",
            type="primary",
            on_click=controls.switch,
            args=(point,),
        )
    title = words("supply.towns")
    if len(fed):
        st.html(tag("h3", title, class_="sr-group"))
    ids = list(fed[f.NODE_ID])
    names.listed(title, ids[:TOWNS], page.names.node, key="supply_towns", kind=cards.TOWN)
    if len(ids) > TOWNS:
        st.caption(words.count("situation.more", len(ids) - TOWNS))
