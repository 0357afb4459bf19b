"""KML as phones, My Maps and Google Earth write it: placemarks read, nothing followed.

GDAL's own reader of KML leaves out a placemark's further data, and the other one opens styles at
any address; so the XML is read here, without document types and entities.
"""

from collections.abc import Iterator
from typing import Final
from xml.etree.ElementTree import Element, ParseError

import numpy as np
import pandas as pd
import pyproj
import shapely
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring
from shapely.geometry.base import BaseGeometry

from geodata.errors import GeodataError
from geodata.readers.layers.raw import RawLayer
from geodata.readers.limits import Limits
from geodata.readers.report import Problem

_NUMBERS: Final = 2
_TIMES: Final = {"when": "timestamp", "begin": "begin", "end": "end"}


def read(data: bytes, *, limits: Limits) -> RawLayer:
    """Read every placemark of a KML file.

    Parameters
    ----------
    data : bytes
    limits : Limits
        Count of features.

    Returns
    -------
    Raw
        In degrees; columns ``name``, ``description``, ``folder``, those of the placemarks'
        extended data, and their time as ``timestamp`` or ``begin`` and ``end``. A description
        is kept as it is written: it is text.

    Raises
    ------
    GeodataError
        If it is damaged, declares entities or holds too many placemarks.
    """
    root = parsed(data, "KML")
    problems: list[Problem] = []
    links = sum(_tag(element) == "NetworkLink" for element in root.iter())
    if links:
        problems.append(Problem.for_file("warning", "layer.kml_links", n=links))
    shapes: list[BaseGeometry | None] = []
    records: list[dict[str, str]] = []
    for folder, mark in _placemarks(root, ""):
        if len(shapes) >= limits.features:
            raise GeodataError("layer.features", features=len(shapes) + 1, limit=limits.features)
        shape, fault = _shape(mark)
        records.append(_record(mark, folder))
        shapes.append(shape)
        if fault:
            problems.append(Problem.for_row(len(shapes), "error", fault))
    if not shapes:
        raise GeodataError("layer.kml_links" if links else "layer.no_features", n=links)
    geometry = np.full(len(shapes), None, object)
    geometry[:] = shapes
    table = pd.DataFrame(records, dtype=object)
    return RawLayer("KML", "", geometry, table, pyproj.CRS.from_epsg(4326), True, tuple(problems))


def parsed(data: bytes, kind: str) -> Element:
    """Return the root of an XML text.

    Raises
    ------
    GeodataError
        If it is damaged or declares a document type, with which entities begin.
    """
    try:
        root: Element = fromstring(data, forbid_dtd=True)
    except DefusedXmlException as error:
        raise GeodataError("layer.xml_entities", format=kind) from error
    except (ParseError, ValueError, LookupError) as error:
        raise GeodataError("layer.damaged", format=kind) from error
    return root


def _tag(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _placemarks(root: Element, folder: str) -> Iterator[tuple[str, Element]]:
    """Yield the placemarks with the name of the folder they lie in."""
    waiting = [(root, folder)]
    while waiting:
        element, name = waiting.pop()
        if _tag(element) == "Placemark":
            yield name, element
            continue
        if _tag(element) in {"Folder", "Document"}:
            name = _text(element, "name") or name
        waiting += [(child, name) for child in reversed(element)]


def _text(element: Element, tag: str) -> str:
    text = next((child.text for child in element if _tag(child) == tag), None)
    return (text or "").strip()


def _record(mark: Element, folder: str) -> dict[str, str]:
    record = {
        "name": _text(mark, "name"),
        "description": _text(mark, "description"),
        "folder": folder,
    }
    for element in mark.iter():
        name = element.get("name", "")
        if _tag(element) == "Data" and name:
            record[name] = _text(element, "value")
        elif _tag(element) == "SimpleData" and name:
            record[name] = (element.text or "").strip()
        elif _tag(element) in {"TimeStamp", "TimeSpan"}:
            for tag, column in _TIMES.items():
                record.setdefault(column, _text(element, tag))
    return {key: value for key, value in record.items() if value}


def _shape(mark: Element) -> tuple[BaseGeometry | None, str]:
    """Return the geometry of a placemark, or the key of what is wrong with it."""
    try:
        shapes = [shape for child in mark for shape in _shapes(child)]
    except (ValueError, shapely.GEOSException):
        return None, "layer.bad_coordinates"
    if not shapes:
        return None, "layer.no_geometry"
    if len(shapes) == 1:
        return shapes[0], ""
    lines = [shape for shape in shapes if isinstance(shape, shapely.LineString)]
    polygons = [shape for shape in shapes if isinstance(shape, shapely.Polygon)]
    if len(lines) == len(shapes):
        return shapely.MultiLineString(lines), ""
    if len(polygons) == len(shapes):
        return shapely.MultiPolygon(polygons), ""
    return shapely.GeometryCollection(shapes), ""


def _shapes(root: Element) -> Iterator[BaseGeometry]:
    """Yield the simple geometries of an element, however deep in others."""
    waiting = [root]
    while waiting:
        element = waiting.pop()
        tag = _tag(element)
        if tag == "Point":
            yield shapely.Point(_coordinates(element)[0])
        elif tag in {"LineString", "LinearRing"}:
            yield shapely.LineString(_coordinates(element))
        elif tag == "Track":
            yield shapely.LineString(
                _numbers(child.text for child in element if _tag(child) == "coord")
            )
        elif tag == "Polygon":
            rings = [_coordinates(ring) for ring in element.iter() if _tag(ring) == "LinearRing"]
            yield shapely.Polygon(rings[0] if rings else [], rings[1:])
        elif tag in {"MultiGeometry", "MultiTrack"}:
            waiting += list(reversed(element))


def _coordinates(element: Element) -> list[list[float]]:
    text = _text(element, "coordinates")
    positions = _numbers(triple.replace(",", " ") for triple in text.split())
    if not positions:
        raise ValueError(text)
    return positions


def _numbers(texts: Iterator[str | None]) -> list[list[float]]:
    """Return the longitude and latitude of each; heights are left out."""
    return [[float(word) for word in (text or "").split()[:_NUMBERS]] for text in texts]
