"""The page's style sheet."""

from pathlib import Path

import streamlit as st


def draw() -> None:
    """Put the style sheet into the page."""
    st.html(Path(__file__).with_name("style.css"))
