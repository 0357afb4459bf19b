"""Symbols on an exported map, drawn from the outlines and glyphs that the page draws too."""

from functools import lru_cache
from typing import Any, Final

import numpy as np
from fontTools.pens.recordingPen import RecordingPen
from fontTools.svgLib.path import parse_path
from matplotlib.axes import Axes
from matplotlib.path import Path as Outline
from numpy.typing import NDArray

from geodata.export import style
from geodata.export.style import LineStyle, Symbol

SIGN: Final = 0.5
"""Size of the sign of an isolated town against its symbol."""

GLYPH: Final = 8.5
"""Half width of the grid on which glyphs stand, and radius of the disc around one."""

STROKE: Final = 0.17
"""Width of a glyph's strokes against the radius of its disc, about that of the page."""

ROUNDED: Final = Outline(
    [(-1, -0.45), (-1, -1), (-0.45, -1), (0.45, -1), (1, -1), (1, -0.45), (1, 0.45), (1, 1),
     (0.45, 1), (-0.45, 1), (-1, 1), (-1, 0.45), (-1, -0.45)],
    [Outline.MOVETO, Outline.CURVE3, Outline.CURVE3, Outline.LINETO, Outline.CURVE3,
     Outline.CURVE3, Outline.LINETO, Outline.CURVE3, Outline.CURVE3, Outline.LINETO,
     Outline.CURVE3, Outline.CURVE3, Outline.CLOSEPOLY],
)  # fmt: skip
"""Square with round corners, for supply points."""


def draw_symbol(
    axes: Axes,
    point: NDArray[np.float64] | tuple[float, float],
    look: Symbol,
    radius: float,
    *,
    edge: float,
    z: float,
    alpha: float = 1.0,
) -> None:
    """Draw one symbol.

    Parameters
    ----------
    axes : Axes
    point : array or pair of float
        In points on the paper.
    look : Symbol
    radius : float
        In points.
    edge : float
        Width of its outline in points.
    z : float
        Place in the order of drawing.
    alpha : float
    """
    outline = _outline(look.shape)
    _mark(
        axes,
        point,
        outline,
        radius,
        z,
        alpha,
        markerfacecolor=look.fill,
        markeredgecolor=look.edge,
        markeredgewidth=edge,
    )
    sign: Outline | str
    if look.sign in style.GLYPHS:
        sign, reach, colour = _glyph(look.sign), radius / GLYPH, style.COLOURS["casing"]
        width = STROKE * radius
    elif look.sign and look.sign != "crossing":
        sign, reach = _sign(look.sign), SIGN * radius
        colour = style.COLOURS["casing"] if look.sign == "cross" else look.edge
        width = max(0.25 * radius, 0.5)
    else:
        return
    strokes = {"markerfacecolor": "none", "markeredgecolor": colour, "markeredgewidth": width}
    _mark(axes, point, sign, reach, z + 0.01, alpha, **strokes)
    if look.shape == "supply_off":
        slash = {"markeredgecolor": style.COLOURS["closed"], "markeredgewidth": 2 * width}
        _mark(axes, point, _sign("slash"), radius, z + 0.02, alpha, **slash)


def draw_line(axes: Axes, ends: tuple[float, float], y: float, look: LineStyle, z: float) -> None:
    """Draw a straight sample of a line with its core."""
    for number, each in enumerate((look, look.core)):
        if each is not None:
            axes.plot(
                ends,
                [y, y],
                color=each.colour,
                linewidth=each.width,
                linestyle=dashes(each),
                solid_capstyle="butt" if look.core else "round",
                dash_capstyle="round" if each.dotted else "butt",
                zorder=z + number / 100,
            )


def dashes(look: LineStyle) -> "str | tuple[float, list[float]]":
    """Return the dashes of a line as matplotlib takes them: in widths of the line."""
    return (0, [length / look.width for length in look.dashes]) if look.dashes else "solid"


def _mark(
    axes: Axes,
    point: NDArray[np.float64] | tuple[float, float],
    outline: Outline | str,
    reach: float,
    z: float,
    alpha: float,
    **looks: Any,
) -> None:
    """Draw an outline whose unit is ``reach`` points; matplotlib scales it to its largest part."""
    largest = 1.0 if isinstance(outline, str) else float(np.abs(np.asarray(outline.vertices)).max())
    axes.plot(
        point[0],
        point[1],
        linestyle="",
        marker=outline,
        markersize=2 * reach * largest,
        zorder=z,
        alpha=alpha,
        clip_on=True,
        **looks,
    )


@lru_cache(maxsize=32)
def _outline(shape: str) -> Outline | str:
    if shape.startswith("supply"):
        return ROUNDED
    if shape not in style.TOWN_OUTLINES:
        return "o"
    corners = [(x, -y) for x, y in style.TOWN_OUTLINES[shape]]
    return Outline([*corners, corners[0]], closed=True)


@lru_cache(maxsize=8)
def _sign(name: str) -> Outline | str:
    """Return falling rain, an empty ring, a bar for no entry, or a cross, of radius 1."""
    if name == "supply":
        return "o"
    signs: dict[str, list[tuple[tuple[float, float], tuple[float, float]]]] = {
        "cross": [((-1, -1), (1, 1)), ((1, -1), (-1, 1))],
        "season": [((x + 0.35, 1), (x - 0.35, -1)) for x in (-0.9, 0.0, 0.9)],
        "vehicle": [((-1.2, 0), (1.2, 0))],
        "slash": [((-1, -1), (1, 1))],
    }
    strokes = signs[name]
    points = [point for stroke in strokes for point in stroke]
    return Outline(points, [Outline.MOVETO, Outline.LINETO] * len(strokes))


@lru_cache(maxsize=32)
def _glyph(name: str) -> Outline:
    pen = RecordingPen()
    parse_path(style.GLYPHS[name], pen)
    points: list[tuple[float, float]] = []
    codes: list[int] = []
    kinds = {
        "moveTo": Outline.MOVETO,
        "lineTo": Outline.LINETO,
        "curveTo": Outline.CURVE4,
        "qCurveTo": Outline.CURVE3,
    }
    for kind, part in pen.value:
        if kind in kinds:
            points += [(x, -y) for x, y in part]
            codes += [int(kinds[kind])] * len(part)
        elif kind == "closePath":
            points.append(points[-1])
            codes.append(int(Outline.CLOSEPOLY))
    return Outline(points, codes)
