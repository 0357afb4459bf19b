"""The map of the page: the state drawn, and clicks received."""

from contextlib import suppress
from dataclasses import replace
from typing import Any

import numpy as np
import shapely
import streamlit as st

from dashboard.map.assets import geometry_url, lines_of, node_ids_of
from dashboard.map.component import MapClick, MapModel, draw_map, take_clicks
from dashboard.map.payload import code_event_table
from dashboard.map.view_model import LAYERS, NO_ESTIMATE, ON_REQUEST, CodedEvents
from dashboard.page import Page, current
from dashboard.runtime import session_answers
from dashboard.runtime.callbacks import guarded
from dashboard.runtime.long_work import one_at_a_time
from dashboard.session import actions, cards, entry, own_facilities, pending, sheet, visit
from dashboard.session.extent import Extent, extent, extent_of_roads
from dashboard.views import compare, road_effects
from dashboard.views.cards import way as way_card
from dashboard.views.desk import place
from dashboard.widgets import option_names
from geodata import schema as f
from geodata.analysis.facilities import FACILITY, FACILITY_KIND
from geodata.analysis.situation import reason_text, reason_words
from geodata.errors import GeodataError
from geodata.events.summaries import places, summaries
from geodata.events.table import cells
from geodata.events.vocabulary import LocationPrecision
from geodata.network.findings import PROBLEM, WEIGHTS, Quality
from geodata.network.selection import Area, Circle
from geodata.schema import Cause, SegmentState, TownState
from geodata.sharing.permalink import View, ViewState

KEY = "main_map"
HEIGHT = 680
EVENT_READ = {
    "type": f.EVENT_TYPE,
    "confidence": f.CONFIDENCE,
    "source": f.SOURCE_NAME,
    "url": f.SOURCE_URL,
}
"""What the map reads of an event as the table has it."""

FINDINGS = 1_000
"""Doubts of an import that the map shows; its report holds all."""


def draw(page: Page, *, reports: bool = False) -> None:
    """Draw the map in its fixed place; it may be asked to report when the browser has drawn it."""
    drawn = replace(model(page), reports=reports)
    draw_map(drawn, key=KEY, height=HEIGHT, on_change=take)


@guarded
def take() -> None:
    """Act on what was clicked since the last run."""
    for click in take_clicks(KEY):
        act(click)
    # Computed before the run sends its first part: the browser draws again every 10 ms, and what
    # comes later than that it draws a second time.
    with suppress(GeodataError):
        _ = current().isolated_by


def act(click: MapClick) -> None:
    """Act on one message of the map."""
    state = visit.state()
    if placing() and click.kind in ("segment", "town", "supply", "point"):
        place.place_clicked(click.kind, click.id, click.view)
    elif click.kind == "segment":
        page = current()
        shown = page.state_of(click.id)
        if shown is not None and looks(page):
            cards.show("road", click.id)
        elif shown is not None:
            visit.go(*actions.toggle(state, click.id, shown))
    elif click.kind == "mark" and current().state_of(click.id) is not None:
        pending.mark_one(click.id)
    elif click.kind == "area":
        _drawn(click.area)
    elif click.kind in ("town", "supply") and way_card.wants_end():
        way_card.put(len(state.way), click.id)
    elif click.kind in ("town", "supply", "region"):
        cards.show(click.kind, click.id)
    elif click.kind in ("event", "events"):
        cards.show("events", *click.id.split(" "))
    elif click.kind == "view" and click.view:
        visit.change(view=View(*click.view))
    elif click.kind == "layer":
        _switch(state, click)


def _switch(state: ViewState, click: MapClick) -> None:
    """Keep in the link only what differs from how a layer is by default."""
    on_request = click.id in ON_REQUEST
    others = tuple(name for name in (state.show if on_request else state.hide) if name != click.id)
    changed = (*others, click.id) if click.on == on_request else others
    if on_request:
        visit.change(show=changed)
    else:
        visit.change(hide=changed)


def prepare(page: Page) -> None:
    """Compute what a layer of the map needs, with a sign that it takes a while."""
    if "fuel" in page.state.show:
        with st.spinner(page.words("fuel.working"), show_time=True), suppress(GeodataError):
            page.fuel()


def _drawn(area: Circle | Area | None) -> None:
    """Show what cutting a drawn area would do; without one, end the drawing."""
    if area is None:
        pending.choose(pending.WAYS[0])
        return
    pending.draw(area)
    sheet.show_panel()


def placing() -> bool:
    """Whether a click says where the event happened that is being entered."""
    opened, written = cards.opened(), entry.entry()
    is_open = opened is not None and opened.kind == entry.CARD
    return is_open and not written.saved and not written.report_of


def looks(page: Page) -> bool:
    """Return whether a click on a road opens its card; in the scenario panel it cuts the road."""
    return page.panel != "scenario" or cards.opened() is not None


def _effects(page: Page) -> str:
    """Let the map ask what a click on a road would change, where a click changes it.

    On a large network each answer would take as long as the click itself.
    """
    if looks(page) or placing() or page.large or pending.pending().how != "road":
        session_answers.withdraw()
        return ""
    return road_effects.offer(page)


def model(page: Page) -> MapModel:
    """Return the state that the map draws."""
    network, state = page.dataset.network, page.state
    towns = page.access.towns
    affected = towns[towns[f.STATE] != TownState.OPEN]
    view = state.view
    drawn = MapModel(
        network_url=geometry_url(network),
        segment_ids=network.segment_number,
        node_ids=node_ids_of(network),
        segment_states={
            segment: (shown, _reason(page, segment, shown))
            for segment, shown in page.shut_or_unsafe.items()
        },
        impassable={
            reason_words(page.situation, reason, (), page.words.lang): rows.tolist()
            for reason, rows in page.situation.impassable.items()
        },
        town_states=dict(zip(affected[f.NODE_ID], affected[f.STATE], strict=True)),
        new_isolated=page.isolated_by[Cause.CLOSURE],
        isolated_by={
            town: cause
            for cause, towns in page.isolated_by.items()
            if cause != Cause.CLOSURE
            for town in towns
        },
        supply_off=state.off,
        corridor=_corridor(page),
        difference=compare.difference(page),
        layers={
            name: name in state.show if name in ON_REQUEST else name not in state.hide
            for name in LAYERS
            if name != "tiles"
        },
        lang=page.words.lang,
        theme=page.theme,
        view=(view.lat, view.lon, view.zoom) if view else None,
        about=_about(page),
        look=looks(page),
        effects=_effects(page),
        facilities=_facilities(page),
        placing=placing(),
        pin=_pin(),
        **_cutting(page),
    )
    drawn = _with_fuel(_with_events(drawn, page), page)
    if state.town in network.towns:
        drawn = _with_way(drawn, page)
    elif state.way:
        drawn = _with_route(drawn, page)
    return replace(drawn, lines=lines_of(network, _at_any_zoom(drawn)))


def _at_any_zoom(drawn: MapModel) -> list[str]:
    """Segments that must be seen however far away: ways, what is about to be cut, what is shut."""
    change = drawn.difference
    changed = (*change.segments_lost, *change.segments_gained) if change else ()
    return [
        *drawn.way,
        *drawn.former_way,
        *drawn.outs,
        *drawn.pending,
        *changed,
        *drawn.segment_states,
    ]


def _about(page: Page) -> Extent | None:
    """Where lies what the panel is about: the open card's subject, or what is about to be cut."""
    network, card = page.dataset.network, cards.opened()
    if card is not None:
        return extent(network, page.reported, card)
    about_to_cut = pending.segment_ids(page.dataset) if page.panel == "scenario" else ()
    return extent_of_roads(network, about_to_cut)


def _facilities(page: Page) -> list[tuple[float, float, str, str]]:
    places = own_facilities.places(page.dataset)
    if places is None:
        return []
    columns = (f.LAT, f.LON, FACILITY, FACILITY_KIND)
    return list(zip(*(places.table[column].tolist() for column in columns), strict=True))


def _pin() -> tuple[float, float] | None:
    """Where the event stands that is being entered."""
    where = entry.entry().place if placing() else None
    return (where.lat, where.lon) if where is not None else None


def _cutting(page: Page) -> dict[str, Any]:
    """What is about to be cut, what the pointer does meanwhile, and outlines of areas cut."""
    chosen = pending.usable(page.dataset)
    open_form = page.panel == "scenario" and cards.opened() is None
    about = chosen.selections if open_form else ()
    return {
        "mark": open_form and chosen.how == "roads",
        "drawing": open_form and chosen.how == "drawn" and not chosen.selections,
        "pending": sorted(pending.segment_ids(page.dataset)) if open_form else (),
        "areas": [each for each in (*page.state.cut_by, *about) if isinstance(each, Circle | Area)],
    }


def _reason(page: Page, segment: str, shown: SegmentState) -> str:
    """Return why a segment is in its state; empty for a cut by hand, which the state shows."""
    if shown == SegmentState.CUT:
        return ""
    return reason_text(page.situation, segment, page.words.lang)


def _corridor(page: Page) -> tuple[str, ...] | None:
    """Return the segments of the chosen corridors; None for all."""
    chosen = [page.corridors[name] for name in page.state.corridor if name in page.corridors]
    return tuple(segment for corridor in chosen for segment in corridor) if chosen else None


def _with_events(drawn: MapModel, page: Page) -> MapModel:
    """Return the model with the events of the window, as points or as badges on regions."""
    state = page.state
    rows, badges = page.held.get(
        ("map-events", state.date, state.window, page.words, page.untold), lambda: _events(page)
    )
    doubts = page.held.get(("map-findings", page.words), lambda: _findings(page))
    return replace(drawn, events=rows, region_badges=badges, findings=doubts)


def _events(page: Page) -> tuple[CodedEvents, dict[str, int]]:
    """Return the events as the map reads them, and the count known only by region."""
    events, words = page.events, page.words
    last = page.state.date or page.period[1]
    regional = events[f.LOCATION_PRECISION] == LocationPrecision.REGION
    badges = events.loc[regional & (events[f.REGION] != ""), f.REGION].value_counts()
    names, dates = cells(events[f.EVENT_ID]), cells(events[f.DATE])
    days = {day: (words.day(day), (last - day).days) for day in set(dates)}
    titles = zip(names, summaries(events, words.lang), strict=True)
    columns = {
        "id": names,
        "lat": cells(events[f.LAT].mask(regional)),
        "lon": cells(events[f.LON].mask(regional)),
        "region": cells(events[f.REGION].where(regional, "")),
        "date": [days[day][0] for day in dates],
        "age_days": [days[day][1] for day in dates],
        "title": ["" if name in page.untold else title for name, title in titles],
        "place": places(events, words.lang),
        **{name: cells(events[column]) for name, column in EVENT_READ.items()},
    }
    with one_at_a_time(len(events)):
        rows = code_event_table(columns)
    return rows, {str(name): int(n) for name, n in badges.items()}


def _findings(page: Page) -> list[tuple[float, float, str, str]]:
    """Return the doubtful places of the network's import, the most severe first, up to a limit."""
    findings = page.dataset.findings
    if findings is None:
        return []
    shown = Quality({}, findings.head(FINDINGS))
    return [
        (lat, lon, WEIGHTS[problem], option_names.on_page(sentence, page.words))
        for (lon, lat), problem, sentence in zip(
            shapely.get_coordinates(shown.places.geometry).tolist(),
            shown.places[PROBLEM],
            shown.messages(page.words.lang),
            strict=True,
        )
    ]


def _with_fuel(drawn: MapModel, page: Page) -> MapModel:
    """Return the model with the fuel estimate of each town, with its date and source."""
    words, day = page.words, page.state.date
    if "fuel" not in page.state.show:
        return drawn
    if day is None:
        return replace(drawn, fuel_note=words("fuel.no_date"))
    try:
        estimate = page.fuel()
    except GeodataError as refused:
        return replace(drawn, fuel_note=refused.text(words.lang))
    first, last = estimate.roads.days[0], estimate.last_day
    if not first <= day <= last:
        note = words("fuel.outside", first=words.day(first), last=words.day(last))
        return replace(drawn, fuel_note=note)
    table = estimate.on(day)
    silent = np.isnan(table["probability_short"].to_numpy(float))
    words_by_town = np.where(silent, NO_ESTIMATE, table["word"].to_numpy(str))
    note = words("map.fuel_note", day=words.day(day), last=words.day(estimate.last_event))
    if page.dataset.own_fuel is not None:
        note += " " + words.count("own_fuel.on", len(page.dataset.own_fuel.towns))
    return replace(
        drawn,
        fuel=dict(zip(table[f.NODE_ID], words_by_town.tolist(), strict=True)),
        fuel_note=note,
    )


def _with_way(drawn: MapModel, page: Page) -> MapModel:
    town = page.state.town or ""
    now, before = page.way(town), page.way(town, before=True)
    return replace(
        drawn,
        selected_town=town,
        way=now.segments if now else (),
        former_way=before.segments if before else (),
        outs=_ways_out(page, town) if visit.visit().ways_out else (),
    )


def _ways_out(page: Page, town: str) -> tuple[str, ...]:
    """Segments of the best way to each neighbouring country that is open now."""
    ways = page.ways_out(town).drop_duplicates(f.COUNTRY)
    ways = ways[ways[f.STATE] != SegmentState.CLOSED]
    return tuple(dict.fromkeys(segment for way in ways["segments"] for segment in way))


def _with_route(drawn: MapModel, page: Page) -> MapModel:
    """The route between two places, and the usual one beside it."""
    ends = [each for each in page.state.way if each in page.dataset.network.node_number]
    if len(ends) < 2:
        return replace(drawn, ends=ends)
    route = page.way_between(*ends)
    now, before = (
        tuple(way.stretches[f.SEGMENT_ID]) if way is not None else ()
        for way in (route.way, route.former)
    )
    return replace(drawn, ends=ends, way=now, former_way=before)
