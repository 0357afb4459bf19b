"""The controls above the map: each takes its value from the state and gives it back."""

from collections.abc import Callable, Collection, Sequence
from typing import Final

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.page import Page, current
from dashboard.runtime.callbacks import guarded
from dashboard.session import actions, cards, pending, search, visit
from dashboard.session.actions import Action
from dashboard.session.options import CHOICES, MOVES
from dashboard.session.places import page_of
from dashboard.widgets import several
from geodata.network.search import HitKind
from geodata.network.selection import RoadNumber
from geodata.schema import Traffic, Vehicle
from geodata.sharing.permalink import ViewState
from geodata.sharing.view_state import WINDOW_DAYS_MAX

SHOWN: Final = (
    "vehicle",
    "traffic",
    "by",
    "date",
    "window",
    "preset",
    "off",
    "lang",
    "network",
    "corridor",
    "rules",
)
"""Fields of the state that the controls show: if one changes elsewhere, they are drawn again."""

FIND_CHARACTERS: Final = 80
FIND_ZOOM: Final = 7.0
"""Zoom at which a town and the roads around it are seen."""

_DRAWN: Final = "controls_drawn"


def place() -> DeltaGenerator:
    """Make room for the controls."""
    return st.container(key="controls", horizontal=True, vertical_alignment="bottom", gap="xsmall")


def note_shown(state: ViewState) -> None:
    """Note what the controls show in this run, see `out_of_step`."""
    st.session_state[_DRAWN] = shown(state)


def draw(page: Page) -> None:
    """One row above the map: a search, what moves, and settings asked for less often."""
    words = page.words
    with st.container(key="finders", gap=None):
        _finder(page)
    st.button(
        words("way.open"),
        key="way_open",
        icon=":material/directions:",
        help=words("way.open_help"),
        on_click=cards.show,
        args=(cards.WAY,),
    )
    _moves(page, "choose_traffic")
    _more(page)


def _moves(page: Page, key: str) -> None:
    words = page.words
    st.segmented_control(
        words("controls.moves"),
        MOVES.codes,
        default=page.state.traffic,
        key=visit.seed(key, page.state.traffic),
        required=True,
        format_func=lambda what: MOVES.label(words, what),
        on_change=_move,
        args=(key,),
    )


def _finder(page: Page) -> None:
    """A search by name in any spelling, road number or coordinates; Enter starts it."""
    words = page.words
    st.text_input(
        words("find.label"),
        key="find",
        placeholder=words(
            "find.example" if page.dataset.shipped_network else "find.example_elsewhere"
        ),
        on_change=_find,
        label_visibility="collapsed",
        icon=":material/search:",
        max_chars=FIND_CHARACTERS,
    )


@guarded
def _find() -> None:
    """Open the card of what was meant, or list what may be meant."""
    page = current()
    query = str(st.session_state["find"] or "")
    here = visit.visit()
    here.touched = True
    if not query.strip():
        here.matches = None
        return
    hits = search.hits(page.held, query)
    if hits and hits[0].kind == HitKind.POINT:
        here.matches = None
        st.session_state["find"] = ""
        cards.bring_into_sight(hits[0].lat, hits[0].lon, zoom=cards.CLOSE_ZOOM)
        return
    matches = search.matches(page.dataset.network, hits)
    if len(matches) == 1:
        here.matches = None
        st.session_state["find"] = ""
        open_match(*matches[0])
    else:
        cards.close()
        here.matches = (query, matches)


@guarded
def open_match(kind: str, name: str) -> None:
    """Go to something found and open its card; of a road number prepare the cut of its roads."""
    page = current()
    visit.visit().matches = None
    if kind == "number":
        pending.choose("number")
        pending.select([RoadNumber(name)])
        pending.open_panel()
        return
    if kind != "place":
        cards.show(kind, name)
    network = page.dataset.network
    zoom = max(FIND_ZOOM, min(cards.zoom_of_whole(network), cards.ZOOM_MAX))
    cards.bring_into_sight(*search.position(network, kind, name), zoom=zoom)


@guarded
def _move(key: str) -> None:
    """What moves: fuel goes by tanker; for other traffic every road counts."""
    traffic = Traffic(MOVES.code(st.session_state[key]))
    vehicle = Vehicle.TANKER if traffic == Traffic.FUEL else Vehicle.ANY
    visit.change(Action("traffic"), traffic=traffic, vehicle=vehicle)


def out_of_step(state: ViewState) -> bool:
    """Return whether the controls show something else than ``state``."""
    return st.session_state.get(_DRAWN) != shown(state)


def shown(state: ViewState) -> tuple[object, ...]:
    """Return what of the state the controls show."""
    chosen = tuple(getattr(state, name) for name in SHOWN)
    return (*chosen, page_of(state.tab), state.tab == "time")


def draw_road_finder(page: Page) -> None:
    """A list of all roads; a choice cuts or reopens the road at once."""
    names, known = page.names, page.dataset.network.segment_number
    _picker(
        "pick_segment",
        page.words("controls.pick_segment"),
        names.listed_segments,
        names.segment,
        toggle,
        others=known if len(known) > len(names.listed_segments) else (),
    )


def _picker(
    key: str,
    text: str,
    ids: Sequence[str],
    name: Callable[[str], str],
    chosen: Callable[[str], None],
    *,
    others: Collection[str] = (),
) -> None:
    """A list to search in; a choice acts at once and the list is empty again.

    Ids of ``others``, too many to be listed, may be typed.
    """

    @guarded
    def take() -> None:
        selected = st.session_state[key]
        st.session_state[key] = None
        if selected in ids or selected in others:
            chosen(selected)

    st.selectbox(
        text,
        ids,
        index=None,
        format_func=name,
        key=key,
        placeholder=text,
        on_change=take,
        label_visibility="collapsed",
        accept_new_options=bool(others),
    )


@guarded
def toggle(segment_id: str) -> None:
    """Cut or reopen a segment, or undo that."""
    state = current().state_of(segment_id)
    if state is not None:
        visit.go(*actions.toggle(visit.state(), segment_id, state))


def _choice(page: Page, field: str) -> None:
    words, options = page.words, CHOICES[field]
    value = getattr(page.state, field)
    key = visit.seed(f"choose_{field}", value)
    st.selectbox(
        words(f"controls.{field}"),
        options.codes,
        key=key,
        index=options.codes.index(value),
        format_func=lambda option: options.label(words, option),
        on_change=visit.take,
        args=(field, key, field, options.code),
    )


@guarded
def switch(point: str) -> None:
    """Switch a supply point off, or on again."""
    visit.go(*actions.switch(visit.state(), point))


def _more(page: Page) -> None:
    """Settings asked for less often."""
    words, state = page.words, page.state
    with st.popover(words("controls.more"), key="more"):
        # Shown on a phone whose raised sheet takes the place of the same choice above the map.
        _moves(page, "choose_traffic_raised")
        _choice(page, "vehicle")
        _choice(page, "by")
        days = min(state.window, WINDOW_DAYS_MAX)
        key = visit.seed("choose_window", days)
        st.number_input(
            words("controls.window"),
            1,
            WINDOW_DAYS_MAX,
            days,
            key=key,
            help=words("controls.window_help"),
            on_change=visit.take,
            args=("window", key),
        )
        several.choose(
            page,
            "corridor",
            list(page.corridors),
            key="choose_corridor",
            title=words("controls.corridor"),
            none=words("controls.corridor_all"),
        )
