"""Workbooks to rows of text, without the costs that a crafted workbook can cause.

Excel's .xlsx is read by openpyxl, its old .xls and OpenDocument's .ods by calamine. An .xlsx is
a zip archive of XML. Before any of it is parsed its members are counted and measured as they
unpack, entity declarations are refused, and the furthest row and column of each sheet are looked
up, since one stray cell at XFD1048576 makes a reader fill in 17 thousand million blanks.
"""

import datetime as dt
import io
import re
import zipfile
import zlib
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from geodata.errors import GeodataError
from geodata.readers.limits import Limits

if TYPE_CHECKING:
    import python_calamine

CHUNK: Final = 1 << 18
MARGIN_ROWS: Final = 40
"""Rows beyond the limit that titles, header and notes may take."""

CELLS: Final = 3_000_000
"""Cells of one sheet, blanks included."""

OPEN_DOCUMENT: Final = "ods"
_STRICT: Final = b"http://purl.oclc.org/ooxml/"
_CONTENT_TYPES: Final = "[Content_Types].xml"
_ROW: Final = re.compile(rb"<(?:\w+:)?row[\s>/]")
_ROW_NUMBER: Final = re.compile(rb"<(?:\w+:)?row\s[^>]{0,400}?\br=[\"'](\d{1,9})[\"']")
_CELL_NAME: Final = re.compile(rb"<(?:\w+:)?c\s[^>]{0,400}?\br=[\"']([A-Z]{1,4})(\d{1,9})[\"']")


Records = list[tuple[int, list[str]]]
Range = tuple[tuple[int, int], tuple[int, int]]


@dataclass(frozen=True)
class Workbook:
    """Sheets of a workbook as text.

    Parameters
    ----------
    sheets : tuple of (str, list of (int, list of str))
        Name of each visible sheet, and its rows with their numbers.
    epoch_1904 : bool
        Whether the workbook counts days from 1904.
    carried : mapping of str to tuple of int
        By sheet, the numbers of the rows that took the value of a cell merged over them.
    """

    sheets: tuple[tuple[str, Records], ...]
    epoch_1904: bool
    carried: Mapping[str, tuple[int, ...]] = field(default_factory=dict)


def is_archive(data: bytes) -> bool:
    """Return whether ``data`` is a zip archive, as every .xlsx file is."""
    return data[:4] in {b"PK\x03\x04", b"PK\x05\x06"}


def is_old_excel(data: bytes) -> bool:
    """Whether ``data`` is in the container of .xls files, and of other old Office documents."""
    return data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")


def read_sheets(data: bytes, limits: Limits) -> Workbook:
    """Return the text of every visible sheet of an .xlsx, .xls or .ods workbook.

    Formulas give their stored results; dates are written as ``2025-09-13``.

    Raises
    ------
    GeodataError
        If the archive is not a workbook, is locked, names outside files, or is beyond the limits.
    """
    if is_old_excel(data):
        return _read_other(data, limits, "table.old_excel")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if _check(archive, limits) == OPEN_DOCUMENT:
                return _read_other(data, limits, "workbook.damaged")
        return _read(data, limits)
    except GeodataError:
        raise
    except MemoryError:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise GeodataError("workbook.damaged") from error
    except Exception as error:
        raise GeodataError("workbook.damaged") from error


def _check(archive: zipfile.ZipFile, limits: Limits) -> str:
    """Refuse what is not a workbook or too large, before anything is parsed; return its kind."""
    members = archive.infolist()
    names = {member.filename for member in members}
    kind = OPEN_DOCUMENT if {"mimetype", "content.xml"} <= names else "xlsx"
    if kind == "xlsx":
        _check_excel(archive, names, limits)
    if any(member.flag_bits & 1 for member in members):
        raise GeodataError("workbook.password")
    if len(members) > 10 * limits.members:
        raise GeodataError("workbook.members", limit=10 * limits.members)
    if sum(member.file_size for member in members) > limits.unpacked_mb * 10**6:
        raise GeodataError("workbook.unpacked", limit=limits.unpacked_mb)
    for member in members:
        if member.filename.endswith((".xml", ".rels", ".vml")):
            _check_part(archive, member, limits)
    if kind == OPEN_DOCUMENT:
        _check_open_document(archive, names)
    return kind


def _check_excel(archive: zipfile.ZipFile, names: set[str], limits: Limits) -> None:
    """Refuse archives that are no .xlsx workbook, or one of a kind that cannot be read."""
    if _CONTENT_TYPES not in names:
        raise GeodataError("workbook.not_workbook")
    if "xl/workbook.bin" in names:
        raise GeodataError("workbook.binary")
    if not any(name.startswith("xl/") for name in names):
        raise GeodataError("workbook.not_workbook")
    if "xl/workbook.xml" in names:
        member = archive.getinfo("xl/workbook.xml")
        if member.file_size <= limits.unpacked_mb * 10**6 and not member.flag_bits & 1:
            with archive.open(member) as file:
                if _STRICT in file.read(CHUNK):
                    raise GeodataError("workbook.strict")


def _check_open_document(archive: zipfile.ZipFile, names: set[str]) -> None:
    """Refuse an OpenDocument file that is no spreadsheet or is locked."""
    with archive.open("mimetype") as file:
        if b"spreadsheet" not in file.read(200):
            raise GeodataError("workbook.not_workbook")
    if "META-INF/manifest.xml" in names:
        with archive.open("META-INF/manifest.xml") as file:
            if b"encryption-data" in file.read(CHUNK):
                raise GeodataError("workbook.password")


def _check_part(archive: zipfile.ZipFile, member: zipfile.ZipInfo, limits: Limits) -> None:
    """Refuse entity declarations, and sheets that reach too far."""
    sheet = member.filename.startswith("xl/worksheets/")
    count, furthest, columns = 0, 0, 0
    for chunk, fresh in _chunks(archive, member):
        if b"<!DOCTYPE" in chunk or b"<!ENTITY" in chunk or b"<!\x00D" in chunk:
            raise GeodataError("workbook.entity")
        if not sheet:
            continue
        count += sum(match.end() > fresh for match in _ROW.finditer(chunk))
        furthest = max([furthest, *map(int, _ROW_NUMBER.findall(chunk))])
        for letters, row in _CELL_NAME.findall(chunk):
            columns, furthest = max(columns, _column(letters)), max(furthest, int(row))
        if max(count, furthest) > limits.rows + MARGIN_ROWS:
            raise GeodataError("workbook.row_limit", limit=limits.rows, row=max(count, furthest))
        if columns > limits.columns:
            raise GeodataError("table.column_limit", limit=limits.columns, columns=columns)
    if max(count, furthest) * columns > CELLS:
        raise GeodataError("workbook.cells", limit=CELLS, cells=max(count, furthest) * columns)


def _chunks(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[tuple[bytes, int]]:
    """Yield parts of a member with what overlaps the part before, and how long that overlap is."""
    overlap = b""
    with archive.open(member) as file:
        while part := file.read(CHUNK):
            yield overlap + part, len(overlap)
            overlap = (overlap + part)[-200:]


def _column(letters: bytes) -> int:
    """Return the number of a column from its letters: A is 1."""
    number = 0
    for letter in letters:
        number = 26 * number + letter - 64
    return number


def _read(data: bytes, limits: Limits) -> Workbook:
    # Only here, since the rest of the package must not pay for this import.
    import openpyxl
    from openpyxl.utils.datetime import CALENDAR_MAC_1904

    book = openpyxl.load_workbook(
        io.BytesIO(data), read_only=True, data_only=True, keep_links=False
    )
    sheets: list[tuple[str, Records]] = []
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            continue
        rows = sheet.iter_rows(
            max_row=limits.rows + MARGIN_ROWS, max_col=limits.columns, values_only=True
        )
        sheets.append((str(sheet.title), _records(rows)))
    merged = _merged(data) if _has_merges(data) else {}
    carried = {name: _carry(records, merged.get(name, ())) for name, records in sheets}
    return Workbook(tuple(sheets), book.epoch == CALENDAR_MAC_1904, carried)


def _records(rows: Iterable[Sequence[object]]) -> Records:
    """Return rows with their numbers, without blank cells at their ends and without blank rows."""
    records = []
    for number, row in enumerate(rows, 1):
        cells = [_text(value) for value in row]
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            records.append((number, cells))
    return records


def _has_merges(data: bytes) -> bool:
    """Return whether any sheet of an .xlsx workbook merges cells."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return any(
            b"mergeCell " in chunk
            for member in archive.infolist()
            if member.filename.startswith("xl/worksheets/") and member.filename.endswith(".xml")
            for chunk, _ in _chunks(archive, member)
        )


def _merged(data: bytes) -> dict[str, Sequence[Range]]:
    """Return the ranges of merged cells by sheet, counted from 0."""
    import python_calamine

    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    return {name: _ranges(book.get_sheet_by_name(name)) for name in book.sheet_names}


def _ranges(sheet: "python_calamine.CalamineSheet") -> Sequence[Range]:
    return sheet.merged_cell_ranges or ()


def _carry(records: Records, ranges: Sequence[Range]) -> tuple[int, ...]:
    """Write the value of cells merged over several rows into each row that has any cell.

    Returns
    -------
    tuple of int
        Numbers of the rows that took a value.
    """
    numbers = [number for number, _ in records]
    rows, filled = set(), 0
    for (top, left), (bottom, _) in ranges:
        first = bisect_left(numbers, top + 1)
        if bottom == top or first == len(numbers) or numbers[first] != top + 1:
            continue
        value = records[first][1][left] if left < len(records[first][1]) else ""
        for number, cells in records[first + 1 : bisect_right(numbers, bottom + 1)]:
            filled += 1
            if filled > CELLS:
                raise GeodataError("workbook.cells", limit=CELLS, cells=filled)
            cells.extend([""] * (left + 1 - len(cells)))
            if value and not cells[left]:
                cells[left] = value
                rows.add(number)
    return tuple(sorted(rows))


def _read_other(data: bytes, limits: Limits, damaged: str) -> Workbook:
    """Return the sheets of an .xls or .ods workbook."""
    import python_calamine

    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets, carried = [], {}
        for about in book.sheets_metadata:
            if about.visible != python_calamine.SheetVisibleEnum.Visible:
                continue
            sheet = book.get_sheet_by_name(about.name)
            _check_size(sheet.total_height, sheet.total_width, limits)
            records = _records(sheet.to_python(skip_empty_area=False))
            carried[about.name] = _carry(records, _ranges(sheet))
            sheets.append((about.name, records))
    except (GeodataError, MemoryError):
        raise
    except python_calamine.PasswordError as error:
        raise GeodataError("workbook.password") from error
    except Exception as error:  # whatever is wrong with the file is one fault
        raise GeodataError(damaged) from error
    return Workbook(tuple(sheets), epoch_1904=False, carried=carried)


def _check_size(rows: int, columns: int, limits: Limits) -> None:
    if rows > limits.rows + MARGIN_ROWS:
        raise GeodataError("workbook.row_limit", limit=limits.rows, row=rows)
    if columns > limits.columns:
        raise GeodataError("table.column_limit", limit=limits.columns, columns=columns)
    if rows * columns > CELLS:
        raise GeodataError("workbook.cells", limit=CELLS, cells=rows * columns)


def _text(value: object) -> str:
    """Return a cell as text: dates as ISO, whole numbers without a decimal point."""
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)
