"""The catalogue in one language, as every part of the page reads it."""

import datetime as dt
from dataclasses import dataclass

import pandas as pd
from babel.dates import format_date

from geodata.i18n import catalogue, day, number, plural, text


@dataclass(frozen=True)
class Translator:
    """Messages, numbers and dates in ``lang``."""

    lang: str

    def __call__(self, key: str, /, **params: object) -> str:
        """Message ``key`` with its parameters filled in."""
        return text(key, self.lang, **params)

    def count(self, key: str, n: int, /, **params: object) -> str:
        """Message ``key`` in the form that ``n`` asks for."""
        return plural(key, n, self.lang, **params)

    def number(self, value: float, *, decimals: int = 0) -> str:
        """A number with the language's separators."""
        return number(value, self.lang, decimals=decimals)

    def known(self, value: object, *, decimals: int = 0) -> str:
        """A number, or the word for an unknown one: an unknown count is never shown as 0."""
        missing = value is None or bool(pd.isna(value))  # type: ignore[call-overload]
        return self("page.unknown") if missing else self.number(float(value), decimals=decimals)  # type: ignore[arg-type]

    def label(self, name: str) -> str:
        """A name with the language's colon and a blank, to stand before what it names."""
        return self("page.label", name=name) + " "

    def people(self, value: object) -> str:
        """A count of people, or that it is unknown."""
        shown = self.known(value)
        unknown = shown == self("page.unknown")
        return self("page.people_unknown") if unknown else self("page.people", n=shown)

    def day(self, date: dt.date) -> str:
        """A date in words."""
        return day(date, self.lang)

    def month(self, date: dt.date, *, short: bool = False) -> str:
        """A month in words, such as ``October 2026``, or short, such as ``Oct 26``."""
        return str(format_date(date, format="MMM yy" if short else "MMMM y", locale=self.lang))

    @property
    def date_field(self) -> str:
        """Form of a day in a field to type into."""
        return "DD/MM/YYYY" if self.lang == "fr" else "YYYY-MM-DD"

    def listed(self, names: list[str]) -> str:
        """Names in a row: ``A, B and C``."""
        if len(names) < 2:
            return "".join(names)
        return self("page.and", first=", ".join(names[:-1]), last=names[-1])

    def has(self, key: str) -> bool:
        """Whether the catalogue holds ``key``."""
        return key in catalogue(self.lang)
