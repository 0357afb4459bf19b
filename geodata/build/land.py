"""Land around the study area: the countries beyond those of the network, for maps only.

Without it the map would show sea where the Gambia, Nigeria or Libya lie.
"""

from pathlib import Path
from typing import Final

import shapely
from shapely.geometry import box
from shapely.geometry.base import BaseGeometry

from geodata.build import tables
from geodata.build.boundaries import COUNTRIES, all_countries, names
from geodata.build.fetch import Archive
from geodata.network.basemap import FRAME

SHOWN: Final = box(*FRAME)
TOLERANCE_DEGREES: Final = 0.01
DECIMALS: Final = 3
# Both sides of a border are simplified apart; this strip along it, under the eleven countries
# when drawn, closes the gaps that opens.
STRIP_DEGREES: Final = 0.03


def write(folder: Path, natural_earth: Archive) -> None:
    """Write ``land.geojson`` into ``folder``."""
    table = all_countries(natural_earth)
    inner = table["ADM0_A3"].isin(COUNTRIES)
    border = shapely.union_all(list(table.geometry[inner])).boundary
    around = table[~inner & table.intersects(SHOWN)]
    drawn = [_drawn(shape, border) for shape in around.geometry.intersection(SHOWN)]
    features = zip((names(row) for _, row in around.iterrows()), drawn, strict=True)
    tables.write_geojson(folder / "land.geojson", features, DECIMALS)


def _drawn(country: BaseGeometry, border: BaseGeometry) -> BaseGeometry:
    simple = country.simplify(TOLERANCE_DEGREES)
    shared = country.boundary.intersection(border.buffer(1e-6))
    joined = simple if shared.is_empty else simple.union(shared.buffer(STRIP_DEGREES, quad_segs=2))
    valid = shapely.make_valid(tables.rounded(joined, DECIMALS))
    areas = [part for part in shapely.get_parts(valid) if part.geom_type.endswith("Polygon")]
    return shapely.union_all(areas).normalize()
