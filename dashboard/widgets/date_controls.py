"""The day of the view: chosen, stepped, played, with what each day brought drawn above it."""

import datetime as dt
import time
from typing import Final

import streamlit as st

from dashboard import event_days
from dashboard.markup import Html, tag
from dashboard.page import Page, current
from dashboard.runtime.callbacks import guarded
from dashboard.session import visit as session
from dashboard.session.actions import Action
from dashboard.session.options import STRIDES
from dashboard.widgets import charts
from geodata import schema as f
from geodata.events.presets import phase_id, phase_rows

PLAY_SECONDS: Final = 1.0
"""Time between two steps of playing."""


def draw(page: Page) -> None:
    """The period under the map: its phases, a bar for each day, and the ways to move in it.

    Nothing where no event is known, so that no day differs.
    """
    if not len(page.dataset.events):
        return
    words, state = page.words, page.state
    first, last = page.strip
    with st.container(key="dates", gap=None):
        with st.container(
            key="date_row", horizontal=True, vertical_alignment="center", gap="xsmall"
        ):
            _day(page)
            with st.container(key="date_buttons", horizontal=True, gap="xxsmall"):
                _buttons(page)
            _stride(page)
            unfolded = state.tab == "time"
            st.button(
                words("tables.fold" if unfolded else "tables.time"),
                key="table_time",
                icon=":material/unfold_less:" if unfolded else ":material/unfold_more:",
                on_click=session.open_table,
                args=("" if unfolded else "time",),
            )
        if page.dataset.shipped_network:
            _phases(page)
        with st.container(key="strip", gap=None):
            before = (first - page.period[0]).days
            events = page.events_a_day[before:]
            inside = state.date is not None and first <= state.date <= last
            at = (state.date - first).days if state.date and inside else None
            title = words("dates.strip_events" if page.large else "dates.strip")
            bars = charts.strip(events, _isolated(page)[before:], at=at, title=title)
            marked = event_days.listed(page.dataset.events[f.DATE])
            st.html(tag("div", bars, _months(page), marked, class_="sr-strip"))
            if first < last:
                _slider(page)


def _isolated(page: Page) -> list[int]:
    """Towns isolated on each day of the period; none on a network too large to replay unasked."""
    if page.large:
        return [0] * len(page.events_a_day)
    return page.isolated_but_for_season(page.event_timeline)


def _day(page: Page) -> None:
    words, (first, last) = page.words, page.period
    day = page.state.date
    key = session.seed("choose_date", day)
    st.date_input(
        words("dates.date"),
        value=None,
        min_value=min(first, day or first),
        max_value=max(last, day or last),
        key=key,
        format=words.date_field,
        on_change=_take,
        args=(key,),
        label_visibility="collapsed",
    )


def _stride(page: Page) -> None:
    """How far one step of playing goes."""
    words = page.words
    key = session.seed("choose_stride", session.visit().stride)
    st.segmented_control(
        words("dates.stride"),
        STRIDES.codes,
        key=key,
        required=True,
        format_func=lambda stride: STRIDES.label(words, stride),
        on_change=_take_stride,
        args=(key,),
        label_visibility="collapsed",
    )


@guarded
def _take_stride(key: str) -> None:
    here = session.visit()
    here.touched, here.stride = True, STRIDES.code(st.session_state[key])


def _phases(page: Page) -> None:
    """Phases of the blockade as bands over their days; each goes to its first day."""
    words, (first, last) = page.words, page.strip
    shown = [(start, end, name) for start, end, name in phase_days(last) if end >= first]
    widths = []
    with st.container(key="phases", horizontal=True, gap=None):
        for start, end, name in shown:
            begin = max(start, first)
            days = (min(end, last) - begin).days + 1
            now = page.state.date is not None and start <= page.state.date <= end
            key = f"phase_{name}"
            widths.append(f".st-key-{key} {{ flex: {days} {days} 0 !important; }}")
            st.button(
                words(f"phase_name.{name}"),
                key=key,
                help=words(f"phases.{name}"),
                type="primary" if now else "secondary",
                on_click=_go_to,
                args=(begin,),
            )
    st.html(f"<style>{''.join(widths)}</style>")


def phase_days(last: dt.date) -> tuple[tuple[dt.date, dt.date, str], ...]:
    """Return the first day, last day and id of every phase of the shipped table, in order of time.

    A phase lasts until the day before the next one begins; the last one until ``last``.
    """
    known = sorted((dt.date.fromisoformat(row["start"]), phase_id(row)) for row in phase_rows())
    ends = [start - dt.timedelta(days=1) for start, _ in known[1:]]
    return tuple(
        (start, end, name) for (start, name), end in zip(known, [*ends, last], strict=True)
    )


def _months(page: Page) -> Html:
    first, last = page.strip
    days = [first + dt.timedelta(days=number) for number in range((last - first).days + 1)]
    starts = [day for i, day in enumerate(days) if day.day == 1 or i == 0]
    names = [page.words.month(day, short=True) for day in starts]
    return charts.months(days, names)


def _slider(page: Page) -> None:
    """Lies over the bars, so that a click on a day goes to it."""
    words, (first, last) = page.words, page.strip
    key = session.seed("slide_date", min(max(page.state.date or first, first), last))
    st.slider(
        words("dates.slide"),
        first,
        last,
        key=key,
        format=words.date_field,
        on_change=_take,
        args=(key,),
        label_visibility="collapsed",
    )


def tick() -> None:
    """Move on while the days are played; runs by itself."""
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
    first, last = page.strip
    day = _next(page) if page.state.date else first
    here.playing = day < last
    session.change(Action("play"), date=min(day, last), preset=None)
    st.rerun()


def _next(page: Page) -> dt.date:
    """Return the day after one step of playing."""
    day, last = page.state.date or page.period[0], page.period[1]
    stride = session.visit().stride
    if stride == "change":
        return page.timeline.next_change(day) or last
    return day + dt.timedelta(days=7 if stride == "week" else 1)


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
        )


@guarded
def _go_to(day: dt.date) -> None:
    session.visit().playing = False
    _go(day)


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
        _go(page.strip[0])


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
    day_of_change = timeline.next_change(day) if way > 0 else timeline.previous_change(day)
    _go(day_of_change or (last if way > 0 else first))
