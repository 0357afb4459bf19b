"""Cards of any kind: which kinds there are, their titles, and which module draws each."""

from collections.abc import Callable

import streamlit as st

from dashboard.markup import tag
from dashboard.page import Page
from dashboard.session import entry as session
from dashboard.session.visit import Card
from dashboard.views.cards import events, region, road, supply, town, way
from dashboard.views.desk import entry


def known(page: Page, card: Card) -> bool:
    """Return whether the subject of the card exists in the data in use."""
    network = page.dataset.network
    if card.kind == "town":
        return card.id in network.towns
    if card.kind == "road":
        return card.id in network.segment_number
    if card.kind == "supply":
        return card.id in network.supply_points
    if card.kind == "way":
        return all(each in network.node_number for each in card.ids)
    if card.kind == "events":
        return bool(len(events.rows(page, card.ids)))
    return card.kind in ("region", session.CARD)


def title(page: Page, card: Card) -> str:
    """Return the heading of a card, which also names it in the link back."""
    if card.kind in ("town", "supply"):
        return page.names.node(card.id)
    if card.kind == "road":
        return page.names.segment(card.id)
    if card.kind == "events":
        return events.title(page, card.ids)
    if card.kind == "way":
        return way.title(page, card.ids)
    if card.kind == session.CARD:
        return entry.title(page)
    return page.words("region.title", name=page.names.region(card.id))


def draw(page: Page, card: Card) -> Callable[[], None] | None:
    """Draw the open card; return the function that draws its slow part after the map."""
    st.html(tag("h2", title(page, card), class_="sr-card-title", tabindex="-1"))
    if card.kind == "events":
        events.draw(page, card.ids)
        return None
    if card.kind == "way":
        way.draw(page, card.ids)
        return None
    if card.kind == session.CARD:
        entry.draw()
        return None
    if card.kind == "town":
        return town.draw(page, card.id)
    drawn = {"road": road.draw, "supply": supply.draw, "region": region.draw}
    drawn[card.kind](page, card.id)
    return None
