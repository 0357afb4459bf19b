"""GeoPackage, Shapefile, FlatGeobuf and GeoParquet to one raw layer, all from memory.

This module runs in the bounded process of :mod:`geodata.sandbox`, under the switches of
:mod:`geodata.gdal_env`; it refuses to call GDAL where those switches are not in force.
"""

import io
import json
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyproj
import shapely
from numpy.typing import NDArray

from geodata import gdal_env, geojson_parse, gpkg_check, zip_check
from geodata.errors import GeodataError
from geodata.limits import Limits
from geodata.problems import Problem
from geodata.vector_raw import Raw

GEOPACKAGE: Final = b"SQLite format 3\0"
FLATGEOBUF: Final = b"fgb"
PARQUET: Final = b"PAR1"
ZIP: Final = b"PK"


def geopackage(data: bytes, *, layer: str | None, limits: Limits) -> Raw:
    """Read the layer asked for, or else the largest one."""
    counts = gpkg_check.layers(data, limits=limits)
    name, said = _chosen(counts, layer)
    return _by_gdal(data, "GeoPackage", name, limits=limits, said=said)


def flatgeobuf(data: bytes, *, limits: Limits) -> Raw:
    """Read the one layer of a FlatGeobuf file."""
    return _by_gdal(data, "FlatGeobuf", None, limits=limits, said=())


def archive(data: bytes, *, layer: str | None, limits: Limits) -> Raw:
    """Read the layer in a zip archive: shapefiles first, else one file of another format."""
    infos = zip_check.members(data, limits=limits)
    shapefiles = zip_check.shapefiles(list(infos))
    if shapefiles:
        sizes = {name: infos[parts[".shx"]].file_size for name, parts in shapefiles.items()}
        name, said = _chosen({key: max(0, size - 100) // 8 for key, size in sizes.items()}, layer)
        parts = shapefiles[name]
        found = zip_check.content(data, list(parts.values()), limits=limits)
        return _shapefile({suffix: found[parts[suffix]] for suffix in parts}, name, limits, said)
    others = [
        name for name in infos if PurePosixPath(name).suffix.lower() in zip_check.OTHER_LAYERS
    ]
    for name in sorted(others, key=lambda name: -infos[name].file_size):
        inner = zip_check.content(data, [name], limits=limits)[name]
        if inner[:2] != ZIP and is_layer(inner):
            raw = plain(inner, layer=layer, limits=limits)
            taken = Problem(None, None, None, "info", "layer.taken_member", {"name": name[:80]})
            return _with(raw, (taken,))
    raise GeodataError("layer.no_shapefile", found=", ".join(sorted(infos)[:5])[:200])


def is_layer(data: bytes) -> bool:
    """Whether the first bytes are those of a format that is read."""
    head = data[:64].lstrip(b"\xef\xbb\xbf \t\r\n")
    starts = (GEOPACKAGE, FLATGEOBUF, PARQUET)
    return data.startswith(starts) or (head[:1] == b"{" and b"gdal_streamed_alg" not in data[:200])


def plain(data: bytes, *, layer: str | None, limits: Limits) -> Raw:
    """Read a layer that is no archive; its first bytes alone tell the format."""
    if data.startswith(GEOPACKAGE):
        return geopackage(data, layer=layer, limits=limits)
    if data.startswith(FLATGEOBUF):
        return flatgeobuf(data, limits=limits)
    if data.startswith(PARQUET):
        return geoparquet(data, limits=limits)
    return geojson_parse.parse(data, limits=limits)


def geoparquet(data: bytes, *, limits: Limits) -> Raw:
    """Read a GeoParquet file whose geometry is WKB (GeoParquet 1.0 and 1.1).

    Raises
    ------
    GeodataError
        If it is damaged, has no ``geo`` metadata or unpacks to more than the limit.
    """
    try:
        file = pq.ParquetFile(io.BytesIO(data))
        groups = [file.metadata.row_group(i) for i in range(file.metadata.num_row_groups)]
        unpacked = sum(group.total_byte_size for group in groups)
        about = json.loads((file.schema_arrow.metadata or {})[b"geo"])
        name = str(about["primary_column"])
        column = dict(about["columns"][name])
    except (pa.ArrowException, KeyError, TypeError, ValueError, OSError) as error:
        raise GeodataError("layer.not_geoparquet") from error
    if file.metadata.num_rows > limits.features:
        raise GeodataError("layer.features", features=file.metadata.num_rows, limit=limits.features)
    if unpacked > limits.unpacked_mb * 10**6:
        raise GeodataError("layer.zip_unpacked", limit=limits.unpacked_mb)
    if column.get("encoding") != "WKB":
        raise GeodataError("layer.parquet_encoding", encoding=str(column.get("encoding"))[:40])
    try:
        table = file.read().replace_schema_metadata(None)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise GeodataError("layer.not_geoparquet") from error
    # No crs member means longitude and latitude (GeoParquet 1.1); a null one means unknown.
    crs = _crs(json.dumps(column["crs"])) if column.get("crs") else None
    return _from_arrow("GeoParquet", "", table, name, crs, "crs" not in column, ())


def _shapefile(
    parts: Mapping[str, bytes], name: str, limits: Limits, said: tuple[Problem, ...]
) -> Raw:
    encoding, warning = _dbf_encoding(parts)
    data = zip_check.repacked({k: v for k, v in parts.items() if k != ".cpg"})
    raw = _by_gdal(data, "Shapefile", None, limits=limits, said=said + warning, encoding=encoding)
    return Raw(raw.format, name, raw.geometry, raw.properties, raw.crs, False, raw.problems)


def _dbf_encoding(parts: Mapping[str, bytes]) -> tuple[str, tuple[Problem, ...]]:
    """Choose the encoding the table's bytes bear out: as .cpg says, UTF-8, or Windows text."""
    said = parts.get(".cpg", b"").decode("ascii", "replace").strip()
    cells = parts[".dbf"][32:]
    for encoding in (said, "UTF-8"):
        try:
            cells.decode(encoding)
        except (LookupError, UnicodeDecodeError, ValueError):
            continue
        if encoding:
            return encoding, ()
    problem = Problem(None, None, None, "warning", "layer.encoding", {"encoding": "Windows-1252"})
    return "CP1252", (problem,)


def _by_gdal(
    data: bytes,
    kind: str,
    layer: str | None,
    *,
    limits: Limits,
    said: tuple[Problem, ...],
    encoding: str | None = None,
) -> Raw:
    import pyogrio
    from pyogrio.errors import DataSourceError

    foreign = gdal_env.unexpected(pyogrio.list_drivers(read=True))
    if foreign:
        raise RuntimeError(f"GDAL is not closed: {', '.join(foreign[:5])}")
    try:
        meta, table = pyogrio.raw.read_arrow(
            data, layer=layer, encoding=encoding, max_features=limits.features + 1
        )
        table.validate(full=True)  # a damaged file gives lengths that point outside it
    except (DataSourceError, pa.ArrowException, IndexError, OSError, RuntimeError,
            ValueError) as error:  # fmt: skip
        raise GeodataError("layer.damaged", format=kind) from error
    if table.num_rows > limits.features:
        raise GeodataError("layer.features", features=table.num_rows, limit=limits.features)
    name = meta["geometry_name"] or "wkb_geometry"
    return _from_arrow(kind, layer or "", table, name, _crs(meta["crs"]), False, said)


def _from_arrow(
    kind: str,
    layer: str,
    table: pa.Table,
    name: str,
    crs: pyproj.CRS | None,
    crs_by_format: bool,
    said: tuple[Problem, ...],
) -> Raw:
    if name not in table.column_names:
        raise GeodataError("layer.no_features")
    wkb: NDArray[np.object_] = np.array(table[name].to_pylist(), object)
    geometry = shapely.from_wkb(wkb, on_invalid="ignore")
    absent = np.array([cell is None for cell in wkb], bool)
    problems = [
        Problem(int(row) + 1, None, None, "error",
                "layer.no_geometry" if absent[row] else "layer.bad_geometry")
        for row in np.flatnonzero(shapely.is_missing(geometry))
    ]  # fmt: skip
    rest = table.drop_columns([name])
    properties = (
        rest.to_pandas(ignore_metadata=True, date_as_object=True)
        if rest.num_columns
        else pd.DataFrame(index=range(table.num_rows))
    )
    return Raw(kind, layer, geometry, properties, crs, crs_by_format, (*said, *problems))


def _crs(text: str | None) -> pyproj.CRS | None:
    """Take a system by its code where it has one, so that data names no grid file."""
    if not text:
        return None
    try:
        crs = pyproj.CRS.from_user_input(text if ":" not in text[:12] else text.strip())
        code = crs.to_epsg(min_confidence=70)
    except (pyproj.exceptions.CRSError, ValueError) as error:
        raise GeodataError("layer.crs_unknown", crs=text[:60]) from error
    if code:
        return pyproj.CRS.from_epsg(code)
    if "nadgrids" in text.lower() or "+init" in text.lower() or not (
        crs.is_geographic or crs.is_projected
    ):  # fmt: skip
        raise GeodataError("layer.crs_unknown", crs=text[:60])
    return crs


def _chosen(counts: Mapping[str, int], wanted: str | None) -> tuple[str, tuple[Problem, ...]]:
    """Choose the layer asked for, else the one with most features, and say which."""
    if wanted is not None:
        if wanted not in counts:
            raise GeodataError("layer.no_such_layer", layer=wanted[:80], found=_listed(counts))
        return wanted, ()
    name = max(sorted(counts), key=lambda key: counts[key])
    if len(counts) == 1:
        return name, ()
    params: dict[str, Any] = {"layer": name, "found": _listed(counts)}
    return name, (Problem(None, None, None, "warning", "layer.which_layer", params),)


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} ({count})" for name, count in sorted(counts.items()))[:300]


def _with(raw: Raw, said: tuple[Problem, ...]) -> Raw:
    return Raw(raw.format, raw.layer, raw.geometry, raw.properties, raw.crs, raw.crs_by_format,
               (*said, *raw.problems))  # fmt: skip
