"""The phases of the blockade as worded in their table, corridor by corridor.

The page's own answers rest on dated events; these words are the second reading of the same time.
"""

import streamlit as st

from dashboard.markup import link, tag
from dashboard.page import Page
from dashboard.runtime.callbacks import guarded
from dashboard.session import visit
from dashboard.session.actions import Action
from dashboard.session.options import PRESETS
from geodata.events.presets import preset


def draw(page: Page) -> None:
    """Draw the choice of a phase and its words; the map shows what they close."""
    words = page.words
    st.caption(words("method.phases_what"))
    key = visit.seed("choose_preset", page.state.preset)
    st.selectbox(
        words("controls.preset"),
        PRESETS.codes,
        index=None,
        key=key,
        format_func=lambda one: PRESETS.label(words, one),
        placeholder=words("controls.preset_none"),
        on_change=_take,
        args=(key,),
    )
    if page.state.preset:
        _draw_phase(page, page.state.preset)


@guarded
def _take(key: str) -> None:
    sent = st.session_state[key]
    chosen = PRESETS.code(sent) if sent is not None else None
    visit.change(Action("preset", chosen or ""), preset=chosen, date=None)


def _draw_phase(page: Page, wanted: str) -> None:
    """Draw the words of a phase and their source."""
    words = page.words
    phase = preset(page.dataset.network, page.dataset.corridor_segments, wanted)
    parts = [
        tag(
            "li",
            part.text,
            " → ",
            words(f"why.segment.{part.state}"),
            "" if part.segments else f" ({words('scenario.preset_unmapped')})",
        )
        for part in phase.parts
    ]
    source = None
    if phase.source_name:
        source_link = link(phase.source_url, phase.source_name)
        source = tag("p", words("scenario.preset_source"), " ", source_link)
    st.html(
        tag(
            "section",
            tag("h3", words(phase.title)),
            tag("ul", *parts),
            source,
            tag("p", words("phases.source_note"), class_="sr-muted"),
            class_="sr-prose",
        )
    )
