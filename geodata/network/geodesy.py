"""Distances on the Earth, and which points lie near each other."""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

NEAR_KM: Final = 5.0
"""Two events of one type on one day closer than this may be one event reported twice."""
SPOTS_COMPARED: Final = 64
"""Places of one square that spots of other squares are compared with."""
_SQUARE: Final = 0.0315
"""Side of a square in degrees of latitude: its diagonal is 4.95 km."""
_EARTH_KM: Final = 6371.0088


def near_pairs(
    spots: Iterable[tuple[str, float, float]],
) -> Iterator[tuple[int, int, float]]:
    """Yield each spot that lies within 5 km of an earlier one of the same kind.

    Spots are sorted into squares so small that any two in one square are within 5 km, and of
    each square only the first `SPOTS_COMPARED` places are compared with spots in other squares:
    the time grows with the number of spots, not with its square.

    Parameters
    ----------
    spots : iterable of (str, float, float)
        Kind, latitude and longitude.

    Yields
    ------
    int, int, float
        Place of the spot, of one earlier spot near it, and their distance in km.
    """
    squares: dict[tuple[str, int, int], dict[tuple[float, float], int]] = defaultdict(dict)
    for place, (kind, lat, lon) in enumerate(spots):
        row = math.floor(lat / _SQUARE)
        column = math.floor(lon * _narrowing(row) / _SQUARE)
        here = squares[kind, row, column]
        for others in (here, *_around(squares, kind, lon, row, column)):
            pair = next(_near(lat, lon, others), None)
            if pair:
                yield place, *pair
                break
        if len(here) < SPOTS_COMPARED:
            here.setdefault((lat, lon), place)


def _around(
    squares: Mapping[tuple[str, int, int], dict[tuple[float, float], int]],
    kind: str,
    lon: float,
    row: int,
    column: int,
) -> Iterator[dict[tuple[float, float], int]]:
    """Yield the squares within two squares of one, where there are any."""
    for down in (-2, -1, 0, 1, 2):
        middle = math.floor(lon * _narrowing(row + down) / _SQUARE) if down else column
        for right in (-2, -1, 0, 1, 2):
            others = squares.get((kind, row + down, middle + right))
            if others and (down or right):
                yield others


def _near(
    lat: float, lon: float, others: Mapping[tuple[float, float], int]
) -> Iterator[tuple[int, float]]:
    for (other_lat, other_lon), other in others.items():
        km = distance_km(lat, lon, other_lat, other_lon)
        if km <= NEAR_KM:
            yield other, km


def _narrowing(row: int) -> float:
    """How much shorter a degree of longitude is than one of latitude, where a row is widest."""
    lat = min(abs(row), abs(row + 1)) * _SQUARE
    return max(math.cos(math.radians(lat)), 0.01)


def distance_km(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Return the great-circle distance in km (haversine formula, mean radius of the Earth)."""
    north, other_north = math.radians(lat), math.radians(other_lat)
    half_lat = math.sin((other_north - north) / 2) ** 2
    half_lon = math.sin(math.radians(other_lon - lon) / 2) ** 2
    chord = half_lat + math.cos(north) * math.cos(other_north) * half_lon
    return 2 * _EARTH_KM * math.asin(min(1.0, math.sqrt(chord)))


def distances_km(
    lat: ArrayLike, lon: ArrayLike, other_lat: ArrayLike, other_lon: ArrayLike
) -> NDArray[np.float64]:
    """Return what `distance_km` gives, for arrays of degrees that broadcast together.

    Examples
    --------
    >>> distances_km(12.65, -8.0, [12.65, 16.27], [-8.0, -0.04]).round(1).tolist()
    [0.0, 946.7]
    """
    north, east, other_north, other_east = (
        np.radians(np.asarray(degrees, dtype=np.float64))
        for degrees in (lat, lon, other_lat, other_lon)
    )
    across = np.cos(north) * np.cos(other_north) * np.sin((other_east - east) / 2) ** 2
    chord = np.sin((other_north - north) / 2) ** 2 + across
    return np.asarray(2 * _EARTH_KM * np.arcsin(np.minimum(1.0, np.sqrt(chord))))
