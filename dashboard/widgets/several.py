"""A choice of any number of options, which the link keeps."""

from collections.abc import Callable, Sequence

import streamlit as st

from dashboard.page import Page
from dashboard.session import visit


def choose(
    page: Page,
    field: str,
    options: Sequence[str],
    *,
    key: str,
    title: str,
    none: str,
    name: Callable[[str], str] = str,
) -> None:
    """Draw the choice.

    Parameters
    ----------
    page : Page
    field : str
        Field of the state that holds what is chosen; what is no option here is left out.
    options : sequence of str
    key : str
        Name of the widget.
    title, none : str
        What is chosen, and what stands there while nothing is.
    name : callable, optional
        Name of an option as shown.
    """
    chosen = [each for each in getattr(page.state, field) if each in options]
    seeded = visit.seed(key, chosen)
    st.multiselect(
        title,
        list(options),
        key=seeded,
        format_func=name,
        placeholder=none,
        on_change=visit.take,
        args=(field, seeded, "", tuple),
    )
