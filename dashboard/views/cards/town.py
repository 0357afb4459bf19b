"""The card of one town: its access, the reasons, and the exit routes."""

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import Any, Final

import pandas as pd
import streamlit as st

from dashboard.markup import Html, link, tag
from dashboard.page import Page
from dashboard.runtime.callbacks import guarded
from dashboard.session import cards
from dashboard.session import visit as session
from dashboard.views import own_facilities
from dashboard.views.cards import fuel, team
from dashboard.widgets import names
from geodata import schema as f
from geodata.analysis.egress import BEYOND, CLOSED_SEGMENTS, POST
from geodata.analysis.explanation import Explanation
from geodata.analysis.link_words import segment_words
from geodata.errors import GeodataError
from geodata.events.closures import Evidence
from geodata.network.labels import airport_name
from geodata.schema import Cause, SegmentState, TownState

CLOSURES: Final = 8
EVENTS: Final = 4
AIRPORTS_LISTED: Final = dt.date(2026, 10, 1)
"""Month of the list of airports, as ``sources.json`` names it."""


def draw(page: Page, town: str) -> Callable[[], None]:
    """Draw the state in a sentence, the reasons, fuel, routes to the town and exit routes.

    Returns what draws the answer of the fuel model, which takes seconds when first asked for.
    """
    row = _town(page, town)
    parts = (_place(page, town), _state(page, row), why(page, town))
    st.html(tag("article", *parts, class_="sr-card"))
    _roads(page, town)
    st.html(tag("article", fuel.reported(page, town), class_="sr-card"))
    estimate = st.container(key="fuel", gap="xxsmall")
    rest = (_access(page, town), _risk(page, town), _out(page, town))
    st.html(tag("article", *rest, class_="sr-card"))
    if places := own_facilities.of_town(page, town):
        st.html(tag("article", tag("section", *places), class_="sr-card"))
    _out_switch(page, town)
    team.draw(page, town)
    return partial(fuel.draw, page, town, estimate)


def _roads(page: Page, town: str) -> None:
    """Draw the roads named in the reasons, each with a link to its card."""
    links = tuple(dict.fromkeys(link.segment_id for link in page.why(town).links))
    names.listed(
        page.words("card.roads"),
        links[:CLOSURES],
        page.names.segment,
        key="town_roads",
        kind="road",
    )


def _state(page: Page, row: dict[Any, Any]) -> Html:
    words, state = page.words, TownState(row[f.STATE])
    never = row[f.BASELINE_ISOLATED] and state == TownState.ISOLATED
    return tag(
        "p",
        tag("span", words(f"core.town_state.{state}"), class_=f"sr-chip sr-{state}"),
        words("card.state_never" if never else f"card.state_{state}"),
        class_="sr-state",
    )


def _place(page: Page, town: str) -> Html:
    words, row = page.words, _node(page, town)
    people = words.people(row[f.POPULATION])
    source = str(row.get(f.POPULATION_SOURCE) or "")
    year = _whole(row.get(f.POPULATION_YEAR))
    if not year and source.endswith(f.NO_YEAR):
        year, source = words("card.no_year"), source.removesuffix(f.NO_YEAR)
    # The codes of a source's table stand in brackets at its end; a census has its year in its name.
    source, _, agglomeration = source.partition(" (")[0].partition(" agglomeration ")
    if agglomeration:
        source = words("card.agglomeration", source=source, name=agglomeration)
    basis = ", ".join(part for part in (source, "" if year in source else year) if part)
    return tag(
        "p",
        " · ".join(part for part in (page.names.region(row[f.ADMIN1]), people) if part),
        f" ({basis})" if basis else None,
        class_="sr-muted",
    )


def _access(page: Page, town: str) -> Html:
    words, row = page.words, _town(page, town)
    reach = [page.names.node(i) for i in row[f.REACHABLE_SUPPLY_POINTS]]
    now = _way(page, row[f.SUPPLY_POINT], row[f.DISTANCE_KM], row[f.HOURS])
    if row[f.CONTESTED_KM] > 0:
        now = f"{now}, {words('way.contested', km=words.number(row[f.CONTESTED_KM]))}"
    facts = [
        (words("card.now"), now),
        (
            words("card.before"),
            _way(page, row[f.BASELINE_SUPPLY_POINT], row[f.BASELINE_KM], row[f.BASELINE_HOURS]),
        ),
        (words("card.supply_left"), words.listed(reach) or words("card.none")),
        (words("card.routes"), words.number(row[f.INDEPENDENT_ROUTES])),
    ]
    listed = (tag("div", tag("dt", name), tag("dd", value)) for name, value in facts)
    return _section(words("card.access"), tag("dl", *listed, class_="sr-facts"))


def _way(page: Page, supply: object, km: float, hours: float) -> str:
    words = page.words
    if not isinstance(supply, str) or pd.isna(km):
        return words("card.no_way")
    return words(
        "card.way", km=words.number(km), supply=page.names.node(supply), hours=words.number(hours)
    )


def why(page: Page, town: str) -> Html | None:
    """Return why the town is not reached as usual; nothing for one that is."""
    row, explanation = _town(page, town), page.why(town)
    if row[f.STATE] == TownState.OPEN and not explanation.links:
        return None
    parts = [*_cause(page, row), *(_link(page, explanation, each) for each in explanation.links)]
    if not row[f.ISOLATED]:
        parts += _left(page, town, row)
    return _section(page.words("card.why"), *parts)


def _cause(page: Page, row: dict[Any, Any]) -> list[Html]:
    """Return the cause other than closures that isolates the town."""
    words, cause = page.words, row[f.ISOLATED_BY]
    if cause in (None, Cause.CLOSURE):
        return []
    off = words.listed([page.names.node(point) for point in page.state.off])
    also = Cause.CLOSURE in row[f.SUFFICIENT_CAUSES]
    return [
        tag(
            "p",
            words(f"card.by_{cause}", names=off),
            " " + words("card.closed_too") if also else None,
        )
    ]


def _left(page: Page, town: str, row: dict[Any, Any]) -> list[Html]:
    """Return what the season and supply points off remove from the usual route."""
    words, before = page.words, page.way(town, before=True)
    lines = []
    if row[f.BASELINE_SUPPLY_POINT] in page.state.off:
        lines.append(words("card.supply_off", name=page.names.node(row[f.BASELINE_SUPPLY_POINT])))
    for segment in before.segments if before else ():
        if page.state_of(segment) == SegmentState.IMPASSABLE:
            lines.append(words("card.season_road", name=page.names.segment(segment)))
    return [tag("p", each) for each in lines]


def _link(page: Page, explanation: Explanation, each: Any) -> Html:
    words = page.words
    role = words(f"why.role.{each.role}", segment=page.names.segment(each.segment_id))
    more = segment_words(explanation, each, words.lang)
    latest = sorted(
        each.evidence,
        reverse=True,
        key=lambda evidence: explanation.events[f.DATE].loc[evidence.event_id],
    )
    events = [_event(page, explanation, evidence) for evidence in latest[:EVENTS]]
    left = len(each.evidence) - len(events)
    if left > 0:
        events.append(tag("li", words.count("card.more_events", left), class_="sr-muted"))
    note = next((n for n in page.state.notes if n.segment_id == each.segment_id), None)
    reason = tag("p", note.reason, class_="sr-muted") if note and note.reason else None
    return tag(
        "div",
        tag("p", role, f" ({more})" if more else None),
        reason,
        tag("ul", *events) if events else None,
    )


def _event(page: Page, explanation: Explanation, evidence: Evidence) -> Html:
    words = page.words
    event: dict[Any, Any] = explanation.events.loc[evidence.event_id].to_dict()
    source = link(str(event[f.SOURCE_URL]), str(event[f.SOURCE_NAME]))
    confidence = words(f"why.confidence.{event[f.CONFIDENCE]}")
    when = tag("time", words.label(words.day(event[f.DATE])))
    return tag(
        "li",
        when,
        words(evidence.reason),
        ". ",
        source,
        " ",
        tag("span", words("card.confidence", level=confidence), class_="sr-muted"),
    )


def _risk(page: Page, town: str) -> Html | None:
    """Return the segments each of which, cut alone, would isolate the town."""
    words, row = page.words, _town(page, town)
    if row[f.ISOLATED]:
        return None
    try:
        segments = page.cuts_isolating(town)
    except GeodataError as refused:
        return _section(words("card.risk"), tag("p", refused.text(words.lang)))
    if not segments:
        return _section(words("card.risk"), tag("p", words("card.no_risk")))
    shown = [tag("li", page.names.segment(i)) for i in segments[:CLOSURES]]
    if len(segments) > CLOSURES:
        shown.append(tag("li", words.count("card.more_roads", len(segments) - CLOSURES)))
    return _section(words("card.risk"), tag("ul", *shown))


def _out(page: Page, town: str) -> Html:
    """The best way to each neighbouring country with its state, and the nearest airports."""
    words = page.words
    ways = page.ways_out(town).drop_duplicates(f.COUNTRY)
    items = [tag("li", *_way_out(page, row)) for row in ways.to_dict("records")]
    flight = _airports(page, town)
    if not items:
        return _section(words("card.out"), tag("p", words("card.out_none")), flight)
    light = tag("p", words("card.out_by"), class_="sr-muted")
    return _section(words("card.out"), light, tag("ul", *items, class_="sr-ways-out"), flight)


def _airports(page: Page, town: str) -> Html | None:
    """The nearest airports with their distance, and how much is known of them."""
    words = page.words
    named = [
        words(
            "card.airport",
            name=airport_name(row[f.NAME]),
            km=words.number(row[f.DISTANCE_KM]),
        )
        for row in page.airports(town)
    ]
    if not named:
        return None
    listed = words("core.semicolon").join(named)
    month = words.month(AIRPORTS_LISTED)
    return tag("p", words("card.airports", airports=listed, month=month))


def _way_out(page: Page, row: dict[Any, Any]) -> tuple[Html, str]:
    """One border in words: ``To Senegal by Diboli–Kidira``, how far and in what state."""
    words = page.words
    where = words(
        "card.out_to",
        country=page.country(str(row[f.COUNTRY])),
        post=page.names.node(row[POST]),
        beyond=page.names.node(row[BEYOND]),
    )
    closed = row[CLOSED_SEGMENTS]
    if row[f.STATE] == SegmentState.CLOSED:
        far = (
            words("card.out_closed", road=page.names.ends(closed[0]))
            if closed
            else words("card.out_never")
        )
    else:
        escort = row[f.STATE] == SegmentState.ESCORT_ONLY
        far = words(
            "card.out_escort" if escort else "card.out_km",
            km=words.number(row[f.DISTANCE_KM]),
            hours=words.number(row[f.HOURS]),
        )
    return tag("strong", words.label(where)), far


def _out_switch(page: Page, town: str) -> None:
    """Draw the ways out on the map, or no longer."""
    with st.container(key="town_tools", horizontal=True, gap="xsmall"):
        st.button(
            page.words("way.from_here"),
            key="way_from_here",
            icon=":material/directions:",
            on_click=cards.show,
            args=(cards.WAY, town),
        )
        if len(page.ways_out(town)):
            key = session.seed("show_ways_out", session.visit().ways_out)
            st.toggle(page.words("card.out_show"), key=key, on_change=_switch, args=(key,))


@guarded
def _switch(key: str) -> None:
    here = session.visit()
    here.touched, here.ways_out = True, bool(st.session_state[key])


def _section(title: str, *parts: Html | None) -> Html:
    return tag("section", tag("h3", title), *parts)


def _node(page: Page, town: str) -> dict[str, Any]:
    network = page.dataset.network
    row = network.nodes.iloc[network.node_number[town]]
    return {str(name): value for name, value in row.items()}


def _town(page: Page, town: str) -> dict[Any, Any]:
    towns = page.situation.access.towns
    rows: list[dict[Any, Any]] = towns[towns[f.NODE_ID] == town].to_dict("records")
    return rows[0]


def _whole(value: object) -> str:
    known = isinstance(value, int | float) and not pd.isna(value)
    return str(int(value)) if known else ""  # type: ignore[call-overload]
