"""Excel workbooks to rows of text, without the costs that a crafted workbook can cause.

A workbook is a zip archive of XML. Before any of it is parsed its members are counted and
measured as they unpack, entity declarations are refused, and the furthest row and column of
each sheet are looked up, since one stray cell at XFD1048576 makes a reader fill in 17 thousand
million blanks.
"""

import datetime as dt
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from geodata.errors import GeodataError
from geodata.limits import Limits

CHUNK: Final = 1 << 18
MARGIN_ROWS: Final = 40
"""Rows beyond the limit that titles, header and notes may take."""

CELLS: Final = 3_000_000
"""Cells of one sheet, blanks included."""

_CONTENT_TYPES: Final = "[Content_Types].xml"
_ROW: Final = re.compile(rb"<(?:\w+:)?row[\s>/]")
_ROW_NUMBER: Final = re.compile(rb"<(?:\w+:)?row\s[^>]{0,400}?\br=[\"'](\d{1,9})[\"']")
_CELL_NAME: Final = re.compile(rb"<(?:\w+:)?c\s[^>]{0,400}?\br=[\"']([A-Z]{1,4})(\d{1,9})[\"']")


@dataclass(frozen=True)
class Workbook:
    """Sheets with their rows (number, cells as text), and how the workbook counts days."""

    sheets: tuple[tuple[str, list[tuple[int, list[str]]]], ...]
    epoch_1904: bool


def is_archive(data: bytes) -> bool:
    """Whether ``data`` is a zip archive, as every .xlsx file is."""
    return data[:4] in {b"PK\x03\x04", b"PK\x05\x06"}


def read_sheets(data: bytes, limits: Limits) -> Workbook:
    """Text of every visible sheet of an .xlsx workbook.

    Formulas give their stored results; dates are written as ``2025-09-13``.

    Raises
    ------
    GeodataError
        If the archive is no workbook, is locked, names outside files, or is beyond the limits.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check(archive, limits)
        return _read(data, limits)
    except GeodataError:
        raise
    except MemoryError:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise GeodataError("workbook.damaged") from error
    except Exception as error:
        raise GeodataError("workbook.damaged") from error


def _check(archive: zipfile.ZipFile, limits: Limits) -> None:
    """Refuse what is no workbook or too large, before anything is parsed."""
    members = archive.infolist()
    names = {member.filename for member in members}
    if "mimetype" in names and "content.xml" in names:
        raise GeodataError("workbook.open_document")
    if _CONTENT_TYPES not in names:
        raise GeodataError("workbook.not_workbook")
    if "xl/workbook.bin" in names:
        raise GeodataError("workbook.binary")
    if not any(name.startswith("xl/") for name in names):
        raise GeodataError("workbook.not_workbook")
    if any(member.flag_bits & 1 for member in members):
        raise GeodataError("workbook.password")
    if len(members) > 10 * limits.members:
        raise GeodataError("workbook.members", limit=10 * limits.members)
    if sum(member.file_size for member in members) > limits.unpacked_mb * 10**6:
        raise GeodataError("workbook.unpacked", limit=limits.unpacked_mb)
    for member in members:
        if member.filename.endswith((".xml", ".rels", ".vml")):
            _check_part(archive, member, limits)


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
    """Parts of a member with what overlaps the part before, and how long that overlap is."""
    overlap = b""
    with archive.open(member) as file:
        while part := file.read(CHUNK):
            yield overlap + part, len(overlap)
            overlap = (overlap + part)[-200:]


def _column(letters: bytes) -> int:
    """Number of a column from its letters: A is 1."""
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
    sheets = []
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            continue
        rows = sheet.iter_rows(
            max_row=limits.rows + MARGIN_ROWS, max_col=limits.columns, values_only=True
        )
        records = []
        for number, row in enumerate(rows, 1):
            cells = [_text(value) for value in row]
            while cells and not cells[-1]:
                cells.pop()
            if cells:
                records.append((number, cells))
        sheets.append((str(sheet.title), records))
    return Workbook(tuple(sheets), book.epoch == CALENDAR_MAC_1904)


def _text(value: object) -> str:
    """A cell as text: dates as ISO, whole numbers without a decimal point."""
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ")
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)
