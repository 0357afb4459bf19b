"""A long list a sheet at a time: what a page draws is bounded however much there is."""

from typing import TypeVar

import streamlit as st

from dashboard.translate import Translator
from geodata.sanitize import folded

Row = TypeVar("Row")


def search(words: Translator, *, key: str) -> tuple[str, ...]:
    """Draw a field to search a list by words; those that were typed, folded."""
    typed = st.text_input(
        words("desk.filter_text"),
        key=key,
        icon=":material/search:",
        placeholder=words("desk.filter_text"),
        label_visibility="collapsed",
    )
    return tuple(folded(typed or "").split())


def matches(wanted: tuple[str, ...], text: str) -> bool:
    """Return whether a row of a list holds every word that `search` returned."""
    searched = folded(text) if wanted else ""
    return all(word in searched for word in wanted)


def counted(words: Translator, key: str, found: int, *, of: int) -> str:
    """Return how many rows a list has; where a search or filter hides some, how many match."""
    if found == of:
        return words.count(key, of)
    return words("desk.matching", shown=words.number(found), of=words.number(of))


def on_sheet(rows: list[Row], *, key: str, size: int) -> list[Row]:
    """Return the rows of the sheet that is open.

    Parameters
    ----------
    rows : list
        All of the list.
    key : str
        Of the field in which `turn` lets a visitor choose a sheet.
    size : int
        Rows of a sheet.
    """
    sheet = min(int(st.session_state.get(key, 1)), _sheets(rows, size))
    return rows[(sheet - 1) * size : sheet * size]


def turn(words: Translator, rows: list[Row], *, key: str, size: int) -> None:
    """Draw the field that turns the sheets; nothing where there is one."""
    sheets = _sheets(rows, size)
    if sheets == 1:
        return
    if int(st.session_state.get(key, 1)) > sheets:
        st.session_state[key] = sheets
    st.number_input(words("desk.sheet", of=words.number(sheets)), 1, sheets, key=key)


def _sheets(rows: list[Row], size: int) -> int:
    return max(1, -(-len(rows) // size))
