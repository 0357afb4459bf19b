"""Sheets of one workbook as one table, such as a sheet for each month."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from geodata.errors import GeodataError
from geodata.readers.limits import Limits
from geodata.readers.report import Problem, Severity
from geodata.readers.tables.excel import Workbook
from geodata.readers.tables.table import TextTable
from geodata.sanitize import key

Page = tuple[str, TextTable | None]


def joined(
    pages: Sequence[Page], best: int, *, known: Collection[str], limits: Limits
) -> TextTable:
    """Return the rows of one sheet and of all with its columns, and remarks on what is left out.

    Parameters
    ----------
    pages : sequence of (str, Table or None)
        Name of each sheet, and its table if it holds one.
    best : int
        Place of the sheet whose columns count.
    known : collection of str
        Names of columns, as :func:`geodata.sanitize.key` writes them.
    limits : Limits

    Raises
    ------
    GeodataError
        ``table.row_limit`` if all together have too many rows.
    """
    first = pages[best][1]
    assert first is not None, "the best sheet holds a table"  # noqa: S101
    names = [key(column) for column in first.header]
    longest = max((number for _, page in pages if page for number, _ in page.rows), default=1)
    step = 10 ** len(str(longest))
    rows, problems, rejected = [], [], []
    read: list[str] = []
    left: list[str] = []
    others: list[str] = []
    for name, page in pages:
        places = _places(names, page) if page else None
        if page is None or places is None:
            (left if page and _alike(names, page, known) else others).append(name)
            continue
        offset = step * len(read)
        read.append(f"{name} (+{offset})")
        rows += [(n + offset, [cells[place] for place in places]) for n, cells in page.rows]
        problems += [replace(p, row=p.row and p.row + offset) for p in page.problems]
        rejected += [number + offset for number in page.rejected]
    if len(rows) + len(rejected) > limits.rows:
        raise GeodataError("table.row_limit", limit=limits.rows)
    remarks = []
    if len(read) > 1:
        remarks.append(
            Problem.for_file("info", "table.sheets_joined", sheets=", ".join(read)[:300])
        )
    if left:
        remarks.append(Problem.for_file("error", "table.sheets_left", sheets=", ".join(left)[:300]))
    if others:
        remarks.append(
            Problem.for_file("info", "table.sheets", sheet=pages[best][0], others=", ".join(others))
        )
    return replace(
        first, rows=tuple(rows), problems=(*remarks, *problems), rejected=tuple(rejected)
    )


def _places(names: Sequence[str], page: TextTable) -> list[int] | None:
    """Where each column stands in another sheet, or None if that has not the same columns."""
    other = [key(column) for column in page.header]
    if other == list(names):
        return list(range(len(names)))
    if sorted(other) != sorted(names) or len(set(names)) != len(names):
        return None
    return [other.index(name) for name in names]


def _alike(names: Sequence[str], page: TextTable, known: Collection[str]) -> bool:
    """Return whether a sheet with other columns still looks like a table of the same things."""
    common = set(names) & set(known)
    shared = common & {key(column) for column in page.header}
    return len(shared) >= 3 and 2 * len(shared) > len(common) and bool(page.rows)


def merged_rows(book: Workbook, pages: Sequence[Page]) -> tuple[Problem, ...]:
    """Return the remark on each sheet with cells merged over rows of its table."""
    ranges = []
    for name, page in pages:
        numbers = {number for number, _ in page.rows} if page else set()
        rows = [number for number in book.carried.get(name, ()) if number in numbers]
        if rows:
            shown = ", ".join(map(str, rows[:20])) + (", …" if len(rows) > 20 else "")
            ranges.append(
                Problem.for_file("info", "table.merged", sheet=name, rows=shown, n=len(rows))
            )
    return tuple(ranges)


def _remark(message: str, severity: Severity = "info", /, **params: object) -> Problem:
    """Return the remark on the whole file."""
    return Problem.for_file(severity, message, **params)
