"""Comparison of this view with another day, preset or scenario."""

from collections.abc import Hashable, Mapping
from dataclasses import replace
from typing import Any, Final

import numpy as np
import streamlit as st

from dashboard.map.view_model import MapDifference
from dashboard.markup import Html, label, table, tag
from dashboard.page import Page
from dashboard.runtime.callbacks import guarded
from dashboard.session import visit as session
from dashboard.session.options import PRESETS, Options
from geodata import schema as f
from geodata.analysis.accessibility import access
from geodata.analysis.comparison import (
    BEFORE,
    CHANGE,
    CHANGED_BY,
    HOURS_CHANGE,
    KM_CHANGE,
    Change,
    Comparison,
    Factor,
    compare,
    in_season_of,
)
from geodata.analysis.work import comparison_work
from geodata.errors import GeodataError
from geodata.events.presets import preset_ids
from geodata.schema import Cause, Measure
from geodata.sharing.permalink import NOTHING, comparing

KINDS: Final = Options(("nothing", "none", "date", "preset", "kept"), "compare_tab.{}")
SLIGHT_KM: Final = 10
"""A route that changes by less is counted as changed, and also counted by itself."""

WORSE: Final = frozenset({Change.LOST, Change.NOW_ESCORTED, Change.LONGER})
BETTER: Final = frozenset({Change.GAINED, Change.FREE_OF_ESCORT, Change.SHORTER})


def draw(page: Page) -> None:
    """Draw the choice of comparison, the changes, and the switch for the map of differences."""
    words = page.words
    _choice(page)
    if page.compared is None:
        st.caption(words("compare_tab.what"))
        return
    key = session.seed("compare_on_map", session.visit().difference)
    st.toggle(words("compare_tab.on_map"), key=key, on_change=_on_map, args=(key,))
    before, after = _in_order(page, page.compared)
    try:
        comparison = _comparison(before, after)
    except GeodataError as refused:
        st.info(label(refused.text(words.lang)))
        return
    names = _view_name(page, before), _view_name(page, after)
    title = words("compare_tab.from_to", before=names[0], after=names[1])
    st.html(
        tag(
            "section",
            tag("h3", title),
            _counts(page, comparison),
            _table(page, comparison, *names),
            _other_cause(page, comparison, *names),
            class_="sr-prose",
        )
    )
    _fuel(page, before, after, names)


def _choice(page: Page) -> None:
    """Draw what to compare with: a kind, and the day or phase it asks for."""
    words = page.words
    with st.container(key="compare_choice", horizontal=True, vertical_alignment="bottom"):
        kind = st.selectbox(
            words("compare_tab.with"),
            KINDS.codes,
            key=session.seed("compare_kind", _kind(page)),
            on_change=_choose,
            format_func=lambda each: KINDS.label(words, each),
        )
        if kind == "date":
            first, last = page.period
            chosen = page.compared.state.date if page.compared else None
            st.date_input(
                words("compare_tab.date"),
                key=session.seed("compare_date", chosen),
                value=None,
                min_value=min(first, chosen or first),
                max_value=max(last, chosen or last),
                format=words.date_field,
                on_change=_take_date,
            )
        elif kind == "preset":
            chosen_preset = page.compared.state.preset if page.compared else None
            key = session.seed("compare_preset", chosen_preset)
            st.selectbox(
                words("compare_tab.preset"),
                PRESETS.codes,
                index=None,
                key=key,
                format_func=lambda each: PRESETS.label(words, each),
                on_change=_take_preset,
            )
        st.button(
            words("compare_tab.keep"),
            key="compare_keep",
            on_click=_keep,
            help=words("compare_tab.keep_help"),
        )


def _comparison(before: Page, after: Page) -> Comparison:
    """Return what changed, the season apart from the roads, as the products tell it."""
    earlier, later = before.situation.conditions, after.situation.conditions
    step = in_season_of(earlier, later)
    network = after.dataset.network
    with after.held.bound(comparison_work(network)):
        between = None if step is None else access(network, step, count_routes=False)
        return compare(before.access, after.access, between=between)


def _fuel(page: Page, before: Page, after: Page, names: tuple[str, str]) -> None:
    """Draw the towns whose fuel estimate differs on the second day, if asked for."""
    words = page.words
    days = [each.state.date for each in (before, after) if not each.state.preset]
    if len(days) != 2 or None in days or days[0] == days[1]:
        return
    if not st.toggle(words("compare_tab.fuel"), key="compare_fuel"):
        return
    try:
        with st.spinner(words("fuel.working"), show_time=True):
            estimate = page.fuel()
        first, last = (estimate.on(day).set_index(f.NODE_ID)["word"] for day in days if day)
    except GeodataError as refused:
        st.caption(refused.text(words.lang))
        return
    changed = first.index[first != last]
    rows = [
        [
            page.names.node(town),
            *(words(f"fuel_days.word.{each[town]}") for each in (first, last)),
        ]
        for town in changed
    ]
    if not rows:
        st.caption(words("compare_tab.fuel_same"))
        return
    head = [words("compare_tab.column_town"), *names]
    fuel_table = table(head, rows, caption=words("compare_tab.fuel_what"))
    st.html(
        tag("section", tag("h3", words("compare_tab.fuel_what")), fuel_table, class_="sr-prose")
    )


def _in_order(page: Page, other: Page) -> tuple[Page, Page]:
    """Return both views, the earlier day first; without two days, the compared one first."""
    here, there = page.state.date, other.state.date
    return (page, other) if here and there and here < there else (other, page)


def difference(page: Page) -> MapDifference | None:
    """Return what to draw on the map instead of states, if asked for."""
    if page.compared is None or not session.visit().difference:
        return None
    earlier, later = _in_order(page, page.compared)
    network = page.dataset.network
    before, now = (each.situation.conditions.on(network).passable for each in (earlier, later))
    lost, gained = (
        [network.segment_ids[row] for row in np.flatnonzero(changed)]
        for changed in (before & ~now, now & ~before)
    )
    towns = compare(earlier.access, later.access).changed
    worse = towns.loc[towns[CHANGE].isin(WORSE), f.NODE_ID]
    better = towns.loc[towns[CHANGE].isin(BETTER), f.NODE_ID]
    return MapDifference(lost, gained, list(worse), list(better))


@guarded
def _on_map(key: str) -> None:
    here = session.visit()
    here.touched, here.difference = True, st.session_state[key]


def _kind(page: Page) -> str:
    """Return the current kind of comparison; an unfinished choice is kept."""
    code = page.state.compare
    if not code:
        pending: str = st.session_state.get("compare_pending", "nothing")
        return pending
    if code == NOTHING:
        return "none"
    if code in preset_ids():
        return "preset"
    return "kept" if ":" in code else "date"


@guarded
def _choose() -> None:
    kind = KINDS.code(st.session_state["compare_kind"])
    session.visit().touched = True
    st.session_state["compare_pending"] = kind if kind in ("date", "preset") else "nothing"
    if kind == "none":
        session.change(compare=NOTHING)
    elif kind == "kept":
        _keep()
    else:
        session.change(compare="")


@guarded
def _take_date() -> None:
    day = st.session_state["compare_date"]
    session.change(compare=day.isoformat() if day else "")


@guarded
def _take_preset() -> None:
    sent = st.session_state["compare_preset"]
    session.change(compare=PRESETS.code(sent) if sent else "")


@guarded
def _keep() -> None:
    """Keep the view as it is, to compare what comes next with it."""
    state = session.state()
    session.go(comparing(state, replace(state, compare="")))


def _view_name(page: Page, shown: Page) -> str:
    """Return the name of one of the two views."""
    words, state = page.words, shown.state
    if shown is not page and page.state.compare == NOTHING:
        return words("compare_tab.none")
    if state.preset:
        return words(f"phases.{state.preset}")
    day = words.day(state.date) if state.date else words("page.no_date")
    cut = shown.situation.conditions.cut
    cuts = words.count("compare_tab.cuts", len(cut))
    return f"{day}, {cuts}" if cut or not state.date else day


def _counts(page: Page, comparison: Comparison) -> Html:
    words = page.words
    shown = []
    for change in Change:
        n = comparison.count(change)
        if n and change != Change.SAME:
            people, unknown = comparison.people(change)
            details = [
                *_causes(page, comparison, change),
                *_by_how_much(page, comparison, change),
                *([words.count("page.people_left_out", unknown)] if unknown else []),
            ]
            shown.append(
                tag(
                    "li",
                    words.label(words(f"compare.{change}")),
                    tag("strong", words.count("compare_tab.towns", n)),
                    ", ",
                    words("page.people", n=words.number(people)),
                    tag("div", " · ".join(details), class_="sr-muted"),
                )
            )
    return tag("ul", *shown) if shown else tag("p", words("compare_tab.same"))


def _causes(page: Page, comparison: Comparison, change: Change) -> list[str]:
    """Return each cause with the number of towns it accounts for."""
    words = page.words
    return [
        words.label(_cause(page, change, cause)) + words.number(n)
        for cause, n in comparison.causes(change).items()
    ]


def _by_how_much(page: Page, comparison: Comparison, change: Change) -> list[str]:
    """Return how much longer or shorter the routes are, and of how many towns hardly at all."""
    if change not in (Change.LONGER, Change.SHORTER):
        return []
    words, in_km = page.words, page.state.by == Measure.KM
    towns = comparison.towns
    by = towns.loc[towns[CHANGE] == change, KM_CHANGE if in_km else HOURS_CHANGE].abs()
    ends = [words.number(each, decimals=0 if in_km else 1) for each in (by.min(), by.max())]
    span = "–".join(dict.fromkeys(ends))
    if not in_km:
        return [words("compare_tab.by_hours", hours=span)]
    slight = int((by < SLIGHT_KM).sum())
    by_km = words("compare_tab.by_km", km=span)
    if not 0 < slight < len(by):
        return [by_km]
    return [by_km + ", " + words.count("compare_tab.slight", slight, km=SLIGHT_KM)]


def _cause(page: Page, change: Change, cause: Cause | Factor) -> str:
    """Name what isolates towns now, what isolated them before, or what changed their way."""
    words = page.words
    if change == Change.GAINED:
        return words("compare_tab.cause_before", cause=words(f"export.cause_{cause}"))
    by = "cause" if change == Change.LOST else "changed_by"
    return words(f"export.{by}_{cause}")


def _cause_of(page: Page, row: Mapping[Hashable, Any]) -> str:
    change = row[CHANGE]
    column = {Change.LOST: f.ISOLATED_BY, Change.GAINED: f.ISOLATED_BY + BEFORE}
    return _cause(page, change, row[column.get(change, CHANGED_BY)])


def _other_cause(page: Page, comparison: Comparison, before: str, after: str) -> Html | None:
    """List the towns that stay isolated, but by another cause."""
    words, towns = page.words, comparison.other_cause
    if not len(towns):
        return None
    rows = [
        [
            str(row[f.NAME]),
            *(words(f"export.cause_{row[f.ISOLATED_BY + when]}") for when in (BEFORE, "")),
        ]
        for row in towns.to_dict("records")
    ]
    caption = words.count("compare_tab.other_cause", len(rows))
    head = [words("compare_tab.column_town"), before, after]
    return tag("div", tag("p", caption), table(head, rows, caption=caption))


def _table(page: Page, comparison: Comparison, before: str, after: str) -> Html | None:
    words = page.words
    rows = [
        [
            str(row[f.NAME]),
            words(f"compare.{row[CHANGE]}"),
            _cause_of(page, row),
            words(f"core.town_state.{row[f.STATE + BEFORE]}"),
            words(f"core.town_state.{row[f.STATE]}"),
            _supply(page, row[f.SUPPLY_POINT + BEFORE]),
            _supply(page, row[f.SUPPLY_POINT]),
            _signed(page, row[KM_CHANGE]),
        ]
        for row in comparison.changed.to_dict("records")
    ]
    if not rows:
        return None
    supply = words("compare_tab.column_supply")
    head = [
        words("compare_tab.column_town"),
        words("compare_tab.column_change"),
        words("export.head_cause"),
        before,
        after,
        words.label(supply) + before,
        words.label(supply) + after,
        words("compare_tab.column_km"),
    ]
    return table(head, rows, caption=words("tabs.compare"), numeric=(7,), stacked=True)


def _signed(page: Page, km: float) -> str:
    """Return a difference with its sign, or a dash if there is none."""
    if km != km:
        return "–"
    sign = "+" if km > 0 else "\u2212" if km < 0 else ""
    return sign + page.words.number(abs(km))


def _supply(page: Page, node: object) -> str:
    return page.names.node(node) if isinstance(node, str) else "–"
