"""Reading that takes long: seen to go on, and ended by its visitor."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import streamlit as st

from dashboard.runtime.interruption import end_if_asked_again
from dashboard.translate import Translator
from geodata.readers.turns import WAITING


@contextmanager
def stoppable(
    words: Translator, told: str, *, key: str, stop: Callable[[], None]
) -> Iterator[None]:
    """Show for how long files are being read, and once it takes a while a button that ends it.

    A press on it, as on anything else, ends this run and starts a new one.

    Parameters
    ----------
    words : Translator
    told : str
        What goes on.
    key : str
        Key of the button.
    stop : callable
        Called by the button: what was asked for is asked no longer.
    """
    place, beat, seen = st.empty(), st.empty(), False

    def look() -> None:
        nonlocal seen
        end_if_asked_again()
        if not seen:
            place.button(words("page.stop"), key=key, icon=":material/stop:", on_click=stop)
        seen = True
        beat.empty()  # for Streamlit, which ends a run of the whole page where it draws

    before = WAITING.set(look)
    try:
        with st.spinner(told, show_time=True):
            yield
    finally:
        WAITING.reset(before)
    place.empty()
