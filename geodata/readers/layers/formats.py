"""From the first bytes of a file to the reader of its format.

This module runs in the bounded process of :mod:`geodata.readers.sandbox`. A name never decides
what a file is.
"""

import codecs
import gzip
import io
import re
import zlib
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Final

from geodata.errors import GeodataError
from geodata.readers.layers import archive as zip_check
from geodata.readers.layers import (
    choice,
    drivers,
    geojson,
    kml,
    names,
    osm,
    parquet,
    shapefile,
    table,
)
from geodata.readers.layers import geopackage as gpkg_check
from geodata.readers.layers.raw import LayerRequest, RawLayer
from geodata.readers.limits import Limits
from geodata.readers.report import Problem

GEOPACKAGE: Final = b"SQLite format 3\0"
FLATGEOBUF: Final = b"fgb"
PARQUET: Final = b"PAR1"
ZIP: Final = b"PK"
GZIP: Final = b"\x1f\x8b"
GEODATABASE: Final = "layer.gdb"
_PIECE: Final = 1 << 20
_ROOT: Final = re.compile(
    rb"\s*(?:<\?xml[^>]*\?>)?\s*(?:<\?[^>]*\?>\s*|<!--.*?-->\s*|<!DOCTYPE[^\[>]*(?:\[.*?\])?\s*>\s*)*"
    rb"<(?:\w+:)?(\w+)",
    re.DOTALL,
)
_ENCODING: Final = re.compile(rb"""\s*<\?xml[^>]*encoding\s*=\s*["']([\w.-]+)["']""")
_PLAIN_ENCODINGS: Final = frozenset({b"utf-8", b"utf8", b"us-ascii", b"iso-8859-1"})


def read(data: bytes, request: LayerRequest) -> RawLayer:
    """Read one layer of a file.

    Parameters
    ----------
    data : bytes
        The file.
    request : LayerRequest
        Which layer, for what, within which limits.

    Raises
    ------
    GeodataError
        If the file is of no format that is read, damaged, hostile or too large.
    """
    if not data.strip():
        raise GeodataError("layer.empty_file")
    if data.startswith(GZIP):
        inner = unpacked(data, request.limits)
        if inner.startswith((GZIP, ZIP)):
            raise GeodataError("layer.nested_archive")
        return with_remark(read(inner, request), Problem.for_file("info", "layer.gzip"))
    if data.startswith(ZIP):
        return archive(data, request)
    return plain(data, request)


def plain(data: bytes, request: LayerRequest) -> RawLayer:
    """Read a layer that is no archive; its first bytes alone give the format."""
    if data.startswith(GEOPACKAGE):
        return geopackage(data, request)
    if data.startswith(FLATGEOBUF):
        return drivers.read(data, "FlatGeobuf", None, limits=request.limits)
    if data.startswith(PARQUET):
        return parquet.read(data, limits=request.limits)
    if osm.is_pbf(data):
        return osm.read(data, request)
    if root := xml_root(data):
        return _xml(data, root, request)
    if named := names.name(data):
        raise GeodataError("layer.not_read", format=named)
    if is_layer(data) or _is_text(data):
        return geojson.parse(data, limits=request.limits, crs=request.crs)
    if data.lstrip()[:1] == b"<" or b"\0" in data[:4096]:
        raise GeodataError("layer.not_geojson")
    return table.read(data, request)


def xml_root(data: bytes) -> str:
    """Return name of the outermost element of an XML text, without prefix; empty if it is none."""
    match = _ROOT.match(data[:4096].removeprefix(codecs.BOM_UTF8))
    return match[1].decode().lower() if match else ""


def _xml(data: bytes, root: str, request: LayerRequest) -> RawLayer:
    """Read KML, GPX or OSM XML; document types, and encodings that could hide them, are refused."""
    if root not in ("kml", "gpx", "osm"):
        named = names.name(data)
        raise GeodataError("layer.not_read" if named else "layer.not_geojson", format=named)
    if root == "kml":
        return kml.read(data, limits=request.limits)
    kind = {"gpx": "GPX", "osm": "OSM XML"}[root]
    declared = _ENCODING.match(data[:200].removeprefix(codecs.BOM_UTF8))
    plain_text = declared is None or declared[1].lower() in _PLAIN_ENCODINGS
    if not plain_text or b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise GeodataError("layer.xml_entities", format=kind)
    return osm.read(data, request) if root == "osm" else gpx(data, request)


def gpx(data: bytes, request: LayerRequest) -> RawLayer:
    """Read the waypoints, routes or tracks of a GPX file."""
    layers = drivers.layers(data, "GPX", count=True)
    parts = {name: inside for name, inside in layers.items() if not name.endswith("_points")}
    name, problems = choice.chosen(layers if request.layer else parts, request)
    raw = drivers.read(
        data, "GPX", name, limits=request.limits, remarks=problems, crs_by_format=True
    )
    # What GPX calls `type` is the sport; it is no class of road.
    properties = raw.properties.drop(columns="type", errors="ignore")
    return replace(raw, properties=properties, layers=tuple(layers))


def geopackage(data: bytes, request: LayerRequest) -> RawLayer:
    """Read one layer of a GeoPackage."""
    whole = gpkg_check.readable(data)
    layers = gpkg_check.layers(whole, limits=request.limits)
    name, problems = choice.chosen(layers, request)
    if whole is not data:
        problems = (*problems, Problem.for_file("info", "layer.geopackage_open"))
    raw = drivers.read(whole, "GeoPackage", name, limits=request.limits, remarks=problems)
    return replace(raw, layers=tuple(layers))


def archive(data: bytes, request: LayerRequest) -> RawLayer:
    """Read the layer in a zip archive: shapefiles first, else one file of another format."""
    infos = zip_check.members(data, limits=request.limits)
    if "[Content_Types].xml" in infos:
        return table.read(data, request)
    if folders := zip_check.geodatabases(list(infos)):
        return geodatabase(data, folders, request)
    shapefiles = zip_check.shapefiles(list(infos))
    if shapefiles:
        sizes = {name: info.file_size for name, info in infos.items()}
        return shapefile.read(data, shapefiles, sizes, request)
    others = [
        name for name in infos if PurePosixPath(name).suffix.lower() in zip_check.OTHER_LAYERS
    ]
    for name in sorted(others, key=lambda name: -infos[name].file_size):
        inner = zip_check.content(data, [name], limits=request.limits)[name]
        if inner[:2] not in (ZIP, GZIP) and (is_layer(inner) or _is_other(inner)):
            remark = Problem.for_file("info", "layer.taken_member", name=name[:80])
            return with_remark(plain(inner, request), remark)
    raise GeodataError("layer.no_shapefile", found=", ".join(sorted(infos)[:5])[:200])


def geodatabase(data: bytes, folders: dict[str, list[str]], request: LayerRequest) -> RawLayer:
    """Read one layer of the first file geodatabase in an archive."""
    folder = min(folders)
    parts = zip_check.content(data, folders[folder], limits=request.limits)
    whole = zip_check.repacked_folder(parts)
    layers = drivers.layers(whole, "FileGDB", named=GEODATABASE)
    drawn = {name: inside for name, inside in layers.items() if inside.geometry}
    if not drawn:
        raise GeodataError("layer.no_features")
    name, problems = choice.chosen(drawn, request)
    raw = drivers.read(
        whole, "FileGDB", name, limits=request.limits, remarks=problems, named=GEODATABASE
    )
    return replace(raw, layers=tuple(drawn))


def unpacked(data: bytes, limits: Limits) -> bytes:
    """Return the content of a gzip file, never more than the limit.

    Raises
    ------
    GeodataError
        If it is damaged or too large.
    """
    most = limits.unpacked_mb * 10**6
    pieces = bytearray()
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as file:
            while piece := file.read(_PIECE):
                pieces += piece
                if len(pieces) > most:
                    raise GeodataError("layer.zip_unpacked", limit=limits.unpacked_mb)
    except (EOFError, OSError, zlib.error) as error:
        raise GeodataError("layer.zip_damaged") from error
    return bytes(pieces)


def is_layer(data: bytes) -> bool:
    """Return whether the first bytes are those of a format that is read."""
    head = data[:64].lstrip(b"\xef\xbb\xbf\x1e \t\r\n")
    starts = (GEOPACKAGE, FLATGEOBUF, PARQUET)
    return data.startswith(starts) or (head[:1] == b"{" and b"gdal_streamed_alg" not in data[:200])


def _is_other(data: bytes) -> bool:
    """Return whether a member of an archive is KML, GPX or OSM data."""
    return xml_root(data) in ("kml", "gpx", "osm") or osm.is_pbf(data)


def _is_text(data: bytes) -> bool:
    """Return UTF-16, or JSON whose first bracket comes late; the JSON reader has the last word."""
    return data[:2] in (b"\xff\xfe", b"\xfe\xff") or b"{" in data[:1000]


def with_remark(raw: RawLayer, remark: Problem) -> RawLayer:
    """Add a remark before those of a layer."""
    return replace(raw, problems=(remark, *raw.problems))
