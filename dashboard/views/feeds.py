"""Addresses that tell of changes: feeds for a reader or a program, and a calendar."""

from dataclasses import replace
from typing import Final
from urllib.parse import quote

import streamlit as st

from dashboard.markup import label
from dashboard.page import Page
from geodata import schema as f
from geodata.sharing import permalink as links
from geodata.sharing.permalink import ViewState

PATHS: Final = {
    "atom": "api/v1/changes.atom",
    "json": "api/v1/changes.json",
    "ics": "api/v1/phases.ics",
}
MOST_TOWNS: Final = 200


def draw(page: Page, home: str) -> None:
    """Draw the choice of towns and the addresses; nothing on a visitor's own network.

    Parameters
    ----------
    page : Page
    home : str
        Address of the app.
    """
    words = page.words
    if page.state.network:
        return
    st.subheader(words("share.feeds"), anchor=False)
    st.caption(words("share.feeds_what"))
    towns = page.access.towns.sort_values([f.POPULATION, f.NAME], ascending=[False, True])
    chosen = st.multiselect(
        words("share.feeds_towns"),
        list(towns[f.NODE_ID]),
        key="feed_towns",
        format_func=lambda town: label(page.names.node(town)),
        placeholder=words("share.feeds_all"),
        max_selections=MOST_TOWNS,
    )
    fuel = st.checkbox(words("share.feeds_fuel"), key="feed_fuel")
    for form in PATHS:
        st.caption(words(f"share.feeds_{form}"))
        view = replace(page.state, lang=words.lang)
        offered = address(view, home, form, tuple(chosen), fuel=fuel)
        st.code(offered, language=None, wrap_lines=True)


def address(view: ViewState, home: str, form: str, towns: tuple[str, ...], *, fuel: bool) -> str:
    """Return the address of one form, for the traffic and in the language of a view."""
    asked = ViewState(
        lang=view.lang,
        vehicle=view.vehicle,
        traffic=view.traffic,
        by=view.by,
        show=("fuel",) if fuel and form != "ics" else (),
    )
    query = links.format(asked)
    if towns and form != "ics":
        query += f"&towns={quote(','.join(towns), safe=',')}"
    return f"{home}{PATHS[form]}?{query}"
