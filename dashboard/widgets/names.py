"""A list of names, each of which opens the card of what it names."""

from collections.abc import Callable, Sequence

import streamlit as st

from dashboard.markup import label
from dashboard.runtime.callbacks import guarded
from dashboard.session import cards


def listed(
    title: str, ids: Sequence[str], name: Callable[[str], str], *, key: str, kind: str
) -> None:
    """Draw the names one below another.

    Parameters
    ----------
    title : str
        What the list holds; read by screen readers.
    ids : sequence of str
    name : callable
        Name of an id as shown.
    key : str
    kind : str
        Kind of the cards that the names open.
    """
    picked_from(title, ids, name, key=key, picked=lambda one: cards.show(kind, one))


def picked_from(
    title: str,
    ids: Sequence[str],
    name: Callable[[str], str],
    *,
    key: str,
    picked: Callable[[str], None],
) -> None:
    """Draw names, each of which does something when it is clicked; none stays chosen."""
    if not ids:
        return

    @guarded
    def take() -> None:
        chosen = st.session_state[key]
        st.session_state[key] = None
        if chosen in ids:  # a browser may still send a name of the list that stood here before
            picked(chosen)

    with st.container(key=f"names_{key}", gap=None):
        st.pills(
            title,
            list(ids),
            key=key,
            format_func=lambda one: label(name(one)),
            on_change=take,
            label_visibility="collapsed",
        )
