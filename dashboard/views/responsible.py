"""What this is for, what it is not for, and what becomes of what a visitor opens."""

import streamlit as st

from dashboard.markup import tag
from dashboard.page import Page

PARTS = ("purpose", "sources", "limits", "not_for", "uploads", "public", "wrong")


def draw(page: Page) -> None:
    """The page on responsible data."""
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
