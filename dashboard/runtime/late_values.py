"""What a browser sends for a widget that has left the page since.

Streamlit forgets the value of a widget that a run does not draw. A browser that has not heard of
that run yet sends the value again with its next click, and Streamlit, which has nothing left to
compare it with, calls the widget's ``on_change`` although nobody touched it: the boxes of all
supply points, for example, when the panel is left and opened again faster than it is drawn. Here
such a value is compared with the last one that the page showed.
"""

import contextlib
import datetime as dt
from typing import Final

from streamlit.runtime.state.common import is_element_id
from streamlit.runtime.state.session_state import SessionState

MOST: Final = 200
"""Widgets of one session whose last values are kept, the latest ones."""

_KEPT: Final = "late_values"
_PLAIN: Final = (bool, int, float, str, dt.date, type(None))
_remove = SessionState._remove_stale_widgets
_changed = SessionState._widget_changed


def compare() -> None:
    """Have Streamlit compare late values with the last ones, in every session."""
    SessionState._remove_stale_widgets = _remove_and_keep  # type: ignore[method-assign, assignment]
    SessionState._widget_changed = _really_changed  # type: ignore[method-assign, assignment]


def _remove_and_keep(session: SessionState, active: frozenset[str]) -> None:
    """Remove the widgets that the last run did not draw, but keep their plain values."""
    known: dict[str, object] = dict(session._old_state.get(_KEPT, {}))
    for widget in {*session._old_state, *session._new_widget_state.states} - active:
        if is_element_id(widget):
            with contextlib.suppress(KeyError):
                known.pop(widget, None)
                known[widget] = session[widget]
    _remove(session, active)
    drawn = {*session._old_state, *session._new_widget_state.states}
    left = {
        widget: value for widget, value in known.items() if widget not in drawn and _is_plain(value)
    }
    session._old_state[_KEPT] = dict(list(left.items())[-MOST:])


def _is_plain(value: object) -> bool:
    """Whether a value holds no file or table of a visitor's."""
    if isinstance(value, list | tuple):
        return all(isinstance(each, _PLAIN) for each in value)
    return isinstance(value, _PLAIN)


def _really_changed(session: SessionState, widget: str) -> bool:
    """Whether a widget's value differs from the last one that the page showed."""
    known: dict[str, object] = session._old_state.get(_KEPT, {})
    if widget in session._old_state or widget not in known:
        return _changed(session, widget)
    return bool(session._new_widget_state.get(widget) != known[widget])
