"""Two versions of the desk: which events changed, and which towns."""

import datetime as dt
from typing import Final

import streamlit as st

from dashboard.markup import table, tag
from dashboard.page import Page
from dashboard.session import datasets
from dashboard.session.person import level
from dashboard.views.desk import effect, event, fields
from geodata.desk.journal import STATUS, Kind
from geodata.desk.store import Desk
from geodata.desk.versions import Change, VersionDifference, version_difference
from geodata.sharing.publication import Sensitivity

LISTED: Final = 200


def draw(page: Page, shared: Desk) -> None:
    """Both versions are chosen; what lies between them is listed."""
    words, latest = page.words, shared.version
    if level() == Sensitivity.PUBLIC:
        st.html(tag("p", words("desk.versions_team"), class_="sr-empty"))
        return
    if latest < 2:
        st.html(tag("p", words("desk.one_version"), class_="sr-empty"))
        return
    difference = _chosen(page, shared, latest)
    left, right = st.columns([3, 2], gap="large")
    with right:
        title = words("desk.version_towns", day=words.day(difference.effect.on))
        st.html(effect.effect_html(page, difference.effect, title=title))
    with left:
        _changes(page, shared, difference)


def _chosen(page: Page, shared: Desk, latest: int) -> VersionDifference:
    """Draw the choice of two versions and a day; what lies between them."""
    words, shown = page.words, page.state.desk.removesuffix("p")
    start = int(shown) if shown and 0 < int(shown) < latest else latest - 1
    with st.container(key="desk_versions", horizontal=True, vertical_alignment="bottom"):
        before = st.number_input(
            words("desk.version_before"), 0, latest - 1, start, key="desk_before", width=150
        )
        after = st.number_input(
            words("desk.version_after"),
            int(before) + 1,
            latest,
            max(latest, int(before) + 1),
            width=150,
        )
        day = st.date_input(
            words("desk.version_day"),
            page.state.date or page.period[1],
            format=words.date_field,
            min_value=fields.EARLIEST,
            max_value=dt.date(2100, 12, 31),
            key="desk_version_day",
            width=180,
        )
        proposed = st.toggle(words("desk.proposed"), key="desk_version_proposed")
    return version_difference(
        shared,
        datasets.started_with().dataset,
        int(before),
        int(after),
        on=day if isinstance(day, dt.date) else page.period[1],
        proposed=proposed,
        traffic=page.state.traffic,
        vehicle=page.state.vehicle,
    )


def _changes(page: Page, shared: Desk, difference: VersionDifference) -> None:
    """List each field that changed."""
    words = page.words
    number = len(difference.events)
    title = words.count("desk.version_events", number) if number else words("desk.version_none")
    st.html(tag("h3", title, class_="sr-group"))
    names = {
        item: fields.headline(page, record.values)
        for (kind, item), record in shared.records().items()
        if kind == Kind.EVENT
    }
    rows = [_row(page, names, each) for each in difference.changes[:LISTED]]
    head = [words(f"desk.column_{n}") for n in ("event", "field", "before", "after", "author")]
    if rows:
        st.html(table(head, rows, caption=words("desk.part_versions")))
    if len(difference.changes) > LISTED:
        st.caption(words.count("desk.version_more", len(difference.changes) - LISTED))


def _row(page: Page, names: dict[str, str], change: Change) -> list[str | None]:
    status = change.field == STATUS
    name = page.words("desk.column_status") if status else fields.name(page, change.field)
    before, after = (event.shown(page, change.field, v) for v in (change.before, change.after))
    return [names.get(change.event, change.event), name, before or "–", after or "–", change.author]
