"""Land around the study area: the countries beyond those of the network, for maps only.

Without it the map would show sea where the Gambia, Nigeria or Libya lie.
"""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import geopandas as gpd
import pandas as pd
import shapely
from shapely.geometry import box
from shapely.geometry.base import BaseGeometry

from geodata import build_tables, fields
from geodata.build_borders import ADMIN0_MEMBER, COUNTRIES
from geodata.build_fetch import Archive
from geodata.build_tables import Value

FRAME: Final = box(-32, -6, 24, 40)
"""What a map of the whole network may show at its widest."""
TOLERANCE_DEGREES: Final = 0.01
DECIMALS: Final = 3
# Both sides of a border are simplified apart; this strip along it, under the eleven countries
# when drawn, closes the gaps that opens.
STRIP_DEGREES: Final = 0.03


def write(folder: Path, natural_earth: Archive) -> None:
    """Write ``land.geojson`` into ``folder``."""
    with TemporaryDirectory() as passing:
        members = [f"{ADMIN0_MEMBER}.{suffix}" for suffix in ("shp", "shx", "dbf", "prj", "cpg")]
        natural_earth.copy(members, Path(passing))
        table = gpd.read_file(Path(passing) / f"{Path(ADMIN0_MEMBER).name}.shp")
    table = table.sort_values("ADM0_A3")
    inner = table["ADM0_A3"].isin(COUNTRIES)
    border = shapely.union_all(list(table.geometry[inner])).boundary
    around = table[~inner & table.intersects(FRAME)]
    drawn = [_drawn(shape, border) for shape in around.geometry.intersection(FRAME)]
    features = zip((_names(row) for _, row in around.iterrows()), drawn, strict=True)
    build_tables.write_geojson(folder / "land.geojson", features, DECIMALS)


def _drawn(country: BaseGeometry, border: BaseGeometry) -> BaseGeometry:
    simple = country.simplify(TOLERANCE_DEGREES)
    shared = country.boundary.intersection(border.buffer(1e-6))
    joined = simple if shared.is_empty else simple.union(shared.buffer(STRIP_DEGREES, quad_segs=2))
    valid = shapely.make_valid(build_tables.rounded(joined, DECIMALS))
    areas = [part for part in shapely.get_parts(valid) if part.geom_type.endswith("Polygon")]
    return shapely.union_all(areas).normalize()


def _names(row: pd.Series) -> dict[str, Value]:
    return {
        fields.COUNTRY: str(row["ADM0_A3"]),
        fields.NAME: str(row["NAME_FR"]),
        fields.NAME_EN: str(row["NAME_LONG"]),
        fields.NAME_FR: str(row["NAME_FR"]),
    }
