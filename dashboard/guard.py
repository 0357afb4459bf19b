"""The last door: whatever fails, the page says so in plain words and the log says where."""

from collections.abc import Callable

import streamlit as st

from dashboard import log, page, session
from dashboard.markup import label
from dashboard.settle import settle
from dashboard.words import Words
from geodata.errors import GeodataError


def run(draw: Callable[[], None]) -> None:
    """Draw the page, or say what to do."""
    lines = log.set_up()
    settle()
    try:
        draw()
    except GeodataError as error:
        lines.warning("told a visitor: " + error.key)
        told = error.text(page.language(session.state()))
        st.error(label(told), icon=":material/error:")
    except Exception:  # noqa: BLE001
        # The boundary of a run: a visitor never sees a traceback.
        lines.exception("a run failed")
        st.error(Words(page.language(session.state()))("page.failed"), icon=":material/error:")
