"""The card of a road: its state, the reasons, the effect of its closure, and actions."""

from typing import Any, Final

import streamlit as st

from dashboard.markup import Html, tag
from dashboard.page import Page
from dashboard.session import cards
from dashboard.views import notes
from dashboard.views.cards import evidence, team
from dashboard.widgets import controls, names
from geodata import schema as f
from geodata.analysis.cuts import CutPreview
from geodata.analysis.situation import Reason
from geodata.schema import PASSABLE, SegmentState

EVENTS: Final = 6
TOWNS: Final = 8


def draw(page: Page, segment: str) -> None:
    """Draw state and reasons, the effect of a cut, buttons, and the towns at its ends."""
    row, state = _row(page, segment), page.state_of(segment) or SegmentState.OPEN
    st.html(
        tag(
            "article",
            _facts(page, row),
            _state(page, segment, state),
            _why(page, segment),
            class_="sr-card",
        )
    )
    _effect(page, segment, state)
    _actions(page, segment, state)
    _ends(page, row)
    team.draw(page, segment)


def _row(page: Page, segment: str) -> dict[Any, Any]:
    network = page.dataset.network
    return dict(network.segments.iloc[network.segment_number[segment]])


def _facts(page: Page, row: dict[Any, Any]) -> Html:
    words = page.words
    kind = f"map.class.{row.get(f.ROAD_CLASS)}"
    basis = f"map.basis.{row.get(f.LENGTH_BASIS)}"
    length = words("road.length", km=words.number(row[f.LENGTH_KM]))
    parts = [words(kind) if words.has(kind) else "", length]
    if words.has(basis):
        parts.append(words("road.length_basis", basis=words(basis)))
    return tag("p", " · ".join(part for part in parts if part), class_="sr-muted")


def _state(page: Page, segment: str, state: SegmentState) -> Html:
    words = page.words
    code, _ = page.situation.reason(segment)
    reason = (
        ""
        if code == Reason.NONE
        else words(f"core.reason.{code}", vehicle=words(f"core.vehicle.{page.state.vehicle}"))
    )
    return tag(
        "p",
        tag("span", words(f"core.segment_state.{state}"), class_=f"sr-chip sr-road-{state}"),
        f"{reason}." if reason else words("road.no_report"),
        class_="sr-state",
    )


def _why(page: Page, segment: str) -> Html | None:
    """Return the reports behind the state, the newest first."""
    words = page.words
    _, ids = page.situation.reason(segment)
    if not ids:
        return None
    events = page.reported
    reports = events[events[f.EVENT_ID].isin(ids)].sort_values(f.DATE, ascending=False)
    items = [evidence.item(page, row) for row in reports.head(EVENTS).to_dict("records")]
    if len(reports) > EVENTS:
        more = words.count("card.more_events", len(reports) - EVENTS)
        items.append(tag("li", more, class_="sr-muted"))
    return tag("section", tag("h3", words("card.why")), tag("ul", *items))


def _effect(page: Page, segment: str, state: SegmentState) -> None:
    """Draw which towns a closure of this road alone would isolate, leave to escorts or detour."""
    words = page.words
    if state not in PASSABLE:
        return
    effect = page.cut_alone(segment)
    isolated = list(effect.isolated)
    lines = []
    if isolated:
        people = words.known(_people(effect))
        lines.append(words.count("road.effect_isolated", len(isolated), people=people))
    if effect.escorted:
        lines.append(words.count("road.effect_escorted", len(effect.escorted)))
    if effect.longer:
        lines.append(words.count("road.effect_longer", len(effect.longer)))
    text = " ".join(lines) or words("road.effect_none")
    st.html(tag("section", tag("h3", words("road.effect")), tag("p", text), class_="sr-card"))
    title = words("road.effect")
    names.listed(title, isolated[:TOWNS], page.names.node, key="road_isolates", kind=cards.TOWN)


def _people(effect: CutPreview) -> int | None:
    """Return the people isolated; unknown if no isolated town has a figure."""
    return None if not effect.population and effect.population_unknown else effect.population


def _actions(page: Page, segment: str, state: SegmentState) -> None:
    """Draw the buttons that cut or reopen the road or undo that, and the note on the reason."""
    words, made = page.words, page.state
    by_hand = segment in made.cut or segment in made.reopen
    if by_hand:
        name = "uncut" if segment in made.cut else "unreopen"
    else:
        name = "reopen" if state in (SegmentState.CLOSED, SegmentState.CUT) else "cut"
    with st.container(key="card_actions", horizontal=True, gap="xsmall"):
        st.button(
            words(f"road.do_{name}"),
            key="road_toggle",
            type="primary",
            on_click=controls.toggle,
            args=(segment,),
        )
        if by_hand:
            notes.draw(page, segment)


def _ends(page: Page, row: dict[Any, Any]) -> None:
    ends = [end for end in (row[f.FROM_NODE], row[f.TO_NODE]) if end in page.dataset.network.towns]
    title = page.words("road.ends")
    if ends:
        st.html(tag("h3", title, class_="sr-group"))
    names.listed(title, ends, page.names.node, key="road_ends", kind=cards.TOWN)
