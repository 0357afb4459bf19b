"""Show a plain message and log the traceback when a rerun fails."""

from collections.abc import Callable

import streamlit as st

from dashboard import page
from dashboard.markup import label
from dashboard.runtime import callbacks, json_log
from dashboard.runtime.gc_tuning import freeze_long_lived_objects
from dashboard.session import visit
from dashboard.translate import Translator
from geodata.errors import GeodataError


def error_boundary(draw: Callable[[], None]) -> None:
    """Draw the page, or say what to do."""
    lines = json_log.set_up()
    freeze_long_lived_objects()
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
    lang = page.language(visit.state())
    message = (
        error.text(lang) if isinstance(error, GeodataError) else Translator(lang)("page.failed")
    )
    st.error(label(message), icon=":material/error:")
