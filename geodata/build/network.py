"""The shipped corridor network, from the tables of nodes and road segments."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from pyproj import Geod
from shapely.geometry import LineString, Point

from geodata import schema
from geodata.build import tables
from geodata.build.tables import Row, Value

FOCUS_COUNTRY: Final = "MLI"
TITLE: Final = "Fuel corridors of Mali from the ports, with the roads that join its towns"
SUPPLIED_INLAND: Final = frozenset({"niamey", "bordj-badji-mokhtar"})
DECIMALS: Final = 5

_GEOD: Final = Geod(ellps="WGS84")
_BRIDGE: Final = re.compile(r"\bbridges?\b")
_NO_BRIDGE: Final = re.compile(r"\b(?:without a|no \w+) bridge\b")


def nodes(rows: Iterable[Row]) -> list[tuple[dict[str, Value], Point]]:
    """Return the nodes in order of id, with what the network's readers ask for.

    An empty population stays unknown (None), never 0. Supply points are the ports and the
    two inland sources: Niamey (fuel of Niger's refinery) and Bordj Badji Mokhtar (Algeria).
    """
    return [
        (_node_properties(row), Point(float(row[schema.LON]), float(row[schema.LAT])))
        for row in sorted(rows, key=lambda row: row[schema.NODE_ID])
    ]


def _node_properties(row: Row) -> dict[str, Value]:
    known = bool(row[schema.POPULATION])
    return {
        schema.NODE_ID: row[schema.NODE_ID],
        schema.NAME: row[schema.NAME],
        schema.KIND: row[schema.KIND],
        schema.COUNTRY: row[schema.COUNTRY],
        schema.ADMIN1: row["admin1_old"],
        schema.ADMIN1_2023: row[schema.ADMIN1_2023],
        schema.POPULATION: int(row[schema.POPULATION]) if known else None,
        schema.POPULATION_YEAR: int(row["pop_year"]) if row["pop_year"] else None,
        schema.POPULATION_SOURCE: row["pop_source"] if known else "",
        schema.SUPPLY_POINT: row[schema.KIND] == "port" or row[schema.NODE_ID] in SUPPLIED_INLAND,
        schema.COORD_SOURCE: row[schema.COORD_SOURCE],
        schema.ALT_NAMES: row[schema.ALT_NAMES],
        schema.NOTES: row[schema.NOTES],
    }


def via_points(text: str) -> list[tuple[str, float, float]]:
    """Name, longitude and latitude of each via point of ``name@lat,lon; name@lat,lon``."""
    points = []
    for part in filter(None, (part.strip() for part in text.split(";"))):
        name, _, place = part.rpartition("@")
        lat, lon = place.split(",")
        points.append((name.strip(), float(lon), float(lat)))
    return points


def drawn_km(line: LineString) -> float:
    """Return the length of ``line`` on the WGS84 ellipsoid in kilometres, to 0.1 km."""
    return float(round(_GEOD.geometry_length(line) / 1000, 1))


def names_bridge(crossing_notes: str) -> bool:
    """Return whether the notes name a bridge, and not only the lack of one."""
    return bool(_BRIDGE.search(_NO_BRIDGE.sub("", crossing_notes)))


def segments(
    rows: Iterable[Row], places: dict[str, Point]
) -> list[tuple[dict[str, Value], LineString]]:
    """Return road segments in order of id, each drawn from node to node through its via points."""
    features = []
    for row in sorted(rows, key=lambda row: row[schema.SEGMENT_ID]):
        via = [(lon, lat) for _, lon, lat in via_points(row[schema.VIA])]
        ends = places[row[schema.FROM_NODE]], places[row[schema.TO_NODE]]
        line = LineString([(ends[0].x, ends[0].y), *via, (ends[1].x, ends[1].y)])
        features.append((_segment_properties(row, line), line))
    return features


def _segment_properties(row: Row, line: LineString) -> dict[str, Value]:
    columns = (
        schema.SEGMENT_ID,
        schema.FROM_NODE,
        schema.TO_NODE,
        schema.LENGTH_KM,
        schema.TANKER,
        schema.ROAD_REF,
        schema.ROAD_CLASS,
        schema.SURFACE,
        schema.LENGTH_BASIS,
        schema.VIA,
        schema.VIA_SOURCE,
        schema.CORRIDORS,
        schema.CROSSING_NOTES,
        schema.SOURCE,
        schema.CONFIDENCE,
        schema.NOTES,
    )
    return {
        **{column: row[column] for column in columns},
        schema.LENGTH_KM: float(row[schema.LENGTH_KM]),
        schema.BRIDGE_STRUCTURE: names_bridge(row[schema.CROSSING_NOTES]),
        schema.DRAWN_KM: drawn_km(line),
    }


def write(folder: Path, node_rows: Iterable[Row], segment_rows: Iterable[Row]) -> None:
    """Write ``nodes.geojson``, ``segments.geojson`` and ``network.json`` into ``folder``."""
    node_features = nodes(node_rows)
    places = {str(properties[schema.NODE_ID]): point for properties, point in node_features}
    tables.write_geojson(folder / "nodes.geojson", node_features, DECIMALS)
    tables.write_geojson(folder / "segments.geojson", segments(segment_rows, places), DECIMALS)
    tables.write_json(folder / "network.json", {"title": TITLE, "focus_country": FOCUS_COUNTRY})
