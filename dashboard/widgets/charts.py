"""Small charts as text: shapes that the style sheet colours, so that they follow the theme.

Streamlit takes drawings (SVG) out of HTML, but not out of a style: each shape is a mask through
which its layer's colour is seen.
"""

import base64
import datetime as dt
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dashboard.markup import Html, tag
from geodata.analysis.fuel import FROM
from geodata.analysis.timeline import TOWN_STATES
from geodata.schema import TownState

UNIT: Final = 4
"""Width of a day in a drawing's own units; the drawing stretches to its place."""

SEASON: Final = len(TOWN_STATES)
"""Stands among the places of the states for a town that the season isolates."""

NEVER: Final = SEASON + 1
"""Likewise for a town that the vehicle never reaches."""

TALL: Final = 100
ROW: Final = 10
"""Height of a town's row in the heat strip."""

NAME_ROOM: Final = 0.03
"""Share of a scale's width that the name of a month takes."""

NAMES_ON_A_PHONE: Final = 10
"""Months of a scale up to which a phone shows every other name; of more it shows each third."""

SHORT_BARS: Final = {1: 2, 2: 5}
"""Height of the bar of a shortage in a town's row: probably short, short."""


def strip(events: Sequence[int], towns: Sequence[int], *, at: int | None, title: str) -> Html:
    """Return the events a day as bars, in front of towns a day as a stepped area.

    Parameters
    ----------
    events, towns : sequence of int
        A number for each day, each drawn against its own largest.
    at : int, optional
        Day marked by a line.
    title : str
        Read by screen readers.
    """
    most = max([*events, 1])
    bars = "".join(
        f"M{UNIT * i} {TALL}v{-TALL * 0.8 * n / most:.0f}h{UNIT - 1}V{TALL}z"
        for i, n in enumerate(events)
        if n
    )
    width = UNIT * len(events)
    return _chart(
        title,
        _layer("area", width, TALL, _steps(towns)),
        _layer("bars", width, TALL, bars),
        _mark(at, len(events)),
    )


def area(values: Sequence[float], *, at: int | None, title: str) -> Html:
    """Return one number a day as a stepped area."""
    shape = _layer("area", UNIT * len(values), TALL, _steps(values))
    return _chart(title, shape, _mark(at, len(values)))


def band(
    values: NDArray[np.float64],
    *,
    marks: Sequence[tuple[int, bool]] = (),
    at: int | None,
    title: str,
) -> Html:
    """A band over the days with its middle as a line, and dated reports as marks.

    Parameters
    ----------
    values : array of float, shape (3, n_days)
        Low end, middle and high end; days without a value are left blank.
    marks : sequence of (int, bool)
        Day and whether a shortage was reported: such a mark stands at the foot, any other at
        the top, so that they differ without colour.
    at : int, optional
        Day marked by a line.
    title : str
        Read by screen readers.
    """
    n_days = values.shape[1]
    top = max(float(np.nanmax(values, initial=0.0)), 1.0)
    low, middle, high = TALL * (1 - np.nan_to_num(values) / top)
    with_value = np.flatnonzero(~np.isnan(values[1]))
    spread = "".join(f"M{UNIT * i} {high[i]:.1f}h{UNIT}V{low[i]:.1f}h{-UNIT}z" for i in with_value)
    line = "".join(
        f"M{UNIT * i} {min(middle[i], TALL - 4):.1f}h{UNIT}v4h{-UNIT}z" for i in with_value
    )
    short = "".join(f"M{UNIT * i} {TALL}v-22h{UNIT}v22z" for i, is_short in marks if is_short)
    other = "".join(f"M{UNIT * i} 0v22h{UNIT}v-22z" for i, is_short in marks if not is_short)
    return _chart(
        title,
        _layer("band", UNIT * n_days, TALL, spread),
        _layer("middle", UNIT * n_days, TALL, line),
        _layer("reported-short", UNIT * n_days, TALL, short),
        _layer("reported-supply", UNIT * n_days, TALL, other),
        _mark(at, n_days),
    )


def heat(
    codes: NDArray[np.uint8],
    season: NDArray[np.bool_],
    never: NDArray[np.bool_],
    *,
    shortage: NDArray[np.float64] | None = None,
    at: int | None,
    title: str,
) -> Html:
    """Return a row for each town, coloured on each day by the town's state.

    Parameters
    ----------
    codes : array of uint8, shape (n_days, n_towns)
        Places in `geodata.analysis.timeline.TOWN_STATES`; what is open is left blank.
    season : array of bool, shape (n_days, n_towns)
        Towns that the season alone isolates: drawn apart from those isolated otherwise.
    never : array of bool, shape (n_towns,)
        Towns that the vehicle never reaches, with every road open too: no closure isolates them.
    shortage : array of float, shape (n_days, n_towns), optional
        Probability of being short of fuel: a dark bar at the foot of the row, higher where the
        word is ``short`` than where it is ``probably_short``, so that it reads without colour.
        Missing values and lower probabilities are left blank.
    at : int, optional
        Day marked by a line.
    title : str
    """
    days, towns = codes.shape
    isolated = codes == TOWN_STATES.index(TownState.ISOLATED)
    codes = np.where(season, SEASON, np.where(isolated & never, NEVER, codes))
    layers = [
        _layer(state.value, UNIT * days, ROW * towns, "".join(_runs(codes, code)))
        for code, state in enumerate(TOWN_STATES)
        if code
    ]
    for name, code in (("season", SEASON), ("never", NEVER)):
        layers.append(_layer(name, UNIT * days, ROW * towns, "".join(_runs(codes, code))))
    if shortage is not None:
        levels = (shortage[..., None] >= FROM[:2]).sum(axis=-1).astype(np.uint8)
        bars = (
            box for level, high in SHORT_BARS.items() for box in _runs(levels, level, high=high)
        )
        layers.append(_layer("shortage", UNIT * days, ROW * towns, "".join(bars)))
    return _chart(title, *layers, _mark(at, days))


def months(days: Sequence[dt.date], names: Sequence[str]) -> Html:
    """Return the names of the months of ``days`` as a scale, each where its month begins.

    A month whose name would lie over the next one is left out: of a long period most months, and
    the first one if it has a few days only.
    """
    starts = [i for i, day in enumerate(days) if day.day == 1 or i == 0]
    named = list(zip(starts, names, strict=True))
    room = NAME_ROOM * len(days)
    if len(starts) > 1 and starts[1] < room:
        named = named[1:]
    shown, free_from = [], 0.0
    for i, name in named:
        if i >= free_from:
            shown.append(tag("span", name, style=f"left:{100 * i / len(days):.2f}%"))
            free_from = i + room
    many = " sr-many" if len(shown) > NAMES_ON_A_PHONE else ""
    return tag("div", *shown, class_=f"sr-months{many}", aria_hidden="true")


def _steps(values: Sequence[float]) -> str:
    top = max([*values, 1])
    steps = "".join(f"H{UNIT * i}V{TALL * (1 - n / top):.0f}" for i, n in enumerate(values))
    return f"M0 {TALL}{steps}H{UNIT * len(values)}V{TALL}z"


def _runs(codes: NDArray[np.uint8], code: int, *, high: int = ROW - 2) -> Iterable[str]:
    """Yield the boxes, from the row's foot up, over the days on which a town is in one state."""
    for town in range(codes.shape[1]):
        day = 0
        for same, group in groupby(codes[:, town] == code):
            length = sum(1 for _ in group)
            if same:
                top = ROW * (town + 1) - 1 - high
                yield f"M{UNIT * day} {top}h{UNIT * length}v{high}h{-UNIT * length}z"
            day += length


def _layer(kind: str, width: int, height: int, path: str) -> Html:
    drawing = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"'
        f' preserveAspectRatio="none"><path d="{path}"/></svg>'
    )
    url = f"url(data:image/svg+xml;base64,{base64.b64encode(drawing.encode()).decode()})"
    return tag("div", class_=f"sr-layer sr-{kind}", style=f"mask-image:{url}")


def _mark(at: int | None, days: int) -> Html | None:
    if at is None:
        return None
    return tag("div", class_="sr-mark", style=f"left:{100 * (at + 0.5) / days:.2f}%")


def _chart(title: str, *parts: Html | None) -> Html:
    return tag("div", *parts, class_="sr-chart", role="img", aria_label=title, title=title)
