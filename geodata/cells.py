"""Text of one cell: what is odd in it, what is taken out, and the numbers it may hold."""

import re
import unicodedata
from typing import Final

_FORMULA_START: Final = re.compile(r"^[\s\x00-\x1f'\u200b-\u200f\ufeff]*[=+\-@|%＝＋－＠−]")


def formula_safe(cell: str) -> str:
    """``cell`` so that no spreadsheet takes it for a formula.

    A text that starts with ``=``, ``+``, ``-``, ``@``, a tab or a carriage return (also behind
    blanks, and in their full-width forms) gets an apostrophe in front, which spreadsheets show
    as plain text. Meant for columns of text: a negative number would become text too.

    Source of the rule: OWASP, "CSV Injection".
    """
    if cell[:1] in {"\t", "\r", "\n"} or _FORMULA_START.match(unicodedata.normalize("NFKC", cell)):
        return "'" + cell
    return cell
