"""Dates as tables write them: one reading for a whole column, never row by row.

``05/09/2025`` is the fifth of September or the ninth of May. Which one it is follows from the
column as a whole (a 14 in the first place shows that days come first) and never from the order
of its rows; where the column leaves it open the user is asked.
"""

import datetime as dt
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, Literal

from geodata.errors import GeodataError
from geodata.readers.tables.numbers import plain_digits
from geodata.sanitize import key

Order = Literal["dmy", "mdy"]


class Form(StrEnum):
    """How one cell writes its date."""

    ISO = "2025-09-13"
    DIGITS = "13/09/2025"
    WORDS = "13 September 2025"
    SERIAL = "45913"
    MONTH = "2025-09"


@dataclass(frozen=True)
class Dates:
    """Dates of a column, cell by cell, and how they were read.

    Parameters
    ----------
    values : tuple of date or None
        None where the cell holds no date.
    remarks : tuple of tuple of str
        Keys of remarks on each cell: ``dates.two_digit_year``, ``dates.french``,
        ``dates.month_only``, ``dates.week_only``, ``dates.other_day`` (a stamp of another zone
        falls on another day here), ``dates.odd_form``; and where there is not a date
        ``dates.missing``, ``dates.unknown_form`` or ``dates.impossible``.
    order : 'dmy', 'mdy' or None
        Reading of dates in digits; None where the column has none or both readings agree.
    form : Form or None
        Form of most cells.
    ends : tuple of date or None
        Last day of each cell that names two days, such as ``14-16/09/2025``.
    """

    values: tuple[dt.date | None, ...]
    remarks: tuple[tuple[str, ...], ...]
    order: Order | None
    form: Form | None
    ends: tuple[dt.date | None, ...] = ()


_ENGLISH: Final = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
_FRENCH: Final = (
    "janvier", "fevrier", "mars", "avril", "mai", "juin", "juillet", "aout", "septembre",
    "octobre", "novembre", "decembre",
)  # fmt: skip
_SHORT_FRENCH: Final = {
    "janv": 1, "fev": 2, "fevr": 2, "avr": 4, "juil": 7, "jui": 7, "aou": 8, "sept": 9,
}  # fmt: skip
MONTHS: Final = {
    **{name: place for place, name in enumerate(_FRENCH, 1)},
    **_SHORT_FRENCH,
    **{name[:3]: place for place, name in enumerate(_ENGLISH, 1)},
    **{name: place for place, name in enumerate(_ENGLISH, 1)},
    "sept": 9,
}
_ENGLISH_NAMES: Final = {*_ENGLISH, *(name[:3] for name in _ENGLISH), "sept"}

_ISO: Final = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})")
_COMPACT: Final = re.compile(r"(19|20)(\d{2})(\d{2})(\d{2})")
_DIGITS: Final = re.compile(r"(\d{1,2})\s?([-/.])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})")
_DAY_FIRST: Final = re.compile(
    r"(\d{1,2})(er|e|st|nd|rd|th)?[\s\-./]+([^\W\d_]+)[\s\-./,]+(\d{4}|\d{2})"
)
_MONTH_FIRST: Final = re.compile(r"([^\W\d_]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?\s*,?\s+(\d{4})")
_MONTH_YEAR: Final = re.compile(r"([^\W\d_]+)[\s\-./]+(\d{4})")
_YEAR_MONTH: Final = re.compile(r"(\d{4})-(\d{1,2})")
_SERIAL: Final = re.compile(r"(\d{5})(?:\.\d+)?")
_CLOCK: Final = re.compile(
    r"(?:T|,?\s+(?:à|at|vers)\s+|,?\s+)(\d{1,2})(?:(?::|\s?h\s?)(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?"
    r"|\s?h|(?=\s?[AP]\.?M))\s?([AP]\.?M\.?)?\s?(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?",
    re.IGNORECASE,
)
_LONGEST: Final = 80
"""Characters of the longest cell that can be a date; no pattern is tried on longer ones."""

_VAGUE: Final = re.compile(
    r"(?:mid|early|late|mi|debut|début|fin|beginning of|end of|courant)[\s-]+(?:de\s+|d['’]\s?)?",
    re.IGNORECASE,
)
_WEEK: Final = re.compile(r"(?:the )?(?:week of|semaine du|week beginning)\s+", re.IGNORECASE)
_DAYS_FIRST: Final = re.compile(
    r"(?:du |from |between |entre )?(?:le )?(\d{1,2})(?:er|st|nd|rd|th)?\s*"
    r"(?:-|/|&|au|to|à|et|and|until)\s*(?:le )?(\d{1,2}(?:er|e|st|nd|rd|th)?([/.\s-]).+)",
    re.IGNORECASE,
)
_DAYS_LAST: Final = re.compile(
    r"([^\W\d_]+\.?)\s+(\d{1,2})\s*(?:-|&|to|and)\s*(\d{1,2})\s*,?\s+(\d{4})", re.IGNORECASE
)
_BETWEEN: Final = re.compile(
    r"\s+(?:-|au|to|until|et|and|jusqu['’]au)\s+(?:le )?|(?<=\d{4}-\d\d-\d\d)/(?=\d{4})",
    re.IGNORECASE,
)
_FROM: Final = re.compile(r"^(?:du |from |between |entre |de )(?:le )?", re.IGNORECASE)
_WEEKDAY: Final = re.compile(
    r"^(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s+|^(?:lun|mar|mercre|jeu|vendre|same)di,?\s+"
    r"|^dimanche,?\s+",
    re.IGNORECASE,
)
_SERIALS: Final = range(32_874, 73_051)  # 1990 to 2099
_DAY_ZERO: Final = {False: dt.date(1899, 12, 30), True: dt.date(1904, 1, 1)}
_YEARS: Final = range(1900, 2201)


@dataclass(frozen=True)
class _Cell:
    """Parts of one date before the order of day and month is known."""

    form: Form | None
    year: int = 0
    first: int = 0
    second: int = 0
    remarks: tuple[str, ...] = ()
    end: "_Cell | None" = None
    shift: int = 0


def read_dates(
    cells: Sequence[str],
    *,
    order: Order | None = None,
    rows: Sequence[int] | None = None,
    epoch_1904: bool = False,
    zone_hours: float = 0.0,
) -> Dates:
    """Read a column of dates with one order of day and month for all of it.

    A stamp with a time of another zone is moved to the day it was in the country; midnight is
    how programs write a day without a time, and keeps its day. Two days, such as ``14-16/09/2025``
    or ``14 au 16 septembre 2025``, are the first and the last; ``mid-September`` is the month.
    A two-digit year is of this century. Excel's serial numbers count from 1899-12-30 (valid
    from March 1900), or from 1904-01-01 in workbooks that say so.

    Parameters
    ----------
    cells : sequence of str
        The column.
    order : {'dmy', 'mdy'}, optional
        What the user answered; cells that do not fit it have no date.
    rows : sequence of int, optional
        Row numbers for messages; by default the first cell is row 2.
    epoch_1904 : bool
        Whether serial numbers count from 1904.
    zone_hours : float
        Time of the country, in hours ahead of UTC.

    Raises
    ------
    GeodataError
        ``dates.order_unknown`` when both readings fit every cell; ``dates.order_mixed`` when
        neither fits all.
    """
    numbers = list(rows) if rows is not None else list(range(2, len(cells) + 2))
    parts = [_cell(cell, epoch_1904, zone_hours) for cell in cells]
    used = order if order else _order(*_with_ends(cells, parts, numbers))
    forms = Counter(part.form for part in parts if part.form)
    most = min(forms, key=lambda form: (-forms[form], form.name)) if forms else None
    read = [_days(part, used) for part in parts]
    remarks = [
        (*remark, "dates.odd_form") if value and part.form is not most else remark
        for part, (value, _, remark) in zip(parts, read, strict=True)
    ]
    shown = used if Form.DIGITS in forms else None
    values, ends = tuple(value for value, _, _ in read), tuple(end for _, end, _ in read)
    return Dates(values, tuple(remarks), shown, most, ends)


def _with_ends(
    cells: Sequence[str], parts: Sequence[_Cell], rows: Sequence[int]
) -> tuple[list[str], list[_Cell], list[int]]:
    """Return cells, parts and rows, with the last days of ranges as separate dates."""
    whole = [(cell, part, row) for cell, part, row in zip(cells, parts, rows, strict=True)]
    whole += [(cell, part.end, row) for cell, part, row in whole if part.end]
    return (
        [parsed[0] for parsed in whole],
        [parsed[1] for parsed in whole],
        [parsed[2] for parsed in whole],
    )


def _days(
    part: _Cell, order: Order | None
) -> tuple[dt.date | None, dt.date | None, tuple[str, ...]]:
    """Return the first and last day of a cell, with its remarks."""
    value, remarks = _date(part, order)
    if value is None or part.end is None:
        return value, None, remarks
    end, more = _date(part.end, order)
    if end is None or end < value:
        return None, None, ("dates.impossible",)
    return value, end, tuple(dict.fromkeys((*remarks, *more)))


def _cell(cell: str, epoch_1904: bool, zone_hours: float) -> _Cell:
    """Return the parts of one cell: a day, two days, or a vague month."""
    text = plain_digits(cell)
    if not text:
        return _Cell(None, remarks=("dates.missing",))
    if len(text) > _LONGEST:
        return _Cell(None, remarks=("dates.unknown_form",))
    if (stamp := _stamp(text, epoch_1904, zone_hours)).form:
        return stamp
    if match := _VAGUE.match(text):
        month = _parts(text[match.end() :], epoch_1904)
        return month if month.form is Form.MONTH else stamp
    if match := _WEEK.match(text):
        day = _parts(text[match.end() :], epoch_1904)
        return replace(day, remarks=(*day.remarks, "dates.week_only")) if day.form else stamp
    return _range(text, epoch_1904) or stamp


def _stamp(text: str, epoch_1904: bool, zone_hours: float) -> _Cell:
    """Return a day, with or without a time of the day."""
    for match in _CLOCK.finditer(text):
        if match.end() != len(text):
            continue
        day = _parts(text[: match.start()], epoch_1904)
        minutes = _minutes(match)
        if day.form and day.form is not Form.MONTH and minutes is not None:
            return replace(day, shift=_shift(minutes, match[5], zone_hours))
    return _parts(text, epoch_1904)


def _minutes(match: re.Match[str]) -> int | None:
    """Return the minutes since midnight of a time, or None for a time that no clock shows."""
    hour, minute, half = int(match[1]), int(match[2] or 0), (match[4] or "")[:1].upper()
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "P" else 0)
    if hour > 24 or minute > 59 or int(match[3] or 0) > 60:
        return None
    return 60 * hour + minute


def _shift(minutes: int, zone: str | None, zone_hours: float) -> int:
    """Return days by which a stamp falls on another day in the country than the one it writes."""
    if not zone or minutes == 0:
        return 0
    ahead = 0
    if zone[0] in "+-":
        digits = zone[1:].replace(":", "").ljust(4, "0")
        ahead = (60 * int(digits[:2]) + int(digits[2:])) * (-1 if zone[0] == "-" else 1)
    return int((minutes - ahead + 60 * zone_hours) // 1440)


def _range(text: str, epoch_1904: bool) -> _Cell | None:
    """Return the first and last day of a cell that names two, or None."""
    if match := _DAYS_LAST.fullmatch(text):
        ends = [_parts(f"{match[1]} {day} {match[4]}", epoch_1904) for day in match.group(2, 3)]
        return replace(ends[0], end=ends[1]) if ends[0].form and ends[1].form else None
    if match := _DAYS_FIRST.fullmatch(text):
        last = _parts(match[2], epoch_1904)
        if last.form in {Form.DIGITS, Form.WORDS}:
            # The day comes first in such a range, regardless of the rest of the column does.
            last = replace(last, form=Form.WORDS)
            return replace(last, first=int(match[1]), end=last)
    parts = _BETWEEN.split(_FROM.sub("", text))
    if len(parts) != 2:
        return None
    last = _parts(parts[1], epoch_1904)
    first = _parts(parts[0], epoch_1904)
    if not first.form and last.form is Form.WORDS:
        first = _parts(f"{parts[0]} {last.year}", epoch_1904)
    whole = first.form and last.form and Form.MONTH not in {first.form, last.form}
    return replace(first, end=last) if whole else None


def _parts(cell: str, epoch_1904: bool) -> _Cell:
    """Return the year and the two numbers of a date, with its form."""
    text = _WEEKDAY.sub("", cell.strip())
    if match := _ISO.fullmatch(text):
        return _Cell(Form.ISO, int(match[1]), int(match[4]), int(match[3]))
    if match := _COMPACT.fullmatch(text):
        return _Cell(Form.ISO, int(match[1] + match[2]), int(match[4]), int(match[3]))
    if match := _DIGITS.fullmatch(text):
        year, remarks = _year(match[4])
        return _Cell(Form.DIGITS, year, int(match[1]), int(match[3]), remarks)
    if (match := _SERIAL.fullmatch(text)) and int(match[1]) in _SERIALS:
        day = _DAY_ZERO[epoch_1904] + dt.timedelta(days=int(match[1]))
        return _Cell(Form.SERIAL, day.year, day.day, day.month)
    return _words(text)


def _words(text: str) -> _Cell:
    """Return the date with its month in words, or a month alone."""
    if match := _YEAR_MONTH.fullmatch(text):
        return _Cell(Form.MONTH, int(match[1]), 1, int(match[2]), ("dates.month_only",))
    if match := _DAY_FIRST.fullmatch(text):
        year, remarks = _year(match[4])
        name, day, french = key(match[3]), match[1], match[2] in {"er", "e"}
    elif match := _MONTH_FIRST.fullmatch(text):
        year, remarks = int(match[3]), ()
        name, day, french = key(match[1]), match[2], False
    elif match := _MONTH_YEAR.fullmatch(text):
        year, remarks = int(match[2]), ("dates.month_only",)
        name, day, french = key(match[1]), "1", False
    else:
        return _Cell(None, remarks=("dates.unknown_form",))
    if name not in MONTHS:
        return _Cell(None, remarks=("dates.unknown_form",))
    if french or name not in _ENGLISH_NAMES:
        remarks = (*remarks, "dates.french")
    form = Form.MONTH if "dates.month_only" in remarks else Form.WORDS
    return _Cell(form, year, int(day), MONTHS[name], remarks)


def _year(text: str) -> tuple[int, tuple[str, ...]]:
    if len(text) == 4:
        return int(text), ()
    return 2000 + int(text), ("dates.two_digit_year",)


def _order(cells: Sequence[str], parts: Sequence[_Cell], rows: Sequence[int]) -> Order | None:
    """Return the order that fits every date in digits."""
    digits = [place for place, part in enumerate(parts) if part.form is Form.DIGITS]
    dmy = [place for place in digits if parts[place].first > 12 >= parts[place].second]
    mdy = [place for place in digits if parts[place].second > 12 >= parts[place].first]
    if dmy and mdy:
        raise GeodataError(
            "dates.order_mixed",
            dmy=cells[dmy[0]].strip()[:20],
            dmy_row=rows[dmy[0]],
            mdy=cells[mdy[0]].strip()[:20],
            mdy_row=rows[mdy[0]],
        )
    if dmy:
        return "dmy"
    if mdy:
        return "mdy"
    for place in digits:
        part = parts[place]
        if part.first != part.second and max(part.first, part.second) <= 12:
            raise GeodataError("dates.order_unknown", **_both(cells[place], part, rows[place]))
    return "dmy" if digits else None


def _both(cell: str, part: _Cell, row: int) -> dict[str, object]:
    """Return both readings of one date, for the question to the user."""
    day_first, _ = _date(part, "dmy")
    month_first, _ = _date(part, "mdy")
    return {
        "value": cell.strip()[:20],
        "row": row,
        "dmy": str(day_first),
        "mdy": str(month_first),
    }


def _date(part: _Cell, order: Order | None) -> tuple[dt.date | None, tuple[str, ...]]:
    """Return the date of a cell under one order of day and month."""
    if part.form is None:
        return None, part.remarks
    day, month = part.first, part.second
    if part.form is Form.DIGITS and order == "mdy":
        day, month = month, day
    if part.year not in _YEARS:
        return None, ("dates.impossible",)
    try:
        written = dt.date(part.year, month, day)
        if not part.shift:
            return written, part.remarks
        return written + dt.timedelta(days=part.shift), (*part.remarks, "dates.other_day")
    except (ValueError, OverflowError):
        return None, ("dates.impossible",)
