"""Where an event happened: typed, or clicked on the map, and confirmed by the visitor."""

import streamlit as st

from dashboard.markup import label, tag
from dashboard.page import Page, current
from dashboard.runtime.callbacks import guarded
from dashboard.session import cards
from dashboard.session import entry as session
from dashboard.session.entry import Entry
from dashboard.widgets import names
from geodata.desk.places import (
    Place,
    place_at,
    place_of_node,
    place_of_segment,
    places_named,
)

WHERE = "entry_where"
CHARACTERS = 120


def draw(page: Page, entry: Entry) -> None:
    """The place confirmed, or a field to type one and what that may mean."""
    words = page.words
    st.html(tag("h3", words("desk.where"), class_="sr-field"))
    if entry.place is not None:
        with st.container(key="entry_place", horizontal=True, vertical_alignment="center"):
            st.html(described(page, entry.place))
            st.button(
                words("desk.other_place"), key="entry_other", on_click=_again, type="tertiary"
            )
        return
    st.text_input(
        words("desk.where"),
        key=WHERE,
        max_chars=CHARACTERS,
        placeholder=words("desk.where_example"),
        on_change=_ask,
        icon=":material/location_on:",
        label_visibility="collapsed",
    )
    if not entry.asked:
        st.caption(words("desk.where_click"))
    elif entry.offered:
        st.caption(words.count("desk.where_choose", len(entry.offered), asked=label(entry.asked)))
        picked = {str(n): each for n, each in enumerate(entry.offered)}
        names.picked_from(
            words("desk.where"),
            tuple(picked),
            lambda n: _line(page, picked[n]),
            key="entry_offered",
            picked=lambda n: take(picked[n]),
        )
    else:
        st.caption(words("desk.where_none", asked=label(entry.asked)))


def described(page: Page, place: Place) -> str:
    """Return the confirmed place as markup."""
    title, *rest = _parts(page, place)
    return tag(
        "p",
        tag("strong", title),
        tag("span", " · ".join(rest), class_="sr-muted"),
        class_="sr-place",
    )


@guarded
def place_clicked(kind: str, name: str, point: tuple[float, float, float] | None) -> None:
    """Set the place that was clicked on the map."""
    dataset = current().dataset
    if kind == "segment":
        session.put(place_of_segment(dataset, name))
    elif kind in ("town", "supply"):
        session.put(place_of_node(dataset, name))
    elif point is not None:
        session.put(place_at(dataset, point[0], point[1]))


def take(place: Place) -> None:
    """Confirm a place that was offered, and bring it into sight."""
    session.put(place)
    session.ask_redraw()
    cards.bring_into_sight(place.lat, place.lon)


@guarded
def _ask() -> None:
    query = str(st.session_state.get(WHERE) or "").strip()
    session.change(asked=query, offered=places_named(current().dataset, query), fault=None)


@guarded
def _again() -> None:
    session.change(place=None, asked="", offered=())
    session.ask_redraw()


def _line(page: Page, place: Place) -> str:
    return " · ".join(_parts(page, place))


def _parts(page: Page, place: Place) -> list[str]:
    words = page.words
    title = place.name or words("desk.place_near", km=words.number(place.near_km), town=place.near)
    parts = [title, place.region]
    if place.segment_ids:
        parts.append(words.count("desk.place_road", len(place.segment_ids)))
    elif place.name and (place.node_id or place.population is not None):
        parts.append(words.people(place.population))
    if place.road_km is not None and not place.segment_ids:
        near = place.road_km < 0.5
        km = words.number(place.road_km)
        parts.append(words("desk.place_on_road") if near else words("desk.place_off_road", km=km))
    return [part for part in parts if part]
