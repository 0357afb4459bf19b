"""The card of a region: events located only by region, and its towns."""

from typing import Final

import streamlit as st

from dashboard.markup import tag
from dashboard.page import Page
from dashboard.session import cards
from dashboard.views import situation
from dashboard.widgets import names
from geodata import schema as f
from geodata.events.vocabulary import LocationPrecision
from geodata.schema import TownState

ROWS: Final = 12


def draw(page: Page, region: str) -> None:
    """Draw the events without a closer place, then the towns not reached as usual."""
    words, events = page.words, page.events
    regional = (events[f.LOCATION_PRECISION] == LocationPrecision.REGION) & (
        events[f.REGION] == region
    )
    latest = events[regional].sort_values(f.DATE, ascending=False).head(ROWS)
    rows = {str(row[f.EVENT_ID]): row for row in latest.to_dict("records")}
    st.html(tag("p", words.count("region.events", int(regional.sum())), class_="sr-card"))
    names.listed(
        words("situation.events"),
        tuple(rows),
        lambda event: situation.event_name(page, rows[event]),
        key="region_events",
        kind="events",
    )
    towns = page.access.towns
    hit = towns[(towns[f.ADMIN1] == region) & (towns[f.STATE] != TownState.OPEN)]
    title = words.count("region.towns", len(hit))
    st.html(tag("h3", title, class_="sr-group"))
    ids = list(hit[f.NODE_ID])
    names.listed(title, ids[:ROWS], page.names.node, key="region_towns", kind=cards.TOWN)
