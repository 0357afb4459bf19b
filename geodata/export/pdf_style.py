"""How the brief's pages look: type sizes, colours, rules; and text of any origin made safe."""

from functools import lru_cache
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import escape

import matplotlib
from fontTools.ttLib import TTFont as FontFile
from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Paragraph

from geodata.export import style
from geodata.sanitize import printable

MARGIN: Final = 42.0
FOOT: Final = 40.0
TEXT_WIDTH: Final = A4[0] - 2 * MARGIN
GAP: Final = 14.0
"""Room between a column of numbers and the text that follows."""

REGULAR: Final = "RouteSans"
BOLD: Final = "RouteSans-Bold"
ITALIC: Final = "RouteSans-Italic"
FALLBACK: Final = "Fallback"
UNKNOWN: Final = "□"


def _type(
    name: str,
    size: float,
    leading: float,
    colour: str = style.INK,
    font: str = REGULAR,
    **more: Any,
) -> ParagraphStyle:
    return ParagraphStyle(
        name,
        fontName=font,
        fontSize=size,
        leading=leading,
        textColor=HexColor(colour),
        splitLongWords=1,
        **more,
    )


KICKER: Final = _type("kicker", 7.5, 9, style.ACCENT, BOLD)
LEVEL: Final = _type("level", 7.5, 9, style.INK, BOLD, alignment=TA_RIGHT)
TITLE: Final = _type("title", 21, 25, font=BOLD)
SUBTITLE: Final = _type("subtitle", 9.2, 11.5, style.SOFT_INK)
LEAD: Final = _type("lead", 10, 13.2)
BIG: Final = _type("big", 19, 21, font=BOLD)
BIG_LABEL: Final = _type("big_label", 8.4, 10, font=BOLD)
BIG_NOTE: Final = _type("big_note", 7.2, 9, style.SOFT_INK)
HEADING: Final = _type("heading", 10.2, 13, style.ACCENT, BOLD, spaceAfter=2)
HEAD_LEFT: Final = _type("head", 7, 8.6, style.SOFT_INK, BOLD)
HEAD_RIGHT: Final = _type("head_right", 7, 8.6, style.SOFT_INK, BOLD, alignment=TA_RIGHT)
CELL: Final = _type("cell", 7.8, 9.4)
RIGHT: Final = _type("right", 7.8, 9.4, alignment=TA_RIGHT)
NOTE: Final = _type("note", 7.2, 9, style.SOFT_INK, ITALIC, spaceBefore=2)
SMALL: Final = _type("small", 7.2, 9, spaceAfter=1.6)
LINK: Final = _type("link", 6.6, 8.2, style.ACCENT, wordWrap="CJK")
FOOTER: Final = _type("footer", 6.6, 8, style.SOFT_INK)
FOOTER_RIGHT: Final = _type("footer_right", 6.6, 8, style.SOFT_INK, alignment=TA_RIGHT)

_ALL: Final = ((0, 0), (-1, -1))
BARE: Final = [
    ("LEFTPADDING", *_ALL, 0), ("RIGHTPADDING", *_ALL, 0), ("TOPPADDING", *_ALL, 0),
    ("BOTTOMPADDING", *_ALL, 0), ("VALIGN", *_ALL, "TOP"),
]  # fmt: skip
FIGURES: Final = [
    ("BACKGROUND", *_ALL, HexColor(style.PANEL)), ("VALIGN", *_ALL, "TOP"),
    ("LINEBEFORE", (1, 0), (-1, -1), 0.6, HexColor(style.RULE)),
    ("LEFTPADDING", *_ALL, 9), ("RIGHTPADDING", *_ALL, 6),
    ("TOPPADDING", *_ALL, 5), ("BOTTOMPADDING", *_ALL, 7),
]  # fmt: skip
TABLE: Final = [
    ("LINEBELOW", (0, 0), (-1, 0), 0.7, HexColor(style.INK)),
    ("LINEBELOW", (0, 1), (-1, -1), 0.35, HexColor(style.RULE)),
    ("VALIGN", *_ALL, "TOP"), ("LEFTPADDING", *_ALL, 0), ("RIGHTPADDING", *_ALL, 6),
    ("RIGHTPADDING", (-1, 0), (-1, -1), 0), ("TOPPADDING", *_ALL, 1.4),
    ("BOTTOMPADDING", *_ALL, 2.0),
]  # fmt: skip


@lru_cache(maxsize=1)
def register_fonts() -> None:
    """Make the shipped fonts, and one for letters they lack, known to reportlab."""
    files = {
        REGULAR: style.FONT_FILES["regular"],
        BOLD: style.FONT_FILES["bold"],
        ITALIC: style.FONT_FILES["italic"],
        FALLBACK: _fallback_file(),
    }
    for name, path in files.items():
        pdfmetrics.registerFont(TTFont(name, str(path)))


@lru_cache(maxsize=1)
def letters() -> tuple[frozenset[int], frozenset[int]]:
    """Return the characters that the shipped font and the fallback hold."""
    known_letters = (
        FontFile(path).getBestCmap() for path in (style.FONT_FILES["regular"], _fallback_file())
    )
    own, other = (frozenset(table) for table in known_letters)
    return own, other


def line(text: str, look: ParagraphStyle, colour: str = "") -> Paragraph:
    """Set a text of any origin as a paragraph: nothing in it is markup."""
    inner = marked(text)
    if colour:
        inner = f'<font color="{colour}">{inner}</font>'
    return Paragraph(inner, look)


def marked(text: str) -> str:
    """Escape a text, and set letters that the font lacks in the fallback font."""
    own, other = letters()
    parts: list[str] = []
    run, foreign = "", False
    for letter in printable(text):
        if ord(letter) not in own and ord(letter) not in other:
            letter = UNKNOWN
        is_foreign = ord(letter) not in own
        if is_foreign != foreign:
            parts.append(_run(run, foreign))
            run, foreign = "", is_foreign
        run += letter
    parts.append(_run(run, foreign))
    return "".join(parts)


def _run(text: str, foreign: bool) -> str:
    safe = escape(text)
    return f'<font name="{FALLBACK}">{safe}</font>' if foreign and text else safe


def _fallback_file() -> Path:
    return Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"
