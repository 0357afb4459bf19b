"""Switches that make GDAL read six vector formats from memory and nothing else.

GDAL picks a driver by looking into a file, and many of its drivers follow what the file names:
a VRT, GDALG or WFS descriptor called ``roads.geojson`` has it open other files and addresses.
The switches below leave the six drivers this package reads and turn the network, virtual
rasters and sidecar files off. GDAL reads them once, when its library is loaded, so they are
given to the process that parses (see :mod:`geodata.readers.sandbox`) and never set in the
caller's: a
notebook that imports this package keeps its own GDAL as it is. They follow GDAL's own page on
security, https://gdal.org/user/security.html.
"""

from collections.abc import Iterable
from typing import Final

ALLOWED: Final = frozenset({"ESRI Shapefile", "GPKG", "FlatGeobuf", "GPX", "OSM", "OpenFileGDB"})
"""The only drivers that may be loaded where files are parsed."""

# Every vector driver known to GDAL 3.4 to 3.12; an unknown name is ignored by GDAL, and
# `unexpected` catches a driver that a later GDAL adds.
_SKIPPED: Final = (
    "ADBC", "AIVector", "AVCBin", "AVCE00", "AmigoCloud", "Arrow", "AVCBin", "BAG", "CAD",
    "Carto", "Cloudant", "CouchDB", "CSV", "CSW", "DB2ODBC", "DGN", "DODS", "DWG", "DXF", "EDIGEO",
    "EEDA", "ESRIJSON", "Elastic", "Elasticsearch", "FileGDB", "GDALG", "GeoJSON", "GeoJSONSeq",
    "GeoRSS", "Geoconcept", "GML", "GMLAS", "GMT", "GPSBabel", "GTFS", "HANA", "HDF5",
    "HTF", "HTTP", "IDB", "Idrisi", "INGRES", "Interlis 1", "Interlis 2", "JML", "JP2OpenJPEG",
    "JSONFG", "KML", "LIBKML", "LVBAG", "MBTiles", "MEM", "Memory", "MSSQLSpatial", "MapInfo File",
    "MapML", "MiraMonVector", "MongoDB", "MongoDBv3", "MVT", "MySQL", "NAS", "netCDF", "NGW",
    "OAPIF", "OCI", "ODBC", "ODS", "OGCAPI", "OGDI", "OGR_DODS", "OGR_GMT", "OGR_OGDI", "OGR_PDS",
    "OGR_SDE", "OGR_VRT", "OpenAir", "OpenJPEG", "Parquet", "PCIDSK", "PDF",
    "PDS4", "PGDUMP", "PGeo", "PLSCENES", "PMTiles", "PostgreSQL", "REC", "S57", "SDTS", "SEGUKOOA",
    "SEGY", "SOSI", "SQLite", "SUA", "SVG", "SXF", "Selafin", "TIGER", "TileDB", "TopoJSON",
    "UK .NTF", "VDV", "VFK", "VICAR", "VRT", "WAsP", "WFS", "WFS3", "Walk", "XLS", "XLSX",
    "XODR", "XPLANE",
)  # fmt: skip


def environment() -> dict[str, str]:
    """Return the environment variables for a process that parses untrusted layers.

    Returns
    -------
    dict of str to str
        To be set before GDAL and PROJ are loaded; later they have no effect.
    """
    return {
        "OGR_SKIP": ",".join(_SKIPPED),
        "GDAL_SKIP": "VRT,GTI,WMS,WMTS,WCS,HTTP,DAAS,EEDAI,OGCAPI,STACIT,STACTA,PLMOSAIC,ZARR",
        "GDAL_DRIVER_PATH": "disable",
        "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR",
        "GDAL_PAM_ENABLED": "NO",
        "GDAL_HTTP_MAX_RETRY": "0",
        "GDAL_HTTP_TIMEOUT": "1",
        "GDAL_HTTP_PROXY": "127.0.0.1:9",
        "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": "{none}",
        "CPL_CURL_ENABLE_VSIMEM": "NO",
        "GDAL_VRT_ENABLE_PYTHON": "NO",
        "GDAL_XML_VALIDATION": "NO",
        "OGR_SQLITE_STATIC_VIRTUAL_OGR": "NO",
        "OSM_USE_CUSTOM_INDEXING": "NO",  # its own index refuses nodes out of the order of ids
        "GDAL_CACHEMAX": "32",
        "GDAL_NUM_THREADS": "1",
        "CPL_LOG": "/dev/null",
        "PROJ_NETWORK": "OFF",
    }


def unexpected(drivers: Iterable[str]) -> list[str]:
    """Return the drivers that are loaded although they should not be, sorted."""
    return sorted(set(drivers) - ALLOWED)
