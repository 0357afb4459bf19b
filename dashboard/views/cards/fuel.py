"""A town's fuel on its card: the reports, and the model's estimate with its band."""

import datetime as dt
from typing import Any, Final

import numpy as np
import streamlit as st
from babel.dates import format_date
from streamlit.delta_generator import DeltaGenerator

from dashboard.markup import Html, link, tag
from dashboard.page import Page
from dashboard.views import own_fuel
from dashboard.widgets import charts
from geodata import schema as f
from geodata.analysis.fuel import Fuel
from geodata.errors import GeodataError
from geodata.events.summaries import summary
from geodata.events.vocabulary import AppliesTo, EventType, LocationPrecision

REPORT_DAYS: Final = 21
"""Reports of a town's fuel this many days around the date are shown."""

NATIONAL: Final = "Mali"
"""Region of an event that concerns the whole country."""

LEAST: Final = 0.1
"""Days of stock below which a band is shown as almost nothing."""

NARROW: Final = 20
"""Days into its month from which the first month has no room for its name."""


def reported(page: Page, town: str) -> Html:
    """Return the reports on the town's fuel around the date."""
    words, date = page.words, page.state.date
    reports = page.dataset.statuses
    reports = reports[reports[f.NODE_ID] == town]
    near = [row for row in reports.to_dict("records") if _near(_day(row), date)]
    shown = [
        tag(
            "li",
            tag("time", words.label(words.day(_day(row)))),
            words(f"fuel.{row['status']}"),
            ". ",
            link(str(row[f.SOURCE_URL]), str(row[f.SOURCE_NAME])),
        )
        for row in near
    ]
    listed = tag("ul", *shown) if shown else tag("p", words("card.no_reports"))
    return tag("section", tag("h3", words("card.fuel")), listed, *_measures(page, town))


def _measures(page: Page, town: str) -> list[Html]:
    """Decisions on fuel for the town, its region or the country near the date, such as rationing.

    They are evidence beside the estimate, which leaves out what each buyer may have.
    """
    words, date, events = page.words, page.state.date, page.reported
    if date is None:
        return []
    network = page.dataset.network
    region = network.nodes.iloc[network.node_number[town]][f.ADMIN1]
    on_fuel = (events[f.EVENT_TYPE] == EventType.POLICY) & (events[f.APPLIES_TO] == AppliesTo.FUEL)
    here = (events[f.NODE_ID] == town) | (
        (events[f.LOCATION_PRECISION] == LocationPrecision.REGION)
        & events[f.REGION].isin([NATIONAL, region])
    )
    rows: list[dict[Any, Any]] = events[on_fuel & here].sort_values(f.DATE).to_dict("records")
    shown = [
        tag(
            "li",
            tag("time", words.label(words.day(row[f.DATE]))),
            summary(row, words.lang),
            " ",
            link(str(row[f.SOURCE_URL]), str(row[f.SOURCE_NAME])),
        )
        for row in rows
        if _near(row[f.DATE], date)
    ]
    if not shown:
        return []
    note = tag("p", words("card.measures_note"), class_="sr-muted")
    return [tag("h3", words("card.measures")), tag("ul", *shown), note]


def draw(page: Page, town: str, place: DeltaGenerator) -> None:
    """Draw the model's answer for the town and day in ``place``; computed on first use."""
    words = page.words
    with place:
        try:
            with st.spinner(words("fuel.working"), show_time=True):
                estimate = page.fuel()
        except GeodataError as refused:
            title = tag("h3", words("fuel.title"))
            paragraph = tag("p", words("fuel.unknown"), " ", refused.text(words.lang))
            st.html(tag("article", tag("section", title, paragraph), class_="sr-card"))
            return
        title = tag("h3", words("fuel.title"))
        mine = own_fuel.figures(page, town)
        parts = (title, *answer(page, estimate, town), *mine, over_time(page, estimate, town))
        st.html(tag("article", tag("section", *parts), class_="sr-card"))


def answer(page: Page, estimate: Fuel, town: str) -> list[Html]:
    """Return the word, the days of stock with their band, and the leading assumption of the day."""
    words, date = page.words, page.state.date
    if date is None:
        return [tag("p", words("fuel.no_date"))]
    first, last = estimate.roads.days[0], estimate.last_day
    if not first <= date <= last:
        period = words("fuel.outside", first=words.day(first), last=words.day(last))
        return [tag("p", tag("strong", words("fuel.unknown")), " ", period)]
    table = estimate.on(date)
    row: dict[Any, Any] = table[table[f.NODE_ID] == town].to_dict("records")[0]
    if np.isnan(row["stock_days"]):
        return [tag("p", tag("strong", words("fuel.unknown")), " ", words("fuel.silent"))]
    word = words(f"fuel_days.word.{row['word']}")
    ends = {
        name: words.number(row[f"stock_{name}"], decimals=1) for name in ("low", "days", "high")
    }
    stock = words("fuel.stock", **ends) if row["stock_high"] >= LEAST else words("fuel.stock_none")
    parts = [tag("p", tag("strong", words.label(words.day(date)), word, ". "), stock)]
    if row["leading"]:
        leading = words(f"fuel_days.leading.{row['leading']}")
        parts.append(tag("p", words.label(words("fuel.leading")), leading))
    if page.situation.conditions.cut or page.state.reopen or page.state.off or page.state.preset:
        parts.append(tag("p", words("fuel.by_hand"), class_="sr-muted"))
    return parts


def over_time(page: Page, estimate: Fuel, town: str) -> Html | None:
    """Return the band on every day of the strip, with reports as marks; nothing without a band."""
    words, days = page.words, estimate.roads.days
    table = estimate.over_time(town)
    values = table[["stock_low", "stock_days", "stock_high"]].to_numpy(dtype=float).T
    if np.isnan(values).all():
        return None
    marks = [
        (days.index(each.day), each.short)
        for each in estimate.reports
        if each.town == town and days[0] <= each.day <= days[-1]
    ]
    date = page.state.date
    at = days.index(date) if date is not None and days[0] <= date <= days[-1] else None
    highest = words.number(max(float(np.nanmax(values, initial=0.0)), 1.0), decimals=0)
    title = words("fuel.chart", name=page.names.node(town), highest=highest)
    starts = [day for day in days if day.day == 1 or day == days[0]]
    names = [str(format_date(day, format="MMM", locale=words.lang)) for day in starts]
    if days[0].day > NARROW:
        names[0] = ""
    months = charts.months(days, names)
    note = words("fuel.chart_note", highest=highest, members=words.number(estimate.n_members))
    return tag(
        "div",
        charts.band(values, marks=marks, at=at, title=title),
        months,
        tag("p", note, class_="sr-muted"),
    )


def _near(day: dt.date, date: dt.date | None) -> bool:
    return date is None or abs((day - date).days) <= REPORT_DAYS


def _day(row: dict[Any, Any]) -> dt.date:
    return dt.date.fromisoformat(str(row[f.DATE])[:10])
