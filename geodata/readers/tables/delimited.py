"""From the bytes of a file to a table of text: CSV of any kind and workbooks.

What a file is follows from its content, never from its name. Nothing is converted here: every
cell stays text, so that a number, a date or a formula is only ever what a later step reads.
"""

import codecs
import csv
import io
import itertools
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import Final

from geodata.errors import GeodataError
from geodata.readers.limits import UPLOAD, Limits
from geodata.readers.report import Problem
from geodata.readers.tables.excel import Records, is_archive, is_old_excel, read_sheets
from geodata.readers.tables.sheets import joined, merged_rows
from geodata.readers.tables.table import TextTable
from geodata.sanitize import key

SEPARATORS: Final = (",", ";", "\t", "|")
HEADER_ROWS: Final = 30
"""How far down a header may stand, below titles and notes."""

_LINE: Final = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_HTML: Final = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|table|title|meta|form|script|div)\b", re.IGNORECASE
)
_KINDS: Final = (
    (b"%PDF", "table.pdf"),
    (b"\x1f\x8b", "table.packed"),
    (b"Rar!", "table.packed"),
    (b"7z\xbc\xaf", "table.packed"),
    (b"SQLite format 3\x00", "table.database"),
    (b"\x89PNG", "table.picture"),
    (b"\xff\xd8\xff", "table.picture"),
    (b"GIF8", "table.picture"),
)


def read_table(data: bytes, *, known: Collection[str] = (), limits: Limits = UPLOAD) -> TextTable:
    """Read a table from the bytes of a CSV file or an Excel workbook.

    Encoding, separator and header row are found from the content. Rows with too few or too many
    cells are rejected rather than shifted, unless the surplus or missing cells are blank.

    Parameters
    ----------
    data : bytes
        The file.
    known : collection of str
        Column names to recognise the header by, as :func:`geodata.sanitize.key` writes them.
    limits : Limits
        What is refused.

    Raises
    ------
    GeodataError
        If the content is not a table, or beyond the limits.
    """
    if len(data) > limits.file_mb * 10**6:
        raise GeodataError("table.file_size", limit=limits.file_mb, size=-(-len(data) // 10**6))
    _check_kind(data)
    if is_archive(data) or is_old_excel(data):
        return _best_sheet(data, known, limits)
    text, problems = decode(data)
    return _csv_table(text, problems, known, limits)


def _check_kind(data: bytes) -> None:
    """Refuse what is plainly no table, by name."""
    if not data.strip(b"\x00 \t\r\n"):
        raise GeodataError("table.empty")
    for start, message in _KINDS:
        if data.startswith(start):
            raise GeodataError(message)
    head = data[:4096].removeprefix(codecs.BOM_UTF8)
    if _HTML.match(_without_comments(head)):
        raise GeodataError("table.html")
    if head.lstrip()[:5].lower() == b"<?xml":
        raise GeodataError("table.html" if re.search(rb"<html|<table", head, re.I) else "table.xml")
    if re.match(rb'\s*(\{\s*"|\[\s*[\[{])', head):
        raise GeodataError("table.json")


def _without_comments(head: bytes) -> bytes:
    """Return the start of a file behind blanks and comments of HTML."""
    rest = head.lstrip()
    while rest.startswith(b"<!--"):
        rest = rest[4:].partition(b"-->")[2].lstrip()
    return rest


def decode(data: bytes) -> tuple[str, tuple[Problem, ...]]:
    """Return the text of ``data``, and a remark where its encoding had to be guessed.

    UTF-8 and UTF-16 with or without a mark at the start, else Windows-1252, which holds Latin-1.
    A file that is UTF-8 but for a few bytes stays UTF-8, its broken characters shown as such.
    """
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF32_LE, "utf-32"),
        (codecs.BOM_UTF32_BE, "utf-32"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            return data.decode(name, errors="replace"), ()
    if form := _unmarked_utf16(data):
        return data.decode(form, errors="replace"), ()
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError:
        pass
    replaced = data.decode("utf-8", errors="replace")
    broken = replaced.count("\ufffd")
    if sum(letter > "\x7f" for letter in replaced) > 2 * broken:
        return replaced, (Problem.for_file("warning", "table.broken_utf8"),)
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    return text, (Problem.for_file("warning", "table.encoding"),)


def _unmarked_utf16(data: bytes) -> str | None:
    """Return the name of the UTF-16 form whose every other byte is NUL, as in Latin text."""
    sample = data[:2000]
    half = len(sample) // 2
    if half and sample[1::2].count(0) > 0.7 * half and sample[::2].count(0) < 0.1 * half:
        return "utf-16-le"
    if half and sample[::2].count(0) > 0.7 * half and sample[1::2].count(0) < 0.1 * half:
        return "utf-16-be"
    return None


def _csv_table(
    text: str, problems: tuple[Problem, ...], known: Collection[str], limits: Limits
) -> TextTable:
    first, _, rest = text.partition("\n")
    marked = re.fullmatch(r"\s*\"?sep=(.)\"?\s*", first)
    if marked:
        text, separator = rest, marked[1]
    else:
        separator = _separator(text, known)
    records = list(_records(text, separator, limits))
    table = _table(records, problems, known, limits)
    return replace(table, problems=(*table.problems, *_short_rows(records, table)))


def _short_rows(records: list[tuple[int, list[str]]], table: TextTable) -> list[Problem]:
    """Return remark on each row with fewer cells than the header; one for all where all are short.

    Only CSV can be short: some programs leave out blank cells at the end of a row.
    """
    numbers, width = {number for number, _ in table.rows}, len(table.header)
    short = {number: len(row) for number, row in records if number in numbers and len(row) < width}
    if len(short) == len(numbers) > 1:
        return [Problem.for_file("info", "table.all_short", columns=width)]
    return [
        Problem.for_row(number, "warning", "table.short_row", cells=n, columns=width)
        for number, n in short.items()
    ]


def _separator(text: str, known: Collection[str]) -> str:
    """Return the separator that makes the most of the first rows."""
    sample = "".join(text[:20_000].splitlines(keepends=True)[:HEADER_ROWS])

    def score(separator: str) -> tuple[int, int]:
        rows = list(csv.reader(io.StringIO(sample, newline=""), delimiter=separator))
        recognised = max((_recognised(row, known) for row in rows), default=0)
        widths = [len(row) for row in rows if len(row) > 1]
        return recognised, max((widths.count(width) * width for width in set(widths)), default=0)

    return max(SEPARATORS, key=score)


def _recognised(row: Collection[str], known: Collection[str]) -> int:
    """How many names of columns a row holds; groups before and hashtags behind them aside."""
    names = (
        candidate for cell in row for candidate in (cell, cell.split("#")[0], cell.rsplit("/")[-1])
    )
    return len({key(name) for name in names if name} & set(known))


def _records(text: str, separator: str, limits: Limits) -> Iterator[tuple[int, list[str]]]:
    """Yield the records of a CSV text, numbered from 1; strict about quotes.

    A quote that is never closed would swallow the rows after it into one cell, so it refuses the
    file and names the row in which it opened.
    """
    csv.field_size_limit(max(limits.file_mb * 10**6, 131_072))
    lines = (match[0] for match in _LINE.finditer(text))  # a text buffer takes four times its size
    reader = csv.reader(lines, delimiter=separator, strict=True)
    interned: dict[str, str] = {}
    number = 0
    while True:
        number += 1
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise GeodataError("table.quote", row=number, line=reader.line_num) from None
        if number > limits.rows + HEADER_ROWS:
            raise GeodataError("table.row_limit", limit=limits.rows)
        if len(record) > 4 * limits.columns:
            raise GeodataError("table.column_limit", limit=limits.columns, columns=len(record))
        # Cells repeat a good deal: one string for each saves half of the memory.
        yield number, [interned.setdefault(cell, cell) for cell in record]


def _best_sheet(data: bytes, known: Collection[str], limits: Limits) -> TextTable:
    """Table of the sheet whose header is recognised best, with the sheets of the same columns.

    Rows of further sheets are numbered on from the next power of ten, so that a number still
    shows the row of its sheet.
    """
    book = read_sheets(data, limits)
    filled = [(name, records) for name, records in book.sheets if records]
    if not filled:
        raise GeodataError("table.empty")

    def score(place: int) -> tuple[int, int]:
        rows = (row for _, row in filled[place][1][:HEADER_ROWS])
        return max(_recognised(row, known) for row in rows), -place

    best = max(range(len(filled)), key=score)
    pages = [
        _page(name, records, known, limits)
        if place != best
        else (name, _table(records, (), known, limits))
        for place, (name, records) in enumerate(filled)
    ]
    table = joined(pages, best, known=known, limits=limits)
    problems = (*merged_rows(book, pages), *table.problems)
    return replace(table, problems=problems, epoch_1904=book.epoch_1904)


def _page(
    name: str, records: Records, known: Collection[str], limits: Limits
) -> tuple[str, TextTable | None]:
    """Return the table of one further sheet, or none where it holds no table."""
    try:
        return name, _table(records, (), known, limits)
    except GeodataError:
        return name, None


def _table(
    records: list[tuple[int, list[str]]],
    problems: tuple[Problem, ...],
    known: Collection[str],
    limits: Limits,
) -> TextTable:
    """Return the table of ``records``: header found, blank rows left out, odd rows rejected."""
    place, header = _header(records, known)
    while header and not header[-1]:
        header.pop()
    if len(header) > limits.columns:
        raise GeodataError("table.column_limit", limit=limits.columns, columns=len(header))
    for number, cell in enumerate(header, 1):
        if len(cell) > limits.cell_characters:
            raise GeodataError(
                "table.header_limit", column=number, size=len(cell), limit=limits.cell_characters
            )
    rows, remarks, rejected = [], list(problems), []
    for number, record in records[place + 1 :]:
        if not any(cell.strip() for cell in record):
            continue
        problem = _misfit(number, record, len(header), limits)
        if problem:
            remarks.append(problem)
            rejected.append(number)
            continue
        if len(record) != len(header):
            record = (record + [""] * len(header))[: len(header)]
        rows.append((number, record))
    if len(rows) + len(rejected) > limits.rows:
        raise GeodataError("table.row_limit", limit=limits.rows)
    return TextTable(tuple(header), tuple(rows), tuple(remarks), tuple(rejected))


def _header(records: list[tuple[int, list[str]]], known: Collection[str]) -> tuple[int, list[str]]:
    """Return the place of the last row of the header, and the names in it.

    The row with the most known names, or two rows, names under the titles of groups, where they
    hold more together; else the first row with two names.
    """
    top = records[:HEADER_ROWS]
    scores = [_recognised(record, known) for _, record in top]
    pairs = [_two_rows(above, below) for (_, above), (_, below) in itertools.pairwise(top)]
    both = [_recognised(pair, known) for pair in pairs]
    best = max(scores, default=0)
    if both and max(both) > max(best, 1):
        place = both.index(max(both))
        return place + 1, pairs[place]
    if best > 1:
        place = scores.index(best)
        return place, [cell.strip() for cell in records[place][1]]
    for place, (_, record) in enumerate(top):
        if sum(bool(cell.strip()) for cell in record) > 1:
            return place, [cell.strip() for cell in record]
    raise GeodataError("table.no_table")


def _two_rows(above: Sequence[str], below: Sequence[str]) -> list[str]:
    """Return the names of columns under titles of groups: the lower one, else the upper one."""
    pairs = itertools.zip_longest(above, below, fillvalue="")
    return [low.strip() or high.strip() for high, low in pairs]


def _misfit(number: int, record: list[str], width: int, limits: Limits) -> Problem | None:
    """Return why a row does not fit under its header, if it does not."""
    filled = len(record)
    while filled and not record[filled - 1].strip():
        filled -= 1
    if filled > width:
        params: dict[str, object] = {"cells": filled, "columns": width}
        return Problem(number, None, record[width], "error", "table.long_row", params)
    for cell in record:
        if len(cell) > limits.cell_characters:
            params = {"limit": limits.cell_characters, "size": len(cell)}
            return Problem(number, None, cell, "error", "table.cell_limit", params)
    return None
