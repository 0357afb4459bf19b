"""What the roads let through to each town, in several readings of the reported events."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata import schema as f
from geodata.analysis import fuel_priors as priors
from geodata.analysis.fuel_stock import NORTHERN_REGIONS, NORTHERN_SUPPLY
from geodata.analysis.paths import UNIT, shortest_paths
from geodata.analysis.timeline import TOWN_STATES, Timeline, replay
from geodata.conditions import Conditions, fit_for_vehicle
from geodata.events.rules import Rules
from geodata.events.spans import WEEK_DAYS
from geodata.events.vocabulary import DatePrecision, Effect, EventType
from geodata.network.model import Network
from geodata.schema import Measure, TownState, Traffic, Vehicle

OPEN, ESCORT, CUT, SILENT = range(4)
"""Codes of a town's access: `SILENT` where the vehicle or the season says nothing about events."""
READINGS: Final = 3
BELIEVED: Final = {"high": 0.97, "medium": 0.85, "low": 0.4}
"""Share of the readings in which a report is true, by the confidence in it: judgement."""
KM_PER_DEGREE: Final = 111.0
CONVOY_ATTACKS: Final = frozenset(
    {EventType.AMBUSH, EventType.VEHICLE_BURNING, EventType.EXPLOSION}
)
HUB_CORRIDORS: Final = (
    "Dakar-Kayes-Bamako", "Abidjan-Sikasso/Bougouni-Bamako", "Conakry-Kourémalé-Bamako",
    "Nouakchott-Nioro-Bamako",
)  # fmt: skip
"""Corridors on which escorts from the border to Bamako pass the towns that lie on them."""
WESTERN_CORRIDOR: Final = "Dakar-Kayes-Bamako"
IMPORT_CORRIDORS: Final = ("Abidjan-Sikasso/Bougouni-Bamako", WESTERN_CORRIDOR)
"""Corridors that bring nearly all fuel: the Ivorian one and that from Senegal."""
STOPPING: Final = frozenset({EventType.BLOCKADE, EventType.POLICY})
"""Events that stop all tankers of a corridor: attacks hold convoys back, but others follow."""


@dataclass(frozen=True, eq=False)
class Roads:
    """Access of each town on each day, and where it lies.

    Parameters
    ----------
    network : Network
    days : tuple of date
    access : array of uint8, shape (n_readings, n_days, n_towns)
        `OPEN`, `ESCORT`, `CUT` or `SILENT`.
    sealed : array of bool, shape (n_days, n_towns)
        Towns that nobody reaches by any road, as under a siege.
    attacks : array of float, shape (n_days,)
        Recent attacks on convoys, each weighed by the confidence in it and fading with time.
    stopped : array of float, shape (2, n_days)
        Belief that no tanker passes on each of `IMPORT_CORRIDORS`, by dated reports that say so.
    hub : int
        Place among the towns of the one with the depots: the most populous.
    escort_km : array of float, shape (n_towns,)
        Road from where escorts end or pass: the hub, or the border on a corridor to the hub.
    border_km : array of float, shape (n_towns,)
        Road to the nearest crossing of small trade; infinite without one.
    north : array of bool, shape (n_towns,)
        Towns that fuel from Niger and Algeria supplies in practice.
    first_passed : array of bool, shape (2, n_towns)
        Towns that escorts on each of `IMPORT_CORRIDORS` pass before the hub.
    """

    network: Network
    days: tuple[dt.date, ...]
    access: NDArray[np.uint8]
    sealed: NDArray[np.bool_]
    attacks: NDArray[np.float32]
    stopped: NDArray[np.float32]
    hub: int
    escort_km: NDArray[np.float32]
    border_km: NDArray[np.float32]
    north: NDArray[np.bool_]
    first_passed: NDArray[np.bool_]

    @property
    def west(self) -> NDArray[np.bool_]:
        """Towns that escorts from Senegal would pass before the hub, shape (n_towns,)."""
        western: NDArray[np.bool_] = self.first_passed[IMPORT_CORRIDORS.index(WESTERN_CORRIDOR)]
        return western

    def row(self, day: dt.date) -> int:
        """Return the row of a day in the arrays; it may lie outside them."""
        return (day - self.days[0]).days


def roads(
    network: Network,
    events: pd.DataFrame,
    start: dt.date,
    end: dt.date,
    *,
    rules: Rules | None = None,
    corridor_segments: pd.DataFrame | None = None,
    scenario: Conditions | None = None,
    seed: int = 0,
) -> Roads:
    """Read the events several times, each time with some left out, dated or placed otherwise.

    The first reading takes them as they are. In the others a report is left out by chance, the
    rarer the higher the confidence in it; one dated to a week or month falls on a day of it;
    one placed off the network lies elsewhere within its precision.

    Parameters
    ----------
    network : Network
    events : DataFrame
        Events in the columns of `geodata.events.table`.
    start, end : date
    rules : Rules, optional
    corridor_segments : DataFrame, optional
    scenario : Conditions, optional
        What is cut by hand, and the vehicle; tankers in season if not given.
    seed : int

    Raises
    ------
    GeodataError
        If the period is empty or too long, or an id is unknown.
    """
    rules = rules or Rules()
    scenario = scenario or Conditions(vehicle=Vehicle.TANKER)
    rng = np.random.default_rng(seed)
    serving_north = NORTHERN_SUPPLY & set(network.supply_points)
    southern = scenario
    if serving_north != set(network.supply_points):
        southern = replace(scenario, without=scenario.without | serving_north)

    def run(table: pd.DataFrame, scenario: Conditions, traffic: Traffic = Traffic.FUEL) -> Timeline:
        return replay(
            network,
            table,
            start,
            end,
            scenario=scenario,
            rules=rules,
            traffic=traffic,
            corridor_segments=corridor_segments,
        )

    everywhere = run(events, scenario)
    anyone = run(events, replace(scenario, vehicle=Vehicle.ANY), Traffic.LIGHT)
    sealed = anyone.town_states == TOWN_STATES.index(TownState.ISOLATED)
    sealed &= ~(anyone.season_isolated | anyone.baseline_isolated)
    tables = [events, *(_reading(events, rng) for _ in range(READINGS - 1))]
    regions = network.nodes.set_index(f.NODE_ID)[f.ADMIN1].reindex(list(network.towns))
    north = regions.isin(NORTHERN_REGIONS).to_numpy(bool) & bool(serving_north)
    access = np.stack([_access(run(table, southern), everywhere, north) for table in tables])
    people = network.nodes.set_index(f.NODE_ID)[f.POPULATION].reindex(list(network.towns))
    hub = int(np.argmax(people.fillna(0).to_numpy(float))) if len(people) else 0
    return Roads(
        network,
        everywhere.days,
        access,
        sealed,
        _attacks(events, everywhere.days),
        _stopped(events, everywhere.days),
        hub,
        _escort_km(network, hub, corridor_segments),
        _border_km(network),
        north,
        _first_passed(network, hub, corridor_segments),
    )


def _reading(events: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """One reading of the events: some left out, others on another day or at another place."""
    believed = events[f.CONFIDENCE].map(BELIEVED).fillna(BELIEVED["low"]).to_numpy(float)
    believed_events = events[rng.random(len(events)) < believed].copy()
    believed_events[f.DATE] = pd.Series(
        [_redated(row, rng) for row in believed_events.to_dict("records")],
        index=believed_events.index,
        dtype=object,
    )
    loose = (
        believed_events[f.LAT].notna()
        & (believed_events[f.NODE_ID] == "")
        & (believed_events[f.SEGMENT_IDS] == "")
    )
    degrees = believed_events[f.PRECISION_KM].fillna(0).to_numpy(float) / (2 * KM_PER_DEGREE)
    for column in (f.LAT, f.LON):
        moved = believed_events[column] + rng.standard_normal(len(believed_events)) * degrees
        believed_events[column] = believed_events[column].where(~loose, moved)
    return believed_events.reset_index(drop=True)


def _redated(event: dict[Any, Any], rng: np.random.Generator) -> dt.date:
    span = {DatePrecision.WEEK: WEEK_DAYS, DatePrecision.MONTH: 28}
    days = span.get(event[f.DATE_PRECISION], 1)
    day: dt.date = event[f.DATE] + dt.timedelta(days=int(rng.integers(days)))
    end = event[f.END_DATE]
    return day if end is None or pd.isna(end) else min(day, end)


def _access(south: Timeline, everywhere: Timeline, north: NDArray[np.bool_]) -> NDArray[np.uint8]:
    states = np.where(north, everywhere.town_states, south.town_states)
    silent = everywhere.season_isolated | everywhere.baseline_isolated
    code = np.array(
        [
            {TownState.ESCORT_ONLY: ESCORT, TownState.ISOLATED: CUT}.get(s, OPEN)
            for s in TOWN_STATES
        ],
        dtype=np.uint8,
    )
    return np.where(silent, np.uint8(SILENT), code[states])


def _attacks(events: pd.DataFrame, days: tuple[dt.date, ...]) -> NDArray[np.float32]:
    """Return the memory of attacks on convoys and tankers on each day."""
    struck = np.zeros(len(days))
    for event in events.to_dict("records"):
        row = (event[f.DATE] - days[0]).days
        hit = event[f.EVENT_TYPE] in CONVOY_ATTACKS
        fuel = event[f.APPLIES_TO] == "fuel" or bool(event[f.TANKERS_HIGH])
        if hit and fuel and 0 <= row < len(days):
            struck[row] += BELIEVED.get(event[f.CONFIDENCE], BELIEVED["low"])
    memory, left = np.zeros(len(days), dtype=np.float32), 0.0
    for row, new in enumerate(struck):
        left = left * float(np.exp(-1 / priors.ATTACK_DAYS)) + new
        memory[row] = left
    return memory


def _stopped(events: pd.DataFrame, days: tuple[dt.date, ...]) -> NDArray[np.float32]:
    """Return the belief that no tanker passes on each of `IMPORT_CORRIDORS` on each day.

    A blockade or decision that closes a corridor stops it from its day to its reported end.
    Without an end nothing is known of how long: the road's state alone counts then.
    """
    stopped = np.zeros((len(IMPORT_CORRIDORS), len(days)), dtype=np.float32)
    for event in events.to_dict("records"):
        shut = event[f.EFFECT] == Effect.CLOSED and event[f.EVENT_TYPE] in STOPPING
        end = event[f.END_DATE]
        if not shut or end is None or pd.isna(end) or event[f.CORRIDOR] not in IMPORT_CORRIDORS:
            continue
        first, last = ((day - days[0]).days for day in (event[f.DATE], end))
        belief = BELIEVED.get(event[f.CONFIDENCE], BELIEVED["low"])
        part = stopped[IMPORT_CORRIDORS.index(event[f.CORRIDOR]), max(first, 0) : max(last + 1, 0)]
        np.maximum(part, belief, out=part)
    return stopped


def _km_from(network: Network, nodes: NDArray[np.int64]) -> NDArray[np.float32]:
    """Return the road for tankers from the nearest of some nodes to each town, in km."""
    fit = fit_for_vehicle(network, Conditions(vehicle=Vehicle.TANKER))
    towns = [network.node_number[i] for i in network.towns]
    cost = shortest_paths(network, fit, nodes, by=Measure.KM).cost[towns] / UNIT
    return np.asarray(cost, dtype=np.float32)


def _escort_km(
    network: Network, hub: int, corridor_segments: pd.DataFrame | None
) -> NDArray[np.float32]:
    """Road from the hub; for towns on a corridor to it, from the border if that is nearer."""
    if not network.towns:
        return np.zeros(0, dtype=np.float32)
    km = _km_from(network, np.array([network.node_number[network.towns[hub]]]))
    if corridor_segments is None or corridor_segments.empty:
        return km
    on_way = _passed(network, corridor_segments, HUB_CORRIDORS)
    return np.where(on_way, np.minimum(km, _border_km(network)), km).astype(np.float32)


def _passed(
    network: Network, corridor_segments: pd.DataFrame, names: tuple[str, ...]
) -> NDArray[np.bool_]:
    """Return the towns that lie on corridors of these names."""
    table = corridor_segments[corridor_segments["corridor"].isin(names)]
    used = network.segments[network.segments[f.SEGMENT_ID].isin(table[f.SEGMENT_ID])]
    passed = set(used[f.FROM_NODE]) | set(used[f.TO_NODE])
    return np.array([town in passed for town in network.towns], dtype=bool)


def _first_passed(
    network: Network, hub: int, corridor_segments: pd.DataFrame | None
) -> NDArray[np.bool_]:
    """Return the towns on each import corridor that lie nearer to the border than to the hub."""
    passed = np.zeros((len(IMPORT_CORRIDORS), len(network.towns)), dtype=bool)
    if corridor_segments is None or corridor_segments.empty or not network.towns:
        return passed
    hub_km = _km_from(network, np.array([network.node_number[network.towns[hub]]]))
    nearer = _border_km(network) < hub_km
    for place, corridor in enumerate(IMPORT_CORRIDORS):
        passed[place] = _passed(network, corridor_segments, (corridor,)) & nearer
    return passed


def _border_km(network: Network) -> NDArray[np.float32]:
    """Return road to the nearest crossing into a country whose small trade in fuel is reported."""
    country = network.nodes[f.COUNTRY].to_numpy(str)
    kind = network.nodes[f.KIND].to_numpy(str)
    abroad = np.isin(country, priors.TRADING_COUNTRIES)
    crossing = {
        int(here)
        for one, other in ((network.tail, network.head), (network.head, network.tail))
        for here, there in zip(one, other, strict=True)
        if kind[here] == "border_crossing" and (abroad[there] or abroad[here])
    }
    if not crossing:
        return np.full(len(network.towns), np.inf, dtype=np.float32)
    return _km_from(network, np.array(sorted(crossing), dtype=np.int64))
