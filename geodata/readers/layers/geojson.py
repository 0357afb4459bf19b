"""GeoJSON (RFC 7946) read as JSON and nothing else: no driver, no link followed.

What is odd but honest is taken and said: a byte-order mark, UTF-16 or Windows text, a ``crs``
member of the 2008 form, repeated keys, NaN, features without geometry.
"""

import json
import re
from collections import Counter
from typing import Any, Final

import numpy as np
import pandas as pd
import pyproj
import shapely
from numpy.typing import NDArray

from geodata.errors import GeodataError
from geodata.readers.layers import osm
from geodata.readers.layers.raw import RawLayer
from geodata.readers.limits import Limits
from geodata.readers.report import Problem

_STRING: Final = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_CRS_NAME: Final = re.compile(
    r"(?:urn:(?:x-)?ogc:def:crs:|https?://www\.opengis\.net/def/crs/)?"
    r"(EPSG|OGC|ESRI|CRS)[:/](?:[\d.]*[:/])?(\w+)/?",
    re.IGNORECASE,
)
_DEGREES: Final = re.compile(r"(gcs[ _-]?)?(wgs[ _-]?(19)?84|crs[ _-]?84)", re.IGNORECASE)
_GEOMETRIES: Final = frozenset(
    {"Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon",
     "GeometryCollection"}
)  # fmt: skip
_REPEATED: Final = ("repeated keys",)  # a tuple: no key of JSON can be equal to it


def parse(data: bytes, *, limits: Limits, crs: str | None = None) -> RawLayer:
    """Return the features of a GeoJSON text, in one piece or a feature a line.

    Parameters
    ----------
    data : bytes
        UTF-8, with or without a byte-order mark; UTF-16 with one; else Windows-1252 with a
        warning.
    limits : Limits
        Nesting and count of features.
    crs : str, optional
        System the caller names: what the file declares is not read.

    Raises
    ------
    GeodataError
        If it is no GeoJSON, nests too deep or has too many or no features.
    """
    problems: list[Problem] = []
    text = _decoded(data, problems)
    tree = _tree(text, limits, problems)
    if osm.is_overpass(tree):
        return osm.overpass(tree, limits, tuple(problems))
    features = _features(tree, problems)
    if len(features) > limits.features:
        raise GeodataError("layer.features", features=len(features), limit=limits.features)
    declared = pyproj.CRS.from_epsg(4326) if crs else _crs(tree, problems)
    geometry, properties = _rows(features, problems)
    return RawLayer("GeoJSON", "", geometry, properties, declared, True, tuple(problems))


def _decoded(data: bytes, problems: list[Problem]) -> str:
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        problems.append(Problem.for_file("warning", "layer.encoding", encoding="Windows-1252"))
        return data.decode("cp1252", errors="replace")


def _tree(text: str, limits: Limits, problems: list[Problem]) -> Any:
    _check_nesting(text, limits.nesting)
    try:
        return json.loads(text, object_pairs_hook=_with_repeats)
    except (ValueError, RecursionError) as error:
        if features := _by_line(text, limits):
            problems.append(Problem.for_file("info", "layer.by_line"))
            return {"type": "FeatureCollection", "features": features}
        raise GeodataError("layer.not_geojson") from error


def _by_line(text: str, limits: Limits) -> list[Any]:
    """Return features of GeoJSON text sequences (RFC 8142) or one a line; none if it is neither.

    A line that is broken keeps its place, so that it is remarked on; half of them must be whole.
    """
    lines = [line.strip("\x1e \t\r") for line in text.split("\n")]
    features: list[Any] = []
    for line in filter(None, lines):
        if len(features) > limits.features:
            break
        try:
            features.append(json.loads(line, object_pairs_hook=_with_repeats))
        except (ValueError, RecursionError):
            features.append(None)
    whole = sum(
        isinstance(feature, dict) and feature.get("type") == "Feature" for feature in features
    )
    return features if whole > 1 and 2 * whole >= len(features) else []


def _check_nesting(text: str, limit: int) -> None:
    """Measure the depth before the parser recurses into it."""
    code = np.frombuffer(_STRING.sub("", text).encode("ascii", "replace"), np.uint8)
    opened = np.isin(code, (ord("["), ord("{"))).astype(np.int32)
    depth = np.cumsum(opened - np.isin(code, (ord("]"), ord("}"))))
    if depth.size and depth.max() > limit:
        raise GeodataError("layer.nesting", depth=int(depth.max()), limit=limit)


def _with_repeats(pairs: list[tuple[str, Any]]) -> dict[Any, Any]:
    """Build a JSON object that remembers which of its keys were written twice."""
    members: dict[Any, Any] = dict(pairs)
    if len(members) != len(pairs):
        counts = Counter(key for key, _ in pairs)
        members[_REPEATED] = sorted(key for key, count in counts.items() if count > 1)[:5]
    return members


def _features(tree: Any, problems: list[Problem]) -> list[Any]:
    if not isinstance(tree, dict):
        raise GeodataError("layer.not_geojson")
    if repeated := tree.get(_REPEATED):
        if "features" in repeated:
            raise GeodataError("layer.features_twice")
        _warn_repeated(None, repeated, tree, problems)
    kind = tree.get("type")
    if kind == "FeatureCollection" and isinstance(tree.get("features"), list):
        if not tree["features"]:
            raise GeodataError("layer.no_features")
        return list(tree["features"])
    if kind == "Feature":
        return [tree]
    if isinstance(kind, str) and kind in _GEOMETRIES:
        return [{"type": "Feature", "properties": {}, "geometry": tree}]
    raise GeodataError("layer.not_geojson")


def _crs(tree: dict[Any, Any], problems: list[Problem]) -> pyproj.CRS:
    """Read the ``crs`` member, which RFC 7946 has dropped but QGIS still writes."""
    degrees = pyproj.CRS.from_epsg(4326)
    crs = tree.get("crs")
    if crs is None:
        return degrees
    if isinstance(crs, dict) and crs.get("type") == "link":
        problems.append(Problem(None, "crs", None, "warning", "layer.crs_link"))
        return degrees
    return _named(_crs_name(crs))


def _crs_name(crs: Any) -> str:
    """Return name in a ``crs`` member as the 2008 form, its drafts and some programs write it."""
    properties = crs.get("properties") if isinstance(crs, dict) else None
    if not isinstance(properties, dict):
        return str(crs)
    code = properties.get("code")
    return str(properties.get("name") if code is None else f"{crs.get('type')}:{code}")


def _named(name: str) -> pyproj.CRS:
    match = _CRS_NAME.fullmatch(name.strip())
    if _DEGREES.fullmatch(name.strip()) or (match and _DEGREES.fullmatch(match[2])):
        return pyproj.CRS.from_epsg(4326)
    for authority in (match[1].upper(), "ESRI") if match else ():
        try:
            return pyproj.CRS.from_authority(authority, match[2] if match else "")
        except (pyproj.exceptions.CRSError, ValueError):
            continue
    raise GeodataError("layer.crs_unknown", crs=name[:60])


def _rows(features: list[Any], problems: list[Problem]) -> tuple[NDArray[np.object_], pd.DataFrame]:
    geometry = np.full(len(features), None, object)
    records: list[dict[str, Any]] = []
    for place, feature in enumerate(features):
        row = place + 1
        record: dict[str, Any] = {}
        records.append(record)
        if not isinstance(feature, dict) or feature.get("type") != "Feature":
            problems.append(Problem.for_row(row, "error", "layer.not_a_feature"))
            continue
        properties = feature.get("properties")
        if isinstance(properties, dict):
            record.update({key: cell for key, cell in properties.items() if key is not _REPEATED})
            if _REPEATED in properties:
                _warn_repeated(row, properties[_REPEATED], properties, problems)
        if _REPEATED in feature:
            _warn_repeated(row, feature[_REPEATED], feature, problems)
        if isinstance(feature.get("id"), str | int) and "id" not in record:
            record["id"] = feature["id"]
        geometry[place], fault = _geometry(feature.get("geometry"))
        if fault:
            problems.append(Problem.for_row(row, "error", fault))
    return geometry, pd.DataFrame(records, index=range(len(records)), dtype=object)


def _warn_repeated(
    row: int | None, keys: list[str], members: dict[Any, Any], problems: list[Problem]
) -> None:
    for key in keys:
        last = str(members[key])[:60] if not isinstance(members[key], dict | list) else "..."
        problems.append(
            Problem(row, key, last, "warning", "layer.key_twice", {"key": key[:60], "last": last})
        )


def _geometry(value: Any) -> tuple[shapely.Geometry | None, str]:
    """Build the geometry of one feature, or name the key of what is wrong with it."""
    if value is None:
        return None, "layer.no_geometry"
    if not isinstance(value, dict) or not isinstance(value.get("type"), str):
        return None, "layer.bad_geometry"
    if value["type"] not in _GEOMETRIES:
        return None, "layer.bad_geometry"
    coordinates = value.get("coordinates", value.get("geometries"))
    if not isinstance(coordinates, list):
        return None, "layer.bad_geometry"
    if not coordinates:
        return None, "layer.empty_geometry"
    try:
        if value["type"] == "Point":
            return _finite(shapely.Point(_numbers(coordinates, 1)))
        if value["type"] == "LineString":
            return _finite(shapely.LineString(_numbers(coordinates, 2)))
        return _finite(shapely.geometry.shape({k: value[k] for k in value if k is not _REPEATED}))
    except (
        AttributeError,
        IndexError,
        KeyError,
        OverflowError,
        TypeError,
        ValueError,
        shapely.GEOSException,
    ):
        return None, "layer.bad_coordinates"


def _numbers(coordinates: list[Any], dimensions: int) -> NDArray[np.float64]:
    array = np.asarray(coordinates)
    if array.ndim != dimensions or array.dtype.kind not in "if" or array.shape[-1] < 2:
        raise ValueError(coordinates)
    return array[..., :3].astype(np.float64)


def _finite(geometry: shapely.Geometry) -> tuple[shapely.Geometry | None, str]:
    if shapely.is_empty(geometry):
        return None, "layer.empty_geometry"
    if not np.isfinite(shapely.get_coordinates(geometry)).all():
        return None, "layer.bad_coordinates"
    return geometry, ""
