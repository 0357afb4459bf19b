"""Odd and hostile tables of events, made here, each with its expected outcome.

The base is twelve synthetic rows in ACLED's columns, one day and one town each.
"""

import csv
import datetime as dt
import io
import unicodedata
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import openpyxl

HEADER = (
    "event_id_cnty", "event_date", "event_type", "sub_event_type", "actor1", "latitude",
    "longitude", "location", "fatalities", "notes", "source", "geo_precision",
)  # fmt: skip
TOWNS = (
    ("Bamako", 12.6392, -8.0029), ("Ségou", 13.4317, -6.2157), ("Mopti", 14.4843, -4.1827),
    ("Gao", 16.2717, -0.0447), ("Kidal", 18.4411, 1.4078), ("Ménaka", 15.9182, 2.4014),
    ("Tombouctou", 16.7735, -3.0074), ("Kayes", 14.4469, -11.4445), ("Sikasso", 11.3176, -5.6665),
    ("Douentza", 15.0019, -2.9496), ("Koutiala", 12.3917, -5.4642),
    ("Nioro du Sahel", 15.2311, -9.5928),
)  # fmt: skip
TYPES = (
    ("Battles", "Armed clash"), ("Explosions/Remote violence", "Remote explosive/landmine/IED"),
    ("Violence against civilians", "Attack"),
    ("Strategic developments", "Disrupted weapons use"),
)  # fmt: skip
FIRST = dt.date(2025, 9, 13)
Row = dict[str, str]


def base() -> list[Row]:
    """Twelve rows, 13 to 24 September 2025."""
    rows = []
    for place, (town, lat, lon) in enumerate(TOWNS):
        main, sub = TYPES[place % 4]
        day = (FIRST + dt.timedelta(days=place)).isoformat()
        cells = (
            f"MLI{90000 + place}",
            day,
            main,
            sub,
            "Armed group (made up)",
            str(lat),
            str(lon),
            town,
            str(place % 4),
            f"Made-up event {place}.",
            "Made up",
            "1",
        )
        rows.append(dict(zip(HEADER, cells, strict=True)))
    return rows


def table(rows: Sequence[Row], separator: str = ",", end: str = "\r\n") -> str:
    """Rows as CSV text."""
    file = io.StringIO()
    writer = csv.DictWriter(file, HEADER, delimiter=separator, lineterminator=end)
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue()


def with_cells(column: str, value: Callable[[int, str], str], *only: int) -> bytes:
    """The base with ``column`` changed in all rows, or in those of the places ``only``."""
    rows = base()
    for place, row in enumerate(rows):
        if not only or place in only:
            row[column] = value(place, row[column])
    return table(rows).encode()


def day(place: int, form: str) -> str:
    return (FIRST + dt.timedelta(days=place)).strftime(form)


def workbook(rows: Sequence[Sequence[object]]) -> bytes:
    """An .xlsx workbook with one sheet."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def raw_workbook(sheet: str) -> bytes:
    """An .xlsx archive whose one sheet is the XML given."""
    space = "http://schemas.openxmlformats.org"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{space}/package/2006/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-'
        'officedocument.spreadsheetml.sheet.main+xml"/>'
        '<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.'
        'openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{space}/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{space}/officeDocument/2006/relationships/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{space}/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{space}/officeDocument/2006/relationships/worksheet" '
        'Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{space}/spreadsheetml/2006/main" '
        f'xmlns:r="{space}/officeDocument/2006/relationships"><sheets>'
        '<sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/worksheets/sheet1.xml": sheet,
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def sheet(body: str, head: str = "") -> str:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'{head}<worksheet xmlns="{space}"><sheetData>{body}</sheetData></worksheet>'


def cell(name: str, text: str) -> str:
    return f'<c r="{name}" t="inlineStr"><is><t>{text}</t></is></c>'


@dataclass(frozen=True)
class Case:
    """A file and what must become of it: rows in use, rows flagged, words of the report.

    ``in_use`` None means that the file as a whole is refused.
    """

    name: str
    data: bytes
    in_use: int | None = 12
    flagged: int = 0
    words: tuple[str, ...] = ()


def _mixed_dates() -> bytes:
    rows: list[list[object]] = [list(row.values()) for row in base()]
    for place, row in enumerate(rows):
        row[1] = dt.datetime.combine(FIRST + dt.timedelta(days=place), dt.time())
        row[5], row[6], row[8] = float(str(row[5])), float(str(row[6])), int(str(row[8]))
    rows[2][1], rows[3][1] = 45915, "16/09/2025"
    return workbook([HEADER, *rows])


def _quote() -> bytes:
    return table(base()).replace("Made-up event 3.", '"Made-up event 3.').encode()


def _ragged() -> bytes:
    lines = table(base()).splitlines()
    lines[11] = "MLI1,2025-09-23,Battles"
    lines[12] += ",x,y,z"
    return "\r\n".join(lines).encode()


SCRIPTS = (
    "<script>window.__hit=1</script>", '<img src=x onerror="window.__hit=1">', "{{ 7*7 }}",
    "${window.__hit=1}", "{% for x in y %}", "`x`", "C:\\new\\table", "' onmouseover='x=1",
)  # fmt: skip
FORMULAS = (
    "=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(1+1)", "\t=1+1", "\r=1+1",
    '=HYPERLINK("http://127.0.0.1/","open")', "＝1+1", "%0A=1+1", "'=1+1", "|calc", '=1+1"&";"',
)  # fmt: skip
ODD_NAMES = ("Gao\u202eoaG", "G\u0430o", "Ga\u200do", "Gao" + "\u0301" * 40, "\ufeffGao", "Gao 🇲🇱")
COUNTS = ("-3", "12 ou 13", "≥5", "1000000000", "2.5", "")
ABROAD = {0: ("13.5116", "2.1254"), 1: ("12.3714", "-1.5197"), 2: ("48.8566", "2.3522")}


def _abroad() -> bytes:
    rows = base()
    for place, (lat, lon) in ABROAD.items():
        rows[place] |= {"latitude": lat, "longitude": lon}
    return table(rows).encode()


def _swapped() -> bytes:
    rows = base()
    for row in rows[:3]:
        row["latitude"], row["longitude"] = row["longitude"], row["latitude"]
    return table(rows).encode()


def _metres() -> bytes:
    rows = base()
    for place, row in enumerate(rows):
        row |= {"latitude": str(1_500_000 + place), "longitude": str(600_000 + place)}
    return table(rows).encode()


def _null_island() -> bytes:
    rows = base()
    for row in rows[:2]:
        row |= {"latitude": "0", "longitude": "0"}
    return table(rows).encode()


def _spaces() -> bytes:
    rows = base()
    for place, row in enumerate(rows):
        row["event_id_cnty"] += "\u200b"
        row["latitude"] += "\u00a0"
        row["location"] = "\u00a0" + row["location"]
        row["fatalities"] = ("1\u00a0200", "1\u202f200", "3\u00a0")[place % 3]
    return table(rows).encode()


def _decimal_commas() -> bytes:
    rows = base()
    for row in rows:
        row |= {name: row[name].replace(".", ",") for name in ("latitude", "longitude")}
    return table(rows, ";").encode()


def _html() -> bytes:
    rows = base()
    for place, row in enumerate(rows):
        for step, column in enumerate(("actor1", "location", "notes", "source")):
            row[column] = SCRIPTS[(place + step) % len(SCRIPTS)]
    return table(rows).encode()


FRENCH = {9: "septembre", 10: "octobre"}
PLAIN = table(base())
DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
FAR = sheet(f'<row r="1">{cell("A1", "date")}</row><row r="1048576"><c r="XFD1048576"/></row>')
MANY = sheet("<row><c><v>1</v></c></row>" * 110_000)
ENTITY = sheet(
    f'<row r="1">{cell("A1", "place")}</row><row r="2">{cell("A2", "&x;")}</row>',
    '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
)

CASES = (
    Case("clean", PLAIN.encode()),
    Case("utf8_mark", PLAIN.encode("utf-8-sig")),
    Case("utf16", PLAIN.encode("utf-16")),
    Case("utf16_unmarked", PLAIN.encode("utf-16-le")),
    Case("latin1", PLAIN.encode("latin-1"), words=("encoding",)),
    Case("tabs", table(base(), "\t").encode()),
    Case("semicolons", _decimal_commas()),
    Case("sep_line", b"sep=;\r\n" + _decimal_commas()),
    Case("spaces", _spaces()),
    Case("decomposed", unicodedata.normalize("NFD", PLAIN).encode()),
    Case("old_mac", table(base(), end="\r").encode()),
    Case("footer", (PLAIN + "Total,,,,,,,,18,,,\r\nSource: made up,,,,,,,,,,,\r\n").encode(),
         flagged=2, words=("total", "note")),
    Case("month_first", with_cells("event_date", lambda n, _: day(n, "%m/%d/%Y")),
         words=("month first",)),
    Case("day_first", with_cells("event_date",
         lambda n, _: "05/09/2025" if n == 0 else day(n, "%d/%m/%Y")), words=("day first",)),
    Case("ambiguous", with_cells("event_date",
         lambda n, _: f"{n % 12 + 1:02}/{(n + 1) % 12 + 1}/2025"), in_use=None,
         words=("day first", "month first", "--date-order")),
    Case("contradictory", with_cells("event_date",
         lambda n, _: day(n, "%m/%d/%Y" if n % 2 else "%d/%m/%Y")), in_use=None, words=("row",)),
    Case("zones", with_cells("event_date",
         lambda n, d: d + ("", "T23:30:00Z", "T02:30:00+02:00")[n % 3])),
    Case("future", with_cells("event_date", lambda *_: "2099-01-01", 1, 4, 7), flagged=3,
         words=("future",)),
    Case("french_months", with_cells("event_date", lambda n, _: "1er oct. 2025" if n == 0
         else f"{13 + n} septembre 2025"), flagged=12, words=("date format",)),
    Case("two_digit_year", with_cells("event_date", lambda n, _: day(n, "%d/%m/%y")), flagged=12,
         words=("two-digit year",)),
    Case("no_numbers", with_cells("latitude", lambda n, _: ("NaN", "inf", "-inf", "1e400")[n],
         0, 1, 2, 3), in_use=8, flagged=4, words=("latitude",)),
    Case("swapped", _swapped(), in_use=9, flagged=3, words=("swapped",)),
    Case("metres", _metres(), in_use=None, words=("degrees", "metres")),
    Case("null_island", _null_island(), in_use=10, flagged=2, words=("0,0",)),
    Case("abroad", _abroad(), flagged=3, words=("outside",)),
    Case("trailing_separator",
         (PLAIN.replace("\r\n", ",\r\n").replace("geo_precision,", "geo_precision")).encode()),
    Case("ragged", _ragged(), in_use=10, flagged=2, words=("15 cells", "latitude")),
    Case("open_quote", _quote(), in_use=None, words=("Row 5", "quotation mark")),
    Case("control", with_cells("notes", lambda *_: "Made\0 up\a\x1b[31m", 2), flagged=1,
         words=("Control characters",)),
    Case("no_rows", PLAIN.splitlines()[0].encode(), in_use=0, words=("no events",)),
    Case("counts", with_cells("fatalities", lambda n, _: COUNTS[n % 6]), flagged=10,
         words=("fatalities",)),
    Case("other_digits", with_cells("latitude", lambda _, c: c.translate(DIGITS)),
         words=("digits",)),
    Case("web_page", b"<!DOCTYPE html><html><body>Sign in</body></html>", in_use=None,
         words=("HTML",)),
    Case("scripts", _html()),
    Case("formulas", with_cells("notes", lambda n, _: FORMULAS[n])),
    Case("odd_names", with_cells("location", lambda n, _: ODD_NAMES[n % 6]), flagged=10,
         words=("Unusual characters",)),
    Case("markdown", with_cells("notes", lambda *_: "# T\n---\n[x](javascript:y) :red[x]")),
    Case("workbook", workbook([HEADER, *(row.values() for row in base())])),
    Case("workbook_dates", _mixed_dates(), flagged=2, words=("another form",)),
    Case("workbook_rows", raw_workbook(MANY), in_use=None, words=("row limit",)),
    Case("workbook_far", raw_workbook(FAR), in_use=None, words=("row limit",)),
    Case("workbook_entity", raw_workbook(ENTITY), in_use=None, words=("cannot be read",)),
    Case("workbook_html", b"<html><table><tr><td>x</td></tr></table></html>", in_use=None,
         words=("nor an Excel workbook",)),
    Case("old_excel", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504), in_use=None,
         words=("save as .xlsx", "remove the password")),
    Case("empty", b"", in_use=None, words=("empty",)),
    Case("picture", b"\x89PNG\r\n\x1a\n" + bytes(100), in_use=None, words=("picture",)),
    Case("other_zip", raw_workbook("").replace(b"Content_Types", b"Content_Tipes"), in_use=None,
         words=("workbook",)),
)  # fmt: skip
