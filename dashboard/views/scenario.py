"""The scenario: what is cut, reopened and switched off by hand."""

import streamlit as st

from dashboard import actions, session
from dashboard.actions import Action
from dashboard.markup import label
from dashboard.page import Page


def draw(page: Page) -> None:
    """Cuts and reopenings, each to be taken back."""
    words, state = page.words, page.state
    if not state.cut and not state.reopen:
        st.caption(words("scenario.nothing"))
    for kind, ids in (("cut", state.cut), ("reopen", state.reopen)):
        for segment_id in ids:
            with st.container(horizontal=True, vertical_alignment="center",
                              key=f"{kind}_{segment_id}"):  # fmt: skip
                st.markdown(words(f"scenario.{kind}", name=label(page.names.segment(segment_id))))
                st.button(words("scenario.take_back"), key=f"take_back_{kind}_{segment_id}",
                          on_click=_take_back, args=(kind, segment_id))  # fmt: skip


def _take_back(kind: str, segment_id: str) -> None:
    undo = actions.uncut if kind == "cut" else actions.unreopen
    session.go(undo(session.state(), segment_id), Action(f"un{kind}", segment_id))
