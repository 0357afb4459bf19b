"""Which segments close together: one switch for each group, given which they are independent."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata import schema as f
from geodata.analysis.closing_probability import NO_EVENT, ClosingProbabilities
from geodata.conditions import Conditions, check_ids
from geodata.dataset import Dataset
from geodata.errors import GeodataError
from geodata.events.presets import presets
from geodata.scenario import TOGETHER
from geodata.schema import Grouping

NO_SWITCH: Final = -1
SEPARATOR: Final = " | "
PHASE: Final = "phase-"
CLOSING: Final = "closing_probability"
SWITCH: Final = "switch"


@dataclass(frozen=True, eq=False)
class CommonShocks:
    """Joint distribution of which segments are closed.

    Each switch is on with the closing probability of the segment of its group that is most
    likely closed. A segment's closing probability is higher while its switch is on and lower
    while it is off, such that its own closing probability stays what it was. Two segments with
    the same closing probability then have the correlation ``together`` squared.

    Parameters
    ----------
    probability : array of float, shape (n_segments,)
        Closing probability of each segment.
    switch : array of int, shape (n_segments,)
        Place of each segment's switch in `names`, `NO_SWITCH` for none.
    names : tuple of str
    together : float
        From 0, all segments independent, to 1: a segment is never closed while its switch is off.
    """

    probability: NDArray[np.float64]
    switch: NDArray[np.int64]
    names: tuple[str, ...]
    together: float = TOGETHER

    def __post_init__(self) -> None:
        if not 0 <= self.together <= 1:
            raise GeodataError("analysis.together", value=self.together)

    @property
    def on(self) -> NDArray[np.float64]:
        """Probability that each switch is on, shape (n_switches,)."""
        chances = np.zeros(len(self.names))
        has = self.switch != NO_SWITCH
        np.maximum.at(chances, self.switch[has], self.probability[has])
        return chances

    @property
    def while_off(self) -> NDArray[np.float64]:
        """Closing probability of each segment while its switch is off, shape (n_segments,)."""
        share = np.where(self.switch == NO_SWITCH, 0.0, self.together)
        chances: NDArray[np.float64] = self.probability * (1 - share)
        return chances

    @property
    def while_on(self) -> NDArray[np.float64]:
        """Closing probability of each segment while its switch is on, shape (n_segments,)."""
        on = np.append(self.on, 1.0)[self.switch]
        has = (self.switch != NO_SWITCH) & (on > 0)
        safe = np.where(has, on, 1.0)
        raised = self.probability / safe * (safe + self.together * (1 - safe))
        return np.where(has, np.minimum(raised, 1.0), self.probability)


def common_shocks(
    dataset: Dataset,
    probabilities: ClosingProbabilities,
    *,
    by: Grouping = Grouping.CORRIDOR,
    groups: Mapping[str, str] | None = None,
    on: Mapping[str, float] | None = None,
    together: float = TOGETHER,
) -> CommonShocks:
    """Give the segments that close together a switch.

    Parameters
    ----------
    dataset : Dataset
    probabilities : ClosingProbabilities
    by : Grouping
        By corridor and the phase in which the strongest event began, by that event's actor and
        the area (admin1) of the segment's first node, or no switches at all.
    groups : mapping of str to str, optional
        Segment id to the name of its switch; wins over `by` for the segments that it names, and
        an empty name takes a segment out of its group.
    on : mapping of str to float, optional
        Name of a switch to the probability that it is on, instead of the one that follows from
        the events. The closing probabilities of its segments change in proportion, up to 1. A
        name that no switch has changes nothing.
    together : float
        See `CommonShocks`.

    Raises
    ------
    GeodataError
        If ``groups`` names an unknown segment, or ``together`` is not from 0 to 1.
    """
    check_ids(dataset.network, Conditions(cut=frozenset(groups or {})))
    names = _names(dataset, probabilities, by)
    for segment, name in (groups or {}).items():
        names[dataset.network.segment_number[segment]] = name
    uncertain = (probabilities.probability > 0) & (probabilities.probability < 1)
    used = [name if sure else "" for name, sure in zip(names, uncertain, strict=True)]
    # A switch of one segment would change nothing.
    shared = sorted(n for n in set(used) if n and used.count(n) > 1)
    place = {name: number for number, name in enumerate(shared)}
    switch = np.array([place.get(name, NO_SWITCH) for name in used], dtype=np.int64)
    shocks = CommonShocks(probabilities.probability, switch, tuple(shared), together)
    return _rescaled(shocks, on or {})


def closures_table(
    dataset: Dataset, shocks: CommonShocks, reported: ClosingProbabilities
) -> pd.DataFrame:
    """Return how likely each segment is closed, as far as it is uncertain, and why.

    Parameters
    ----------
    dataset : Dataset
    shocks : CommonShocks
    reported : ClosingProbabilities
        Names the event that counts most on each segment.

    Returns
    -------
    DataFrame
        ``segment_id, closing_probability, switch`` (its name, empty for none), ``while_on,
        while_off`` (closing probability while the switch is on and off) and ``event_id`` (empty
        for none), the likeliest first; segments that are certainly open or closed are left out.
    """
    row = np.flatnonzero((shocks.probability > 0) & (shocks.probability < 1))
    row = row[np.argsort(-shocks.probability[row], kind="stable")]
    ids, events = dataset.network.segment_ids, reported.events[f.EVENT_ID].to_numpy()
    names = np.array([*shocks.names, ""], dtype=object)
    return pd.DataFrame(
        {
            f.SEGMENT_ID: [ids[each] for each in row],
            CLOSING: shocks.probability[row],
            SWITCH: names[shocks.switch[row]],
            "while_on": shocks.while_on[row],
            "while_off": shocks.while_off[row],
            f.EVENT_ID: [
                "" if event == NO_EVENT else str(events[event]) for event in reported.event[row]
            ],
        }
    )


def _rescaled(shocks: CommonShocks, on: Mapping[str, float]) -> CommonShocks:
    """Return the shocks with some switches on with another probability."""
    usual = dict(zip(shocks.names, shocks.on, strict=True))
    factors = np.array([on.get(n, usual[n]) / usual[n] for n in shocks.names] + [1.0])
    changed = np.minimum(shocks.probability * factors[shocks.switch], 1.0)
    return replace(shocks, probability=changed)


def _names(dataset: Dataset, probabilities: ClosingProbabilities, by: Grouping) -> list[str]:
    """Return the name of each segment's switch, empty for none."""
    network, names = dataset.network, [""] * len(probabilities.event)
    if by == Grouping.NONE:
        return names
    corridors = dataset.corridors.segments
    corridor_of = {row: name for name, rows in sorted(corridors.items())[::-1] for row in rows}
    phases = [p for p in presets(network, dataset.corridor_segments) if p.id.startswith(PHASE)]
    areas = network.nodes[f.ADMIN1].to_numpy()
    for row in np.flatnonzero(probabilities.event != NO_EVENT):
        event = probabilities.events.iloc[probabilities.event[row]]
        if by == Grouping.ACTOR:
            names[row] = f"{event[f.ACTOR]}{SEPARATOR}{areas[network.tail[row]]}"
            continue
        named = row in corridors.get(event[f.CORRIDOR], ())
        corridor = event[f.CORRIDOR] if named else corridor_of.get(int(row), "")
        begun = [p.id for p in phases if p.start is not None and p.start <= event[f.DATE]]
        names[row] = f"{corridor}{SEPARATOR}{begun[-1]}" if corridor and begun else corridor
    return names
