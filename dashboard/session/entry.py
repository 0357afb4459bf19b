"""The event that this visitor is writing, which outlasts the card that it is written in."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import streamlit as st

from geodata.dataset import Dataset
from geodata.desk.duplicates import REPORTED
from geodata.desk.editing import Clash, EditConflictError
from geodata.desk.places import Place, place_of_event
from geodata.errors import GeodataError

CARD: Final = "entry"
"""Kind of the card that it is written in."""

_KEY: Final = "entry_open"
_REDRAW: Final = "redraw_page"


@dataclass(frozen=True)
class Entry:
    """An event as entered so far.

    Parameters
    ----------
    event : str
        Id of the event that is edited; empty for a new one.
    base : int
        Version of the desk that the editor saw.
    begun : mapping of str to str
        Values of the event at that version; nothing for a new one.
    values : mapping of str to str
        By the columns of an event; what has a widget is read from there.
    place : Place or None
        The place that was confirmed.
    asked : str
        Name of a place as typed.
    offered : tuple of Place
        What it may mean; nothing is chosen of several.
    report_of : str
        Event of which this is a further report; empty otherwise.
    saved : str
        Id under which it was saved; the form has then done its work.
    fault : GeodataError or None
        Why it could not be saved.
    """

    event: str = ""
    base: int = 0
    begun: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)
    place: Place | None = None
    asked: str = ""
    offered: tuple[Place, ...] = ()
    report_of: str = ""
    saved: str = ""
    fault: GeodataError | None = None

    @property
    def clashes(self) -> tuple[Clash, ...]:
        """Both sides of each field that somebody else changed meanwhile."""
        return self.fault.clashes if isinstance(self.fault, EditConflictError) else ()


def entry() -> Entry:
    """Return what is being written; an empty event if nothing is."""
    unsaved: Entry = st.session_state.setdefault(_KEY, Entry())
    return unsaved


def begin(place: Place | None = None) -> None:
    """Begin a new event, at a place if one is known."""
    _forget_widgets()
    st.session_state[_KEY] = Entry(place=place)


def begin_edit(dataset: Dataset, event: str, values: Mapping[str, str], base: int) -> None:
    """Begin to edit an event as it is at a version."""
    _forget_widgets()
    place = place_of_event(dataset, dict(values))
    name = "" if place is not None else values.get("place", "")
    st.session_state[_KEY] = Entry(event, base, dict(values), dict(values), place, asked=name)


def begin_report(dataset: Dataset, event: str, values: Mapping[str, str], base: int) -> None:
    """Begin a further report of an event; only figures and source are asked for."""
    begin_edit(dataset, event, values, base)
    own = {name: value for name, value in values.items() if name not in REPORTED}
    change(report_of=event, values=own)


def change(**fields: object) -> None:
    """Change some of what is being written."""
    st.session_state[_KEY] = replace(entry(), **fields)  # type: ignore[arg-type]


def put(place: Place) -> None:
    """Set the place; what was typed is answered by it."""
    change(place=place, asked="", offered=(), fault=None)


def ask_redraw() -> None:
    """Have the whole page drawn after this act, not the card alone."""
    st.session_state[_REDRAW] = True


def redraw_asked() -> bool:
    """Return whether that was asked for, once."""
    return bool(st.session_state.pop(_REDRAW, False))


def refresh_widget(name: str, value: str) -> None:
    """Give a field another value than its widget holds, as when both editors' are compared."""
    st.session_state.pop(key(name), None)
    change(values={**entry().values, name: value})


def key(name: str) -> str:
    """Return the key of the widget of a field."""
    return f"entry_{name}"


def _forget_widgets() -> None:
    for name in [each for each in st.session_state if str(each).startswith("entry_")]:
        del st.session_state[name]
