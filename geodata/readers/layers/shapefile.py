"""Zipped Shapefiles: which one, and in which encoding its table is written."""

import codecs
import re
from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd

from geodata.readers.layers import archive, choice, drivers
from geodata.readers.layers.choice import Inside
from geodata.readers.layers.raw import LayerRequest, RawLayer
from geodata.readers.report import Problem

_FALLBACK: Final = "cp1252"
_NUMBER: Final = re.compile(r"(?:(?:cp|ansi|oem|windows|ibm|ms|ms-ansi)[ _-]*)?(\d{3,5})", re.I)
_PAGES: Final = {"65001": "utf-8", "88591": "iso8859-1", "20127": "ascii", "936": "gbk"}
# Byte 29 of a dBASE table, the language driver:
# https://support.esri.com/en-us/knowledge-base/read-and-write-shapefile-and-dbase-files-encoded-in-various-code-pages-000013192
_LANGUAGES: Final = {
    0x01: "cp437", 0x02: "cp850", 0x03: "cp1252", 0x08: "cp865", 0x0A: "cp850", 0x0E: "cp850",
    0x10: "cp850", 0x14: "cp850", 0x1A: "cp850", 0x1D: "cp850", 0x57: "cp1252", 0x58: "cp1252",
    0x59: "cp1252", 0x64: "cp852", 0x65: "cp866", 0x78: "big5", 0x7A: "gbk", 0x7C: "cp874",
    0x7D: "cp1255", 0x7E: "cp1256", 0xC8: "cp1250", 0xC9: "cp1251", 0xCA: "cp1254",
    0xCB: "cp1253", 0xCC: "cp1257",
}  # fmt: skip
_GEOMETRY: Final = {1: "Point", 3: "LineString", 5: "Polygon", 8: "MultiPoint"}


def read(
    data: bytes,
    layers: Mapping[str, Mapping[str, str]],
    sizes: Mapping[str, int],
    request: LayerRequest,
) -> RawLayer:
    """Read one shapefile of an archive.

    Parameters
    ----------
    data : bytes
        The archive, already judged by :func:`geodata.readers.layers.archive.members`.
    layers : mapping of str to mapping of str to str
        As :func:`geodata.readers.layers.archive.shapefiles` gives them.
    sizes : mapping of str to int
        Size of each member, unpacked.
    request : LayerRequest
    """
    name, remarks = choice.chosen(inside(data, layers, sizes), request)
    parts = layers[name]
    content = archive.content(data, list(parts.values()), limits=request.limits)
    files = {suffix: content[parts[suffix]] for suffix in parts}
    codec, warning = encoding(files)
    # Latin-1 gives back each byte as it is, whatever code pages GDAL was built with.
    raw = drivers.read(
        archive.repacked({k: v for k, v in files.items() if k != ".cpg"}),
        "Shapefile",
        None,
        limits=request.limits,
        remarks=(*remarks, *warning),
        encoding="ISO-8859-1",
    )
    properties, cut = _decoded(raw.properties, codec)
    damaged = Problem.for_file("warning", "layer.cut_letters", n=cut)
    problems = (*raw.problems, *((damaged,) if cut else ()))
    return RawLayer(
        raw.format, name, raw.geometry, properties, raw.crs, False, problems, tuple(layers)
    )


def inside(
    data: bytes, layers: Mapping[str, Mapping[str, str]], sizes: Mapping[str, int]
) -> dict[str, Inside]:
    """Return the geometry and count of each shapefile, from the first bytes of its index."""
    contents = {}
    for name, parts in layers.items():
        head = archive.head(data, parts[".shp"], 36)
        code = int.from_bytes(head[32:36], "little") % 10 if len(head) == 36 else 0
        count = max(0, sizes[parts[".shx"]] - 100) // 8
        contents[name] = Inside(_GEOMETRY.get(code, ""), count)
    return contents


def encoding(parts: Mapping[str, bytes]) -> tuple[str, tuple[Problem, ...]]:
    """Return the codec of a shapefile's table: the declared one as far as its bytes bear that out.

    Parameters
    ----------
    parts : mapping of str to bytes
        Content by suffix; ``.dbf`` and, if there is one, ``.cpg``.

    Returns
    -------
    tuple of str and tuple of Problem
        A Python codec; a warning where it had to be assumed.
    """
    table = parts[".dbf"]
    records = table[int.from_bytes(table[8:10], "little") :]  # the head counts bytes of its own
    declared = _codec(parts.get(".cpg", b"").decode("ascii", "replace"))
    if declared and (declared != "utf-8" or _mostly_utf8(records)):
        return declared, ()
    if _mostly_utf8(records):
        return "utf-8", ()
    language = None if declared else _LANGUAGES.get(table[29] if len(table) > 29 else 0)
    if language:
        return language, ()
    problem = Problem.for_file("warning", "layer.encoding", encoding="Windows-1252")
    return _FALLBACK, (problem,)


def _codec(declared: str) -> str:
    """Python's name of a code page as people and programs write it; empty if there is none."""
    word = declared.strip().strip("\ufeff\0\ufffd").strip()
    number = _NUMBER.fullmatch(word)
    for name in (_PAGES.get(number[1], f"cp{number[1]}") if number else "", word):
        try:
            b"".decode(name)  # refuses what turns bytes to bytes
            return codecs.lookup(name).name
        except (LookupError, ValueError):
            continue
    return ""


def _mostly_utf8(records: bytes) -> bool:
    """Return whether bytes are UTF-8 but for a few letters cut where a cell ends."""
    text = records.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    return not broken or sum(letter > "\x7f" for letter in text) > 2 * broken


def _decoded(properties: pd.DataFrame, codec: str) -> tuple[pd.DataFrame, int]:
    """Texts that were read as Latin-1 in their true encoding, and how many had a broken letter."""
    cut = 0

    def text(cell: object) -> object:
        nonlocal cut
        if not isinstance(cell, str) or cell.isascii():
            return cell
        whole = cell.encode("latin-1", "replace").decode(codec, "replace")
        cut += "\ufffd" in whole
        return whole

    columns = {}
    for name, cells in properties.items():
        texts = cells.dtype == object or pd.api.types.is_string_dtype(cells.dtype)
        values = np.array([text(cell) for cell in cells], object) if texts else cells.to_numpy()
        columns[str(text(str(name)))] = pd.Series(values, index=cells.index)
    return pd.DataFrame(columns, index=properties.index), cut
