"""Ways on the road tables: shortest stretches, points along them, published distances."""

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra
from shapely.geometry import LineString, Point

from geodata import schema
from geodata.build import network as build_network
from geodata.build import tables
from geodata.build.tables import Row, Value

TOLERANCE_PERCENT: Final = 5.0
PASSABLE: Final = {
    schema.Vehicle.ANY: {"yes", "seasonal", "no"},
    schema.Vehicle.TANKER: {"yes", "seasonal"},
    schema.Vehicle.TANKER_ALL_YEAR: {"yes"},
}
DISTANCE_COLUMNS: Final = (
    schema.FROM_NODE,
    schema.TO_NODE,
    schema.VIA,
    "vehicle",
    "published_km",
    "network_km",
    "difference_percent",
    schema.SOURCE,
    "independent",
    "comment",
    "exception",
)


@dataclass(frozen=True)
class Roads:
    """Nodes and segments of the network, keyed by id.

    Parameters
    ----------
    points, admin1 : mapping of node id
        Place and old region of each node.
    ends, lengths, tanker, lines : mapping of segment id
        Both nodes, kilometres, whether tankers pass (yes, seasonal, no), drawn line.
    """

    points: Mapping[str, Point]
    admin1: Mapping[str, str]
    ends: Mapping[str, tuple[str, str]]
    lengths: Mapping[str, float]
    tanker: Mapping[str, str]
    lines: Mapping[str, LineString]


def roads(node_rows: list[Row], segment_rows: list[Row]) -> Roads:
    """Join the tables of nodes and segments into one value."""
    points = {
        str(properties[schema.NODE_ID]): point
        for properties, point in build_network.nodes(node_rows)
    }
    by_id = {row[schema.SEGMENT_ID]: row for row in segment_rows}
    return Roads(
        points=points,
        admin1={row[schema.NODE_ID]: row["admin1_old"] for row in node_rows},
        ends={key: (row[schema.FROM_NODE], row[schema.TO_NODE]) for key, row in by_id.items()},
        lengths={key: float(row[schema.LENGTH_KM]) for key, row in by_id.items()},
        tanker={key: row[schema.TANKER] for key, row in by_id.items()},
        lines={
            str(properties[schema.SEGMENT_ID]): line
            for properties, line in build_network.segments(segment_rows, points)
        },
    )


def stretch(
    network: Roads, start: str, end: str, vehicle: schema.Vehicle = schema.Vehicle.ANY
) -> list[str]:
    """Return the segments of the shortest path from ``start`` to ``end`` by kilometres, in order.

    Parameters
    ----------
    vehicle : Vehicle
        Leaves out segments that it cannot use.

    Raises
    ------
    ValueError
        If there is no path.
    """
    names = sorted(network.points)
    place = {name: index for index, name in enumerate(names)}
    ids = [key for key in sorted(network.ends) if network.tanker[key] in PASSABLE[vehicle]]
    tail = np.array([place[network.ends[key][0]] for key in ids])
    head = np.array([place[network.ends[key][1]] for key in ids])
    km = np.array([network.lengths[key] for key in ids])
    graph = coo_array((km, (tail, head)), shape=(len(names), len(names))).tocsr()
    _, before = dijkstra(graph, directed=False, indices=[place[start]], return_predecessors=True)
    between = {frozenset(network.ends[key]): key for key in ids}
    way, here = [], place[end]
    while here != place[start]:
        if before[0, here] < 0:
            raise ValueError(f"no way from {start} to {end}")
        way.append(between[frozenset((names[here], names[before[0, here]]))])
        here = int(before[0, here])
    return way[::-1]


def along(network: Roads, start: str, way: list[str], km: float) -> Point:
    """Point ``km`` of road from ``start`` along the segments of ``way``.

    Road kilometres are spread evenly over each drawn line, which is shorter.
    """
    here = start
    for segment in way:
        line = network.lines[segment]
        tail, head = network.ends[segment]
        if tail != here:
            line = line.reverse()
        if km <= network.lengths[segment]:
            return line.interpolate(km / network.lengths[segment], normalized=True)
        km -= network.lengths[segment]
        here = head if tail == here else tail
    return network.points[here]


def compared(network: Roads, published: Iterable[Row]) -> list[dict[str, Value]]:
    """Set published distances beside the network's own.

    Raises
    ------
    ValueError
        If a distance is off by more than `TOLERANCE_PERCENT` and no exception says why.
    """
    table: list[dict[str, Value]] = []
    for row in published:
        stops = [row[schema.FROM_NODE], *filter(None, [row[schema.VIA]]), row[schema.TO_NODE]]
        vehicle = schema.Vehicle(row["vehicle"])
        km = sum(
            network.lengths[segment]
            for start, end in itertools.pairwise(stops)
            for segment in stretch(network, start, end, vehicle)
        )
        difference = round(100 * (km / float(row["published_km"]) - 1), 1)
        if abs(difference) > TOLERANCE_PERCENT and not row["exception"]:
            raise ValueError(f"{stops[0]} to {stops[-1]}: {km:.1f} km is off by {difference} %")
        table.append({**row, "network_km": round(km, 1), "difference_percent": difference})
    return table


def write(folder: Path, network: Roads) -> None:
    """Write ``published_distances.csv`` into ``folder``."""
    published = tables.read_table("published_distances.csv")
    tables.write_table(
        folder / "published_distances.csv", DISTANCE_COLUMNS, compared(network, published)
    )
