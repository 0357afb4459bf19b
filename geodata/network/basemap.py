"""The base layers of the map: borders, regions, waters, railway, airports, towns."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import geopandas as gpd

from geodata import schema
from geodata._paths import DATA_FOLDER
from geodata.errors import GeodataError

Layers = dict[str, gpd.GeoDataFrame]

FRAME: Final = (-32.0, -6.0, 24.0, 40.0)
"""West, south, east and north of what the shipped layers show; ``land`` is cut to it."""

WORLD: Final = "world"
LAYER_NAMES: Final = (
    "admin0", "land", "admin1", "rivers", "lakes", "rail", "airports", "towns"
)  # fmt: skip


def read_layers(folder: Path | None = None) -> Layers:
    """Return every base layer by name, in EPSG:4326.

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


def layers_around(bounds: Sequence[float], folder: Path | None = None) -> Layers:
    """Return the layers that lie under a network.

    Parameters
    ----------
    bounds : (west, south, east, north)
        Of the network, in degrees.
    folder : Path, optional
        As for `read_layers`.

    Returns
    -------
    dict of str to GeoDataFrame
        Those of `read_layers` for a network within `FRAME`. For any other, ``admin0`` holds the
        countries of the world, coarsely drawn, and the others hold nothing: what is known of
        West Africa's towns and rivers says nothing about another place.

    Raises
    ------
    GeodataError
        As `read_layers` does.
    """
    layers = read_layers(folder)
    if lies_within(bounds):
        return layers
    elsewhere = {name: layer.iloc[:0] for name, layer in layers.items()}
    return elsewhere | {"admin0": read_layer(WORLD, folder)}


def lies_within(bounds: Sequence[float]) -> bool:
    """Return whether bounds (west, south, east, north) lie within `FRAME`."""
    west, south, east, north = bounds
    return FRAME[0] <= west and FRAME[1] <= south and east <= FRAME[2] and north <= FRAME[3]


def read_layer(name: str, folder: Path | None = None) -> gpd.GeoDataFrame:
    """Return one base layer by name; see `read_layers`."""
    path = (folder or DATA_FOLDER) / f"{name}.geojson"
    if not path.exists():
        raise GeodataError("data.file_missing", file=str(path))
    try:
        layer = gpd.read_file(path)
    except (OSError, ValueError, RuntimeError) as error:
        raise GeodataError("data.file_damaged", file=str(path)) from error
    return layer.to_crs(schema.CRS) if layer.crs else layer.set_crs(schema.CRS)
