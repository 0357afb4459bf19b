"""From the first bytes of a file to the reader of its format.

This module runs in the bounded process of :mod:`geodata.sandbox`. A name never decides what a
file is.
"""

import gzip
import io
import zlib
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Final

from geodata import (
    geojson_parse,
    gpkg_check,
    vector_gdal,
    vector_layers,
    vector_parquet,
    vector_shapefile,
    zip_check,
)
from geodata.errors import GeodataError
from geodata.limits import Limits
from geodata.problems import Problem
from geodata.vector_raw import Asked, Raw

GEOPACKAGE: Final = b"SQLite format 3\0"
FLATGEOBUF: Final = b"fgb"
PARQUET: Final = b"PAR1"
ZIP: Final = b"PK"
GZIP: Final = b"\x1f\x8b"
_PIECE: Final = 1 << 20


def read(data: bytes, asked: Asked) -> Raw:
    """Read one layer of a file.

    Parameters
    ----------
    data : bytes
        The file.
    asked : Asked
        Which layer, for what, within which limits.

    Raises
    ------
    GeodataError
        If the file is of no format that is read, damaged, hostile or too large.
    """
    if not data.strip():
        raise GeodataError("layer.empty_file")
    if data.startswith(GZIP):
        inner = unpacked(data, asked.limits)
        if inner.startswith((GZIP, ZIP)):
            raise GeodataError("layer.nested_archive")
        return with_remark(read(inner, asked), Problem(None, None, None, "info", "layer.gzip"))
    if data.startswith(ZIP):
        return archive(data, asked)
    if is_layer(data) or _is_text(data):
        return plain(data, asked)
    raise GeodataError("layer.not_geojson")


def plain(data: bytes, asked: Asked) -> Raw:
    """Read a layer that is no archive; its first bytes alone tell the format."""
    if data.startswith(GEOPACKAGE):
        return geopackage(data, asked)
    if data.startswith(FLATGEOBUF):
        return vector_gdal.read(data, "FlatGeobuf", None, limits=asked.limits)
    if data.startswith(PARQUET):
        return vector_parquet.read(data, limits=asked.limits)
    return geojson_parse.parse(data, limits=asked.limits, crs=asked.crs)


def geopackage(data: bytes, asked: Asked) -> Raw:
    """Read one layer of a GeoPackage."""
    whole = gpkg_check.settled(data)
    name, said = vector_layers.chosen(gpkg_check.layers(whole, limits=asked.limits), asked)
    if whole is not data:
        said = (*said, Problem(None, None, None, "info", "layer.geopackage_open"))
    return vector_gdal.read(whole, "GeoPackage", name, limits=asked.limits, said=said)


def archive(data: bytes, asked: Asked) -> Raw:
    """Read the layer in a zip archive: shapefiles first, else one file of another format."""
    infos = zip_check.members(data, limits=asked.limits)
    shapefiles = zip_check.shapefiles(list(infos))
    if shapefiles:
        sizes = {name: info.file_size for name, info in infos.items()}
        return vector_shapefile.read(data, shapefiles, sizes, asked)
    others = [
        name for name in infos if PurePosixPath(name).suffix.lower() in zip_check.OTHER_LAYERS
    ]
    for name in sorted(others, key=lambda name: -infos[name].file_size):
        inner = zip_check.content(data, [name], limits=asked.limits)[name]
        if inner[:2] not in (ZIP, GZIP) and is_layer(inner):
            taken = Problem(None, None, None, "info", "layer.taken_member", {"name": name[:80]})
            return with_remark(plain(inner, asked), taken)
    raise GeodataError("layer.no_shapefile", found=", ".join(sorted(infos)[:5])[:200])


def unpacked(data: bytes, limits: Limits) -> bytes:
    """Content of a gzip file, never more than the limit.

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
    """Whether the first bytes are those of a format that is read."""
    head = data[:64].lstrip(b"\xef\xbb\xbf\x1e \t\r\n")
    starts = (GEOPACKAGE, FLATGEOBUF, PARQUET)
    return data.startswith(starts) or (head[:1] == b"{" and b"gdal_streamed_alg" not in data[:200])


def _is_text(data: bytes) -> bool:
    """UTF-16, or JSON whose first bracket comes late; the JSON reader has the last word."""
    return data[:2] in (b"\xff\xfe", b"\xfe\xff") or b"{" in data[:1000]


def with_remark(raw: Raw, remark: Problem) -> Raw:
    """Add a remark before those of a layer."""
    return replace(raw, problems=(remark, *raw.problems))
