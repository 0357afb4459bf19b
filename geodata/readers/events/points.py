"""Points written in one cell: a pair of degrees, WKT, a form's point, or a grid reference.

WKT puts longitude first and a form's point (KoBo, ODK: latitude, longitude, altitude, accuracy)
latitude first, as their formats say. A bare pair of degrees says nothing about its order: letters,
the column's name, figures beyond 90 degrees or the study area decide it for the whole column,
and where both orders fit the file is refused with the remedy.
"""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from geodata import schema as f
from geodata.errors import GeodataError
from geodata.events.vocabulary import LocationPrecision
from geodata.network.study_area import widened
from geodata.readers.events.draft import Draft
from geodata.readers.events.schemes import COORDINATES, LAT_LON, LON_LAT, PRECISION_M
from geodata.readers.tables.numbers import angle, number, plain_digits

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

_WKT: Final = re.compile(
    r"(?:SRID\s*=\s*4326\s*;\s*)?POINT\s*(?:Z|M|ZM)?\s*\(\s*(\S+)\s+([^\s)]+)[^()]*\)",
    re.IGNORECASE,
)
_MGRS: Final = re.compile(r"(\d{1,2}[C-HJ-NP-X][A-HJ-NP-Z]{2})((?:\d{2}){0,5})")
_BETWEEN: Final = (r"\s*;\s*", r",\s+", r"\s*/\s*", r"\s+", r",")
_SIDE: Final = re.compile(r"[NSEWO]", re.IGNORECASE)
_FIRST_BY_NAME: Final = {LAT_LON: "lat", LON_LAT: "lon"}
_SQUARE_KM: Final = (100.0, 10.0, 1.0, 0.1, 0.01, 0.001)


@dataclass(frozen=True)
class _Spot:
    """What one cell says: two figures, which of them is known to come first, and how close."""

    first: float
    second: float
    order: str | None
    km: float | None = None


def read_points(draft: Draft, area: "BaseGeometry | None") -> None:
    """Fill latitude and longitude of rows that give their point in one cell.

    Parameters
    ----------
    draft : Draft
    area : shapely geometry in EPSG:4326, optional
        Study area, which may decide the order of a pair.

    Raises
    ------
    GeodataError
        ``events.pair_order`` where both orders of a column of pairs fit.
    """
    _read_metres(draft)
    for column in (COORDINATES, LAT_LON, LON_LAT):
        if column in draft.columns.places:
            _fill(draft, column, area)


def _read_metres(draft: Draft) -> None:
    """Accuracy in metres as a radius in km."""
    if PRECISION_M not in draft:
        return
    metres = [number(cell) if cell else None for cell in draft[PRECISION_M]]
    draft[f.PRECISION_KM] = [
        km or ("" if m is None or m < 0 else f"{m / 1000:g}")
        for km, m in zip(draft[f.PRECISION_KM], metres, strict=True)
    ]


def _fill(draft: Draft, column: str, area: "BaseGeometry | None") -> None:
    lat, lon = list(draft[f.LAT]), list(draft[f.LON])
    spots: dict[int, _Spot] = {}
    for place in draft.in_use():
        cell = draft[column][place]
        if not cell or (lat[place] and lon[place]):
            continue
        spot = _spot(cell)
        if spot is None:
            draft.reject(place, column, "events.bad_point")
        else:
            spots[place] = spot
    open_order = {place: spot for place, spot in spots.items() if spot.order is None}
    first = _FIRST_BY_NAME.get(column) or _order(draft, open_order, column, area)
    for place, spot in spots.items():
        lat_first = (spot.order or first) == "lat"
        pair = (spot.first, spot.second) if lat_first else (spot.second, spot.first)
        lat[place], lon[place] = map(repr, pair)
    draft[f.LAT], draft[f.LON] = lat, lon
    _tell_squares(draft, column, spots)


def _tell_squares(draft: Draft, column: str, spots: dict[int, _Spot]) -> None:
    """Radius of points known to a square; a square of 100 km is a region, without a point."""
    precision, radii = list(draft[f.LOCATION_PRECISION]), list(draft[f.PRECISION_KM])
    for place, spot in spots.items():
        if spot.km is None:
            continue
        radii[place] = radii[place] or f"{spot.km:g}"
        if spot.km >= _SQUARE_KM[1]:
            wide = spot.km >= _SQUARE_KM[0]
            precision[place] = LocationPrecision.REGION if wide else LocationPrecision.SEGMENT
            draft.warn(place, column, "events.wide_square", km=f"{spot.km:g}")
    draft[f.LOCATION_PRECISION], draft[f.PRECISION_KM] = precision, radii


def _spot(cell: str) -> _Spot | None:
    """Return the point in a cell, or None."""
    text = plain_digits(cell)
    if match := _WKT.fullmatch(text):
        pair = number(match[1]), number(match[2])
        return None if None in pair else _Spot(pair[0] or 0.0, pair[1] or 0.0, "lon")
    if match := _MGRS.fullmatch(re.sub(r"\s+", "", text).upper()):
        return _square(match[1], match[2])
    parts = text.split()
    if len(parts) in {3, 4} and None not in (plain := [number(part) for part in parts]):
        metres = plain[3] if len(plain) == 4 else None
        return _Spot(plain[0] or 0.0, plain[1] or 0.0, "lat", metres / 1000 if metres else None)
    return _pair(text)


def _pair(text: str) -> _Spot | None:
    """Two figures in a cell; letters for north, south, east and west give their order."""
    text = text.strip("()[] ")
    for between in _BETWEEN:
        parts = re.split(between, text)
        values = [angle(part) for part in parts]
        if len(parts) == 2 and values[0] is not None and values[1] is not None:
            sides = [match[0].upper() if (match := _SIDE.search(part)) else "" for part in parts]
            if sides[0] in {"N", "S"} or sides[1] in {"E", "W", "O"}:
                order: str | None = "lat"
            else:
                order = "lon" if sides[0] or sides[1] else None
            return _Spot(values[0], values[1], order)
    return None


def _square(square: str, digits: str) -> _Spot | None:
    """Return the middle of a square of the Military Grid Reference System."""
    import mgrs

    half = len(digits) // 2
    middle = [
        part + ("5" + "0" * (4 - half) if half < 5 else "")
        for part in (digits[:half], digits[half:])
    ]
    try:
        lat, lon = mgrs.MGRS().toLatLon(square + "".join(middle))
    except mgrs.core.MGRSError:
        return None
    return _Spot(float(lat), float(lon), "lat", _SQUARE_KM[half])


def _order(draft: Draft, spots: dict[int, _Spot], column: str, area: "BaseGeometry | None") -> str:
    """Return which of two figures comes first in a column of bare pairs: ``lat`` or ``lon``."""
    if not spots:
        return "lat"
    lat_first = all(abs(spot.first) <= 90 for spot in spots.values())
    lon_first = all(abs(spot.second) <= 90 for spot in spots.values())
    if lat_first and lon_first and area is not None and not area.is_empty:
        import shapely

        wide = widened(area)
        first = [spot.first for spot in spots.values()]
        second = [spot.second for spot in spots.values()]
        lat_first = bool(shapely.contains_xy(wide, second, first).any())
        lon_first = bool(shapely.contains_xy(wide, first, second).any())
    if lat_first == lon_first:
        place = next(iter(spots))
        raise GeodataError(
            "events.pair_order",
            row=draft.numbers[place],
            value=draft[column][place][:40],
            column=draft.header[draft.columns.places[column]],
        )
    order = "lat" if lat_first else "lon"
    draft.remark(f"events.pair_{order}_first")
    return order
