"""The day of the view: chosen, stepped, played, with what each day brought drawn above it."""

import datetime as dt
import time
from typing import Final

import streamlit as st

from dashboard.page import Page, current
from dashboard.runtime.callbacks import guarded
from dashboard.session import visit as session
from dashboard.session.actions import Action
from dashboard.widgets import charts

PLAY_SECONDS: Final = 1.0


def draw(page: Page) -> None:
    """Date, strip, slider and buttons; nothing where no event is known, so that no day differs."""
    if not len(page.dataset.events):
        return
    words, state = page.words, page.state
    first, last = page.period
    with st.container(key="dates", gap=None):
        key = session.seed("choose_date", state.date)
        lowest, highest = min(first, state.date or first), max(last, state.date or last)
        st.date_input(
            words("dates.date"),
            value=None,
            min_value=lowest,
            max_value=highest,
            key=key,
            format="YYYY-MM-DD",
            on_change=_take,
            args=(key,),
        )
        days = page.event_timeline.per_day()
        at = (state.date - first).days if state.date and first <= state.date <= last else None
        towns = page.isolated_but_for_season(page.event_timeline)
        st.html(charts.strip(list(days["events"]), towns, at=at, title=words("dates.strip")))
        if first < last:
            _slider(page)
        with st.container(key="date_buttons", horizontal=True, gap="xxsmall"):
            _buttons(page)


def _slider(page: Page) -> None:
    words, (first, last) = page.words, page.period
    key = session.seed("slide_date", min(max(page.state.date or first, first), last))
    st.slider(
        words("dates.slide"),
        first,
        last,
        key=key,
        format="YYYY-MM-DD",
        on_change=_take,
        args=(key,),
        label_visibility="collapsed",
    )


def tick() -> None:
    """Move on by a day while the days are played; runs by itself."""
    if session.visit().playing:
        _ticking()


@st.fragment(run_every=PLAY_SECONDS)
def _ticking() -> None:
    here = session.visit()
    if not here.playing:
        st.rerun()
    if time.monotonic() - here.played < 0.9 * PLAY_SECONDS:
        return
    here.played = time.monotonic()
    page = current()
    first, last = page.period
    day = (page.state.date or first - dt.timedelta(days=1)) + dt.timedelta(days=1)
    here.playing = day < last
    session.change(Action("play"), date=min(day, last), preset=None)
    st.rerun()


def _buttons(page: Page) -> None:
    words, here = page.words, session.visit()
    playing = here.playing
    kinds = (
        ("previous", ":material/skip_previous:", _to_change, (-1,)),
        ("day_back", ":material/chevron_left:", _step, (-1,)),
        ("pause", ":material/pause:", _play, (False,))
        if playing
        else ("play", ":material/play_arrow:", _play, (True,)),
        ("day_on", ":material/chevron_right:", _step, (1,)),
        ("next", ":material/skip_next:", _to_change, (1,)),
        ("no_date", ":material/event_busy:", _drop, ()),
    )
    for name, icon, act, arguments in kinds:
        key = "play" if name == "pause" else name
        st.button(
            words(f"dates.{name}"),
            key=f"date_{key}",
            icon=icon,
            on_click=act,
            help=words(f"dates.{name}"),
            args=arguments,
            width="stretch",
        )


def _go(day: dt.date | None) -> None:
    session.change(Action("date"), date=day, preset=None)


@guarded
def _take(key: str) -> None:
    session.visit().playing = False
    _go(st.session_state[key])


@guarded
def _drop() -> None:
    session.visit().playing = False
    _go(None)


@guarded
def _play(on: bool) -> None:
    here = session.visit()
    here.touched, here.playing, here.played = True, on, time.monotonic()
    page = current()
    if on and (page.state.date is None or page.state.date >= page.period[1]):
        _go(page.period[0])


@guarded
def _step(days: int) -> None:
    page = current()
    first, last = page.period
    day = page.state.date
    if day is None:
        _go(first if days > 0 else last)
    else:
        _go(min(max(day + dt.timedelta(days=days), first), last))


@guarded
def _to_change(way: int) -> None:
    """Go to the next or the previous day on which some state changes."""
    page = current()
    first, last = page.period
    day = page.state.date
    if day is None:
        _go(first if way > 0 else last)
        return
    timeline = page.timeline
    found = timeline.next_change(day) if way > 0 else timeline.previous_change(day)
    _go(found or (last if way > 0 else first))
