"""The desk on the page: enter an event, preview its effect, list and review."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

import shapely
import streamlit as st

from dashboard.markup import label
from dashboard.page import Page
from dashboard.session import datasets, visit
from dashboard.session.desk import begun, desk
from dashboard.session.options import Options
from dashboard.session.person import NAME, accounts, may, person
from geodata import schema as f
from geodata.desk.duplicates import possible_duplicates
from geodata.desk.editing import add_event, review
from geodata.desk.entry import QUIET_DAYS, check_event
from geodata.desk.event_table import desk_events, with_desk
from geodata.desk.journal import Kind, Record, Status
from geodata.desk.people import NAME_CHARACTERS, Role
from geodata.desk.preview import preview
from geodata.desk.store import Desk
from geodata.errors import GeodataError
from geodata.events.vocabulary import Effect, EventType

TYPES: Final = Options(tuple(EventType), "export.event_type_{}")
EFFECTS: Final = Options(tuple(Effect), "desk.effect_on_passage_{}")
DECISIONS: Final = (Status.REVIEWED, Status.REJECTED, Status.UNVERIFIABLE)
LISTED: Final = 200
FIELDS: Final = 2_000


def draw(page: Page) -> None:
    """Draw the whole desk; a refusal is shown where it occurred."""
    words = page.words
    st.caption(words("desk.about"))
    try:
        _who(page)
        shared = desk()
        if shared is not None and shared.version:
            _version(page, shared)
        if may(Role.CONTRIBUTOR):
            with st.expander(words("desk.add")):
                _entry(page)
        if shared is not None:
            _events(page, shared)
    except GeodataError as fault:
        st.error(label(fault.text(words.lang)))


def _who(page: Page) -> None:
    words = page.words
    source = accounts()
    if source == "local":
        st.text_input(words("desk.name"), key=NAME, max_chars=NAME_CHARACTERS)
    elif source == "oidc" and not st.user.get("is_logged_in"):
        st.button(words("desk.log_in"), on_click=st.login)
    role = person().role
    if source != "local":
        st.caption(words("desk.role", role=words(f"desk.role_{role}")))


def _version(page: Page, shared: Desk) -> None:
    """Draw the version that the view uses, and whether proposed events count."""
    words, code = page.words, page.state.desk
    newest = shared.version
    key = visit.seed("desk_proposed", code.endswith("p"))
    proposed = st.toggle(words("desk.proposed"), key=key)
    wanted = f"{newest}p" if proposed else str(newest)
    shown = code.removesuffix("p")
    told = words("desk.shown", shown=shown, newest=newest) if shown else words("desk.not_shown")
    st.caption(told)
    changed = bool(code) and proposed != code.endswith("p")
    if changed or (code != wanted and st.button(words("desk.show_newest"), key="desk_newest")):
        visit.change(desk=wanted)
        st.rerun()


@dataclass(frozen=True)
class _Asked:
    """Which button of the form was pressed."""

    preview: bool
    save: bool


def _entry(page: Page) -> None:
    words = page.words
    with st.form("desk_entry"):
        values, asked = _form(page)
    if not (asked.preview or asked.save):
        return
    today = dt.datetime.now(dt.UTC).date()
    shared = begun()
    entered = check_event(values, today=today, network=page.dataset.network)
    base = datasets.started_with().dataset
    near = possible_duplicates(entered, with_desk(base, desk_events(shared, proposed=True)).events)
    for each in near:
        st.warning(words("desk.near", event=label(each.event), days=each.days))
    effect = preview(
        base, desk_events(shared), entered, event=entered[f.EVENT_ID],
        on=dt.date.fromisoformat(entered[f.DATE]),
        traffic=page.state.traffic, vehicle=page.state.vehicle,
    )  # fmt: skip
    parts = (
        words.count("desk.effect_closed", len(effect.closed)),
        words.count("desk.effect_towns", len(effect.towns)),
        words.count("desk.effect_people", effect.people[0]),
    )
    told = words("desk.effect", day=words.day(effect.on), parts="; ".join(parts))
    st.info(label(told))
    if asked.save and (not near or st.session_state.get("desk_despite")):
        saved = add_event(shared, person(), values, today=today, network=page.dataset.network)
        suffix = "p" if page.state.desk.endswith("p") else ""
        visit.change(desk=f"{saved.version}{suffix}")
        st.rerun()


def _form(page: Page) -> tuple[dict[str, str], _Asked]:
    """Return the form's values by column, and the button pressed."""
    words, nodes = page.words, page.dataset.network.nodes.set_index(f.NODE_ID)
    newest = dt.datetime.now(dt.UTC).date() - dt.timedelta(days=QUIET_DAYS)
    date = st.date_input(words("desk.date"), value=newest, max_value=newest, key="desk_date")
    kind = st.selectbox(
        words("desk.type"), TYPES.codes, key="desk_type",
        format_func=lambda code: TYPES.label(words, code),
    )  # fmt: skip
    town = st.selectbox(
        words("desk.town"), page.dataset.network.towns, key="desk_town", index=None,
        format_func=lambda town: f"{page.names.node(town)} ({nodes[f.ADMIN1].get(town, '')})",
    )  # fmt: skip
    effect = st.selectbox(
        words("desk.effect_on_passage"), EFFECTS.codes, key="desk_effect",
        format_func=lambda code: EFFECTS.label(words, code),
    )  # fmt: skip
    source = st.text_input(words("desk.source"), key="desk_source", max_chars=300)
    url = st.text_input(words("desk.url"), key="desk_url", max_chars=FIELDS)
    summary = st.text_area(words("desk.summary"), key="desk_summary", max_chars=FIELDS)
    st.checkbox(words("desk.despite"), key="desk_despite")
    with st.container(horizontal=True):
        asked = _Asked(
            st.form_submit_button(words("desk.preview")), st.form_submit_button(words("desk.save"))
        )
    values = {
        f.DATE: date.isoformat() if isinstance(date, dt.date) else "",
        f.EVENT_TYPE: TYPES.code(kind), f.EFFECT: EFFECTS.code(effect),
        f.SOURCE_NAME: source, f.SOURCE_URL: url.strip(), f.SUMMARY: summary,
    }  # fmt: skip
    if town is not None:
        lon, lat = shapely.get_coordinates(nodes.geometry[town])[0]
        values |= {
            f.NODE_ID: town, f.PLACE: str(nodes[f.NAME][town]), f.LAT: str(lat),
            f.LON: str(lon), f.REGION: str(nodes[f.ADMIN1].get(town, "")),
        }  # fmt: skip
    return values, asked


def _events(page: Page, shared: Desk) -> None:
    """Draw the desk's events, the newest change first, and decisions on several at once."""
    words, names = page.words, shared.names()
    base = shared.version
    records = sorted(
        (each for (kind, _), each in shared.records().items() if kind == Kind.EVENT),
        key=lambda each: -each.version,
    )
    rows = [_row(page, each, names) for each in records[:LISTED]]
    if not rows:
        st.caption(words("desk.empty"))
        return
    st.dataframe(rows, hide_index=True, key="desk_events")
    if not may(Role.REVIEWER):
        return
    waiting = [each.item for each in records if each.status == Status.PROPOSED]
    with st.form("desk_review"):
        chosen = st.multiselect(words("desk.to_review"), waiting, key="desk_chosen")
        reason = st.text_input(words("desk.reason"), key="desk_reason", max_chars=300)
        with st.container(horizontal=True):
            pressed = [
                status for status in DECISIONS
                if st.form_submit_button(words(f"desk.decide_{status}"))
            ]  # fmt: skip
    if pressed and chosen:
        version = review(shared, person(), chosen, pressed[0], base=base, reason=reason)
        suffix = "p" if page.state.desk.endswith("p") else ""
        visit.change(desk=f"{version}{suffix}")
        st.rerun()


def _row(page: Page, record: Record, names: dict[int, str]) -> dict[str, str]:
    words, values = page.words, record.values
    return {
        words("desk.column_event"): record.item,
        words("desk.column_date"): values.get(f.DATE, ""),
        words("desk.type"): TYPES.label(words, values.get(f.EVENT_TYPE, EventType.OTHER)),
        words("desk.town"): values.get(f.PLACE, ""),
        words("desk.column_status"): words(f"desk.status_{record.status}"),
        words("desk.column_author"): names.get(record.author_id, ""),
        words("desk.column_time"): record.time,
    }
