"""Events from services that need an account: fetched on a click, kept in the session."""

import datetime as dt
import hashlib
from collections.abc import Callable
from typing import Final

import pandas as pd
import streamlit as st
from shapely.geometry.base import BaseGeometry

from dashboard.markup import label
from dashboard.page import Page
from dashboard.runtime.callbacks import guarded
from dashboard.session import datasets
from dashboard.session import visit as session
from dashboard.session.services import DESK, ENABLED, HAPI_EMAIL, enabled, settings
from dashboard.views import counts
from geodata.errors import GeodataError
from geodata.readers.services import acled, hapi
from geodata.readers.services.hapi import Counts

_ACLED: Final = "connect_acled"
_HAPI: Final = "connect_hapi"


def draw(page: Page) -> None:
    """Draw the two services, the period, and their answers."""
    words = page.words
    st.caption(words("connect_tab.what"))
    if not enabled():
        st.caption(words("connect_tab.off", setting=ENABLED))
        return
    first, last = page.period
    with st.container(key="connect_period", horizontal=True):
        start = st.date_input(
            words("connect_tab.start"), value=first, key="connect_start", format=words.date_field
        )
        end = st.date_input(
            words("connect_tab.end"), value=last, key="connect_end", format=words.date_field
        )
    with st.container(key="connect_buttons", horizontal=True):
        if st.button(words("connect_tab.acled"), key="ask_acled"):
            _ask(page, _ACLED, lambda: _from_acled(start, end, page.dataset.area))
        if st.button(words("connect_tab.hapi"), key="ask_hapi"):
            _ask(page, _HAPI, lambda: _from_hapi(start, end))
    _show_acled(page)
    _show_hapi(page)


def _ask(page: Page, key: str, ask: Callable[[], object]) -> None:
    with st.spinner(page.words("connect_tab.asking"), show_time=True):
        try:
            st.session_state[key] = ask()
        except GeodataError as fault:
            st.session_state[key] = fault.again()


def _from_acled(start: dt.date, end: dt.date, area: BaseGeometry | None) -> acled.Fetched:
    today = dt.datetime.now(dt.UTC).date()
    where = hashlib.sha256(area.wkb).hexdigest() if area is not None else ""
    return DESK.ask(
        acled.SERVICE,
        (start, end, today, where),
        lambda: acled.fetch_events(
            acled.credentials(settings()), start=start, end=end, today=today, area=area
        ),
    )


def _from_hapi(start: dt.date, end: dt.date) -> Counts:
    email = settings()[HAPI_EMAIL]
    if not email:
        raise GeodataError("connect.credentials", service=hapi.SERVICE, names=HAPI_EMAIL)
    return DESK.ask(
        hapi.SERVICE, (start, end), lambda: hapi.conflict_counts(email, start=start, end=end)
    )


def _show_acled(page: Page) -> None:
    words, answer = page.words, st.session_state.get(_ACLED)
    if isinstance(answer, GeodataError):
        st.warning(label(answer.text(words.lang)))
    elif isinstance(answer, acled.Fetched):
        st.info(label(answer.report.summary(words.lang)))
        st.caption(label(answer.attribution(words.lang)))
        st.caption(label(answer.terms(words.lang)))
        if len(answer.events):
            st.button(
                words.count("own.use", len(answer.events)),
                key="use_acled",
                on_click=_use,
                args=(answer.events,),
            )


@guarded
def _use(events: pd.DataFrame) -> None:
    session.visit().touched = True
    try:
        datasets.take_events(events, acled.SERVICE, with_shipped=True)
    except GeodataError as fault:
        st.session_state[_ACLED] = fault.again()


def _show_hapi(page: Page) -> None:
    """Draw monthly counts as a chart and a table; they close nothing."""
    words, answer = page.words, st.session_state.get(_HAPI)
    if isinstance(answer, GeodataError):
        st.warning(label(answer.text(words.lang)))
    elif isinstance(answer, Counts):
        st.caption(label(answer.attribution(words.lang)))
        counts.draw(page, answer.table, key="hapi_table")
