"""Purpose, limits and misuse of the page, and what happens to a visitor's files."""

import streamlit as st

from dashboard.markup import tag
from dashboard.page import Page

PARTS = ("purpose", "sources", "limits", "not_for", "uploads", "public", "wrong")


def draw(page: Page) -> None:
    """Draw the page on responsible use."""
    words = page.words
    sections = [
        tag(
            "section",
            tag("h3", words(f"responsible.{part}")),
            *(tag("p", line) for line in words(f"responsible.{part}_text").split("\n")),
        )
        for part in PARTS
    ]
    st.html(tag("article", *sections, class_="sr-prose"))
