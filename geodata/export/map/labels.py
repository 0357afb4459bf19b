"""Placing labels on a map so that none lies on another, on a symbol or off the paper."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely
from matplotlib.textpath import TextPath
from numpy.typing import NDArray

from geodata.export.style import Slant, font

BLOCKED: Final = 1000.0
"""Weight of a cell where no label may lie."""

_SIDES: Final = ((1, 0), (1, 0.8), (1, -0.8), (-1, 0), (-1, 0.8), (-1, -0.8), (0, 1), (0, -1))
_FAR: Final = (10.0, 18.0, 28.0)


@dataclass(frozen=True)
class Label:
    """A text to place beside a point on paper.

    Parameters
    ----------
    text : str
    x, y : float
        The point, in points from the lower left.
    size : float
        Height of the letters in points.
    colour : str
    weight : int
        Of the font: 400 regular, 700 bold.
    style : {'normal', 'italic'}
    gap : float
        Distance to keep from the point, in points.
    rank : float
        Labels of lower rank are placed first.
    must : bool
        Whether it may stand further off, joined to its point by a line, rather than be left out.
    spots : tuple of (float, float)
        For the name of an area: points that the text may be centred on instead.
    """

    text: str
    x: float
    y: float
    size: float
    colour: str
    weight: int = 400
    style: Slant = "normal"
    gap: float = 3.0
    rank: float = 0.0
    must: bool = False
    spots: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True)
class Placed:
    """A label with the lower left corner of its text, and whether a line leads to it."""

    label: Label
    x: float
    y: float
    width: float
    height: float
    leader: bool = False


class Ground:
    """What is already on the paper, counted in square cells of a point."""

    def __init__(self, width: float, height: float) -> None:
        self.cells = np.zeros((int(height) + 1, int(width) + 1))

    def block(self, x: float, y: float, width: float, height: float) -> None:
        """Forbid a box, given by its lower left corner and size in points."""
        rows, columns = self._slices(x, y, width, height)
        self.cells[rows, columns] = BLOCKED

    def weigh(self, points: NDArray[np.float64], weight: float) -> None:
        """Make cells that a line runs through less welcome; points at most a cell apart."""
        rows, columns = points[:, 1].astype(int), points[:, 0].astype(int)
        inside = (rows >= 0) & (columns >= 0)
        inside &= (rows < self.cells.shape[0]) & (columns < self.cells.shape[1])
        np.maximum.at(self.cells, (rows[inside], columns[inside]), weight)

    def weigh_area(self, area: Any, weight: float) -> None:
        """Make the cells in an area less welcome, as a legend should not lie there."""
        rows, columns = self.cells.shape
        across, up = np.meshgrid(np.arange(columns) + 0.5, np.arange(rows) + 0.5)
        self.cells[shapely.contains_xy(area, across, up)] += weight

    def cost(self, x: float, y: float, width: float, height: float) -> float:
        """Return the sum of the weights in a box; infinite if it leaves the paper."""
        if x < 1 or y < 1:
            return np.inf
        if x + width > self.cells.shape[1] - 2 or y + height > self.cells.shape[0] - 2:
            return np.inf
        rows, columns = self._slices(x, y, width, height)
        return float(self.cells[rows, columns].sum())

    def emptiest(
        self, width: float, height: float, corners: Sequence[tuple[float, float]]
    ) -> tuple[float, float]:
        """Of lower left corners for a box, the one that covers least."""
        return min(corners, key=lambda corner: self.cost(corner[0], corner[1], width, height))

    @staticmethod
    def _slices(x: float, y: float, width: float, height: float) -> tuple[slice, slice]:
        low_x, low_y = max(int(x), 0), max(int(y), 0)
        return slice(low_y, max(int(y + height) + 1, 0)), slice(low_x, max(int(x + width) + 1, 0))


def text_size(
    text: str, size: float, weight: int = 400, style: Slant = "normal"
) -> tuple[float, float]:
    """Return the width and height of the letters in points."""
    # Corners of the outline's curves: a hair more than the letters, and much quicker to find.
    corners = np.asarray(TextPath((0, 0), text, size=size, prop=font(weight, style)).vertices)
    width = float(np.ptp(corners[:, 0])) if len(corners) else 0.0
    return width, size * 0.72


def place(labels: Sequence[Label], ground: Ground) -> list[Placed]:
    """Place what fits, in the order of rank; what does not fit is left out.

    Greedy: each label takes the spot around its point that covers least, and blocks it for
    those that follow. Cartographers' preferred sides come first among equals.
    """
    placed = []
    for label in sorted(labels, key=lambda each: (each.rank, each.text)):
        spot = _spot(label, ground)
        if spot is not None:
            placed.append(spot)
            ground.block(spot.x - 0.8, spot.y - 0.8, spot.width + 1.6, spot.height + 1.6)
    return placed


def _spot(label: Label, ground: Ground) -> Placed | None:
    width, height = text_size(label.text, label.size, label.weight, label.style)
    if label.spots:
        spots = [(x - width / 2, y - height / 2) for x, y in label.spots]
    else:
        spots = [_beside(label, side, label.gap, width, height) for side in _SIDES]
    step = 0.02 if label.spots else 0.4
    costs = [ground.cost(x, y, width, height) + n * step for n, (x, y) in enumerate(spots)]
    best = int(np.argmin(costs))
    if costs[best] < BLOCKED:
        return Placed(label, *spots[best], width, height)
    if not label.must:
        return None
    far = [_beside(label, side, gap, width, height) for gap in _FAR for side in _SIDES]
    costs = [ground.cost(x, y, width, height) + n for n, (x, y) in enumerate(far)]
    best = int(np.argmin(costs))
    if costs[best] < BLOCKED:
        return Placed(label, *far[best], width, height, leader=True)
    return None


def _beside(
    label: Label, side: tuple[float, float], gap: float, width: float, height: float
) -> tuple[float, float]:
    """Lower left corner of a text that stands on one side of its point."""
    across, up = side
    x = label.x + across * gap - (width if across < 0 else width / 2 if across == 0 else 0)
    y = label.y - height / 2 + up * (gap if across == 0 else gap * 0.9)
    if across == 0:
        y += up * height / 2
    return x, y
