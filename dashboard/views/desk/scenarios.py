"""Scenarios that the team named: listed, opened, copied, and shared by a short link."""

import datetime as dt
from dataclasses import replace
from typing import Final

import streamlit as st

from dashboard.markup import Html, tag
from dashboard.page import Page, current
from dashboard.runtime.callbacks import guarded
from dashboard.session import visit
from dashboard.session.desk import begun, desk
from dashboard.session.options import MOVES
from dashboard.session.person import level, may, person
from dashboard.views.desk import event
from dashboard.views.share import home
from dashboard.widgets import sheets
from geodata.desk.journal import Kind
from geodata.desk.people import Role
from geodata.desk.scenarios import SavedScenario, save_scenario, saved_scenarios, withdraw
from geodata.desk.store import Desk
from geodata.errors import GeodataError
from geodata.sharing import permalink as links
from geodata.sharing.permalink import ViewState
from geodata.sharing.publication import Sensitivity

TITLE: Final = "desk_scenario_title"
TITLE_CHARACTERS: Final = 120
LISTED: Final = 20
FAULT: Final = "desk_fault"


def draw(page: Page, shared: Desk) -> None:
    """A form for the view as it is, and the scenarios that were kept."""
    words = page.words
    if may(Role.CONTRIBUTOR):
        save_form(page)
    scenarios, names = saved_scenarios(shared), shared.names()
    if not scenarios:
        st.html(tag("p", words("desk.no_scenarios"), class_="sr-empty"))
        return
    wanted = sheets.search(words, key="desk_scenario_find") if len(scenarios) > LISTED else ()
    found = [each for each in scenarios if sheets.matches(wanted, each.title)]
    count = sheets.counted(words, "desk.scenarios_listed", len(found), of=len(scenarios))
    st.html(tag("p", count, class_="sr-muted", role="status"))
    for each in sheets.on_sheet(found, key="desk_scenario_sheet", size=LISTED):
        author = names.get(each.author_id) or words("desk.forgotten_author")
        _card(page, each, "" if level() == Sensitivity.PUBLIC else author)
    sheets.turn(words, found, key="desk_scenario_sheet", size=LISTED)


def save_form(page: Page) -> None:
    """Keep the view on the map under a name."""
    words = page.words
    st.html(tag("p", words("desk.scenario_what"), class_="sr-muted"))
    st.html(_summary(page, page.state))
    with st.container(horizontal=True, vertical_alignment="bottom", key="desk_scenario_form"):
        st.text_input(
            words("desk.scenario_title"), key=TITLE, max_chars=TITLE_CHARACTERS, width=420
        )
        st.button(
            words("desk.scenario_save"),
            key="desk_scenario_save",
            on_click=_save,
            type="primary",
            icon=":material/bookmark_add:",
        )


def _card(page: Page, saved: SavedScenario, author: str) -> None:
    words = page.words
    with st.container(key=f"desk_scenario_{saved.token}", border=True, gap="xsmall"):
        moment = event.moment(page, saved.time)
        meta = f"{author} · {moment}" if author else moment
        state, _ = visit.as_allowed(links.parse(saved.query)[0], saved=True)
        st.html(
            tag(
                "div",
                tag("h3", saved.title),
                tag("p", meta, class_="sr-meta"),
                _summary(page, state),
                class_="sr-scenario",
            )
        )
        st.code(f"{home()}?s={saved.token}", language=None, wrap_lines=True)
        with st.container(horizontal=True, gap="xsmall"):
            st.button(
                words("desk.scenario_open"),
                key=f"desk_open_{saved.token}",
                on_click=_open,
                args=(saved.query,),
                icon=":material/map:",
            )
            if may(Role.CONTRIBUTOR):
                st.button(
                    words("desk.scenario_copy"),
                    key=f"desk_copy_{saved.token}",
                    on_click=_copy,
                    args=(saved.title, saved.query),
                    icon=":material/content_copy:",
                )
                st.button(
                    words("desk.withdraw"),
                    key=f"desk_withdraw_{saved.token}",
                    on_click=take_back,
                    args=(Kind.SCENARIO, saved.token),
                    type="tertiary",
                )


def _summary(page: Page, state: ViewState) -> Html:
    """What a scenario sets: its day, what moves, roads cut and reopened, supply points, notes."""
    words = page.words
    parts = [
        words.day(state.date) if state.date else words("desk.scenario_no_date"),
        MOVES.label(words, state.traffic),
    ]
    for name, some in (
        ("cut", state.cut),
        ("cut_by", state.cut_by),
        ("reopened", state.reopen),
        ("off", state.off),
        ("notes", state.notes),
    ):
        if some:
            parts.append(words.count(f"desk.scenario_{name}", len(some)))
    if state.desk:
        parts.append(words("desk.scenario_desk", version=state.desk.removesuffix("p")))
    return tag("p", " · ".join(parts), class_="sr-parts")


@guarded
def _save() -> None:
    page = current()
    _keep(str(st.session_state.get(TITLE) or ""), links.format(page.state, known=page.known))
    if "desk_fault" not in st.session_state:
        st.session_state[TITLE] = ""


@guarded
def _copy(title: str, query: str) -> None:
    _keep(current().words("desk.copy_of", title=title)[:TITLE_CHARACTERS], query)


def _keep(title: str, query: str) -> None:
    try:
        save_scenario(begun(), person(), title, query)
    except GeodataError as fault:
        st.session_state[FAULT] = fault


@guarded
def take_back(kind: Kind, token: str) -> None:
    """Remove a scenario or remark from its list."""
    shared = desk()
    try:
        if shared is not None:
            withdraw(shared, person(), kind, token)
    except GeodataError as fault:
        st.session_state[FAULT] = fault


@guarded
def _open(query: str) -> None:
    """Show a scenario on the map, in the language now chosen."""
    page = current()
    saved, notices = links.parse(query, known=page.known)
    wanted, withheld = visit.as_allowed(saved, saved=True)
    visit.visit().notices = (*withheld, *notices)
    here = page.state
    date = wanted.date or here.date or dt.datetime.now(dt.UTC).date()
    visit.go(replace(wanted, lang=here.lang, network=here.network, date=date, tab="scenario"))
