"""How exported maps and briefs look: colours, line patterns, symbols and fonts.

Every state differs from the others by pattern or shape as well as by colour, so that it stays
readable without colour vision and in black and white print.
"""

import json
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal

from matplotlib import font_manager

from geodata.schema import Cause, SegmentState, TownState

ASSETS: Final = Path(__file__).parent / "assets"
FONTS: Final = ASSETS / "fonts"
FONT_FILES: Final = {
    "regular": FONTS / "RouteSans-Regular.ttf",
    "italic": FONTS / "RouteSans-Italic.ttf",
    "bold": FONTS / "RouteSans-Bold.ttf",
}
FAMILY: Final = "Route Sans"
REGULAR: Final = 400
BOLD: Final = 700
Slant = Literal["normal", "italic"]
FALLBACK: Final = "DejaVu Sans"

INK: Final = "#1d2733"
SOFT_INK: Final = "#55606d"
RULE: Final = "#d8d4ca"
PANEL: Final = "#f6f4ee"
ACCENT: Final = "#1f6f78"
WARNING: Final = "#b3261e"
SEA: Final = "#d3e3ec"
LAND: Final = "#efede6"
FOCUS: Final = "#fcfaf5"
WATER: Final = "#9cc3d9"
BORDER: Final = "#8f8674"
REGION: Final = "#c3bba9"
RAIL: Final = "#a59b8c"


@dataclass(frozen=True)
class LineStyle:
    """A line: colour, width in points, dashes in points (empty for solid).

    Parameters
    ----------
    colour : str
    width : float
    dashes : tuple of float
    core : LineStyle, optional
        A narrower line along its middle.
    dotted : bool
        Whether dashes have round ends, so that short ones are dots.
    """

    colour: str
    width: float
    dashes: tuple[float, ...] = ()
    core: "LineStyle | None" = None
    dotted: bool = False


@dataclass(frozen=True)
class Symbol:
    """A point.

    Parameters
    ----------
    shape : str
        ``circle``, ``supply``, ``supply_off``, one of `TOWN_OUTLINES`, or a family of events.
    fill, edge : str
    sign : str
        What is drawn in it: ``cross``, ``season``, ``supply`` or ``vehicle`` in the symbol of an
        isolated town, or a name of `GLYPHS`.
    """

    shape: str
    fill: str
    edge: str
    sign: str = ""


LOOKS: Final = json.loads((Path(__file__).parent / "web" / "looks.json").read_text("utf-8"))
"""Colours of both themes, outlines and glyphs: those of the page's map and the exported page."""

COLOURS: Final[dict[str, str]] = LOOKS["colours"]["light"]
TOWN_OUTLINES: Final[dict[str, list[tuple[float, float]]]] = LOOKS["towns"]
GLYPHS: Final[dict[str, str]] = LOOKS["places"] | {n: d for n, (_, d) in LOOKS["events"].items()}
"""Path data on a grid of 16 by 16, centred on 0, y downwards."""

_CUT: Final = COLOURS["cut"]
SEGMENT_STYLES: Final = {
    SegmentState.OPEN: LineStyle(COLOURS["open"], 1.5),
    SegmentState.ESCORT_ONLY: LineStyle(
        COLOURS["escort_only"], 2.7, core=LineStyle(COLOURS["casing"], 1.0)
    ),
    SegmentState.CONTESTED: LineStyle(
        COLOURS["contested"], 2.3, core=LineStyle(_CUT, 1.5, (0.9, 2.7))
    ),
    SegmentState.CLOSED: LineStyle(COLOURS["closed"], 2.1, (4.0, 2.2)),
    SegmentState.CUT: LineStyle(_CUT, 2.0, (0.05, 3.1), dotted=True),
    SegmentState.IMPASSABLE: LineStyle(COLOURS["impassable"], 0.9, (0.9, 1.8)),
}
"""Drawn in this order, so that what is closed lies on top."""

_TOWN: Final = COLOURS["town"]
TOWN_SYMBOLS: Final = {
    TownState.OPEN: Symbol("circle", _TOWN, COLOURS["town_edge"]),
    TownState.DETOUR: Symbol("detour", COLOURS["contested"], COLOURS["town_edge"]),
    TownState.ESCORT_ONLY: Symbol("escort_only", _TOWN, COLOURS["escort_only"]),
    TownState.ISOLATED: Symbol("isolated", COLOURS["closed"], COLOURS["casing"], "cross"),
}
ISOLATED_SYMBOLS: Final = {
    cause: Symbol("isolated", _TOWN, COLOURS["closed"], str(cause))
    for cause in (Cause.SEASON, Cause.SUPPLY, Cause.VEHICLE)
}
"""Towns isolated by something else than closures: hollow, with the sign of the cause."""

SUPPLY: Final = Symbol("supply", COLOURS["supply"], COLOURS["casing"], "port")
SUPPLY_OFF: Final = Symbol("supply_off", COLOURS["impassable"], COLOURS["casing"], "port")
CROSSING: Final = Symbol("circle", _TOWN, SOFT_INK, "crossing")
CROSS: Final = LineStyle(_CUT, 1.7)
"""Strokes of the cross on a road cut by hand."""

EVENT_GROUPS: Final = {
    "attack": Symbol("harm", COLOURS["harm"], COLOURS["casing"], "ambush"),
    "blockade": Symbol("bar", COLOURS["bar"], COLOURS["casing"], "blockade"),
    "relief": Symbol("ease", COLOURS["ease"], COLOURS["casing"], "convoy_arrival"),
    "other": Symbol("rule", COLOURS["rule"], COLOURS["casing"], "other"),
}
"""Families of events, each with the glyph of its commonest type."""

_GROUP_OF: Final = {look.shape: group for group, look in EVENT_GROUPS.items()}


def town_symbol(state: TownState, cause: Cause | None) -> Symbol:
    """Return the symbol of a town by its state and, if it is isolated, the cause."""
    if state == TownState.ISOLATED and cause in ISOLATED_SYMBOLS:
        return ISOLATED_SYMBOLS[cause]
    return TOWN_SYMBOLS[state]


def tint(colour: str, share: float = 0.22) -> str:
    """Return a colour mixed with white, as six hexadecimal digits.

    Examples
    --------
    >>> tint("#000000", 0.2)
    'CCCCCC'
    """
    parts = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return "".join(f"{round(255 - (255 - part) * share):02X}" for part in parts)


@lru_cache(maxsize=1)
def register_fonts() -> None:
    """Make the shipped fonts known to matplotlib, once a process."""
    for path in FONT_FILES.values():
        font_manager.fontManager.addfont(str(path))


def font(weight: int = REGULAR, style: Slant = "normal") -> font_manager.FontProperties:
    """Give the shipped font, with a fallback for letters that it lacks."""
    register_fonts()
    return font_manager.FontProperties(family=[FAMILY, FALLBACK], weight=weight, style=style)


def event_group(event_type: str) -> str:
    """Give the family of events that a type belongs to."""
    return _GROUP_OF[LOOKS["events"].get(event_type, LOOKS["events"]["other"])[0]]


def event_symbol(event_type: str) -> Symbol:
    """Give the symbol of an event: the colour of its family, and its own glyph."""
    group = EVENT_GROUPS[event_group(event_type)]
    return replace(group, sign=event_type if event_type in LOOKS["events"] else "other")
