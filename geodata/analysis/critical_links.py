"""What each further closure would do: every segment not yet cut, taken one at a time."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata import schema as f
from geodata.analysis.accessibility import SAME_WAY, people_for_ranking, population_of
from geodata.analysis.blocks import run_blocks
from geodata.analysis.paths import UNIT, shortest_paths
from geodata.conditions import Conditions, check_town
from geodata.graph.bridges import bridge_tree, isolating_bridges
from geodata.graph.single_cuts import Graph
from geodata.graph.single_cuts import every_cut as every_cut_of_graph
from geodata.network.model import Network
from geodata.schema import Measure, SegmentState

Effect = tuple[float, int, int]  # new cost, supply point before, supply point after


@dataclass(frozen=True)
class _Search:
    """Every cut of one set of passable segments, numbered as in the network."""

    cost: NDArray[np.float64]
    supply: NDArray[np.int64]
    isolated: set[tuple[int, int]]
    longer: dict[tuple[int, int], Effect]


@dataclass(frozen=True)
class _Effects:
    """Rows of towns by segment: isolated, left to escorts, and with a longer route.

    A longer route is town, extra cost, supply point before, supply point after.
    """

    isolated: dict[int, list[int]]
    escorted: dict[int, list[int]]
    longer: dict[int, list[tuple[int, float, int, int]]]


def every_cut(network: Network, scenario: Conditions) -> pd.DataFrame:
    """Exactly what cutting each segment that is not yet cut or closed would do.

    Parameters
    ----------
    network : Network
    scenario : Conditions
        The state from which one more segment is cut.

    Returns
    -------
    DataFrame
        A row per segment, worst first: ``segment_id, towns_isolated, population_isolated,
        population_unknown, towns_escorted, population_escorted, population_escorted_unknown,
        towns_detoured, detour_km_total, detour_km_max, supply_switched``. The worst isolate
        most people, then most towns, then leave most people to escorts, then make the longest
        detours in all; a town of unknown population counts in the order as
        `people_for_ranking` says.
        ``towns_escorted`` lose their last path free of escort but keep one under escort.
        ``towns_detoured`` have a longer route than in the scenario (`access` compares with all
        roads open); a town under escort by a longer route is in both.
        With ``by=hours`` the detours are counted in hours, in ``detour_hours_total`` and
        ``detour_hours_max``, and the km are missing.

    Raises
    ------
    UnknownIdError
        If the scenario names an id that the network does not hold.
    """
    roads = scenario.on(network)
    towns = np.array([network.node_number[i] for i in network.towns], dtype=np.int64)
    wide = _search(network, roads.passable, roads.supply, towns, scenario.by)
    tight = wide
    if (roads.escort_free != roads.passable).any():
        tight = _search(network, roads.escort_free, roads.supply, towns, scenario.by)
    effects = _effects(wide, tight)
    cuttable = np.flatnonzero(~roads.has_state(SegmentState.CUT, SegmentState.CLOSED))
    people = network.nodes[f.POPULATION].to_numpy(np.float64)
    rows = [_row(network, segment, effects, people, scenario.by) for segment in cuttable.tolist()]
    table = pd.DataFrame(rows, columns=_columns(scenario.by))
    return table.iloc[_worst_first(network, table, scenario.by)].reset_index(drop=True)


def cuts_isolating(network: Network, scenario: Conditions, town: str) -> list[str]:
    """Return the segments each of which, cut alone, would isolate a town, in the network's order.

    The bridges between the town and all supply: far sooner known than `every_cut`.

    Raises
    ------
    UnknownIdError
        If the scenario or ``town`` names an id that the network does not hold.
    """
    check_town(network, town)
    roads = scenario.on(network)
    rows = np.flatnonzero(roads.passable)
    split = bridge_tree(len(network.node_ids), network.tail[rows], network.head[rows], roads.supply)
    bridges, _ = isolating_bridges(split, np.array([network.node_number[town]]))
    return [network.segment_ids[row] for row in rows[bridges]]


def every_cut_of_each(
    network: Network,
    scenarios: Sequence[Conditions],
    *,
    workers: int = 1,
    scheduler: str | None = None,
) -> list[pd.DataFrame]:
    """Return the table of `every_cut` for each scenario.

    Parameters
    ----------
    network : Network
    scenarios : sequence of Conditions
    workers, scheduler
        As `geodata.analysis.blocks.run_blocks` has them; each scenario is a block.

    Raises
    ------
    UnknownIdError
        If a scenario names an id that the network does not hold.
    GeodataError
        If the scheduler cannot be used.
    """
    shared = (network, tuple(scenarios))
    blocks = range(len(scenarios))
    return run_blocks(_every_cut_of, shared, blocks, workers=workers, scheduler=scheduler)


def _every_cut_of(shared: tuple[Network, tuple[Conditions, ...]], block: int) -> pd.DataFrame:
    network, scenarios = shared
    return every_cut(network, scenarios[block])


def _worst_first(network: Network, table: pd.DataFrame, by: Measure) -> NDArray[np.int64]:
    """Return the rows of the table in the order of their effect."""
    people, number = people_for_ranking(network), network.node_number
    keys = [table[f.DETOUR_KM_TOTAL if by == Measure.KM else f.DETOUR_HOURS_TOTAL].to_numpy()]
    for column in (f.TOWNS_ESCORTED, f.TOWNS_ISOLATED):
        towns = [[number[i] for i in ids] for ids in table[column]]
        keys += [
            np.array([len(rows) for rows in towns]),
            np.array([people[rows].sum() if rows else 0.0 for rows in towns], dtype=np.float64),
        ]
    # The table is in the order of ids, which a stable sort keeps among equals.
    return np.lexsort([-key for key in keys])


def _search(
    network: Network,
    open_mask: NDArray[np.bool_],
    supply: NDArray[np.int64],
    towns: NDArray[np.int64],
    by: Measure,
) -> _Search:
    rows = np.flatnonzero(open_mask)
    weight = network.length_km if by == Measure.KM else network.hours
    graph = Graph(len(network.node_ids), network.tail[rows], network.head[rows], weight[rows])
    cuts = every_cut_of_graph(graph, supply, towns, detours=True)
    now = shortest_paths(network, open_mask, supply, by=by)
    isolated = zip(rows[cuts.segment].tolist(), cuts.town.tolist(), strict=True)
    longer = {
        (segment, town): (extra, old, new)
        for segment, town, extra, old, new in zip(
            rows[cuts.detour_segment].tolist(),
            cuts.detour_town.tolist(),
            cuts.detour_km.tolist(),
            cuts.switched_from.tolist(),
            cuts.switched_to.tolist(),
            strict=True,
        )
        if extra > SAME_WAY
    }
    return _Search(now.cost / UNIT, now.supply, set(isolated), longer)


def _effects(wide: _Search, tight: _Search) -> _Effects:
    """Return the towns isolated, left to escorts, and with a longer route, by segment.

    Paths free of escort come first. A town that loses its last such way goes over to its path
    under escort, if it has one: longer, but not isolated.
    """
    isolated: dict[int, list[int]] = {}
    escorted: dict[int, list[int]] = {}
    longer: dict[int, list[tuple[int, float, int, int]]] = {}
    for segment, town in sorted(wide.isolated):
        isolated.setdefault(segment, []).append(town)
    for (segment, town), (extra, old, new) in tight.longer.items():
        longer.setdefault(segment, []).append((town, extra, old, new))
    if tight is wide:
        return _Effects(isolated, escorted, longer)
    for segment, town in sorted(tight.isolated - wide.isolated):
        escorted.setdefault(segment, []).append(town)
        extra, _, new = wide.longer.get((segment, town), (0.0, 0, int(wide.supply[town])))
        increase = wide.cost[town] + extra - tight.cost[town]
        if increase > SAME_WAY:
            longer.setdefault(segment, []).append((town, increase, int(tight.supply[town]), new))
    for (segment, town), (extra, old, new) in wide.longer.items():
        if not np.isfinite(tight.cost[town]):
            longer.setdefault(segment, []).append((town, extra, old, new))
    return _Effects(isolated, escorted, longer)


def _row(
    network: Network,
    segment: int,
    effects: _Effects,
    people: NDArray[np.float64],
    by: Measure,
) -> tuple[object, ...]:
    lost, escorted = effects.isolated.get(segment, []), effects.escorted.get(segment, [])
    detours = sorted(effects.longer.get(segment, []))
    extra = [d[1] for d in detours]
    switched = tuple(
        {f.NODE_ID: network.node_ids[t], "from": network.node_ids[a], "to": network.node_ids[b]}
        for t, _, a, b in detours
        if a != b
    )
    total, most = float(sum(extra)), float(max(extra, default=0.0))
    km = (total, most) if by == Measure.KM else (np.nan, np.nan, total, most)
    return (
        network.segment_ids[segment],
        tuple(network.node_ids[t] for t in lost),
        *(population_of(people[lost]) if lost else (0, 0)),
        tuple(network.node_ids[t] for t in escorted),
        *(population_of(people[escorted]) if escorted else (0, 0)),
        tuple(network.node_ids[d[0]] for d in detours),
        *km,
        switched,
    )


def _columns(by: Measure) -> list[str]:
    in_hours = [] if by == Measure.KM else [f.DETOUR_HOURS_TOTAL, f.DETOUR_HOURS_MAX]
    return [
        f.SEGMENT_ID,
        f.TOWNS_ISOLATED,
        f.POPULATION_ISOLATED,
        f.POPULATION_UNKNOWN,
        f.TOWNS_ESCORTED,
        f.POPULATION_ESCORTED,
        f.POPULATION_ESCORTED_UNKNOWN,
        f.TOWNS_DETOURED,
        f.DETOUR_KM_TOTAL,
        f.DETOUR_KM_MAX,
        *in_hours,
        f.SUPPLY_SWITCHED,
    ]
