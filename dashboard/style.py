"""The page's style sheet."""

import json
from pathlib import Path

import streamlit as st


def draw() -> None:
    """Put the style sheet into the page."""
    st.html(Path(__file__).with_name("style.css"))


DATE_ON_ENTER = """<script>
if (!window.srDateOnEnter) {
  window.srDateOnEnter = true;
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.closest?.("[data-testid=stDateInput]")) return;
    setTimeout(() => document.dispatchEvent(new KeyboardEvent("keyup", { key: "Escape" })));
  });
}
</script>"""
"""Takes a typed date on Enter: Streamlit's field does so only when its calendar closes."""


def words_for(name: str, text: str) -> str:
    """A style that gives the sheet words of the catalogue as ``--sr-<name>``.

    For what Streamlit's browser part says by itself, in English only: the sheet puts these
    words in its place.
    """
    quoted = json.dumps(text, ensure_ascii=False).replace("<", "\\3c ")
    return f"<style>:root {{ --sr-{name}: {quoted}; }}</style>"
