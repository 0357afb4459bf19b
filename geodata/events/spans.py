"""The days that an event's date stands for: its own, or those of a week or month."""

import calendar
import datetime as dt
from typing import Any, Final

from geodata import schema as f
from geodata.events.vocabulary import DatePrecision

WEEK_DAYS: Final = 7


def last_day(event: dict[Any, Any]) -> dt.date:
    """Last day of an event as reported: its end, or the end of the week or month it names."""
    end: dt.date | None = event[f.END_DATE]
    return last_dated_day(event) if end is None else end


def last_dated_day(event: dict[Any, Any]) -> dt.date:
    """Last day that an event's date stands for: of a week or a month the last of its days."""
    date: dt.date = event[f.DATE]
    if event[f.DATE_PRECISION] == DatePrecision.WEEK:
        return date + dt.timedelta(days=WEEK_DAYS - 1)
    if event[f.DATE_PRECISION] == DatePrecision.MONTH:
        return date.replace(day=calendar.monthrange(date.year, date.month)[1])
    return date
