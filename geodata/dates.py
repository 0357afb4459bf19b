"""Dates as tables write them: one reading for a whole column, never row by row.

``05/09/2025`` is the fifth of September or the ninth of May. Which one it is follows from the
column as a whole (a 14 in the first place shows that days come first) and never from the order
of its rows; where the column leaves it open the user is asked.
"""

import datetime as dt
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal

from geodata.cells import key
from geodata.errors import GeodataError
from geodata.numerals import plain_digits

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
        ``dates.month_only``, ``dates.odd_form``; and where there is no date
        ``dates.missing``, ``dates.unknown_form`` or ``dates.impossible``.
    order : 'dmy', 'mdy' or None
        Reading of dates in digits; None where the column has none or both readings agree.
    form : Form or None
        Form of most cells.
    """

    values: tuple[dt.date | None, ...]
    remarks: tuple[tuple[str, ...], ...]
    order: Order | None
    form: Form | None


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

_ISO: Final = re.compile(
    r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})"
    r"(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s*(?:Z|UTC|GMT|[+-]\d{2}:?\d{2})?)?"
)
_COMPACT: Final = re.compile(r"(19|20)(\d{2})(\d{2})(\d{2})")
_DIGITS: Final = re.compile(
    r"(\d{1,2})\s?([-/.])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})(?:[T ]\d{1,2}:\d{2}(?::\d{2})?)?"
)
_DAY_FIRST: Final = re.compile(
    r"(\d{1,2})(er|e|st|nd|rd|th)?[\s\-./]+([^\W\d_]+)[\s\-./,]+(\d{4}|\d{2})"
)
_MONTH_FIRST: Final = re.compile(r"([^\W\d_]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?\s*,?\s+(\d{4})")
_MONTH_YEAR: Final = re.compile(r"([^\W\d_]+)[\s\-./]+(\d{4})")
_YEAR_MONTH: Final = re.compile(r"(\d{4})-(\d{1,2})")
_SERIAL: Final = re.compile(r"(\d{5})(?:\.\d+)?")
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


def read_dates(
    cells: Sequence[str],
    *,
    order: Order | None = None,
    rows: Sequence[int] | None = None,
    epoch_1904: bool = False,
) -> Dates:
    """Read a column of dates with one order of day and month for all of it.

    Stamps with a time or zone keep the day they write: an event is not moved to another day.
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

    Raises
    ------
    GeodataError
        ``dates.order_unknown`` when both readings fit every cell; ``dates.order_mixed`` when
        neither fits all.
    """
    numbers = list(rows) if rows is not None else list(range(2, len(cells) + 2))
    parts = [_parts(cell, epoch_1904) for cell in cells]
    used = order if order else _order(cells, parts, numbers)
    forms = Counter(part.form for part in parts if part.form)
    most = min(forms, key=lambda form: (-forms[form], form.name)) if forms else None
    values, remarks = [], []
    for part in parts:
        value, remark = _date(part, used)
        if value and part.form is not most:
            remark = (*remark, "dates.odd_form")
        values.append(value)
        remarks.append(remark)
    shown = used if Form.DIGITS in forms else None
    return Dates(tuple(values), tuple(remarks), shown, most)


def _parts(cell: str, epoch_1904: bool) -> _Cell:
    """Year and the two numbers of a date, with its form."""
    text = _WEEKDAY.sub("", plain_digits(cell))
    if not text:
        return _Cell(None, remarks=("dates.missing",))
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
    """Date with its month in words, or a month alone."""
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
    """Order that fits every date in digits."""
    digits = [place for place, part in enumerate(parts) if part.form is Form.DIGITS]
    dmy = [place for place in digits if parts[place].first > 12 >= parts[place].second]
    mdy = [place for place in digits if parts[place].second > 12 >= parts[place].first]
    if dmy and mdy:
        raise GeodataError(
            "dates.order_mixed",
            dmy=cells[dmy[0]].strip()[:20], dmy_row=rows[dmy[0]],
            mdy=cells[mdy[0]].strip()[:20], mdy_row=rows[mdy[0]],
        )  # fmt: skip
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
    """Both readings of one date, for the question to the user."""
    day_first, _ = _date(part, "dmy")
    month_first, _ = _date(part, "mdy")
    return {
        "value": cell.strip()[:20], "row": row, "dmy": str(day_first), "mdy": str(month_first),
    }  # fmt: skip


def _date(part: _Cell, order: Order | None) -> tuple[dt.date | None, tuple[str, ...]]:
    """Date of a cell under one order of day and month."""
    if part.form is None:
        return None, part.remarks
    day, month = part.first, part.second
    if part.form is Form.DIGITS and order == "mdy":
        day, month = month, day
    if part.year not in _YEARS:
        return None, ("dates.impossible",)
    try:
        return dt.date(part.year, month, day), part.remarks
    except ValueError:
        return None, ("dates.impossible",)
