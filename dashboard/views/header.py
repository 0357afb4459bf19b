"""Title of the page, links to its other pages, its language, and notices about a link."""

from typing import Final

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.markup import tag
from dashboard.page import Page
from dashboard.runtime.callbacks import guarded
from dashboard.session import visit as session
from dashboard.session.options import LANGUAGE, Options
from dashboard.session.places import PAGES, TAB_OF_PAGE, page_of
from dashboard.views.desk import newest

NAMES: Final = Options(PAGES, "pages.{}")


def places() -> tuple[DeltaGenerator, DeltaGenerator]:
    """Make room for the title line and for notices; both exist even when empty."""
    line = st.container(key="header", horizontal=True, vertical_alignment="center")
    return line, st.container(key="notices", gap=None)


def draw(page: Page) -> None:
    """Draw the title line."""
    words = page.words
    with st.container(key="title", gap=None):
        st.html(tag("div", tag("h1", page.title), class_="sr-title"))
    chosen = session.seed("choose_page", page_of(page.state.tab))
    st.segmented_control(
        words("pages.label"),
        PAGES,
        key=chosen,
        required=True,
        format_func=lambda name: NAMES.label(words, name),
        on_change=_open,
        args=(chosen,),
        label_visibility="collapsed",
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


def draw_notices(page: Page) -> None:
    """Draw notices about a link, and on the map what the desk has decided since."""
    _notices(page)
    if page.state.desk and page_of(page.state.tab) != "desk":
        newest.draw()


@guarded
def _open(key: str) -> None:
    """Open a page; back on the map, the panel is as it was."""
    name = NAMES.code(st.session_state[key])
    here = session.visit()
    if page_of(here.state.tab) == "map":
        here.folded = here.state.tab
    session.change(tab=here.folded if name == "map" else TAB_OF_PAGE[name])


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
