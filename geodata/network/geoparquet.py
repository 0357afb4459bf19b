"""GeoParquet files of a network's folder: read in a fraction of the time that GeoJSON takes."""

from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import pyarrow as pa
import shapely
from shapely.errors import ShapelyError

from geodata import schema as f
from geodata.errors import GeodataError

_LON_LAT: Final = ("OGC", "CRS84")
"""What GeoParquet assumes where a file names no system: EPSG:4326 with longitude first."""


def read_geoparquet(path: Path) -> gpd.GeoDataFrame:
    """Return one GeoParquet file as a table; longitude and latitude are EPSG:4326.

    Raises
    ------
    GeodataError
        If the file is missing, damaged or no GeoParquet.
    """
    try:
        table = gpd.read_parquet(path)
    except FileNotFoundError as error:
        raise GeodataError("core.no_file", file=path.name, folder=path.parent.name) from error
    except (
        pa.ArrowException,
        AttributeError,
        IndexError,
        KeyError,
        NotImplementedError,
        OSError,
        TypeError,
        ValueError,
        ShapelyError,
    ) as error:
        raise GeodataError("core.not_geoparquet", file=path.name) from error
    named = table.rename_geometry(f.GEOMETRY) if table.geometry.name != f.GEOMETRY else table
    if named.crs is not None and named.crs.to_authority() == _LON_LAT:
        return named.set_crs(f.CRS, allow_override=True)
    return named


def write_geoparquet(table: gpd.GeoDataFrame, path: Path, *, decimals: int) -> None:
    """Write one table as GeoParquet, with as many decimals of a degree as its GeoJSON has."""
    rounded = shapely.transform(table.geometry.to_numpy(), lambda xy: np.round(xy, decimals))
    exact = table.set_geometry(gpd.GeoSeries(rounded, index=table.index, crs=table.crs))
    exact.to_parquet(path, index=False, compression="zstd")
