"""The days as a moving picture: made on request, with progress and a stop."""

import datetime as dt
from collections.abc import Iterator
from typing import Final, TypeVar

import streamlit as st

from dashboard.page import Page
from dashboard.runtime.callbacks import guarded
from dashboard.runtime.interruption import end_if_asked_again
from dashboard.runtime.long_work import LARGE, one_at_a_time
from geodata.export.days_gif import MOST, days_shown, gif, pictures
from geodata.sharing.publication import Publication

T = TypeVar("T")

ASKED: Final = "gif_asked"
MOST_LARGE: Final = 8
"""Pictures of a network of which each takes seconds."""


def draw(page: Page, release: Publication, file_name: str) -> None:
    """A button that starts it; while it runs, how far it is and a button that ends it."""
    words = page.words
    if not len(page.dataset.events):
        return
    st.subheader(words("share.gif"), anchor=False)
    st.caption(words("share.gif_what"))
    if not st.session_state.get(ASKED):
        st.button(words("share.gif_make"), key="gif_make", on_click=_ask, args=(True,))
        return
    # A click on it, as on anything else, ends this run between two pictures.
    st.button(words("share.gif_stop"), key="gif_stop", on_click=_ask, args=(False,))
    days = _days(page)
    progress = st.progress(0.0, words("share.gif_progress", done=words.number(0), all=len(days)))
    frames = []
    for picture in in_turns(pictures(release, days)):
        end_if_asked_again()
        frames.append(picture)
        done = words("share.gif_progress", done=words.number(len(frames)), all=len(days))
        progress.progress(len(frames) / len(days), done)
    st.session_state[ASKED] = False
    st.download_button(
        words("share.gif_done"),
        data=gif(frames),
        file_name=file_name,
        mime="image/gif",
        on_click="ignore",
        key="gif_done",
    )


def in_turns(drawn: Iterator[T]) -> Iterator[T]:
    """Draw pictures so that others who compute something long have a turn between two of them.

    One takes a core for 1.4 s, and there may be forty; several visitors may ask for theirs at once.
    """
    while True:
        with one_at_a_time(LARGE):
            try:
                picture = next(drawn)
            except StopIteration:
                return
        yield picture


@guarded
def _ask(wanted: bool) -> None:
    st.session_state[ASKED] = wanted


def _days(page: Page) -> tuple[dt.date, ...]:
    first, last = page.strip
    last = min(last, page.last_report or last)
    day = page.state.date
    most = MOST_LARGE if page.large else MOST
    return days_shown(first, day if day is not None and first <= day <= last else last, most=most)
