"""The map of the page: the state drawn, and clicks taken."""

from dataclasses import replace

import streamlit as st

from dashboard import actions, session
from dashboard.map_files import geometry_url
from dashboard.map_model import LAYERS
from dashboard.maps import MapClick, MapModel, draw_map, take_clicks
from dashboard.page import Page, current
from dashboard.views import compare
from dashboard.views.summary import newly_isolated
from geodata import fields as f
from geodata.fields import SegmentState, TownState
from geodata.situation import reason_text
from geodata.state import View

KEY = "main_map"
HEIGHT = 680


def draw(page: Page) -> None:
    """The map, always in the same place."""
    with st.container(key="map", gap=None):
        draw_map(model(page), key=KEY, height=HEIGHT, on_change=take)


def take() -> None:
    """Act on what was clicked since the last run."""
    for click in take_clicks(KEY):
        act(click)


def act(click: MapClick) -> None:
    """Act on one message of the map."""
    state = session.state()
    if click.kind == "segment":
        shown = current().segment_states.get(click.id)
        if shown is not None:
            session.go(*actions.toggle(state, click.id, shown))
    elif click.kind == "town":
        session.change(town=click.id if click.id != state.town else None)
    elif click.kind == "supply":
        session.go(*actions.switch(state, click.id))
    elif click.kind == "view" and click.view:
        session.change(view=View(*click.view))
    elif click.kind == "layer":
        others = tuple(name for name in state.hide if name != click.id)
        session.change(hide=others if click.on else (*others, click.id))


def model(page: Page) -> MapModel:
    """What the map is told."""
    network, state = page.dataset.network, page.state
    towns = page.access.towns
    affected = towns[towns[f.STATE] != TownState.OPEN]
    view = state.view
    drawn = MapModel(
        network_url=geometry_url(network),
        segment_ids=network.segment_ids,
        node_ids=network.node_ids,
        segment_states={
            segment: (shown, reason_text(page.situation, segment, page.words.lang))
            for segment, shown in page.segment_states.items()
            if shown != SegmentState.OPEN
        },
        town_states=dict(zip(affected[f.NODE_ID], affected[f.STATE], strict=True)),
        new_isolated=newly_isolated(page.access),
        supply_off=state.off,
        corridor=_corridor(page),
        difference=compare.difference(page),
        layers={name: name not in state.hide for name in LAYERS if name != "tiles"},
        lang=page.words.lang,
        theme=page.theme,
        view=(view.lat, view.lon, view.zoom) if view else None,
    )
    return _with_way(drawn, page) if state.town in network.towns else drawn


def _corridor(page: Page) -> tuple[str, ...] | None:
    """Segments of the corridors chosen; None for all."""
    chosen = [page.corridors[name] for name in page.state.corridor if name in page.corridors]
    return tuple(segment for corridor in chosen for segment in corridor) if chosen else None


def _with_way(drawn: MapModel, page: Page) -> MapModel:
    town = page.state.town
    assert town is not None
    now, before = page.way(town), page.way(town, before=True)
    return replace(drawn, selected_town=town, way=now.segments if now else (),
                   former_way=before.segments if before else ())  # fmt: skip
