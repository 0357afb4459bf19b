"""A network's folder: ``nodes.geojson``, ``segments.geojson`` and, if wanted, ``network.json``."""

import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from geodata import schema as f
from geodata.errors import GeodataError
from geodata.network.geojson import features
from geodata.network.model import Network

NODES_FILE = "nodes.geojson"
SEGMENTS_FILE = "segments.geojson"
ABOUT_FILE = "network.json"
COORDINATE_DECIMALS = 6


def read_network(folder: Path | str) -> Network:
    """Read a network from its folder.

    GeoJSON is read as JSON, never through GDAL, so that a file can only be what it says.

    Raises
    ------
    GeodataError
        If a file is missing, is not GeoJSON in degrees, or a row is at fault.
    """
    folder = Path(folder)
    about: dict[str, Any] = {}
    if (folder / ABOUT_FILE).is_file():
        about = _read_json(folder / ABOUT_FILE)
    return Network(
        read_geojson(folder / NODES_FILE),
        read_geojson(folder / SEGMENTS_FILE),
        focus_country=about.get("focus_country"),
        title=str(about.get("title", folder.name)),
    )


def write_network(network: Network, folder: Path | str) -> None:
    """Write a network to a folder; the same network gives the same bytes."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    write_geojson(network.nodes, folder / NODES_FILE)
    write_geojson(network.segments, folder / SEGMENTS_FILE)
    about = {"title": network.title, "focus_country": network.focus_country}
    text = json.dumps(about, ensure_ascii=False, indent=1) + "\n"
    (folder / ABOUT_FILE).write_text(text, encoding="utf-8")


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
    rows: list[dict[str, Any]] = []
    geometries: list[Any] = []
    for number, feature in enumerate(features, start=1):
        if not isinstance(feature, dict) or not isinstance(feature.get("properties"), dict):
            raise GeodataError("core.bad_feature", file=path.name, row=number)
        rows.append(feature["properties"])
        geometries.append(_shape(feature.get("geometry"), path.name, number))
    return gpd.GeoDataFrame(
        pd.DataFrame(rows), geometry=gpd.GeoSeries(geometries, crs=f.CRS), crs=f.CRS
    )


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


def _shape(geometry: Any, file: str, row: int) -> shapely.Geometry | None:
    if geometry is None:
        return None
    try:
        return shapely.geometry.shape(geometry)
    except (AttributeError, KeyError, TypeError, ValueError, shapely.GEOSException) as error:
        raise GeodataError("core.bad_feature", file=file, row=row) from error
