"""The base layers of the map: borders, regions, waters, railway, airports, towns."""

from pathlib import Path
from typing import Final

import geopandas as gpd

from geodata import fields
from geodata.errors import GeodataError

DATA_FOLDER: Final = Path(__file__).parent / "data"
LAYER_NAMES: Final = (
    "admin0", "land", "admin1", "rivers", "lakes", "rail", "airports", "towns"
)  # fmt: skip


def read_layers(folder: Path | None = None) -> dict[str, gpd.GeoDataFrame]:
    """Every base layer by name, in EPSG:4326.

    Parameters
    ----------
    folder : Path, optional
        A folder of ``<name>.geojson``; the shipped data unless given.

    Returns
    -------
    dict of str to GeoDataFrame
        ``admin0``, ``admin1`` and ``land`` (countries around those of the network) polygons;
        ``rivers`` and ``rail`` lines; ``lakes`` polygons;
        ``airports`` and ``towns`` points. Unknown texts are empty; unknown numbers missing.

    Raises
    ------
    GeodataError
        If a file is missing or cannot be read; the message names it and the remedy.
    """
    return {name: read_layer(name, folder) for name in LAYER_NAMES}


def read_layer(name: str, folder: Path | None = None) -> gpd.GeoDataFrame:
    """One base layer by name; see `read_layers`."""
    path = (folder or DATA_FOLDER) / f"{name}.geojson"
    if not path.exists():
        raise GeodataError("data.file_missing", file=str(path))
    try:
        layer = gpd.read_file(path)
    except (OSError, ValueError, RuntimeError) as error:
        raise GeodataError("data.file_damaged", file=str(path)) from error
    return layer.to_crs(fields.CRS) if layer.crs else layer.set_crs(fields.CRS)
