"""Reported events: dated, located as closely as known, each with its source."""

import pandas as pd
import streamlit as st

from dashboard.markup import is_web
from dashboard.page import Page
from dashboard.session import datasets, results
from dashboard.widgets import tables
from geodata import schema as f
from geodata.events.closures import unplaced_of
from geodata.events.summaries import places, summary
from geodata.events.vocabulary import LocationPrecision


def draw(page: Page) -> None:
    """Draw the events of the window, newest first."""
    words, events = page.words, page.events
    if page.state.date is None:
        st.caption(words.count("events_tab.all", len(events)))
    else:
        st.caption(
            words.count(
                "events_tab.window",
                len(events),
                day=words.day(page.state.date),
                days=words.number(page.state.window),
            )
        )
    if not len(events):
        return
    events = events.sort_values([f.DATE, f.EVENT_ID], ascending=[False, True])
    shown = _table(page, events)
    tables.sortable(page, shown, area="events_tab", key="events_table", links=("url",))
    regional = events[events[f.LOCATION_PRECISION] == LocationPrecision.REGION]
    if len(regional):
        st.caption(words.count("events_tab.regional", len(regional)))


def _table(page: Page, events: pd.DataFrame) -> pd.DataFrame:
    """Return a row of words for each event."""
    words, reasons = page.words, _unplaced(page)
    shown = pd.DataFrame(
        {
            "date": events[f.DATE],
            "type": [
                words(f"map.event.{each}") if words.has(f"map.event.{each}") else each
                for each in events[f.EVENT_TYPE]
            ],
            "place": places(events, words.lang),
            "summary": [
                "" if row[f.EVENT_ID] in page.untold else summary(row, words.lang)
                for _, row in events.iterrows()
            ],
            "precision": [
                words(f"events_tab.precision_{each}") for each in events[f.LOCATION_PRECISION]
            ],
            "effect": [
                words(f"events_tab.effect_{str(each).replace(' ', '_')}")
                for each in events[f.EFFECT]
            ],
            "stops": [words(f"events_tab.applies_{each}") for each in events[f.APPLIES_TO]],
            "confidence": [words(f"why.confidence.{each}") for each in events[f.CONFIDENCE]],
            "source": events[f.SOURCE_NAME],
            "url": [each if is_web(str(each)) else None for each in events[f.SOURCE_URL]],
            "note": [
                words(reasons[each]) if each in reasons else "" for each in events[f.EVENT_ID]
            ],
        }
    )
    own = _own_ids(page)
    if own:
        marks = [words("events_tab.mine") if each in own else "" for each in events[f.EVENT_ID]]
        shown.insert(0, "mine", marks)
    return shown


def _own_ids(page: Page) -> set[str]:
    """Return the ids that the visitor's own events have among all events."""
    mine, added = datasets.own().events, page.dataset.added_events
    if mine is None or added is None:
        return set()
    # Shipped events come first, then the visitor's, then the desk's; an id may have been changed
    # to keep it distinct, so that the place in the table decides.
    start = len(page.dataset.events) - len(added)
    size = int((~mine[f.EVENT_ID].isin(page.dataset.replaced_events)).sum())
    return set(page.dataset.events[f.EVENT_ID].iloc[start : start + size])


def _unplaced(page: Page) -> dict[str, str]:
    """Return the events that concern no road, each with the key of the reason."""
    rules = page.situation.scenario.rules
    unplaced = page.held.get(
        ("unplaced", rules),
        lambda: unplaced_of(results.effects(page.held, rules)),
    )
    return dict(zip(unplaced[f.EVENT_ID], unplaced["reason"], strict=True))
