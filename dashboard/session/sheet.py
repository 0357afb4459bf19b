"""Height of the sheet that the panel is on a phone."""

from typing import Final

import streamlit as st

KEY: Final = "sheet_stop"
STOPS: Final = ("low", "half", "full")


def show_map() -> None:
    """Lower the sheet, so that the map is in sight."""
    st.session_state[KEY] = "low"


def show_panel() -> None:
    """Raise a low sheet, so that the panel is in sight; a higher one stays."""
    if st.session_state.get(KEY, "low") == "low":
        st.session_state[KEY] = "half"
