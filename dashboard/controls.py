"""The controls beside the map: each takes its value from the state and gives it back."""

from collections.abc import Callable
from typing import Any, Final

import streamlit as st

from dashboard import actions, dates, session
from dashboard.actions import Action
from dashboard.markup import label
from dashboard.page import Page, current
from geodata.fields import Measure, Traffic, Vehicle
from geodata.phases import preset_ids
from geodata.state import State
from geodata.state_model import WINDOW_DAYS_MAX

SHOWN: Final = ("vehicle", "traffic", "by", "date", "window", "preset", "off", "lang", "network",
                "corridor", "rules")  # fmt: skip
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
            _choice(page, "vehicle", tuple(Vehicle))
            _choice(page, "traffic", tuple(Traffic))
            if page.corridors:  # what the presets close, they close by corridor
                _presets(page)
            dates.draw(page)
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

    def take() -> None:
        picked = st.session_state[key]
        st.session_state[key] = None
        if picked is not None:
            chosen(picked)

    st.selectbox(text, ids, index=None, format_func=name, key=key, placeholder=text,
                 on_change=take, label_visibility="collapsed")  # fmt: skip


def toggle(segment_id: str) -> None:
    """Cut or reopen a segment, or take that back."""
    state = current().segment_states[segment_id]
    session.go(*actions.toggle(session.state(), segment_id, state))


def open_town(town: str | None) -> None:
    """Open a town's card, or close it."""
    session.change(town=town)


def _choice(page: Page, field: str, options: tuple[Any, ...]) -> None:
    words = page.words
    key = session.seed(f"choose_{field}", getattr(page.state, field))
    st.selectbox(words(f"controls.{field}"), options, key=key,
                 format_func=lambda option: words(f"controls.{field}_{option}"),
                 on_change=session.take, args=(field, key, field))  # fmt: skip


def _presets(page: Page) -> None:
    words = page.words
    key = session.seed("choose_preset", page.state.preset)
    st.selectbox(words("controls.preset"), preset_ids(), index=None, key=key,
                 format_func=lambda preset: words(f"phases.{preset}"),
                 placeholder=words("controls.preset_none"), on_change=_take_preset,
                 args=(key,))  # fmt: skip


def _take_preset(key: str) -> None:
    preset = st.session_state[key]
    session.change(Action("preset", preset or ""), preset=preset, date=None)


def _supply(page: Page) -> None:
    """Supply points, each to be switched off."""
    words, off = page.words, page.state.off
    with st.popover(words("controls.supply"), key="supply"):
        st.caption(words("controls.supply_help"))
        for point in page.dataset.network.supply_points:
            key = session.seed(f"supply_{point}", point not in off)
            st.checkbox(label(page.names.node(point)), key=key, on_change=_switch, args=(point,))


def _switch(point: str) -> None:
    session.go(*actions.switch(session.state(), point))


def _more(page: Page) -> None:
    """Settings asked for less often."""
    words, state = page.words, page.state
    with st.popover(words("controls.more"), key="more"):
        _choice(page, "by", tuple(Measure))
        key = session.seed("choose_window", min(state.window, WINDOW_DAYS_MAX))
        st.number_input(words("controls.window"), 1, WINDOW_DAYS_MAX, key=key,
                        help=words("controls.window_help"), on_change=session.take,
                        args=("window", key))  # fmt: skip
        corridors = page.corridors
        key = session.seed("choose_corridor", [c for c in state.corridor if c in corridors])
        st.multiselect(words("controls.corridor"), list(corridors), key=key,
                       placeholder=words("controls.corridor_all"), on_change=session.take,
                       args=("corridor", key, "", tuple))  # fmt: skip
