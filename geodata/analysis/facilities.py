"""Which towns lose their nearest open facility, and how much longer the trip becomes.

Facilities are health sites, schools, markets, camps: points of a layer of the user's, each with a
kind and, if the layer has one, a weight such as beds or pupils. A facility stands at the network's
nearest node. Towns are compared with the same season and vehicle with nothing closed or cut, so
that what is lost here is lost by closures.
"""

from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from geodata import schema as f
from geodata.analysis.accessibility import SAME_WAY, population_of
from geodata.analysis.paths import ShortestPaths, shortest_paths
from geodata.conditions import Conditions, components
from geodata.errors import GeodataError
from geodata.i18n import plural
from geodata.network.model import Network
from geodata.sanitize import clean_cell, folded
from geodata.schema import Measure

FACILITY: Final = "facility"
FACILITY_KIND: Final = "facility_kind"
WEIGHT: Final = "weight"
OPEN: Final = "open"
NEAR_KM: Final = 10.0
"""Farthest node at which a facility is taken to stand, km on the ellipsoid."""
MAX_FACILITIES: Final = 5_000
MAX_KINDS: Final = 50
"""Kinds of one layer: towns are compared once for each."""
MAX_CELLS: Final = 20_000_000
"""Nodes of the network times nodes with a facility of one kind: what fits into memory."""
NAME_CHARACTERS: Final = 120
NAMED: Final = 8
"""Names in a remark; the others are counted."""

ANY_KIND: Final = "facility"

COLUMNS: Final = {
    FACILITY: ("name", "nom", "name:fr", "name_fr", "facility", "facility_name", "site"),
    FACILITY_KIND: ("kind", "type", "amenity", "category", "facility_type", "fclass"),
    WEIGHT: ("weight", "poids", "beds", "lits", "capacity", "capacite"),
    OPEN: ("open", "ouvert", "status", "statut", "functional", "fonctionnel"),
}
"""Columns of a layer that hold each field; the first that is there counts."""
_CLOSED: Final = frozenset(
    {"no", "false", "0", "non", "faux", "closed", "ferme", "destroyed", "detruit", "non functional",
     "non fonctionnel"}
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Facilities:
    """Open facilities on a network, and what of a layer is not in use.

    Parameters
    ----------
    table : DataFrame
        A row per open facility: ``facility, facility_kind, weight, node_id, node_km`` and the
        place ``lon, lat`` (EPSG:4326).
    closed : int
        Facilities that the layer itself says are closed.
    far : tuple of str
        Names of those farther than the limit from every node: they are not in use.
    unweighted : tuple of str
        Names of those whose weight is no number above 0: 1 counts instead.
    """

    table: pd.DataFrame
    closed: int
    far: tuple[str, ...]
    unweighted: tuple[str, ...]

    def remarks(self, lang: str = "en") -> list[str]:
        """Return what of the layer is in use and what is not, in words."""
        lines = [plural("facilities.in_use", len(self.table), lang)]
        if self.closed:
            lines.append(plural("facilities.closed", self.closed, lang))
        for key, names in (
            ("facilities.far", self.far),
            ("facilities.unweighted", self.unweighted),
        ):
            if names:
                more = ", …" if len(names) > NAMED else ""
                listed = ", ".join(names[:NAMED]) + more
                lines.append(plural(key, len(names), lang, names=listed))
        return lines


def facilities(
    network: Network, layer: gpd.GeoDataFrame, *, near_km: float = NEAR_KM
) -> Facilities:
    """Return the facilities of a layer of points at their nearest nodes.

    Parameters
    ----------
    network : Network
    layer : GeoDataFrame
        Points in EPSG:4326. Of its columns those in `COLUMNS` count, whatever their case. A
        missing kind is ``facility``, a missing weight 1, a facility without a status is open.
    near_km : float
        Farthest node, km.

    Raises
    ------
    GeodataError
        If the layer has more than `MAX_FACILITIES` points or `MAX_KINDS` kinds, or none.
    """
    if not len(layer):
        raise GeodataError("facilities.none")
    if len(layer) > MAX_FACILITIES:
        raise GeodataError("facilities.too_many", n=len(layer), limit=MAX_FACILITIES)
    by_name = {folded(str(column)): column for column in layer.columns}
    fields = {
        name: next((by_name[each] for each in spellings if each in by_name), None)
        for name, spellings in COLUMNS.items()
    }
    kinds = _texts(layer, fields[FACILITY_KIND], ANY_KIND)
    if len(set(kinds)) > MAX_KINDS:
        raise GeodataError("facilities.too_many_kinds", n=len(set(kinds)), limit=MAX_KINDS)
    points = shapely.get_coordinates(layer.geometry.to_numpy())
    rows, km = _nearest_nodes(network, points)
    names = _texts(layer, fields[FACILITY], "")
    names = [name or str(row) for name, row in zip(names, layer.index, strict=True)]
    weights = _weights(layer, fields[WEIGHT])
    is_open = np.array([folded(each) not in _CLOSED for each in _texts(layer, fields[OPEN], "")])
    table = pd.DataFrame(
        {
            FACILITY: names,
            FACILITY_KIND: kinds,
            WEIGHT: np.where(np.isnan(weights), 1.0, weights),
            f.NODE_ID: np.array(network.node_ids, dtype=object)[rows],
            "node_km": km,
            f.LON: points[:, 0],
            f.LAT: points[:, 1],
        }
    )
    near = km <= near_km
    unweighted = np.isnan(weights) & is_open & near
    return Facilities(
        table[is_open & near].reset_index(drop=True),
        int((~is_open).sum()),
        tuple(table.loc[is_open & ~near, FACILITY]),
        tuple(table.loc[unweighted, FACILITY]) if fields[WEIGHT] is not None else (),
    )


@dataclass(frozen=True, eq=False)
class FacilityAccess:
    """Access of every town to each kind of facility.

    Parameters
    ----------
    towns : DataFrame
        A row per kind and town: ``facility_kind, node_id, name, population``, ``state`` (``open``:
        as near as before, ``detour``: farther, ``escort_only``: under escort only, ``isolated``:
        none can be reached, ``never``: nor could any with nothing closed), ``facility,
        distance_km, hours`` and ``baseline_facility, baseline_km, baseline_hours`` of the nearest
        one now and with nothing closed, ``extra_km, extra_hours``, and ``weight,
        baseline_weight``: the sums over all facilities that can be reached.
    kinds : DataFrame
        A row per kind: ``facility_kind``, number of open ``facilities``, ``isolated, detour,
        escort_only`` (towns), ``population_isolated, population_detour`` with
        ``population_unknown`` (towns left out of the first), ``mean_extra_km`` per person of the
        towns that go farther, and ``weight_in_reach, baseline_weight_in_reach``: the mean over
        all people, such as beds.
    """

    towns: pd.DataFrame
    kinds: pd.DataFrame


def facility_access(network: Network, scenario: Conditions, places: Facilities) -> FacilityAccess:
    """Return what closures do to each town's way to its nearest open facility.

    Ways free of escort come before those under escort. The nearest facility is the one at the
    fewest km or hours, as `scenario` counts; supply points do not matter.

    Raises
    ------
    GeodataError
        If there are too many facilities of one kind for a network of this size.
    """
    tables = [
        _of_kind(network, scenario, str(kind), rows)
        for kind, rows in places.table.groupby(FACILITY_KIND, sort=True)
    ]
    if not tables:
        raise GeodataError("facilities.none_in_use")
    towns = pd.concat(tables, ignore_index=True)
    counts = places.table[FACILITY_KIND].value_counts()
    kinds = [
        _summary(str(kind), int(counts[kind]), rows) for kind, rows in towns.groupby(FACILITY_KIND)
    ]
    return FacilityAccess(towns, pd.DataFrame(kinds))


def _of_kind(
    network: Network, scenario: Conditions, kind: str, places: pd.DataFrame
) -> pd.DataFrame:
    """Return the towns' access to one kind of facility."""
    roads = scenario.on(network)
    at = places[f.NODE_ID].map(network.node_number).to_numpy().astype(np.int64)
    sources = np.unique(at).astype(np.int64)
    if len(sources) * len(network.node_ids) > MAX_CELLS:
        raise GeodataError("facilities.too_many", n=len(sources), limit=MAX_CELLS)
    free, now, before = (
        shortest_paths(network, mask, sources, by=scenario.by)
        for mask in (roads.escort_free, roads.passable, roads.usable)
    )
    rows = np.array([network.node_number[town] for town in network.towns], dtype=np.int64)
    nearest = places.assign(row=at).sort_values(FACILITY).drop_duplicates("row")
    name_at = dict(zip(nearest["row"], nearest[FACILITY], strict=True))
    escorted = ~free.reached[rows] & now.reached[rows]
    today = [now if under else free for under in escorted]
    nodes = network.nodes.iloc[rows]
    table = pd.DataFrame(
        {
            FACILITY_KIND: kind,
            f.NODE_ID: list(network.towns),
            f.NAME: nodes[f.NAME].to_numpy(object),
            f.POPULATION: nodes[f.POPULATION].to_numpy(),
            FACILITY: [name_at.get(int(p.supply[r])) for p, r in zip(today, rows, strict=True)],
            f.DISTANCE_KM: _along(network.length_km, free, now, escorted, rows),
            f.HOURS: _along(network.hours, free, now, escorted, rows),
            "baseline_facility": [name_at.get(int(before.supply[r])) for r in rows],
            f.BASELINE_KM: _reached(before, before.along(network.length_km), rows),
            f.BASELINE_HOURS: _reached(before, before.along(network.hours), rows),
            WEIGHT: _weight_in_reach(network, roads.passable, at, places, rows),
            "baseline_weight": _weight_in_reach(network, roads.usable, at, places, rows),
        }
    )
    table["extra_km"] = table[f.DISTANCE_KM] - table[f.BASELINE_KM]
    table["extra_hours"] = table[f.HOURS] - table[f.BASELINE_HOURS]
    farther = table["extra_km" if scenario.by == Measure.KM else "extra_hours"] > SAME_WAY
    table[f.STATE] = np.select(
        [~before.reached[rows], ~now.reached[rows], escorted, farther],
        ["never", "isolated", "escort_only", "detour"],
        "open",
    )
    return table


def _along(
    figure: NDArray[np.float64],
    free: ShortestPaths,
    now: ShortestPaths,
    escorted: NDArray[np.bool_],
    rows: NDArray[np.int64],
) -> NDArray[np.float64]:
    """Return km or hours of the way now; NaN where there is none."""
    return np.where(
        escorted,
        _reached(now, now.along(figure), rows),
        _reached(free, free.along(figure), rows),
    )


def _reached(
    paths: ShortestPaths, figure: NDArray[np.float64], rows: NDArray[np.int64]
) -> NDArray[np.float64]:
    return np.where(paths.reached[rows], figure[rows], np.nan)


def _weight_in_reach(
    network: Network,
    mask: NDArray[np.bool_],
    at: NDArray[np.int64],
    places: pd.DataFrame,
    rows: NDArray[np.int64],
) -> NDArray[np.float64]:
    """Return the sum of weights of the facilities in each town's connected part of the network."""
    part = components(network, mask)
    sums = np.bincount(part[at], weights=places[WEIGHT].to_numpy(float), minlength=part.max() + 1)
    return np.asarray(sums[part[rows]], dtype=np.float64)


def _summary(kind: str, count: int, towns: pd.DataFrame) -> dict[str, object]:
    by_state = {state: rows for state, rows in towns.groupby(f.STATE)}
    none = towns.iloc[:0]
    lost, farther = (by_state.get(state, none) for state in ("isolated", "detour"))
    people, unknown = population_of(lost[f.POPULATION])
    weights = farther[f.POPULATION].to_numpy(float)
    known = ~np.isnan(weights) & (weights > 0)
    return {
        FACILITY_KIND: kind,
        "facilities": count,
        "isolated": len(lost),
        "population_isolated": people,
        "population_unknown": unknown,
        "detour": len(farther),
        "population_detour": population_of(farther[f.POPULATION])[0],
        "mean_extra_km": float(np.average(farther["extra_km"][known], weights=weights[known]))
        if known.any()
        else None,
        "escort_only": len(by_state.get("escort_only", none)),
        "weight_in_reach": _per_person(towns, WEIGHT),
        "baseline_weight_in_reach": _per_person(towns, "baseline_weight"),
    }


def _per_person(towns: pd.DataFrame, column: str) -> float | None:
    """Return the mean of a column over the people of the towns; None without any figure."""
    people = np.nan_to_num(towns[f.POPULATION].to_numpy(float))
    return float(np.average(towns[column], weights=people)) if people.sum() > 0 else None


def _nearest_nodes(
    network: Network, points: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the row of the node nearest to each point, and its distance in km on WGS84."""
    nodes = shapely.get_coordinates(shapely.centroid(network.nodes.geometry.to_numpy()))
    # The nearest on the sphere is the nearest by chord.
    _, rows = cKDTree(_on_sphere(nodes)).query(_on_sphere(points))
    metres = pyproj.Geod(ellps="WGS84").inv(*points.T, *nodes[rows].T)[2]
    return np.asarray(rows, dtype=np.int64), np.asarray(metres) / 1000


def _on_sphere(degrees: NDArray[np.float64]) -> NDArray[np.float64]:
    lon, lat = np.radians(degrees).T
    return np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])


def _texts(layer: gpd.GeoDataFrame, column: object, missing: str) -> list[str]:
    if column is None:
        return [missing] * len(layer)
    cells = [clean_cell(v)[0] if isinstance(v, str) else v for v in layer[column]]
    return [missing if v is None or v != v or v == "" else str(v)[:NAME_CHARACTERS] for v in cells]


def _weights(layer: gpd.GeoDataFrame, column: object) -> NDArray[np.float64]:
    """Return weights; NaN for what is no number above 0."""
    if column is None:
        return np.ones(len(layer))
    weights = pd.to_numeric(layer[column], errors="coerce").to_numpy(float)
    return np.where(np.isfinite(weights) & (weights > 0), weights, np.nan)
