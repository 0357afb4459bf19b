"""Matches of a search that found more than one thing, or nothing."""

import streamlit as st

from dashboard.markup import tag
from dashboard.page import Page
from dashboard.session import visit
from dashboard.widgets import controls, names


def draw(page: Page) -> bool:
    """Draw the matches of the last search; False if there is nothing to draw."""
    result = visit.visit().matches
    if result is None:
        return False
    words = page.words
    query, matches = result
    with st.container(key="matches", gap="xxsmall"):
        title = words.count("find.matches", len(matches), asked=query)
        st.html(
            tag(
                "h2",
                title if matches else words("find.none", asked=query),
                class_="sr-panel-title",
                role="status",
            )
        )
        kinds = {name: kind for kind, name in matches}
        names.picked_from(
            words("find.label"),
            tuple(kinds),
            lambda one: _name(page, kinds[one], one),
            key="matches_list",
            picked=lambda one: controls.open_match(kinds[one], one),
        )
        st.button(
            words("find.clear"),
            key="find_clear",
            on_click=visit.dismiss,
            args=("matches",),
            type="tertiary",
        )
    return True


def _name(page: Page, kind: str, one: str) -> str:
    if kind == "number":
        return page.words("find.number", number=one)
    name = page.names.segment(one) if kind == "road" else page.names.node(one)
    return page.words(f"find.{kind}", name=name)
