"""A network's folder: nodes and segments as GeoJSON, GeoParquet or both, and ``network.json``."""

import hashlib
import json
from collections.abc import Collection, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import pandas as pd

from geodata import schema as f
from geodata.errors import GeodataError
from geodata.network.geojson import features, shapes
from geodata.network.geoparquet import read_geoparquet, write_geoparquet
from geodata.network.model import Network


class NetworkFormat(StrEnum):
    """Format of the nodes and segments in a network's folder."""

    GEOJSON = "geojson"
    GEOPARQUET = "geoparquet"


NODES: Final = "nodes"
SEGMENTS: Final = "segments"
GEOJSON: Final = ".geojson"
GEOPARQUET: Final = ".parquet"
ABOUT_FILE = "network.json"
COORDINATE_DECIMALS = 6
_MADE_WITH: Final = "parquet_made_with"


def read_network(folder: Path | str) -> Network:
    """Read a network from its folder.

    GeoParquet is read where the folder holds it, else GeoJSON. GeoJSON is read as JSON, never
    through GDAL, so that a file can only be what it says.

    Raises
    ------
    GeodataError
        If a file is missing or damaged, a row is at fault, or the folder holds GeoParquet that
        was not made together with the GeoJSON beside it.
    """
    folder = Path(folder)
    about: dict[str, Any] = {}
    if (folder / ABOUT_FILE).is_file():
        about = _read_json(folder / ABOUT_FILE)
    nodes, segments = (_read_table(folder, stem, about) for stem in (NODES, SEGMENTS))
    return Network(
        nodes,
        segments,
        focus_country=about.get("focus_country"),
        title=str(about.get("title", folder.name)),
    )


def write_network(
    network: Network,
    folder: Path | str,
    *,
    formats: Collection[NetworkFormat] = (NetworkFormat.GEOJSON,),
) -> None:
    """Write a network to a folder; the same network gives the same bytes.

    Parameters
    ----------
    network : Network
    folder : Path or str
        Made if it is not there. Files of a format that is not asked for are removed from it, so
        that a folder never holds two networks.
    formats : collection of NetworkFormat
        At least one. With both, ``network.json`` records which GeoJSON the GeoParquet belongs to.
    """
    if not formats:
        raise GeodataError("core.no_format")
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    about: dict[str, Any] = {"title": network.title, "focus_country": network.focus_country}
    for stem, table in ((NODES, network.nodes), (SEGMENTS, network.segments)):
        as_json, as_parquet = folder / f"{stem}{GEOJSON}", folder / f"{stem}{GEOPARQUET}"
        as_json.unlink(missing_ok=True)
        as_parquet.unlink(missing_ok=True)
        if NetworkFormat.GEOJSON in formats:
            write_geojson(table, as_json)
        if NetworkFormat.GEOPARQUET in formats:
            write_geoparquet(table, as_parquet, decimals=COORDINATE_DECIMALS)
        if as_json.exists() and as_parquet.exists():
            about.setdefault(_MADE_WITH, {})[as_json.name] = _sha256(as_json)
    text = json.dumps(about, ensure_ascii=False, indent=1) + "\n"
    (folder / ABOUT_FILE).write_text(text, encoding="utf-8")


def _read_table(folder: Path, stem: str, about: Mapping[str, Any]) -> gpd.GeoDataFrame:
    as_json, as_parquet = folder / f"{stem}{GEOJSON}", folder / f"{stem}{GEOPARQUET}"
    if not as_parquet.exists():
        return read_geojson(as_json)
    made_with = about.get(_MADE_WITH)
    recorded = made_with.get(as_json.name) if isinstance(made_with, dict) else None
    if as_json.exists() and recorded != _sha256(as_json):
        # A GeoJSON edited by hand must not be passed over in silence.
        raise GeodataError("core.two_versions", one=as_json.name, other=as_parquet.name)
    return read_geoparquet(as_parquet)


def read_geojson(path: Path) -> gpd.GeoDataFrame:
    """Return one GeoJSON feature collection as a table in EPSG:4326.

    Raises
    ------
    GeodataError
        If the file is missing, is not a feature collection, or a geometry is broken.
    """
    data = _read_json(path)
    features = data.get("features") if data.get("type") == "FeatureCollection" else None
    if not isinstance(features, list):
        raise GeodataError("core.not_geojson", file=path.name)
    for number, feature in enumerate(features, start=1):
        if not isinstance(feature, dict) or not isinstance(feature.get("properties"), dict):
            raise GeodataError("core.bad_feature", file=path.name, row=number)
    rows = pd.DataFrame([feature["properties"] for feature in features])
    geometries = shapes([feature.get("geometry") for feature in features], file=path.name)
    return gpd.GeoDataFrame(rows, geometry=gpd.GeoSeries(geometries, crs=f.CRS), crs=f.CRS)


def write_geojson(table: gpd.GeoDataFrame, path: Path) -> None:
    """One table as GeoJSON, a feature a line, so that a change reads well in a diff."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write('{"type": "FeatureCollection", "features": [\n')
        for number, feature in enumerate(features(table, decimals=COORDINATE_DECIMALS)):
            file.write(f",\n{feature}" if number else feature)
        file.write("\n]}\n")


def _read_json(path: Path) -> dict[str, Any]:
    try:
        data = json.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise GeodataError("core.no_file", file=path.name, folder=path.parent.name) from error
    except (OSError, ValueError, RecursionError) as error:
        raise GeodataError("core.not_json", file=path.name) from error
    if not isinstance(data, dict):
        raise GeodataError("core.not_geojson", file=path.name)
    return data


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
