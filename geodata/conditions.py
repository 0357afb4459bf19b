"""Conditions on the roads: what is cut, reopened, closed and switched off, for one vehicle."""

import difflib
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata import schema as f
from geodata.cached import cached_property
from geodata.errors import UnknownIdError
from geodata.graph import connectivity
from geodata.network.model import TANKER_VALUES, Network
from geodata.schema import PASSABLE, Measure, SegmentState, Vehicle

TANKER_ROADS = {
    Vehicle.ANY: ("yes", "seasonal", "no"),
    Vehicle.TANKER: ("yes", "seasonal"),
    Vehicle.TANKER_ALL_YEAR: ("yes",),
}
NEAREST_IDS = 3
STATES: Final = (
    SegmentState.OPEN, SegmentState.CONTESTED, SegmentState.ESCORT_ONLY, SegmentState.CLOSED,
    SegmentState.CUT, SegmentState.IMPASSABLE,
)  # fmt: skip
"""States of a segment by their code in arrays; the first four from mildest to most severe."""
CUT_CODE: Final = STATES.index(SegmentState.CUT)
IMPASSABLE_CODE: Final = STATES.index(SegmentState.IMPASSABLE)


@dataclass(frozen=True)
class Closure:
    """State that events give one segment, for one traffic class.

    Parameters
    ----------
    segment_id : str
    state : SegmentState
        ``escort_only``, ``contested`` or ``closed``.
    severity : float
        From 0 to 1.
    event_ids : tuple of str
        The events behind it.
    """

    segment_id: str
    state: SegmentState
    severity: float = 1.0
    event_ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class Conditions:
    """All that decides what is passable.

    A manual cut wins over what events say; a manual reopening wins over both. Neither makes
    a road passable for a vehicle that cannot use it.

    Parameters
    ----------
    cut : frozenset of str
        Segments cut by hand.
    reopened : frozenset of str
        Segments reopened by hand.
    without : frozenset of str
        Supply points switched off.
    vehicle : Vehicle
        What the road must bear.
    by : Measure
        Whether the shortest path is counted in km or in hours.
    closures : tuple of Closure
        What events close, already chosen for one traffic class.
    impassable : frozenset of str
        Segments that are not passable for the vehicle for another reason, such as the rainy months.
    """

    cut: frozenset[str] = frozenset()
    reopened: frozenset[str] = frozenset()
    without: frozenset[str] = frozenset()
    vehicle: Vehicle = Vehicle.ANY
    by: Measure = Measure.KM
    closures: tuple[Closure, ...] = field(default=())
    impassable: frozenset[str] = frozenset()

    def baseline(self) -> "Conditions":
        """Return the same vehicle with nothing cut, closed or switched off."""
        return Conditions(vehicle=self.vehicle, by=self.by)

    def on(self, network: Network) -> "Passability":
        """Return what these conditions mean on a network, computed once for all that ask.

        Raises
        ------
        UnknownIdError
            If an id is not one of the network's.
        """
        cached: Passability | None = self.__dict__.get("_on")
        if cached is None or cached.network is not network:
            cached = passability(network, self)
            self.__dict__["_on"] = cached
        return cached


@dataclass(frozen=True, eq=False)
class Passability:
    """Conditions on one network: a row per segment, in the network's order.

    Parameters
    ----------
    network : Network
    codes : array of int
        State of each segment, as its place in `STATES`.
    shut : array of bool
        Segments cut by hand or closed by events, regardless of the vehicle and season.
    usable : array of bool
        Segments that the vehicle could use in this season if nothing were shut.
    supply : array of int
        Rows of the supply points that are not switched off, in the order of their ids.
    """

    network: Network
    codes: NDArray[np.uint8]
    shut: NDArray[np.bool_]
    usable: NDArray[np.bool_]
    supply: NDArray[np.int64]

    @cached_property
    def states(self) -> pd.Series:
        """State of each segment as a `SegmentState`, indexed by ``segment_id``."""
        states = np.array(STATES, dtype=object)[self.codes]
        states.flags.writeable = False
        return pd.Series(states, index=self.network.segment_index, name=f.STATE, dtype=object)

    @cached_property
    def passable(self) -> NDArray[np.bool_]:
        """Segments that let traffic pass, with or without escort."""
        return self.has_state(*PASSABLE)

    @cached_property
    def escort_free(self) -> NDArray[np.bool_]:
        """Segments that let traffic pass without an escort."""
        return self.has_state(*PASSABLE - {SegmentState.ESCORT_ONLY})

    def has_state(self, *states: SegmentState) -> NDArray[np.bool_]:
        """Return which segments are in one of ``states``."""
        return np.array([each in states for each in STATES])[self.codes]

    @cached_property
    def reopenable(self) -> NDArray[np.bool_]:
        """Closed or cut segments that the vehicle could use if reopened."""
        return self.shut & self.usable

    @cached_property
    def components(self) -> NDArray[np.int64]:
        """Number of the connected part of the passable network in which each node lies."""
        return components(self.network, self.passable)

    @cached_property
    def reached(self) -> NDArray[np.bool_]:
        """Nodes that have a path, with or without escort, to an open supply point."""
        return np.isin(self.components, self.components[self.supply])


def check_ids(network: Network, scenario: Conditions) -> None:
    """Refuse a scenario with an id that the network does not have.

    Raises
    ------
    UnknownIdError
        Naming the first unknown id and the nearest valid ones.
    """
    closed = {closure.segment_id for closure in scenario.closures}
    segments = scenario.cut | scenario.reopened | scenario.impassable | closed
    _check(segments, network.segment_number, "core.unknown_segment")
    _check(scenario.without, network.supply_points, "core.unknown_supply_point")


def check_town(network: Network, town: str) -> None:
    """Refuse an id that is not one of the network's towns.

    Raises
    ------
    UnknownIdError
        Naming the id and the nearest valid ones.
    """
    _check([town], network.towns, "core.unknown_town")


def check_node(network: Network, node: str) -> None:
    """Refuse an id that is not one of the network's nodes.

    Raises
    ------
    UnknownIdError
        Naming the id and the nearest valid ones.
    """
    _check([node], network.node_number, "core.unknown_node")


def passability(network: Network, conditions: Conditions) -> Passability:
    """Overlay what events close, what is cut and reopened by hand, the vehicle and the season.

    Raises
    ------
    UnknownIdError
        If the conditions name an id that the network does not hold.
    """
    check_ids(network, conditions)
    codes = np.zeros(len(network.segment_ids), np.uint8)
    for closure in conditions.closures:
        codes[network.segment_number[closure.segment_id]] = STATES.index(closure.state)
    codes = by_hand(network, codes, conditions)
    shut = np.isin(codes, (STATES.index(SegmentState.CLOSED), CUT_CODE))
    usable = fit_for_vehicle(network, conditions) & ~out_of_season(network, conditions)
    codes = for_vehicle(codes, usable)
    return Passability(network, codes, shut, usable, open_supply(network, conditions))


def by_hand(
    network: Network, codes: NDArray[np.uint8], conditions: Conditions
) -> NDArray[np.uint8]:
    """Put what is cut and reopened by hand over what events say.

    Parameters
    ----------
    network : Network
    codes : array of uint8, shape (..., n_segments)
        Places in `STATES`.
    conditions : Conditions
    """
    row, changed = network.segment_number, codes.copy()
    changed[..., [row[i] for i in conditions.cut]] = CUT_CODE
    changed[..., [row[i] for i in conditions.reopened]] = STATES.index(SegmentState.OPEN)
    return changed


def for_vehicle(codes: NDArray[np.uint8], usable: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Make impassable what the vehicle cannot use in the season, unless it is cut by hand.

    Parameters
    ----------
    codes : array of uint8, shape (..., n_segments)
        Places in `STATES`, as from `by_hand`.
    usable : array of bool of the same shape
    """
    return np.where(usable | (codes == CUT_CODE), codes, np.uint8(IMPASSABLE_CODE))


def components(network: Network, open_mask: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return the number of the connected part of the open network in which each node lies."""
    tail, head = network.tail[open_mask], network.head[open_mask]
    return connectivity.components(len(network.node_ids), tail, head)


def fit_for_vehicle(network: Network, scenario: Conditions) -> NDArray[np.bool_]:
    """Return which segments are passable for the vehicle in the dry season."""
    fit = np.isin(TANKER_VALUES, TANKER_ROADS[scenario.vehicle])
    return fit[network.tanker]


def out_of_season(network: Network, scenario: Conditions) -> NDArray[np.bool_]:
    """Return which segments the season closes to the vehicle."""
    closed = np.zeros(len(network.segment_ids), np.bool_)
    closed[[network.segment_number[i] for i in scenario.impassable]] = True
    return closed


def open_supply(network: Network, scenario: Conditions) -> NDArray[np.int64]:
    """Return the rows of the supply points that are not switched off, in the order of their ids."""
    ids = [i for i in network.supply_points if i not in scenario.without]
    return np.array([network.node_number[i] for i in ids], dtype=np.int64)


def _check(ids: Iterable[str], known: Collection[str], key: str) -> None:
    for unknown in sorted(i for i in ids if i not in known):
        nearest = difflib.get_close_matches(unknown, list(known), NEAREST_IDS, cutoff=0.0)
        raise UnknownIdError(key, id=unknown, nearest=", ".join(nearest) or "–")
