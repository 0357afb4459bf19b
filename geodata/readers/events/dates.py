"""When events took place: one reading of the column, and what is too young or yet to come."""

import datetime as dt
from collections.abc import Mapping
from typing import Final

from geodata import schema as f
from geodata.errors import GeodataError
from geodata.events.vocabulary import DatePrecision
from geodata.readers.events.draft import Draft
from geodata.readers.tables.dates import Form, Order, read_dates

_NO_DAY: Final = {
    "dates.week_only": DatePrecision.WEEK,
    "dates.month_only": DatePrecision.MONTH,
}
RECENT_DAYS: Final = 7
"""Younger events are rejected by default: this shows the past, it is no live tracker."""


def read_days(
    draft: Draft, *, order: Order | None, epoch_1904: bool, zone_hours: float = 0.0
) -> dict[int, dt.date]:
    """Dates of the rows in use, under one reading for the column; other rows are rejected."""
    rows = draft.in_use()
    cells = [draft[f.DATE][place] for place in rows]
    read = read_dates(
        cells,
        order=order,
        rows=[draft.numbers[place] for place in rows],
        epoch_1904=epoch_1904,
        zone_hours=zone_hours,
    )
    if read.order:
        draft.remark(f"events.order_{read.order}")
    if read.form is Form.SERIAL:
        draft.remark("events.serials")
    days: dict[int, dt.date] = {}
    for place, value, remarks in zip(rows, read.values, read.remarks, strict=True):
        if value is None:
            draft.reject(place, f.DATE, remarks[0])
            continue
        days[place] = value
        for remark in remarks:
            draft.warn(place, f.DATE, remark, date=value.isoformat(), zone=f"{zone_hours:+g}")
    draft[f.DATE] = [
        days[place].isoformat() if place in days else "" for place in range(len(draft))
    ]
    _set_precision(draft, dict(zip(rows, read.remarks, strict=True)))
    _set_ends(draft, dict(zip(rows, read.ends, strict=True)))
    _read_other_days(draft, days, read.order or order)
    return days


def _set_precision(draft: Draft, remarks: Mapping[int, tuple[str, ...]]) -> None:
    """Week or month where the date itself names no day."""
    cells = list(draft[f.DATE_PRECISION])
    for place, row_remarks in remarks.items():
        for remark, precision in _NO_DAY.items():
            if remark in row_remarks:
                cells[place] = precision
    if cells != draft[f.DATE_PRECISION]:
        draft[f.DATE_PRECISION] = cells


def _set_ends(draft: Draft, ends: Mapping[int, dt.date | None]) -> None:
    """Last days of dates that name two, where no column gives an end."""
    cells = list(draft[f.END_DATE])
    for place, end in ends.items():
        if end is not None and not cells[place]:
            cells[place] = end.isoformat()
    if cells != draft[f.END_DATE]:
        draft[f.END_DATE] = cells


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
            draft.remark("events.dates_left_out", "warning", column=column)
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
    """Reject what is younger than seven days, and report what is dated in the future.

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
