"""The header of a table to fill in."""

import csv
import io
from collections.abc import Iterable


def header_csv(columns: Iterable[str]) -> bytes:
    """Return column names as a CSV file, with the mark by which Excel keeps accents.

    It holds no example: one left in by mistake would be read as a row.

    Examples
    --------
    >>> header_csv(["date", "town"]).decode("utf-8-sig").split()
    ['date,town']
    """
    out = io.StringIO()
    csv.writer(out).writerow(columns)
    return out.getvalue().encode("utf-8-sig")
