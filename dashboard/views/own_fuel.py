"""The visitor's tanks, use and deliveries of fuel by town: opened, checked, then used."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd
import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from dashboard.markup import Html, label, tag
from dashboard.page import Page
from dashboard.runtime.callbacks import guarded
from dashboard.runtime.footprint import footprint
from dashboard.session import datasets, uploads
from dashboard.widgets import in_use, tables, templates
from geodata import schema as f
from geodata.analysis.fuel import fuel_period
from geodata.analysis.fuel_own import usable_own
from geodata.dataset import OwnFuel
from geodata.errors import GeodataError
from geodata.readers.fuel_table import FuelTable, read_fuel_table, template_csv
from geodata.readers.sandbox import PASSING

FILES: Final = ["csv", "txt", "tsv", "xlsx", "xls", "ods"]
FAULTS_SHOWN: Final = 10
READ: Final = "own_fuel_read"
REFUSED: Final = "own_fuel_refused"


@dataclass(frozen=True, eq=False)
class _Read:
    """What was read of one uploaded file and can be used on one network, or why nothing is."""

    asked: tuple[str, str]
    table: FuelTable | GeodataError
    own: OwnFuel | None = None
    faults: tuple[GeodataError, ...] = ()
    wrong: int = 0


def draw(page: Page) -> None:
    """Draw the figures in use, the uploader, and what of its file can be used."""
    words = page.words
    _in_use(page)
    st.caption(words("own_fuel.what"))
    templates.offer(words, template_csv, file_name="my-fuel.csv", key="own_fuel_template")
    file = st.file_uploader(words("own_fuel.file"), type=FILES, key="own_fuel_file")
    try:
        content = uploads.content("own_fuel_file", file)
        if file is None or content is None:
            return
        read = _read(page, file, content)
        if isinstance(read.table, GeodataError):
            raise read.table.again()
    except GeodataError as fault:
        st.error(label(fault.text(words.lang)))
        return
    if read.own is None:
        return
    table, own = read.table, read.own
    _report(page, read, table, own)
    if isinstance(refused := st.session_state.get(REFUSED), GeodataError):
        st.error(label(refused.text(words.lang)))
    if own.towns:
        mine = datasets.own().fuel
        in_use.offer(
            words,
            words.count("own_fuel.use", len(own.towns)),
            key="own_fuel_use",
            used=mine is not None and mine.rows.equals(table.rows),
            on_click=_use,
            args=(table, file.name),
        )


def figures(page: Page, town: str) -> list[Html]:
    """Say on a town's card which figures of the visitor's own the estimate rests on."""
    own = page.dataset.own_fuel
    if own is None or town not in own.towns:
        return []
    words = page.words
    figures_shown = []
    rows = own.tanks[own.tanks[f.NODE_ID] == town]
    for column in (f.TANK_LITRES, f.USE_LITRES):
        figures_shown += [
            words(f"own_fuel.of_{column}", litres=words.number(litres))
            for litres in rows[column].dropna()
        ]
    days = [(day, litres) for node, day, litres in own.deliveries if node == town]
    if days:
        litres = words.number(sum(litres for _, litres in days))
        figures_shown.append(words.count("own_fuel.of_deliveries", len(days), litres=litres))
    return [
        tag(
            "p",
            words.label(words("own_fuel.mine")),
            words("own_fuel.join").join(figures_shown),
            ".",
        )
    ]


def _read(page: Page, file: UploadedFile, content: bytes) -> _Read:
    """Return what a file gives on the network shown, read once for both.

    Raises
    ------
    GeodataError
        If the session holds too much, or the reader is busy: asked again it may be read.
    """
    asked = (file.file_id, page.held.fingerprint)
    cached = st.session_state.get(READ)
    if isinstance(cached, _Read) and cached.asked == asked:
        return cached
    try:
        table = read_fuel_table(content)
        own, faults = usable_own(page.dataset.network, table.rows)
        uploads.hold(READ, footprint(table) + footprint(own))
        read = _Read(asked, table, own, faults[:FAULTS_SHOWN], len(faults))
    except GeodataError as fault:
        if fault.key in PASSING:
            raise
        read = _Read(asked, fault.again())
    st.session_state[READ] = read
    return read


def _report(page: Page, read: _Read, table: FuelTable, own: OwnFuel) -> None:
    """Say which rows are not used and why, and which columns mean nothing here."""
    words = page.words
    lines = [fault.text(words.lang) for fault in read.faults]
    lines += [words("fuel_days.own_ragged", row=row) for row in table.rejected[:FAULTS_SHOWN]]
    wrong = read.wrong + len(table.rejected)
    if wrong:
        st.warning(words.count("own_fuel.rejected", wrong))
        lines, more = lines[:FAULTS_SHOWN], wrong - FAULTS_SHOWN
        lines += [words.count("own_fuel.more", more)] if more > 0 else []
        st.html(tag("ul", *(tag("li", line) for line in lines), class_="sr-plain"))
    if table.unused:
        st.caption(words("own_fuel.unused", columns=label(", ".join(table.unused))))
    if not own.towns and not wrong:
        st.info(words("own_fuel.none"))
    _outside(page, own)


def _outside(page: Page, own: OwnFuel) -> None:
    """Say that deliveries before the first or after the last day of the model count nowhere."""
    words, period = page.words, fuel_period(page.dataset)
    if period is None:
        return
    first, last = period
    outside = sum(not first <= day <= last for _, day, _ in own.deliveries)
    if outside:
        span = {"first": words.day(first), "last": words.day(last)}
        st.warning(words.count("own_fuel.outside", outside, **span))


def _in_use(page: Page) -> None:
    """Draw the figures in use by town, which replace the model's assumptions."""
    words, own, mine = page.words, page.dataset.own_fuel, datasets.own()
    if own is None or mine.fuel is None:
        return
    st.success(words.count("own_fuel.in_use", len(own.towns), name=label(mine.fuel_name)))
    tables.sortable(page, _by_town(page, own), area="own_fuel", key="own_fuel_table")
    st.button(words("own_fuel.remove"), key="own_fuel_remove", on_click=_remove)


def _by_town(page: Page, own: OwnFuel) -> pd.DataFrame:
    brought: defaultdict[str, list[float]] = defaultdict(list)
    for town, _, litres in own.deliveries:
        brought[town].append(litres)
    usual: dict[Any, dict[Any, Any]] = own.tanks.set_index(f.NODE_ID).to_dict("index")
    return pd.DataFrame(
        [
            {
                "town": page.names.node(town),
                **{name: usual.get(town, {}).get(name) for name in (f.TANK_LITRES, f.USE_LITRES)},
                "deliveries": len(brought[town]),
                f.DELIVERED_LITRES: sum(brought[town]) if brought[town] else None,
            }
            for town in own.towns
        ]
    )


@guarded
def _use(table: FuelTable, name: str) -> None:
    st.session_state[REFUSED] = None
    try:
        datasets.take_fuel(table, name)
    except GeodataError as fault:
        st.session_state[REFUSED] = fault.again()


@guarded
def _remove() -> None:
    datasets.take_fuel(None, "")
