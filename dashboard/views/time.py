"""Day by day: how many towns and people lost access, and which towns when."""

import datetime as dt
from collections.abc import Sequence

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from dashboard.markup import Html, tag
from dashboard.page import Page
from dashboard.widgets import charts
from geodata import schema as f
from geodata.analysis.fuel import FuelWord
from geodata.errors import GeodataError
from geodata.sanitize import formula_safe


def draw(page: Page) -> None:
    """Draw every town's state on every day, and the people without open access."""
    words, timeline = page.words, page.timeline
    days = timeline.per_day()
    first, last = page.strip
    before = (first - page.period[0]).days
    at = (page.state.date - first).days if page.state.date else None
    shown_days = timeline.days[before:]
    at = at if at is not None and 0 <= at < len(shown_days) else None
    st.caption(words("time.what", first=words.day(first), last=words.day(last)))
    names = [page.words.month(day, short=True) for day in shown_days]
    scale = charts.months(
        shown_days,
        [
            n
            for n, day in zip(names, shown_days, strict=True)
            if day.day == 1 or day == shown_days[0]
        ],
    )
    st.html(
        tag(
            "div",
            _chart(
                page,
                "time.people",
                int(days["people_without_open_access"].max()),
                charts.area(
                    list(days["people_without_open_access"])[before:],
                    at=at,
                    title=words("time.people_what"),
                ),
            ),
            tag("div", tag("div"), scale, class_="sr-row"),
            class_="sr-time",
        )
    )
    _heat(page, at, scale, before, _shortage(page, shown_days))
    st.download_button(
        words("time.download"),
        data=lambda: _csv(page),
        file_name="timeline.csv",
        mime="text/csv",
        on_click="ignore",
        key="timeline_csv",
    )


def _chart(page: Page, key: str, most: int, drawing: Html) -> Html:
    top = page.words("time.most", n=page.words.number(most))
    label = tag("div", tag("strong", page.words(key)), tag("small", top), class_="sr-row-name")
    return tag("div", label, drawing, class_="sr-row")


def _shortage(page: Page, days: Sequence[dt.date]) -> NDArray[np.float64] | None:
    """Return the probability of shortage by day and town of the timeline, if asked for."""
    words = page.words
    if not st.toggle(words("time.fuel"), key="time_fuel", help=words("time.fuel_what")):
        return None
    try:
        with st.spinner(words("fuel.working"), show_time=True):
            estimate = page.fuel()
    except GeodataError as refused:
        st.caption(refused.text(words.lang))
        return None
    table = pd.DataFrame(
        estimate.probabilities,
        index=estimate.roads.days,
        columns=list(estimate.roads.network.towns),
    )
    return table.reindex(index=list(days), columns=page.timeline.network.towns).to_numpy(float)


def _heat(
    page: Page,
    at: int | None,
    scale: Html,
    before: int,
    shortage: NDArray[np.float64] | None,
) -> None:
    words, timeline = page.words, page.timeline
    strip = timeline.strip()[[f.NODE_ID, f.ADMIN1]]
    column = {town: i for i, town in enumerate(timeline.network.towns)}
    blocks = []
    for region, rows in strip.groupby(f.ADMIN1, sort=False):
        if page.state.region and region not in page.state.region:
            continue
        ids = list(rows[f.NODE_ID])
        places = [column[i] for i in ids]
        codes = timeline.town_states[before:, places]
        season = timeline.season_isolated[before:, places] & ~timeline.baseline_isolated[places]
        short = None if shortage is None else shortage[:, places]
        place = page.names.region(region)
        kind = "time.heat_of" if shortage is None else "time.heat_and_fuel_of"
        chart = charts.heat(
            codes,
            season,
            timeline.baseline_isolated[places],
            shortage=short,
            at=at,
            title=words(kind, region=place or words("tables.title_towns")),
        )
        names = (tag("span", page.names.node(i)) for i in ids)
        labels = tag("div", *names, class_="sr-heat-names")
        drawn = tag("div", chart, class_="sr-heat", style=f"height:{14 * len(ids)}px")
        row = tag("div", labels, drawn, class_="sr-row")
        blocks.append(tag("div", tag("h4", place) if place else None, row))
    # The months stand over the first row and under the last one: there are 84 between them.
    months = tag("div", tag("div"), scale, class_="sr-row")
    legend = _legend(page, with_fuel=shortage is not None)
    st.html(tag("section", legend, months, *blocks, months, class_="sr-time"))


def _legend(page: Page, *, with_fuel: bool) -> Html:
    words = page.words
    legend = [
        tag("span", _capital(words(f"core.town_state.{state}")), class_=f"sr-key sr-{state}")
        for state in ("detour", "escort_only", "isolated")
    ]
    legend.append(tag("span", words("time.season"), class_="sr-key sr-season"))
    if page.timeline.baseline_isolated.any():
        legend.append(tag("span", words("time.never"), class_="sr-key sr-never"))
    if with_fuel:
        legend += [
            tag("span", _capital(words(f"time.fuel_{word}")), class_=f"sr-key sr-fuel-{word}")
            for word in (FuelWord.PROBABLY_SHORT, FuelWord.SHORT)
        ]
    return tag("p", *legend, class_="sr-legend")


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _csv(page: Page) -> bytes:
    """Return the state of every town on every day, as a table."""
    table = page.timeline.strip().map(lambda cell: formula_safe(str(cell)))
    return table.to_csv(index=False).encode("utf-8-sig")
