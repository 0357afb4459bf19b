"""An estimate of towns' fuel stock, kept apart from access: a road that closes empties no tank.

A town draws on its stock on each day without an open path to supply. How much it holds, what
trickles in under escort and what a reported convoy is worth are assumptions that a user sets;
real stocks, prices and most convoys are not known. Every result is an estimate.
"""

import datetime as dt
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata import schema as f
from geodata.analysis.timeline import TOWN_STATES, Timeline, replay
from geodata.conditions import Conditions
from geodata.events.rules import Rules
from geodata.events.vocabulary import EventType
from geodata.network.model import Network
from geodata.network.names import town_names
from geodata.sanitize import folded
from geodata.schema import TownState, Traffic, Vehicle

# Niamey's and Algeria's fuel in practice supplies the north alone: Gao region lives almost only
# on the road from Niger (SeneNews, 2 November 2025), Tombouctou and Gao also on Algeria
# (Mauriweb, 19 January 2026), while Senegal and Côte d'Ivoire carry most of the country's
# imports (AFP, RFI, 7 October 2025). The one gift from Niger to Bamako took 21 days on the road.
NORTHERN_SUPPLY: Final = frozenset({"niamey", "bordj-badji-mokhtar"})
NORTHERN_REGIONS: Final = frozenset({"Gao", "Kidal", "Ménaka", "Tombouctou", "Taoudénit"})
ISOLATED_CODE: Final = TOWN_STATES.index(TownState.ISOLATED)
ESCORT_CODE: Final = TOWN_STATES.index(TownState.ESCORT_ONLY)
EMPTY_DAYS: Final = 1e-9


class StockState(StrEnum):
    """How a town stands, by the estimate."""

    SUPPLIED = "supplied"
    RUNNING_DOWN = "running_down"
    SHORT = "short"
    UNKNOWN = "unknown"


STOCK_STATES: Final = tuple(StockState)


@dataclass(frozen=True, eq=False)
class FuelStock:
    """Estimated stock of every town on each day of a period.

    Parameters
    ----------
    network : Network
    days : tuple of date
    left_days : array of float, shape (n_days, n_towns)
        Days of usual use that are left in the evening.
    since_open_days : array of int, shape (n_days, n_towns)
        Days since the last day with an open path to supply; 0 on such a day.
    states : array of uint8, shape (n_days, n_towns)
        Places in `STOCK_STATES`.
    convoys : array of float, shape (n_days, n_towns)
        Days of use brought by reported convoys.
    supply_states : array of uint8, shape (n_days, n_towns)
        Access of each town to the supply points that serve it in practice, in `TOWN_STATES`.
    """

    network: Network
    days: tuple[dt.date, ...]
    left_days: NDArray[np.float64]
    since_open_days: NDArray[np.int64]
    states: NDArray[np.uint8]
    convoys: NDArray[np.float64]
    supply_states: NDArray[np.uint8]

    def on(self, day: dt.date) -> pd.DataFrame:
        """Return the estimate for every town on a day.

        Returns
        -------
        DataFrame
            ``node_id, stock_state, stock_days, days_since_open, supply_state``, sorted by id.
        """
        row = (day - self.days[0]).days
        return pd.DataFrame(
            {
                f.NODE_ID: self.network.towns,
                "stock_state": [STOCK_STATES[c].value for c in self.states[row]],
                "stock_days": self.left_days[row].round(1),
                "days_since_open": self.since_open_days[row],
                "supply_state": [TOWN_STATES[c].value for c in self.supply_states[row]],
            }
        )

    def state(self, town: str, day: dt.date) -> StockState:
        """Return the state of one town on a day."""
        row = (day - self.days[0]).days
        return STOCK_STATES[int(self.states[row, self.network.towns.index(town)])]


def estimate_stock(
    network: Network,
    events: pd.DataFrame,
    start: dt.date,
    end: dt.date,
    *,
    scenario: Conditions | None = None,
    rules: Rules | None = None,
    corridor_segments: pd.DataFrame | None = None,
) -> FuelStock:
    """Estimate the fuel stock of every town on each day, from full on the eve of ``start``.

    With an open path a town meets its use and fills up by `Rules.refill_rate`; under escort only
    `Rules.escort_share` of its use comes in; cut off, nothing does. A reported convoy adds
    `Rules.convoy_days`, weighed by the confidence in the report, to the town that it reached.
    On days on which the rains alone keep tankers away, or where no tanker ever goes, nothing is
    said and the stock is left as it is.

    Parameters
    ----------
    network : Network
    events : DataFrame
    start, end : date
        `start` should lie before the first closure of interest.
    scenario : Conditions, optional
        What is cut or switched off by hand, and the vehicle; tankers in season if not given.
    rules : Rules, optional
    corridor_segments : DataFrame, optional
    """
    scenario = scenario or Conditions(vehicle=Vehicle.TANKER)
    rules = rules or Rules()
    supply, unknown = _supply(network, events, start, end, scenario, rules, corridor_segments)
    convoys = _convoys(network, events, start, len(supply), rules)
    open_way = (supply != ISOLATED_CODE) & (supply != ESCORT_CODE)
    inflow = np.where(open_way, 1 + rules.refill_rate, 0.0)
    inflow = np.where(supply == ESCORT_CODE, rules.escort_share, inflow)
    inflow = np.where(unknown, 1.0, inflow)
    left = np.empty(supply.shape)
    level = np.full(supply.shape[1], rules.autonomy_days)
    for day in range(len(supply)):
        level = np.clip(level + inflow[day] - 1, 0, rules.autonomy_days)
        level = np.minimum(level + convoys[day], rules.autonomy_days)
        left[day] = level
    codes = np.select(
        [unknown, open_way, left > EMPTY_DAYS],
        [
            STOCK_STATES.index(s)
            for s in (StockState.UNKNOWN, StockState.SUPPLIED, StockState.RUNNING_DOWN)
        ],
        default=STOCK_STATES.index(StockState.SHORT),
    ).astype(np.uint8)
    days = tuple(start + dt.timedelta(days=i) for i in range(len(supply)))
    return FuelStock(network, days, left, _since(open_way | unknown), codes, convoys, supply)


def _supply(
    network: Network,
    events: pd.DataFrame,
    start: dt.date,
    end: dt.date,
    scenario: Conditions,
    rules: Rules,
    corridor_segments: pd.DataFrame | None,
) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """Return access to the supply points that serve each town, and the days that say nothing."""

    def run(without: frozenset[str]) -> Timeline:
        return replay(
            network,
            events,
            start,
            end,
            scenario=replace(scenario, without=scenario.without | without),
            rules=rules,
            traffic=Traffic.FUEL,
            corridor_segments=corridor_segments,
        )

    everywhere = run(frozenset())
    silent = everywhere.season_isolated | everywhere.baseline_isolated
    serving_north = NORTHERN_SUPPLY & set(network.supply_points)
    if not serving_north or serving_north == set(network.supply_points):
        return everywhere.town_states, silent
    regions = network.nodes.set_index(f.NODE_ID)[f.ADMIN1].reindex(list(network.towns))
    north = regions.isin(NORTHERN_REGIONS).to_numpy(bool)
    states = np.where(north, everywhere.town_states, run(serving_north).town_states)
    return states.astype(np.uint8), silent


def _convoys(
    network: Network, events: pd.DataFrame, start: dt.date, n_days: int, rules: Rules
) -> NDArray[np.float64]:
    """Return the days of use that reported convoys bring to each town, shape (n_days, n_towns)."""
    brought = np.zeros((n_days, len(network.towns)))
    column = {town: i for i, town in enumerate(network.towns)}
    arrivals = events[(events[f.EVENT_TYPE] == EventType.CONVOY_ARRIVAL) & events[f.MAY_CLOSE]]
    names = town_names(network)
    for event in arrivals.to_dict("records"):
        town = event[f.NODE_ID] or names.get(folded(event[f.PLACE]), "")
        day = (event[f.DATE] - start).days
        if town in column and 0 <= day < n_days:
            weight = rules.confidence(event[f.CONFIDENCE])
            brought[day, column[town]] += rules.convoy_days * weight
    return brought


def _since(open_way: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return the days since the last open one, counted from the period's eve."""
    rows = np.arange(1, len(open_way) + 1)[:, None]
    last = np.maximum.accumulate(np.where(open_way, rows, 0), axis=0)
    since: NDArray[np.int64] = (rows - last).astype(np.int64)
    return since
