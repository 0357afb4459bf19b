"""The panel beside the map: one of three views, or the card of what was clicked."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

import streamlit as st

from dashboard.markup import tag
from dashboard.page import Page
from dashboard.runtime.callbacks import guarded
from dashboard.session import cards, sheet, visit
from dashboard.session.options import Options
from dashboard.session.places import PANELS, TAB_OF_PANEL, TABLES
from dashboard.views import compare, matches, scenario, situation, summary
from dashboard.views.cards import card

BODIES: Final[Mapping[str, Callable[[Page], None]]] = MappingProxyType(
    {"situation": situation.draw, "scenario": scenario.draw, "compare": compare.draw}
)
OPTIONS: Final = Options(PANELS, "panel.{}")
STOPS: Final = Options(sheet.STOPS, "panel.stop_{}")
ICONS: Final = MappingProxyType(
    {"low": ":material/keyboard_arrow_down:", "half": ":material/drag_handle:",
     "full": ":material/keyboard_arrow_up:"}
)  # fmt: skip


def draw(page: Page) -> Callable[[], None] | None:
    """Draw the choice of views, the last action, and the view or card.

    Returns what draws the slow part of a card, so that the map need not wait for it.
    """
    head = st.container(key="panel_head", horizontal=True, vertical_alignment="center")
    action = st.container(key="action", horizontal=True, vertical_alignment="center", gap="xxsmall")
    try:
        # First what a click has changed, then what is the same after most clicks.
        with st.container(key="panel_body", gap="xsmall"):
            return _body(page)
    finally:
        # Where the body fails a visitor still needs the way back.
        with head:
            _head(page)
        with action:
            summary.draw_action(page)


def _head(page: Page) -> None:
    """Draw the choice of a panel, and on a phone of its height."""
    words = page.words
    key = visit.seed("choose_panel", page.panel)
    st.segmented_control(
        words("panel.label"),
        PANELS,
        key=key,
        required=True,
        format_func=lambda name: OPTIONS.label(words, name),
        on_change=_choose,
        args=(key,),
        label_visibility="collapsed",
        width="stretch",
    )
    st.segmented_control(
        words("panel.height"),
        STOPS.codes,
        key=sheet.KEY,
        default="low" if page.panel == PANELS[0] or page.state.tab in TABLES else "half",
        required=True,
        format_func=lambda stop: ICONS[stop],
        label_visibility="collapsed",
        on_change="ignore",
    )


def _body(page: Page) -> Callable[[], None] | None:
    """Draw what a search has found, the open card or the panel; return a card's slow part."""
    opened = cards.opened()
    if matches.draw(page):
        return None
    if opened is None or not card.known(page, opened):
        BODIES[page.panel](page)
        return None
    _back(page)
    with st.container(key="card", gap="xsmall"):
        return card.draw(page, opened)


def _back(page: Page) -> None:
    words, trail = page.words, visit.visit().trail
    with st.container(key="card_nav", horizontal=True, vertical_alignment="center"):
        name = card.title(page, trail[-1]) if trail else words(f"panel.{page.panel}")
        st.button(
            words("card.back", name=name),
            key="card_back",
            icon=":material/arrow_back:",
            on_click=cards.back,
            type="tertiary",
        )
        st.button(
            words("card.close"),
            key="card_close",
            icon=":material/close:",
            on_click=cards.close,
            type="tertiary",
        )
    st.html(tag("span", class_="sr-carded"))


@guarded
def _choose(key: str) -> None:
    chosen = OPTIONS.code(st.session_state[key])
    here = visit.visit()
    cards.close()
    sheet.show_panel()
    here.folded = TAB_OF_PANEL[chosen]
    visit.change(tab=TAB_OF_PANEL[chosen] if here.state.tab != "time" else "time")
