"""Fonts of Streamlit that the page uses in part or not at all, made as small as their use.

The icons that the page can show are a font of 12 kB instead of 375. Streamlit asks for its own font
of icons all the same, and for its typeface, which stands in its first, unthemed view only: an empty
font in their place lets the browser take the one that it has.
"""

import hashlib
import io
import re
from functools import lru_cache, partial
from pathlib import Path
from typing import Final

from fontTools import subset
from fontTools.ttLib import TTFont
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit.file_util import get_static_dir

from dashboard.runtime.compression import A_YEAR
from dashboard.runtime.made_files import made_once

OWN: Final = Path(__file__).parents[1]
NAME: Final = re.compile(r":material/([a-z0-9_]+)")
LETTERS: Final = "abcdefghijklmnopqrstuvwxyz0123456789_"
"""A browser makes an icon from the letters of its name."""

ICONS: Final = "MaterialSymbols-Rounded"
TYPEFACE: Final = "SourceSansVF-Upright"
REPLACED: Final = re.compile(rf"/static/media/({ICONS}|{TYPEFACE})[^/]*$")
MEDIA_TYPE: Final = "font/woff2"


def names() -> frozenset[str]:
    """Return the icons that this package and Streamlit's scripts name."""
    scripts = Path(get_static_dir()).glob("static/js/*.js")
    texts = (path.read_text(encoding="utf-8") for path in (*OWN.rglob("*.py"), *scripts))
    return frozenset(name for text in texts for name in NAME.findall(text))


@lru_cache(maxsize=1)
def font() -> bytes:
    """Return the font of `names`, made once from the one that is installed with Streamlit.

    Raises
    ------
    FileNotFoundError
        If the installed Streamlit has no such font.
    """
    source, wanted = _installed(ICONS).read_bytes(), sorted(names())
    return made_once(",".join(wanted), source, partial(_icons_of, source, wanted))


def _icons_of(source: bytes, wanted: list[str]) -> bytes:
    whole = TTFont(io.BytesIO(source), recalcTimestamp=False)
    drawn = ligatures(whole)
    # Without closure over the letters: they would bring every icon that can be spelt with them.
    options = subset.Options(layout_features=["*"], layout_closure=False)
    chosen = subset.Subsetter(options)
    chosen.populate(text=LETTERS, glyphs=[drawn[name] for name in wanted if name in drawn])
    return _packed(chosen, whole)


def ligatures(of: TTFont) -> dict[str, str]:
    """Return the glyph that each name written in a font of icons is drawn as."""
    letter = {glyph: chr(code) for code, glyph in of.getBestCmap().items()}
    tables = [table for lookup in of["GSUB"].table.LookupList.Lookup for table in lookup.SubTable]
    return {
        "".join(letter[glyph] for glyph in (first, *ligature.Component)): ligature.LigGlyph
        for table in (getattr(table, "ExtSubTable", table) for table in tables)
        for first, spelt in table.ligatures.items()
        for ligature in spelt
    }


@lru_cache(maxsize=1)
def empty() -> bytes:
    """Return Streamlit's typeface without a letter, so that the next one named is used."""
    source = _installed(TYPEFACE).read_bytes()
    return made_once("typeface-2", source, partial(_without_letters, source))


def _without_letters(source: bytes) -> bytes:
    # Browsers refuse a font that has no outline at all, and go on to ask for it.
    dropped = ["+", "GSUB", "GPOS", "GDEF"]
    chosen = subset.Subsetter(subset.Options(drop_tables=dropped, notdef_outline=True))
    chosen.populate(text=" ")
    return _packed(chosen, TTFont(io.BytesIO(source), recalcTimestamp=False))


def _packed(chosen: subset.Subsetter, whole: TTFont) -> bytes:
    chosen.subset(whole)
    whole.flavor = "woff2"
    made = io.BytesIO()
    whole.save(made)
    return made.getvalue()


def _installed(name: str) -> Path:
    found = sorted(Path(get_static_dir()).glob(f"static/media/{name}*.woff2"))
    if not found:
        raise FileNotFoundError(name)
    return found[0]


def address() -> str:
    """Return the font's address below the app's: its name changes with its content."""
    return f"icons-{hashlib.sha256(font()).hexdigest()[:16]}.woff2"


def style() -> str:
    """Return a style that puts the font in the place of Streamlit's; empty where it has none."""
    try:
        source = address()
    except FileNotFoundError:
        return ""
    return (
        '<style>@font-face{font-family:"Material Symbols Rounded";font-style:normal;'
        f'font-weight:400;font-display:block;src:url(./{source})format("woff2")}}</style>'
    )


def route() -> Route:
    """Return the route that serves the icons."""
    return Route("/{name:str}.woff2", _icons, methods=["GET"])


def _icons(request: Request) -> Response:
    if request.path_params["name"] != address().removesuffix(".woff2"):
        return Response(status_code=404)
    return Response(font(), media_type=MEDIA_TYPE, headers={"Cache-Control": A_YEAR})


class EmptyFonts:
    """ASGI middleware that answers for Streamlit's fonts, whose addresses routes cannot have.

    Parameters
    ----------
    app : callable
        The application that answers everything else.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] == "http" and REPLACED.search(scope["path"]):
            headers = {"Cache-Control": "no-cache"}
            await Response(empty(), media_type=MEDIA_TYPE, headers=headers)(scope, receive, send)
        else:
            await self.app(scope, receive, send)
