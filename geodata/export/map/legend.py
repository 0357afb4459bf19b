"""Legend, scale bar and north arrow of an exported map: only what is on the map."""

from typing import Final

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch, Polygon

from geodata import schema as f
from geodata.export import style
from geodata.export.drawn_roads import drawn_states
from geodata.export.map.frame import Frame
from geodata.export.map.labels import Ground, text_size
from geodata.export.map.symbols import draw_line, draw_symbol
from geodata.export.style import LineStyle, Symbol
from geodata.i18n import number, text
from geodata.schema import Cause, TownState
from geodata.sharing.publication import Publication

Entry = tuple[str, LineStyle | Symbol]

ROW: Final = 8.9
PADDING: Final = 6.0
KEY_WIDTH: Final = 18.0
SIZE: Final = 6.0
SCALE_ROOM: Final = 130.0
SMALL: Final = ("circle", "detour", "escort_only", "isolated")
ROUND_KM: Final = (5, 10, 20, 25, 50, 100, 200, 250, 500, 1000)


def draw_legend(axes: Axes, release: Publication, frame: Frame, ground: Ground) -> None:
    """Draw the legend with scale and north arrow where the map is emptiest."""
    entries = legend_entries(release)
    lang = release.lang
    layouts = [_Layout(frame, ground, entries, columns) for columns in (1, 2, 3)]
    best = min(layouts, key=lambda layout: layout.cost)
    x, y, width, height = best.x, best.y, best.width, best.height
    ground.block(x - 2, y - 2, width + 4, height + 4)
    box = FancyBboxPatch(
        (x, y),
        width,
        height,
        boxstyle="round,pad=0,rounding_size=2.5",
        facecolor="#ffffff",
        edgecolor=style.RULE,
        linewidth=0.6,
        alpha=0.94,
        zorder=40,
    )
    axes.add_patch(box)
    for place, (name, look) in enumerate(entries):
        column, row = divmod(place, best.rows)
        middle = y + height - PADDING - ROW * (row + 0.5)
        _entry(axes, x + PADDING + column * best.column_width, middle, name, look)
    _scale(
        axes, frame, lang, x + PADDING, y + PADDING + 3, min(width - 2 * PADDING - 18, SCALE_ROOM)
    )
    _north(axes, x + width - PADDING - 4, y + PADDING)


class _Layout:
    """Size and spot of the legend's box with its entries in one or two columns."""

    def __init__(self, frame: Frame, ground: Ground, entries: list[Entry], columns: int) -> None:
        widest = max(text_size(name, SIZE)[0] for name, _ in entries)
        self.rows = -(-len(entries) // columns)
        self.column_width = widest + KEY_WIDTH + 8
        self.width = columns * self.column_width - 8 + 2 * PADDING
        self.height = ROW * self.rows + 2 * PADDING + 17
        corners = _corners(frame, self.width, self.height)
        self.x, self.y = ground.emptiest(self.width, self.height, corners)
        self.cost = ground.cost(self.x, self.y, self.width, self.height)


def legend_entries(release: Publication) -> list[Entry]:
    """Name all that the map shows, with its symbols, in the order of the legend."""
    situation, lang = release.situation, release.lang
    states = set(drawn_states(situation)[f.STATE])
    entries: list[Entry] = [
        (text(f"export.segment_{name}", lang), look)
        for name, look in style.SEGMENT_STYLES.items()
        if name in states
    ]
    towns = situation.access.towns
    causes = set(towns[f.ISOLATED_BY])
    closed = Cause.CLOSURE in causes
    now = {state for state in towns[f.STATE] if state != TownState.ISOLATED or closed}
    entries += [
        (text(f"export.town_{name}", lang), look)
        for name, look in style.TOWN_SYMBOLS.items()
        if name in now
    ]
    entries += [
        (text(f"export.town_isolated_{cause}", lang), look)
        for cause, look in style.ISOLATED_SYMBOLS.items()
        if cause in causes
    ]
    entries.append((text("export.supply_point", lang), style.SUPPLY))
    if situation.conditions.without:
        entries.append((text("export.supply_point_off", lang), style.SUPPLY_OFF))
    if (situation.dataset.network.nodes[f.KIND] == "border_crossing").any():
        entries.append((text("export.crossing", lang), style.CROSSING))
    groups = set(drawn_events(release.events)[f.EVENT_TYPE].map(style.event_group))
    entries += [
        (text(f"export.event_{group}", lang), look)
        for group, look in style.EVENT_GROUPS.items()
        if group in groups
    ]
    return entries


def drawn_events(events: pd.DataFrame) -> pd.DataFrame:
    """Give the events known closely enough to stand as points: not those known by region."""
    placed = events[f.LAT].notna() & events[f.LON].notna()
    return events[placed & (events[f.LOCATION_PRECISION] != "region")]


def _corners(frame: Frame, width: float, height: float) -> list[tuple[float, float]]:
    """Return the spots for the box along the frame's edges."""
    gap = 6.0
    right, top = frame.width - width - gap, frame.height - height - gap
    across = [gap + (right - gap) * n / 6 for n in range(7)]
    up = [gap + (top - gap) * n / 4 for n in range(5)]
    edges = [(x, y) for x in (gap, right) for y in reversed(up)]
    return edges + [(x, y) for y in (top, gap) for x in across]


def _entry(axes: Axes, x: float, y: float, name: str, look: LineStyle | Symbol) -> None:
    if isinstance(look, LineStyle):
        draw_line(axes, (x, x + KEY_WIDTH - 6), y, look, 41)
    else:
        point = (x + KEY_WIDTH / 2 - 3, y)
        draw_symbol(axes, point, look, 2.9 if look.shape in SMALL else 3.4, edge=0.7, z=41)
    _text(axes, x + KEY_WIDTH, y - SIZE * 0.34, name, SIZE, style.INK)


def _scale(axes: Axes, frame: Frame, lang: str, x: float, y: float, room: float) -> None:
    """Draw a bar of a round length, true on the map's middle parallel."""
    fitting = [km for km in ROUND_KM if km * frame.points_per_km <= room]
    km = fitting[-1] if fitting else ROUND_KM[0]
    length = km * frame.points_per_km
    for start, colour in ((0.0, style.INK), (0.5, "#ffffff")):
        axes.plot(
            [x + start * length, x + (start + 0.5) * length],
            [y, y],
            color=style.INK,
            linewidth=2.6,
            solid_capstyle="butt",
            zorder=41,
        )
        axes.plot(
            [x + start * length + 0.4, x + (start + 0.5) * length - 0.4],
            [y, y],
            color=colour,
            linewidth=1.6,
            solid_capstyle="butt",
            zorder=42,
        )
    _text(axes, x, y + 4, text("export.scale", lang, km=number(km, lang)), 5.6, style.SOFT_INK)


def _north(axes: Axes, x: float, y: float) -> None:
    axes.add_patch(
        Polygon(
            [(x, y + 13), (x - 3, y + 3), (x, y + 5.4)],
            closed=True,
            facecolor=style.INK,
            edgecolor="none",
            zorder=41,
        )
    )
    axes.add_patch(
        Polygon(
            [(x, y + 13), (x + 3, y + 3), (x, y + 5.4)],
            closed=True,
            fill=False,
            edgecolor=style.INK,
            linewidth=0.5,
            zorder=41,
        )
    )
    _text(axes, x - 2, y - 3.4, "N", 5.6, style.INK)


def _text(axes: Axes, x: float, y: float, words: str, size: float, colour: str) -> None:
    axes.text(
        x,
        y,
        words,
        fontproperties=style.font(),
        fontsize=size,
        color=colour,
        zorder=43,
        parse_math=False,
    )
