"""Workbooks as people keep them: merged cells, sheets by month, headers in two rows, .xls, .ods."""

import datetime as dt
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from geodata import schema as f
from geodata.readers.events.columns import KNOWN
from geodata.readers.events.parser import EventOptions
from geodata.readers.events.reader import parse_events, read_events
from geodata.readers.report import Report
from geodata.readers.tables.delimited import read_table

TODAY = dt.date(2026, 11, 1)
HEAD = ["Date", "Type", "Lieu", "Latitude", "Longitude"]
ROWS = [
    ["2025-09-13", "embuscade", "Kayes", 14.45, -11.44],
    ["", "blocus", "Nioro", 15.23, -9.59],
    ["2025-09-20", "embuscade", "Kita", 13.04, -9.49],
]
XLS = Path(__file__).parents[1] / "data" / "workbooks" / "incidents.xls"


def xlsx(fill: Callable[[openpyxl.Workbook], None]) -> bytes:
    book = openpyxl.Workbook()
    fill(book)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def parsed(data: bytes) -> tuple[pd.DataFrame, Report]:
    return parse_events(data, EventOptions(today=TODAY, filename="book"))


def ods(rows: list[list[object]], *, extra: dict[str, bytes] | None = None) -> bytes:
    """A spreadsheet as LibreOffice writes it, down to what a reader needs."""

    def cell(value: object) -> str:
        if isinstance(value, float):
            return (
                f'<table:table-cell office:value-type="float" office:value="{value}">'
                f"<text:p>{value}</text:p></table:table-cell>"
            )
        return (
            '<table:table-cell office:value-type="string">'
            f"<text:p>{value}</text:p></table:table-cell>"
        )

    lines = "".join(
        "<table:table-row>" + "".join(map(cell, row)) + "</table:table-row>" for row in rows
    )
    names = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {names} '
        'office:version="1.2"><office:body><office:spreadsheet><table:table table:name="Data">'
        f"{lines}</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        for name, data in (extra or {}).items():
            archive.writestr(name, data)
    return file.getvalue()


def test_a_date_merged_over_rows_counts_for_each_of_them_and_is_reported() -> None:
    def fill(book: openpyxl.Workbook) -> None:
        for row in (HEAD, *ROWS):
            book.active.append(row)
        book.active.merge_cells("A2:A3")

    events, report = parsed(xlsx(fill))
    assert list(events[f.DATE]) == [dt.date(2025, 9, 13)] * 2 + [dt.date(2025, 9, 20)]
    told = next(p for p in report.problems if p.key == "table.merged")
    assert told.params["rows"] == "3"


def test_a_blank_date_that_is_not_merged_stays_blank() -> None:
    def fill(book: openpyxl.Workbook) -> None:
        for row in (HEAD, *ROWS):
            book.active.append(row)

    _, report = parsed(xlsx(fill))
    assert [p.row for p in report.problems if p.key == "dates.missing"] == [3]


def months(heads: dict[str, list[str]]) -> bytes:
    def fill(book: openpyxl.Workbook) -> None:
        book.remove(book.active)
        for number, (name, head) in enumerate(heads.items(), 1):
            sheet = book.create_sheet(name)
            sheet.append(head)
            row = dict(zip(HEAD, [f"2025-0{number}-13", *ROWS[0][1:]], strict=True))
            sheet.append([row.get(column, "x") for column in head])

    return xlsx(fill)


def test_sheets_of_one_form_are_all_read_whatever_the_order_of_their_columns() -> None:
    data = months({"Jan": HEAD, "Feb": HEAD[::-1], "Mar": HEAD})
    events, report = parsed(data)
    assert list(events[f.DATE]) == [dt.date(2025, month, 13) for month in (1, 2, 3)]
    assert set(events[f.LAT]) == {14.45}
    assert (report.read, report.exit_code) == (3, 0)
    assert "Feb (+10)" in str(report.problems[0].params)


def test_a_sheet_of_another_form_is_named_and_the_command_does_not_end_well() -> None:
    data = months({"Jan": HEAD, "Feb": [*HEAD, "Zone d'enquête"], "Notes": ["a", "b"]})
    events, report = parsed(data)
    assert len(events) == 1
    assert report.exit_code == 1
    left = next(p for p in report.problems if p.key == "table.sheets_left")
    assert (left.severity, left.params["sheets"]) == ("error", "Feb")
    assert next(p for p in report.problems if p.key == "table.sheets").params["others"] == "Notes"


def test_a_sheet_of_notes_alone_leaves_nothing_out() -> None:
    _, report = parsed(months({"Jan": HEAD, "Notes": ["a", "b"]}))
    assert report.exit_code == 0


def test_a_header_in_two_rows_is_read_by_its_lower_names() -> None:
    def fill(book: openpyxl.Workbook) -> None:
        sheet = book.active
        sheet.append(["Quand", "Quoi", "Où", None, None])
        sheet.append(["Date", "Type", "Lieu", "Latitude", "Longitude"])
        for row in ROWS[::2]:
            sheet.append(row)
        sheet.merge_cells("C1:E1")

    events, _ = parsed(xlsx(fill))
    assert list(events[f.PLACE]) == ["Kayes", "Kita"]


@pytest.mark.parametrize("merged", [True, False])
def test_names_may_be_in_either_row_of_the_header(merged: bool) -> None:
    def fill(book: openpyxl.Workbook) -> None:
        sheet = book.active
        sheet.append(["Date", "Type", "Lieu", "Position", None])
        sheet.append([None, None, None, "Latitude", "Longitude"])
        for row in ROWS[::2]:
            sheet.append(row)
        if merged:
            for cells in ("A1:A2", "B1:B2", "C1:C2", "D1:E1"):
                sheet.merge_cells(cells)

    events, report = parsed(xlsx(fill))
    assert list(events[f.LAT]) == [14.45, 13.04]
    assert not report.rejected


def test_two_rows_of_a_csv_file_are_a_header_too() -> None:
    text = "Date,Type,Où,,\n,,Lieu,Lat,Lon\n2025-09-13,embuscade,Kayes,14.45,-11.44\n"
    table = read_table(text.encode(), known=KNOWN)
    assert table.header == ("Date", "Type", "Lieu", "Lat", "Lon")
    assert [number for number, _ in table.rows] == [3]


def test_strict_open_xml_is_named() -> None:
    data = xlsx(lambda book: book.active.append(HEAD))
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(file, "w") as target:
        for name in source.namelist():
            text = source.read(name)
            if name == "xl/workbook.xml":
                text = text.replace(
                    b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
                    b"http://purl.oclc.org/ooxml/spreadsheetml/main",
                )
            target.writestr(name, text)
    _, report = parsed(file.getvalue())
    assert report.problems[0].key == "workbook.strict"


def test_open_document_and_old_excel_are_read_in_the_bounded_process() -> None:
    rows: list[list[object]] = [[str(cell) for cell in HEAD], ROWS[0], ROWS[2]]
    events, report = read_events(ods(rows), "a.ods", today=TODAY)
    assert list(events[f.LON]) == [-11.44, -9.49], report.to_text("en")
    events, report = read_events(XLS.read_bytes(), "a.xls", today=TODAY)
    assert list(events[f.DATE]) == [dt.date(2025, 9, 13)] * 2 + [dt.date(2025, 9, 20)]
    assert list(events[f.LAT]) == [14.45, 15.23, 13.04]
    assert "table.merged" in report.keys


@pytest.mark.parametrize(
    ("extra", "key"),
    [({"META-INF/x.xml": b"<!DOCTYPE a>"}, "workbook.entity"),
     ({"content.xml": b"<a"}, "workbook.damaged")],
)  # fmt: skip
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_crafted_open_document_is_refused(extra: dict[str, bytes], key: str) -> None:
    _, report = read_events(ods([HEAD], extra=extra), "a.ods", today=TODAY)
    assert report.refused
    assert report.problems[0].key == key


def test_an_open_document_that_repeats_a_row_without_end_is_refused() -> None:
    data = ods([HEAD, ROWS[0]])
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(file, "w") as target:
        for name in source.namelist():
            text = source.read(name)
            if name == "content.xml":
                first, _, last = text.rpartition(b"<table:table-row>")
                text = first + b'<table:table-row table:number-rows-repeated="900000000">' + last
            target.writestr(name, text)
    events, report = read_events(file.getvalue(), "a.ods", today=TODAY)
    assert report.refused
    assert not len(events)


@pytest.mark.parametrize("cut", [512, 1024, 3000])
def test_an_old_workbook_cut_short_is_refused(cut: int) -> None:
    _, report = read_events(XLS.read_bytes()[:cut], "a.xls", today=TODAY)
    assert report.refused
