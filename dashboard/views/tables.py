"""Tables at full width under the map: days, towns, events, roads."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

import streamlit as st

from dashboard.markup import tag
from dashboard.page import Page
from dashboard.session import visit
from dashboard.views import events, segments, time, towns

DRAWN: Final[Mapping[str, Callable[[Page], None]]] = MappingProxyType(
    {"time": time.draw, "towns": towns.draw, "events": events.draw, "segments": segments.draw}
)


def draw(page: Page) -> None:
    """Draw the open table, with its title and the button that closes it."""
    tab = page.state.tab
    if tab not in DRAWN:
        return
    words = page.words
    with st.container(key="table_head", horizontal=True, vertical_alignment="center"):
        st.html(tag("h2", words(f"tables.title_{tab}"), class_="sr-card-title"))
        st.button(
            words("tables.fold"),
            key="table_fold",
            icon=":material/close:",
            on_click=visit.open_table,
            args=("scenario" if tab == "segments" else "",),
            type="tertiary",
        )
    with st.container(key="tab"):
        DRAWN[tab](page)
