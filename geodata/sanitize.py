"""Text of one cell: what is odd in it and what is taken out."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit

SPACES: Final = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\u0085"
_FORMULA_START: Final = re.compile(r"^[\s\x00-\x1f'\"\u200b-\u200f\ufeff]*[=+\-@|%\u2212]")
# Where a program may end a cell whatever the file's own separator is: quotes that do not open at
# its separator protect nothing, and neither do they protect a line break.
_SPLITS: Final = re.compile("([;\t|\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029])")
_SPLIT_START: Final = re.compile(r"^[\s\x00-\x1f'\"\u200b-\u200f\ufeff]*[=+\-@%\u2212]")
_BREAKS: Final = re.compile("\r\n|[\r\u2028\u2029\x0b\x0c]")
_RUN: Final = re.compile(f"[ \t{SPACES}]+")
_LINE_RUN: Final = re.compile("[ \t]+")
_CONTROL: Final = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufdd0-\ufdef\ufffe\uffff]")
_DIRECTION: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")
_MARKS: Final = re.compile("[\u200e\u200f\u061c]")
_JOINERS: Final = re.compile("[\u200c\u200d]")
_HIDDEN: Final = re.compile("[\u00ad\u2060-\u2064\u206a-\u206f\ufeff\ufff9-\ufffb\u180e]")
_MOJIBAKE: Final = re.compile("[ÃÂ][\u0080-\u00bf]|â€|\ufffd")
_WORD: Final = re.compile(r"[^\W\d_]+")
_LOOKALIKES: Final = ("CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC")
_NO_WORD: Final = re.compile(r"[^\w#+]+")
ID_MARK: Final = ";"
KEY_CHARACTERS: Final = 200
"""Characters of a name that `key` compares by."""

COMBINING: Final = 3
"""Combining marks kept on one letter; no living orthography stacks more."""


def joined(ids: Iterable[str]) -> str:
    """Ids in one cell, divided by ``;``, with a ``;`` or ``%`` within an id written as ``%XX``.

    So a cell divided at each ``;`` gives back as many ids as went in, and percent-decoding
    gives each of them.

    Examples
    --------
    >>> joined(["a--b", "c;d"])
    'a--b;c%3Bd'
    """
    return ID_MARK.join(id_.replace("%", "%25").replace(ID_MARK, "%3B") for id_ in ids)


def formula_safe(cell: str) -> str:
    """Return ``cell`` so that no spreadsheet takes it for a formula.

    A text that starts with ``=``, ``+``, ``-``, ``@``, a tab or a carriage return (also behind
    blanks, and in their full-width forms) gets an apostrophe in front, which spreadsheets show
    as plain text. So does each part of it that would start a cell where a program splits the
    file by ``;``, a tab, ``|`` or a line break instead of its comma, as spreadsheets do by
    country. Meant for columns of text: a negative number would become text too.

    Source of the rule: OWASP, "CSV Injection".
    """
    first, *rest = _SPLITS.split(cell)
    safe = first + "".join(_unstarted(part) for part in rest)
    if cell[:1] in {"\t", "\r", "\n"} or _FORMULA_START.match(unicodedata.normalize("NFKC", cell)):
        return "'" + safe
    return safe


def _unstarted(part: str) -> str:
    return "'" + part if _SPLIT_START.match(unicodedata.normalize("NFKC", part)) else part


def clean_cell(cell: str, *, lines: bool = False) -> tuple[str, tuple[str, ...]]:
    """Return ``cell`` fit for display and comparison, and the keys of what was odd in it.

    Composed (NFC), trimmed, with runs of blanks as one; control characters and marks that hide
    or reverse text are taken out; letters of several scripts in one word stay but are reported.

    Parameters
    ----------
    cell : str
        As the file holds it.
    lines : bool
        Whether line breaks and no-break spaces mean something, as in a summary.

    Returns
    -------
    tuple of str and tuple of str
        The text, and keys among ``cells.control``, ``cells.unusual``, ``cells.unreadable``.
    """
    if cell.isascii() and cell.isprintable():
        return _LINE_RUN.sub(" ", cell).strip(), ()
    remarks: dict[str, None] = {}
    value = _BREAKS.sub("\n", unicodedata.normalize("NFC", cell)).replace("\u200b", "")
    stripped = _CONTROL.sub("", value)
    if stripped != value:
        remarks["cells.control"] = None
    value = _unhidden(stripped)
    if value != stripped or _mixed(value):
        remarks["cells.unusual"] = None
    if _MOJIBAKE.search(value):
        remarks["cells.unreadable"] = None
    value = _LINE_RUN.sub(" ", value) if lines else _RUN.sub(" ", value.replace("\n", " "))
    return value.strip(), tuple(remarks)


def _unhidden(value: str) -> str:
    """Return ``value`` without marks that reverse, hide or pile up text."""
    value = _HIDDEN.sub("", _DIRECTION.sub("", value))
    if _MARKS.search(value) and not any(
        unicodedata.bidirectional(letter) in {"R", "AL"} for letter in value
    ):
        value = _MARKS.sub("", value)
    if _JOINERS.search(value):
        value = "".join(
            letter
            for place, letter in enumerate(value)
            if letter not in "\u200c\u200d" or _joins(value, place)
        )
    if not any(map(unicodedata.combining, value)):
        return value
    visible, run = [], 0
    for letter in value:
        run = run + 1 if unicodedata.combining(letter) else 0
        if run <= COMBINING:
            visible.append(letter)
    return "".join(visible)


def _joins(value: str, place: int) -> bool:
    """Whether a joiner stands between signs that it may join: not Latin letters or digits."""
    before, after = value[place - 1 : place], value[place + 1 : place + 2]
    return bool(before and after) and not (_latin(before) or _latin(after))


def _latin(letter: str) -> bool:
    return letter.isascii() or unicodedata.name(letter, "").startswith("LATIN")


def _mixed(value: str) -> bool:
    """Return whether one word mixes Latin letters with look-alikes of another script."""
    for word in _WORD.findall(value):
        if word.isascii():
            continue
        scripts = {unicodedata.name(letter, "?").split()[0] for letter in word}
        if "LATIN" in scripts and scripts & set(_LOOKALIKES):
            return True
    return False


def key(name: str) -> str:
    """Return ``name`` for comparison: no accents, no case, words joined by underscores.

    Only the first `KEY_CHARACTERS` count: no name that is known is longer, and a letter with
    thousands of combining marks takes time with the square of their number.

    >>> key("Géo-précision ")
    'geo_precision'
    """
    plain = name[:KEY_CHARACTERS]
    if not plain.isascii():
        plain = unicodedata.normalize("NFKD", plain)
        plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return _NO_WORD.sub("_", plain.casefold()).strip("_")


HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def printable(text: object) -> str:
    """Return ``text`` with control, format and unassigned characters as blanks.

    Format characters turn the direction of reading or have no width: with them a label can
    read otherwise than what it holds.
    """
    words = str(text)
    if words.isprintable():
        return words
    return "".join(" " if unicodedata.category(letter) in HIDDEN else letter for letter in words)


def web_address(text: object) -> str:
    """Return ``text`` if it is a plain http or https address, else an empty text."""
    address = str(text).strip()
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    plain = address.isprintable() and not any(mark in address for mark in ' "<>\\^`{|}')
    return address if plain and parts.scheme in ("http", "https") and parts.hostname else ""


def folded(name: str) -> str:
    """Return ``name`` without accents, case and surplus blanks, for comparing names."""
    plain = unicodedata.normalize(
        "NFKD", name[:KEY_CHARACTERS].replace("\u2019", "'").replace("-", " ")
    )
    letters = "".join(c for c in plain if not unicodedata.combining(c))
    return " ".join(letters.casefold().split())
