"""The card of one event, or of several at one place, with source and confidence."""

from typing import Any, Final

import pandas as pd
import streamlit as st

from dashboard.markup import Html, link, tag
from dashboard.page import Page
from dashboard.widgets import names
from geodata import schema as f
from geodata.events.summaries import place, summary

ROADS: Final = 8


def rows(page: Page, ids: tuple[str, ...]) -> pd.DataFrame:
    """Return the rows of these events, the newest first."""
    events = page.reported
    return events[events[f.EVENT_ID].isin(ids)].sort_values(f.DATE, ascending=False)


def title(page: Page, ids: tuple[str, ...]) -> str:
    """Return the kind and day of one event, or the number of several."""
    events = rows(page, ids)
    if len(events) != 1:
        return page.words.count("event_card.many", len(events))
    row = events.iloc[0]
    key = f"map.event.{row[f.EVENT_TYPE]}"
    kind = page.words(key) if page.words.has(key) else str(row[f.EVENT_TYPE])
    return page.words("event_card.title", type=kind, day=page.words.day(row[f.DATE]))


def draw(page: Page, ids: tuple[str, ...]) -> None:
    """Draw each event and the roads whose state depends on it."""
    events = rows(page, ids)
    several = len(events) > 1
    st.html(
        tag(
            "article",
            *(_event(page, row, headed=several) for row in events.to_dict("records")),
            class_="sr-card",
        )
    )
    roads = page.situation.segments_by(ids)
    words = page.words
    heading = words("event_card.roads") if roads else words("event_card.no_roads")
    st.html(tag("h3", heading, class_="sr-group"))
    names.listed(heading, roads[:ROADS], page.names.segment, key="event_roads", kind="road")


def _event(page: Page, row: dict[Any, Any], *, headed: bool) -> Html:
    words = page.words
    level = words(f"why.confidence.{row[f.CONFIDENCE]}")
    precision = words(f"events_tab.precision_{row[f.LOCATION_PRECISION]}")
    head = tag("h3", title(page, (row[f.EVENT_ID],))) if headed else None
    return tag(
        "section",
        head,
        tag(
            "p",
            " · ".join(part for part in (place(row, words.lang), precision) if part),
            class_="sr-muted",
        ),
        None if row[f.EVENT_ID] in page.untold else tag("p", summary(row, words.lang)),
        tag(
            "p",
            link(str(row[f.SOURCE_URL]), str(row[f.SOURCE_NAME])),
            " ",
            tag("span", words("card.confidence", level=level), class_="sr-muted"),
        ),
    )
