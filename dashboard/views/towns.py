"""Which towns lost supply, and how every town is reached."""

from typing import Any, Final

import pandas as pd
import streamlit as st

from dashboard.markup import table, tag
from dashboard.page import Page
from dashboard.session import visit
from dashboard.session.options import Options
from dashboard.widgets import several, tables
from geodata import schema as f
from geodata.schema import Cause, TownState

SHORT: Final = 5
"""Rows of the short table: it is sent again with every click."""

CAUSE_RANK: Final = (Cause.CLOSURE, Cause.SEASON, Cause.SUPPLY, Cause.VEHICLE)

SHOWN: Final = Options(("affected", "all"), "towns.{}")

RANK: Final = {
    TownState.ISOLATED: 0,
    TownState.ESCORT_ONLY: 1,
    TownState.DETOUR: 2,
    TownState.OPEN: 3,
}


def draw(page: Page) -> None:
    """Draw the towns whose access is not as usual, or a sortable table of all."""
    words = page.words
    with st.container(key="towns_filter", horizontal=True, vertical_alignment="top"):
        every = (
            st.segmented_control(
                words("towns.show"),
                SHOWN.codes,
                required=True,
                key=visit.keep("towns_show", SHOWN, "affected"),
                format_func=lambda option: SHOWN.label(words, option),
            )
            == "all"
        )
        # Towns of the visitor's own may be without regions.
        if regions := sorted(set(page.access.towns[f.ADMIN1]) - {""}):
            several.choose(
                page,
                "region",
                regions,
                key="choose_region",
                title=words("towns.regions"),
                none=words("towns.all_regions"),
                name=page.names.region,
            )
    towns = page.situation.access.towns if every else page.access.towns
    if page.state.region:
        towns = towns[towns[f.ADMIN1].isin(page.state.region)]
    if every:
        _sortable(page, towns)
    else:
        _affected(page, towns[towns[f.STATE] != TownState.OPEN])


def _affected(page: Page, towns: pd.DataFrame) -> None:
    """Draw isolated towns first, closures before other causes; never reached ones last."""
    words = page.words
    if not len(towns):
        st.caption(words("towns.none_affected"))
        return
    cause = towns[f.ISOLATED_BY].map({each: i for i, each in enumerate(CAUSE_RANK)}).fillna(0)
    order = pd.DataFrame(
        {
            "always": cause == CAUSE_RANK.index(Cause.VEHICLE),
            "rank": towns[f.STATE].map(RANK),
            "cause": cause,
            "people": -towns[f.POPULATION].fillna(-1),
        }
    )
    shown = towns.loc[order.sort_values(["always", "rank", "cause", "people"]).index]
    head = [
        words(f"towns.column_{name}")
        for name in ("name", "state", "people", "supply", "km", "detour")
    ]
    rows = [_row(page, row) for row in shown.head(SHORT).to_dict("records")]
    st.html(table(head, rows, caption=words("towns.affected"), numeric=(2, 4, 5)))
    if len(shown) > SHORT:
        st.caption(words.count("towns.more", len(shown) - SHORT))


def _row(page: Page, row: dict[Any, Any]) -> list[str | None]:
    words = page.words
    state = _state(page, row[f.STATE], row[f.ISOLATED_BY])
    chip = tag("span", state, class_=f"sr-chip sr-{row[f.STATE]}")
    supply = row[f.SUPPLY_POINT] if isinstance(row[f.SUPPLY_POINT], str) else ""
    return [
        str(row[f.NAME]),
        chip,
        words.known(row[f.POPULATION]),
        page.names.node(supply) if supply else "–",
        tables.km(words, row[f.DISTANCE_KM]),
        tables.km(words, row[f.DETOUR_KM]),
    ]


def _state(page: Page, state: str, cause: object) -> str:
    """Return the state of a town, with the cause if it is isolated."""
    if cause == Cause.VEHICLE:
        return page.words("towns.always")
    known = isinstance(cause, Cause)
    return page.words(f"towns.by_{cause}" if known else f"core.town_state.{state}")


def _sortable(page: Page, towns: pd.DataFrame) -> None:
    words = page.words
    state = [
        _state(page, each, cause)
        for each, cause in zip(towns[f.STATE], towns[f.ISOLATED_BY], strict=True)
    ]
    shown = pd.DataFrame(
        {
            "name": towns[f.NAME],
            "region": [page.names.region(each) for each in towns[f.ADMIN1]],
            "state": state,
            "people": towns[f.POPULATION].astype("Int64"),
            "supply": [
                page.names.node(i) if isinstance(i, str) else None for i in towns[f.SUPPLY_POINT]
            ],
            "km": towns[f.DISTANCE_KM],
            "before": towns[f.BASELINE_KM],
            "detour": towns[f.DETOUR_KM],
            "hours": towns[f.HOURS],
            "points": towns[f.REACHABLE_SUPPLY_POINTS].map(len),
            "routes": towns[f.INDEPENDENT_ROUTES],
        }
    )
    st.caption(words("towns.click"))
    ids = list(towns[f.NODE_ID])
    tables.sortable(
        page,
        shown,
        area="towns",
        key="towns_table",
        decimals={"hours": 1},
        on_select=lambda row: visit.change(town=ids[row]),
    )
