"""How exported maps and briefs look: colours, line patterns, symbols and fonts.

Every state differs from the others by pattern or shape as well as by colour, so that it stays
readable without colour vision and in black and white print.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal

from matplotlib import font_manager

from geodata.events.vocabulary import EventType
from geodata.schema import SegmentState, TownState

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
    """A line: colour, width in points, dashes in points (empty for solid)."""

    colour: str
    width: float
    dashes: tuple[float, ...] = ()


@dataclass(frozen=True)
class Symbol:
    """A point: matplotlib marker, fill and edge colours."""

    marker: str
    fill: str
    edge: str


SEGMENT_STYLES: Final = {
    SegmentState.OPEN: LineStyle("#1f6f78", 1.5),
    SegmentState.ESCORT_ONLY: LineStyle("#c77700", 1.8, (5.0, 1.6)),
    SegmentState.CONTESTED: LineStyle("#7a4fa3", 1.8, (5.0, 1.4, 1.2, 1.4)),
    SegmentState.CLOSED: LineStyle("#c0262d", 2.1, (1.6, 1.5)),
    SegmentState.CUT: LineStyle("#1a1a1a", 2.1, (3.0, 2.2)),
    SegmentState.IMPASSABLE: LineStyle("#8d8d8d", 0.9, (0.9, 1.6)),
}
"""Drawn in this order, so that what is closed lies on top."""

TOWN_SYMBOLS: Final = {
    TownState.OPEN: Symbol("o", "#ffffff", "#33424f"),
    TownState.DETOUR: Symbol("^", "#f0b429", "#6b4a00"),
    TownState.ESCORT_ONLY: Symbol("D", "#e4d3f2", "#5b3a80"),
    TownState.ISOLATED: Symbol("s", "#c0262d", "#5e0f13"),
}
ISOLATED_BEFORE: Final = Symbol("s", "#ffffff", "#c0262d")
SUPPLY: Final = Symbol("*", "#1f6f78", "#ffffff")
SUPPLY_OFF: Final = Symbol("*", "#ffffff", "#8d8d8d")
CROSSING: Final = Symbol("o", "#ffffff", BORDER)

EVENT_COLOUR: Final = "#6d1437"
EVENT_MARKERS: Final = {
    "attack": "x",
    "blockade": "_",
    "relief": "+",
    "other": ".",
}
EVENT_GROUPS: Final = {
    EventType.ABDUCTION: "attack",
    EventType.AMBUSH: "attack",
    EventType.ARMED_CLASH: "attack",
    EventType.EXPLOSION: "attack",
    EventType.DAMAGE: "blockade",
    EventType.VEHICLE_BURNING: "attack",
    EventType.BLOCKADE: "blockade",
    EventType.CHECKPOINT: "blockade",
    EventType.SIEGE: "blockade",
    EventType.CONVOY_ARRIVAL: "relief",
    EventType.BLOCKADE_LIFTED: "relief",
}


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
    """Give which of the map's four event symbols stands for a type of event."""
    return EVENT_GROUPS.get(EventType(event_type), "other")
