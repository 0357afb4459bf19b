"""The list of towns without supply beside a scenario."""

from dataclasses import dataclass

import streamlit as st

from dashboard.markup import tag
from dashboard.page import Page
from dashboard.session import cards
from dashboard.views import situation
from dashboard.widgets import names
from geodata.schema import Cause


@dataclass(frozen=True)
class LostTowns:
    """Towns that closures and switched-off supply points isolate, as the list shows them.

    Parameters
    ----------
    title, count : str
        Heading and number of all of them.
    towns : mapping of str to str
        Name of each town in the list, most people first.
    more : str
        How many more there are; empty if there are none.
    """

    title: str
    count: str
    towns: dict[str, str]
    more: str


def lost_towns(page: Page) -> LostTowns:
    """Return the list for a view."""
    words = page.words
    ids = page.isolated_by[Cause.CLOSURE] + page.isolated_by[Cause.SUPPLY]
    beyond = len(ids) - situation.SHORT
    return LostTowns(
        words("page.list_closure"),
        words.number(len(ids)),
        {town: situation.town_name(page, town) for town in ids[: situation.SHORT]},
        words.count("situation.more", beyond) if beyond > 0 else "",
    )


def draw(page: Page) -> None:
    """Draw the list; each name opens the town's card."""
    lost = lost_towns(page)
    with st.container(key="towns", gap="xxsmall"):
        count = tag("span", lost.count, class_="sr-count")
        st.html(tag("h3", lost.title, count, class_="sr-group sr-by_closure"))
        names.listed(
            lost.title,
            tuple(lost.towns),
            lost.towns.__getitem__,
            key="list_lost",
            kind=cards.TOWN,
        )
        if lost.more:
            st.caption(lost.more)
