"""An empty table to fill in, for a visitor who has none in a known form."""

from collections.abc import Callable

import streamlit as st

from dashboard.translate import Translator


def offer(words: Translator, make: Callable[[], bytes], *, file_name: str, key: str) -> None:
    """Draw the link that downloads an empty table as CSV.

    Parameters
    ----------
    words : Translator
    make : callable
        Makes the file once it is asked for.
    file_name : str
    key : str
    """
    st.download_button(
        words("own.template"),
        file_name=file_name,
        data=make,
        mime="text/csv",
        on_click="ignore",
        icon=":material/download:",
        type="tertiary",
        key=key,
    )
