"""The situation brief: one or two A4 pages that an organisation can send out."""

import io
from bisect import bisect_left
from datetime import datetime
from itertools import chain
from typing import Any, Final

from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    NameObject,
    StreamObject,
    TextStringObject,
)
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    KeepTogether,
    PageTemplate,
    Spacer,
)
from reportlab.platypus import Table as Grid

from geodata.export import pdf_style as paper
from geodata.export import style
from geodata.export.brief import Brief, Figure, brief
from geodata.export.brief_tables import BriefTable
from geodata.export.png import map_pdf
from geodata.sanitize import printable
from geodata.sharing.publication import Publication

MAP_ASPECT: Final = 1.24
PAGES: Final = 2
LEFT_OUT: Final = frozenset({"reopening_steps", "keep_open_plan", "stock_plan", "danger_routes"})
"""Tables of plans that are left out for lack of room: the workbook and the HTML page hold them."""

ROW_LIMITS: Final = (14, 12, 10, 9, 8, 7, 6, 5, 4, 3, 2)
"""Rows of each longer table: the most with which the brief fits on its pages."""


class _MapSpace(Flowable):  # type: ignore[misc]  # reportlab has no types
    """Room left for the map; it remembers where it came to stand."""

    def __init__(self, width: float) -> None:
        super().__init__()
        self.width, self.height = width, width / MAP_ASPECT
        self.corner, self.page = (0.0, 0.0), 1

    def draw(self) -> None:
        """Note the place; the map itself is laid on the page afterwards."""
        x, y = self.canv.absolutePosition(0, 0)
        self.corner, self.page = (float(x), float(y)), self.canv.getPageNumber()


_LaidOut = tuple[Brief, PdfWriter, _MapSpace]
"""What a brief says, its pages without the map, and where the map is to stand."""


def pdf(release: Publication) -> bytes:
    """Write the brief.

    Parameters
    ----------
    release : Release

    Returns
    -------
    bytes
        A PDF of two pages at most (more only for a network with very many regions) whose text,
        the map's labels included, can be searched and copied. The same release and versions
        of the libraries give the same bytes.
    """
    content, pages, space = _longest_that_fits(release)
    _lay_map(pages, space, release)
    return _finished(pages, content, release)


def _longest_that_fits(release: Publication) -> _LaidOut:
    """Lay out the brief with as many rows as its pages hold; with the fewest if they hold none."""
    fewest = ROW_LIMITS[-1]
    whole = _laid_out(brief(release, limit=fewest), release, left_out=frozenset())
    left_out = frozenset[str]() if _fits(whole) else LEFT_OUT
    tried = {} if left_out else {fewest: whole}

    def fits(limit: int) -> bool:
        if limit not in tried:
            tried[limit] = _laid_out(brief(release, limit=limit), release, left_out=left_out)
        return _fits(tried[limit])

    longest = ROW_LIMITS[0]
    if not fits(fewest):
        longest = fewest
    elif not fits(longest):
        # Fewer rows take less room: each layout settles half of the limits that are left.
        longest = ROW_LIMITS[bisect_left(ROW_LIMITS, True, 1, len(ROW_LIMITS) - 1, key=fits)]
    return tried[longest]


def _fits(laid_out: _LaidOut) -> bool:
    return len(laid_out[1].pages) <= PAGES


def _laid_out(content: Brief, release: Publication, *, left_out: frozenset[str]) -> _LaidOut:
    paper.register_fonts()
    target = io.BytesIO()
    document = BaseDocTemplate(
        target,
        pagesize=A4,
        leftMargin=paper.MARGIN,
        rightMargin=paper.MARGIN,
        topMargin=paper.MARGIN,
        bottomMargin=paper.FOOT,
        title=content.title,
    )
    room = Frame(
        paper.MARGIN, paper.FOOT, paper.TEXT_WIDTH, A4[1] - paper.MARGIN - paper.FOOT, 0, 0, 0, 0
    )
    foot = _footer(content, release)
    document.addPageTemplates([PageTemplate("page", [room], onPage=foot)])
    space = _MapSpace(paper.TEXT_WIDTH)
    document.build(_story(content, release, space, left_out), canvasmaker=_invariant)
    return content, PdfWriter(clone_from=PdfReader(io.BytesIO(target.getvalue()))), space


def _invariant(*arguments: Any, **options: Any) -> Canvas:
    """Build a canvas that writes no time and no random id."""
    return Canvas(*arguments, **{**options, "invariant": 1, "initialFontName": paper.REGULAR})


def _story(
    content: Brief, release: Publication, space: _MapSpace, left_out: frozenset[str]
) -> list[Flowable]:
    level = release.say(f"export.level_{release.level}_short").upper()
    colour = style.WARNING if release.ranked else style.ACCENT
    story: list[Flowable] = [
        Grid(
            [
                [
                    paper.line(content.kicker.upper(), paper.KICKER),
                    paper.line(level, paper.LEVEL, colour),
                ]
            ],
            colWidths=[paper.TEXT_WIDTH * 0.75, paper.TEXT_WIDTH * 0.25],
            splitInRow=1,
            style=paper.BARE,
        ),
        paper.line(content.title, paper.TITLE),
        paper.line(content.subtitle, paper.SUBTITLE),
        Spacer(0, 7),
        _figures(content.figures),
        Spacer(0, 7),
        paper.line(content.headline, paper.LEAD),
        Spacer(0, 6),
    ]
    tables = [_table(table) for table in content.tables if table.key not in left_out]
    before_map = 1 if release.changes_first else 0
    story += chain.from_iterable(tables[:before_map])
    story += [space, Spacer(0, 8)]
    story += chain.from_iterable(tables[before_map:])
    untold = [table.title for table in content.tables if table.key in left_out and table.rows]
    story += _closing(content, release, untold)
    return story


def _figures(figures: tuple[Figure, ...]) -> Grid:
    cells = [
        [
            paper.line(figure.value, paper.BIG, style.WARNING if figure.alarm else style.INK),
            paper.line(figure.label, paper.BIG_LABEL),
            paper.line(figure.note, paper.BIG_NOTE),
        ]
        for figure in figures
    ]
    width = paper.TEXT_WIDTH / len(cells)
    return Grid([cells], colWidths=[width] * len(cells), style=paper.FIGURES)


def _table(table: BriefTable) -> list[Flowable]:
    parts: list[Flowable] = [paper.line(table.title, paper.HEADING)]
    if table.rows:
        head = [
            paper.line(name, paper.HEAD_RIGHT if column in table.numeric else paper.HEAD_LEFT)
            for column, name in enumerate(table.head)
        ]
        rows = [
            [
                paper.line(cell, paper.RIGHT if column in table.numeric else paper.CELL)
                for column, cell in enumerate(row)
            ]
            for row in table.rows
        ]
        widths = [share * paper.TEXT_WIDTH for share in table.widths]
        gaps = [
            ("RIGHTPADDING", (n, 0), (n, -1), paper.GAP) for n in table.numeric if n + 1 < len(head)
        ]
        parts.append(
            Grid(
                [head, *rows],
                colWidths=widths,
                repeatRows=1,
                splitInRow=1,
                style=[*paper.TABLE, *gaps],
            )
        )
    if table.note:
        parts.append(paper.line(table.note, paper.NOTE))
    parts.append(Spacer(0, 7))
    if len(table.rows) <= 5:
        return [KeepTogether(parts)]
    return [CondPageBreak(80), *parts]


def _closing(content: Brief, release: Publication, untold: list[str]) -> list[Flowable]:
    """Return the assumptions in one column; sources, sensitivity and the link in the other.

    Tables that found no room are named, with where they are.
    """
    left: list[Flowable] = [paper.line(release.say("export.section_assumptions"), paper.HEADING)]
    left += [paper.line(f"• {entry}", paper.SMALL) for entry in content.assumptions]
    if untold:
        elsewhere = release.say("export.tables_elsewhere", tables=" · ".join(untold))
        left.append(paper.line(f"• {elsewhere}", paper.SMALL))
    right: list[Flowable] = [paper.line(release.say("export.section_sources"), paper.HEADING)]
    right += [paper.line(entry, paper.SMALL) for entry in content.sources]
    right.append(paper.line(release.say("export.section_level"), paper.HEADING))
    right.append(paper.line(content.level, paper.SMALL))
    right.append(paper.line(release.say("export.section_link"), paper.HEADING))
    right.append(paper.line(content.link, paper.LINK))
    width = (paper.TEXT_WIDTH - 14) / 2
    grid = Grid([[left, "", right]], colWidths=[width, 14, width], splitInRow=1, style=paper.BARE)
    return [KeepTogether([grid])]


def _footer(content: Brief, release: Publication) -> Any:
    def draw(canvas: Canvas, document: BaseDocTemplate) -> None:
        canvas.saveState()
        canvas.setStrokeColor(HexColor(style.RULE))
        canvas.line(paper.MARGIN, paper.FOOT - 8, A4[0] - paper.MARGIN, paper.FOOT - 8)
        page = release.say("export.page_number", page=document.page)
        level = release.say(f"export.level_{release.level}_short")
        foot = paper.line(f"{content.title} · {level} · {content.made}", paper.FOOTER)
        foot.wrap(paper.TEXT_WIDTH - 60, 20)
        foot.drawOn(canvas, paper.MARGIN, paper.FOOT - 10 - foot.height)
        number = paper.line(page, paper.FOOTER_RIGHT)
        number.wrap(60, 20)
        number.drawOn(canvas, A4[0] - paper.MARGIN - 60, paper.FOOT - 10 - number.height)
        canvas.restoreState()

    return draw


def _lay_map(pages: PdfWriter, space: _MapSpace, release: Publication) -> None:
    """Lay the map on its page as one object, its content untouched."""
    drawn = PdfReader(io.BytesIO(map_pdf(release, space.width, space.height))).pages[0]
    content: Any = drawn["/Contents"].get_object()
    resources: Any = drawn["/Resources"].get_object()
    form: Any = StreamObject()
    form.set_data(content.get_data())
    form = form.flate_encode()
    form[NameObject("/Type")] = NameObject("/XObject")
    form[NameObject("/Subtype")] = NameObject("/Form")
    form[NameObject("/BBox")] = drawn.mediabox.clone(pages)
    form[NameObject("/Resources")] = resources.clone(pages)
    page = pages.pages[space.page - 1]
    own: Any = page["/Resources"].get_object()
    objects = own.setdefault(NameObject("/XObject"), DictionaryObject()).get_object()
    objects[NameObject("/Map")] = pages._add_object(form)
    call = StreamObject()
    x, y = space.corner
    call.set_data(f"q 1 0 0 1 {x:.3f} {y:.3f} cm /Map Do Q\n".encode())
    text = page["/Contents"]
    former = list(text) if isinstance(text, ArrayObject) else [text.indirect_reference]
    page[NameObject("/Contents")] = ArrayObject([*former, pages._add_object(call)])


def _finished(pages: PdfWriter, content: Brief, release: Publication) -> bytes:
    stamp = datetime(release.made.year, release.made.month, release.made.day)
    pages.metadata = {
        "/Title": printable(f"{content.title} – {content.subtitle}"),
        "/Subject": printable(content.headline),
        "/Creator": content.made,
        "/Producer": "reportlab, matplotlib, pypdf",
        "/Keywords": release.say(f"export.level_{release.level}_short"),
        "/CreationDate": stamp.strftime("D:%Y%m%d000000Z"),
    }
    pages.root_object[NameObject("/Lang")] = TextStringObject(release.lang)
    target = io.BytesIO()
    pages.write(target)
    return target.getvalue()
