"""One pass through the days: each member's balance of litres, weighed by reports as they come.

A block particle filter (Rebeschini and van Handel, Annals of Applied Probability 25, 2015): a
report on a town resamples the members of that town alone; of the country's flow it moves the
mean, by a tempered weight. So a few hundred members do for many towns.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from geodata.analysis import fuel_priors as priors
from geodata.analysis.fuel_convoys import Convoys
from geodata.analysis.fuel_members import Array, Members, change_ways, fair_shares
from geodata.analysis.fuel_reports import WRONG, Report, above, likelihood
from geodata.analysis.fuel_roads import CUT, ESCORT, OPEN, SILENT, Roads

TEMPER: Final = 0.5
"""Share of a town's weight that counts for the country's flow: judgement."""
MOST: Final = 1.2
"""Share of its usual use that a town takes under escort at most, while it fills its tanks."""
REFILL_DAYS: Final = 5.0
SEALED: Final = 0.05
"""Most that a report sees of the service of a town that nobody reaches by any road."""
PENDING_DAYS: Final = 20.0
QUANTILES: Final = (0.1, 0.5, 0.9)
EXPLAIN_EVERY: Final = 7


@dataclass(eq=False)
class Days:
    """What is kept of each day, arrays of shape (n_days, n_towns) unless said otherwise.

    Parameters
    ----------
    stock : array, shape (3, n_days, n_towns)
        Days of usual use in the tanks: ends of the band of 80 % and the median, low first.
    short : array
        Chance of being short, by reports known up to that day.
    short_before : array
        The same before the reports that become known on that day.
    leading : array of int
        Place of the constant that weighs most among `NAMES`; -1 if none does.
    first_short : array, shape (3, n_towns)
        Row of the first day on which each town was short, ends of the band and the median;
        infinite if it never was.
    use : array, shape (3, n_days, n_towns)
        Litres of usual use a day, both products together: ends of the band of 80 % and the
        median, low first.
    """

    stock: Array
    short: Array
    short_before: Array
    leading: NDArray[np.int8]
    first_short: Array
    use: Array


NAMES: Final = (
    "use", "blockade_tankers", "hub_share", "hub_days", "attack_effect", "town_litres_a_head",
    "station_days", "onward_km", "convoy_days", "convoy_share", "trade_share", "trade_km",
    "trade_delay", "desert_share", "north_share", "west_share", "siege_leak", "rush", "luck",
    "flow", "reopens",
)  # fmt: skip
"""What may weigh most: names of priors, and what no constant explains."""
LEAST_CORRELATION: Final = 0.15
FARTHEST_TRADE_KM: Final = 400.0


def run(
    roads: Roads,
    state: Members,
    convoys: Convoys,
    reports: Sequence[Report],
    rng: np.random.Generator,
) -> Days:
    """Let the members live through the days.

    Parameters
    ----------
    roads : Roads
    state : Members
        Changed in passing.
    convoys : Convoys
    reports : sequence of Report
        Those that weigh; others must not be given.
    rng : Generator
    """
    shape = (len(roads.days), len(roads.network.towns))
    days = Days(
        np.zeros((3, *shape), np.float32),
        np.zeros(shape, np.float32),
        np.zeros(shape, np.float32),
        np.full(shape, -1, np.int8),
        np.zeros((3, shape[1]), np.float32),
        np.zeros((3, *shape), np.float32),
    )
    due: dict[dt.date, list[Report]] = {}
    for report in reports:
        due.setdefault(report.known, []).append(report)
    column = {town: place for place, town in enumerate(roads.network.towns)}
    n_members = state.need.shape[1]
    reading = np.arange(n_members) % len(roads.access)
    for row, day in enumerate(roads.days):
        access = _access(roads, state, reading, row)
        _one_day(roads, state, convoys, access, row, rng)
        begins = (state.served < priors.SHORT_BELOW) & np.isinf(state.first_short)
        state.first_short[begins] = row
        days.short_before[row] = _short(roads, state, row)
        for report in due.get(day, ()):
            _weigh(roads, state, column[report.town], report.status, row, rng)
        days.short[row] = _short(roads, state, row)
        left = state.tank.sum(axis=0) / state.need
        days.stock[:, row] = _quantiles(left)
        # Only reports choose among the members' uses.
        chosen_again = row == 0 or day in due
        days.use[:, row] = _quantiles(state.need) if chosen_again else days.use[:, row - 1]
        if row % EXPLAIN_EVERY == 0:
            days.leading[row : row + EXPLAIN_EVERY] = _leading(roads, state)
    days.first_short = _quantiles(state.first_short)
    return days


def _quantiles(values: Array) -> Array:
    """Return the ends of the 80 % band and the median of each row, by order statistics."""
    n = values.shape[1]
    places = [min(int(q * n), n - 1) for q in QUANTILES]
    return np.partition(values, places, axis=1)[:, places].T


def _access(
    roads: Roads, state: Members, reading: NDArray[np.int64], row: int
) -> NDArray[np.uint8]:
    """Return access of each town for each member; a road that faded open is so for some only."""
    access = roads.access[:, row, :][reading].T
    shut = (access == ESCORT) | (access == CUT)
    state.cut_days += shut | (state.cut_days > 0)
    faded = (access == OPEN) & (state.cut_days > 0) & ~state.reopens
    return np.where(faded, np.uint8(ESCORT), access)


def _one_day(
    roads: Roads,
    state: Members,
    convoys: Convoys,
    access: NDArray[np.uint8],
    row: int,
    rng: np.random.Generator,
) -> None:
    """Move the members by one day: flow, sharing, deliveries, use."""
    _drift(state, rng)
    change_ways(roads, state, rng)
    tankers = convoys.counted(row, state, roads, rng)
    litres = tankers * state.national["tanker_litres"] * (1 - state.national["industry_share"])
    escorted = access == ESCORT
    south = escorted & ~roads.north[:, None]
    luck = np.exp(state.luck)
    available = litres / state.national["retail"] * np.where(south, state.need, 0).sum(axis=0)
    passing = 1 - (roads.stopped[:, row, None] * roads.first_passed).max(axis=0)
    priority = state.priority * luck * passing[:, None]
    share = fair_shares(np.where(south, state.need, 0), priority, available, MOST)
    north = escorted & roads.north[:, None]
    share = np.where(north, np.minimum(state.constants["north_share"] * luck, MOST), share)
    share = np.where(escorted, share * _held_back(roads, state, row), 0)
    state.pending += share * state.need
    arriving = convoys.arrivals(row, roads, state, rng)
    arriving += _trade(roads, state, access) * state.need
    arriving += np.where(access == CUT, state.constants["siege_leak"] * state.need, 0)
    room = np.maximum(state.capacity - state.tank.sum(axis=0), 0)
    demand = state.need + np.minimum(room / REFILL_DAYS, state.need)
    arriving = np.where(access == OPEN, demand, arriving)
    _use(roads, state, arriving, access, row)


def _drift(state: Members, rng: np.random.Generator) -> None:
    keep = np.exp(-1 / state.constants["luck_days"])
    step = np.float32(priors.TOWN_SPREAD) * np.sqrt(1 - keep**2)
    state.luck *= keep
    state.luck += step * rng.standard_normal(state.luck.shape, dtype=np.float32)
    slow = np.float32(np.exp(-1 / priors.FLOW_DAYS))
    state.flow *= slow
    wide = np.float32(priors.FLOW_SPREAD * np.sqrt(1 - slow**2))
    state.flow += wide * rng.standard_normal(state.flow.shape, dtype=np.float32)


def _held_back(roads: Roads, state: Members, row: int) -> Array:
    """Return the share that the state itself lets through to the towns it holds back."""
    through = np.ones((len(roads.network.towns), 1), dtype=np.float32)
    since = (roads.days[row] - priors.HELD_BACK_FROM).days
    if not 0 <= since < priors.HELD_BACK_DAYS:
        return through
    restricted = np.isin(roads.network.towns, priors.HELD_BACK_TOWNS)
    return np.where(restricted[:, None], state.constants["held_back"], through)


def _trade(roads: Roads, state: Members, access: NDArray[np.uint8]) -> Array:
    """Return the share of use that small trade brings: the nearer the border, the more."""
    c = state.constants
    near = np.exp(-roads.border_km[:, None] / c["trade_km"]) * ~roads.north[:, None]
    desert = np.isin(roads.network.towns, priors.DESERT_TOWNS)[:, None]
    share = np.where(desert, c["desert_share"], c["trade_share"] * near)
    begun = 1 - np.exp(-state.cut_days / c["trade_delay"])
    return np.asarray(np.where(access == ESCORT, share * begun, 0), dtype=np.float32)


def _use(
    roads: Roads, state: Members, arriving: Array, access: NDArray[np.uint8], row: int
) -> None:
    """Let each town sell what it can, and put what its tanks cannot hold back on the road."""
    silent = access == SILENT
    diesel = state.national["diesel_share"]
    since = (roads.days[row] - priors.POWER_FIRST_FROM).days
    first = 0 <= since < priors.POWER_FIRST_DAYS
    limited = np.where(access == ESCORT, state.national["power_first"], 1) if first else 1
    rush = 1 + (state.constants["rush"] - 1) * np.minimum(state.backlog / (3 * state.need), 1)
    sold, over = np.zeros_like(state.need), np.zeros_like(state.need)
    for place, part, let in ((0, diesel, limited), (1, 1 - diesel, 1)):
        there = state.tank[place] + arriving * part * let
        sale = np.minimum(there, state.need * part * rush)
        left = there - sale
        room = np.maximum(state.capacity * part, 0)
        state.tank[place] = np.where(silent, state.tank[place], np.minimum(left, room))
        over += np.maximum(left - room, 0)
        sold += sale
    state.pending = np.minimum(
        state.pending + np.where(access == ESCORT, over, 0), PENDING_DAYS * state.need
    )
    missed = np.where(silent, 0, state.need - sold)
    state.backlog = np.clip(state.backlog + missed, 0, priors.BACKLOG_DAYS * state.need)
    served = np.where(silent, state.served, np.minimum(sold / state.need, 1))
    state.served += (served - state.served) / np.float32(priors.SERVED_DAYS)


def _seen(roads: Roads, state: Members, row: int) -> Array:
    """Service as a report sees it: a town that is sealed off is short, whatever is left in it."""
    sealed = np.minimum(state.served, np.float32(SEALED))
    return np.where(roads.sealed[row][:, None], sealed, state.served)


def _short(roads: Roads, state: Members, row: int) -> Array:
    """Chance that a report of each town would mention a shortage, its own error counted in."""
    short = 1 - above(_seen(roads, state, row), priors.SHORT_BELOW).mean(axis=1)
    return np.asarray(WRONG / 2 + (1 - WRONG) * short, dtype=np.float32)


def _weigh(
    roads: Roads,
    state: Members,
    town: int,
    status: str,
    row: int,
    rng: np.random.Generator,
) -> None:
    """Weigh the members of a town by a report, and move the country's flow a little."""
    weight = likelihood(_seen(roads, state, row)[town], status).astype(float)
    tempered = weight**TEMPER
    if town == roads.hub:
        # The hub's use and depots are the country's: they are weighed together.
        chosen = _chosen(weight, rng)
        state.resample_national(chosen)
        state.resample(town, chosen)
    else:
        if not roads.north[town]:
            mean = float((tempered * state.flow).sum() / tempered.sum())
            state.flow += np.float32(mean - float(state.flow.mean()))
        state.resample(town, _chosen(weight, rng))


def _chosen(weight: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.int64]:
    """Draw members by their weights: systematic resampling (Kitagawa, 1996)."""
    n = len(weight)
    edges = np.cumsum(weight) / weight.sum()
    points = (rng.random() + np.arange(n)) / n
    return np.minimum(np.searchsorted(edges, points), n - 1).astype(np.int64)


def _bears(roads: Roads) -> NDArray[np.bool_]:
    """Return which of `NAMES` affects which town, shape (n_names, n_towns)."""
    towns = np.arange(len(roads.network.towns))
    hub, south = towns == roads.hub, ~roads.north
    trade = south & (roads.border_km < FARTHEST_TRADE_KM)
    desert = np.isin(roads.network.towns, priors.DESERT_TOWNS)
    only = {
        "use": south,
        "blockade_tankers": south,
        "attack_effect": south,
        "flow": south,
        "hub_share": south,
        "hub_days": hub,
        "station_days": ~hub,
        "town_litres_a_head": ~hub,
        "onward_km": south & ~hub,
        "convoy_days": ~hub,
        "convoy_share": ~hub,
        "trade_share": trade,
        "trade_km": trade,
        "trade_delay": trade | desert,
        "desert_share": desert,
        "north_share": roads.north,
        "west_share": roads.west,
    }
    everywhere = np.ones(len(towns), dtype=bool)
    return np.array([only.get(name, everywhere) for name in NAMES])


def _leading(roads: Roads, state: Members) -> NDArray[np.int8]:
    """Return place of the constant whose value goes most with each town's service; -1 for none."""
    served = state.served - state.served.mean(axis=1, keepdims=True)
    spread = np.sqrt((served**2).mean(axis=1)) + 1e-9
    changing: dict[str, NDArray[Any]] = {
        **state.national,
        **state.constants,
        "luck": state.luck,
        "flow": state.flow,
        "reopens": state.reopens,
    }
    correlations = []
    for name in NAMES:
        values = np.broadcast_to(changing[name].astype(np.float32), served.shape)
        apart = values - values.mean(axis=1, keepdims=True)
        scale = np.sqrt((apart**2).mean(axis=1)) + 1e-9
        correlations.append(np.abs((served * apart).mean(axis=1)) / (spread * scale))
    table = np.where(_bears(roads), np.array(correlations), 0)
    best = table.argmax(axis=0)
    return np.where(table.max(axis=0) >= LEAST_CORRELATION, best, -1).astype(np.int8)
