"""The controls beside the map: each takes its value from the state and gives it back."""

from collections.abc import Callable
from typing import Final

import streamlit as st

from dashboard.markup import label
from dashboard.page import Page, current
from dashboard.runtime.callbacks import guarded
from dashboard.session import actions, visit
from dashboard.session.actions import Action
from dashboard.session.options import CHOICES, PRESETS
from dashboard.widgets import date_controls
from geodata.sharing.permalink import State
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
"""Fields of the state that the controls show: if one changes elsewhere, they are drawn anew."""

_DRAWN: Final = "controls_drawn"


def draw(page: Page) -> None:
    """What to cut, for which vehicle and traffic, on which day."""
    words = page.words
    st.session_state[_DRAWN] = shown(page.state)
    with st.container(key="controls", gap="xsmall"):
        st.toggle(words("controls.show"), key="controls_open", on_change="ignore")
        with st.container(key="controls_body", gap="xsmall"):
            with st.container(key="finders", gap="xsmall"):
                _finders(page)
            _choice(page, "vehicle")
            _choice(page, "traffic")
            if page.corridors:  # what the presets close, they close by corridor
                _presets(page)
            date_controls.draw(page)
            with st.container(key="controls_more", horizontal=True, gap="xsmall"):
                _supply(page)
                _more(page)


def out_of_step(state: State) -> bool:
    """Whether the controls show something else than ``state``."""
    return st.session_state.get(_DRAWN) != shown(state)


def shown(state: State) -> tuple[object, ...]:
    """What of the state the controls show."""
    return tuple(getattr(state, name) for name in SHOWN)


def _finders(page: Page) -> None:
    words, names = page.words, page.names
    segments = sorted(page.dataset.network.segment_ids, key=names.segment)
    towns = sorted(page.dataset.network.towns, key=names.node)
    _picker("pick_segment", words("controls.pick_segment"), segments, names.segment, toggle)
    _picker("pick_town", words("controls.pick_town"), towns, names.node, open_town)


def _picker(
    key: str, text: str, ids: list[str], name: Callable[[str], str], chosen: Callable[[str], None]
) -> None:
    """A list to search in; a choice acts at once and the list is empty again."""

    @guarded
    def take() -> None:
        picked = st.session_state[key]
        st.session_state[key] = None
        if picked is not None:
            chosen(picked)

    st.selectbox(
        text,
        ids,
        index=None,
        format_func=name,
        key=key,
        placeholder=text,
        on_change=take,
        label_visibility="collapsed",
    )


@guarded
def toggle(segment_id: str) -> None:
    """Cut or reopen a segment, or take that back."""
    state = current().segment_states[segment_id]
    visit.go(*actions.toggle(visit.state(), segment_id, state))


@guarded
def open_town(town: str | None) -> None:
    """Open a town's card, or close it."""
    visit.change(town=town)


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


def _presets(page: Page) -> None:
    words = page.words
    key = visit.seed("choose_preset", page.state.preset)
    st.selectbox(
        words("controls.preset"),
        PRESETS.codes,
        index=None,
        key=key,
        format_func=lambda preset: PRESETS.label(words, preset),
        placeholder=words("controls.preset_none"),
        on_change=_take_preset,
        args=(key,),
    )


@guarded
def _take_preset(key: str) -> None:
    sent = st.session_state[key]
    preset = PRESETS.code(sent) if sent is not None else None
    visit.change(Action("preset", preset or ""), preset=preset, date=None)


def _supply(page: Page) -> None:
    """Supply points, each to be switched off."""
    words, off = page.words, page.state.off
    with st.popover(words("controls.supply"), key="supply"):
        st.caption(words("controls.supply_help"))
        for point in page.dataset.network.supply_points:
            used = point not in off
            key = visit.seed(f"supply_{point}", used)
            st.checkbox(
                label(page.names.node(point)), used, key=key, on_change=_switch, args=(point,)
            )


@guarded
def _switch(point: str) -> None:
    visit.go(*actions.switch(visit.state(), point))


def _more(page: Page) -> None:
    """Settings asked for less often."""
    words, state = page.words, page.state
    with st.popover(words("controls.more"), key="more"):
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
        corridors = page.corridors
        chosen = [name for name in state.corridor if name in corridors]
        key = visit.seed("choose_corridor", chosen)
        st.multiselect(
            words("controls.corridor"),
            list(corridors),
            chosen,
            key=key,
            placeholder=words("controls.corridor_all"),
            on_change=visit.take,
            args=("corridor", key, "", tuple),
        )
