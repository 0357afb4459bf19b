"""When events took place: one reading of the column, and what is too young or yet to come."""

import datetime as dt
from collections.abc import Mapping
from typing import Final

from geodata import fields as f
from geodata.dates import Form, Order, read_dates
from geodata.errors import GeodataError
from geodata.event_draft import Draft

RECENT_DAYS: Final = 7
"""Younger events are set aside by default: this shows the past, it is no live tracker."""


def read_days(draft: Draft, *, order: Order | None, epoch_1904: bool) -> dict[int, dt.date]:
    """Dates of the rows in use, under one reading for the column; other rows are set aside."""
    rows = draft.in_use()
    cells = [draft[f.DATE][place] for place in rows]
    read = read_dates(
        cells,
        order=order,
        rows=[draft.numbers[place] for place in rows],
        epoch_1904=epoch_1904,
    )
    if read.order:
        draft.tell(f"events.order_{read.order}")
    if read.form is Form.SERIAL:
        draft.tell("events.serials")
    days: dict[int, dt.date] = {}
    month_only = set()
    for place, value, remarks in zip(rows, read.values, read.remarks, strict=True):
        if value is None:
            draft.reject(place, f.DATE, remarks[0])
            continue
        days[place] = value
        for remark in remarks:
            draft.warn(place, f.DATE, remark, date=value.isoformat())
        if "dates.month_only" in remarks:
            month_only.add(place)
    draft[f.DATE] = [
        days[place].isoformat() if place in days else "" for place in range(len(draft))
    ]
    if month_only:
        precision = draft[f.DATE_PRECISION]
        draft[f.DATE_PRECISION] = [
            "month" if place in month_only else cell for place, cell in enumerate(precision)
        ]
    _read_other_days(draft, days, read.order or order)
    return days


def _read_other_days(draft: Draft, days: Mapping[int, dt.date], order: Order | None) -> None:
    """End dates and dates of sources, read like the column of dates; doubtful ones are left out."""
    rows = draft.in_use()
    for field in (f.END_DATE, f.SOURCE_DATE):
        if field not in draft:
            continue
        texts = [""] * len(draft)
        try:
            read = read_dates([draft[field][place] for place in rows], order=order)
        except GeodataError:
            column = draft.header[draft.columns.places[field]]
            draft.tell("events.dates_left_out", "warning", column=column)
            draft[field] = texts
            continue
        for place, value, remarks in zip(rows, read.values, read.remarks, strict=True):
            if value is None:
                if remarks != ("dates.missing",):
                    draft.warn(place, field, "events.date_left_out")
            elif field == f.END_DATE and value < days[place]:
                draft.warn(place, field, "events.end_before_start")
            else:
                short = field == f.SOURCE_DATE and "dates.month_only" in remarks
                texts[place] = value.isoformat()[: 7 if short else 10]
        draft[field] = texts


def reject_recent(
    draft: Draft, days: Mapping[int, dt.date], *, today: dt.date, include_recent: bool
) -> set[int]:
    """Set aside what is younger than seven days, and tell what is dated in the future.

    Returns
    -------
    set of int
        Places of the rows dated in the future: kept, but they close nothing.
    """
    future = set()
    for place in draft.in_use():
        age = (today - days[place]).days
        if age < 0:
            future.add(place)
            draft.warn(place, f.DATE, "events.future", today=today.isoformat())
        elif age < RECENT_DAYS and not include_recent:
            draft.reject(place, f.DATE, "events.recent", days=RECENT_DAYS)
    return future
