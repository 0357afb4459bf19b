"""About page: how the answers are computed, where the data come from, and responsible use."""

import streamlit as st

from dashboard.page import Page
from dashboard.runtime.callbacks import guarded
from dashboard.session import visit
from dashboard.session.options import Options
from dashboard.views import method, responsible

PARTS = Options(("method", "responsible"), "tabs.{}")


def draw(page: Page) -> None:
    """Draw the method and sources, or the page on responsible use."""
    words = page.words
    key = visit.seed("choose_about", page.state.tab)
    st.segmented_control(
        words("pages.about"),
        PARTS.codes,
        key=key,
        required=True,
        format_func=lambda name: PARTS.label(words, name),
        on_change=_open,
        args=(key,),
        label_visibility="collapsed",
    )
    {"method": method.draw, "responsible": responsible.draw}[page.state.tab](page)


@guarded
def _open(key: str) -> None:
    visit.change(tab=PARTS.code(st.session_state[key]))
