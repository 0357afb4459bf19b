"""The last door: whatever fails, the page says so in plain words and the log says where."""

import logging
from collections.abc import Callable

import streamlit as st

from dashboard import page, session
from dashboard.words import Words
from geodata.errors import GeodataError

log = logging.getLogger("supply_routes")


def run(draw: Callable[[], None]) -> None:
    """Draw the page, or say what to do."""
    try:
        draw()
    except GeodataError as error:
        st.error(error.text(page.language(session.state())), icon=":material/error:")
    except Exception:
        # The boundary of a run: a visitor never sees a traceback.
        log.exception("a run failed")
        st.error(Words(page.language(session.state()))("page.failed"), icon=":material/error:")
