"""The visitor's own events and roads: opened, judged, and used in this session only."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd
import streamlit as st

from dashboard import data, session, tables
from dashboard.markup import label, tag
from dashboard.page import Page
from geodata.errors import GeodataError
from geodata.event_columns import FIELDS, suggest_mapping
from geodata.events_read import read_events
from geodata.limits import UPLOAD
from geodata.network import Network
from geodata.quality import Quality
from geodata.report import Report
from geodata.roads_options import Options
from geodata.roads_upload import Upload, import_uploads
from geodata.study_area import study_area
from geodata.table_head import read_head

LAYERS: Final = ("roads", "towns", "supply", "boundary")
EVENT_FILES: Final = ["csv", "txt", "tsv", "xlsx"]
LAYER_FILES: Final = ["geojson", "json", "gpkg", "zip", "fgb", "parquet"]
PROBLEMS_SHOWN: Final = 200
DATE_ORDER_ASKED: Final = "dates.order_unknown"


@dataclass(frozen=True, eq=False)
class Read:
    """A table of events as read with some options."""

    file: str
    options: tuple[Any, ...]
    events: pd.DataFrame
    report: Report


def draw(page: Page) -> None:
    """Own events, then own roads."""
    words = page.words
    st.caption(words("own.private", mb=UPLOAD.file_mb))
    events, roads = st.columns(2, gap="large")
    with events:
        _events(page)
    with roads:
        _roads(page)


def _events(page: Page) -> None:
    words, mine = page.words, data.own()
    st.subheader(words("own.events"), anchor=False)
    if mine.events is not None:
        st.success(words.count("own.in_use", len(mine.events), name=label(mine.events_name)))
        st.button(words("own.remove"), key="own_remove", on_click=_remove_events)
    st.caption(words("own.events_what"))
    file = st.file_uploader(words("own.events_file"), type=EVENT_FILES, key="own_events_file")
    if file is None:
        return
    content = file.getvalue()
    try:
        columns = _header(file.file_id, content)
    except GeodataError as fault:
        st.error(label(fault.text(words.lang)))
        return
    with st.expander(words("own.columns")):
        mapping = _mapping(page, columns)
    order = st.session_state.get("own_order")
    swap = bool(st.session_state.get("own_swap"))
    recent = bool(st.session_state.get("own_recent"))
    options = (file.file_id, tuple(sorted(mapping.items())), order, swap, recent)
    found = _read(page, file.name, content, options)
    _questions(page, found.report)
    _report(page, found.report, key="own_events")
    if len(found.events):
        with st.container(key="own_take", horizontal=True, vertical_alignment="center"):
            beside = st.toggle(words("own.beside"), value=True, key="own_beside")
            st.button(words.count("own.use", len(found.events)), key="own_use", type="primary",
                      on_click=_use_events, args=(found.events, file.name, beside))  # fmt: skip


def _header(file_id: str, content: bytes) -> tuple[str, ...]:
    """Columns of the file, read once."""
    kept = st.session_state.get("own_header")
    if kept is None or kept[0] != file_id:
        kept = (file_id, read_head(content))
        st.session_state["own_header"] = kept
    columns: tuple[str, ...] = kept[1]
    return columns


def _mapping(page: Page, columns: tuple[str, ...]) -> dict[str, str]:
    """What each column means, as suggested until the visitor says otherwise."""
    words = page.words
    suggested = suggest_mapping(columns)
    chosen: dict[str, str] = {}
    options = ["", *FIELDS]
    for number, column in enumerate(dict.fromkeys(columns)):
        start = suggested.get(column, "")
        picked = st.selectbox(
            label(column[:80]), options, index=options.index(start) if start in options else 0,
            key=f"own_column_{number}",
            format_func=lambda name: words(f"field.{name}") if name else words("own.unread"),
        )  # fmt: skip
        if picked != start:
            chosen[column] = picked or ""
    return chosen


def _read(page: Page, name: str, content: bytes, options: tuple[Any, ...]) -> Read:
    """Read the table anew only if the file or an option changed."""
    kept = st.session_state.get("own_read")
    if isinstance(kept, Read) and kept.options == options:
        return kept
    _, mapping, order, swap, recent = options
    with st.spinner(page.words("page.working")):
        events, report = read_events(
            content, name, today=dt.datetime.now(dt.UTC).date(), mapping=dict(mapping),
            date_order=order, area=study_area(), include_recent=recent, swap=swap,
        )  # fmt: skip
    found = Read(name, options, events, report)
    st.session_state["own_read"] = found
    return found


def _questions(page: Page, report: Report) -> None:
    """What only the visitor can know, asked where it matters."""
    words = page.words
    keys = {problem.key for problem in report.problems}
    if DATE_ORDER_ASKED in keys or st.session_state.get("own_order"):
        st.radio(words("own.order"), (None, "dmy", "mdy"), key="own_order", horizontal=True,
                 format_func=lambda order: words(f"own.order_{order or 'unknown'}"))  # fmt: skip
    if keys & {"events.swapped", "events.swapped_fixed"}:
        st.checkbox(words("own.swap"), key="own_swap")
    if "events.recent" in keys or st.session_state.get("own_recent"):
        st.checkbox(words("own.recent"), key="own_recent")


def _report(page: Page, report: Report, *, key: str) -> None:
    """Counts, then every remark, to be downloaded as a table."""
    words = page.words
    box = st.error if report.refused else (st.warning if report.rejected else st.success)
    box(report.summary(words.lang))
    if not report.problems:
        return
    rows = [problem.as_dict(words.lang) for problem in report.problems[:PROBLEMS_SHOWN]]
    shown = pd.DataFrame(rows, columns=["row", "column", "value", "severity", "message"])
    shown["row"] = shown["row"].astype("Int64")
    shown["severity"] = [words(f"own.severity_{each}") for each in shown["severity"]]
    tables.sortable(page, shown, area="own", key=f"{key}_problems")
    if len(report.problems) > PROBLEMS_SHOWN:
        st.caption(words.count("own.more_problems", len(report.problems) - PROBLEMS_SHOWN))
    st.download_button(words("own.report"), file_name="report.csv",
                       data=lambda: report.to_csv(words.lang).encode("utf-8-sig"),
                       mime="text/csv", on_click="ignore", key=f"{key}_report")  # fmt: skip


def _use_events(events: pd.DataFrame, name: str, beside: bool) -> None:
    session.visit().touched = True
    data.take_events(events, name, with_shipped=beside)


def _remove_events() -> None:
    session.visit().touched = True
    data.take_events(None, "", with_shipped=True)


def _roads(page: Page) -> None:
    words, mine = page.words, data.own()
    st.subheader(words("own.roads"), anchor=False)
    names = ("", *mine.networks)
    if len(names) > 1:
        key = session.seed("choose_network", page.state.network)
        st.selectbox(words("own.network"), names, key=key,
                     format_func=lambda name: name or words("own.shipped_network"),
                     on_change=_choose_network, args=(key,))  # fmt: skip
    st.caption(words("own.roads_what"))
    files = {name: st.file_uploader(words(f"own.layer_{name}"), type=LAYER_FILES,
                                    key=f"own_layer_{name}") for name in LAYERS}  # fmt: skip
    with st.expander(words("own.options")):
        options = _options(page)
        crs = st.text_input(words("own.crs"), key="own_crs", placeholder="EPSG:32630",
                            max_chars=40)  # fmt: skip
        swap = st.checkbox(words("own.swap_all"), key="own_swap_all")
    given = {name: file.getvalue() for name, file in files.items() if file is not None}
    ready = "roads" in given and "towns" in given
    if st.button(words("own.import"), key="own_import", type="primary", disabled=not ready):
        _import(page, given, options, crs or None, swap)
    done = st.session_state.get("own_imported")
    if isinstance(done, GeodataError):
        st.error(label(done.text(words.lang)))
    elif isinstance(done, Upload):
        _imported(page, done)


def _options(page: Page) -> Options:
    words = page.words
    standard = Options()
    return Options(
        title=st.text_input(words("own.title"), key="own_title", max_chars=40),
        snap_m=st.number_input(words("own.snap"), 0.0, 1000.0, standard.snap_m, key="own_snap"),
        attach_limit_km=st.number_input(words("own.attach"), 0.1, 100.0,
                                        standard.attach_limit_km, key="own_attach"),
        node_crossings=st.checkbox(words("own.crossings"), key="own_crossings"),
        keep_dead_ends=st.checkbox(words("own.dead_ends"), key="own_dead_ends"),
        keep_chains=st.checkbox(words("own.chains"), key="own_chains"),
    )  # fmt: skip


def _import(
    page: Page, files: Mapping[str, bytes], options: Options, crs: str | None, swap: bool
) -> None:
    with st.spinner(page.words("own.importing")):
        try:
            done: Upload | GeodataError = import_uploads(files, options=options, crs=crs, swap=swap)
        except GeodataError as fault:
            done = fault
    st.session_state["own_imported"] = done


def _imported(page: Page, done: Upload) -> None:
    words = page.words
    for name, report in done.reports.items():
        st.caption(f"{words(f'own.layer_{name}')}: {report.summary(words.lang)}")
    st.html(_quality(page, done.quality))
    st.download_button(words("own.report"), data=lambda: done.quality.to_json(words.lang).encode(),
                       file_name="quality.json", mime="application/json", on_click="ignore",
                       key="own_quality")  # fmt: skip
    st.button(words("own.use_network"), key="own_use_network", on_click=_use_network,
              args=(done.network,))  # fmt: skip


def _quality(page: Page, quality: Quality) -> str:
    lines = [tag("li", line) for line in quality.to_text(page.words.lang).splitlines()]
    return tag("ul", *lines, class_="sr-plain")


def _use_network(network: Network) -> None:
    """Show the network; what was cut on another one is taken back."""
    name = network.title or "own"
    data.take_network(name, network)
    session.go(session.on_network(name), session.NETWORK)


def _choose_network(key: str) -> None:
    session.go(session.on_network(st.session_state[key]), session.NETWORK)
