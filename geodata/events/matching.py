"""Which segments an event concerns, and how far they lie from it.

An event is matched with the roads of the corridor that it names, or else against all roads, but
never beyond the reach that its precision allows; what lies farther is reported, not snapped.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain
from typing import Any, Final

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geodata import schema as f
from geodata.cached import cached_property
from geodata.events.corridors import ALL_IMPORT_CORRIDORS, NO_CORRIDOR, Corridors
from geodata.events.rules import Rules
from geodata.events.table import cells
from geodata.events.vocabulary import DatePrecision, Effect, EventType, LocationPrecision
from geodata.network.model import Network

AT_ONCE: Final = 200
"""Events whose distances are computed together: more would take memory and save no time."""

DECISIVE: Final = (
    f.MAY_CLOSE, f.EVENT_TYPE, f.EFFECT, f.APPLIES_TO, f.DATE_PRECISION, f.CORRIDOR,
    f.LOCATION_PRECISION, f.SEGMENT_IDS, f.NODE_ID, f.LAT, f.LON,
)  # fmt: skip
"""What decides which segments an event concerns, beside whether it has an end."""

LASTS: Final = "lasts"
READ: Final = (*DECISIVE, LASTS)

DECLARED: Final = frozenset({EventType.BLOCKADE, EventType.SIEGE})
Floats = NDArray[np.float64]

SEGMENT_LIST_MARK: Final = ";"
# Semi-major axis in km and first eccentricity squared of the WGS84 ellipsoid (NIMA TR8350.2).
EARTH_KM: Final = 6378.137
ECCENTRICITY_SQUARED: Final = 6.69437999014e-3


class MatchBasis(StrEnum):
    """Why a segment is taken to be concerned."""

    STRETCH = "stretch"
    APPROACH = "approach"
    NEAREST = "nearest"
    CROSSING = "crossing"
    IMPORTS = "imports"
    CORRIDOR = "corridor"


class Unplaced(StrEnum):
    """Why an event concerns no segment."""

    REGION_ONLY = "region_only"
    OUT_OF_REACH = "out_of_reach"
    NOT_IN_USE = "not_in_use"
    NO_BEARING = "no_bearing"


@dataclass(frozen=True, slots=True)
class Match:
    """One segment that an event concerns, with the event's row in its table."""

    event: int
    segment: int
    distance_km: float
    basis: MatchBasis


@dataclass(frozen=True)
class Matches:
    """What a table of events concerns.

    Parameters
    ----------
    touches : tuple of Touch
    unplaced : dict of int to (Unplaced, float or None)
        Row of each event that concerns no segment, why, and the distance to the nearest road
        in km where that is the reason.
    """

    touches: tuple[Match, ...]
    unplaced: dict[int, tuple[Unplaced, float | None]]


def match_events(
    network: Network, events: pd.DataFrame, corridors: Corridors, rules: Rules
) -> Matches:
    """Find the segments that each event concerns; events that say the same are matched once.

    Parameters
    ----------
    network : Network
    events : DataFrame
        Events in the columns of `geodata.events.table`.
    corridors : Corridors
        What corridor names mean on this network.
    rules : Rules

    Returns
    -------
    Reach
        Distances in km on the WGS84 ellipsoid, in the plane that touches it at the event; for
        the few kilometres that count here its error is under one part in a thousand.
    """
    roads = _Roads(network)
    columns = [cells(events[name]) for name in DECISIVE]
    columns.append([end is not None for end in cells(events[f.END_DATE])])
    alike: dict[tuple[Any, ...], list[int]] = {}
    for row, same in enumerate(zip(*columns, strict=True)):
        alike.setdefault(same, []).append(row)
    groups = list(alike.items())
    touches: list[list[Match]] = [[]] * len(events)
    unplaced: dict[int, tuple[Unplaced, float | None]] = {}
    for first in range(0, len(groups), AT_ONCE):
        part = groups[first : first + AT_ONCE]
        matchers = [
            _EventMatcher(network, corridors, rules, dict(zip(READ, same, strict=True)))
            for same, _ in part
        ]
        for (_, rows), (segments, why, km) in zip(part, _matched(matchers, roads), strict=True):
            if segments:
                near = sorted(segments.items())
                for row in rows:
                    touches[row] = [Match(row, s, *at) for s, at in near]
            if why is not None:
                unplaced.update(dict.fromkeys(rows, (why, km)))
    return Matches(tuple(chain.from_iterable(touches)), dict(sorted(unplaced.items())))


Distances = dict[int, tuple[float, MatchBasis]]
Found = tuple[Distances, Unplaced | None, float | None]
"""Segments with distance and basis; if there are none, why, and how far the nearest road is."""


def _matched(matchers: Sequence["_EventMatcher"], roads: "_Roads") -> list[Found]:
    """Return what each event concerns; distances of all are computed together."""
    found = [matcher.by_name() for matcher in matchers]
    others = [matcher for matcher, named in zip(matchers, found, strict=True) if named is None]
    points = np.array([matcher.point for matcher in others], float).reshape(-1, 2)
    around = roads.within(points, np.array([matcher.widest_km for matcher in others], float))
    near = [matcher.among(segments) for matcher, segments in zip(others, around, strict=True)]
    far = iter(roads.nearest_km(points[[not segments for segments in near]]))
    placed: Iterator[Found] = (
        (segments, None, None) if segments else ({}, Unplaced.OUT_OF_REACH, next(far))
        for segments in near
    )
    return [next(placed) if named is None else named for named in found]


@dataclass(frozen=True)
class _EventMatcher:
    """One event matched with the roads."""

    network: Network
    corridors: Corridors
    rules: Rules
    event: dict[Any, Any]

    def by_name(self) -> Found | None:
        """Return what the event concerns; None where the distance of the roads decides."""
        if not self.event[f.MAY_CLOSE]:
            return {}, Unplaced.NOT_IN_USE, None
        kind = self.event[f.EVENT_TYPE]
        if kind == EventType.CONVOY_ARRIVAL:
            way = self.corridors.convoy_way(self.event[f.CORRIDOR], self._node())
            return self._all(way, MatchBasis.CORRIDOR), None if way else Unplaced.NO_BEARING, None
        if self.event[f.LOCATION_PRECISION] == LocationPrecision.REGION:
            segments = self._region_wide()
            return segments, None if segments else Unplaced.REGION_ONLY, None
        if kind == EventType.POLICY and not self._policy_bears_on_a_road():
            return {}, Unplaced.NO_BEARING, None
        return self._placed()

    def _region_wide(self) -> Distances:
        """Return roads of an event without a place: only what it declares of a named corridor."""
        event = self.event
        declares = event[f.EVENT_TYPE] in DECLARED and event[f.DATE_PRECISION] == DatePrecision.DAY
        lifts = event[f.EVENT_TYPE] == EventType.BLOCKADE_LIFTED and (
            event[f.EFFECT] == Effect.OPEN or event[LASTS]
        )
        if not declares and not lifts:
            return {}
        if event[f.CORRIDOR] == ALL_IMPORT_CORRIDORS:
            ways = self.corridors.imports(self.rules.banned_countries)
            return self._all(ways, MatchBasis.IMPORTS)
        return self._all(self._named(), MatchBasis.CORRIDOR)

    def _policy_bears_on_a_road(self) -> bool:
        """Whether a decision is one about a road or a crossing, not about a town or a market."""
        effect = self.event[f.EFFECT]
        if effect == Effect.CLOSED:
            return True
        if effect != Effect.RESTRICTED:
            return False
        return self.event[f.LOCATION_PRECISION] == LocationPrecision.SEGMENT or self._at_crossing()

    def _at_crossing(self) -> bool:
        node = self._node()
        return (
            node is not None
            and self.network.nodes[f.KIND].iloc[node] == "border_crossing"
            and self.event[f.APPLIES_TO] == "fuel"
        )

    def _placed(self) -> Found | None:
        """Return the roads that an event with a place names itself."""
        number = self.network.segment_number
        listed = [i.strip() for i in self.event[f.SEGMENT_IDS].split(SEGMENT_LIST_MARK)]
        stretch = {number[i] for i in listed if i in number}
        node = self._node()
        if stretch:
            return self._all(stretch, MatchBasis.STRETCH), None, None
        if node is not None and self._is_policy_on_crossing():
            return self._at_border(node), None, None
        return ({}, Unplaced.OUT_OF_REACH, None) if self.point is None else None

    @property
    def widest_km(self) -> float:
        """How far a road may be that the event concerns."""
        return max(self._limit(), self.rules.approach_km)

    def among(self, near: dict[int, float]) -> Distances:
        """Return the roads near an event: all roads into a town, or the nearest within reach.

        Parameters
        ----------
        near : dict of int to float
            Distance in km of each segment up to `widest_km` from `point`.
        """
        if self._surrounds():
            distances = {
                s: (km, MatchBasis.APPROACH)
                for s, km in near.items()
                if km <= self.rules.approach_km
            }
            if distances:
                return distances
        limit, named = self._limit(), self._named()
        near = {s: km for s, km in near.items() if km <= limit}
        chosen = {s: km for s, km in near.items() if s in named} or near
        edge = min(chosen.values(), default=0.0) + self.rules.same_distance_km
        return {s: (km, MatchBasis.NEAREST) for s, km in chosen.items() if km <= edge}

    def _surrounds(self) -> bool:
        return (
            self.event[f.EVENT_TYPE] in DECLARED | {EventType.BLOCKADE_LIFTED}
            and self.event[f.LOCATION_PRECISION] == LocationPrecision.TOWN
        )

    def _is_policy_on_crossing(self) -> bool:
        return self.event[f.EVENT_TYPE] == EventType.POLICY and self._at_crossing()

    def _at_border(self, node: int) -> Distances:
        """Return the segments that cross the border at a node, or else all of its segments."""
        own = {
            s
            for s in range(len(self.network.segment_ids))
            if node in (self.network.tail[s], self.network.head[s])
        }
        countries = frozenset(self.corridors.foreign) - {""}
        return self._all(own & self.corridors.crossings(countries) or own, MatchBasis.CROSSING)

    def _limit(self) -> float:
        if self.event[f.LOCATION_PRECISION] == LocationPrecision.SEGMENT:
            return self.rules.reach_segment_km
        return self.rules.reach_town_km

    def _named(self) -> frozenset[int]:
        name = self.event[f.CORRIDOR]
        if name == NO_CORRIDOR:
            return frozenset()
        return frozenset(self.corridors.segments.get(name, ()))

    def _node(self) -> int | None:
        return self.network.node_number.get(self.event[f.NODE_ID])

    @cached_property
    def point(self) -> tuple[float, float] | None:
        """Longitude and latitude of the event."""
        node = self._node()
        if node is not None:
            return _position(self.network, node)
        lon, lat = self.event[f.LON], self.event[f.LAT]
        return None if pd.isna(lon) or pd.isna(lat) else (float(lon), float(lat))

    @staticmethod
    def _all(segments: Any, basis: MatchBasis) -> Distances:
        return {s: (0.0, basis) for s in segments}


@dataclass(frozen=True)
class _Roads:
    """The lines of a network, found by distance in km."""

    network: Network

    @cached_property
    def lines(self) -> NDArray[np.object_]:
        lines: NDArray[np.object_] = self.network.segments.geometry.to_numpy()
        return lines

    @cached_property
    def tree(self) -> shapely.STRtree:
        return shapely.STRtree(self.lines)

    def within(self, points: Floats, km: Floats) -> list[dict[int, float]]:
        """Return the segments no farther than so many km from each point, with their distance.

        Parameters
        ----------
        points : array of float, shape (n, 2)
            Longitude and latitude.
        km : array of float, shape (n,)
        """
        scales = _scales(points)
        # A little wider than asked for, since a degree is not equally long over the box.
        wide = (1.02 * km + 0.01)[:, None] / scales
        boxes = shapely.box(*(points - wide).T, *(points + wide).T)
        point, near = self.tree.query(boxes)
        distances = self._distances(near, points[point], scales[point])
        inside = distances <= km[point]
        found: list[dict[int, float]] = [{} for _ in points]
        columns = (column[inside].tolist() for column in (point, near, distances))
        for number, segment, distance in zip(*columns, strict=True):
            found[number][segment] = distance
        return found

    def nearest_km(self, points: Floats) -> list[float | None]:
        """Return the distance in km from each point, longitude and latitude, to the nearest road.

        None without any road.
        """
        if not len(self.lines):
            return [None] * len(points)
        # The nearest in degrees bounds how far the nearest in km can be.
        point, near = self.tree.query_nearest(shapely.points(points))
        scales = _scales(points)
        bound = np.full(len(points), np.inf)
        np.minimum.at(bound, point, self._distances(near, points[point], scales[point]))
        for number in np.flatnonzero(np.isinf(bound)):  # too small for the tree's arithmetic
            every = np.arange(len(self.lines))
            one = np.full(len(every), number)
            bound[number] = self._distances(every, points[one], scales[one]).min()
        around = self.within(points, bound)
        return [
            min(segments.values(), default=km)
            for segments, km in zip(around, bound.tolist(), strict=True)
        ]

    def _distances(self, segments: NDArray[np.int64], points: Floats, scales: Floats) -> Floats:
        """Return the distance in km of each segment from the point of the same place."""
        local = self.lines[segments]
        xy, row = shapely.get_coordinates(local, return_index=True)
        local = shapely.set_coordinates(local, (xy - points[row]) * scales[row])
        distances: Floats = shapely.distance(local, shapely.Point(0, 0))
        return distances


def _scales(points: Floats) -> Floats:
    """Return the km in one degree of longitude and latitude at each point."""
    return np.array([km_per_degree(lat) for _, lat in points.tolist()]).reshape(-1, 2)


def _position(network: Network, node: int) -> tuple[float, float]:
    """Return the longitude and latitude of a node."""
    lon, lat = shapely.get_coordinates(network.nodes.geometry.iloc[node])[0]
    return float(lon), float(lat)


def km_per_degree(lat: float) -> tuple[float, float]:
    """Return the kilometres in one degree of longitude and of latitude at a latitude.

    From the radii of curvature of the WGS84 ellipsoid in the prime vertical and the meridian
    (Snyder, Map Projections: A Working Manual, 1987, p. 24-25).
    """
    sine = np.sin(np.radians(lat))
    root = np.sqrt(1 - ECCENTRICITY_SQUARED * sine**2)
    east = EARTH_KM / root
    north = EARTH_KM * (1 - ECCENTRICITY_SQUARED) / root**3
    return float(np.radians(east * np.cos(np.radians(lat)))), float(np.radians(north))


def approach_roads(network: Network, node_id: str, km: float) -> frozenset[str]:
    """Return the ids of the segments that come within ``km`` of a node: the roads into a town."""
    point = np.array([_position(network, network.node_number[node_id])])
    (near,) = _Roads(network).within(point, np.array([km]))
    return frozenset(network.segment_ids[row] for row in near)


def nearest_road_km(network: Network, lat: float, lon: float) -> float | None:
    """Return the distance in km from a point (EPSG:4326) to the nearest road; None without any."""
    return _Roads(network).nearest_km(np.array([[lon, lat]]))[0]
