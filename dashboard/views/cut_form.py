"""What to cut: one road, several, all of a road number or corridor, or all roads of an area.

Except for one road, nothing is cut before its effect was shown.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

import streamlit as st

from dashboard.markup import label, tag
from dashboard.page import Page, current
from dashboard.runtime.callbacks import guarded
from dashboard.session import actions, cards, pending, sheet, visit
from dashboard.session.options import Options
from dashboard.session.pending import WAYS
from dashboard.widgets import controls, names, selections
from geodata.analysis.cuts import CutPreview, preview, select, selected_ids
from geodata.i18n import plural
from geodata.network.selection import (
    MAX_KM,
    Circle,
    CorridorName,
    RoadNumber,
    Selection,
    road_numbers,
)
from geodata.sharing.selection_code import selection_code

OPTIONS: Final = Options(WAYS, "cutting.how_{}")
RADIUS_KM: Final = 30.0
TOWNS: Final = 12
"""Names of towns that a pending cut would isolate; more are counted."""


def draw(page: Page) -> None:
    """How to choose, what is chosen, and what the cut would do."""
    words, how = page.words, pending.pending().how
    ways = _ways(page)
    key = visit.seed("cut_how", how if how in ways else WAYS[0])
    st.pills(
        words("cutting.how"),
        ways,
        key=key,
        required=True,
        format_func=lambda one: OPTIONS.label(words, one),
        on_change=_choose,
        args=(key,),
    )
    FIELDS[how if how in ways else WAYS[0]](page)
    if pending.segment_ids(page.dataset):
        _preview(page)


def _ways(page: Page) -> tuple[str, ...]:
    """Ways to choose that this data set has: not every one has road numbers and corridors."""
    has = {
        "number": bool(_numbers(page)),
        "corridor": bool(_corridors(page)),
        "circle": bool(len(page.dataset.network.towns)),
    }
    return tuple(way for way in WAYS if has.get(way, True))


@guarded
def _choose(key: str) -> None:
    pending.choose(OPTIONS.code(st.session_state[key]))
    if pending.pending().how == "drawn":
        sheet.show_map()


def _numbers(page: Page) -> tuple[str, ...]:
    return page.held.get(("road-numbers",), lambda: road_numbers(page.dataset.network))


def _corridors(page: Page) -> tuple[str, ...]:
    return tuple(page.dataset.corridors.segments)


def _one_road(page: Page) -> None:
    st.caption(page.words("scenario.how"))
    controls.draw_road_finder(page)


def _several_roads(page: Page) -> None:
    """A list to search in; roads marked on the map stand in it too."""
    chosen = list(pending.usable(page.dataset).segments)
    ids = list(dict.fromkeys([*page.names.listed_segments, *chosen]))
    _many(page, "roads", ids, chosen, page.names.segment)
    st.caption(page.words("cutting.roads_how"))


def _road_numbers(page: Page) -> None:
    chosen = [
        s.number for s in pending.usable(page.dataset).selections if isinstance(s, RoadNumber)
    ]
    _many(page, "number", list(_numbers(page)), chosen, str)


def _corridor_names(page: Page) -> None:
    chosen = [
        s.name for s in pending.usable(page.dataset).selections if isinstance(s, CorridorName)
    ]
    _many(page, "corridor", list(_corridors(page)), chosen, str)


def _many(
    page: Page, how: str, options: list[str], chosen: list[str], name: Callable[[str], str]
) -> None:
    """A list of which any number can be chosen."""
    words = page.words
    key = visit.seed(f"cut_{how}", [each for each in chosen if each in options])
    st.multiselect(
        words(f"cutting.pick_{how}"),
        options,
        key=key,
        format_func=name,
        placeholder=words(f"cutting.pick_{how}"),
        on_change=_take,
        args=(how, key),
        select_all=False,
        label_visibility="collapsed",
    )


@guarded
def _take(how: str, key: str) -> None:
    chosen = [str(each) for each in st.session_state[key]]
    if how == "roads":
        pending.mark(chosen)
    else:
        kind = RoadNumber if how == "number" else CorridorName
        pending.select([kind(each) for each in chosen])


def _circle(page: Page) -> None:
    """A town and a radius: an area without drawing."""
    words = page.words
    towns = sorted(page.dataset.network.towns, key=page.names.node)
    with st.container(key="cut_circle", horizontal=True, vertical_alignment="bottom", gap="xsmall"):
        st.selectbox(
            words("cutting.circle_town"),
            towns,
            index=None,
            key="cut_circle_town",
            format_func=page.names.node,
            placeholder=words("cutting.circle_town"),
            on_change=_around,
        )
        st.number_input(
            words("cutting.circle_km"),
            1.0,
            MAX_KM,
            RADIUS_KM,
            step=5.0,
            format="%g",
            key="cut_circle_km",
            on_change=_around,
        )


@guarded
def _around() -> None:
    network = current().dataset.network
    town, km = st.session_state["cut_circle_town"], st.session_state["cut_circle_km"]
    if town not in network.node_number or km is None:
        pending.select([])
        return
    at = network.nodes.geometry.iloc[network.node_number[town]].centroid
    pending.select([Circle(at.x, at.y, float(km))])


def _drawn(page: Page) -> None:
    """Drawing on the map; what was drawn can be drawn again."""
    drawn = pending.pending().selections
    st.caption(page.words("cutting.drawn_done" if drawn else "cutting.drawn_how"))
    if drawn and not pending.segment_ids(page.dataset):
        st.html(tag("p", page.words("cutting.drawn_empty"), class_="sr-muted", role="status"))
        _discard(page)


FIELDS: Final[Mapping[str, Callable[[Page], None]]] = MappingProxyType(
    {
        "road": _one_road,
        "roads": _several_roads,
        "number": _road_numbers,
        "corridor": _corridor_names,
        "circle": _circle,
        "drawn": _drawn,
    }
)


def _preview(page: Page) -> None:
    """What the pending cut would do, and the button that makes it."""
    words = page.words
    effect = _effect(page)
    with st.container(key="cut_preview", gap="xxsmall"):
        text = effect.text(words.lang)
        st.html(tag("p", text[:1].upper() + text[1:] + ".", class_="sr-preview", role="status"))
        with st.container(key="cut_actions", horizontal=True, gap="xsmall"):
            st.button(
                words.count("cutting.cut", len(pending.segment_ids(page.dataset))),
                key="cut_pending",
                type="primary",
                icon=":material/content_cut:",
                on_click=pending.cut,
                args=(page.dataset,),
            )
            _discard(page)
        for each in pending.usable(page.dataset).selections:
            _doubts(page, each)
        names.listed(
            words("cutting.would_isolate"),
            effect.isolated[:TOWNS],
            page.names.node,
            key="list_cut_isolates",
            kind=cards.TOWN,
        )
        if len(effect.isolated) > TOWNS:
            st.caption(words.count("situation.more", len(effect.isolated) - TOWNS))


def _effect(page: Page) -> CutPreview:
    ids = pending.segment_ids(page.dataset)
    now = page.situation
    return page.held.get(
        ("cut-preview", now.scenario, tuple(sorted(ids))),
        lambda: preview(page.dataset, now.conditions, ids, before=page.access),
    )


def _doubts(page: Page, selection: Selection) -> None:
    """Segments whose road number is unsure, and those abroad that are not cut."""
    selected = select(page.dataset, selection)
    for key, ids in (("select.unsure", selected.unsure), ("select.abroad", selected.abroad)):
        if ids:
            listed = ", ".join(page.names.segment(each) for each in ids)
            what = selections.name(page, selection)
            st.caption(label(plural(key, len(ids), page.words.lang, what=what, names=listed)))


def _discard(page: Page) -> None:
    st.button(page.words("cutting.discard"), key="cut_discard", on_click=_drop)


@guarded
def _drop() -> None:
    pending.discard()
    if "cut_circle_town" in st.session_state:
        st.session_state["cut_circle_town"] = None


def draw_made(page: Page) -> None:
    """Cuts by road number, corridor or area, each with a button to undo it."""
    words = page.words
    for place, each in enumerate(page.state.cut_by):
        n = len(selected_ids(page.dataset, [each]))
        with st.container(key=f"cut_by_{place}", horizontal=True, vertical_alignment="center"):
            name = selections.name(page, each)
            st.markdown(label(words.count("cutting.made", n, name=name)), width="stretch")
            st.button(
                words("scenario.take_back"),
                key=f"take_back_by_{place}",
                icon=":material/close:",
                type="tertiary",
                on_click=_take_back,
                args=(selection_code(each),),
            )


@guarded
def _take_back(code: str) -> None:
    state = visit.state()
    for each in state.cut_by:
        if selection_code(each) == code:
            visit.go(*actions.uncut_selection(state, each))
