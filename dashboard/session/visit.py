"""One visitor's state, its history, and the link that mirrors it.

The state lives in the session and is written to the link after every run; a link that differs
from the one last written was typed, opened or gone back to, and is read. Nothing here is shared
between visitors.
"""

import datetime as dt
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final

import streamlit as st

from dashboard.runtime import json_log
from dashboard.runtime.callbacks import guarded
from dashboard.session import sheet
from dashboard.session.actions import Action, clear, same_scenario
from dashboard.session.desk import newest_code, saved_link
from dashboard.session.options import NotAnOptionError, Options
from dashboard.session.person import level
from dashboard.session.places import TABLES
from geodata.desk.publication import public_view
from geodata.errors import GeodataError
from geodata.network.selection import Selection
from geodata.schema import Vehicle
from geodata.sharing import permalink as link
from geodata.sharing.permalink import KnownIds, Notice, ViewState
from geodata.sharing.publication import Sensitivity

HISTORY: Final = 100
STALE_SECONDS: Final = 0.4
"""A link that was current this short a time ago comes from a click sent before the page knew
of the last change; it is no step back."""

OPENED: Final = Action("snapshot")
NETWORK: Final = Action("network")
BARE: Final = frozenset({"lang", "embed", "embed_options"})
"""Parameters that say nothing of roads, traffic or day: a link of these opens the first view."""

VIEW_FIELDS: Final = (
    "lang", "town", "way", "view", "tab", "hide", "show", "corridor", "region", "window",
)  # fmt: skip
"""What a step back or forth leaves as it is."""

_KEY: Final = "visit"

Link = dict[str, list[str]]


@dataclass(frozen=True)
class Card:
    """A card of the panel: its kind (town, road, events, supply or region) and its subject."""

    kind: str
    ids: tuple[str, ...]

    @property
    def id(self) -> str:
        """The one thing that it is about; of several the first."""
        return self.ids[0]


@dataclass(frozen=True)
class PendingCut:
    """What a visitor is about to cut; shown with its effect before anything is cut.

    Parameters
    ----------
    how : str
        How it is chosen: one of `dashboard.session.pending.WAYS`.
    segments : tuple of str
        Segments marked one by one.
    selections : tuple of Selection
        Road numbers, corridors and areas.
    """

    how: str = "road"
    segments: tuple[str, ...] = ()
    selections: tuple[Selection, ...] = ()


@dataclass
class SessionState:
    """What one session holds; changed only here."""

    state: ViewState = field(default_factory=ViewState)
    past: tuple[ViewState, ...] = ()
    future: tuple[ViewState, ...] = ()
    action: Action | None = None
    before: ViewState | None = None
    notices: tuple[Notice, ...] = ()
    link: Link | None = None
    last_link: Link | None = None
    written: float = 0.0
    touched: bool = False
    hint: bool = True
    difference: bool = False
    playing: bool = False
    played: float = 0.0
    stride: str = "day"
    card: Card | None = None
    trail: tuple[Card, ...] = ()
    pending: PendingCut = PendingCut()
    ways_out: bool = False
    folded: str = ""
    drawn: bool = False
    matches: tuple[str, tuple[tuple[str, str], ...]] | None = None
    seeded: dict[str, str | None] = field(default_factory=dict)


def visit() -> SessionState:
    """This session's visit."""
    if _KEY not in st.session_state:
        st.session_state[_KEY] = SessionState()
    session: SessionState = st.session_state[_KEY]
    return session


def state() -> ViewState:
    """This session's state."""
    return visit().state


def go(new: ViewState, action: Action | None = None) -> None:
    """Make ``new`` the state; a change of what is passable can be undone.

    ``action`` is what the page shows as done; without it the last one remains.
    """
    here = visit()
    here.touched = True
    if new == here.state:
        return
    if not same_scenario(new, here.state):
        here.past = (*here.past, here.state)[-HISTORY:]
        here.future = ()
        here.before = here.state
        here.action = action
    here.state = new


def change(action: Action | None = None, /, **fields: object) -> None:
    """Change some fields of the state."""
    go(replace(state(), **fields), action)  # type: ignore[arg-type]


@guarded
def undo() -> None:
    """Go one change back."""
    here = visit()
    if here.past:
        here.future = (*here.future, here.state)[-HISTORY:]
        wanted, here.past = here.past[-1], here.past[:-1]
        _travel(wanted, Action("undo"))


@guarded
def redo() -> None:
    """Redo the change last undone."""
    here = visit()
    if here.future:
        here.past = (*here.past, here.state)[-HISTORY:]
        wanted, here.future = here.future[-1], here.future[:-1]
        _travel(wanted, Action("redo"))


def first_view(last_report: dt.date | None) -> ViewState:
    """Return what a visitor sees first: the last documented day, and what fuel by tanker reaches.

    A link that names no vehicle means any; a new view asks about fuel, which comes by tanker.
    """
    return ViewState(vehicle=Vehicle.TANKER, date=last_report)


@guarded
def start_over(last_report: dt.date | None) -> None:
    """Show what a visitor sees first, in the language and on the network now chosen."""
    here = visit()
    fresh = first_view(last_report)
    unchanged = {name: getattr(here.state, name) for name in ("lang", "network", "desk")}
    go(replace(fresh, **unchanged), Action("start_over"))
    here.card, here.trail, here.matches, here.pending = None, (), None, PendingCut()


@guarded
def reset() -> None:
    """Undo every cut, reopening and switch."""
    go(clear(state()), Action("reset"))


def can_reset() -> bool:
    """Return whether `reset` would change anything."""
    return clear(state()) != state()


@guarded
def open_table(tab: str) -> None:
    """Open a table under the map; the panel stays as it is, but never over the table."""
    here = visit()
    if tab in TABLES:
        sheet.show_map()
    if tab == "time":
        here.folded = here.state.tab if here.state.tab != "time" else here.folded
    elif here.state.tab == "time" and not tab:
        tab = here.folded if here.folded != "time" else ""
    change(tab=tab)


def on_network(name: str, *, dated: bool = False) -> ViewState:
    """Return the state on another network: what named this one's roads and towns is dropped.

    Parameters
    ----------
    name : str
        Empty for the shipped network.
    dated : bool
        Whether events are known there, so that the day means something; else it is dropped too.
    """
    here = state()
    return ViewState(
        lang=here.lang,
        network=name,
        tab=here.tab,
        vehicle=here.vehicle,
        traffic=here.traffic,
        by=here.by,
        date=here.date if dated else None,
    )


def forget_network(name: str) -> None:
    """Let no step back or forth lead to a network that is no longer held."""
    here = visit()
    here.past = tuple(each for each in here.past if each.network != name)
    here.future = tuple(each for each in here.future if each.network != name)
    here.action = here.before = None


@guarded
def show_map() -> None:
    """Go from another page to the map; its panel is as it was."""
    change(tab=visit().folded)


@guarded
def take(
    name: str, key: str, action: str = "", read: Callable[[object], object] | None = None
) -> None:
    """Copy a widget's value into a field of the state; for a widget's ``on_change``.

    A value that ``read`` refuses with `NotAnOptionError` changes nothing.
    """
    value = st.session_state[key]
    try:
        read_value = read(value) if read else value
    except NotAnOptionError:
        json_log.set_up().warning("a browser sent no option of the list")
        return
    change(Action(action) if action else None, **{name: read_value})


def seed(key: str, value: object) -> str:
    """Give a widget the state's value before it is drawn, and return its key.

    In another language than before the value is set again, so that the browser forgets the
    former label.
    """
    here = visit()
    renamed = here.seeded.get(key, here.state.lang) != here.state.lang
    if renamed or key not in st.session_state or st.session_state[key] != value:
        st.session_state[key] = value
    here.seeded[key] = here.state.lang
    return key


def keep(key: str, options: Options, default: str) -> str:
    """Let a list that the state does not hold keep its option in every language."""
    try:
        chosen = options.code(st.session_state.get(key, default))
    except NotAnOptionError:
        chosen = default
    return seed(key, chosen)


def open_link(known: Callable[[ViewState], KnownIds]) -> ViewState:
    """Read the link if it is not the one last written; for the start of a run.

    Parameters
    ----------
    known : callable
        What a link may name, once its network is known.
    """
    here, query = visit(), _query()
    stale = query == here.last_link and time.monotonic() - here.written < STALE_SECONDS
    if query == here.link or here.touched or stale:
        return here.state
    first = here.link is None
    if first and BARE.issuperset(query):
        asked, here.notices = link.parse(query)
        last_report = known(ViewState()).last_report
        here.state = replace(first_view(last_report), lang=asked.lang, desk=newest_code())
        return here.state
    new, here.notices = _read(query, known)
    if not first:
        go(new, Action("link"))
        here.touched = False
    here.state, here.hint = new, here.hint and same_scenario(new, ViewState())
    here.card, here.trail = None, ()
    return here.state


def _read(
    query: Link, known: Callable[[ViewState], KnownIds]
) -> tuple[ViewState, tuple[Notice, ...]]:
    """Return the state that a link, or the short link of a saved scenario, holds.

    Where the desk cannot give what the link names, the view opens without it and says so.
    """
    link_notices: list[Notice] = []
    address: str | Link = query
    try:
        if query.get("s"):
            address = saved_link(query["s"][-1])
    except GeodataError as error:
        link_notices.append(Notice(error.key, error.params))
    wanted, _ = link.parse(address)
    try:
        ids = known(wanted)
    except GeodataError as error:
        link_notices.append(Notice(error.key, error.params))
        ids = known(replace(wanted, desk=""))
        new, notices = link.parse(address, known=ids)
        return replace(new, desk=""), (*link_notices, *notices)
    new, notices = link.parse(address, known=ids)
    new, withheld = as_allowed(new, saved=address is not query)
    return new, (*link_notices, *withheld, *notices)


def as_allowed(view: ViewState, *, saved: bool) -> tuple[ViewState, tuple[Notice, ...]]:
    """Return a view as this visitor's role may see it, and a notice of each thing left out.

    Parameters
    ----------
    view : ViewState
    saved : bool
        Whether the desk keeps the view, with what its team wrote. A visitor whose own link holds
        notes has read them already.
    """
    if level() == Sensitivity.FULL:
        return view, ()
    allowed = public_view(view)
    if not saved:
        allowed = replace(allowed, notes=view.notes)
    notices = [
        Notice(key, {})
        for key, field_name in (("desk.proposed_hidden", "desk"), ("desk.notes_hidden", "notes"))
        if getattr(allowed, field_name) != getattr(view, field_name)
    ]
    return allowed, tuple(notices)


def write_link(known: KnownIds) -> None:
    """Mirror the state in the link; for the end of a run."""
    here = visit()
    here.touched = False
    params = link.params(here.state, known=known)
    if BARE.issuperset(params):
        params = {"vehicle": here.state.vehicle.value, **params}
    written = {name: [value] if isinstance(value, str) else value for name, value in params.items()}
    if written == here.link == _query():
        return
    here.last_link, here.link, here.written = here.link, written, time.monotonic()
    if written != _query():
        st.query_params.from_dict(written)


@guarded
def dismiss(part: str) -> None:
    """Close the doors of a first visit, the matches of a search or the notices."""
    here = visit()
    if part == "hint":
        here.hint = False
    elif part == "matches":
        here.touched, here.matches = True, None
    else:
        here.notices = ()


def _travel(new: ViewState, action: Action) -> None:
    here = visit()
    here.before, here.touched, here.action = here.state, True, action
    here.state = replace(new, **{name: getattr(here.state, name) for name in VIEW_FIELDS})


def _query() -> Link:
    return {name: st.query_params.get_all(name) for name in st.query_params}
