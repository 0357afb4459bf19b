"""Tables of the user that options name: CSV with a heading."""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from geodata.errors import GeodataError


@contextmanager
def rows_of(file: Path, fault: str) -> Iterator[list[dict[str, str]]]:
    """Give the rows of a CSV table while the caller reads its columns.

    Parameters
    ----------
    file : Path
        CSV in UTF-8, with or without a byte-order mark.
    fault : str
        Key of the message on a table that cannot be used; it names ``file``.

    Yields
    ------
    list of dict of str to str
        A missing last cell is None, as `csv.DictReader` has it.

    Raises
    ------
    GeodataError
        If the file cannot be read, lacks a column that the caller asks for, or holds a value
        that it cannot use.
    """
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            rows = list(csv.DictReader(lines))
        yield rows
    except (OSError, csv.Error, KeyError, AttributeError, TypeError, ValueError):
        raise GeodataError(fault, file=file.name) from None
