"""The fields of an event, each under the name it has in tables."""

import datetime as dt
from collections.abc import Mapping
from typing import Final

import streamlit as st

from dashboard.page import Page
from dashboard.session.entry import Entry, key
from dashboard.session.options import NotAnOptionError, Options
from geodata import schema as f
from geodata.desk.entry import QUIET_DAYS
from geodata.events.vocabulary import (
    DEFAULTS,
    AppliesTo,
    Confidence,
    DatePrecision,
    Effect,
    EventType,
)

TYPES: Final = Options(tuple(EventType), "export.event_type_{}")
CHOICES: Final = {
    f.EVENT_TYPE: TYPES,
    f.EFFECT: Options(tuple(Effect), "desk.effect_on_passage_{}"),
    f.APPLIES_TO: Options(tuple(AppliesTo), "desk.applies_to_{}"),
    f.CONFIDENCE: Options(tuple(Confidence), "why.confidence.{}"),
    f.DATE_PRECISION: Options(tuple(DatePrecision), "desk.date_precision_{}"),
}
FIGURES: Final = (f.TANKERS_LOW, f.TANKERS_HIGH, f.FATALITIES_LOW, f.FATALITIES_HIGH)
SOURCES: Final = (f.SOURCE_NAME, f.SOURCE_URL, f.SOURCE_DATE)
CHARACTERS: Final = 2_000
EARLIEST: Final = dt.date(2012, 1, 1)
"""First year of the conflict that the events belong to."""


def name(page: Page, column: str) -> str:
    """Return the name of a field, with a capital."""
    return _capital(page.words(f"field.{column}"))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def headline(page: Page, values: Mapping[str, str]) -> str:
    """Type of an event, and its place or else its region."""
    kind = TYPES.label(page.words, values.get(f.EVENT_TYPE) or EventType.OTHER)
    where = values.get(f.PLACE) or values.get(f.REGION)
    return f"{kind} · {where}" if where else kind


def draw(page: Page, entry: Entry) -> None:
    """All fields of an event but its place."""
    words = page.words
    newest = newest_day()
    left, right = st.columns(2)
    with left:
        _day(page, entry, f.DATE, newest)
    with right:
        _day(page, entry, f.END_DATE, dt.date(2100, 12, 31))
    _choice(page, entry, f.EVENT_TYPE)
    left, right = st.columns(2)
    with left:
        _choice(page, entry, f.EFFECT)
    with right:
        _choice(page, entry, f.APPLIES_TO)
    draw_report(page, entry)
    _text(page, entry, f.SUMMARY, long=True)
    with st.expander(words("desk.more_fields")):
        _choice(page, entry, f.CONFIDENCE)
        _choice(page, entry, f.DATE_PRECISION)
        _text(page, entry, f.ACTOR)


def draw_report(page: Page, entry: Entry) -> None:
    """The fields that each report of an event has for itself: source and figures."""
    _text(page, entry, f.SOURCE_NAME)
    left, right = st.columns([3, 2])
    with left:
        _text(page, entry, f.SOURCE_URL, placeholder="https://")
    with right:
        _text(page, entry, f.SOURCE_DATE, placeholder=page.words("desk.day_form"))
    given = any(entry.values.get(column) for column in FIGURES)
    with st.expander(page.words("desk.figures"), expanded=given):
        for low, high in (FIGURES[:2], FIGURES[2:]):
            for column, place in zip((low, high), st.columns(2), strict=True):
                with place:
                    _text(page, entry, column, placeholder="–")


def newest_day() -> dt.date:
    """Return the newest day that can be entered."""
    return dt.datetime.now(dt.UTC).date() - dt.timedelta(days=QUIET_DAYS)


def entered(entry: Entry) -> dict[str, str]:
    """Return the values of all fields, from their widgets where these were drawn."""
    values = dict(entry.values)
    for column in (f.DATE, f.END_DATE, *CHOICES, *FIGURES, *SOURCES, f.SUMMARY, f.ACTOR):
        if key(column) not in st.session_state:
            continue
        sent = st.session_state[key(column)]
        if column in CHOICES:
            try:
                values[column] = CHOICES[column].code(sent)
            except NotAnOptionError:
                continue
        else:
            values[column] = sent.isoformat() if isinstance(sent, dt.date) else str(sent or "")
    return values


def _day(page: Page, entry: Entry, column: str, last: dt.date) -> None:
    if key(column) not in st.session_state:
        known = entry.values.get(column)
        first = newest_day() if column == f.DATE and not known else None
        st.session_state[key(column)] = dt.date.fromisoformat(known) if known else first
    st.date_input(
        name(page, column),
        key=key(column),
        min_value=EARLIEST,
        max_value=last,
        format=page.words.date_field,
        help=page.words("desk.seven_days", days=QUIET_DAYS) if column == f.DATE else None,
    )


def _choice(page: Page, entry: Entry, column: str) -> None:
    options = CHOICES[column]
    # What happened is asked; of the rest what says least is offered.
    least = None if column == f.EVENT_TYPE else DEFAULTS[column]
    # A browser may hold the label of the former language.
    st.session_state[key(column)] = entered(entry).get(column) or least
    st.selectbox(
        name(page, column),
        options.codes,
        key=key(column),
        index=None if least is None else 0,
        format_func=lambda code: _capital(options.label(page.words, code)),
        placeholder=page.words("desk.choose_type"),
    )


def _text(
    page: Page, entry: Entry, column: str, *, long: bool = False, placeholder: str = ""
) -> None:
    if key(column) not in st.session_state:
        st.session_state[key(column)] = entry.values.get(column, "")
    draw_one = st.text_area if long else st.text_input
    draw_one(
        name(page, column), key=key(column), max_chars=CHARACTERS, placeholder=placeholder or None
    )
