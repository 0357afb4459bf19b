import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.errors import GeodataError
from geodata.readers.events.columns import KNOWN
from geodata.readers.events.head import read_head
from geodata.readers.limits import UPLOAD, Limits
from geodata.readers.tables.delimited import decode, read_table
from geodata.sanitize import KEY_CHARACTERS
from tests.support.hostile_cases import cell, raw_workbook, sheet, workbook

SMALL = Limits(rows=20, columns=5, cell_characters=30)
NAMES = {"id", "date", "place"}


def cells(text, **options):
    table = read_table(text.encode() if isinstance(text, str) else text, known=NAMES, **options)
    return table.header, [(number, tuple(row)) for number, row in table.rows]


def refused(data, key, limits=SMALL):
    with pytest.raises(GeodataError) as caught:
        read_table(data, limits=limits)
    assert caught.value.key == key


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_separators_and_line_ends(separator, end):
    lines = ["id", "date", "place"], ["1", "2025-09-13", "Gao"]
    text = end.join(separator.join(line) for line in lines)
    assert cells(text) == (("id", "date", "place"), [(2, ("1", "2025-09-13", "Gao"))])


def test_a_separator_inside_quotes_parts_nothing():
    _, rows = cells('id;date;place\n1;x;"a, b; ""c""\nd"\n2;y;z\n')
    assert rows == [(2, ("1", "x", 'a, b; "c"\nd')), (3, ("2", "y", "z"))]


def test_titles_above_the_header_and_blank_rows_keep_the_spreadsheet_s_numbers():
    header, rows = cells("Incidents 2025\n\nid,date,place\n\n1,x,y\n,,\n2,x,y\n")
    assert header == ("id", "date", "place")
    assert [number for number, _ in rows] == [5, 7]


@pytest.mark.parametrize("form", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_in_every_form_is_read_without_remark(form):
    assert decode("id,place\n1,Ségou\n".encode(form)) == ("id,place\n1,Ségou\n", ())


def test_other_encodings_are_guessed_and_reported():
    text, problems = decode("place\nSégou – l’axe\n".encode("cp1252"))
    assert text == "place\nSégou – l’axe\n"
    assert [problem.key for problem in problems] == ["table.encoding"]
    text, problems = decode("Ségou Ménaka Kéniéba ".encode() * 9 + b"\xe9")
    assert "Kéniéba" in text
    assert [problem.key for problem in problems] == ["table.broken_utf8"]


def test_rows_that_do_not_fit_are_reported_not_shifted():
    table = read_table(b"id,date,place\n1,x,y,\n2,x\n3,x,y,z\n", known=NAMES)
    assert [(number, tuple(row)) for number, row in table.rows] == [
        (2, ("1", "x", "y")),
        (3, ("2", "x", "")),
    ]
    assert table.rejected == (4,)
    assert {(p.row, p.key) for p in table.problems} == {
        (4, "table.long_row"),
        (3, "table.short_row"),
    }


def test_a_table_short_throughout_is_reported_once():
    table = read_table(b"id,date,place\n1,x\n2,x\n", known=NAMES)
    assert [problem.key for problem in table.problems] == ["table.all_short"]


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ('id,date,place\n1,x,y\n2,x,"y\n3,x,y\n', 3),
        ('id,date,place\n1,"x"y,z\n', 2),
        ('id,date,place\n1,x,"y\n2,x,"y\n', 2),
    ],
)
def test_a_quote_gone_wrong_names_its_row(text, row):
    with pytest.raises(GeodataError) as caught:
        read_table(text.encode(), known=NAMES)
    assert (caught.value.key, caught.value.params["row"]) == ("table.quote", row)


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (b"", "table.empty"), (b"\n \n", "table.empty"), (b"%PDF-1.7", "table.pdf"),
        (b"\x1f\x8b\x08", "table.packed"), (b"SQLite format 3\x00", "table.database"),
        (b"\xff\xd8\xff\xe0", "table.picture"), (b'{"data": []}', "table.json"),
        (b'[{"a": 1}]', "table.json"), (b"<?xml version='1.0'?><kml/>", "table.xml"),
        (b"<html></html>", "table.html"), (b"\xef\xbb\xbf <!DOCTYPE html>", "table.html"),
        (b"<!-- x -->\n<table>", "table.html"), (b"one column\nonly\n", "table.no_table"),
        (b"PK\x03\x04 not an archive", "workbook.damaged"),
        (b"a,b\n" + b"1,2\n" * 60, "table.row_limit"),
        (b"a,b\n" + b"1,2\n" * 21, "table.row_limit"),
        (b"a,b,c,d,e,f\n", "table.column_limit"), (b"a" + b"," * 30, "table.column_limit"),
    ],
)  # fmt: skip
def test_what_is_no_table_or_too_large_is_named(data, key):
    refused(data, key)


def test_limits_of_size_and_of_one_cell():
    refused(b"x" * 1_000_001, "table.file_size", Limits(file_mb=1))
    table = read_table(b"a,b\n1," + b"x" * 31 + b"\n2,y\n", limits=SMALL)
    assert (table.rejected, len(table.rows)) == ((2,), 1)


def test_the_sheet_with_the_known_columns_is_read_and_the_others_named():
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(workbook([["About"], ["made up", "x"]])))
    data = book.create_sheet("Données")
    data.append(["id", "date", "place"])
    data.append([1, 2.5, True])
    hidden = book.create_sheet("hidden")
    hidden.append(["id", "date", "place"])
    hidden.sheet_state = "hidden"
    file = io.BytesIO()
    book.save(file)
    table = read_table(file.getvalue(), known=NAMES)
    assert [tuple(row) for _, row in table.rows] == [("1", "2.5", "TRUE")]
    assert "Données" in table.problems[0].message()


def row_one(name, text="x"):
    return f'<row r="1">{cell(name, text)}</row>'


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (raw_workbook(sheet(row_one("XFD1"))), "table.column_limit"),
        (raw_workbook(sheet(f'{row_one("A1")}<row r="1048576"/>')), "workbook.row_limit"),
        (raw_workbook(sheet("<row/>" * 100)), "workbook.row_limit"),
        (raw_workbook(sheet(row_one("A1"), "<!DOCTYPE x>")), "workbook.entity"),
        (raw_workbook("not xml"), "workbook.damaged"),
        (raw_workbook(sheet("")), "table.empty"),
        (workbook([["a", "b"]]).replace(b"[Content_Types]", b"[Content_Tipes]"),
         "workbook.not_workbook"),
        (workbook([["a", "b"]])[:-400], "workbook.damaged"),
    ],
)  # fmt: skip
def test_crafted_workbooks_are_refused_before_they_cost_anything(data, key):
    refused(data, key)


def test_a_workbook_that_unpacks_beyond_the_limit_is_refused():
    data = raw_workbook(sheet(row_one("A1", "x" * 2_000_000)))
    refused(data, "workbook.unpacked", Limits(unpacked_mb=1))
    assert len(data) < 10_000


@given(st.lists(st.lists(st.text(max_size=8), min_size=3, max_size=3), min_size=1, max_size=8))
@settings(max_examples=60)
def test_what_a_csv_writer_wrote_reads_back_as_text(rows):
    rows = [[text.replace("\x00", "") for text in row] for row in rows]
    file = io.StringIO()
    writer = csv.writer(file, quoting=csv.QUOTE_ALL)
    writer.writerow(["id", "date", "place"])
    writer.writerows(rows)
    table = read_table(file.getvalue().encode("utf-8", "surrogatepass"), known=NAMES)
    kept = [tuple(row) for row in rows if any(text.strip() for text in row)]
    assert [tuple(row) for _, row in table.rows] == kept


@given(
    st.one_of(st.binary(max_size=200), st.binary(max_size=60).map(lambda b: b"id,date,place\n" + b))
)
@settings(max_examples=300)
def test_any_bytes_give_a_table_or_a_reason(data):
    try:
        table = read_table(data, known=NAMES)
    except GeodataError as error:
        assert error.text("fr")  # noqa: PT017 - any reason will do, but it must be reported
        return
    assert all(len(row) == len(table.header) for _, row in table.rows)


LONG = "x" * (UPLOAD.cell_characters + 1)


@pytest.mark.parametrize("header", [f"date,lat,lon,{LONG}", f"{LONG},date,lat,lon"])
def test_a_header_is_subject_to_the_limit_of_a_cell(header):
    with pytest.raises(GeodataError) as caught:
        read_table(f"{header}\n2025-09-10,13,-8,a\n".encode(), known=KNOWN)
    assert caught.value.key == "table.header_limit"


def test_a_header_at_the_limit_is_read_and_its_name_is_cut_for_the_page():
    name = "é" * UPLOAD.cell_characters
    head = read_head(f"date,lat,lon,{name}\n2025-09-10,13,-8,a\n".encode())
    assert head.columns == ("date", "lat", "lon", name[:KEY_CHARACTERS])
    assert head.suggested == {"date": "date", "lat": "lat", "lon": "lon"}


@pytest.mark.parametrize("start", [
    b"<html>", b"  <!-- a --><!DOCTYPE html>", b"<!---->" * 500 + b"<table>", b"\n<!--x-->\n<div>",
])  # fmt: skip
def test_a_page_of_the_web_is_reported_behind_any_comments(start):
    refused(start + b"date,lat", "table.html")


@pytest.mark.parametrize("start", [b"<!---->" * 585, b"<!--" * 1_000, b"<!-- open", b"<x>"])
def test_comments_alone_make_no_page_of_the_web(start):
    with pytest.raises(GeodataError) as caught:
        read_table(start, limits=SMALL)
    assert caught.value.key != "table.html"
