"""Members of the fuel ensemble: their constants, and what changes in them from day to day."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata import schema as f
from geodata.analysis import fuel_priors as priors
from geodata.analysis.fuel_roads import Roads

Array = NDArray[np.float32]

UNKNOWN_PEOPLE: Final = 15_000.0
"""People of a town of unknown population: near the median of the smaller towns that are known."""
HUB_INTERVAL: Final = (2.0, 4.0)
"""Days between arrivals at the hub: a convoy every 48 hours (L'Essor, 5 December 2025), or two."""
LONGEST_INTERVAL: Final = 25.0
INTERVAL_KM: Final = 300.0


@dataclass(eq=False)
class Members:
    """State of all members on one day; `fuel_filter` alone changes it.

    Arrays have the shape (n_towns, n_members) unless said otherwise; litres are per day.

    Parameters
    ----------
    constants : dict of str to array
        Drawn values of the priors of single towns.
    national : dict of str to array, shape (n_members,)
        Drawn values of the priors of the country, and ``use``, its litres a day.
    need : array
        Litres a day of usual use, both products together.
    capacity : array
        Litres that the tanks of the town hold, both products together.
    interval : array
        Days between deliveries under escort.
    priority : array
        Weight of a town in the sharing of convoys, from 0 to 1 at the hub.
    reopens : array of bool
        Whether a road counts as open again once the reports on it have faded.
    tank : array, shape (2, n_towns, n_members)
        Litres left of diesel and of petrol.
    pending : array
        Litres on their way to the town under escort.
    backlog : array
        Litres of use missed and still wanted.
    served : array
        Share of usual use served, averaged over some days.
    luck, flow : array and array of shape (n_members,)
        Logarithms of what no constant explains, of a town and of the country's flow.
    cut_days : array
        Days since the town first lost its open path.
    first_short : array
        Row of the first day on which the town was short; infinite if it never was.
    """

    constants: dict[str, Array]
    national: dict[str, Array]
    need: Array
    capacity: Array
    interval: Array
    priority: Array
    reopens: NDArray[np.bool_]
    tank: Array
    pending: Array
    backlog: Array
    served: Array
    luck: Array
    flow: Array
    cut_days: Array
    first_short: Array

    def resample(self, town: int, chosen: NDArray[np.int64]) -> None:
        """Replace the members of one town by chosen ones of them."""
        rows = (
            self.need,
            self.capacity,
            self.interval,
            self.priority,
            self.reopens,
            self.pending,
            self.backlog,
            self.served,
            self.luck,
            self.cut_days,
            self.first_short,
            *self.constants.values(),
        )
        for array in rows:
            array[town] = array[town, chosen]
        self.tank[:, town] = self.tank[:, town][:, chosen]

    def resample_national(self, chosen: NDArray[np.int64]) -> None:
        """Replace the members' picture of the country by that of chosen members."""
        for array in (*self.national.values(), self.flow):
            array[:] = array[chosen]


def members(
    roads: Roads, n_members: int, rng: np.random.Generator, own: pd.DataFrame | None = None
) -> Members:
    """Draw the members as they stand on the eve of the period, tanks nearly full.

    Parameters
    ----------
    roads : Roads
    n_members : int
    rng : Generator
    own : DataFrame, optional
        ``node_id`` with ``tank_litres`` and ``use_litres_per_day`` that replace the assumptions
        for that town; blank where not known.
    """
    towns = len(roads.network.towns)
    shape = (towns, n_members)
    constants = {p.name: p.draw(rng, shape) for p in priors.PRIORS if p.by_town}
    national = {p.name: p.draw(rng, (n_members,)) for p in priors.PRIORS if not p.by_town}
    halves = np.arange(n_members) % len(priors.NATIONAL_USE_LITRES)
    national["use"] = np.array(priors.NATIONAL_USE_LITRES, dtype=np.float32)[halves]
    people = _people(roads)
    need = people[:, None] * constants["town_litres_a_head"]
    retail = national["use"].copy()
    # The larger figure counts power stations and mines in, which take the share of industry.
    larger = halves == 0
    retail[larger] *= 1 - national["industry_share"][larger]
    national["retail"] = retail
    need[roads.hub] = national["hub_share"] * retail
    days = constants["station_days"].copy()
    days[roads.hub] = national["hub_days"]
    capacity = days * need
    _put_own(roads, own, need, capacity)
    priority, interval = _escorts(roads, constants)
    interval[roads.hub] = rng.uniform(*HUB_INTERVAL, n_members)
    filled = rng.uniform(0.7, 1.0, shape)
    diesel = national["diesel_share"]
    tank = np.stack([capacity * filled * diesel, capacity * filled * (1 - diesel)])
    zeros = np.zeros(shape, dtype=np.float32)
    return Members(
        constants,
        national,
        need,
        capacity,
        interval,
        priority,
        rng.random(shape) < priors.FADED_IS_TRUE,
        tank.astype(np.float32),
        zeros.copy(),
        zeros.copy(),
        zeros + 1,
        np.float32(priors.TOWN_SPREAD) * rng.standard_normal(shape, dtype=np.float32),
        np.float32(priors.FLOW_SPREAD) * rng.standard_normal(n_members, dtype=np.float32),
        zeros.copy(),
        zeros + np.float32(np.inf),
    )


def _escorts(roads: Roads, constants: dict[str, Array]) -> tuple[Array, Array]:
    """Weight of each town in the sharing of convoys, and the days between deliveries to it."""
    km = np.nan_to_num(roads.escort_km, posinf=1e4)[:, None]
    priority = np.exp(-km / constants["onward_km"])
    priority *= np.where(roads.west[:, None], constants["west_share"], 1)
    interval = np.clip(constants["convoy_days"] * km / INTERVAL_KM, 2.0, LONGEST_INTERVAL)
    return priority.astype(np.float32), interval.astype(np.float32)


def change_ways(roads: Roads, state: Members, rng: np.random.Generator) -> None:
    """Draw the paths of supply again for some members, as phases come and go."""
    some = np.flatnonzero(rng.random(state.need.shape[1]) < 1 / priors.PHASE_DAYS)
    drawn = {
        name: priors.BY_NAME[name].draw(rng, (len(state.need), len(some)))
        for name in priors.CHANGING
    }
    for name, values in drawn.items():
        state.constants[name][:, some] = values
    priority, interval = _escorts(roads, drawn)
    interval[roads.hub] = state.interval[roads.hub, some]
    state.priority[:, some], state.interval[:, some] = priority, interval


def _people(roads: Roads) -> Array:
    nodes = roads.network.nodes.set_index(f.NODE_ID)[f.POPULATION]
    known = nodes.reindex(list(roads.network.towns)).to_numpy(dtype=np.float32)
    return np.where(np.isnan(known), np.float32(UNKNOWN_PEOPLE), known).astype(np.float32)


def _put_own(roads: Roads, own: pd.DataFrame | None, need: Array, capacity: Array) -> None:
    """Put a user's figures in the place of the assumptions."""
    if own is None:
        return
    row = {town: place for place, town in enumerate(roads.network.towns)}
    for line in own.to_dict("records"):
        place = row.get(str(line[f.NODE_ID]))
        if place is None:
            continue
        use, tank = line.get(f.USE_LITRES), line.get(f.TANK_LITRES)
        if use is not None and not pd.isna(use):
            capacity[place] *= np.float32(use) / need[place]
            need[place] = np.float32(use)
        if tank is not None and not pd.isna(tank):
            capacity[place] = np.float32(tank)


def fair_shares(need: Array, weight: Array, available: Array, most: float) -> Array:
    """Share what convoys bring among towns: weighted max-min fairness.

    Each town gets the share ``min(most, level * weight)`` of its need, with one level for all
    towns of a member, such that the shares use up what is available (Bertsekas and Gallager,
    Data Networks, 1992, section 6.5.2, with weights).

    Parameters
    ----------
    need, weight : array, shape (n_towns, n_members)
        Litres a day, 0 for a town that takes no part; weights above 0.
    available : array, shape (n_members,)
        Litres a day.
    most : float
        Share of its need that a town takes at most.

    Returns
    -------
    array, shape (n_towns, n_members)
    """
    weighted = need * weight
    level = available / np.maximum(weighted.sum(axis=0), 1e-9)
    for _ in range(5):
        full = level * weight >= most
        left = available - most * np.where(full, need, 0).sum(axis=0)
        loose = np.where(full, 0, weighted).sum(axis=0)
        level = np.where(loose > 0, np.maximum(left, 0) / np.maximum(loose, 1e-9), level)
    return np.asarray(np.minimum(most, level * weight), dtype=np.float32)
