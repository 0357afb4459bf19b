"""Name of the page, its language, and what was not understood of a link."""

import streamlit as st

from dashboard.markup import tag
from dashboard.page import Page
from dashboard.session import visit as session
from dashboard.session.options import LANGUAGE


def draw(page: Page) -> None:
    """Title line and notices; the containers are there even when empty."""
    words = page.words
    with st.container(key="header", horizontal=True, vertical_alignment="center"):
        with st.container(key="title", gap=None):
            st.html(
                tag("div", tag("h1", page.title), tag("p", words("page.what")), class_="sr-title")
            )
        key = session.seed("choose_lang", words.lang)
        st.segmented_control(
            words("page.language"),
            LANGUAGE.codes,
            key=key,
            required=True,
            format_func=lambda lang: LANGUAGE.label(words, lang),
            on_change=session.take,
            args=("lang", key, "", LANGUAGE.code),
            label_visibility="collapsed",
        )
    with st.container(key="notices", gap=None):
        _notices(page)


def _notices(page: Page) -> None:
    notices = session.visit().notices
    if not notices:
        return
    items = [tag("li", notice.text(page.words.lang)) for notice in notices]
    with st.container(key="notices_shown", horizontal=True):
        st.html(
            tag(
                "div",
                tag("strong", page.words("page.notices")),
                tag("ul", *items),
                class_="sr-notices",
                role="alert",
            )
        )
        st.button(
            page.words("page.dismiss"), key="dismiss", on_click=session.dismiss, args=("notices",)
        )
