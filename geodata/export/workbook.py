"""The situation as a workbook for people: words, names and headings in its language.

The last sheet gives the code behind each heading, word and name, as the CSV and GeoJSON files
write them.
"""

import io
import os
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import pandas as pd

# Where lxml is installed (feeds need it) openpyxl writes sheets by it, and on a full disk a
# generator of theirs prints a traceback of its own beside our one line.
os.environ.setdefault("OPENPYXL_LXML", "False")
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from geodata import schema as f
from geodata.analysis.danger_routes import ROADS as ROADS_OF_ROUTES
from geodata.analysis.dangers import CROSSING
from geodata.events.summaries import places, summaries
from geodata.export import brief_tables, frames
from geodata.export.brief import Brief, brief
from geodata.export.names import node_name, segment_name
from geodata.export.spreadsheets import HXL_TAGS, tables
from geodata.export.style import COLOURS, SEGMENT_STYLES, tint
from geodata.i18n import catalogue, series
from geodata.sanitize import printable
from geodata.sharing.publication import Publication
from geodata.values import plain_cell, whole_if_whole

LONGEST_CELL: Final = 32_000
SHEET_NAME: Final = 31
STATE_FILLS: Final = {
    **{str(state): tint(look.colour) for state, look in SEGMENT_STYLES.items() if state != "open"},
    "isolated": tint(COLOURS["closed"]),
    "detour": tint(COLOURS["contested"]),
}
"""Fill of a cell that holds a state: the colour of the map, pale."""

WORDS: Final = {
    f.STATE: "core.town_state.", "state_before": "core.town_state.",
    f.ISOLATED_BY: "export.cause_", "isolated_by_before": "export.cause_",
    "sufficient_causes": "export.cause_", "fuel_word": "fuel_days.word.",
    "band": "reliability.band.", "method": "workbook.word.", "change": "export.change_",
    "changed_by": "export.changed_by_", f.EVENT_TYPE: "export.event_type_",
    f.CONFIDENCE: "export.confidence_", f.DATE_PRECISION: "workbook.word.",
    f.LOCATION_PRECISION: "events_tab.precision_", "effect_on_passage": "desk.effect_on_passage_",
    f.APPLIES_TO: "events_tab.applies_", f.ROAD_CLASS: "map.class.", f.SURFACE: "method.surface.",
    "cost_in": "plan_tab.cost_",
    f.TANKER: "workbook.word.", f.LENGTH_BASIS: "workbook.word.",
}  # fmt: skip
"""Columns of words, and the messages that name them; a word without a message stays as it is."""

STATES_OF: Final = {"segments": "core.segment_state.", "facilities": "facility.state_"}
"""Tables whose states are not those of a town's supply."""

PLACES: Final = frozenset({
    f.SUPPLY_POINT, f.BASELINE_SUPPLY_POINT, "supply_point_before", "reachable_supply_points",
    "towns_restored", "reached", "towns_helped", "towns_isolated", "towns_escorted",
    "towns_detoured", "supply_switched",
})  # fmt: skip
"""Columns of ids of nodes, of which a reader sees the names."""

ROADS: Final = frozenset({f.CUT_BY, f.SEGMENTS, "segment_ids", "needs"})
"""Columns of ids of road sections, of which a reader sees the names."""

LEFT_OUT: Final = {"segments": (f.FROM_NODE, f.TO_NODE, "reason")}
"""Codes that stand beside their name or their words."""

SHORT_WORDS: Final = {"med": "medium"}
SUMMARY_ROWS: Final = 20
ABOUT_WIDTHS: Final = (30, 120)
_WRAPPED: Final = Alignment(wrap_text=True, vertical="top")


def xlsx(release: Publication, *, hxl: bool = False) -> bytes:
    """Write a workbook: a summary, a sheet a table, what it rests on, and the codes.

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
    content, codes = brief(release), _Codes(release)
    first = book.create_sheet(sheet_name(release, "summary"))
    counts = []
    for name, table in tables(release).items():
        shown, tags = codes.shown(name, table)
        sheet = book.create_sheet(sheet_name(release, name))
        _fill(sheet, shown, tags if hxl else (), codes.fills)
        counts.append((sheet.title, len(shown)))
    about = book.create_sheet(sheet_name(release, "about"))
    _fill(about, _about(release), (), {}, widths=ABOUT_WIDTHS)
    _fill(book.create_sheet(sheet_name(release, "codes")), codes.table(), (), {})
    _summary(first, release, content, counts)
    book.properties.creator = "supply-routes"
    book.properties.title = printable(content.title)
    book.properties.description = str(release.level)
    created = datetime(release.made.year, release.made.month, release.made.day)
    book.properties.created = created
    target = io.BytesIO()
    book.save(target)
    return _settled(target.getvalue(), created)


def sheet_name(release: Publication, name: str) -> str:
    """Name a sheet in the language of the product, as long as a workbook allows."""
    return release.say(f"workbook.sheet.{name}")[:SHEET_NAME]


def column_name(release: Publication, table: str, column: str) -> str:
    """Name a column in the language of the product; one that has no name keeps its code."""
    known = catalogue(release.lang)
    for key in (f"workbook.column.{table}.{column}", f"workbook.column.{column}"):
        if key in known:
            return release.say(key)
    return column


@dataclass(eq=False)
class _Codes:
    """Turns codes into words, and remembers which code stood for which."""

    release: Publication
    used: dict[tuple[str, str, str], None] = field(default_factory=dict)
    fills: dict[str, str] = field(default_factory=dict)
    roads: dict[str, str] = field(default_factory=dict)

    def shown(self, name: str, table: pd.DataFrame) -> tuple[pd.DataFrame, tuple[str, ...]]:
        """Return a table as people read it, and the HXL tag of each of its columns."""
        columns_shown = table.drop(columns=[c for c in LEFT_OUT.get(name, ()) if c in table])
        columns: dict[str, list[Any]] = {}
        tags = []
        self._note("sheet", sheet_name(self.release, name), name)
        for code in map(str, columns_shown.columns):
            columns[self._head(name, code, columns)] = self._cells(name, code, columns_shown)
            tags.append(HXL_TAGS.get(code, ""))
            if code == f.SEGMENT_ID and "from_name" not in columns_shown:
                names = [self._road(each) for each in columns_shown[code]]
                columns[column_name(self.release, name, "segment")] = names
                tags.append("")
        return pd.DataFrame(columns, index=columns_shown.index), tuple(tags)

    def _head(self, table: str, code: str, others: Iterable[str]) -> str:
        head = column_name(self.release, table, code)
        head = f"{head} ({code})" if head in others else head
        self._note("column", head, f"{table}.{code}")
        return head

    def _cells(self, table: str, code: str, rows: pd.DataFrame) -> list[Any]:
        values = rows[code].tolist()
        if code in PLACES or (table == "events" and code == f.NODE_ID):
            return [self._each(value, self._place) for value in values]
        if code in ROADS:
            return [self._each(value, self._road) for value in values]
        if table == "events" and code == f.SUMMARY:
            return summaries(rows, self.release.lang)
        if table == "events" and code == f.PLACE:
            return places(rows, self.release.lang)
        if code == ROADS_OF_ROUTES:
            return [self._each(value, self._way) for value in values]
        if code == "shared" or code == "dangers":
            return [self._each(value, self._danger) for value in values]
        prefix = WORDS.get(code)
        if code == f.STATE:
            prefix = STATES_OF.get(table, prefix)
        if prefix is not None:
            return [self._each(value, lambda word: self._word(prefix, word)) for value in values]
        return [
            self._word("workbook.word.", value) if isinstance(value, bool) else value
            for value in values
        ]

    def _each(self, value: Any, name: Any) -> Any:
        """Name each part of a cell, which may hold several joined by semicolons."""
        if not isinstance(value, str) or not value:
            return value
        return series((name(part) for part in value.split(";")), self.release.lang)

    def _word(self, prefix: str, value: object) -> str:
        code = {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
        key = prefix + SHORT_WORDS.get(code, code)
        if not isinstance(catalogue(self.release.lang).get(key), str):
            return code
        word = self.release.say(key)
        if code in STATE_FILLS:
            self.fills[word] = STATE_FILLS[code]
        self._note("word", word, code)
        return word

    def _place(self, code: str) -> str:
        labels = self.release.situation.dataset.network.labels
        names = [
            node_name(self.release, part) if part in labels else part for part in code.split(">")
        ]
        for part, name in zip(code.split(">"), names, strict=True):
            self._note("place", name, part)
        return " → ".join(names)

    def _road(self, code: str) -> str:
        if code not in self.roads:
            known = self.release.situation.dataset.network.segment_number
            name = segment_name(self.release, code) if code in known else code
            self.roads[code] = printable(name)
            self._note("road", self.roads[code], code)
        return self.roads[code]

    def _way(self, value: str) -> str:
        return " + ".join(self._road(part.strip()) for part in value.split(" + "))

    def _danger(self, value: str) -> str:
        parts = (part.strip() for part in value.split(" + "))
        return " + ".join(
            self.release.say("plan_tab.crossing", road=self._road(part.removeprefix(CROSSING)))
            if part.startswith(CROSSING)
            else part
            for part in parts
        )

    def _note(self, kind: str, shown: str, code: str) -> None:
        if shown != code:
            self.used[kind, shown, code] = None

    def table(self) -> pd.DataFrame:
        """Return every heading, word and name with its code."""
        say = self.release.say
        rows = [(say(f"workbook.codes.{kind}"), shown, code) for kind, shown, code in self.used]
        heads = [say(f"workbook.codes.{name}") for name in ("kind", "shown", "code")]
        return pd.DataFrame(rows, columns=heads)


def _about(release: Publication) -> pd.DataFrame:
    """Return what the tables rest on, its keys in words."""
    about = frames.about(release)
    keys = [
        release.say("workbook.about.sha256") + f" ({key.removeprefix('sha256_')}, SHA-256)"
        if key.startswith("sha256_")
        else release.say(f"workbook.about.{key}")
        for key in about["key"]
    ]
    head = [release.say("workbook.sheet.about"), ""]
    return pd.DataFrame(list(zip(keys, about["value"], strict=True)), columns=head)


def _summary(
    sheet: Worksheet, release: Publication, content: Brief, counts: Sequence[tuple[str, int]]
) -> None:
    """Lay out what a reader needs first: the finding, key figures, towns, and the sheets."""
    for letter, width in zip("ABCD", (30, 44, 22, 44), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.sheet_view.showGridLines = False
    lines = _Lines(sheet)
    lines.add(content.title, font=Font(bold=True, size=16))
    lines.add(f"{content.kicker} · {content.subtitle}")
    lines.add(content.level, font=Font(bold=True))
    lines.add(content.made, font=Font(italic=True))
    lines.skip()
    lines.add(content.headline, wide=True)
    lines.skip()
    for figure in content.figures:
        lines.add(figure.label, figure.value, figure.note, bold=(1,))
    figures = (
        brief_tables.isolated(release),
        brief_tables.isolated_otherwise(release),
        brief_tables.escorted(release),
        brief_tables.detours(release, SUMMARY_ROWS),
        brief_tables.changed(release, SUMMARY_ROWS),
    )
    for table in figures:
        if table is None:
            continue
        lines.skip()
        lines.add(table.title, font=Font(bold=True, size=13))
        if table.head:
            lines.add(*table.head, bold=range(4))
        for row in table.rows:
            lines.add(*row)
        if table.note:
            lines.add(table.note, wide=True)
    lines.skip()
    lines.add(release.say("workbook.contents"), font=Font(bold=True, size=13))
    for name, rows in counts:
        lines.add(name, f"{rows} {release.say('workbook.rows')}")
    lines.add(sheet_name(release, "codes"), release.say("workbook.codes.what"))


@dataclass(eq=False)
class _Lines:
    """Writes a sheet line by line."""

    sheet: Worksheet
    row: int = 0

    def add(
        self, *cells: str, font: Font | None = None, bold: Iterable[int] = (), wide: bool = False
    ) -> None:
        """Write one line; a wide one runs over all columns."""
        self.row += 1
        strong = set(bold)
        for place, text in enumerate(cells):
            _cell(self.sheet, self.row, place + 1, text, head=place in strong)
            cell = self.sheet.cell(self.row, place + 1)
            if font is not None:
                cell.font = font
            else:
                cell.alignment = _WRAPPED
        if wide:
            self.sheet.merge_cells(f"A{self.row}:D{self.row}")
            self.sheet.row_dimensions[self.row].height = 15 * (1 + len(cells[0]) // 130)

    def skip(self) -> None:
        """Leave a line blank."""
        self.row += 1


def _fill(
    sheet: Worksheet,
    table: pd.DataFrame,
    tags: Sequence[str],
    fills: dict[str, str],
    *,
    widths: Sequence[int] = (),
) -> None:
    rows = [[str(name) for name in table.columns]]
    if tags:
        rows.append(list(tags))
    rows += [
        [whole_if_whole(plain_cell(cell)) for cell in row] for row in table.itertuples(index=False)
    ]
    heads = 2 if tags else 1
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row, start=1):
            _cell(sheet, number, column, value, head=number <= heads, fills=fills)
    sheet.freeze_panes = f"C{heads + 1}" if len(table.columns) > 3 else f"A{heads + 1}"
    last = f"{get_column_letter(max(len(table.columns), 1))}{len(rows)}"
    sheet.auto_filter.ref = f"A{heads}:{last}"
    for column, name in enumerate(table.columns, start=1):
        longest = max([len(str(name)), *(len(str(row[column - 1])) for row in rows[1:200])])
        width = widths[column - 1] if widths else min(max(longest + 3, 8), 48)
        sheet.column_dimensions[get_column_letter(column)].width = width


def _cell(
    sheet: Worksheet,
    row: int,
    column: int,
    value: Any,
    *,
    head: bool,
    fills: dict[str, str] | None = None,
) -> None:
    cell = sheet.cell(row, column)
    if isinstance(value, str):
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)[:LONGEST_CELL]
        cell.data_type = "s"
        cell.quotePrefix = True
    elif value is not None:
        cell.value = value
    if head:
        cell.font = Font(bold=True)
    elif isinstance(value, str) and fills and value in fills:
        cell.fill = PatternFill("solid", fgColor=fills[value])


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
