"""Names of the formats that are not read, so that a refusal can say what a file is."""

import codecs
import re
from typing import Final

_STARTS: Final = (
    (b"Rar!", "RAR"), (b"7z\xbc\xaf\x27\x1c", "7-Zip"), (b"%PDF", "PDF"),
    (b"\xd0\xcf\x11\xe0", "Excel 97-2003 (.xls)"), (b"\x00\x00\x27\x0a", "Shapefile without its "
     "other parts (.shx, .dbf)"), (b"AC10", "AutoCAD DWG"), (b"!table", "MapInfo TAB"),
    (b"Version ", "MapInfo MIF"), (b"\x89PNG", "PNG"), (b"\xff\xd8\xff", "JPEG"),
    (b"II*\0", "GeoTIFF"), (b"MM\0*", "GeoTIFF"), (b"\x89HDF", "NetCDF/HDF5"), (b"CDF", "NetCDF"),
)  # fmt: skip
_MARKUP: Final = (
    (rb"<(?:\w+:)?FeatureCollection|opengis\.net/gml", "GML"),
    (rb"<(?:!doctype\s+html|html)\b", "HTML"), (rb"<svg\b", "SVG"), (rb"<qgis\b", "QGIS (.qgs)"),
)  # fmt: skip
_OBJECT: Final = (
    (rb"esriGeometry|\"spatialReference\"\s*:\s*\{\s*\"(?:latestW|w)kid\"", "Esri JSON"),
    (rb"\"type\"\s*:\s*\"Topology\"", "TopoJSON"),
)  # fmt: skip
_TEXT: Final = ((rb"^\s*0\s+SECTION", "AutoCAD DXF"),)


def name(data: bytes) -> str:
    """Format of a file that is not read, or an empty text where its first bytes do not say."""
    head = data[:4096]
    for start, format_name in _STARTS:
        if head.startswith(start):
            return format_name
    if head[257:262] == b"ustar":
        return "tar"
    for pattern, format_name in _inside(head):
        if re.search(pattern, head, re.IGNORECASE):
            return format_name
    return ""


def _inside(head: bytes) -> tuple[tuple[bytes, str], ...]:
    """Return the patterns to look for: a GeoJSON may hold words of HTML in its names."""
    first = head.removeprefix(codecs.BOM_UTF8).lstrip()[:1]
    return {b"<": _MARKUP, b"{": _OBJECT}.get(first, _TEXT)
