"""The desk's events as a list: filtered, opened one by one, reviewed several at once."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

import streamlit as st

from dashboard.markup import Html, label, tag
from dashboard.page import Page
from dashboard.runtime.callbacks import guarded
from dashboard.session import visit
from dashboard.session.desk import desk
from dashboard.session.options import Options
from dashboard.session.person import level, may, person
from dashboard.views.desk import event, fields
from dashboard.widgets import sheets
from geodata import schema as f
from geodata.desk.editing import review
from geodata.desk.journal import Kind, Record, Status
from geodata.desk.people import Role
from geodata.desk.publication import public_record
from geodata.desk.store import Desk
from geodata.errors import GeodataError
from geodata.sharing.publication import Sensitivity

LISTED: Final = 25
"""Events on one sheet of the list."""

STATUSES: Final = Options(tuple(Status), "desk.status_{}")
DECISIONS: Final = (Status.REVIEWED, Status.REJECTED, Status.UNVERIFIABLE)
OPEN: Final = "desk_open"
CHOSEN: Final = "desk_choose_"
FAULT: Final = "desk_fault"


def draw(page: Page, shared: Desk) -> None:
    """Filters, the list, and the event that is open."""
    records = sorted(
        (each for (kind, _), each in shared.records().items() if kind == Kind.EVENT),
        key=lambda each: -each.version,
    )
    names, mine = shared.names(), shared.author_number(person())
    if level() == Sensitivity.PUBLIC:
        # Filters too must not find what is not shown.
        records = [public for each in records if (public := public_record(each)) is not None]
        names = {}
    if not records:
        st.html(tag("p", page.words("desk.empty"), class_="sr-empty"))
        return
    opened = st.session_state.get(OPEN)
    left, right = st.columns([5, 6], gap="large")
    with left:
        matching = _filtered(page, records, names)
        _list(page, shared, matching, names, mine, of=len(records))
    with right:
        shown = next((each for each in records if each.item == opened), None)
        if shown is not None:
            # On a phone the open event has the list's place.
            st.button(
                page.words("desk.back_to_list"),
                key="desk_back",
                on_click=_open,
                args=(shown.item,),
                type="tertiary",
                icon=":material/arrow_back:",
            )
            event.draw(page, shared, shown, own=mine in shown.unread)
        else:
            st.html(tag("p", page.words("desk.choose_one"), class_="sr-empty"))


@dataclass(frozen=True)
class _Filter:
    """What a visitor wants to see; an empty part wants everything."""

    words: tuple[str, ...]
    statuses: frozenset[str]
    types: frozenset[str]
    authors: frozenset[str]
    days: tuple[dt.date, ...]

    def shows(self, record: Record, author: str | None) -> bool:
        """Return whether a record is wanted; both days of a period are needed."""
        first, last = self.days if len(self.days) == 2 else (None, None)
        date = record.values.get(f.DATE, "")
        return (
            (not self.statuses or record.status in self.statuses)
            and (not self.types or record.values.get(f.EVENT_TYPE) in self.types)
            and (not self.authors or author in self.authors)
            and (first is None or str(first) <= date <= str(last))
            and sheets.matches(self.words, " ".join([record.item, *record.values.values()]))
        )


def _filtered(page: Page, records: list[Record], names: dict[int, str]) -> list[Record]:
    wanted = _filter(page, records, names)
    return [each for each in records if wanted.shows(each, names.get(each.author_id))]


def _filter(page: Page, records: list[Record], names: dict[int, str]) -> _Filter:
    """Draw the filters; what they hold."""
    words = page.words
    authors = sorted({names.get(each.author_id, "") for each in records} - {""})
    public = level() == Sensitivity.PUBLIC
    with st.container(key="desk_filters", horizontal=True, vertical_alignment="bottom"):
        typed = sheets.search(words, key="desk_filter_text")
        with st.popover(words("desk.filters"), icon=":material/filter_list:", key="desk_filter"):
            status = st.multiselect(
                words("desk.column_status"),
                STATUSES.codes,
                key="desk_filter_status",
                format_func=lambda code: STATUSES.label(words, code),
                placeholder=words("desk.filter_any"),
            )
            kind = st.multiselect(
                fields.name(page, f.EVENT_TYPE),
                fields.TYPES.codes,
                key="desk_filter_type",
                format_func=lambda code: fields.TYPES.label(words, code),
                placeholder=words("desk.filter_any"),
            )
            author = (
                []
                if public
                else st.multiselect(
                    words("desk.column_author"),
                    authors,
                    key="desk_filter_author",
                    format_func=label,
                    placeholder=words("desk.filter_any"),
                )
            )
            period = st.date_input(
                words("desk.filter_period"),
                value=[],
                key="desk_filter_period",
                min_value=fields.EARLIEST,
                max_value=dt.date(2100, 12, 31),
                format=words.date_field,
            )
    return _Filter(
        typed,
        frozenset(STATUSES.code(each) for each in status),
        frozenset(fields.TYPES.code(each) for each in kind),
        frozenset(author),
        period if isinstance(period, tuple) else (),
    )


def _list(
    page: Page,
    shared: Desk,
    matching: list[Record],
    names: dict[int, str],
    mine: int | None,
    *,
    of: int,
) -> None:
    words = page.words
    title = sheets.counted(words, "desk.listed", len(matching), of=of)
    st.html(tag("p", title, class_="sr-muted", role="status"))
    rows = sheets.on_sheet(matching, key="desk_sheet", size=LISTED)
    if not rows:
        st.html(tag("p", words("desk.no_match"), class_="sr-empty"))
        return
    # Always there, so that the list does not take the place of what stood in it.
    with st.container(key="desk_bulk_place", gap=None):
        if may(Role.REVIEWER):
            _decide(page, shared, rows, mine)
    reviewer = may(Role.REVIEWER)
    with st.container(key="desk_list", gap=None):
        for each in rows:
            own = mine in each.unread if reviewer else None
            _row(page, each, names, own=own)
    sheets.turn(words, matching, key="desk_sheet", size=LISTED)


def _row(page: Page, record: Record, names: dict[int, str], *, own: bool | None) -> None:
    """One event; with a box to choose it for a decision unless ``own`` is None."""
    is_open = st.session_state.get(OPEN) == record.item
    key = f"desk_row_{'open_' if is_open else ''}{record.item}"
    if own is None:
        with st.container(key=key, gap=None):
            _event(page, record, names)
        return
    with st.container(key=key, horizontal=True, gap="xsmall", vertical_alignment="center"):
        _checkbox(page, record, own=own)
        with st.container(gap=None):
            _event(page, record, names)


def _event(page: Page, record: Record, names: dict[int, str]) -> None:
    st.button(
        label(fields.headline(page, record.values)),
        key=f"desk_pick_{record.item}",
        on_click=_open,
        args=(record.item,),
        type="tertiary",
    )
    st.html(_meta(page, record, names))


def _checkbox(page: Page, record: Record, *, own: bool) -> None:
    """Chooses the event for a decision; disabled for who wrote part of what nobody has read."""
    help_text = page.words("desk.second_reader") if own else None
    st.checkbox(
        page.words("desk.choose", event=label(fields.headline(page, record.values))),
        key=f"{CHOSEN}{record.item}",
        disabled=own or record.status != Status.PROPOSED,
        label_visibility="collapsed",
        help=help_text,
    )


def _meta(page: Page, record: Record, names: dict[int, str]) -> Html:
    words = page.words
    day = record.values.get(f.DATE, "")
    parts = [
        words.day(dt.date.fromisoformat(day)) if day else "",
        ""
        if level() == Sensitivity.PUBLIC
        else names.get(record.author_id) or words("desk.forgotten_author"),
        event.moment(page, record.time),
    ]
    return tag(
        "p",
        tag("span", words(f"desk.status_{record.status}"), class_=f"sr-chip sr-st-{record.status}"),
        " · ".join(part for part in parts if part),
        class_="sr-meta",
    )


def _decide(page: Page, shared: Desk, rows: list[Record], mine: int | None) -> None:
    """Decide on all events chosen, in one save."""
    words = page.words
    chosen = tuple(r.item for r in rows if st.session_state.get(f"{CHOSEN}{r.item}"))
    waiting = [r.item for r in rows if r.status == Status.PROPOSED and mine not in r.unread]
    if not waiting:
        return
    with st.container(key="desk_bulk", gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.html(tag("strong", words.count("desk.chosen", len(chosen))))
            all_chosen = len(chosen) == len(waiting)
            st.button(
                words("desk.choose_none" if all_chosen else "desk.choose_all"),
                key="desk_choose_all",
                on_click=_choose,
                args=(waiting, not all_chosen),
                type="tertiary",
            )
        if not chosen:
            return
        st.text_input(words("desk.reason"), key="desk_reason", max_chars=300)
        with st.container(horizontal=True, gap="xsmall"):
            for status in DECISIONS:
                st.button(
                    words(f"desk.decide_{status}"),
                    key=f"desk_decide_{status}",
                    on_click=decide,
                    args=(chosen, status, shared.version),
                    type="primary" if status == Status.REVIEWED else "secondary",
                )


@guarded
def decide(items: tuple[str, ...], status: Status, base: int) -> None:
    """Review events as they were drawn; a change since then is refused and shown."""
    shared = desk()
    if shared is None or not items:
        return
    reason = str(st.session_state.get("desk_reason") or "")
    try:
        version = review(shared, person(), items, status, base=base, reason=reason)
    except GeodataError as fault:
        st.session_state[FAULT] = fault
        return
    for item in items:
        # Not forgotten but cleared: a browser keeps the mark of a box whose value it is not told.
        st.session_state[f"{CHOSEN}{item}"] = False
    suffix = "p" if visit.state().desk.endswith("p") else ""
    visit.change(desk=f"{version}{suffix}")


@guarded
def _choose(items: list[str], chosen: bool) -> None:
    for item in items:
        st.session_state[f"{CHOSEN}{item}"] = chosen


@guarded
def _open(item: str) -> None:
    st.session_state[OPEN] = None if st.session_state.get(OPEN) == item else item
