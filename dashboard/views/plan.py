"""The plan in the scenario panel: the probability of access, and what to do first."""

import math
from collections.abc import Hashable
from dataclasses import replace
from typing import Any, Final

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.markup import Html, label, table, tag
from dashboard.page import Page
from dashboard.runtime.callbacks import guarded
from dashboard.runtime.interruption import end_if_asked_again
from dashboard.session import visit
from dashboard.session.options import BUDGETS
from dashboard.session.plans import Plan, UncertainPlan, plan, routes
from dashboard.views import shocks
from geodata import schema as f
from geodata.analysis.dangers import CROSSING
from geodata.analysis.reliability import BAND, Band
from geodata.analysis.reopening_plan import Budget
from geodata.errors import GeodataError
from geodata.scenario import Scenario, ShockAssumptions

ASKED: Final = "plan_asked"
ROWS: Final = 8
NAMES: Final = 8
CURVE_ROWS: Final = 6
BUDGET_DECIMALS: Final = {Budget.SEGMENTS: 0, Budget.KM: 0, Budget.ESCORT_DAYS: 1}
LEAST_PEOPLE: Final = 0.5
"""Expected people below which a gain would be shown as none."""


def draw(page: Page) -> None:
    """Draw a button, and once it was pressed for this view, every plan with its reasons."""
    words = page.words
    requested = st.session_state.get(ASKED) == _question(page)
    with st.expander(words("plan_tab.title"), expanded=requested, key="plan"):
        st.caption(words("plan_tab.what"))
        if not requested:
            st.button(words("plan_tab.compute"), key="plan_compute", on_click=_ask, args=(page,))
            return
        by = _cost(page)
        result = _computed(page, by)
        if result is None:
            return
        if result.uncertain is None:
            st.info(words("plan_tab.no_date"))
        else:
            st.html(_chances(page, result.uncertain))
            shocks.draw(page)
            st.html(_curve(page, result.uncertain))
        st.html(_reopen(page, result, by))
        if result.uncertain is not None:
            st.html(_keep_open(page, result.uncertain))
            st.html(_stock(page, result.uncertain))
        _routes(page)


def _cost(page: Page) -> Budget:
    """Draw what a reopened road costs, and return it."""
    key = visit.keep("plan_cost", BUDGETS, Budget.SEGMENTS)
    st.selectbox(
        page.words("plan_tab.cost"),
        BUDGETS.codes,
        key=key,
        format_func=lambda each: BUDGETS.label(page.words, each),
    )
    return Budget(BUDGETS.code(st.session_state[key]))


def _computed(page: Page, by: Budget) -> Plan | None:
    """Return the plan; while it is computed, how far it is and a button that ends it."""
    words, place = page.words, st.empty()
    try:
        with place.container():
            # A click on it, as on anything else, ends this run when progress is next reported.
            st.button(words("plan_tab.stop"), key="plan_stop", on_click=_ask, args=(None,))
            bar = st.progress(0.0, words("plan_tab.working"))

            def report(share: float) -> None:
                end_if_asked_again()
                bar.progress(share, words("plan_tab.working"))

            computed = plan(page.held, page.situation, by=by, progress=report)
    except GeodataError as refused:
        place.info(label(refused.text(words.lang)))
        return None
    place.empty()
    return computed


@guarded
def _ask(page: Page | None) -> None:
    """Ask for the plan of this view, or for none."""
    visit.visit().touched = True
    st.session_state[ASKED] = None if page is None else _question(page)


def _question(page: Page) -> tuple[str, Scenario]:
    """Return what was asked: a change of the closures that come together asks the same again."""
    return page.held.fingerprint, replace(page.state.scenario, shocks=ShockAssumptions())


def _chances(page: Page, uncertain: UncertainPlan) -> Html:
    """Return towns by probability band, the least likely first, and how far to trust it."""
    words, towns = page.words, uncertain.access.towns
    parts = []
    for band in reversed(Band):
        ids = towns.loc[towns[BAND] == band].sort_values(f.POPULATION, ascending=False)[f.NODE_ID]
        if len(ids):
            name = tag(
                "dt", words(f"reliability.band.{band}"), " ", tag("b", words.number(len(ids)))
            )
            parts.append(tag("div", name, tag("dd", _towns(page, ids))))
    return _section(
        words("plan_tab.chances", day=words.day(uncertain.on)),
        tag("dl", *parts, class_="sr-facts"),
        tag("p", words("reliability.note"), class_="sr-muted"),
        tag("p", _verdict(page), class_="sr-muted"),
    )


def _curve(page: Page, uncertain: UncertainPlan) -> Html | str:
    """Return how many people keep access as more and more of the uncertain roads close."""
    words, curve = page.words, uncertain.curve.curve
    if len(curve) < 2:  # nothing may close
        return ""
    rows = curve.iloc[np.unique(np.linspace(0, len(curve) - 1, CURVE_ROWS).round().astype(int))]
    title = words("plan_tab.curve")
    head = [words(f"plan_tab.column_{name}") for name in ("closed", "people", "bounds", "towns")]
    lines = [
        [
            words.count("plan_tab.roads_closed", int(row["closed"])),
            _rough(page, row["people"]),
            words(
                "plan_tab.between",
                low=_rough(page, row["people_low"]),
                high=_rough(page, row["people_high"]),
            ),
            words.number(row["towns"]),
        ]
        for row in rows.to_dict("records")
    ]
    note = tag("p", words("plan_tab.curve_what"), class_="sr-muted")
    shown = table(head, lines, caption=title, numeric=(1, 3), stacked=True)
    return _section(title, note, shown)


def _verdict(page: Page) -> str:
    """Return how these probabilities compare with dated reports on fuel."""
    words, last = page.words, page.last_report
    if last is None or not (page.dataset.with_shipped_events and page.dataset.shipped_network):
        return words("plan_tab.unchecked")
    return words("plan_tab.checked", day=words.day(last)) + " " + words("reliability.no_skill")


def _reopen(page: Page, plans: Plan, by: Budget) -> Html:
    """Return the best set within each budget with its towns, and the steps of the largest."""
    words, frontier = page.words, plans.reopening.frontier
    title = words("plan_tab.reopen")
    if not len(frontier):
        return _section(title, tag("p", words("reopen.none")))
    columns = ("roads", "best", "greedy", "gap")
    head = [BUDGETS.label(words, by), *(words(f"plan_tab.column_{name}") for name in columns)]
    rows = [
        [
            _budget(page, row["budget"], by),
            tag(
                "span",
                _roads(page, row[f.SEGMENTS]),
                tag("div", _towns(page, row[f.TOWNS_RESTORED]), class_="sr-muted"),
            ),
            _people(page, row[f.POPULATION_RESTORED], row[f.POPULATION_UNKNOWN]),
            words.number(row["population_greedy"]),
            words.number(row["gap"]),
        ]
        for row in frontier.head(ROWS).to_dict("records")
    ]
    parts = [
        tag("p", words("plan_tab.reopen_what"), class_="sr-muted"),
        table(head, rows, caption=title, numeric=(2, 3, 4), stacked=True),
        tag("p", _proven(page, frontier.head(ROWS), by), class_="sr-muted"),
        tag("h4", words("plan_tab.steps")),
        tag("ol", *(_step(page, row) for _, row in plans.steps.head(ROWS).iterrows())),
    ]
    if len(plans.reopening.together):
        parts.append(tag("h4", words("plan_tab.together")))
        parts.append(
            tag(
                "ul",
                *(
                    tag(
                        "li",
                        words.label(page.names.node(row[f.NODE_ID])),
                        _roads(page, row[f.SEGMENTS]),
                    )
                    for _, row in plans.reopening.together.head(ROWS).iterrows()
                ),
            )
        )
    return _section(title, *parts)


def _budget(page: Page, amount: float, by: Budget) -> str:
    """Return a budget with its unit."""
    words = page.words
    if by == Budget.SEGMENTS:
        return words.count("plan_tab.within_segments", round(amount))
    return words(f"plan_tab.within_{by}", n=words.number(amount, decimals=BUDGET_DECIMALS[by]))


def _proven(page: Page, shown: pd.DataFrame, by: Budget) -> str:
    """Return how good the sets are: which are proven best, and how near to the best the others."""
    unproven = shown[shown["proven"] > 0]
    if not len(unproven):
        return page.words("plan_tab.proven")
    return " ".join(
        page.words(
            "plan_tab.not_proven",
            budget=_budget(page, row["budget"], by),
            share=page.words.number(math.ceil(100 * row["proven"])),
        )
        for row in unproven.to_dict("records")
    )


def _step(page: Page, row: pd.Series) -> Html:
    words = page.words
    parts = [tag("b", words.label(page.names.segment(row[f.SEGMENT_ID])).rstrip())]
    if row[f.TOWNS_RESTORED]:
        people = _counted(page, row[f.POPULATION_RESTORED], row[f.POPULATION_UNKNOWN])
        names = _towns(page, row[f.TOWNS_RESTORED])
        parts.append(tag("span", " ", words("plan_tab.step", towns=names, people=people)))
    else:
        parts.append(tag("span", " ", words("plan_tab.step_none")))
    if row["needs"]:
        needs = words("plan_tab.needs", roads=_roads(page, row["needs"]))
        parts.append(tag("span", " ", needs, class_="sr-muted"))
    return tag("li", *parts)


def _keep_open(page: Page, uncertain: UncertainPlan) -> Html:
    words, title = page.words, page.words("plan_tab.keep_open")
    worthwhile = uncertain.keep_open[uncertain.keep_open["people_gained"] >= LEAST_PEOPLE].head(
        ROWS
    )
    if not len(worthwhile):
        return _section(title, tag("p", words("plan_tab.keep_open_none")))
    head = [words(f"plan_tab.column_{name}") for name in ("road", "gain", "bounds", "reason")]
    rows = [
        [
            page.names.segment(row[f.SEGMENT_ID]),
            _rough(page, row["people_gained"]),
            words(
                "plan_tab.between",
                low=_rough(page, row["people_gained_low"]),
                high=_rough(page, row["people_gained_high"]),
            ),
            _reasons(page, row),
        ]
        for row in worthwhile.to_dict("records")
    ]
    note = tag("p", words("plan_tab.keep_open_what"), class_="sr-muted")
    return _section(title, note, table(head, rows, caption=title, numeric=(1,), stacked=True))


def _reasons(page: Page, row: dict[Hashable, Any]) -> str:
    """Return the towns that gain by a road kept open, and the roads that it needs."""
    words = page.words
    reasons = [words("plan_tab.keep_open_towns", towns=_towns(page, row["towns_helped"]))]
    if row["needs"]:
        reasons.append(words("plan_tab.needs_too", roads=_first_roads(page, row["needs"])))
    return " ".join(reasons)


def _stock(page: Page, uncertain: UncertainPlan) -> Html:
    """Return the towns to stock, and what each number of towns leaves uncovered."""
    words, frontier, title = page.words, uncertain.stock.frontier, page.words("plan_tab.stock")
    if not len(uncertain.stock.towns):
        return _section(title, tag("p", words("plan_tab.stock_none")))
    towns = [
        tag(
            "li",
            tag("b", page.names.node(row[f.NODE_ID])),
            " ",
            words(
                "plan_tab.stock_town",
                days=_rough(page, row["covered"]),
                towns=_towns(page, row["reached"]),
                people=_counted(page, row[f.POPULATION], row[f.POPULATION_UNKNOWN]),
            ),
            _litres(page, row),
            tag(
                "div",
                words("plan_tab.stock_needs", roads=_first_roads(page, row["needs"])),
                class_="sr-muted",
            )
            if row["needs"]
            else None,
        )
        for _, row in uncertain.stock.towns.sort_values("covered", ascending=False).iterrows()
    ]
    head = [words(f"plan_tab.column_{name}") for name in ("stocked", "uncovered", "gap")]
    rows = [
        [words.number(row["p"]), _rough(page, row["uncovered"]), _rough(page, row["gap"])]
        for row in frontier.to_dict("records")
    ]
    own = "plan_tab.stock_own" if uncertain.with_fuel else "plan_tab.stock_empty"
    note = words("plan_tab.stock_what", samples=words.number(uncertain.stock.samples))
    return _section(
        title,
        tag("p", note, " ", words(own), class_="sr-muted"),
        tag("ul", *towns),
        table(head, rows, caption=title, numeric=(0, 1, 2)),
    )


def _litres(page: Page, row: pd.Series) -> str:
    """Litres to put into a town, with the ends of its band; nothing without figures of use."""
    if pd.isna(row["litres_low"]):
        return ""
    ends = {name: _rough(page, row[name]) for name in ("litres", "litres_low", "litres_high")}
    return page.words("core.semicolon") + page.words("plan_tab.stock_litres", **ends)


def _routes(page: Page) -> None:
    """Draw the routes of one town that share no corridor and no river crossing."""
    words, towns = page.words, page.dataset.network.towns
    st.html(_section(words("plan_tab.routes"), tag("p", words("plan_tab.routes_what"))))
    town = st.selectbox(
        words("plan_tab.town"),
        towns,
        index=None,
        key="plan_town",
        format_func=page.names.node,
        placeholder=words("plan_tab.choose"),
    )
    if town not in towns:
        return
    try:
        with st.spinner(words("page.working"), show_time=True):
            alternatives = routes(page.held, page.situation, town)
    except GeodataError as refused:
        st.info(label(refused.text(words.lang)))
        return
    name = page.names.node(town)
    if not alternatives.routes:
        st.caption(label(words("plan_tab.route_none", name=name)))
        return
    items = [
        tag(
            "li",
            " – ".join(page.names.node(each) for each in stops),
            tag("div", _dangers(page, dangers), class_="sr-muted"),
        )
        for stops, dangers in zip(alternatives.stops, alternatives.dangers, strict=True)
    ]
    title = words.count("plan_tab.route_count", len(items), name=name)
    st.html(tag("article", tag("p", title), tag("ol", *items), class_="sr-card"))


def _dangers(page: Page, dangers: tuple[str, ...]) -> str:
    """Name corridors, as the events do, and river crossings by their road, on a route."""
    named = [
        page.words("plan_tab.crossing", road=page.names.segment(each.removeprefix(CROSSING)))
        if each.startswith(CROSSING)
        else each
        for each in dangers
    ]
    if not named:
        return page.words("plan_tab.no_danger")
    return page.words("plan_tab.through", dangers=page.words.listed(named))


def _towns(page: Page, ids: "pd.Series | tuple[str, ...]") -> str:
    """Return the names of towns, the first `NAMES` of them."""
    return ", ".join(page.names.node(each) for each in list(ids)[:NAMES]) + _more(page, len(ids))


def _roads(page: Page, ids: tuple[str, ...]) -> str:
    return page.words("core.semicolon").join(page.names.segment(each) for each in ids)


def _first_roads(page: Page, ids: tuple[str, ...]) -> str:
    """Return the names of roads, the first `NAMES` of them."""
    return _roads(page, ids[:NAMES]) + _more(page, len(ids))


def _more(page: Page, count: int) -> str:
    """Say how many names follow the first `NAMES`."""
    more = count - NAMES
    return " " + page.words.count("plan_tab.more", more) if more > 0 else ""


def _rough(page: Page, value: float) -> str:
    """Return an expected count rounded to two digits, all that the assumptions support."""
    digits = 1 - math.floor(math.log10(value)) if value >= 1 else 0
    return page.words.number(round(value, min(digits, 0)))


def _counted(page: Page, people: float, unknown: int) -> str:
    """Return a number of people in words, for within brackets."""
    words = page.words
    left_out = [words.count("page.people_left_out", unknown)] if unknown else []
    return ", ".join([words("page.people", n=words.number(people)), *left_out])


def _people(page: Page, people: float, unknown: int) -> str:
    number = page.words.number(people)
    if unknown:
        number += f" ({page.words.count('page.people_left_out', unknown)})"
    return number


def _section(title: str, *parts: Html | None) -> Html:
    return tag("article", tag("section", tag("h3", title), *parts), class_="sr-card")
