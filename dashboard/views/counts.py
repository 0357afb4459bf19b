"""Monthly counts of events by district: a chart and a list. They close no road."""

from dataclasses import dataclass
from typing import Final

import pandas as pd
import streamlit as st

from dashboard.markup import tag
from dashboard.page import Page
from dashboard.runtime.footprint import footprint
from dashboard.session import uploads
from dashboard.widgets import charts, tables
from geodata.readers.services.hapi_file import FileCounts, read_counts

COUNTS: Final = "counts_read"


@dataclass(frozen=True, eq=False)
class _Read:
    """Counts of one uploaded file, for one country."""

    asked: tuple[str, str | None]
    counts: FileCounts


def draw(page: Page, table: pd.DataFrame, *, key: str) -> None:
    """Events a month as a chart, then every row.

    Parameters
    ----------
    page : Page
    table : DataFrame
        As `geodata.readers.services.hapi.Counts.table`.
    key : str
        Name of the widget.
    """
    words = page.words
    monthly = table.groupby("month")["events"].sum().sort_index()
    if len(monthly):
        title = words("connect_tab.chart")
        scale = tag("p", words("time.most", n=words.number(int(monthly.max()))))
        chart = charts.area(list(monthly), at=None, title=title)
        st.html(tag("div", tag("strong", title), scale, chart))
    shown = table[["month", "admin1", "admin2", "event_class", "events", "fatalities"]]
    tables.sortable(page, shown, area="connect_tab", key=key)


def draw_file(page: Page, file_id: str, content: bytes) -> None:
    """Draw an uploaded file of HDX HAPI.

    Raises
    ------
    GeodataError
        If it cannot be read, or the session holds too much.
    """
    words = page.words
    counts = _read(file_id, content, page.dataset.network.focus_country)
    st.info(words("counts.what"))
    if counts.rejected:
        rows = ", ".join(map(str, counts.examples))
        st.warning(words.count("counts.rejected", counts.rejected, rows=rows))
    if counts.elsewhere:
        st.caption(words.count("counts.elsewhere", counts.elsewhere))
    if len(counts.table):
        draw(page, counts.table, key="counts_table")


def _read(file_id: str, content: bytes, country: str | None) -> FileCounts:
    cached = st.session_state.get(COUNTS)
    if not isinstance(cached, _Read) or cached.asked != (file_id, country):
        counts = read_counts(content, country=country)
        uploads.hold(COUNTS, footprint(counts))
        cached = st.session_state[COUNTS] = _Read((file_id, country), counts)
    return cached.counts
