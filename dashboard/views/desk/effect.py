"""What an event would do if it counted, and the events that it may repeat."""

from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st

from dashboard.markup import Html, tag
from dashboard.page import Page
from dashboard.views.desk.fields import TYPES
from geodata import schema as f
from geodata.analysis.comparison import BEFORE
from geodata.desk.duplicates import Candidate
from geodata.desk.preview import Effect

TOWNS = 6
ROADS = 4
NEAR_KM = 0.5
"""Below this two events are said to be at one place."""


def effect_html(page: Page, effect: Effect, *, title: str) -> Html:
    """Return the sentence on roads, towns and people, and the towns one by one."""
    words = page.words
    people, unknown = effect.people
    parts = []
    for name, ids in (
        ("closed", effect.closed),
        ("opened", effect.opened),
        ("escorted", effect.escorted),
    ):
        if ids:
            parts.append(words.count(f"desk.effect_{name}", len(ids)))
    if len(effect.towns):
        parts.append(words.count("desk.effect_towns", len(effect.towns)))
        parts.append(words.count("desk.effect_people", people, shown=words.number(people)))
    summary = words("core.semicolon").join(parts) or words("desk.effect_nothing")
    why = words(effect.nothing_why) if effect.nothing_why else _roads(page, effect)
    more = words.count("desk.effect_unknown", unknown) if unknown else ""
    rows = [_town(page, row) for row in effect.towns.head(TOWNS).to_dict("records")]
    if len(effect.towns) > TOWNS:
        left = len(effect.towns) - TOWNS
        rows.append(tag("li", words.count("desk.effect_more", left), class_="sr-muted"))
    return tag(
        "section",
        tag("h3", title),
        tag("p", summary[:1].upper() + summary[1:] + ".", class_="sr-told"),
        tag("p", why, class_="sr-muted") if why else None,
        tag("p", more, class_="sr-muted") if more else None,
        tag("ul", *rows) if rows else None,
        class_="sr-effect" if parts else "sr-effect sr-none",
        aria_live="polite",
    )


def _roads(page: Page, effect: Effect) -> str:
    """Names of the segments whose state changes, the first few."""
    ids = (*effect.closed, *effect.opened, *effect.escorted)
    named = page.words.listed([page.names.segment(each) for each in ids[:ROADS]])
    more = len(ids) - ROADS
    return page.words.count("desk.effect_roads_more", more, names=named) if more > 0 else named


def similar(
    page: Page, candidates: list[Candidate], known: pd.DataFrame, report: Callable[[str], None]
) -> None:
    """Events that may be the one entered: each can take it as a further report."""
    words = page.words
    st.html(
        tag("p", words.count("desk.similar", len(candidates)), class_="sr-similar", role="status")
    )
    rows = known.set_index(f.EVENT_ID)
    for each in candidates:
        row = rows.loc[each.event].to_dict() if each.event in rows.index else {}
        with st.container(key=f"similar_{each.event}", gap="xxsmall"):
            st.html(_similar(page, each, row))
            st.button(
                words("desk.same_event"),
                key=f"entry_same_{each.event}",
                on_click=report,
                args=(each.event,),
                icon=":material/add_link:",
            )
    st.checkbox(words("desk.despite"), key="entry_despite")


def _similar(page: Page, each: Candidate, row: dict[Any, Any]) -> Html:
    words = page.words
    kind = TYPES.label(words, str(row[f.EVENT_TYPE])) if row else each.event
    where = str(row.get(f.PLACE) or row.get(f.REGION) or "") if row else ""
    when = words.day(row[f.DATE]) if row else ""
    apart = [words.count("desk.days_apart", each.days) if each.days else words("desk.same_day")]
    if each.distance_km is not None:
        near = each.distance_km < NEAR_KM
        km = words.number(each.distance_km)
        apart.append(words("desk.same_place") if near else words("desk.km_apart", km=km))
    title = " · ".join(part for part in (kind, where, when) if part)
    note = ", ".join([*apart, str(row.get(f.SOURCE_NAME, ""))]).rstrip(", ")
    return tag("p", tag("strong", title), tag("span", note, class_="sr-muted"), class_="sr-place")


def _town(page: Page, row: dict[Any, Any]) -> Html:
    was, now = str(row[f.STATE + BEFORE]), str(row[f.STATE])
    words = page.words
    return tag(
        "li",
        page.names.node(row[f.NODE_ID]),
        tag("span", words(f"core.town_state.{was}"), class_=f"sr-chip sr-{was}"),
        "→",
        tag("span", words(f"core.town_state.{now}"), class_=f"sr-chip sr-{now}"),
    )
