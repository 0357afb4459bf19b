"""Tables that can be sorted: their columns named from the catalogue, their rows to be clicked."""

import datetime as dt
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from dashboard.page import Page
from dashboard.runtime.callbacks import guarded
from dashboard.translate import Translator


def sortable(
    page: Page,
    rows: pd.DataFrame,
    *,
    area: str,
    key: str,
    on_select: Callable[[int], None] | None = None,
    decimals: Mapping[str, int] | None = None,
    links: tuple[str, ...] = (),
) -> None:
    """Draw a table whose columns are named ``<area>.column_<name>`` in the catalogue.

    Parameters
    ----------
    page : Page
    rows : DataFrame
    area, key : str
    on_select : callable, optional
        Called with the number of the row that was clicked.
    decimals : mapping of str to int, optional
        Decimals of number columns; none unless given.
    links : tuple of str
        Columns of web addresses.
    """
    shown = rows.reset_index(drop=True)
    places = decimals or {}
    config = {
        name: _column(page.words, area, name, shown[name], places.get(name, 0), links)
        for name in map(str, shown)
    }

    @guarded
    def take() -> None:
        chosen = st.session_state[key]["selection"]["rows"]
        if on_select is not None and chosen:
            on_select(int(chosen[0]))

    draw = partial(
        st.dataframe,
        shown,
        hide_index=True,
        key=key,
        column_config=config,
        width="stretch",
        placeholder="–",
        height=min(520, 38 + 35 * max(len(shown), 1)),
    )
    if on_select is None:
        draw()
    else:
        draw(on_select=take, selection_mode="single-row")


def km(words: Translator, value: float) -> str:
    """Return a distance, or a dash where there is none."""
    return "–" if pd.isna(value) else words.number(value)


def _column(
    words: Translator,
    area: str,
    name: str,
    values: pd.Series,
    decimals: int,
    links: tuple[str, ...],
) -> Any:
    title = words(f"{area}.column_{name}")
    if name in links:
        return st.column_config.LinkColumn(title, display_text=":material/open_in_new:")
    if len(values) and values.map(lambda value: isinstance(value, dt.date)).all():
        return st.column_config.DateColumn(title, format=words("dates.cell"))
    if pd.api.types.is_numeric_dtype(values):
        return st.column_config.NumberColumn(title, format="localized", step=10.0**-decimals)
    return st.column_config.Column(title)
