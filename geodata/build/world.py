"""Countries of the world, coarsely: the ground of maps of networks from elsewhere."""

from pathlib import Path
from typing import Final

import shapely
from shapely.geometry.base import BaseGeometry

from geodata.build import tables
from geodata.build.boundaries import all_countries, names
from geodata.build.fetch import Archive

TOLERANCE_DEGREES: Final = 0.07
"""Side of the area by which a border may differ: a few pixels where a country fills the map."""

LEAST_ISLAND: Final = 0.02
"""Square degrees, some 250 km2 at the equator; a country keeps its largest part in any case."""

WITHOUT_ROADS: Final = ("ATA",)
DECIMALS: Final = 2


def write(folder: Path, natural_earth: Archive) -> None:
    """Write ``world.geojson`` into ``folder``."""
    table = all_countries(natural_earth)
    table = table[~table["ADM0_A3"].isin(WITHOUT_ROADS)]
    # Together, so that neighbours keep one border between them.
    simple = shapely.coverage_simplify(table.geometry.to_numpy(), TOLERANCE_DEGREES)
    drawn = zip((names(row) for _, row in table.iterrows()), map(_drawn, simple), strict=True)
    visible = [(properties, shape) for properties, shape in drawn if not shape.is_empty]
    tables.write_geojson(folder / "world.geojson", visible, DECIMALS)


def _drawn(country: BaseGeometry) -> BaseGeometry:
    """Return a country without small islands; empty if it is too small to be drawn at all."""
    parts = shapely.get_parts(shapely.set_precision(country, 10.0**-DECIMALS))
    largest = max((part.area for part in parts), default=0.0)
    islands = [part for part in parts if part.area >= min(largest, LEAST_ISLAND)]
    return shapely.union_all(islands).normalize()
