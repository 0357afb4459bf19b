"""The one catalogue of what a user reads, in English and French.

Messages live in ``geodata/locale/<language>/<area>.po``; a message's id is a dotted key, so
that neither language is the other's source. Numbers and dates follow each language's form.
"""

import datetime as dt
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Final

from babel import Locale
from babel.dates import format_date
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

LANGUAGES: Final = ("en", "fr")
LOCALE_FOLDER: Final = Path(__file__).parent / "locale"

Message = str | tuple[str, ...]


@cache
def catalogue(lang: str) -> dict[str, Message]:
    """Return every message of one language.

    Parameters
    ----------
    lang : str
        ``en`` or ``fr``.

    Returns
    -------
    dict of str to str or tuple of str
        Key to message; a tuple holds the plural forms, singular first.

    Raises
    ------
    ValueError
        If a key stands in two area files.
    """
    messages: dict[str, Message] = {}
    for path in sorted((LOCALE_FOLDER / lang).glob("*.po")):
        with path.open("rb") as file:
            entries = read_po(file, locale=lang)
        for entry in entries:
            if not entry.id:
                continue
            key = entry.id if isinstance(entry.id, str) else entry.id[0]
            if key in messages:
                raise ValueError(f"{path.name}: the key {key!r} is in another area file too")
            string = entry.string or ""
            messages[key] = string if isinstance(string, str) else tuple(string)
    return messages


def text(key: str, lang: str = "en", /, **params: object) -> str:
    """Return the message ``key`` in ``lang`` with its ``{params}`` filled in.

    Raises
    ------
    KeyError
        If the catalogue has no such key: a fault of the program, not of the user.
    """
    message = catalogue(lang)[key]
    form = message if isinstance(message, str) else message[-1]
    return form.format(**params) if params else form


def plural(key: str, n: int, lang: str = "en", /, **params: object) -> str:
    """Return message ``key`` in the form that ``n`` asks for; ``{n}`` is the number as written."""
    message = catalogue(lang)[key]
    if isinstance(message, str):
        form = message
    else:
        form = message[0] if Locale(lang).plural_form(n) == "one" else message[-1]
    return form.format(**{"n": number(n, lang), **params})


def number(value: float, lang: str = "en", *, decimals: int = 0) -> str:
    """Return ``value`` with the language's separators and a fixed count of decimals."""
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    return str(format_decimal(value, format=pattern, locale=lang))


def series(parts: Iterable[str], lang: str = "en") -> str:
    """Parts joined by semicolons, before which French sets a narrow blank."""
    return ("\u202f; " if lang == "fr" else "; ").join(parts)


def day(date: dt.date, lang: str = "en") -> str:
    """A date in words, such as ``7 January 2026``, ``7 janvier 2026`` or ``1er janvier 2026``."""
    words = str(format_date(date, format="d MMMM y", locale=lang))
    first = lang == "fr" and date.day == 1
    return "1er" + words.removeprefix("1") if first else words
