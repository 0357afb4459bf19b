"""The page, composed."""

import streamlit as st

from dashboard import error_boundary, event_days, focus, page, streamlit_words, style
from dashboard.views import header, live
from dashboard.widgets import controls, date_controls

DAY_SECONDS = 86_400


def draw() -> None:
    """Draw the whole page once, whatever happens."""
    st.set_page_config(page_title=page.title(), layout="wide", initial_sidebar_state="collapsed")
    error_boundary.error_boundary(_parts)


def _parts() -> None:
    opened = page.open_page()
    style.draw()
    st.html(style.words_for("offline", opened.words("page.offline")))
    scripts = st.container(key="spoken_language")
    with st.container(key="page"):
        title, notices = header.places()
        controls_place = controls.place()
        controls.note_shown(opened.state)
        # The map takes longest to appear, so it is sent before the small parts round it.
        live.draw()
        with title:
            header.draw(opened)
        with notices:
            header.draw_notices(opened)
        with controls_place:
            controls.draw(opened)
        date_controls.draw(opened)
    with scripts:
        st.html(streamlit_words.script(opened.words.lang), unsafe_allow_javascript=True)
        st.html(focus.script(), unsafe_allow_javascript=True)
        st.html(event_days.script(), unsafe_allow_javascript=True)
    date_controls.tick()
    _come_back()


@st.fragment(run_every=DAY_SECONDS)
def _come_back() -> None:
    """Have the browser ask for the whole page when it finds its server again.

    After a restart it does so only if some part of the page runs by itself, however rarely;
    else it would go on asking the new server for parts that this has never drawn.
    """
