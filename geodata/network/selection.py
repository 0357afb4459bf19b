"""Parts of a network that a blockade cuts: a road number, a corridor, a circle, a drawn area.

A `Selection` names such a part, whatever the network; `geodata.analysis.cuts` says what it means
on a data set and what cutting it would do.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import numpy as np
import pandas as pd
import pyproj
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geodata import schema as f
from geodata.errors import GeodataError
from geodata.network.model import Network

DECIMALS: Final = 4
"""Decimals of an area's coordinates in degrees, about 11 m: a link keeps no more."""
MAX_KM: Final = 2_000.0
MAX_POINTS: Final = 1_000
"""Points of a drawn area; more are no drawing by hand and would not fit a link."""
STEP_DEGREES: Final = 0.02
"""Longest straight piece of a segment that a circle is compared with."""
KM_PER_DEGREE: Final = 110.0
"""Less than the shortest degree of latitude (110.57 km): boxes made with it are never short."""
_NUMBER: Final = re.compile(r"([A-Z]*)0*(\d+)([A-Z]?)")


@dataclass(frozen=True)
class RoadNumber:
    """All segments that have a road number, such as ``RN6``, ``N6`` or ``6``."""

    number: str

    def __post_init__(self) -> None:
        if _designation(self.number) is None:
            raise GeodataError("core.bad_road_number", number=self.number)


@dataclass(frozen=True)
class CorridorName:
    """All segments of a corridor of the events."""

    name: str


@dataclass(frozen=True)
class Circle:
    """All segments within a distance of a point, WGS84 degrees and km on the ellipsoid."""

    lon: float
    lat: float
    km: float

    def __post_init__(self) -> None:
        lon, lat, km = (round(float(v), DECIMALS) for v in (self.lon, self.lat, self.km))
        if not (abs(lon) <= 180 and abs(lat) <= 90 and 0 < km <= MAX_KM):
            raise GeodataError("core.bad_circle", limit=f"{MAX_KM:.0f}")
        for name, value in (("lon", lon), ("lat", lat), ("km", km)):
            object.__setattr__(self, name, value)


@dataclass(frozen=True)
class Area:
    """All segments inside a polygon, or crossing its edge; EPSG:4326, rounded to 4 decimals."""

    shape: shapely.Polygon | shapely.MultiPolygon

    def __post_init__(self) -> None:
        object.__setattr__(self, "shape", _checked_shape(self.shape))


Selection: TypeAlias = RoadNumber | CorridorName | Circle | Area


@dataclass(frozen=True)
class Selected:
    """Segments that a selection names.

    Parameters
    ----------
    segment_ids : tuple of str
        Sorted.
    unsure : tuple of str
        Those of them whose road number the network itself doubts (``RN24?``).
    abroad : tuple of str
        Segments of the same number in other countries, which are not selected.
    """

    segment_ids: tuple[str, ...]
    unsure: tuple[str, ...] = ()
    abroad: tuple[str, ...] = ()


def segments_near(network: Network, selection: Circle | Area) -> Selected:
    """Return the segments that come within a circle, or that lie in an area or cross its edge."""
    if isinstance(selection, Circle):
        return Selected(_ids(network, np.flatnonzero(_near(network, selection))))
    shapely.prepare(selection.shape)
    lines = network.segments.geometry.to_numpy()
    return Selected(_ids(network, np.flatnonzero(shapely.intersects(selection.shape, lines))))


def road_segments(network: Network, number: str) -> Selected:
    """Return the segments that have a road number.

    Road numbers belong to countries: Mali's RN6 is not Guinea's N6. The number as written is
    looked for in the focus country first, then its other spellings there (RN6, N6, 6), then the
    same spellings anywhere. A segment with several numbers (``RN6/RN7``) bears each of them. A
    segment across the border bears the numbers of both sides.

    Raises
    ------
    GeodataError
        If `number` holds no road number.
    """
    wanted = _designation(number)
    if wanted is None:
        raise GeodataError("core.bad_road_number", number=number)
    bearing = _bearing(network)
    inside, touching = _in_focus(network)
    letters, digits = wanted
    spellings = dict.fromkeys([letters, *(("RN", "N", "") if letters in {"RN", "N", ""} else ())])
    for mask, chosen in ((inside, touching), (np.ones_like(inside),) * 2):
        for spelling in spellings:
            rows = bearing.get((spelling, digits), {})
            if any(mask[row] for row in rows):
                here = {row: unsure for row, unsure in rows.items() if chosen[row]}
                return Selected(
                    _ids(network, here),
                    _ids(network, (row for row, unsure in here.items() if unsure)),
                    _ids(network, (row for row in rows if not chosen[row])),
                )
    return Selected(())


def road_numbers(network: Network) -> tuple[str, ...]:
    """Return road numbers that the network's segments bear, as far as they are known, sorted."""
    numbers = sorted(
        _bearing(network), key=lambda pair: (pair[0] != "RN", pair[0], len(pair[1]), pair[1])
    )
    return tuple(letters + digits for letters, digits in numbers)


def area(geojson: Any) -> Area:
    """Return the area of a GeoJSON polygon: a geometry, a feature, or a collection of features.

    Parameters
    ----------
    geojson : dict
        As `json.loads` gives it, longitude before latitude, in EPSG:4326.

    Raises
    ------
    GeodataError
        If it holds no polygon, or anything else beside polygons.
    """
    shapes = [_polygon(geometry) for geometry in _geometries(geojson)]
    if not shapes:
        raise GeodataError("core.no_polygon")
    return Area(shapely.union_all(shapes))  # type: ignore[arg-type]  # checked by Area itself


def _geometries(value: Any) -> list[Any]:
    if not isinstance(value, dict):
        raise GeodataError("core.no_polygon")
    if value.get("type") == "FeatureCollection" and isinstance(value.get("features"), list):
        return [geometry for feature in value["features"] for geometry in _geometries(feature)]
    return [value.get("geometry")] if value.get("type") == "Feature" else [value]


def _polygon(value: Any) -> BaseGeometry:
    try:
        shape = shapely.geometry.shape(value)
    except (AttributeError, KeyError, TypeError, ValueError, shapely.GEOSException) as error:
        raise GeodataError("core.no_polygon") from error
    if not isinstance(shape, shapely.Polygon | shapely.MultiPolygon):
        raise GeodataError("core.no_polygon")
    return shapely.make_valid(shape)


def _checked_shape(shape: BaseGeometry) -> BaseGeometry:
    """The area with rounded coordinates, valid, in a form that does not depend on its drawing.

    A crossed-over drawing becomes the areas that its line encloses.
    """
    points = shapely.get_coordinates(shape)
    if not len(points) or not np.isfinite(points).all():
        raise GeodataError("core.no_polygon")
    if (np.abs(points) > (180, 90)).any():
        raise GeodataError("core.area_not_degrees")
    if len(points) > MAX_POINTS:
        raise GeodataError("core.area_too_detailed", limit=MAX_POINTS)
    rounded = shapely.transform(shape, lambda xy: np.round(xy, DECIMALS))
    if not rounded.is_valid:
        rounded = _snapped(shapely.make_valid(rounded))
    if rounded.is_empty or not isinstance(rounded, shapely.Polygon | shapely.MultiPolygon):
        raise GeodataError("core.no_polygon")
    return shapely.normalize(rounded)


def _snapped(shape: BaseGeometry) -> BaseGeometry:
    """Return only the polygons of a shape, on the grid of rounded coordinates, still valid."""
    parts = [p for p in shapely.get_parts(shape) if isinstance(p, shapely.Polygon)]
    parts += [
        q
        for p in shapely.get_parts(shape)
        for q in shapely.get_parts(p)
        if isinstance(p, shapely.MultiPolygon)
    ]
    grid = shapely.set_precision(shapely.union_all(parts), 10.0**-DECIMALS)
    return shapely.transform(grid, lambda xy: np.round(xy, DECIMALS))


def _near(network: Network, circle: Circle) -> NDArray[np.bool_]:
    """Return which segments come within the circle.

    Distances are taken in an azimuthal equidistant projection about the centre on the WGS84
    ellipsoid, in which every distance from the centre is true.
    """
    lines = network.segments.geometry.to_numpy()
    reach = circle.km / KM_PER_DEGREE
    widest = min(abs(circle.lat) + reach, 89.0)
    wide = reach / np.cos(np.radians(widest))
    box = shapely.box(circle.lon - wide, circle.lat - reach, circle.lon + wide, circle.lat + reach)
    rows = np.flatnonzero(shapely.intersects(box, lines))
    plane = pyproj.CRS.from_proj4(
        f"+proj=aeqd +lat_0={circle.lat} +lon_0={circle.lon} +datum=WGS84 +units=m"
    )
    project = pyproj.Transformer.from_crs(f.CRS, plane, always_xy=True).transform
    pieces = shapely.segmentize(lines[rows], STEP_DEGREES)
    drawn = shapely.transform(pieces, lambda xy: np.column_stack(project(xy[:, 0], xy[:, 1])))
    inside = np.zeros(len(lines), dtype=bool)
    inside[rows] = shapely.dwithin(drawn, shapely.Point(0, 0), circle.km * 1000)
    return inside


def _bearing(network: Network) -> dict[tuple[str, str], dict[int, bool]]:
    """For each road number the rows of its segments, and whether the number is unsure there."""
    sides: dict[tuple[str, str], dict[int, bool]] = {}
    if f.ROAD_REF not in network.segments:
        return sides
    cell_of, cells = pd.factorize(network.segments[f.ROAD_REF].to_numpy(object))
    borne = [_numbers(cell) for cell in cells]
    # Most segments of a large network bear no number.
    for row in np.flatnonzero(np.array([*map(bool, borne), False])[cell_of]).tolist():
        for number, unsure in borne[cell_of[row]]:
            sides.setdefault(number, {})[row] = unsure
    return sides


def _numbers(cell: object) -> list[tuple[tuple[str, str], bool]]:
    """Return the road numbers of a cell, each with whether it is unsure."""
    parts = re.split(r"[/;,]", cell) if isinstance(cell, str) else []
    numbers = [(_designation(part), "?" in part) for part in parts]
    return [(number, unsure) for number, unsure in numbers if number is not None]


def _designation(text: str) -> tuple[str, str] | None:
    """Return letters and digits of a road number: ``RN6``, ``R.N. 6`` and ``Route nationale 6``."""
    plain = re.sub(r"\(.*?\)", "", text.upper()).replace("ROUTE NATIONALE", "RN")
    match = _NUMBER.fullmatch(re.sub(r"[\s.?\-–_°]", "", plain))
    return (match[1], match[2] + match[3]) if match else None


def _in_focus(network: Network) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return the segments that lie wholly in the focus country, and those that touch it."""
    if network.focus_country is None:
        everywhere = np.ones(len(network.segment_ids), dtype=bool)
        return everywhere, everywhere
    home = (network.nodes[f.COUNTRY] == network.focus_country).to_numpy(bool)
    tail, head = home[network.tail], home[network.head]
    return tail & head, tail | head


def _ids(network: Network, rows: Iterable[int]) -> tuple[str, ...]:
    return tuple(network.segment_ids[row] for row in sorted(int(number) for number in rows))
