"""The card in which an event is added, edited or reported again, beside the map."""

import datetime as dt
from dataclasses import replace
from functools import partial
from typing import Final

import streamlit as st

from dashboard import error_boundary
from dashboard.markup import label, tag
from dashboard.page import Page, current
from dashboard.runtime.callbacks import guarded
from dashboard.session import cards, datasets, visit
from dashboard.session import entry as session
from dashboard.session.desk import begun
from dashboard.session.entry import Entry, key
from dashboard.session.person import may, person
from dashboard.session.proposal import proposed
from dashboard.views.desk import effect, fields, place, who
from geodata import schema as f
from geodata.desk.editing import Saved, add_event, add_report, edit_event
from geodata.desk.people import Role
from geodata.desk.places import unplaced_values
from geodata.desk.proposal import Proposal, shipped_values, values_of
from geodata.desk.store import Desk
from geodata.errors import GeodataError

REASON: Final = "reason"
SIDES: Final = ("mine", "theirs")


def title(page: Page) -> str:
    """Heading of the card."""
    entry = session.entry()
    kind = "report" if entry.report_of else "edit" if entry.event else "add"
    return page.words(f"desk.{kind}_title")


@st.fragment
def draw() -> None:
    """The card: drawn by itself, so that a field that was filled in draws nothing else."""
    error_boundary.error_boundary(_draw)


def open_new(node: str = "", segment: str = "") -> None:
    """Begin a new event beside the map, at a town or road if one is given."""
    session.begin()
    if segment:
        place.place_clicked("segment", segment, None)
    elif node:
        place.place_clicked("town", node, None)
    _show()


@guarded
def open_edit(event: str) -> None:
    """Edit an event of the desk, or one that is shipped, beside the map."""
    _open(event, report=False)


@guarded
def open_report(event: str) -> None:
    """Add a further report of an event beside the map."""
    _open(event, report=True)


def _open(event: str, *, report: bool) -> None:
    shared = begun()
    version, dataset = shared.version, datasets.started_with().dataset
    values = values_of(shared, dataset, event)
    if values is not None:
        (session.begin_report if report else session.begin_edit)(dataset, event, values, version)
        _show()


def _show() -> None:
    cards.close()
    visit.change(tab=visit.visit().folded if visit.visit().folded != "time" else "")
    cards.show(session.CARD, "event")
    session.ask_redraw()


def _draw() -> None:
    if session.redraw_asked():
        st.rerun()
    page, entry = current(), session.entry()
    words = page.words
    if page.state.network:
        st.info(words("desk.other_network"))
        return
    if entry.saved:
        _saved(page, entry)
        return
    if not may(Role.CONTRIBUTOR):
        who.draw(page, key="entry_name")
    if not may(Role.CONTRIBUTOR):
        st.caption(words("desk.cannot_add"))
        return
    if entry.report_of:
        st.html(tag("p", words("desk.report_what"), class_="sr-muted"))
        fields.draw_report(page, entry)
    else:
        with st.container(gap="xsmall"):  # a place of its own: see `cards.team`
            place.draw(page, entry)
        fields.draw(page, entry)
    values = _values(page, entry)
    session.change(values=fields.entered(entry))
    made = _draw_effect(page, entry, values)
    _clashes(page, entry)
    if entry.event:
        st.text_input(words("desk.reason"), key=key(REASON), max_chars=300)
    if entry.fault is not None and not entry.clashes:
        st.error(label(entry.fault.text(words.lang)))
    waiting = bool(made and made.similar and not st.session_state.get("entry_despite"))
    st.button(
        words("desk.save_report" if entry.report_of else "desk.save_proposed"),
        key="entry_save",
        type="primary",
        on_click=_save,
        disabled=waiting and not entry.event,
        width="stretch",
    )
    st.caption(words("desk.counts_once_reviewed"))


def _values(page: Page, entry: Entry) -> dict[str, str]:
    """All values as entered, with the place that was confirmed."""
    values = fields.entered(entry)
    if entry.report_of:
        return values
    if entry.place is not None:
        words, here = page.words, entry.place
        near = words("desk.place_near", km=words.number(here.near_km), town=here.near)
        return {**values, **(here if here.name else replace(here, name=near)).values()}
    return {**values, **unplaced_values(entry.asked)} if entry.asked else values


def _draw_effect(page: Page, entry: Entry, values: dict[str, str]) -> Proposal | None:
    """What saving would do, or what is missing for it."""
    words = page.words
    try:
        if not entry.report_of and entry.place is None and not entry.asked:
            raise GeodataError("desk.no_place")
        made = proposed(page.state, entry, values)
    except GeodataError as fault:
        st.html(tag("p", fault.text(words.lang), class_="sr-missing", role="status"))
        return None
    day = words.day(made.effect.on)
    st.html(effect.effect_html(page, made.effect, title=words("desk.would_do", day=day)))
    if made.similar and not entry.event:
        effect.similar(page, made.similar, made.known, open_report)
    return made


def _clashes(page: Page, entry: Entry) -> None:
    """Both values of each field that somebody else changed, side by side, to choose from."""
    words = page.words
    if not entry.clashes:
        return
    st.html(tag("h3", words("desk.clash_title"), class_="sr-field"))
    for each in entry.clashes:
        st.html(
            tag(
                "p",
                words(
                    "desk.clash",
                    field=fields.name(page, each.field),
                    author=each.author or "?",
                    before=each.before or "–",
                ),
                class_="sr-muted",
            )
        )
        options = {
            "mine": words("desk.clash_mine", value=each.mine or "–"),
            "theirs": words(
                "desk.clash_theirs", author=each.author or "?", value=each.theirs or "–"
            ),
        }
        st.radio(
            fields.name(page, each.field),
            SIDES,
            key=key(f"clash_{each.field}"),
            format_func=partial(_side, options),
            label_visibility="collapsed",
        )
    st.button(words("desk.clash_decide"), key="entry_decide", on_click=_decide)


def _side(options: dict[str, str], side: str) -> str:
    return label(options[side])


@guarded
def _decide() -> None:
    """Go on from the newest version, with the values that were chosen."""
    entry = session.entry()
    theirs = {
        each.field: each.theirs
        for each in entry.clashes
        if st.session_state.get(key(f"clash_{each.field}")) == "theirs"
    }
    session.change(base=begun().version, fault=None, begun={**entry.begun, **theirs})
    for name, value in theirs.items():
        session.refresh_widget(name, value)


@guarded
def _save() -> None:
    """Save what was entered; what refuses it is shown and nothing entered is lost."""
    page, entry = current(), session.entry()
    values = _values(page, entry)
    try:
        if not (entry.report_of or entry.place or entry.asked):
            raise GeodataError("desk.no_place")
        saved = _written(begun(), entry, values)
    except GeodataError as fault:
        session.change(fault=fault, values=fields.entered(entry))
        return
    suffix = "p" if page.state.desk.endswith("p") else ""
    visit.change(desk=f"{saved.version}{suffix}")
    session.begin()
    # What was done stays in the heading: an edit does not end as "Add an event".
    session.change(
        saved=saved.event,
        event=entry.event,
        report_of=entry.report_of,
        begun={e.field: e.new for e in saved.merged},
    )
    session.ask_redraw()


def _written(shared: Desk, entry: Entry, values: dict[str, str]) -> Saved:
    base = datasets.started_with().dataset
    reason = str(st.session_state.get(key(REASON)) or "")
    if entry.report_of:
        report = {n: values.get(n, "") for n in (*fields.FIGURES, *fields.SOURCES[:2])}
        return add_report(
            shared,
            person(),
            entry.event,
            report,
            base=entry.base,
            today=_today(),
            reason=reason,
            shipped=shipped_values(base, entry.event),
        )
    if not entry.event:
        return add_event(shared, person(), values, today=_today(), network=base.network)
    changes = {n: v for n, v in values.items() if v != entry.begun.get(n, "")}
    return edit_event(
        shared,
        person(),
        entry.event,
        changes,
        base=entry.base,
        today=_today(),
        reason=reason,
        source=values.get(f.SOURCE_URL, ""),
        shipped=shipped_values(base, entry.event),
        network=base.network,
    )


def _saved(page: Page, entry: Entry) -> None:
    """What was saved, and where to go on."""
    words = page.words
    st.success(words("desk.saved_title"))
    st.html(tag("p", words("desk.saved_what", event=_named(page, entry.saved)), class_="sr-card"))
    for name, value in entry.begun.items():
        text = words("desk.merged_here", field=fields.name(page, name), new=value)
        st.html(tag("p", text, class_="sr-muted"))
    st.button(
        words("desk.add_another"),
        key="entry_another",
        on_click=guarded(open_new),
        icon=":material/add:",
        width="stretch",
    )
    st.button(
        words("desk.to_list"),
        key="entry_list",
        on_click=guarded(_to_list),
        icon=":material/list:",
        width="stretch",
    )


def _named(page: Page, saved: str) -> str:
    """Type, place and day of an event that was saved; its id if the desk is silent."""
    try:
        values = values_of(begun(), datasets.started_with().dataset, saved)
    except GeodataError:
        values = None
    if values is None:
        return saved
    day = page.words.day(dt.date.fromisoformat(values[f.DATE]))
    return f"{fields.headline(page, values)}, {day}"


def _to_list() -> None:
    saved = session.entry().saved
    session.begin()
    cards.close()
    st.session_state["desk_open"] = saved
    session.ask_redraw()
    visit.change(tab="desk")


def _today() -> dt.date:
    return dt.datetime.now(dt.UTC).date()
