"""OpenStreetMap data: PBF and XML files by GDAL, and the JSON of Overpass."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import numpy as np
import pandas as pd
import pyproj
import shapely

from geodata.errors import GeodataError
from geodata.readers.layers import drivers
from geodata.readers.layers.raw import LayerRequest, RawLayer
from geodata.readers.limits import Limits
from geodata.readers.report import Problem

LAYERS: Final = {"roads": "lines", "towns": "points", "boundary": "multipolygons"}
"""Layer of GDAL's reader that holds each kind."""

_TAGS: Final = {"towns": "place", "boundary": "boundary"}
"""Tag that a feature of a kind must have, where the caller names no layer."""

_ALL: Final = ("points", "lines", "multilinestrings", "multipolygons", "other_relations")
_PAIR: Final = re.compile(r'"((?:[^"\\]|\\.)*)"=>"((?:[^"\\]|\\.)*)"')
_MOST_COLUMNS: Final = 80


def is_pbf(data: bytes) -> bool:
    """Return whether the first block is an OSM header."""
    return data[4:6] == b"\x0a\x09" and data[6:15] == b"OSMHeader"


def read(data: bytes, request: LayerRequest) -> RawLayer:
    """Read one layer of an OSM PBF or XML file; rare tags become separate columns.

    Raises
    ------
    GeodataError
        If it is damaged, has no such layer or unpacks to more than the limit.
    """
    kind = "OSM PBF" if is_pbf(data) else "OSM XML"
    if is_pbf(data):
        check_pbf(data, request.limits)
    layer = request.layer or LAYERS.get(request.kind, "lines")
    if layer not in _ALL:
        raise GeodataError("layer.no_such_layer", layer=layer[:80], found=", ".join(_ALL))
    wanted = None if request.layer else _TAGS.get(request.kind)
    where = f"{wanted} IS NOT NULL" if wanted else None
    raw = drivers.read(data, kind, layer, limits=request.limits, crs_by_format=True, where=where)
    shapes, properties, problems = raw.geometry, with_tags(raw.properties), raw.problems
    others = drivers.count(data, kind, layer) - len(shapes) if wanted else 0
    if others:
        params = {"n": others, "tag": str(wanted)}
        problems = (*problems, Problem.for_file("info", "layer.osm_others", **params))
    if request.kind == "roads" and not request.layer:
        points = _barriers(data, kind, request.limits)
        shapes = np.concatenate([shapes, points.geometry])
        properties = pd.concat([properties, points.properties], ignore_index=True)
    return RawLayer(
        kind,
        layer,
        shapes,
        properties,
        raw.crs,
        True,
        problems,
        tuple(_ALL),
    )


def _barriers(data: bytes, kind: str, limits: Limits) -> RawLayer:
    """Return points with a tag ``barrier``: what may close a road, or is passed, at one vertex."""
    raw = drivers.read(
        data, kind, "points", limits=limits, crs_by_format=True, where="barrier IS NOT NULL"
    )
    return replace(raw, properties=with_tags(raw.properties).dropna(axis=1, how="all"))


def with_tags(properties: pd.DataFrame) -> pd.DataFrame:
    """The columns with the tags that GDAL writes into one cell, ``other_tags``, beside them."""
    if "other_tags" not in properties:
        return properties
    tags = [
        dict(_PAIR.findall(cell)) if isinstance(cell, str) else {}
        for cell in properties["other_tags"]
    ]
    counts: dict[str, int] = {}
    for tag in tags:
        for key in tag:
            counts[key] = counts.get(key, 0) + 1
    names = sorted(counts, key=lambda key: (-counts[key], key))[:_MOST_COLUMNS]
    added = {
        name: [_unescaped(tag[name]) if name in tag else None for tag in tags]
        for name in names
        if name not in properties
    }
    return properties.join(pd.DataFrame(added, index=properties.index, dtype=object))


def _unescaped(value: str) -> str:
    return re.sub(r"\\(.)", r"\1", value)


def check_pbf(data: bytes, limits: Limits) -> None:
    """Add up what the blocks of a PBF file say they unpack to.

    GDAL unpacks a block into exactly the size that it declares, so a false size is damage. The
    layout is https://wiki.openstreetmap.org/wiki/PBF_Format.

    Raises
    ------
    GeodataError
        If the sum is beyond the limit or the blocks do not fit the file.
    """
    place = unpacked = 0
    try:
        while place < len(data):
            length = int.from_bytes(data[place : place + 4], "big")
            head = _fields(data[place + 4 : place + 4 + length])
            place += 4 + length
            size = int(head[3])
            body = _fields(data[place : place + size])
            unpacked += int(body.get(2, 0)) or size
            place += size
            if unpacked > limits.unpacked_mb * 10**6:
                raise GeodataError("layer.zip_unpacked", limit=limits.unpacked_mb)
            if length == 0 or place > len(data):
                raise IndexError(place)
    except (IndexError, KeyError, TypeError) as error:
        raise GeodataError("layer.damaged", format="OSM PBF") from error


def _fields(data: bytes) -> dict[int, int]:
    """Return the numbers of one message of protocol buffers; of texts and blobs their length."""
    numbers: dict[int, int] = {}
    place = 0
    while place < len(data):
        key, place = _varint(data, place)
        value, place = _varint(data, place)
        if key & 7 == 2:  # what follows has this length
            place += value
        elif key & 7 != 0:
            raise IndexError(place)
        numbers[key >> 3] = value
    return numbers


def _varint(data: bytes, place: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[place]
        value |= (byte & 0x7F) << shift
        place, shift = place + 1, shift + 7
        if byte < 0x80:
            return value, place
        if shift > 63:
            raise IndexError(place)


def is_overpass(tree: object) -> bool:
    """Return whether JSON is an answer of Overpass."""
    return isinstance(tree, dict) and isinstance(tree.get("elements"), list)


def overpass(tree: Mapping[str, Any], limits: Limits, remarks: tuple[Problem, ...]) -> RawLayer:
    """Read ways and tagged nodes of an answer of Overpass, of ``out geom`` or with its nodes.

    Raises
    ------
    GeodataError
        If no way or node in it has coordinates.
    """
    elements = [element for element in tree["elements"] if isinstance(element, dict)]
    nodes = {element.get("id"): element for element in elements if element.get("type") == "node"}
    shapes: list[shapely.Geometry | None] = []
    records: list[dict[str, Any]] = []
    left = 0
    for element in elements:
        tags = element.get("tags")
        tags = tags if isinstance(tags, dict) else {}
        if element.get("type") not in ("node", "way") or (element["type"] == "node" and not tags):
            left += element.get("type") == "relation"
            continue
        shapes.append(_point(element) if element["type"] == "node" else _way(element, nodes))
        records.append({"osm_id": element.get("id"), "osm_type": element["type"], **tags})
    if len(shapes) > limits.features:
        raise GeodataError("layer.features", features=len(shapes), limit=limits.features)
    if all(shape is None for shape in shapes):
        raise GeodataError("layer.overpass_no_geometry")
    problems = [
        Problem.for_row(row, "error", "layer.no_geometry")
        for row, shape in enumerate(shapes, 1)
        if shape is None
    ]
    if left:
        params = {"n": left}
        problems.append(Problem.for_file("info", "layer.overpass_relations", **params))
    geometry = np.full(len(shapes), None, object)
    geometry[:] = shapes
    table = pd.DataFrame(records, dtype=object)
    return RawLayer(
        "Overpass JSON",
        "",
        geometry,
        table,
        pyproj.CRS.from_epsg(4326),
        True,
        (*remarks, *problems),
    )


def _point(node: Mapping[str, Any]) -> shapely.Point | None:
    try:
        return shapely.Point(float(node["lon"]), float(node["lat"]))
    except (KeyError, TypeError, ValueError):
        return None


def _way(way: Mapping[str, Any], nodes: Mapping[Any, Mapping[str, Any]]) -> shapely.Geometry | None:
    points = way.get("geometry")
    if not isinstance(points, list):
        points = [nodes.get(ref, {}) for ref in way.get("nodes", ()) if isinstance(ref, int)]
    vertices = [_point(position) for position in points if isinstance(position, dict)]
    whole = [point for point in vertices if point is not None]
    return shapely.LineString(whole) if len(whole) > 1 else None
