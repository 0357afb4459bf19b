"""The button that takes a visitor's data into use; once they are, a line says so in its place."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from dashboard.markup import tag
from dashboard.session import visit
from dashboard.translate import Translator


def offer(
    words: Translator,
    text: str,
    *,
    key: str,
    used: bool,
    on_click: Callable[..., None],
    args: tuple[Any, ...] = (),
) -> None:
    """Draw the button, or the line with the way to the map.

    Parameters
    ----------
    words : Translator
    text : str
        What the button says.
    key : str
        Of the button.
    used : bool
        Whether exactly what the button would take is in use already.
    on_click : callable
    args : tuple
        For ``on_click``.
    """
    if not used:
        st.button(text, key=key, type="primary", on_click=on_click, args=args)
        return
    say(words, key=key)


def say(words: Translator, *, key: str) -> None:
    """Draw the line that stands in place of the button ``key``."""
    with st.container(key=f"{key}_done", horizontal=True, vertical_alignment="center"):
        st.html(tag("p", words("own.used"), class_="sr-used", role="status"), width="content")
        st.button(words("own.to_map"), key=f"{key}_map", on_click=visit.show_map)
