"""Dated phases, and events that end on a known day, as a calendar (RFC 5545)."""

import datetime as dt
from hashlib import sha256

import pandas as pd
from icalendar import Calendar, Event

from geodata import schema as f
from geodata.events.presets import TITLE, phase_id, phase_rows
from geodata.i18n import text


def calendar(events: pd.DataFrame, *, lang: str, made: dt.date, until: dt.date) -> bytes:
    """Return the phases and ends as whole days.

    Parameters
    ----------
    events : DataFrame
        As they may be reported: of a public product, coarser already.
    lang : {'en', 'fr'}
    made : date
        Day of making.
    until : date
        Nothing that began after it is reported.
    """
    entries = Calendar()
    entries.add("prodid", "-//supply routes//access//EN")
    entries.add("version", "2.0")
    entries.add("x-wr-calname", text("alerts.calendar", lang))
    for phase in phase_rows():
        start = dt.date.fromisoformat(phase["start"])
        if start <= until:
            end = dt.date.fromisoformat(phase["end"]) if phase["end"] else start
            source = phase[f.SOURCE_NAME], phase[f.SOURCE_URL]
            title = text(f"{TITLE}{phase_id(phase)}", lang)
            entries.add_component(_entry(title, phase["phase"], (start, end), source, made))
    for row in events.to_dict("records"):
        last = row[f.END_DATE]
        if last is None or pd.isna(last) or row[f.DATE] > until:
            continue
        kind = text(f"export.event_type_{row[f.EVENT_TYPE]}", lang)
        title = text("alerts.ends", lang, kind=kind, place=row[f.PLACE] or row[f.REGION])
        source = str(row[f.SOURCE_NAME]), str(row[f.SOURCE_URL])
        entries.add_component(_entry(title, str(row[f.EVENT_ID]), (last, last), source, made))
    return bytes(entries.to_ical())


def _entry(
    title: str,
    name: str,
    days: tuple[dt.date, dt.date],
    source: tuple[str, str],
    made: dt.date,
) -> Event:
    """Return one stretch of whole days; the calendar's end is the day after the last.

    Its id rests on a name that is the same in every language.
    """
    start, end = days
    entry = Event()
    entry.add("uid", sha256(f"{name}|{start}".encode()).hexdigest() + "@supply-routes")
    entry.add("dtstamp", dt.datetime.combine(made, dt.time(), dt.UTC))
    entry.add("dtstart", start)
    entry.add("dtend", max(end, start) + dt.timedelta(days=1))
    entry.add("summary", title)
    publisher, url = source
    entry.add("description", publisher)
    if url:
        entry.add("url", url)
    entry.add("transp", "TRANSPARENT")
    return entry
