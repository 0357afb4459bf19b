"""Which towns lost supply, and how every town is reached."""

import streamlit as st

from dashboard.markup import Html, tag
from dashboard.page import Page
from dashboard.views.summary import newly_isolated
from geodata import fields as f


def draw_list(page: Page) -> None:
    """The towns newly isolated, as a list of text beside the map."""
    words = page.words
    with st.container(key="towns", gap=None):
        ids = newly_isolated(page.access)
        population = page.access.towns.set_index(f.NODE_ID)[f.POPULATION]
        items = [_item(page, town, population[town]) for town in ids]
        shown = tag("ul", *items) if items else tag("p", words("page.none_isolated_yet"))
        title = tag("h2", words("page.lost_all_supply"), tag("span", words.number(len(ids))))
        st.html(tag("section", title, shown, class_="sr-list"))


def _item(page: Page, town: str, people: object) -> Html:
    return tag("li", tag("span", page.names.node(town)),
               tag("span", page.words("page.people", n=page.words.known(people)),
                   class_="sr-number"))  # fmt: skip


def draw(page: Page) -> None:
    """Every town with its access now and before."""
    st.dataframe(page.access.towns[[f.NAME, f.ADMIN1, f.STATE, f.DISTANCE_KM]], hide_index=True)
