"""The parts below the map; only the open one is drawn."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

import streamlit as st

from dashboard.page import TABS as ORDER
from dashboard.page import Page
from dashboard.runtime.callbacks import guarded
from dashboard.session import visit
from dashboard.session.options import Options
from dashboard.views import (
    compare,
    events,
    method,
    own,
    reopen,
    responsible,
    scenario,
    segments,
    share,
    time,
    towns,
)

TABS: Final[Mapping[str, Callable[[Page], None]]] = MappingProxyType(
    {
        "towns": towns.draw, "segments": segments.draw, "reopen": reopen.draw,
        "scenario": scenario.draw, "events": events.draw, "time": time.draw,
        "compare": compare.draw, "share": share.draw, "own": own.draw, "method": method.draw,
        "responsible": responsible.draw,
    }
)  # fmt: skip

OPTIONS: Final = Options(ORDER, "tabs.{}")


def draw(page: Page) -> None:
    """The row of tabs and the open one."""
    words = page.words
    names = tuple(name for name in ORDER if name in TABS)
    opened = page.state.tab if page.state.tab in TABS else names[0]
    with st.container(key="tabs", gap=None):
        key = visit.seed("choose_tab", opened)
        st.segmented_control(
            words("tabs.label"),
            names,
            key=key,
            required=True,
            format_func=lambda name: OPTIONS.label(words, name),
            on_change=_open,
            args=(key,),
            label_visibility="collapsed",
            width="stretch",
        )
    with st.container(key="tab"):
        TABS[opened](page)


@guarded
def _open(key: str) -> None:
    chosen = OPTIONS.code(st.session_state[key])
    visit.change(tab="" if chosen == ORDER[0] else chosen)
