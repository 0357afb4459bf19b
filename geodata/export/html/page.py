"""The view as one HTML file that opens from disk with no network, now or in a year.

The page is a fixed shell, a style sheet and a script of ours; all that comes from data stands
in a JSON block that the script reads and sets as text. A strict Content-Security-Policy lets
nothing else run: the script and the style sheet are named by their sha256, and nothing may be
fetched from anywhere.
"""

import base64
import hashlib
import html
import json
from typing import Any, Final

from geodata.export import style
from geodata.export.brief import Brief, brief
from geodata.export.html.map import drawing
from geodata.export.html.tables import page_tables
from geodata.export.style import ASSETS, LineStyle
from geodata.sanitize import printable
from geodata.sharing.publication import Publication

ROWS: Final = 10_000
"""Tables of the page are whole: there is room to scroll."""

WORDS: Final = (
    "map", "map_help", "zoom_in", "zoom_out", "zoom_all", "layers", "legend", "filter",
    "filter_none", "sort_by", "show_on_map", "print", "nothing_chosen", "contents",
    "layer_roads", "layer_towns", "layer_supply", "layer_crossings", "layer_events",
    "layer_names", "layer_regions", "layer_rail", "layer_fuel", "source_link",
)  # fmt: skip


def page(release: Publication) -> bytes:
    """Write the page.

    Returns
    -------
    bytes
        UTF-8 HTML; the same for the same release.
    """
    content = brief(release, limit=ROWS)
    sheet, script = _asset("view.css"), _asset("view.js")
    policy = (
        f"default-src 'none'; script-src '{_hash(script)}'; style-src '{_hash(sheet)}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )
    parts = [
        "<!DOCTYPE html>",
        f'<html lang="{release.lang}">',
        "<head>",
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="referrer" content="no-referrer">',
        '<meta name="robots" content="noindex">' if release.ranked else "",
        f"<title>{html.escape(printable(f'{content.title} – {content.subtitle}'))}</title>",
        f"<style>{sheet}</style>",
        "</head>",
        "<body>",
        f"<noscript><p>{html.escape(release.say('export.html_needs_script'))}</p></noscript>",
        '<div id="page"></div>',
        f'<script type="application/json" id="view">{_json(_view(content, release))}</script>',
        f"<script>{script}</script>",
        "</body>",
        "</html>",
    ]
    return "\n".join(part for part in parts if part).encode("utf-8", errors="replace")


def _view(content: Brief, release: Publication) -> dict[str, Any]:
    """Gather all that the script shows."""
    return {
        "lang": release.lang,
        "words": {name: release.say(f"export.html_{name}") for name in WORDS},
        "kicker": content.kicker,
        "title": content.title,
        "subtitle": content.subtitle,
        "made": content.made,
        "level": release.say(f"export.level_{release.level}_short"),
        "levelText": content.level,
        "public": not release.ranked,
        "headline": content.headline,
        "figures": [vars(figure) for figure in content.figures],
        "map": drawing(release),
        "tables": page_tables(content, release),
        "lists": [
            {"title": release.say("export.section_assumptions"), "items": content.assumptions},
            {"title": release.say("export.section_sources"), "items": content.sources},
            {"title": release.say("export.section_level"), "items": [content.level]},
            {"title": release.say("export.section_link"), "items": [content.link]},
        ],
    }


def _json(value: dict[str, Any]) -> str:
    """Write JSON in which no character can end or open an element."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"


def _asset(name: str) -> str:
    """Read one of our own files; line ends as a browser hashes them."""
    text = (ASSETS / name).read_text(encoding="utf-8").replace("\r\n", "\n")
    if name.endswith(".css"):
        for key, value in _COLOURS.items():
            text = text.replace(f"/*{key}*/", value)
    return text


def _line(name: str, look: LineStyle, colour: str) -> str:
    """Return the rule of a line; widths and dashes in points, as pixels of the screen."""
    rule = f".{name}{{stroke:{colour};stroke-width:{look.width * PIXELS:.1f}px"
    if look.dashes:
        rule += f";stroke-dasharray:{' '.join(f'{each * PIXELS:.1f}' for each in look.dashes)}"
    return rule + (";stroke-linecap:round}" if look.dotted else "}")


PIXELS: Final = 1.5
"""Pixels of the screen for a point of the printed map."""

_COLOURS: Final = {
    **{
        theme: "".join(f"--s-{name.replace('_', '-')}:{value};" for name, value in colours.items())
        for theme, colours in style.LOOKS["colours"].items()
    },
    "segments": "\n".join(
        _line(f"s-{name}", look, f"var(--s-{str(name).replace('_', '-')})")
        for name, look in style.SEGMENT_STYLES.items()
    ),
    "cores": "\n".join(
        _line(f"k-{name}", look.core, f"var(--s-{'casing' if not look.core.dashes else 'cut'})")
        for name, look in style.SEGMENT_STYLES.items()
        if look.core is not None
    ),
}
"""Looks of states, shared with the printed maps and the page."""
