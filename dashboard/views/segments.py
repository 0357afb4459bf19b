"""Effect of each further closure, alone and in pairs."""

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.markup import label
from dashboard.page import Page
from dashboard.session import visit as session
from dashboard.widgets import controls, several, tables
from geodata import schema as f
from geodata.errors import GeodataError
from geodata.schema import Measure


def draw(page: Page) -> None:
    """Draw the ranking of single closures, then of pairs."""
    words = page.words
    st.caption(words("segments.what"))
    try:
        cuts = page.every_cut()
    except GeodataError as refused:
        st.info(label(refused.text(words.lang)))
        return
    if not len(cuts):
        st.info(words("segments.none"))
        return
    cuts = _chosen(page, cuts)
    shown = pd.DataFrame(
        {
            "road": cuts[f.SEGMENT_ID].map(page.names.segment),
            "isolated": cuts[f.TOWNS_ISOLATED].map(len),
            "people": _people(cuts[f.POPULATION_ISOLATED], cuts[f.POPULATION_UNKNOWN]),
            "unknown": cuts[f.POPULATION_UNKNOWN],
            "towns": cuts[f.TOWNS_ISOLATED].map(lambda ids: _names(page, ids)),
            "escorted": cuts[f.TOWNS_ESCORTED].map(len),
            "detoured": cuts[f.TOWNS_DETOURED].map(len),
            **_detours(page, cuts),
            "switched": cuts[f.SUPPLY_SWITCHED].map(len),
        }
    )
    picked = st.session_state.get("segment_picked")
    tables.sortable(
        page,
        shown,
        area="segments",
        key="segments_table",
        decimals={"detour_hours": 1, "detour_hours_max": 1},
        on_select=lambda row: _pick(str(cuts[f.SEGMENT_ID].iloc[row])),
    )
    if picked in page.dataset.network.segment_number:
        st.button(
            words("segments.cut", name=label(page.names.segment(picked))),
            key="segments_cut",
            type="primary",
            on_click=controls.toggle,
            args=(picked,),
        )
    _pairs(page)


def _chosen(page: Page, cuts: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the corridors and regions that the visitor chooses; of none, all."""
    words, state, network = page.words, page.state, page.dataset.network
    corridors, regions = page.corridors, sorted(set(network.nodes[f.ADMIN1]) - {""})
    with st.container(key="segments_filter", horizontal=True):
        if corridors:
            several.choose(
                page,
                "corridor",
                list(corridors),
                key="segments_corridor",
                title=words("segments.corridors"),
                none=words("segments.every_road"),
            )
        if regions:
            several.choose(
                page,
                "region",
                regions,
                key="segments_region",
                title=words("towns.regions"),
                none=words("towns.all_regions"),
                name=page.names.region,
            )
    rows = [network.segment_number[each] for each in cuts[f.SEGMENT_ID]]
    wanted = np.ones(len(cuts), dtype=bool)
    if state.corridor:
        along = {each for name in state.corridor for each in corridors.get(name, ())}
        wanted &= cuts[f.SEGMENT_ID].isin(along).to_numpy(bool)
    if state.region:
        inside = network.nodes[f.ADMIN1].isin(state.region).to_numpy(bool)
        wanted &= (inside[network.tail] | inside[network.head])[rows]
    return cuts[wanted]


def _people(known: pd.Series, unknown: pd.Series) -> pd.Series:
    """Return the people concerned; missing if every town has an unknown population."""
    return known.astype("Int64").mask((known == 0) & (unknown > 0))


def _detours(page: Page, cuts: pd.DataFrame) -> dict[str, pd.Series]:
    """Return the total and longest detour, in km or in hours."""
    if page.state.by == Measure.HOURS:
        return {
            "detour_hours": cuts[f.DETOUR_HOURS_TOTAL],
            "detour_hours_max": cuts[f.DETOUR_HOURS_MAX],
        }
    return {"detour_km": cuts[f.DETOUR_KM_TOTAL], "detour_max": cuts[f.DETOUR_KM_MAX]}


def _pick(segment_id: str) -> None:
    session.visit().touched = True
    st.session_state["segment_picked"] = segment_id


def _pairs(page: Page) -> None:
    words = page.words
    if not st.toggle(words("segments.pairs"), key="segments_pairs"):
        return
    try:
        with st.spinner(words("page.working"), show_time=True):
            pairs, searched = page.pairs()
    except GeodataError as refused:
        st.info(label(refused.text(words.lang)))
        return
    note = "segments.pairs_all" if searched["complete"] else "segments.pairs_some"
    st.caption(words(note, n=words.number(len(pairs))))
    shown = pd.DataFrame(
        {
            "first": pairs[f.SEGMENTS].map(lambda ids: page.names.segment(ids[0])),
            "second": pairs[f.SEGMENTS].map(lambda ids: page.names.segment(ids[1])),
            "isolated": pairs[f.TOWNS_ISOLATED].map(len),
            "people": pairs[f.POPULATION_ISOLATED],
            "towns": pairs[f.TOWNS_ISOLATED].map(lambda ids: _names(page, ids)),
        }
    )
    tables.sortable(page, shown, area="segments", key="pairs_table")


def _names(page: Page, ids: tuple[str, ...]) -> str:
    return ", ".join(page.names.node(each) for each in ids)
