"""The Dakar-Bamako railway with what is known of its service, by part."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra
from shapely.geometry import LineString, box

from geodata import schema
from geodata.build import tables
from geodata.build.fetch import Archive
from geodata.build.tables import Row, Value

MEMBER: Final = "scgraph_data/world_railways.py"
FRAME: Final = box(-17.6, 12.0, -7.5, 15.5)
DECIMALS: Final = 4


@dataclass(frozen=True)
class Tracks:
    """Junctions and pieces of track inside the frame.

    Parameters
    ----------
    places : array of shape (n, 2)
        Longitude and latitude of each junction in degrees.
    km : sparse array of shape (n, n)
        Length of each piece of track; a piece of no length counts as a metre.
    """

    places: np.ndarray
    km: coo_array


def assigned(source: str, name: str) -> object:
    """Return the value of the literal assigned to ``name`` in Python text, which is not run.

    Raises
    ------
    ValueError
        If no line assigns it, or the value is not a plain literal.
    """
    for line in source.splitlines():
        if line.startswith(f"{name}="):
            return ast.literal_eval(line.removeprefix(f"{name}="))
    raise ValueError(f"the module assigns no {name}")


def tracks(archive: Archive) -> Tracks:
    """Read the packed railways inside the frame."""
    source = archive.read(MEMBER).decode("utf-8")
    lat_lon = np.array(assigned(source, "nodes"), dtype=float)
    west, south, east, north = FRAME.bounds
    inside = (
        (lat_lon[:, 1] >= west)
        & (lat_lon[:, 1] <= east)
        & (lat_lon[:, 0] >= south)
        & (lat_lon[:, 0] <= north)
    )
    rows_inside = np.flatnonzero(inside)
    new = {int(old): index for index, old in enumerate(rows_inside)}
    graph = assigned(source, "graph")
    if not isinstance(graph, list):
        raise ValueError("the packed railways are not a list of neighbours")
    pieces = [
        (new[tail], new[head], max(km, 0.001))
        for tail in new
        for head, km in graph[tail].items()
        if head in new and head != tail
    ]
    rows, columns, km = zip(*pieces, strict=True)
    size = len(rows_inside)
    return Tracks(
        lat_lon[rows_inside][:, ::-1], coo_array((km, (rows, columns)), shape=(size, size))
    )


def line(network: Tracks, start: tuple[float, float], end: tuple[float, float]) -> LineString:
    """Return the shortest path by rail between the junctions nearest to two places (lon, lat)."""
    first, last = (
        int(np.argmin(np.hypot(*(network.places - np.array(place)).T))) for place in (start, end)
    )
    _, before = dijkstra(
        network.km.tocsr(), directed=False, indices=[first], return_predecessors=True
    )
    way = [last]
    while way[-1] != first:
        way.append(int(before[0, way[-1]]))
    return LineString(network.places[way[::-1]])


def features(network: Tracks, parts: list[Row]) -> list[tuple[dict[str, Value], LineString]]:
    """Return each part of the railway with its service, the date of the report and its source."""
    return [
        (
            {
                "part": part["part"],
                schema.COUNTRY: part[schema.COUNTRY],
                schema.NAME: part[schema.NAME_FR],
                schema.NAME_EN: part[schema.NAME_EN],
                schema.NAME_FR: part[schema.NAME_FR],
                "status": part["status"],
                "status_date": part["status_date"],
                schema.SOURCE_NAME: part[schema.SOURCE_NAME],
                schema.SOURCE_URL: part[schema.SOURCE_URL],
                "note": part["note"],
            },
            line(
                network,
                (float(part["from_lon"]), float(part["from_lat"])),
                (float(part["to_lon"]), float(part["to_lat"])),
            ),
        )
        for part in parts
    ]


def write(folder: Path, packages: Mapping[str, Archive]) -> None:
    """Write ``rail.geojson`` into ``folder``."""
    parts = tables.read_table("rail_status.csv")
    tables.write_geojson(
        folder / "rail.geojson", features(tracks(packages["scgraph_data"]), parts), DECIMALS
    )
