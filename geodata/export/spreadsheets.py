"""The situation for spreadsheets: XLSX, CSV and a ZIP of CSV files, safe to open."""

import csv
import io
import os
import re
import zipfile
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

import pandas as pd

# Where lxml is installed (feeds need it) openpyxl writes sheets by it, and on a full disk a
# generator of theirs prints a traceback of its own beside our one line.
os.environ.setdefault("OPENPYXL_LXML", "False")
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from geodata import schema as f
from geodata.export import frames, plans
from geodata.export.style import COLOURS, SEGMENT_STYLES, tint
from geodata.sanitize import formula_safe, printable
from geodata.sharing.publication import Publication
from geodata.values import plain_cell, whole_if_whole

LONGEST_CELL: Final = 32_000
STATE_FILLS: Final = {
    **{str(state): tint(look.colour) for state, look in SEGMENT_STYLES.items() if state != "open"},
    "isolated": tint(COLOURS["closed"]),
    "detour": tint(COLOURS["contested"]),
}
"""Fill of a cell that holds a state: the colour of the map, pale."""

HXL_TAGS: Final = {
    f.NODE_ID: "#loc+code", f.NAME: "#loc+name", f.ADMIN1: "#adm1+name",
    f.POPULATION: "#population", f.POPULATION_YEAR: "#date+population",
    f.STATE: "#status", f.ISOLATED: "#status+isolated", f.SUPPLY_POINT: "#loc+supply+code",
    f.BASELINE_SUPPLY_POINT: "#loc+supply+code+before", f.DISTANCE_KM: "#indicator+km",
    f.BASELINE_KM: "#indicator+km+before", f.DETOUR_KM: "#indicator+km+detour",
    f.HOURS: "#indicator+hours", f.SEGMENT_ID: "#meta+id", f.EVENT_ID: "#event+id",
    f.DATE: "#date+start", f.END_DATE: "#date+end", f.EVENT_TYPE: "#event+type",
    f.PLACE: "#loc+name", f.LAT: "#geo+lat", f.LON: "#geo+lon", f.ACTOR: "#actor",
    f.SOURCE_NAME: "#meta+source", f.SOURCE_URL: "#meta+url", f.SUMMARY: "#description",
    f.CONFIDENCE: "#meta+confidence",
}  # fmt: skip
"""HXL 1.1 hashtags of the columns that have one (https://hxlstandard.org)."""


TABLES: Final[dict[str, Callable[[Publication], pd.DataFrame | None]]] = {
    "towns": lambda release: frames.towns(release).drop(columns=f.GEOMETRY),
    "segments": lambda release: frames.segments(release).drop(columns=f.GEOMETRY),
    "events": lambda release: frames.events(release).drop(columns=f.GEOMETRY),
    "changes": frames.changed,
    "reopening": frames.reopening,
    "reopening_plan": frames.reopening_plan,
    "access_probability": plans.access_probability,
    "keep_open_plan": plans.keep_open,
    "stock_plan": frames.stock_plan,
    "danger_routes": frames.danger_routes,
    "further_closures": frames.ranking,
}
"""Tables of the workbook, each made when asked for; some have nothing to give."""


def tables(release: Publication) -> dict[str, pd.DataFrame]:
    """Give every table of the workbook by name, without geometry."""
    every = {name: make(release) for name, make in TABLES.items()}
    return {name: pd.DataFrame(table) for name, table in every.items() if table is not None}


def xlsx(release: Publication, *, hxl: bool = False) -> bytes:
    """Write a workbook: a sheet of what it is, then a sheet a table.

    Text cells are stored as text and marked as such, so that one that begins with ``=``,
    ``+``, ``-``, ``@`` or a tab never becomes a formula, not even when edited.

    Parameters
    ----------
    release : Release
    hxl : bool
        Whether a row of HXL tags stands under the headers.

    Returns
    -------
    bytes
        The same for the same release and versions of the libraries.
    """
    book = Workbook()
    book.remove(book.worksheets[0])
    first = book.create_sheet("about")
    about = frames.about(release)
    _fill(first, about, {})
    first.column_dimensions["A"].width, first.column_dimensions["B"].width = 22, 120
    for name, table in tables(release).items():
        _fill(book.create_sheet(name), table, HXL_TAGS if hxl else {})
    book.properties.creator = "supply-routes"
    book.properties.title = printable(about["value"].iloc[0])
    book.properties.description = str(release.level)
    created = datetime(release.made.year, release.made.month, release.made.day)
    book.properties.created = created
    target = io.BytesIO()
    book.save(target)
    return _settled(target.getvalue(), created)


def csv_table(release: Publication, name: str = "towns", *, hxl: bool = False) -> bytes:
    """Write one table as CSV (UTF-8 with BOM, as spreadsheets expect), formula-safe.

    Its last columns repeat the day of making and the level in every row, so that a table that
    travels alone still says what it is.
    """
    if name == "about":
        return _csv(frames.about(release), {})
    table = TABLES.get(name, TABLES["towns"])(release)
    if table is None:
        table = TABLES["towns"](release)
    return _dated(pd.DataFrame(table), release, hxl=hxl)


def csv_zip(release: Publication, *, hxl: bool = False) -> bytes:
    """Write every table as CSV, with ``about.csv``, in one ZIP."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        texts = {"about": csv_table(release, "about")}
        texts |= {name: _dated(table, release, hxl=hxl) for name, table in tables(release).items()}
        for name, content in texts.items():
            entry = zipfile.ZipInfo(f"{name}.csv", (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return target.getvalue()


def _dated(table: pd.DataFrame, release: Publication, *, hxl: bool) -> bytes:
    table = table.assign(made=release.made.isoformat(), sensitivity=str(release.level))
    return _csv(table, HXL_TAGS if hxl else {})


def _csv(table: pd.DataFrame, tags: dict[str, str]) -> bytes:
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow(table.columns)
    if tags:
        writer.writerow([tags.get(str(name), "") for name in table.columns])
    for row in table.itertuples(index=False):
        writer.writerow([_csv_cell(cell) for cell in row])
    return b"\xef\xbb\xbf" + target.getvalue().encode(errors="replace")


def _csv_cell(value: Any) -> Any:
    plain = whole_if_whole(plain_cell(value))
    return formula_safe(plain.replace("\0", "")) if isinstance(plain, str) else plain


def _fill(sheet: Worksheet, table: pd.DataFrame, tags: dict[str, str]) -> None:
    rows = [list(table.columns)]
    if tags:
        rows.append([tags.get(str(name), "") for name in table.columns])
    rows += [
        [whole_if_whole(plain_cell(cell)) for cell in row] for row in table.itertuples(index=False)
    ]
    heads = 2 if tags else 1
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row, start=1):
            _cell(sheet, number, column, value, head=number <= heads)
    sheet.freeze_panes = f"B{heads + 1}"
    last = f"{get_column_letter(max(len(table.columns), 1))}{len(rows)}"
    sheet.auto_filter.ref = f"A{heads}:{last}"
    for column, name in enumerate(table.columns, start=1):
        longest = max([len(str(name)), *(len(str(row[column - 1])) for row in rows[1:200])])
        sheet.column_dimensions[get_column_letter(column)].width = min(max(longest + 2, 8), 48)


def _cell(sheet: Worksheet, row: int, column: int, value: Any, *, head: bool) -> None:
    cell = sheet.cell(row, column)
    if isinstance(value, str):
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)[:LONGEST_CELL]
        cell.data_type = "s"
        cell.quotePrefix = True
    elif value is not None:
        cell.value = value
    if head:
        cell.font = Font(bold=True)
    elif isinstance(value, str) and value in STATE_FILLS:
        cell.fill = PatternFill("solid", fgColor=STATE_FILLS[value])


def _settled(content: bytes, made: datetime) -> bytes:
    """Remove the time of saving from a workbook, so that the same content gives the same bytes."""
    stamp = made.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            data = old.read(name)
            if name == "docProps/core.xml":
                data = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + stamp, data)
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, data)
    return target.getvalue()
