"""The card of a route: where from and where to, and the route stretch by stretch."""

from typing import Any, Final

import streamlit as st

from dashboard.markup import Html, tag
from dashboard.page import Page, current
from dashboard.runtime.callbacks import guarded
from dashboard.session import cards, search, visit
from dashboard.widgets import names
from geodata import schema as f
from geodata.analysis.way_between import Way
from geodata.network.search import HitKind
from geodata.schema import SegmentState

ENDS: Final = ("start", "end")
ICONS: Final = (":material/trip_origin:", ":material/location_on:")
HITS: Final = "way_hits"
"""In the session: the end that was searched for, what was typed, and the places it may mean."""

CHARACTERS: Final = 80


def title(page: Page, ends: tuple[str, ...]) -> str:
    """Heading of the card."""
    if len(ends) < len(ENDS):
        return page.words("way.title_open")
    start, end = (page.names.node(each) for each in ends)
    return page.words("way.title", start=start, end=end)


def draw(page: Page, ends: tuple[str, ...]) -> None:
    """Two searches, and the answer when both are filled in."""
    words = page.words
    with st.container(key="way_ends", gap="xxsmall"):
        for place, end in enumerate(ENDS):
            shown = page.names.node(ends[place]) if place < len(ends) else ""
            key = visit.seed(f"way_{end}", shown)
            st.text_input(
                words(f"way.{end}"),
                key=key,
                placeholder=words("way.example"),
                on_change=_find,
                args=(place, key),
                max_chars=CHARACTERS,
                icon=ICONS[place],
            )
            _hits(page, place)
        with st.container(key="way_swap_row", horizontal=True, gap="xsmall"):
            st.button(
                words("way.swap"),
                key="way_swap",
                icon=":material/swap_vert:",
                type="tertiary",
                on_click=_swap,
                disabled=len(ends) < len(ENDS),
            )
    if len(ends) < len(ENDS):
        st.caption(words("way.how"))
        return
    _answer(page, *ends)


def _hits(page: Page, place: int) -> None:
    """Places that the last search may mean, if it was not one alone."""
    search_hits = st.session_state.get(HITS)
    if search_hits is None or search_hits[0] != place:
        return
    _, query, ids = search_hits
    if not ids:
        st.html(tag("p", page.words("way.none", asked=query), class_="sr-muted", role="status"))
    names.picked_from(
        page.words("find.label"),
        ids,
        lambda one: page.names.node(one),
        key="way_found",
        picked=lambda one: put(place, one),
    )


@guarded
def _find(place: int, key: str) -> None:
    """Fill in what was meant, or list what may be meant."""
    query = str(st.session_state[key] or "").strip()
    st.session_state[HITS] = None
    here = visit.visit()
    here.touched = True
    if not query:
        _put(tuple(each for n, each in enumerate(_ends()) if n != place)[: place + 1])
        return
    hits = [hit for hit in search.hits(current().held, query) if hit.kind == HitKind.NODE]
    if len(hits) == 1:
        put(place, hits[0].id)
    else:
        st.session_state[HITS] = (place, query, tuple(hit.id for hit in hits))


def _ends() -> tuple[str, ...]:
    card = cards.opened()
    return card.ids if card is not None and card.kind == cards.WAY else ()


def wants_end() -> bool:
    """Whether the card of a route is open and lacks an end, which a click on the map can give."""
    card = cards.opened()
    return card is not None and card.kind == cards.WAY and len(card.ids) < len(ENDS)


@guarded
def put(place: int, node: str) -> None:
    """Fill in one end; the first before the second, whichever was searched for."""
    st.session_state[HITS] = None
    ends = [*_ends()[: len(ENDS)]]
    if place < len(ends):
        ends[place] = node
    else:
        ends.append(node)
    _put(tuple(dict.fromkeys(ends)))


@guarded
def _swap() -> None:
    _put(_ends()[::-1])


def _put(ends: tuple[str, ...]) -> None:
    """Show the route between these in the card that is open: no step back."""
    here = visit.visit()
    here.touched = True
    here.card = None if ends else visit.Card(cards.WAY, ())
    visit.change(town=None, way=ends)


def _answer(page: Page, start: str, end: str) -> None:
    words = page.words
    route = page.way_between(start, end)
    for_whom = words(
        "way.for",
        traffic=words(f"controls.moves_{page.state.traffic}"),
        day=words.day(page.state.date) if page.state.date else words("page.no_date"),
    )
    if route.way is None:
        answer = words("way.closed" if route.former else "way.never")
        st.html(tag("article", tag("p", tag("strong", answer)), _muted(for_whom), class_="sr-card"))
    else:
        st.html(
            tag(
                "article",
                tag("p", tag("strong", _sums(page, route.way)), class_="sr-way-sum"),
                tag("p", *_state(page, route.way), class_="sr-state"),
                _muted(for_whom),
                class_="sr-card",
            )
        )
    _avoided(page, route.avoids)
    if route.way is not None:
        _stretches(page, route.way)
        _beside(page, route.way, route.alternative, route.former)


def _muted(text: str) -> Html:
    return tag("p", text, class_="sr-muted")


def _sums(page: Page, way: Way) -> str:
    words = page.words
    return words("way.sums", km=words.number(way.km), hours=words.number(way.hours))


def _state(page: Page, way: Way) -> list[Html | str]:
    """Whether the whole way is open, and how much of it is contested."""
    words = page.words
    state = SegmentState.ESCORT_ONLY if way.under_escort else SegmentState.OPEN
    if way.contested_km and not way.under_escort:
        state = SegmentState.CONTESTED
    chip = tag("span", words(f"core.segment_state.{state}"), class_=f"sr-chip sr-road-{state}")
    if not way.contested_km:
        return [chip]
    return [chip, words("way.contested", km=words.number(way.contested_km))]


def _avoided(page: Page, segments: tuple[str, ...]) -> None:
    """Roads of the usual route that are not passable now."""
    if not segments:
        return
    title = page.words("way.avoids")
    st.html(tag("h3", title, class_="sr-group"))
    names.listed(title, segments, page.names.segment, key="road_avoided", kind="road")


def _stretches(page: Page, way: Way) -> None:
    """Every road of the way with length, hours and state; each opens its card."""
    words = page.words
    rows: dict[str, dict[Any, Any]] = {
        str(row[f.SEGMENT_ID]): row for row in way.stretches.to_dict("records")
    }

    def described(segment: str) -> str:
        row = rows[segment]
        return words(
            "way.stretch",
            road=words(
                "way.ends",
                start=page.names.node(row[f.FROM_NODE]),
                end=page.names.node(row[f.TO_NODE]),
            ),
            km=words.number(row[f.LENGTH_KM]),
            hours=words.number(row[f.HOURS], decimals=1),
            state=words(f"core.segment_state.{row[f.STATE]}"),
        )

    title = words.count("way.stretches", len(rows))
    st.html(tag("h3", title, class_="sr-group"))
    names.listed(title, tuple(rows), described, key="road_stretches", kind="road")


def _beside(page: Page, way: Way, alternative: Way | None, former: Way | None) -> None:
    """The usual route, if it is another, and a second one that shares no road with this."""
    words = page.words
    parts = []
    if former is not None and list(former.stretches[f.SEGMENT_ID]) != list(
        way.stretches[f.SEGMENT_ID]
    ):
        parts.append(tag("p", words("way.former", way=_sums(page, former))))
    if alternative is not None:
        parts.append(tag("p", words("way.alternative", way=_sums(page, alternative))))
    else:
        parts.append(tag("p", words("way.no_alternative")))
    st.html(tag("article", *parts, class_="sr-card"))
