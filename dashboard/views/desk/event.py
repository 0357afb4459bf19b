"""One event of the desk: its values, what can be done with it, and its history."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

import streamlit as st

from dashboard.markup import Html, join, link, tag
from dashboard.page import Page
from dashboard.runtime.callbacks import guarded
from dashboard.session import cards, visit
from dashboard.session.desk import desk
from dashboard.session.person import level, may, person
from dashboard.views.desk import entry, fields
from geodata import schema as f
from geodata.desk.editing import restore, review
from geodata.desk.entry import OTHER_SOURCES
from geodata.desk.journal import STATUS, Entry, Kind, Record, Status
from geodata.desk.people import Role
from geodata.desk.store import Desk
from geodata.desk.undo import UNDID
from geodata.errors import GeodataError
from geodata.sharing.publication import Sensitivity

SHOWN: Final = (
    f.PLACE,
    f.REGION,
    f.DATE,
    f.END_DATE,
    f.EFFECT,
    f.APPLIES_TO,
    f.TANKERS_LOW,
    f.TANKERS_HIGH,
    f.FATALITIES_LOW,
    f.FATALITIES_HIGH,
    f.CONFIDENCE,
    f.ACTOR,
    f.SUMMARY,
)
SAVES: Final = 30


def draw(page: Page, shared: Desk, record: Record, *, own: bool) -> None:
    """The event that is open in the list.

    Parameters
    ----------
    page : Page
    shared : Desk
    record : Record
        As this visitor may read it.
    own : bool
        Whether this visitor wrote part of what nobody has read yet.
    """
    words, values = page.words, record.values
    st.html(
        tag(
            "article",
            tag("h3", fields.headline(page, values), class_="sr-card-title"),
            tag(
                "p",
                tag(
                    "span",
                    words(f"desk.status_{record.status}"),
                    class_=f"sr-chip sr-st-{record.status}",
                ),
                words(f"desk.status_{record.status}_means"),
                class_="sr-state",
            ),
            _waiting(page, record),
            _facts(page, values),
            class_="sr-card sr-desk-event",
        )
    )
    _actions(page, record, own=own)
    if level() == Sensitivity.FULL:
        _history(page, shared, record)


def moment(page: Page, time: str) -> str:
    """Day and time of a save, UTC."""
    when = dt.datetime.fromisoformat(time)
    return f"{page.words.day(when.date())}, {when:%H:%M} UTC"


def _waiting(page: Page, record: Record) -> Html | None:
    """Fields whose newest values wait, while the reviewed ones go on counting."""
    if record.status != Status.PROPOSED or record.reviewed is None:
        return None
    changed = [n for n, v in record.values.items() if v != record.reviewed.get(n, "")]
    named = page.words.listed([fields.name(page, n) for n in changed])
    return tag("p", page.words("desk.waiting", fields=named), class_="sr-similar")


def _facts(page: Page, values: Mapping[str, str]) -> Html:
    rows = [
        tag("div", tag("dt", fields.name(page, n)), tag("dd", shown(page, n, values[n])))
        for n in SHOWN
        if values.get(n)
    ]
    source = link(values.get(f.SOURCE_URL, ""), values.get(f.SOURCE_NAME, ""))
    rows.append(tag("div", tag("dt", fields.name(page, f.SOURCE_NAME)), tag("dd", source)))
    others = [link(url, url) for url in values.get(OTHER_SOURCES, "").split()]
    if others:
        more = tag("dd", *(join(each, " ") for each in others))
        rows.append(tag("div", tag("dt", page.words("desk.other_sources")), more))
    return tag("dl", *rows, class_="sr-facts sr-wide")


def shown(page: Page, column: str, value: str) -> str:
    """A value as people read it."""
    options = fields.CHOICES.get(column)
    if options is not None and value in options.codes:
        return options.label(page.words, value)
    if column in (f.DATE, f.END_DATE) and value:
        return page.words.day(dt.date.fromisoformat(value))
    return page.words(f"desk.status_{value}") if column == STATUS and value else value


def _actions(page: Page, record: Record, *, own: bool) -> None:
    words, item = page.words, record.item
    with st.container(key="desk_actions", horizontal=True, gap="xsmall"):
        if may(Role.CONTRIBUTOR):
            st.button(
                words("desk.edit"),
                key="desk_edit",
                on_click=entry.open_edit,
                args=(item,),
                icon=":material/edit:",
            )
            st.button(
                words("desk.add_report"),
                key="desk_report",
                on_click=entry.open_report,
                args=(item,),
                icon=":material/add_link:",
            )
        if record.values.get(f.LAT):
            st.button(
                words("desk.on_map"),
                key="desk_on_map",
                on_click=_to_map,
                args=(item, dict(record.values)),
                icon=":material/map:",
            )
    if may(Role.REVIEWER) and record.status == Status.PROPOSED:
        with st.container(key="desk_decide_one", horizontal=True, gap="xsmall"):
            for status in (Status.REVIEWED, Status.REJECTED, Status.UNVERIFIABLE):
                st.button(
                    words(f"desk.decide_{status}"),
                    key=f"desk_one_{status}",
                    on_click=_decide,
                    args=(item, status, record.version),
                    disabled=own,
                    type="primary" if status == Status.REVIEWED else "secondary",
                )
        if own:
            st.caption(words("desk.second_reader"))


def _history(page: Page, shared: Desk, record: Record) -> None:
    """Every save of this event: who, when, why, and the fields with old and new value."""
    words = page.words
    saves = _saves(shared.entries(item=(Kind.EVENT, record.item)))
    st.html(tag("h3", words.count("desk.history", len(saves)), class_="sr-group"))
    if len(saves) == 1:  # its values stand above
        st.html(_save(page, saves[0], listed=False))
        return
    for changed in saves[: -SAVES - 1 : -1]:
        version = changed[-1].version
        st.html(_save(page, changed))
        if may(Role.REVIEWER) and version != record.version:
            st.button(
                words("desk.restore", version=version),
                key=f"desk_restore_{version}",
                on_click=_restore,
                args=(record.item, version),
                type="tertiary",
                icon=":material/history:",
            )


def _saves(entries: list[Entry]) -> list[list[Entry]]:
    """Return the entries of each save, oldest first; the two steps of one undo are one save."""
    saves: list[list[Entry]] = []
    for each in entries:
        last = saves[-1][-1] if saves else None
        undone = each.source.startswith(UNDID) and last is not None and last.source == each.source
        if last is not None and (last.version == each.version or undone):
            saves[-1].append(each)
        else:
            saves.append([each])
    return [_net(save) for save in saves]


def _net(save: list[Entry]) -> list[Entry]:
    """Return one entry for each field of a save, from its first value to its last."""
    first: dict[str, Entry] = {}
    last: dict[str, Entry] = {}
    for each in save:
        first.setdefault(each.field, each)
        last[each.field] = each
    return [replace(last[name], old=first[name].old) for name in first]


def _save(page: Page, changed: list[Entry], *, listed: bool = True) -> Html:
    """Who saved what, when and why; each field with its old and new value where `listed`."""
    words, first = page.words, changed[-1]
    undid = first.source.removeprefix(UNDID) if first.source.startswith(UNDID) else ""
    reason = words("desk.undid", version=undid) if undid else first.reason
    rows = []
    for each in sorted(changed, key=lambda e: (e.field != STATUS, e.field)):
        if not each.old and each.field not in (*SHOWN, STATUS, f.EVENT_TYPE, f.SOURCE_NAME):
            continue  # a first save fills every field; what says nothing is not listed
        old, new = (shown(page, each.field, v) or "–" for v in (each.old, each.new))
        name = (
            words("desk.column_status") if each.field == STATUS else fields.name(page, each.field)
        )
        change = (tag("del", old), " → ", tag("ins", new)) if each.old else (tag("ins", new),)
        rows.append(tag("li", tag("span", words.label(name)), *change))
    who = first.author or words("desk.forgotten_author")
    title = words("desk.save_title", version=first.version, author=who)
    return tag(
        "section",
        tag(
            "p", tag("strong", title), " ", tag("time", moment(page, first.time)), class_="sr-meta"
        ),
        tag("p", reason, class_="sr-muted") if reason else None,
        tag("ul", *rows) if listed else tag("p", words("desk.first_save"), class_="sr-muted"),
        class_="sr-save",
    )


@guarded
def _decide(item: str, status: Status, base: int) -> None:
    _written(lambda shared: review(shared, person(), [item], status, base=base))


@guarded
def _restore(item: str, version: int) -> None:
    _written(lambda shared: restore(shared, person(), version, event=item))


def _written(act: Callable[[Desk], int]) -> None:
    """Do something at the desk and show its version; the page shows a refusal."""
    shared = desk()
    if shared is None:
        return
    try:
        version = act(shared)
    except GeodataError as fault:
        st.session_state["desk_fault"] = fault
        return
    suffix = "p" if visit.state().desk.endswith("p") else ""
    visit.change(desk=f"{version}{suffix}")


@guarded
def _to_map(item: str, values: dict[str, str]) -> None:
    """Show the event on the map on its day, if it counts in this view."""
    visit.change(tab="", date=dt.date.fromisoformat(values[f.DATE]), preset=None)
    cards.show("events", item)
    cards.bring_into_sight(float(values[f.LAT]), float(values[f.LON]), zoom=cards.CLOSE_ZOOM)
