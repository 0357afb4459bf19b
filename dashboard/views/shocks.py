"""Which uncertain closures come together: shown with their switches, and changed by the visitor."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import streamlit as st

from dashboard.markup import label, table, tag
from dashboard.page import Page
from dashboard.runtime.callbacks import guarded
from dashboard.session import visit
from dashboard.session.actions import Action
from dashboard.session.options import GROUPINGS
from geodata.analysis.common_shocks import PHASE, SEPARATOR, CommonShocks
from geodata.scenario import CLOSING, ShockAssumptions
from geodata.schema import Grouping

CHANGED: Final = Action("shocks")
SHOWN: Final = 12
"""Switches that can be changed on the page, the likeliest first."""

ROADS: Final = 6
"""Roads of a switch that are named."""


def draw(page: Page) -> None:
    """Draw the grouping, the share in common, and the probability of each switch of the day."""
    words, shocks, assumed = page.words, page.situation.shocks, page.state.shocks
    if shocks is None:
        return
    changed = assumed != ShockAssumptions()
    with st.expander(words("shock.title"), expanded=changed, key="shocks"):
        st.caption(words("shock.what"))
        key = visit.seed("shock_by", assumed.by)
        st.selectbox(
            words("shock.by"),
            GROUPINGS.codes,
            key=key,
            format_func=lambda each: GROUPINGS.label(words, each),
            on_change=_group,
            args=(key,),
        )
        if assumed.by != Grouping.NONE:
            key = visit.seed("shock_together", round(100 * assumed.together))
            st.slider(
                words("shock.together"),
                0,
                100,
                step=5,
                format="%d %%",
                key=key,
                help=words("shock.together_help"),
                on_change=_together,
                args=(key,),
            )
        _closing(page)
        order = np.argsort(-shocks.on, kind="stable")
        for place in order[:SHOWN]:
            _switch(
                page,
                shocks.names[place],
                float(shocks.on[place]),
                np.flatnonzero(shocks.switch == place).tolist(),
            )
        if len(order) > SHOWN:
            st.caption(words.count("shock.more", len(order) - SHOWN))
        elsewhere = len({name for name, _ in assumed.on} - set(shocks.names))
        if elsewhere:
            st.caption(words.count("shock.elsewhere", elsewhere))
        _likeliest(page, shocks)
        if changed:
            st.button(words("shock.reset"), key="shock_reset", on_click=_reset)


def _closing(page: Page) -> None:
    """Draw how likely a road is closed that just reaches each state, in percent."""
    words = page.words
    chances = {**CLOSING, **dict(page.state.shocks.closing)}
    st.caption(words("shock.closing"))
    for name, chance in chances.items():
        key = visit.seed(f"shock_closing_{name}", round(100 * chance))
        st.number_input(
            words(f"core.segment_state.{name}"),
            0,
            100,
            step=5,
            key=key,
            on_change=_closes,
            args=(name, key),
        )


def _likeliest(page: Page, shocks: CommonShocks) -> None:
    """List the uncertain roads that are likeliest closed, with their probability."""
    words, ids = page.words, page.dataset.network.segment_ids
    uncertain = np.flatnonzero((shocks.probability > 0) & (shocks.probability < 1))
    order = uncertain[np.argsort(-shocks.probability[uncertain], kind="stable")]
    head = [words("plan_tab.column_road"), words("shock.probability")]
    rows = [
        [
            page.names.segment(ids[row]),
            words("shock.percent", share=words.number(100 * shocks.probability[row])),
        ]
        for row in order[:SHOWN]
    ]
    if rows:
        title = words("shock.likeliest")
        more = len(order) - len(rows)
        st.html(
            tag(
                "section",
                tag("h4", title),
                table(head, rows, caption=title, numeric=(1,)),
                tag("p", words.count("plan_tab.more", more), class_="sr-muted") if more else None,
            )
        )


def _switch(page: Page, name: str, chance: float, segments: Sequence[int]) -> None:
    """Draw the probability of one switch in percent, with the roads that it closes."""
    words, ids = page.words, page.dataset.network.segment_ids
    roads = [page.names.segment(ids[each]) for each in segments[:ROADS]]
    if len(segments) > ROADS:
        roads.append(words.count("plan_tab.more", len(segments) - ROADS))
    key = visit.seed(f"shock_on_{name}", round(100 * chance))
    st.number_input(
        label(words.count("shock.switch", len(segments), name=group_name(page, name))),
        0,
        100,
        step=5,
        key=key,
        help=label(page.words("core.semicolon").join(roads)),
        on_change=_probability,
        args=(name, key),
    )


def group_name(page: Page, name: str) -> str:
    """Return the name of a switch in words: the corridor and its phase, or the actor and area."""
    group, _, part = name.partition(SEPARATOR)
    if part.startswith(PHASE):
        return f"{group}, {page.words(f'phases.{part}')}"
    return f"{group}, {part}" if part else group


def _take(changed: ShockAssumptions) -> None:
    visit.change(CHANGED, shocks=changed)


@guarded
def _group(key: str) -> None:
    by = Grouping(GROUPINGS.code(st.session_state[key]))
    # The switches of another grouping are others.
    _take(replace(visit.state().shocks, by=by, on=()))


@guarded
def _together(key: str) -> None:
    _take(replace(visit.state().shocks, together=int(st.session_state[key]) / 100))


@guarded
def _probability(name: str, key: str) -> None:
    assumed = visit.state().shocks
    on = {**dict(assumed.on), name: int(st.session_state[key]) / 100}
    _take(replace(assumed, on=tuple(on.items())))


@guarded
def _closes(name: str, key: str) -> None:
    """Take another closing probability; those of the other states rise or fall with it."""
    assumed = visit.state().shocks
    chances = {**CLOSING, **dict(assumed.closing)}
    chosen, names = int(st.session_state[key]) / 100, list(CLOSING)
    for place, other in enumerate(names):
        limit = max if place >= names.index(name) else min
        chances[other] = chosen if other == name else limit(chances[other], chosen)
    _take(replace(assumed, closing=tuple(chances.items())))


@guarded
def _reset() -> None:
    _take(ShockAssumptions())
