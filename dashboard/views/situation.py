"""The first panel: the figures of the view, towns by state, and the latest events."""

from typing import Any, Final

import streamlit as st

from dashboard.markup import tag
from dashboard.page import Page, current
from dashboard.runtime.callbacks import guarded
from dashboard.session import cards, datasets, visit
from dashboard.session.actions import Action
from dashboard.views import own_facilities, summary
from dashboard.widgets import names
from geodata import schema as f
from geodata.events.summaries import place
from geodata.schema import Cause, TownState

SHORT: Final = 12
"""Names in a list; all of them stand in the table."""

EVENTS: Final = 8

DOORS: Final = (
    ("months", ":material/play_circle:"),
    ("cut", ":material/content_cut:"),
    ("own", ":material/upload_file:"),
)


def draw(page: Page) -> None:
    """Draw first steps for a visitor, then figures, towns and events."""
    if visit.visit().hint and len(page.dataset.events) and not datasets.any_own():
        _doors(page)
    with st.container(key="figures", gap=None):
        st.html(summary.figures(page))
    with st.container(key="towns", gap="xxsmall"):
        for cause in (Cause.CLOSURE, Cause.SUPPLY, Cause.SEASON):
            ids = page.isolated_by[cause]
            if ids or cause == Cause.CLOSURE:
                _group(page, f"by_{cause}", page.words(f"page.list_{cause}"), ids)
        for state in (TownState.ESCORT_ONLY, TownState.DETOUR):
            ids = _in_state(page, state)
            if ids:
                _group(page, state, page.words(f"situation.list_{state}"), ids)
        if len(page.isolated_by[Cause.VEHICLE]):
            never = page.words.count("page.also_vehicle", len(page.isolated_by[Cause.VEHICLE]))
            st.html(tag("p", never, class_="sr-muted"))
        _table_button(page, "towns")
    own_facilities.draw_panel(page)
    if len(page.dataset.events):
        _events(page)


def _doors(page: Page) -> None:
    """Draw three starting points for a first visit."""
    words = page.words
    with st.container(key="doors", gap="xxsmall"):
        st.html(tag("h2", words("situation.doors"), class_="sr-panel-title"))
        for name, icon in DOORS:
            st.button(
                words(f"situation.door_{name}"),
                key=f"door_{name}",
                icon=icon,
                on_click=_enter,
                args=(name,),
                width="stretch",
            )
        st.button(
            words("page.hint_close"),
            key="hint_close",
            on_click=visit.dismiss,
            args=("hint",),
            type="tertiary",
        )


@guarded
def _enter(door: str) -> None:
    here = visit.visit()
    here.hint = False
    if door == "months":
        here.playing, here.stride = True, "week"
        visit.change(Action("date"), date=current().strip[0], preset=None)
    else:
        visit.change(tab={"cut": "scenario", "own": "own"}[door])


def _in_state(page: Page, state: TownState) -> tuple[str, ...]:
    towns = page.access.towns
    towns = towns[towns[f.STATE] == state]
    ordered = towns.sort_values([f.POPULATION, f.NAME], ascending=[False, True])
    return tuple(ordered[f.NODE_ID])


def _group(page: Page, kind: str, title: str, ids: tuple[str, ...]) -> None:
    """Draw the towns that share a state, most people first."""
    words = page.words
    with st.container(key=f"group_{kind}", gap=None):
        st.html(
            tag(
                "h3",
                title,
                tag("span", words.number(len(ids)), class_="sr-count"),
                class_=f"sr-group sr-{kind}",
            )
        )
        if not ids:
            st.html(tag("p", words("page.none_isolated_yet"), class_="sr-muted"))
        names.listed(
            title,
            ids[:SHORT],
            lambda town: town_name(page, town),
            key=f"list_{kind}",
            kind=cards.TOWN,
        )
        if len(ids) > SHORT:
            st.caption(words.count("situation.more", len(ids) - SHORT))
            rest = " · ".join(town_name(page, town) for town in ids[SHORT:])
            st.html(tag("p", rest, class_="sr-on-paper"))


def town_name(page: Page, town: str) -> str:
    """Return the label of a town in a list, with its people."""
    network = page.dataset.network
    people = network.nodes[f.POPULATION].iloc[network.node_number[town]]
    return page.words("situation.town", name=page.names.node(town), people=page.words.known(people))


def _table_button(page: Page, tab: str) -> None:
    """Draw the button that opens or closes a full table under the map."""
    open_now = page.state.tab == tab
    st.button(
        page.words("tables.fold" if open_now else f"tables.{tab}"),
        key=f"table_{tab}",
        icon=":material/table_rows:",
        on_click=visit.open_table,
        args=("" if open_now else tab,),
        type="tertiary",
    )


def _events(page: Page) -> None:
    """Draw the newest events of the window, each with a link to its card."""
    words = page.words
    events = page.events.sort_values([f.DATE, f.EVENT_ID], ascending=[False, True])
    rows: dict[str, dict[Any, Any]] = {
        str(row[f.EVENT_ID]): row for row in events.head(EVENTS).to_dict("records")
    }

    def name(event: str) -> str:
        return event_name(page, rows[event])

    with st.container(key="group_events", gap=None):
        title = words("situation.events")
        count = tag("span", words.number(len(events)), class_="sr-count")
        st.html(tag("h3", title, count, class_="sr-group"))
        names.listed(title, tuple(rows), name, key="list_events", kind="events")
        _table_button(page, "events")


def event_name(page: Page, row: dict[Any, Any]) -> str:
    """Return the label of an event in a list: day, kind, place."""
    words = page.words
    return words(
        "situation.event",
        day=words.day(row[f.DATE]),
        type=event_type(page, row[f.EVENT_TYPE]),
        place=place(row, page.words.lang),
    )


def event_type(page: Page, kind: str) -> str:
    """Return the kind of an event in the page's language; an unknown kind as it is."""
    key = f"map.event.{kind}"
    return page.words(key) if page.words.has(key) else str(kind)
