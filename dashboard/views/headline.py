"""The situation in one sentence, and the limits of that sentence."""

from dataclasses import replace
from typing import Final

import streamlit as st
from babel.numbers import format_compact_decimal

from dashboard.markup import Html, tag
from dashboard.page import Page
from geodata import schema as f
from geodata.analysis.resolution import RECENT_DAYS, reports_on
from geodata.schema import Cause
from geodata.sharing import permalink

NAMED: Final = 3
"""Towns named in the sentence; more of them are counted."""

MILLION: Final = 1_000_000


def draw(page: Page) -> None:
    """Draw the sentence, the day of the last report, and the limits of both."""
    st.html(
        tag(
            "div",
            tag("p", *sentence(page), class_="sr-headline", role="heading", aria_level=2),
            tag("p", *limits(page), " ", light_version(page), class_="sr-limits"),
            class_="sr-summary",
        )
    )


def sentence(page: Page) -> tuple[Html, str]:
    """Return the sentence that states the situation of the view."""
    words = page.words
    facts = _facts(page)
    joined = words("headline.and_then").join(facts) + "." if facts else words(_calm(page))
    return tag("strong", words.label(_subject(page))), joined


def _calm(page: Page) -> str:
    state = page.state
    if page.dataset.events.empty and not page.situation.conditions.cut:
        return "headline.all_open"
    nothing = state.date is None and not state.preset and not page.situation.conditions.cut
    return "headline.nothing_counted" if nothing else "headline.calm"


def _subject(page: Page) -> str:
    """Return the day or phase, with the number of changes made by hand."""
    words, state = page.words, page.state
    if state.preset:
        day = words(f"phases.{state.preset}")
    elif state.date is not None:
        day = words.day(state.date)
    else:
        # Where no event is known there is no day to choose either.
        day = words("headline.no_reports" if page.dataset.events.empty else "headline.no_date")
    changes = len(state.cut) + len(state.cut_by) + len(state.reopen) + len(state.off)
    return words.count("headline.changed", changes, day=day) if changes else day


def _facts(page: Page) -> list[str]:
    words, summary = page.words, page.access.summary
    facts = [_isolated(page)] if page.isolated_by[Cause.CLOSURE] else []
    if off := page.isolated_by[Cause.SUPPLY]:
        facts.append(words.count("headline.supply", len(off)))
    if summary.escort_only:
        people = _people(
            page, summary.population_escort_only, summary.population_escort_only_unknown
        )
        facts.append(
            words.count("headline.escort", summary.escort_only, total=summary.towns, people=people)
        )
    if summary.detour:
        facts.append(words.count("headline.detour", summary.detour))
    if summary.at_risk:
        facts.append(words.count("headline.at_risk", summary.at_risk))
    if facts and (rains := page.isolated_by[Cause.SEASON]):
        facts.append(words.count("headline.rains_too", len(rains)))
    elif rains := page.isolated_by[Cause.SEASON]:
        facts.append(words.count("headline.rains_only", len(rains)))
    return facts


def _isolated(page: Page) -> str:
    words, ids = page.words, page.isolated_by[Cause.CLOSURE]
    closed = page.access.summary.isolated_by[Cause.CLOSURE]
    people = _people(page, closed.population, closed.population_unknown)
    names = [page.names.node(town) for town in ids]
    if len(names) <= NAMED:
        return words.count("headline.cut_off", len(names), names=words.listed(names), people=people)
    return words.count(
        "headline.many_cut_off", len(names), names=", ".join(names[:NAMED]), people=people
    )


def _people(page: Page, known: int, unknown: int) -> str:
    """Return the number of people in words, and how many towns it leaves out."""
    words = page.words
    if not known:
        return words("page.people_unknown")
    count = (
        format_compact_decimal(known, format_type="long", locale=words.lang, fraction_digits=1)
        if known >= MILLION
        else words.number(known)
    )
    # French counts "4,5 millions d'habitants": the noun is joined by a preposition.
    key = "headline.people_millions" if known >= MILLION else "headline.people"
    if not unknown:
        return words(key, n=count)
    return words.count("headline.people_at_least", unknown, people=words(key, n=count))


def limits(page: Page) -> list[Html | str]:
    """Return the day of the last report, and what the sentence does not say."""
    words = page.words
    last = page.last_report
    unknown = int(page.access.towns[f.POPULATION].isna().sum())
    sparse = _sparse(page)
    parts = [words("headline.last_report", day=words.day(last))] if last else []
    parts.append(words("headline.not_live" if last else "headline.not_live_alone"))
    if page.isolated_by[Cause.SEASON]:
        parts.append(words("headline.rains_assumed"))
    if unknown:
        parts.append(words.count("headline.without_figure", unknown))
    return [*([tag("strong", sparse), " "] if sparse else []), " ".join(parts)]


def _sparse(page: Page) -> str:
    """Until when reports are dense, on a day after it: calm may only mean that nobody reported."""
    words, on = page.words, page.state.date
    if on is None or page.state.preset:
        return ""
    reports = reports_on(page.dataset.events, on)
    if not reports.sparse(on) or reports.dense_until is None:
        return ""
    until = words.day(reports.dense_until)
    return words.count(
        "headline.sparse", reports.around, until=until, days=RECENT_DAYS, usual=reports.usual
    )


def light_version(page: Page) -> Html | None:
    """Link to the view as one page of some 200 kB that needs nothing else of this server.

    None where the view shows what only this visitor has opened.
    """
    state, dataset = page.state, page.dataset
    private = dataset.own_fuel is not None
    private |= dataset.added_events is not None and not state.desk
    if state.network or private:
        return None
    query = permalink.format(replace(state, lang=page.words.lang))
    return tag("a", page.words("headline.light"), href=f"light?{query}", class_="sr-light")
