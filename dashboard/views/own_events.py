"""The visitor's table of events: opened, checked, its questions answered, then used."""

import datetime as dt
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import pandas as pd
import streamlit as st

from dashboard.markup import label
from dashboard.page import Page
from dashboard.runtime.callbacks import guarded
from dashboard.runtime.footprint import footprint
from dashboard.runtime.long_work import giving_way
from dashboard.session import datasets, uploads
from dashboard.session import visit as session
from dashboard.views import counts
from dashboard.widgets import in_use, tables, templates
from dashboard.widgets.stoppable import stoppable
from geodata.analysis.bearing import bearing_events
from geodata.errors import GeodataError
from geodata.events.vocabulary import EventType
from geodata.readers.events.acled_codes import likely_type
from geodata.readers.events.columns import FIELDS, missing_fields
from geodata.readers.events.head import Head, read_head
from geodata.readers.events.proposals import Proposal, placed, proposals
from geodata.readers.events.reader import read_events
from geodata.readers.events.template import template_csv
from geodata.readers.report import Report, refusal
from geodata.readers.sandbox import PASSING
from geodata.readers.services.hapi_file import is_hapi

FILES: Final = ["csv", "txt", "tsv", "xlsx", "xls", "ods", "geojson", "json", "kml", "kmz"]
PROBLEMS_SHOWN: Final = 200
COLUMNS_ASKED: Final = 40
"""Columns of a table up to which each has its own box, and how many may be added beyond."""

WORDS_ASKED: Final = 12
"""Words whose type is asked for."""

PROBLEMS_SEARCHED: Final = 2_000
BEARING_ASKED: Final = 2_000
"""Largest table for which the page counts the events that affect a road; that takes a second."""

READ: Final = "table_read"
REFUSED: Final = "own_events_refused"
STOPPED: Final = "own_events_stopped"
DATE_ORDER_ASKED: Final = "dates.order_unknown"


@dataclass(frozen=True, eq=False)
class Read:
    """A table of events as read with some options, and how many of them affect a road."""

    file: str
    options: tuple[Any, ...]
    events: pd.DataFrame
    report: Report
    bearing: int | None


def draw(page: Page) -> None:
    """Draw the table in use, the upload for another, and its report."""
    words = page.words
    _in_use(page)
    file = st.file_uploader(words("own.events_file"), type=FILES, key="own_events_file")
    try:
        content = uploads.content("own_events_file", file)
        if file is None or content is None:
            return
        head = _header(file.file_id, content)
        if is_hapi(head.columns):
            counts.draw_file(page, file.file_id, content)
            return
    except GeodataError as fault:
        st.error(label(fault.text(words.lang)))
        return
    with st.expander(
        words("own.event_columns"), expanded=bool(missing_fields(head.suggested.values()))
    ):
        _sample(head)
        mapping = _mapping(page, head)
    options = _options(page, file.file_id, mapping)
    if st.session_state.get(STOPPED) == options:
        st.info(words("page.stopped"))
        st.button(words("page.again"), key="own_again", on_click=_stop, args=(None,))
        return
    read = _read(page, file.name, content, options)
    _questions(page, read.report)
    _types(page, file.file_id, read.report)
    _report(page, read.report, key="own_events")
    if isinstance(refused := st.session_state.get(REFUSED), GeodataError):
        st.error(label(refused.text(words.lang)))
    if len(read.events):
        _offer(page, read, file.name)


def _in_use(page: Page) -> None:
    """Draw what is in use, what a table may be, and an empty one."""
    words, mine = page.words, datasets.own()
    if mine.events is not None:
        st.success(words.count("own.in_use", len(mine.events), name=label(mine.events_name)))
        st.button(words("own.remove"), key="own_remove", on_click=_remove_events)
    st.caption(words("own.events_what"))
    templates.offer(words, template_csv, file_name="my-events.csv", key="own_template")


def _options(page: Page, file_id: str, mapping: dict[str, str]) -> tuple[Any, ...]:
    """Return all on which the reading of a file depends."""
    types = {word: kind for word, kind in _chosen_types(file_id).items() if kind}
    return (
        file_id,
        tuple(sorted(mapping.items())),
        st.session_state.get("own_order"),
        bool(st.session_state.get("own_swap")),
        bool(st.session_state.get("own_recent")),
        page.state.network,
        tuple(sorted(types.items())),
    )


def _offer(page: Page, read: Read, name: str) -> None:
    """Draw the button that takes the events into use, beside or instead of the shipped ones."""
    words = page.words
    if read.bearing is not None:
        st.info(words("own.bearing", n=read.bearing, of=len(read.events)))
    events = placed(read.events, _proposed(page, read))
    with st.container(key="own_take", horizontal=True, vertical_alignment="center"):
        beside = st.toggle(words("own.beside"), value=True, key="own_beside")
        in_use.offer(
            words,
            words.count("own.use", len(read.events)),
            key="own_use",
            used=_is_used(events, beside=beside),
            on_click=_use_events,
            args=(events, name, beside),
        )


def _is_used(events: pd.DataFrame, *, beside: bool) -> bool:
    mine = datasets.own()
    return mine.events is not None and mine.shipped_events == beside and mine.events.equals(events)


def _proposed(page: Page, read: Read) -> tuple[Proposal, ...]:
    """Return the places proposed by name, if the visitor confirms them."""
    unplaced = not read.report.keys.isdisjoint({"events.no_points", "events.no_point"})
    if not unplaced or len(read.events) > BEARING_ASKED:
        return ()
    offered = proposals(page.dataset.network, read.events)
    rows = [(each.words, _place(page, each)) for each in offered]
    if not rows:
        return ()
    names = [page.words("own.place_named"), page.words("own.place_found")]
    st.dataframe(pd.DataFrame(rows, columns=names), hide_index=True, key="own_places")
    confirmed = st.checkbox(page.words("own.place_confirm", n=len(rows)), key="own_place_confirm")
    return offered if confirmed else ()


def _place(page: Page, proposal: Proposal) -> str:
    """Return the name of the place or roads that a row's words are thought to mean."""
    if proposal.node_id:
        return page.names.node(proposal.node_id)
    return page.words("core.semicolon").join(map(page.names.segment, proposal.segment_ids))


def _header(file_id: str, content: bytes) -> Head:
    """Return the header of the file, or why it has none; read once for each file."""
    cached = st.session_state.get("own_header")
    if cached is None or cached[0] != file_id:
        try:
            cached = (file_id, read_head(content))
        except GeodataError as fault:
            if fault.key in PASSING:
                raise
            cached = (file_id, fault.again())
        st.session_state["own_header"] = cached
    if isinstance(cached[1], GeodataError):
        raise cached[1].again()
    head: Head = cached[1]
    return head


def _columns_offered(page: Page, head: Head) -> list[tuple[int, str]]:
    """Return the columns to map, with their places: for a wide table, those that are used."""
    columns = list(enumerate(dict.fromkeys(head.columns)))
    if len(columns) <= COLUMNS_ASKED:
        return columns
    meant = [column for column in columns if column[1] in head.suggested]
    others = [column for column in columns if column[1] not in head.suggested]
    more = st.multiselect(
        page.words("own.more_columns", n=len(columns)),
        others,
        key="own_more_columns",
        max_selections=COLUMNS_ASKED,
        format_func=lambda column: label(column[1][:80]),
    )
    return [*meant, *more]


def _mapping(page: Page, head: Head) -> dict[str, str]:
    """Return the meaning of each column, as suggested until the visitor changes it."""
    words, suggested = page.words, head.suggested
    chosen: dict[str, str] = {}
    options = ["", *FIELDS]
    for number, column in _columns_offered(page, head):
        start = suggested.get(column, "")
        picked = st.selectbox(
            label(column[:80]),
            options,
            index=options.index(start) if start in options else 0,
            key=f"own_column_{number}",
            format_func=lambda name: words(f"field.{name}") if name else words("own.unread"),
        )
        if picked != start:
            chosen[column] = picked or ""
    return chosen


def _read(page: Page, name: str, content: bytes, options: tuple[Any, ...]) -> Read:
    """Read the table again only if the file or an option changed."""
    cached = st.session_state.get("own_read")
    if isinstance(cached, Read) and cached.options == options:
        return cached
    _, mapping, order, swap, recent, _, types = options
    words, stop = page.words, partial(_stop, options)
    with stoppable(words, words("page.working"), key="own_events_stop", stop=stop), giving_way():
        events, report = read_events(
            content,
            name,
            today=dt.datetime.now(dt.UTC).date(),
            mapping=dict(mapping),
            types=dict(types),
            date_order=order,
            area=page.dataset.area,
            include_recent=recent,
            swap=swap,
        )
    try:
        # Not a second time what is in use already.
        uploads.hold(READ, footprint((events, report), apart_from=[datasets.own().events]))
    except GeodataError as fault:
        events, report = events[:0], refusal(fault.again())
        uploads.release(READ)
    small = 0 < len(events) <= BEARING_ASKED
    bearing = len(bearing_events(page.dataset, events)) if small else None
    read = Read(name, options, events, report, bearing)
    st.session_state["own_read"] = read
    return read


@guarded
def _stop(options: tuple[Any, ...] | None) -> None:
    """Read the file with these options no further; with none, read it again."""
    st.session_state[STOPPED] = options


def _sample(head: Head) -> None:
    """Draw the first rows, to show what the columns hold."""
    if head.rows:
        names = [f"{place}. {column[:40]}" for place, column in enumerate(head.columns, 1)]
        shown = pd.DataFrame(list(head.rows), columns=names).iloc[:, :COLUMNS_ASKED]
        st.dataframe(shown, hide_index=True, key="own_sample")


def _words_kept(file_id: str) -> list[str]:
    """Return the words of a file that name no known type, as met so far."""
    cached = st.session_state.get("own_type_words")
    if cached is None or cached[0] != file_id:
        cached = (file_id, [])
        st.session_state["own_type_words"] = cached
    words: list[str] = cached[1]
    return words


def _chosen_types(file_id: str) -> dict[str, str]:
    """Return the type by word, as the visitor chose in `_types`."""
    met = enumerate(_words_kept(file_id))
    return {word: st.session_state.get(f"own_type_{file_id}_{place}") or "" for place, word in met}


def _types(page: Page, file_id: str, report: Report) -> None:
    """Ask what the words mean that name no known type."""
    words, met = page.words, _words_kept(file_id)
    if "events.unknown_type" in report.keys:
        for problem in report.problems[:PROBLEMS_SEARCHED]:
            word = str(problem.params.get("value", ""))
            new = problem.key == "events.unknown_type" and word and word not in met
            if new and len(met) < WORDS_ASKED:
                met.append(word)
    if not met:
        return
    with st.expander(words("own.types"), expanded=True):
        st.caption(words("own.types_what"))
        for place, word in enumerate(met):
            likely = likely_type(word)
            options = ["", *([likely] if likely else []), *(k for k in EventType if k != likely)]
            st.selectbox(
                label(word),
                options,
                key=f"own_type_{file_id}_{place}",
                format_func=partial(_type_name, page, likely),
            )


def _type_name(page: Page, likely: str | None, kind: str) -> str:
    if not kind:
        return page.words("own.type_open")
    name = page.words(f"export.event_type_{kind}")
    return page.words("own.type_likely", type=name) if kind == likely else name


def _questions(page: Page, report: Report) -> None:
    """Ask what only the visitor can know, where it matters."""
    words = page.words
    keys = report.keys
    if DATE_ORDER_ASKED in keys or st.session_state.get("own_order"):
        st.radio(
            words("own.order"),
            (None, "dmy", "mdy"),
            key="own_order",
            horizontal=True,
            format_func=lambda order: words(f"own.order_{order or 'unknown'}"),
        )
    if keys & {"events.swapped", "events.swapped_fixed"}:
        st.checkbox(words("own.swap"), key="own_swap")
    if "events.recent" in keys or st.session_state.get("own_recent"):
        st.checkbox(words("own.recent"), key="own_recent")


def _report(page: Page, report: Report, *, key: str) -> None:
    """Draw the counts, then every remark, with a download as a table."""
    words = page.words
    box = st.error if report.refused else (st.warning if report.rejected else st.success)
    box(report.summary(words.lang))
    if report.refused and report.problems:
        st.error(label(report.problems[0].message(words.lang)))
    if not report.problems:
        return
    rows = [problem.as_dict(words.lang) for problem in report.problems[:PROBLEMS_SHOWN]]
    shown = pd.DataFrame(rows, columns=["row", "column", "value", "severity", "message"])
    shown["row"] = shown["row"].astype("Int64")
    shown["severity"] = [words(f"own.severity_{each}") for each in shown["severity"]]
    tables.sortable(page, shown, area="own", key=f"{key}_problems")
    if len(report.problems) > PROBLEMS_SHOWN:
        st.caption(words.count("own.more_problems", len(report.problems) - PROBLEMS_SHOWN))
    st.download_button(
        words("own.report"),
        file_name="report.csv",
        data=lambda: report.to_csv(words.lang).encode("utf-8-sig"),
        mime="text/csv",
        on_click="ignore",
        key=f"{key}_report",
    )


@guarded
def _use_events(events: pd.DataFrame, name: str, beside: bool) -> None:
    session.visit().touched = True
    try:
        datasets.take_events(events, name, with_shipped=beside)
        st.session_state.pop(REFUSED, None)
    except GeodataError as fault:
        st.session_state[REFUSED] = fault.again()


@guarded
def _remove_events() -> None:
    session.visit().touched = True
    datasets.take_events(None, "", with_shipped=True)
