"""How a selection of segments is written in a link: short, and read back exactly.

``road/RN6``, ``corridor/Gao-Kidal``, ``circle/-4.2,14.5,30`` (longitude, latitude, km) and
``area/…``: the rings of the polygons in steps of 0.0001 degrees, each the difference to the one
before, as variable-length whole numbers in base64 for addresses.
"""

import base64
import re
from collections.abc import Iterator
from typing import Final

import numpy as np
import shapely

from geodata.errors import GeodataError
from geodata.network.selection import Area, Circle, CorridorName, RoadNumber, Selection
from geodata.sharing.encoding import decimal, decimal_text

MAX_CODE: Final = 12_000
"""Characters of the longest selection that is read."""
_STEPS: Final = 10_000
_MAX_BITS: Final = 40


def selection_code(selection: Selection) -> str:
    """Return a selection as a link writes it; `read_selection` reads it."""
    match selection:
        case RoadNumber(number):
            return f"road/{number}"
        case CorridorName(name):
            return f"corridor/{name}"
        case Circle(lon, lat, km):
            return f"circle/{','.join(decimal_text(each) for each in (lon, lat, km))}"
        case Area(shape):
            return f"area/{_packed(shape)}"


def read_selection(code: str) -> Selection | None:
    """Return the selection that a link holds; None if it cannot be used. Never raises."""
    kind, _, value = code.partition("/")
    if not value or len(code) > MAX_CODE or not value.isprintable():
        return None
    try:
        if kind == "road":
            return RoadNumber(value)
        if kind == "corridor":
            return CorridorName(value)
        if kind == "circle":
            return _circle(value)
        return _area(value) if kind == "area" else None
    except (GeodataError, ValueError, shapely.GEOSException):
        return None


def _circle(value: str) -> Circle | None:
    numbers = [decimal(part) for part in value.split(",")]
    if len(numbers) != 3 or None in numbers:
        return None
    lon, lat, km = (float(number) for number in numbers if number is not None)
    return Circle(lon, lat, km)


def _packed(shape: shapely.Polygon | shapely.MultiPolygon) -> str:
    """Polygons as numbers: rings of each polygon, points of each ring, then the differences."""
    numbers: list[int] = []
    last = np.zeros(2, dtype=np.int64)
    for polygon in shapely.get_parts(shape):
        rings = [polygon.exterior, *polygon.interiors]
        numbers.append(len(rings))
        for ring in rings:
            # A ring ends where it begins, so its last point need not be repeated.
            points = np.rint(shapely.get_coordinates(ring)[:-1] * _STEPS).astype(np.int64)
            steps = np.diff(np.vstack([last, points]), axis=0)
            numbers += [len(points), *(_unsigned(int(step)) for step in steps.ravel())]
            last = points[-1]
    return base64.urlsafe_b64encode(_bytes(numbers)).decode().rstrip("=")


def _area(value: str) -> Area | None:
    if not re.fullmatch(r"[A-Za-z0-9_-]+", value, re.ASCII):
        return None
    numbers = list(_numbers(base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))))
    polygons: list[shapely.Polygon] = []
    last = np.zeros(2, dtype=np.int64)
    place = 0
    while place < len(numbers):
        rings, place = [], place + 1
        for _ in range(numbers[place - 1]):
            if place >= len(numbers) or not 3 <= numbers[place] <= len(numbers):
                return None
            stop = place + 1 + 2 * numbers[place]
            if stop > len(numbers):
                return None
            steps = np.array([_signed(each) for each in numbers[place + 1 : stop]], dtype=np.int64)
            points = last + np.cumsum(steps.reshape(-1, 2), axis=0)
            rings.append(np.round(points / _STEPS, 4))
            last, place = points[-1], stop
        if not rings:
            return None
        polygons.append(shapely.Polygon(rings[0], rings[1:]))
    return Area(polygons[0] if len(polygons) == 1 else shapely.MultiPolygon(polygons))


def _unsigned(value: int) -> int:
    """Return the small numbers of either sign as small numbers: 0, -1, 1, -2 become 0, 1, 2, 3."""
    return value << 1 if value >= 0 else (-value << 1) - 1


def _signed(value: int) -> int:
    return -(value + 1 >> 1) if value & 1 else value >> 1


def _bytes(numbers: list[int]) -> bytes:
    """Seven bits a byte, the lowest first; the high bit says that more follow."""
    written = bytearray()
    for number in numbers:
        while number > 127:
            written.append(number & 127 | 128)
            number >>= 7
        written.append(number)
    return bytes(written)


def _numbers(content: bytes) -> Iterator[int]:
    number = bits = 0
    for byte in content:
        number |= (byte & 127) << bits
        bits += 7
        if bits > _MAX_BITS:
            raise ValueError("a number is too long")
        if not byte & 128:
            yield number
            number = bits = 0
    if bits:
        raise ValueError("the last number is cut off")
