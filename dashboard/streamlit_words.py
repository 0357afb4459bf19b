"""Streamlit's own words in the page's language.

Streamlit shows its buttons, menus and hints in English only and takes no other words. A script of
the page reads what they show and puts the catalogue's words in their place.
"""

import json
from pathlib import Path
from typing import Final

from geodata.i18n import LANGUAGES, catalogue

SCRIPT: Final = Path(__file__).with_suffix(".js")
AREA: Final = "streamlit."
FRAME: Final = "streamlit_folium.st_folium"
"""The name that the map's frame is given by its component."""


def pairs(lang: str) -> list[tuple[str, str]]:
    """Return the words of the other language and of ``lang`` for each of Streamlit's messages.

    The English ones are Streamlit's own. On an English page they stand in for words that the
    page, opened in French before, has put there.
    """
    other = next(each for each in LANGUAGES if each != lang)
    theirs, ours = catalogue(other), catalogue(lang)
    return [
        (str(theirs[key]), str(ours[key]))
        for key in ours
        if key.startswith(AREA) and theirs[key] != ours[key]
    ]


def script(lang: str) -> str:
    """Return the script that names the page's language and keeps Streamlit's words in it."""
    frame = _frame_in(lang)
    frames = [(name, frame) for name in (FRAME, *map(_frame_in, LANGUAGES)) if name != frame]
    words = json.dumps([*pairs(lang), *frames], ensure_ascii=False).replace("<", "\\u003c")
    source = SCRIPT.read_text(encoding="utf-8")
    return f"<script>{source.replace('__WORDS__', words).replace('__LANG__', lang)}</script>"


def _frame_in(lang: str) -> str:
    return str(catalogue(lang)["page.map_frame"])
