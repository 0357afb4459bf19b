"""The page's style sheet."""

import json
from pathlib import Path

import streamlit as st


def draw() -> None:
    """Put the style sheet into the page."""
    st.html(Path(__file__).with_name("style.css"))


def language(lang: str) -> str:
    """Script of the page: its language for screen readers, and Enter in the date field."""
    return f"<script>document.documentElement.lang = {json.dumps(lang)};{_ENTER}</script>"


_ENTER = """
if (!window.srEnter) {
  window.srEnter = true;
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.closest(".st-key-choose_date [role=spinbutton]")) {
      setTimeout(() => event.target.blur());
    }
  }, true);
}
"""
"""A date field sends what was typed when it is left: Enter leaves it."""


def words_for(name: str, text: str) -> str:
    """A style that gives the sheet words of the catalogue as ``--sr-<name>``.

    For what Streamlit's browser part says by itself, in English only: the sheet puts these
    words in its place.
    """
    quoted = json.dumps(text, ensure_ascii=False).replace("<", "\\3c ")
    return f"<style>:root {{ --sr-{name}: {quoted}; }}</style>"
