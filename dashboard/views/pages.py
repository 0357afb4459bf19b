"""Pages in place of the map: share, my data, about."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

import streamlit as st

from dashboard.markup import tag
from dashboard.page import Page
from dashboard.session.places import page_of
from dashboard.views import about, own, share
from dashboard.views.desk import page as desk

DRAWN: Final[Mapping[str, Callable[[Page], None]]] = MappingProxyType(
    {"share": share.draw, "own": own.draw, "desk": lambda _: desk.draw(), "about": about.draw}
)


def draw(page: Page) -> None:
    """Draw the page that the link names; nothing while the map is shown."""
    name = page_of(page.state.tab)
    if name not in DRAWN:
        return
    with st.container(key="tab"):
        st.html(tag("h2", page.words(f"pages.{name}"), class_="sr-page-title sr-full"))
        DRAWN[name](page)
