"""The shipped corridor network, from the tables of nodes and road segments."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from pyproj import Geod
from shapely.geometry import LineString, Point

from geodata import build_tables, fields
from geodata.build_tables import Row, Value

FOCUS_COUNTRY: Final = "MLI"
TITLE: Final = "Fuel corridors of Mali from the ports, with the roads that join its towns"
SUPPLIED_INLAND: Final = frozenset({"niamey", "bordj-badji-mokhtar"})
DECIMALS: Final = 5

_GEOD: Final = Geod(ellps="WGS84")
_BRIDGE: Final = re.compile(r"\bbridges?\b")
_NO_BRIDGE: Final = re.compile(r"\b(?:without a|no \w+) bridge\b")


def nodes(rows: Iterable[Row]) -> list[tuple[dict[str, Value], Point]]:
    """Nodes in order of id, with what the network's readers ask for.

    An empty population stays unknown (None), never 0. Supply points are the ports and the
    two inland sources: Niamey (fuel of Niger's refinery) and Bordj Badji Mokhtar (Algeria).
    """
    return [
        (_node_properties(row), Point(float(row[fields.LON]), float(row[fields.LAT])))
        for row in sorted(rows, key=lambda row: row[fields.NODE_ID])
    ]


def _node_properties(row: Row) -> dict[str, Value]:
    known = bool(row[fields.POPULATION])
    return {
        fields.NODE_ID: row[fields.NODE_ID],
        fields.NAME: row[fields.NAME],
        fields.KIND: row[fields.KIND],
        fields.COUNTRY: row[fields.COUNTRY],
        fields.ADMIN1: row["admin1_old"],
        fields.ADMIN1_2023: row[fields.ADMIN1_2023],
        fields.POPULATION: int(row[fields.POPULATION]) if known else None,
        fields.POPULATION_YEAR: int(row["pop_year"]) if row["pop_year"] else None,
        fields.POPULATION_SOURCE: row["pop_source"] if known else "",
        fields.SUPPLY_POINT: row[fields.KIND] == "port" or row[fields.NODE_ID] in SUPPLIED_INLAND,
        fields.COORD_SOURCE: row[fields.COORD_SOURCE],
        fields.ALT_NAMES: row[fields.ALT_NAMES],
        fields.NOTES: row[fields.NOTES],
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
    """Length of ``line`` on the WGS84 ellipsoid in kilometres, to 0.1 km."""
    return float(round(_GEOD.geometry_length(line) / 1000, 1))


def names_bridge(crossing_notes: str) -> bool:
    """Whether the notes name a bridge, and not only the lack of one."""
    return bool(_BRIDGE.search(_NO_BRIDGE.sub("", crossing_notes)))


def segments(
    rows: Iterable[Row], places: dict[str, Point]
) -> list[tuple[dict[str, Value], LineString]]:
    """Road segments in order of id, each drawn from node to node through its via points."""
    features = []
    for row in sorted(rows, key=lambda row: row[fields.SEGMENT_ID]):
        via = [(lon, lat) for _, lon, lat in via_points(row[fields.VIA])]
        ends = places[row[fields.FROM_NODE]], places[row[fields.TO_NODE]]
        line = LineString([(ends[0].x, ends[0].y), *via, (ends[1].x, ends[1].y)])
        features.append((_segment_properties(row, line), line))
    return features


def _segment_properties(row: Row, line: LineString) -> dict[str, Value]:
    kept = (
        fields.SEGMENT_ID,
        fields.FROM_NODE,
        fields.TO_NODE,
        fields.LENGTH_KM,
        fields.TANKER,
        fields.ROAD_REF,
        fields.ROAD_CLASS,
        fields.SURFACE,
        fields.LENGTH_BASIS,
        fields.VIA,
        fields.VIA_SOURCE,
        fields.CORRIDORS,
        fields.CROSSING_NOTES,
        fields.SOURCE,
        fields.CONFIDENCE,
        fields.NOTES,
    )
    return {
        **{column: row[column] for column in kept},
        fields.LENGTH_KM: float(row[fields.LENGTH_KM]),
        fields.BRIDGE_STRUCTURE: names_bridge(row[fields.CROSSING_NOTES]),
        fields.DRAWN_KM: drawn_km(line),
    }


def write(folder: Path, node_rows: Iterable[Row], segment_rows: Iterable[Row]) -> None:
    """Write ``nodes.geojson``, ``segments.geojson`` and ``network.json`` into ``folder``."""
    node_features = nodes(node_rows)
    places = {str(properties[fields.NODE_ID]): point for properties, point in node_features}
    build_tables.write_geojson(folder / "nodes.geojson", node_features, DECIMALS)
    build_tables.write_geojson(
        folder / "segments.geojson", segments(segment_rows, places), DECIMALS
    )
    build_tables.write_json(
        folder / "network.json", {"title": TITLE, "focus_country": FOCUS_COUNTRY}
    )
