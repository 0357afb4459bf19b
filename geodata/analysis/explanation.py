"""Why a town is isolated, under escort or on a detour: town, segments, events, sources."""

import datetime as dt
import difflib
from collections.abc import Collection
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final

import numpy as np
import pandas as pd

from geodata import schema as f
from geodata.analysis.accessibility import access
from geodata.analysis.paths import route
from geodata.analysis.redundancy import smallest_reopening
from geodata.analysis.resolution import closures_on, conditions_on
from geodata.conditions import (
    Conditions,
    check_town,
    components,
    fit_for_vehicle,
    open_supply,
    out_of_season,
)
from geodata.dataset import Dataset
from geodata.errors import UnknownIdError
from geodata.events.closures import Evidence
from geodata.events.rules import Rules
from geodata.network.model import Network
from geodata.network.names import town_names
from geodata.sanitize import folded
from geodata.schema import PASSABLE, Cause, SegmentState, TownState, Traffic, Vehicle

NEAREST: Final = 3


class Role(StrEnum):
    """What a segment has to do with a town's access."""

    CUTS = "cuts"
    ESCORT = "escort"
    LEFT = "left"
    RISK = "risk"
    SEASON = "season"
    VEHICLE = "vehicle"


@dataclass(frozen=True)
class Link:
    """One segment in the chain, with the events behind its state.

    Parameters
    ----------
    segment_id : str
    state : SegmentState
    role : Role
        It cuts the town off, is passed under escort, is no longer passable and so left by a
        detour, or is passed at risk; or the season or the vehicle makes it impassable, and so
        isolates the town.
    severity : float
        From 0 to 1; 0 where no event is behind the state.
    evidence : tuple of Evidence
    restriction : str
        Tags that bar tankers, always or in the rains, as the source of the network writes them;
        empty where the vehicle or the season does not close the segment or no tag is known.
    ferry : bool
        Whether the segment is a ferry.
    """

    segment_id: str
    state: SegmentState
    role: Role
    severity: float
    evidence: tuple[Evidence, ...]
    restriction: str = ""
    ferry: bool = False


@dataclass(frozen=True, eq=False)
class Explanation:
    """The chain from a town to the sources.

    Parameters
    ----------
    town, name : str
    on : date or None
    traffic : Traffic
    vehicle : Vehicle
    state : TownState
    causes : tuple of Cause
        Why the town is not open: of an isolated town the one cause of `access`, of another one
        every cause that makes its usual route impassable. Empty for an open town.
    sufficient_causes : tuple of Cause
        For an isolated town, every cause that alone would isolate it.
    supply_off : tuple of str
        Supply points switched off that the town would otherwise reach, of an isolated town;
        else its usual one, if that is switched off.
    baseline_isolated : bool
        Whether the vehicle never reaches the town.
    supply_point, baseline_supply_point : str or None
    distance_km, baseline_km : float or None
    links : tuple of Link
    events : DataFrame
        The events named by the links, indexed by ``event_id``.
    supply_point_name : str or None
    """

    town: str
    name: str
    on: dt.date | None
    traffic: Traffic
    vehicle: Vehicle
    state: TownState
    causes: tuple[Cause, ...]
    sufficient_causes: tuple[Cause, ...]
    supply_off: tuple[str, ...]
    baseline_isolated: bool
    supply_point: str | None
    baseline_supply_point: str | None
    distance_km: float | None
    baseline_km: float | None
    links: tuple[Link, ...]
    events: pd.DataFrame
    supply_point_name: str | None = None


def explain(
    dataset: Dataset,
    town: str,
    on: dt.date | None,
    *,
    scenario: Conditions | None = None,
    traffic: Traffic = Traffic.FUEL,
    rules: Rules | None = None,
    reported: pd.DataFrame | None = None,
) -> Explanation:
    """Follow a town's state back to the segments, the events and their sources.

    Parameters
    ----------
    dataset : Dataset
    town : str
        Id of a town.
    on : date or None
        Without a date no event closes anything.
    scenario : Conditions, optional
        What is cut, reopened and switched off by hand, and the vehicle.
    traffic : Traffic
    rules : Rules, optional
    reported : DataFrame, optional
        `geodata.analysis.resolution.closures_on` of the same data, date and rules, where it is
        at hand already.

    Raises
    ------
    UnknownIdError
        If the network has no such town.
    """
    explanations = explain_towns(
        dataset, [town], on, scenario=scenario, traffic=traffic, rules=rules, reported=reported
    )
    return explanations[town]


def explain_towns(
    dataset: Dataset,
    towns: Collection[str],
    on: dt.date | None,
    *,
    scenario: Conditions | None = None,
    traffic: Traffic = Traffic.FUEL,
    rules: Rules | None = None,
    reported: pd.DataFrame | None = None,
) -> dict[str, Explanation]:
    """What `explain` gives, for several towns on one day, with what they share computed once."""
    network, rules = dataset.network, rules or Rules()
    for town in towns:
        check_town(network, town)
    if reported is None and on is not None:
        reported = closures_on(dataset, on, rules)
    dated = conditions_on(
        dataset, scenario or Conditions(), on=on, traffic=traffic, rules=rules, reported=reported
    )
    states = dated.on(network).states
    table = access(network, dated, count_routes=False).towns.set_index(f.NODE_ID, drop=False)
    evidence = _evidence_by_segment(reported, traffic)
    rows = table.loc[list(towns)].to_dict("records")
    return {
        str(row[f.NODE_ID]): _explanation(dataset, dated, row, states, evidence, on, traffic)
        for row in rows
    }


def _explanation(
    dataset: Dataset,
    dated: Conditions,
    row: dict[Any, Any],
    states: pd.Series,
    evidence_by_segment: dict[str, tuple[float, tuple[Evidence, ...]]],
    on: dt.date | None,
    traffic: Traffic,
) -> Explanation:
    links = tuple(
        Link(
            segment,
            SegmentState(states[segment]),
            role,
            *_behind(evidence_by_segment, segment, states),
            *_barred(dataset.network, segment, SegmentState(states[segment])),
        )
        for segment, role in _chain(dataset, dated, row, states)
    )
    ids = [e.event_id for link in links for e in link.evidence]
    events = dataset.events.set_index(f.EVENT_ID)
    supply_off = _supply_off(dataset, dated, row)
    return Explanation(
        str(row[f.NODE_ID]),
        str(row[f.NAME]),
        on,
        traffic,
        dated.vehicle,
        TownState(row[f.STATE]),
        _causes(row, links, supply_off),
        row[f.SUFFICIENT_CAUSES],
        supply_off,
        bool(row[f.BASELINE_ISOLATED]),
        _id(row[f.SUPPLY_POINT]),
        _id(row[f.BASELINE_SUPPLY_POINT]),
        _km(row[f.DISTANCE_KM]),
        _km(row[f.BASELINE_KM]),
        links,
        events.loc[list(dict.fromkeys(ids))],
        _name(dataset.network, row[f.SUPPLY_POINT]),
    )


def _chain(
    dataset: Dataset, dated: Conditions, row: dict[Any, Any], states: pd.Series
) -> list[tuple[str, Role]]:
    """Return the segments that explain a town's state, each with its role."""
    state, town = TownState(row[f.STATE]), str(row[f.NODE_ID])
    if state == TownState.ISOLATED:
        return _isolating(dataset.network, dated, row)
    current, former = (route(dataset.network, s, town) for s in (dated, dated.baseline()))
    now = current.segments if current else ()
    usual = former.segments if former else ()
    chain = [(s, Role.LEFT) for s in usual if states[s] not in PASSABLE]
    if state == TownState.DETOUR:
        chain += [(s, Role.LEFT) for s in usual if states[s] == SegmentState.ESCORT_ONLY]
    escort = [(s, Role.ESCORT) for s in now if states[s] == SegmentState.ESCORT_ONLY]
    risk = [(s, Role.RISK) for s in now if states[s] == SegmentState.CONTESTED]
    return [*escort, *chain, *risk]


def _isolating(network: Network, dated: Conditions, row: dict[Any, Any]) -> list[tuple[str, Role]]:
    """Return a smallest set of segments that keep an isolated town off, with every supply point on.

    Of closures it is `cut_by`; where supply points switched off isolate, it is empty.
    """
    cause = row[f.ISOLATED_BY]
    if cause == Cause.CLOSURE:
        return [(segment, Role.CUTS) for segment in row[f.CUT_BY]]
    if cause == Cause.SUPPLY:
        return []
    fit = fit_for_vehicle(network, dated)
    wet = out_of_season(network, dated)
    passable, lost, role = (
        (fit & ~wet, fit & wet, Role.SEASON) if cause == Cause.SEASON else (fit, ~fit, Role.VEHICLE)
    )
    node = np.array([network.node_number[row[f.NODE_ID]]], dtype=np.int64)
    part, every = components(network, passable), open_supply(network, Conditions())
    sets = smallest_reopening(network, part, lost, every, node)
    return [(segment, role) for segment in sets[0]]


def _supply_off(dataset: Dataset, dated: Conditions, row: dict[Any, Any]) -> tuple[str, ...]:
    """Supply points switched off to which a town that is not open loses its path."""
    if row[f.STATE] == TownState.OPEN or not dated.without:
        return ()
    if not row[f.ISOLATED]:
        usual = row[f.BASELINE_SUPPLY_POINT]
        return (usual,) if usual in dated.without else ()
    on = access(dataset.network, replace(dated, without=frozenset()), count_routes=False).towns
    reached = on.loc[on[f.NODE_ID] == row[f.NODE_ID], f.REACHABLE_SUPPLY_POINTS].iloc[0]
    return tuple(point for point in reached if point in dated.without)


def _causes(
    row: dict[Any, Any], links: tuple[Link, ...], supply_off: tuple[str, ...]
) -> tuple[Cause, ...]:
    """Return why a town is not open, in the order of `Cause`."""
    if row[f.ISOLATED]:
        return (row[f.ISOLATED_BY],)
    causes = {Cause.SUPPLY} if supply_off else set()
    for link in links:
        if link.role in {Role.ESCORT, Role.LEFT}:
            wet = link.state == SegmentState.IMPASSABLE
            causes.add(Cause.SEASON if wet else Cause.CLOSURE)
    return tuple(cause for cause in Cause if cause in causes)


def _evidence_by_segment(
    reported: pd.DataFrame | None, traffic: Traffic
) -> dict[str, tuple[float, tuple[Evidence, ...]]]:
    """Return the severity and evidence of each segment that events close, by segment."""
    if reported is None:
        return {}
    of_traffic = reported[reported[f.TRAFFIC] == traffic]
    rows = zip(
        of_traffic[f.SEGMENT_ID], of_traffic[f.SEVERITY], of_traffic[f.EVIDENCE], strict=True
    )
    return {segment: (float(severity), evidence) for segment, severity, evidence in rows}


def _behind(
    evidence_by_segment: dict[str, tuple[float, tuple[Evidence, ...]]],
    segment: str,
    states: pd.Series,
) -> tuple[float, tuple[Evidence, ...]]:
    """Return severity and evidence; none for what was cut by hand or is impassable."""
    if states[segment] in {SegmentState.CUT, SegmentState.IMPASSABLE}:
        return 0.0, ()
    return evidence_by_segment.get(segment, (0.0, ()))


def _barred(network: Network, segment: str, state: SegmentState) -> tuple[str, bool]:
    """Tags that bar tankers from an impassable segment, and whether a segment is a ferry."""
    rows, number = network.segments, network.segment_number[segment]
    cells = [rows[name].iloc[number] if name in rows else "" for name in (f.RESTRICTION, f.MODE)]
    tags = cells[0] if isinstance(cells[0], str) else ""
    return tags if state == SegmentState.IMPASSABLE else "", cells[1] == f.FERRY


def _id(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _km(value: float) -> float | None:
    return None if pd.isna(value) else float(value)


def town_id(dataset: Dataset, named: str) -> str:
    """Return the id of a town given by its id or by one of its names.

    Raises
    ------
    UnknownIdError
        Naming the nearest ids.
    """
    if named in dataset.network.towns:
        return named
    nodes = dataset.network.nodes
    towns = nodes[nodes[f.NODE_ID].isin(dataset.network.towns)].set_index(f.NODE_ID)
    alike = [str(town) for town, name in towns[f.NAME].items() if folded(name) == folded(named)]
    if len(alike) > 1:
        raise UnknownIdError("core.ambiguous_town", id=named, nearest=_listed(towns, alike))
    names = town_names(dataset.network)
    if folded(named) in names:
        return names[folded(named)]
    close = difflib.get_close_matches(folded(named), names, NEAREST, cutoff=0.0)
    nearest = _listed(towns, list(dict.fromkeys(names[name] for name in close))) or "–"
    raise UnknownIdError("core.unknown_town", id=named, nearest=nearest)


def _listed(towns: pd.DataFrame, ids: list[str]) -> str:
    """Name towns with their region, and the id to ask by where it says more than the name."""
    rows = ((town, towns.loc[town]) for town in ids)
    return "; ".join(
        f"{town} ({', '.join(filter(None, (str(row[f.NAME]), str(row[f.ADMIN1] or ''))))})"
        for town, row in rows
    )


def _name(network: Network, node: object) -> str | None:
    """Return the name of a node as people call it; its id where it has none."""
    if not isinstance(node, str):
        return None
    return network.labels[node] or node
