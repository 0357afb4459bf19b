"""The last door: whatever fails, the page says so in plain words and the log says where."""

from collections.abc import Callable

import streamlit as st

from dashboard import callbacks, log, page, session
from dashboard.markup import label
from dashboard.settle import settle
from dashboard.words import Words
from geodata.errors import GeodataError


def run(draw: Callable[[], None]) -> None:
    """Draw the page, or say what to do."""
    lines = log.set_up()
    settle()
    try:
        failed = callbacks.fault()
        if failed is not None:
            _tell(failed)
        draw()
    except GeodataError as error:
        lines.warning("told a visitor: " + error.key)
        _tell(error)
    except Exception as error:  # noqa: BLE001
        # The boundary of a run: a visitor never sees a traceback.
        lines.exception("a run failed")
        _tell(error)


def _tell(error: Exception) -> None:
    """Say what went wrong in the page's language."""
    lang = page.language(session.state())
    told = error.text(lang) if isinstance(error, GeodataError) else Words(lang)("page.failed")
    st.error(label(told), icon=":material/error:")
