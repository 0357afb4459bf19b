"""The controls beside the map: each takes its value from the state and gives it back."""

from collections.abc import Callable
from typing import Any, Final

import streamlit as st

from dashboard import actions, session
from dashboard.markup import label
from dashboard.page import Page, current
from geodata.fields import Traffic, Vehicle
from geodata.state import State

SHOWN: Final = ("vehicle", "traffic", "by", "date", "window", "preset", "off", "hide", "lang",
                "network", "corridor")  # fmt: skip
"""Fields of the state that the controls show: if one changes elsewhere, they are drawn anew."""

_DRAWN: Final = "controls_drawn"


def draw(page: Page) -> None:
    """The panel: what to cut, for which vehicle and traffic, on which day."""
    words = page.words
    st.session_state[_DRAWN] = shown(page.state)
    with st.container(key="controls", gap="xsmall"):
        st.toggle(words("controls.show"), key="controls_open", on_change="ignore")
        with st.container(key="controls_body", gap="xsmall"):
            with st.container(key="finders", gap="xsmall"):
                _finders(page)
            _choice(page, "vehicle", tuple(Vehicle))
            _choice(page, "traffic", tuple(Traffic))
            with st.container(key="controls_more", horizontal=True, gap="xsmall"):
                _supply(page)


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
    _picker("pick_segment", words("controls.pick_segment"), segments, names.segment, _toggle)
    _picker("pick_town", words("controls.pick_town"), towns, names.node, _open_town)


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


def _toggle(segment_id: str) -> None:
    state = current().segment_states[segment_id]
    session.go(*actions.toggle(session.state(), segment_id, state))


def _open_town(town: str) -> None:
    session.change(town=town)


def _choice(page: Page, field: str, options: tuple[Any, ...]) -> None:
    words = page.words
    key = session.seed(f"choose_{field}", getattr(page.state, field))
    st.selectbox(words(f"controls.{field}"), options, key=key,
                 format_func=lambda option: words(f"controls.{field}_{option}"),
                 on_change=session.take, args=(field, key, field))  # fmt: skip


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
