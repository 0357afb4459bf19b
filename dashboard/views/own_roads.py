"""The visitor's roads and towns: imported as a network by the steps of the command line."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final, Literal

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from dashboard.markup import Html, label, tag
from dashboard.page import Page
from dashboard.runtime.callbacks import guarded
from dashboard.runtime.footprint import footprint
from dashboard.runtime.long_work import giving_way
from dashboard.session import datasets, uploads, visit
from dashboard.views import own_layers
from dashboard.widgets import in_use, option_names
from dashboard.widgets.stoppable import stoppable
from geodata.errors import GeodataError
from geodata.network.findings import Quality
from geodata.roads.options import ImportOptions, mapping_of
from geodata.roads.upload import Upload, import_uploads

REMARKS: Final = 20
"""Remarks on a file that the page looks through; the report holds all."""

LAYERS: Final = ("roads", "towns", "supply", "boundary")
IMPORTED: Final = "network_imported"
ASKED: Final = "own_import_asked"
MADE: Final = "own_imported"
"""Key of what the last import made, or why it failed."""

MADE_FROM: Final = "own_imported_from"
"""Key of the files that the last import read."""

UNNAMED: Final = "own"
"""Name of a network to which the visitor gave none; links hold it, the page does not show it."""
FILES: Final = [
    "geojson", "json", "geojsonl", "ndjson", "gpkg", "zip", "fgb", "parquet", "kml", "kmz", "gpx",
    "osm", "pbf", "gz", "csv", "xlsx",
]  # fmt: skip


def draw(page: Page) -> None:
    """Draw the networks opened, and the steps to import another."""
    words, mine = page.words, datasets.own()
    if mine.networks:
        _in_use(page, tuple(mine.networks))
    st.caption(words("own.roads_what"))
    files = {
        name: st.file_uploader(words(f"own.layer_{name}"), type=FILES, key=f"own_layer_{name}")
        for name in LAYERS
    }
    given = _given(page, files)
    with st.expander(words("own.options")):
        options = _options(page)
        crs = st.text_input(words("own.crs"), key="own_crs", placeholder="EPSG:32630", max_chars=40)
        swap = st.checkbox(words("own.swap_all"), key="own_swap_all")
        chosen = own_layers.draw(page, files, given)
        columns = st.text_area(
            words("own.columns"),
            key="own_columns",
            max_chars=4_000,
            placeholder="classe=road_class\ntowns:VILLE=name",
        )
        st.caption(label(words("own.columns_how")))
    ready = "roads" in given and "towns" in given
    kind: Literal["primary", "secondary"] = (
        "secondary" if isinstance(_made(files), Upload) else "primary"
    )
    if st.button(words("own.import"), key="own_import", type=kind, disabled=not ready):
        st.session_state[ASKED] = True
    # A click on anything else ends the run, and the next one begins again.
    if st.session_state.get(ASKED) and ready:
        how = {"layers": chosen.layers, "crs": crs or None, "swap": swap}
        _import(page, given, replace(options, mapping=chosen.mapping), columns, how)
        st.session_state[MADE_FROM] = _ids(files)
    done = _made(files)
    if isinstance(done, GeodataError):
        st.error(label(option_names.on_page(done.text(words.lang), words)))
    elif isinstance(done, Upload):
        _imported(page, done)


def _in_use(page: Page, names: tuple[str, ...]) -> None:
    """Draw the choice between the built-in network and those of the visitor."""
    words, shown = page.words, page.state.network
    key = visit.seed("choose_network", shown)
    titles = {"": words("own.shipped_network"), UNNAMED: words("own.unnamed_network")}
    st.selectbox(
        words("own.network"),
        ("", *names),
        key=key,
        format_func=lambda name: titles.get(name, name),
        on_change=_choose_network,
        args=(key,),
    )
    if shown in names:
        st.button(
            words("own.remove_network"),
            key="own_remove_network",
            on_click=_remove_network,
            args=(shown,),
        )


def _made(files: Mapping[str, UploadedFile | None]) -> Upload | GeodataError | None:
    """Return what the last import made of these files; of others it is forgotten."""
    if st.session_state.get(MADE_FROM) != _ids(files):
        st.session_state.pop(MADE, None)
        uploads.release(IMPORTED)
    made: Upload | GeodataError | None = st.session_state.get(MADE)
    return made


def _ids(files: Mapping[str, UploadedFile | None]) -> tuple[str, ...]:
    return tuple(file.file_id if file is not None else "" for file in files.values())


def _given(page: Page, files: Mapping[str, UploadedFile | None]) -> dict[str, bytes]:
    """Return the contents of the uploaded files; a refusal is shown beside each."""
    contents: dict[str, bytes | None] = {}
    for name, file in files.items():
        try:
            contents[name] = uploads.content(f"own_layer_{name}", file)
        except GeodataError as fault:
            st.error(label(fault.text(page.words.lang)))
    return {name: content for name, content in contents.items() if content is not None}


def _options(page: Page) -> ImportOptions:
    words = page.words
    standard = ImportOptions()
    return ImportOptions(
        title=st.text_input(words("own.title"), key="own_title", max_chars=40),
        snap_m=st.number_input(words("own.snap"), 0.0, 1000.0, standard.snap_m, key="own_snap"),
        attach_limit_km=st.number_input(
            words("own.attach"), 0.1, 100.0, standard.attach_limit_km, key="own_attach"
        ),
        node_crossings=st.checkbox(words("own.crossings"), key="own_crossings"),
        keep_dead_ends=st.checkbox(words("own.dead_ends"), key="own_dead_ends"),
        keep_chains=st.checkbox(words("own.chains"), key="own_chains"),
        stated_lengths=st.checkbox(words("own.stated_lengths"), key="own_stated_lengths"),
    )


def _import(
    page: Page,
    files: Mapping[str, bytes],
    options: ImportOptions,
    columns: str,
    how: Mapping[str, Any],
) -> None:
    words = page.words
    with stoppable(words, words("own.importing"), key="own_stop", stop=_stop), giving_way():
        try:
            mapping = mapping_of([line.strip() for line in columns.splitlines() if line.strip()])
            done: Upload | GeodataError = import_uploads(
                files, options=replace(options, mapping={**options.mapping, **mapping}), **how
            )
            uploads.hold(IMPORTED, footprint(done))
        except GeodataError as fault:
            done = fault.again()
    st.session_state[MADE], st.session_state[ASKED] = done, False


@guarded
def _stop() -> None:
    st.session_state[ASKED] = False


def _imported(page: Page, done: Upload) -> None:
    """Draw the report, folded away once the network is in use, and the button that uses it."""
    words = page.words
    used = done.network is page.dataset.network
    # Without a key of its own a browser takes the folded report for another, and does fold it.
    with st.expander(words("own.import_report"), expanded=not used):
        _report(page, done)
    in_use.offer(
        words,
        words("own.use_network"),
        key="own_use_network",
        used=used,
        on_click=_use_network,
        args=(done,),
    )


def _report(page: Page, done: Upload) -> None:
    words = page.words
    for name, report in done.reports.items():
        st.caption(words.label(words(f"own.layer_{name}")) + report.summary(words.lang))
        for remark in dict.fromkeys(p.message(words.lang) for p in report.problems[:REMARKS]):
            st.caption(label(option_names.on_page(remark, words)))
    st.html(_quality(page, done.quality))
    st.download_button(
        words("own.report"),
        data=lambda: done.quality.to_json(words.lang).encode(),
        file_name="quality.json",
        mime="application/json",
        on_click="ignore",
        key="own_quality",
    )


def _quality(page: Page, quality: Quality) -> Html:
    """Figures as a table of two columns, then what was assumed, then each kind of doubt."""
    words = page.words
    figures = [
        tag("div", tag("dt", name), tag("dd", value))
        for name, value in quality.figures_in(words.lang)
    ]
    notes = [tag("li", option_names.on_page(note, words)) for note in quality.notes_in(words.lang)]
    doubts = [
        tag(
            "li",
            title,
            tag("ul", *(tag("li", option_names.on_page(each, words)) for each in examples)),
        )
        for title, examples in quality.doubts_in(words.lang)
    ]
    return tag(
        "div",
        tag("dl", *figures, class_="sr-facts"),
        tag("ul", *notes, *doubts),
        class_="sr-import",
    )


@guarded
def _use_network(made: Upload) -> None:
    """Show the network; cuts on another network are undone."""
    name = made.network.title or UNNAMED
    try:
        datasets.take_network(name, made)
    except GeodataError as fault:
        st.session_state[MADE] = fault.again()
        return
    _show(name)


@guarded
def _choose_network(key: str) -> None:
    _show(st.session_state[key])


@guarded
def _remove_network(name: str) -> None:
    _show("")
    visit.forget_network(name)
    datasets.drop_network(name)


def _show(name: str) -> None:
    """Show a network, on the same day if events are known there."""
    dated = not datasets.held(visit.on_network(name)).dataset.events.empty
    visit.go(visit.on_network(name, dated=dated), visit.NETWORK)
