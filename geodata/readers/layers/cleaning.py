"""A raw layer to good features in degrees, with every change and every loss reported."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
import pyproj
import shapely
from numpy.typing import NDArray
from shapely import GeometryType as G

from geodata import schema as f
from geodata.errors import GeodataError
from geodata.readers.layers.raw import RawLayer
from geodata.readers.limits import Limits
from geodata.readers.report import Problem

TYPES: Final = {
    "towns": (G.POINT, G.MULTIPOINT, G.POLYGON, G.MULTIPOLYGON),
    "roads": (G.LINESTRING, G.MULTILINESTRING, G.LINEARRING),
    "boundary": (G.POLYGON, G.MULTIPOLYGON),
}
# Systems in which Malian data is published without a word: UTM zones and web maps.
_GUESSES: Final = (32628, 32629, 32630, 32631, 3857)
Box = Sequence[float]
"""West, south, east, north in degrees."""


@dataclass(frozen=True)
class CleaningOptions:
    """What the reader is asked for.

    Parameters
    ----------
    kind : str
        ``towns``, ``roads``, ``boundary`` or ``auto``.
    area : box or None
        Where the layer should lie.
    crs : str or None
        Coordinate system to assume where the file declares none that can be read, or is GeoJSON.
    swap : bool
        Whether latitude and longitude are to be exchanged.
    keep_outside : bool
        Whether towns outside the area stay: the caller judges them.
    """

    kind: str = "auto"
    area: Box | None = None
    crs: str | None = None
    swap: bool = False
    keep_outside: bool = False


@dataclass(frozen=True, eq=False)
class CleanLayer:
    """Good features, in EPSG:4326 and two dimensions.

    Parameters
    ----------
    kind : str
        ``towns``, ``roads`` or ``boundary``.
    row : array of int
        Place of each feature in the file, from 1.
    geometry : array of object
        One geometry a row.
    properties : DataFrame
        The other columns, in the same order.
    problems : tuple of Problem
        Remarks made on the way.
    """

    kind: str
    row: NDArray[np.int64]
    geometry: NDArray[np.object_]
    properties: pd.DataFrame
    problems: tuple[Problem, ...]


def clean(raw: RawLayer, options: CleaningOptions, *, limits: Limits) -> CleanLayer:
    """Judge every feature of a layer.

    Raises
    ------
    GeodataError
        If the layer as a whole cannot be used: no features, too many vertices, metres without a
        declared system, latitude and longitude exchanged.
    """
    if not len(raw.geometry):
        raise GeodataError("layer.no_features")
    geometry = raw.geometry.copy()
    if shapely.get_num_coordinates(geometry).sum() > limits.vertices:
        raise GeodataError("layer.vertices", limit=limits.vertices)
    problems: list[Problem] = list(raw.problems)
    _set_aside_empty(geometry, problems)
    if shapely.has_z(geometry).any():
        problems.append(Problem.for_file("info", "layer.three_d"))
        geometry = shapely.force_2d(geometry)
    geometry = _within_180(geometry, raw, options, problems)
    geometry = _in_degrees(geometry, raw, options, problems)
    geometry = _in_order(geometry, options, problems)
    kind = _kind(geometry, options.kind)
    _set_aside_types(geometry, kind, _beside_roads(geometry, kind, raw.properties), problems)
    geometry = _repaired(geometry, kind, problems)
    if not options.keep_outside:
        _judge_place(geometry, kind, options.area, problems)
    good = ~shapely.is_missing(geometry)
    return CleanLayer(
        kind,
        np.flatnonzero(good) + 1,
        geometry[good],
        raw.properties[good].reset_index(drop=True),
        tuple(problems),
    )


def _drop(
    geometry: NDArray[np.object_], bad: NDArray[np.bool_], key: str, problems: list[Problem]
) -> None:
    for place in np.flatnonzero(bad):
        problems.append(Problem.for_row(int(place) + 1, "error", key))
    geometry[bad] = None


def _set_aside_empty(geometry: NDArray[np.object_], problems: list[Problem]) -> None:
    _drop(geometry, shapely.is_empty(geometry), "layer.empty_geometry", problems)
    xy, owner = shapely.get_coordinates(geometry, return_index=True)
    bad = np.zeros(len(geometry), bool)
    bad[owner[~np.isfinite(xy).all(axis=1)]] = True
    _drop(geometry, bad, "layer.bad_coordinates", problems)


def _within_180(
    geometry: NDArray[np.object_], raw: RawLayer, options: CleaningOptions, problems: list[Problem]
) -> NDArray[np.object_]:
    """Longitudes counted from 0 to 360, as climate models and some Pacific maps do, from -180."""
    xy = shapely.get_coordinates(geometry)
    degrees = (raw.crs is None or raw.crs.is_geographic) and not (options.crs or options.swap)
    if not degrees or not len(xy) or np.abs(xy[:, 1]).max() > 90:
        return geometry
    west, east = xy[:, 0].min(), xy[:, 0].max()
    if not (west >= -180 and 180 < east <= 360):
        return geometry
    problems.append(Problem.for_file("warning", "layer.beyond_180"))
    return shapely.transform(
        geometry,
        lambda xy: np.column_stack((np.where(xy[:, 0] > 180, xy[:, 0] - 360, xy[:, 0]), xy[:, 1])),
    )


def _in_degrees(
    geometry: NDArray[np.object_], raw: RawLayer, options: CleaningOptions, problems: list[Problem]
) -> NDArray[np.object_]:
    crs = raw.crs
    if crs is None or (raw.crs_by_format and options.crs):
        crs = _assumed(geometry, raw, options, problems)
    elif not _plausible(geometry) and crs.is_geographic:
        raise GeodataError("layer.metres", found=_example(geometry), hint=_hint(geometry, options))
    if crs.to_epsg() != 4326:
        there = pyproj.Transformer.from_crs(crs, f.CRS, always_xy=True)
        geometry = shapely.transform(
            geometry, lambda xy: np.column_stack(there.transform(xy[:, 0], xy[:, 1]))
        )
        params = {"crs": crs.name}
        problems.append(Problem.for_file("info", "layer.reprojected", **params))
        _set_aside_empty(geometry, problems)
    return geometry


def _assumed(
    geometry: NDArray[np.object_], raw: RawLayer, options: CleaningOptions, problems: list[Problem]
) -> pyproj.CRS:
    if options.crs:
        try:
            authority, _, code = options.crs.strip().upper().rpartition(":")
            crs = pyproj.CRS.from_authority(authority or "EPSG", int(code))
        except (pyproj.exceptions.CRSError, ValueError) as error:
            raise GeodataError("layer.crs_unknown", crs=options.crs[:60]) from error
        params = {"crs": crs.name}
        problems.append(Problem.for_file("warning", "layer.crs_as_asked", **params))
        return crs
    if not _plausible(geometry):
        raise GeodataError("layer.metres", found=_example(geometry), hint=_hint(geometry, options))
    if not raw.crs_by_format:
        problems.append(Problem.for_file("warning", "layer.crs_assumed"))
    return pyproj.CRS.from_epsg(4326)


def _plausible(geometry: NDArray[np.object_]) -> bool:
    """Return whether most features can be degrees, in either order."""
    middle = np.abs(_middles(geometry))
    fits = (middle.max(axis=1) <= 180) & (middle.min(axis=1) <= 90)
    return not len(fits) or bool(fits.mean() >= 0.5)


def _middles(geometry: NDArray[np.object_]) -> NDArray[np.float64]:
    boxes = shapely.bounds(geometry[~shapely.is_missing(geometry)])
    return (boxes[:, :2] + boxes[:, 2:]) / 2


def _example(geometry: NDArray[np.object_]) -> str:
    x, y = _middles(geometry)[0]
    return f"{x:.0f}, {y:.0f}"


def _hint(geometry: NDArray[np.object_], options: CleaningOptions) -> str:
    """Return the codes of systems that would put most of the layer into the area."""
    if options.area is None:
        return "EPSG:326.., EPSG:3857"
    middle = _middles(geometry)
    fits = []
    for code in _GUESSES:
        there = pyproj.Transformer.from_crs(code, 4326, always_xy=True)
        if _inside(np.column_stack(there.transform(*middle.T)), options.area).mean() >= 0.5:
            fits.append(f"EPSG:{code}")
    return ", ".join(fits) or "EPSG:326.., EPSG:3857"


def _inside(xy: NDArray[np.float64], area: Box) -> NDArray[np.bool_]:
    west, south, east, north = area
    x, y = xy.T
    inside: NDArray[np.bool_] = (x >= west) & (x <= east) & (y >= south) & (y <= north)
    return inside


def _in_order(
    geometry: NDArray[np.object_], options: CleaningOptions, problems: list[Problem]
) -> NDArray[np.object_]:
    """Return longitude first: exchanged where asked, refused where it should have been asked."""
    if options.swap:
        problems.append(Problem.for_file("warning", "layer.swapped_back"))
        geometry = shapely.transform(geometry, lambda xy: xy[:, ::-1])
    middle = _middles(geometry)
    possible = np.abs(middle[:, 1]) <= 90
    if len(middle) and not options.swap:
        turned = middle[:, ::-1]
        by_range = possible.mean() < 0.5
        by_area = (
            options.area is not None
            and _inside(middle, options.area).mean() < 0.5
            and _inside(turned, options.area).mean() >= 0.5
        )
        if by_range or by_area:
            raise GeodataError("layer.swapped")
    boxes = shapely.bounds(geometry)
    with np.errstate(invalid="ignore"):
        limit = np.array([180.0, 90.0, 180.0, 90.0])
        bad = np.asarray((np.abs(boxes) > limit).any(axis=1), bool)
    _drop(geometry, bad, "layer.out_of_range", problems)
    return geometry


def _kind(geometry: NDArray[np.object_], wanted: str) -> str:
    if wanted != "auto":
        return wanted
    types = shapely.get_type_id(geometry)
    counts = {kind: int(np.isin(types, TYPES[kind]).sum()) for kind in ("roads", "boundary")}
    counts["towns"] = int(np.isin(types, (G.POINT, G.MULTIPOINT)).sum())
    return max(("towns", "roads", "boundary"), key=lambda kind: counts[kind])


def _beside_roads(
    geometry: NDArray[np.object_], kind: str, properties: pd.DataFrame
) -> NDArray[np.bool_]:
    """Return which features beside roads are kept: barriers (points), ferry terminals (areas)."""
    column = {str(name).lower(): name for name in properties.columns}
    wanted = np.zeros(len(geometry), bool)
    if kind != "roads":
        return wanted
    types = shapely.get_type_id(geometry)
    if "barrier" in column:
        wanted |= (types == G.POINT) & properties[column["barrier"]].notna().to_numpy()
    if "amenity" in column:
        terminal = properties[column["amenity"]].astype(str).str.lower() == "ferry_terminal"
        wanted |= np.isin(types, TYPES["boundary"]) & terminal.to_numpy(bool)
    return wanted


def _set_aside_types(
    geometry: NDArray[np.object_], kind: str, also: NDArray[np.bool_], problems: list[Problem]
) -> None:
    fit = np.isin(shapely.get_type_id(geometry), TYPES[kind]) | also
    wrong = ~fit & ~shapely.is_missing(geometry)
    _drop(geometry, wrong, f"layer.not_{kind}", problems)


def _repaired(
    geometry: NDArray[np.object_], kind: str, problems: list[Problem]
) -> NDArray[np.object_]:
    if kind == "towns":
        return _points(geometry, problems)
    if kind == "roads":
        line = shapely.get_type_id(geometry) != G.POINT
        _drop(geometry, line & (shapely.length(geometry) == 0), "layer.zero_length", problems)
        return geometry
    invalid = ~shapely.is_valid(geometry) & ~shapely.is_missing(geometry)
    for place in np.flatnonzero(invalid):
        whole = shapely.make_valid(geometry[place], method="structure", keep_collapsed=False)
        params = {
            "why": shapely.is_valid_reason(geometry[place]).split("[")[0].lower(),
            "before": f"{_km2(geometry[place]):,.0f}",
            "after": f"{_km2(whole):,.0f}",
        }
        row = int(place) + 1
        if shapely.area(whole) == 0:
            problems.append(Problem.for_row(row, "error", "layer.no_area"))
            whole = None
        else:
            problems.append(Problem.for_row(row, "warning", "layer.repaired", **params))
        geometry[place] = whole
    return geometry


def _km2(polygon: shapely.Geometry) -> float:
    area, _ = pyproj.Geod(ellps="WGS84").geometry_area_perimeter(polygon)
    return float(abs(area)) / 1e6


def _points(geometry: NDArray[np.object_], problems: list[Problem]) -> NDArray[np.object_]:
    """Return the towns given as areas or several points become one point, with a word on it."""
    other = (shapely.get_type_id(geometry) != G.POINT) & ~shapely.is_missing(geometry)
    for place in np.flatnonzero(other):
        single = shapely.get_num_geometries(geometry[place]) == 1
        if not single or shapely.get_dimensions(geometry[place]) == 2:
            problems.append(Problem.for_row(int(place) + 1, "warning", "layer.made_point"))
        geometry[place] = shapely.point_on_surface(geometry[place])
    return geometry


def _judge_place(
    geometry: NDArray[np.object_], kind: str, area: Box | None, problems: list[Problem]
) -> None:
    """Reject towns at 0,0 or outside the area; warn once of roads that lie elsewhere."""
    there = ~shapely.is_missing(geometry)
    if not there.any():
        return
    middle = np.full((len(geometry), 2), np.nan)
    middle[there] = _middles(geometry)
    if kind == "towns":
        null = there & (np.abs(middle) < 1e-6).all(axis=1)
        _drop(geometry, null, "layer.null_island", problems)
        there &= ~null
    if area is None:
        return
    outside = there & ~_inside(middle, area)
    box = ", ".join(f"{side:.1f}" for side in area)
    if kind == "towns":
        for place in np.flatnonzero(outside):
            position = f"{middle[place, 1]:.4f}, {middle[place, 0]:.4f}"
            problems.append(
                Problem(
                    int(place) + 1,
                    None,
                    position,
                    "error",
                    "layer.outside",
                    {"found": position, "area": box},
                )
            )
        geometry[outside] = None
    elif outside.sum() > there.sum() / 2:
        params = {"n": int(outside.sum()), "area": box}
        problems.append(Problem.for_file("warning", "layer.elsewhere", **params))
