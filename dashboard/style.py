"""The page's style sheet."""

import json
from pathlib import Path

import streamlit as st


def draw() -> None:
    """Put the style sheet into the page."""
    st.html(Path(__file__).with_name("style.css"))


def words_for(name: str, text: str) -> str:
    """A style that gives the sheet words of the catalogue as ``--sr-<name>``.

    For what Streamlit's browser part says by itself, in English only: the sheet puts these
    words in its place.
    """
    quoted = json.dumps(text, ensure_ascii=False).replace("<", "\\3c ")
    return f"<style>:root {{ --sr-{name}: {quoted}; }}</style>"
