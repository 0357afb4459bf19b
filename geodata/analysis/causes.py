"""Why a town is isolated: the vehicle, the season, supply points switched off, or closures.

Restrictions are applied one after the other, in a fixed order: what the vehicle can use, then
the season, then the supply points switched off, then closures. A town's cause is the step at
which it loses its last path to a supply point. Each isolated town so has exactly one cause, and
the counts by cause add up to the number of isolated towns.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata import schema as f
from geodata.conditions import Conditions, Passability, components, fit_for_vehicle, open_supply
from geodata.network.model import Network
from geodata.schema import Cause

CAUSES: Final = tuple(Cause)
"""Causes in the order in which the restrictions are applied."""


@dataclass(frozen=True)
class Isolations:
    """Towns isolated by one cause.

    Parameters
    ----------
    towns : int
    population : int
        Sum over the towns of known population.
    population_unknown : int
        Towns that the sum leaves out.
    """

    towns: int
    population: int
    population_unknown: int


def causes(
    network: Network, scenario: Conditions, rows: NDArray[np.int64]
) -> tuple[NDArray[np.object_], NDArray[np.object_]]:
    """Return the cause of each node's isolation, and every cause that alone would isolate it.

    With all roads open, the season dry and every supply point on, a node isolated by the
    ``vehicle`` has no path that the vehicle can use (for the vehicle ``any``: no path at all).
    ``season`` adds the segments that are not passable in the rains; ``supply`` adds the supply
    points switched off; ``closure`` adds cuts by hand and closures by events. So a node has the
    cause ``closure`` if and only if it would have a path with every closed segment reopened and
    nothing else changed. Where season and closures each suffice, the cause is the season, since
    no reopening helps; where only season and supply points together isolate, it is ``supply``,
    the step at which the path is lost.

    Parameters
    ----------
    network : Network
    scenario : Conditions
    rows : array of int
        Rows of nodes.

    Returns
    -------
    cause : array of Cause or None, shape (n_rows,)
        None for a node with a path.
    sufficient : array of tuple of Cause, shape (n_rows,)
        Causes that each isolate the node with the other restrictions lifted, in order; only
        ``vehicle`` where that isolates. Empty for a node with a path, and for one that only
        several causes together isolate.
    """
    roads = scenario.on(network)
    every, on = open_supply(network, Conditions()), roads.supply
    fit = fit_for_vehicle(network, scenario)
    usable, dry, unshut = _parts(network, roads, (fit, roads.usable, fit & ~roads.shut))
    steps = [(usable, every), (dry, every), (dry, on), (roads.components, on)]
    single = [(usable, every), (dry, every), (usable, on), (unshut, every)]
    lost = _isolated(steps, rows)
    by_itself = _isolated(single, rows)
    cause = np.full(len(rows), None, dtype=object)
    sufficient = np.empty(len(rows), dtype=object)
    for row in range(len(rows)):
        sufficient[row] = ()
        if lost[-1, row]:
            cause[row] = CAUSES[int(np.argmax(lost[:, row]))]
            each = zip(CAUSES, by_itself[:, row], strict=True)
            alone = tuple(c for c, isolates in each if isolates)
            sufficient[row] = (Cause.VEHICLE,) if lost[0, row] else alone
    return cause, sufficient


def isolations(towns: pd.DataFrame) -> dict[Cause, Isolations]:
    """Return towns and people isolated by each cause, over a table of towns as `access` gives it.

    Every cause has an entry, those without a town too.
    """
    counted = {}
    for cause in CAUSES:
        people = towns.loc[towns[f.ISOLATED_BY] == cause, f.POPULATION]
        counted[cause] = Isolations(len(people), int(people.sum()), int(people.isna().sum()))
    return counted


def _parts(
    network: Network, roads: Passability, masks: Iterable[NDArray[np.bool_]]
) -> list[NDArray[np.int64]]:
    """Return the connected parts under each mask of segments; equal masks are searched once."""
    known = [(roads.passable, roads.components)]
    parts = []
    for mask in masks:
        part = next((part for other, part in known if np.array_equal(mask, other)), None)
        if part is None:
            part = components(network, mask)
            known.append((mask, part))
        parts.append(part)
    return parts


def _isolated(
    worlds: list[tuple[NDArray[np.int64], NDArray[np.int64]]], rows: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Return whether each row has no path in each pair of connected parts and supply points."""
    return np.array([~np.isin(part[rows], part[supply]) for part, supply in worlds])
