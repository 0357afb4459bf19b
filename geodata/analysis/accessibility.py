"""Access of every town to supply under a scenario, and before."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from geodata import schema as f
from geodata.analysis.causes import Isolations, causes, isolations
from geodata.analysis.paths import UNIT, ShortestPaths, routes_with_and_without_escort, weights
from geodata.analysis.redundancy import edge_disjoint_paths, reachable_supply, smallest_reopening
from geodata.conditions import Conditions, Passability
from geodata.network.model import Network
from geodata.schema import Cause, Measure, SegmentState, TownState

# A longer route differs from an equal one by more than the unit in which ways are counted, in km
# or in hours.
SAME_WAY = 1e-6
EXTRA = {Measure.KM: f.DETOUR_KM, Measure.HOURS: f.DETOUR_HOURS}

ROUTE_COLUMNS = (f.SUPPLY_POINT, f.DISTANCE_KM, f.HOURS)
BASELINE_COLUMNS = (f.BASELINE_SUPPLY_POINT, f.BASELINE_KM, f.BASELINE_HOURS)


@dataclass(frozen=True)
class Summary:
    """Counts over all towns; sums of people leave out the towns of unknown population.

    ``at_risk`` are towns with a path, in whatever state, that leads over contested roads.
    ``population_isolated_unknown`` and its like say how many towns a sum leaves out.
    ``isolated_by`` counts the isolated towns by cause; `newly_isolated` are those with another
    cause than the vehicle, so it counts the season and supply points switched off too.
    """

    towns: int
    isolated: int
    newly_isolated: int
    baseline_isolated: int
    detour: int
    escort_only: int
    population_isolated: int
    population_isolated_unknown: int
    population_newly_isolated: int
    population_newly_isolated_unknown: int
    population_detour: int
    population_detour_unknown: int
    population_escort_only: int
    population_escort_only_unknown: int
    isolated_by: dict[Cause, Isolations]
    at_risk: int


@dataclass(frozen=True)
class Access:
    """Access of every town.

    Parameters
    ----------
    towns : DataFrame
        A row per town, sorted by id: ``node_id, name, admin1, population, state, isolated,
        baseline_isolated, supply_point, baseline_supply_point, distance_km, baseline_km,
        detour_km, detour_hours, hours, baseline_hours, reachable_supply_points,
        independent_routes, cut_by, isolated_by, sufficient_causes, contested_km``. Distances
        are missing where there is no path; hours are estimates. ``contested_km`` are the km of
        the current route on contested roads, on which traffic passes at risk. ``isolated_by``
        is a `Cause` or None, see `causes`.
        ``detour_km`` and ``detour_hours`` are the extra km and hours of the current route; the
        state ``detour`` and the ways themselves go by the one that ``by`` names, so the other
        may be negative.
    summary : Summary
    by : Measure
        Whether the shortest path is counted in km or in hours.
    """

    towns: pd.DataFrame
    summary: Summary
    by: Measure = Measure.KM


def access(
    network: Network,
    scenario: Conditions,
    *,
    count_routes: bool = True,
    baseline: Access | None = None,
) -> Access:
    """Return which towns still reach an open supply point, by what way, and what cuts the others.

    Parameters
    ----------
    network : Network
    scenario : Conditions
    count_routes : bool
        Whether to count independent routes, the slowest part; if not, the column is -1.
    baseline : Access, optional
        Access under ``scenario.baseline()`` on this network, where it is at hand already; one
        serves all scenarios of a vehicle and measure. Computed if not given.

    Raises
    ------
    UnknownIdError
        If the scenario names an id that the network does not hold.
    """
    rows = np.array([network.node_number[i] for i in network.towns], dtype=np.int64)
    free, escorted = routes_with_and_without_escort(network, scenario)
    roads = scenario.on(network)
    nodes = network.nodes.iloc[rows]
    columns = {c: nodes[c].to_numpy() for c in (f.NODE_ID, f.NAME, f.ADMIN1, f.POPULATION)}
    columns[f.NAME] = np.array([network.labels[town] for town in network.towns], object)
    before = _baseline_ways(network, scenario, rows) if baseline is None else baseline.towns
    columns |= _distances(_ways_to(network, rows, free, escorted), before)
    columns |= _supply(network, roads, rows)
    isolated = np.flatnonzero(columns[f.ISOLATED])
    sets = smallest_reopening(
        network, roads.components, roads.reopenable, roads.supply, rows[isolated]
    )
    reopening_sets = dict(zip(isolated.tolist(), sets, strict=True))
    columns[f.CUT_BY] = _objects([reopening_sets.get(i, ()) for i in range(len(rows))])
    cause, columns[f.SUFFICIENT_CAUSES] = causes(network, scenario, rows)
    columns[f.INDEPENDENT_ROUTES] = (
        edge_disjoint_paths(network, roads.passable, roads.supply, rows)
        if count_routes
        else np.full(len(rows), -1)
    )
    contested = roads.has_state(SegmentState.CONTESTED)
    columns[f.CONTESTED_KM] = _contested_km(network, contested, free, escorted)[rows]
    columns[f.STATE] = _states(columns, free, rows, scenario.by)
    towns = pd.DataFrame(columns)
    # An object column keeps None; a column of text would turn it into NaN.
    place = list(towns.columns).index(f.CUT_BY) + 1
    towns.insert(place, f.ISOLATED_BY, pd.Series(cause, dtype=object))
    return Access(towns, summarise(towns), scenario.by)


def summarise(towns: pd.DataFrame) -> Summary:
    """Return the counts and people over a table of towns as `access` gives it."""
    isolated = towns[f.ISOLATED]
    newly = isolated & ~towns[f.BASELINE_ISOLATED]
    groups = {
        "isolated": isolated,
        "newly_isolated": newly,
        "detour": towns[f.STATE] == TownState.DETOUR,
        "escort_only": towns[f.STATE] == TownState.ESCORT_ONLY,
    }
    counts = {name: int(group.sum()) for name, group in groups.items()}
    for name, group in groups.items():
        people, unknown = population_of(towns.loc[group, f.POPULATION])
        counts[f"population_{name}"] = people
        counts[f"population_{name}_unknown"] = unknown
    return Summary(
        towns=len(towns),
        baseline_isolated=int(towns[f.BASELINE_ISOLATED].sum()),
        isolated_by=isolations(towns),
        at_risk=int((towns[f.CONTESTED_KM] > 0).sum()),
        **counts,
    )


def population_of(population: ArrayLike) -> tuple[int, int]:
    """Return the sum of known people, and for how many towns they are unknown."""
    people = np.asarray(population, np.float64)
    return int(np.nansum(people)), int(np.isnan(people).sum())


def people_for_ranking(network: Network) -> NDArray[np.float64]:
    """Return the people of every node, as rankings count them, shape (n_nodes,).

    An unknown population is not none: in the order of a ranking, and nowhere else, it counts as
    the median of the network's towns whose population is known, or as 1 if none is. The sums
    that a ranking shows leave such towns out and say how many they are.
    """
    people = network.nodes[f.POPULATION].to_numpy(np.float64)
    rows = np.array([network.node_number[i] for i in network.towns], dtype=np.int64)
    known = people[rows][~np.isnan(people[rows])]
    typical = float(np.median(known)) if len(known) else 1.0
    return np.where(np.isnan(people), typical, people)


def _distances(now: pd.DataFrame, before: pd.DataFrame) -> dict[str, NDArray[np.generic]]:
    """Return the columns of the way now and of the way before, both in the order of the towns."""
    columns: dict[str, NDArray[np.generic]] = {c: now[c].to_numpy() for c in ROUTE_COLUMNS}
    columns |= {
        former: before[c].to_numpy()
        for c, former in zip(ROUTE_COLUMNS, BASELINE_COLUMNS, strict=True)
    }
    km, former_km = now[f.DISTANCE_KM].to_numpy(), before[f.DISTANCE_KM].to_numpy()
    return columns | {
        f.ISOLATED: np.isnan(km),
        f.BASELINE_ISOLATED: np.isnan(former_km),
        f.DETOUR_KM: km - former_km,
        f.DETOUR_HOURS: now[f.HOURS].to_numpy() - before[f.HOURS].to_numpy(),
    }


def _baseline_ways(network: Network, scenario: Conditions, rows: NDArray[np.int64]) -> pd.DataFrame:
    return _ways_to(network, rows, *routes_with_and_without_escort(network, scenario.baseline()))


def _ways_to(
    network: Network, rows: NDArray[np.int64], free: ShortestPaths, escorted: ShortestPaths
) -> pd.DataFrame:
    """Supply point, km and hours of the path to each row; a path free of escort wins."""
    records = [
        _path_figures(network, paths)
        for paths in ((free,) if free is escorted else (free, escorted))
    ]
    supply, km, hours = (
        np.where(free.reached, here, there)
        for here, there in zip(records[0], records[-1], strict=True)
    )
    ids = np.array([*network.node_ids, None], dtype=object)
    columns = (ids[supply.astype(np.int64)[rows]], km[rows], hours[rows])
    return pd.DataFrame(dict(zip(ROUTE_COLUMNS, columns, strict=True)))


def _path_figures(
    network: Network, paths: ShortestPaths
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """Return the row of the supply point (-1 for none), km and hours of the path to each node."""
    # Whole billionths add up the same in any order.
    km, hours = (
        np.where(paths.reached, paths.along(weights(network, by)) / UNIT, np.nan)
        for by in (Measure.KM, Measure.HOURS)
    )
    return paths.supply, km, hours


def _contested_km(
    network: Network,
    contested: NDArray[np.bool_],
    free: ShortestPaths,
    escorted: ShortestPaths,
) -> NDArray[np.float64]:
    """Return the km on contested roads of the way now taken to each node; missing without a way."""
    if not contested.any():
        return np.where(escorted.reached, 0.0, np.nan)
    figure = np.where(contested, weights(network, Measure.KM), 0.0)
    km = np.where(free.reached, free.along(figure), escorted.along(figure)) / UNIT
    return np.where(escorted.reached, km, np.nan)


def _supply(
    network: Network, roads: Passability, rows: NDArray[np.int64]
) -> dict[str, NDArray[np.generic]]:
    part = roads.components
    reachable = reachable_supply(network, part, roads.supply)
    return {f.REACHABLE_SUPPLY_POINTS: _objects([reachable.get(int(part[r]), ()) for r in rows])}


def _states(
    columns: dict[str, NDArray[np.generic]],
    free: ShortestPaths,
    rows: NDArray[np.int64],
    by: Measure,
) -> NDArray[np.generic]:
    longer = columns[EXTRA[by]].astype(float) > SAME_WAY
    chosen = np.select(
        [columns[f.ISOLATED].astype(bool), ~free.reached[rows], longer],
        [0, 1, 2],
        default=3,
    )
    names = (TownState.ISOLATED, TownState.ESCORT_ONLY, TownState.DETOUR, TownState.OPEN)
    return _objects([names[i] for i in chosen])


def _objects(values: list[object]) -> NDArray[np.object_]:
    """Return a column of one object a row, tuples kept whole."""
    column = np.empty(len(values), dtype=object)
    for row, value in enumerate(values):
        column[row] = value
    return column
