"""What a widget calls when it changes: a fault in it is logged, and shown by the next run.

Streamlit calls these before the run and outside the page's own guard: what they raise would
take the whole page away.
"""

import functools
from collections.abc import Callable
from typing import Any, Final

import streamlit as st

from dashboard.runtime import json_log

_FAULT: Final = "callback_fault"


def guarded(act: Callable[..., None]) -> Callable[..., None]:
    """Keep the fault of ``act`` for `fault` instead of raising it."""

    @functools.wraps(act)
    def call(*args: Any, **kwargs: Any) -> None:
        try:
            act(*args, **kwargs)
        except Exception as error:  # noqa: BLE001 - the page must stand, whatever fails here
            json_log.set_up().exception("a callback failed")
            st.session_state[_FAULT] = error

    return call


def fault() -> Exception | None:
    """Return the fault of the last callback, once."""
    error: Exception | None = st.session_state.pop(_FAULT, None)
    return error
