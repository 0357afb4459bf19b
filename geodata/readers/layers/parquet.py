"""GeoParquet, and Parquet whose geometry is plain text or binary without a word on it."""

import io
import json
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from geodata.errors import GeodataError
from geodata.readers.layers import drivers
from geodata.readers.layers.raw import RawLayer
from geodata.readers.limits import Limits
from geodata.readers.report import Problem

_COLUMNS: Final = (
    "geometry",
    "geom",
    "the_geom",
    "wkb_geometry",
    "wkt",
    "wkb",
    "geometry_wkt",
    "geom_wkt",
    "shape",
)
_GEOARROW: Final = frozenset(
    {"point", "linestring", "polygon", "multipoint", "multilinestring", "multipolygon"}
)


def read(data: bytes, *, limits: Limits) -> RawLayer:
    """Read a Parquet file with a geometry.

    Parameters
    ----------
    data : bytes
        GeoParquet 1.0 or 1.1 with WKB or native (GeoArrow) geometry, or a file without its
        metadata whose column ``geometry`` or the like holds WKT or WKB.
    limits : Limits

    Raises
    ------
    GeodataError
        If it is damaged, has no geometry or unpacks to more than the limit.
    """
    file = _opened(data, limits)
    try:
        about = json.loads((file.schema_arrow.metadata or {}).get(b"geo", b"null"))
        name = str(about["primary_column"]) if about else ""
        column: dict[str, Any] = dict(about["columns"][name]) if about else {}
        table = file.read()
    except (pa.ArrowException, KeyError, TypeError, ValueError, OSError, RecursionError) as error:
        raise GeodataError("layer.not_geoparquet") from error
    if not about:
        return _without_metadata(table)
    encoding = str(column.get("encoding"))
    crs = drivers.crs_of(json.dumps(column["crs"])) if column.get("crs") else None
    # No crs member means longitude and latitude (GeoParquet 1.1); a null one means unknown.
    by_format = "crs" not in column
    if name not in table.column_names:
        raise GeodataError("layer.no_features")
    rest = table.drop_columns([name]).replace_schema_metadata(None)
    if encoding == "WKB":
        wkb = np.array(table[name].to_pylist(), object)
        return drivers.from_wkb("GeoParquet", "", wkb, rest, crs, by_format, ())
    if encoding not in _GEOARROW:
        raise GeodataError("layer.parquet_encoding", encoding=encoding[:40])
    geometry = _native(data)
    absent = np.asarray(shapely.is_missing(geometry), bool)
    return drivers.from_geometry("GeoParquet", "", geometry, absent, rest, crs, by_format, ())


def _opened(data: bytes, limits: Limits) -> pq.ParquetFile:
    try:
        file = pq.ParquetFile(io.BytesIO(data))
        groups = [file.metadata.row_group(i) for i in range(file.metadata.num_row_groups)]
        unpacked = sum(group.total_byte_size for group in groups)
    except (pa.ArrowException, TypeError, ValueError, OSError) as error:
        raise GeodataError("layer.not_geoparquet") from error
    if file.metadata.num_rows > limits.features:
        raise GeodataError("layer.features", features=file.metadata.num_rows, limit=limits.features)
    if unpacked > limits.unpacked_mb * 10**6:
        raise GeodataError("layer.zip_unpacked", limit=limits.unpacked_mb)
    return file


def _native(data: bytes) -> Any:
    """Return the geometry of a file whose coordinates are Arrow lists."""
    import geopandas as gpd

    try:
        file: Any = io.BytesIO(data)
        return gpd.read_parquet(file).geometry.to_numpy()
    except (
        pa.ArrowException,
        AttributeError,
        IndexError,
        KeyError,
        NotImplementedError,
        OSError,
        TypeError,
        ValueError,
        shapely.GEOSException,
    ) as error:
        raise GeodataError("layer.not_geoparquet") from error


def _without_metadata(table: pa.Table) -> RawLayer:
    """Read WKT or WKB in a column whose name says geometry."""
    by_lower = {str(name).lower(): name for name in table.column_names}
    name = next((by_lower[word] for word in _COLUMNS if word in by_lower), None)
    if name is None:
        raise GeodataError("layer.not_geoparquet")
    cells = np.array(table[name].to_pylist(), object)
    texts = pa.types.is_string(table[name].type) or pa.types.is_large_string(table[name].type)
    parser = shapely.from_wkt if texts else shapely.from_wkb
    try:
        geometry = parser(cells, on_invalid="ignore")
    except (NotImplementedError, TypeError) as error:
        raise GeodataError("layer.not_geoparquet") from error
    if len(cells) and np.asarray(shapely.is_missing(geometry)).all():
        raise GeodataError("layer.not_geoparquet")
    absent = np.array([cell is None for cell in cells], bool)
    form = "WKT" if texts else "WKB"
    remark = Problem(None, str(name)[:80], None, "info", "layer.parquet_plain", {"form": form})
    rest = table.drop_columns([name]).replace_schema_metadata(None)
    return drivers.from_geometry("Parquet", "", geometry, absent, rest, None, False, (remark,))
