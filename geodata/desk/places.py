"""Where an event happened: places offered for a typed name, a point, a town or a road.

A place is only offered; a person confirms it. Until then the event has no point.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
import shapely

from geodata import schema as f
from geodata.dataset import Dataset
from geodata.events.matching import SEGMENT_LIST_MARK, km_per_degree, nearest_road_km
from geodata.events.vocabulary import LocationPrecision
from geodata.network.names import Names
from geodata.network.search import Hit, HitKind, parse_point, search
from geodata.sanitize import folded

OFFERED: Final = 6


@dataclass(frozen=True)
class Place:
    """A place that an event may have happened at.

    Parameters
    ----------
    name, region : str
    lat, lon : float
        WGS84 degrees.
    population : int or None
        None where it is unknown, and for what is no town.
    road_km : float or None
        Distance to the nearest road of the network.
    node_id : str
        Node of the network; empty elsewhere.
    segment_ids : tuple of str
        Segments, if it is a stretch of road.
    near : str
        Nearest town of a point that has no name.
    near_km : float
    """

    name: str
    region: str
    lat: float
    lon: float
    population: int | None = None
    road_km: float | None = None
    node_id: str = ""
    segment_ids: tuple[str, ...] = ()
    near: str = ""
    near_km: float = 0.0

    def values(self) -> dict[str, str]:
        """Return what an event at this place says of where it happened."""
        kind = LocationPrecision.SEGMENT if self.segment_ids else LocationPrecision.TOWN
        return {
            f.PLACE: self.name or self.near,
            f.REGION: self.region,
            f.LAT: repr(round(self.lat, 5)),
            f.LON: repr(round(self.lon, 5)),
            f.NODE_ID: self.node_id,
            f.SEGMENT_IDS: SEGMENT_LIST_MARK.join(self.segment_ids),
            f.LOCATION_PRECISION: kind.value,
        }


def unplaced_values(name: str, region: str = "") -> dict[str, str]:
    """Return what an event says of a place that nobody has chosen: its name, and no point."""
    blank = dict.fromkeys((f.LAT, f.LON, f.NODE_ID, f.SEGMENT_IDS), "")
    known = {f.PLACE: name, f.REGION: region, f.LOCATION_PRECISION: LocationPrecision.REGION.value}
    return {**blank, **known}


def places_named(dataset: Dataset, query: str, *, limit: int = OFFERED) -> tuple[Place, ...]:
    """Return the places that typed words may mean, the best first; none is chosen.

    Parameters
    ----------
    dataset : Dataset
    query : str
        A name in any spelling, a road number, or coordinates.
    limit : int

    Returns
    -------
    tuple of Place
        Places of the network before other towns of its ground.
    """
    point = parse_point(query)
    if point is not None:
        return (place_at(dataset, *point),)
    if not query.strip():
        return ()
    places = [_of_hit(dataset, hit) for hit in search(dataset.network, query, limit=limit)]
    here = {each.node_id for each in places if each.node_id}
    towns = dataset.layers.get("towns")
    if towns is not None:
        others = [row for row in _towns_named(towns, query) if row[f.NODE_ID] not in here]
        places += [_of_town(dataset, row) for row in others]
    return tuple(places[:limit])


def place_at(dataset: Dataset, lat: float, lon: float) -> Place:
    """Return the place of a point: its region, the nearest town and the nearest road."""
    near, km = _nearest_town(dataset, lat, lon)
    road = nearest_road_km(dataset.network, lat, lon)
    return Place(
        "", _region(dataset, lat, lon), lat, lon, road_km=road, near=near, near_km=round(km, 1)
    )


def place_of_node(dataset: Dataset, node_id: str) -> Place:
    """Return the place of a node of the network."""
    network = dataset.network
    node = network.nodes.iloc[network.node_number[node_id]]
    point = node[f.GEOMETRY]
    region = node[f.ADMIN1] if isinstance(node[f.ADMIN1], str) else ""
    name = Names(network).node(node_id)
    people = _people(node[f.POPULATION])
    road = nearest_road_km(network, point.y, point.x)
    return Place(name, region, point.y, point.x, people, road, node_id)


def place_of_segment(dataset: Dataset, segment_id: str) -> Place:
    """Return the place of a segment: its middle."""
    network = dataset.network
    line = network.segments.geometry.iloc[network.segment_number[segment_id]]
    middle = line.interpolate(0.5, normalized=True)
    return _of_road(dataset, Names(network).segment(segment_id), (segment_id,), middle)


def place_of_event(dataset: Dataset, values: dict[str, str]) -> Place | None:
    """Return the place that an event's values name; None without a point.

    People and the way to the road are those of its node, which the values do not hold.
    """
    if not (values.get(f.LAT) and values.get(f.LON)):
        return None
    node = values.get(f.NODE_ID, "")
    known = place_of_node(dataset, node) if node in dataset.network.node_number else None
    segments = tuple(s for s in values.get(f.SEGMENT_IDS, "").split(SEGMENT_LIST_MARK) if s)
    return Place(
        values.get(f.PLACE, ""),
        values.get(f.REGION, ""),
        float(values[f.LAT]),
        float(values[f.LON]),
        population=known.population if known else None,
        road_km=known.road_km if known else None,
        node_id=node,
        segment_ids=segments,
    )


def _of_hit(dataset: Dataset, hit: Hit) -> Place:
    if hit.kind == HitKind.NODE:
        return place_of_node(dataset, hit.id)
    return _of_road(dataset, hit.name, hit.segment_ids, shapely.Point(hit.lon, hit.lat))


def _of_road(
    dataset: Dataset, name: str, segment_ids: tuple[str, ...], middle: shapely.Point
) -> Place:
    region = _region(dataset, middle.y, middle.x)
    return Place(name, region, middle.y, middle.x, road_km=0.0, segment_ids=segment_ids)


def _towns_named(towns: pd.DataFrame, query: str) -> list[dict[Any, Any]]:
    """Return the towns that have a name like it: the same first, then by people."""
    wanted = folded(query)
    ranked = []
    for row in towns.to_dict("records"):
        others = row[f.ALT_NAMES] if isinstance(row[f.ALT_NAMES], str) else ""
        names = [folded(each) for each in (str(row[f.NAME]), *others.split(";"))]
        if any(name.startswith(wanted) for name in names if name):
            ranked.append((wanted not in names, -(_people(row[f.POPULATION]) or 0), row))
    return [row for *_, row in sorted(ranked, key=lambda each: each[:2])]


def _of_town(dataset: Dataset, row: dict[Any, Any]) -> Place:
    point = row[f.GEOMETRY]
    region = row[f.ADMIN1] if isinstance(row[f.ADMIN1], str) else str(row[f.COUNTRY])
    road = nearest_road_km(dataset.network, point.y, point.x)
    people = _people(row[f.POPULATION])
    return Place(str(row[f.NAME]), region, point.y, point.x, people, road)


def _nearest_town(dataset: Dataset, lat: float, lon: float) -> tuple[str, float]:
    """Return the nearest town and its distance in km, on the plane that touches at the point."""
    towns = dataset.layers.get("towns")
    if towns is None or not len(towns):
        nodes = dataset.network.nodes
        towns = nodes[nodes[f.NODE_ID].isin(dataset.network.towns)]
    if not len(towns):
        return "", 0.0
    apart = (shapely.get_coordinates(towns.geometry) - (lon, lat)) * km_per_degree(lat)
    km = np.hypot(*apart.T)
    return str(towns[f.NAME].iloc[int(km.argmin())]), float(km.min())


def _region(dataset: Dataset, lat: float, lon: float) -> str:
    regions = dataset.layers.get("admin1")
    if regions is None:
        return ""
    inside = regions[regions.geometry.contains(shapely.Point(lon, lat))]
    return str(inside[f.NAME].iloc[0]) if len(inside) else ""


def _people(value: object) -> int | None:
    return None if pd.isna(value) else int(value)  # type: ignore[call-overload]
