"""Reported convoys and counted weeks: what is known of the litres on the roads."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata import schema as f
from geodata.analysis import fuel_priors as priors
from geodata.analysis.fuel_members import Array, Members
from geodata.analysis.fuel_reports import day_of
from geodata.analysis.fuel_roads import BELIEVED, Roads
from geodata.events.spans import WEEK_DAYS

UNCOUNTED: Final = (150.0, 300.0)
"""Tankers of a convoy to the hub about which no count is known: up to the minister's 200 to 300."""


@dataclass(frozen=True, eq=False)
class Convoy:
    """Fuel that a report brings to towns.

    Parameters
    ----------
    row : array of int, shape (n_members,)
        Day of arrival for each member; -1 where the member does not believe the report.
    towns : tuple of int
        Places of the towns that share it.
    tankers : array of float, shape (n_members,), or None
        None if no count is known.
    litres : float or None
        Litres, where a report gives them and no tankers.
    """

    row: NDArray[np.int64]
    towns: tuple[int, ...]
    tankers: Array | None
    litres: float | None


@dataclass(frozen=True, eq=False)
class Convoys:
    """Convoys by day of arrival, and the official weeks.

    Parameters
    ----------
    convoys : tuple of Convoy
    weekly : array of float, shape (n_days,)
        Tankers a day into the country by an official count; not a number on other days.
    flows : dict of int to tuple of float
        By row of the day, the band of tankers a day that is published for the country.
    """

    convoys: tuple[Convoy, ...]
    weekly: NDArray[np.float64]
    flows: dict[int, tuple[float, float]]

    @property
    def rows(self) -> list[int]:
        """Rows of the days with news of a convoy or a count."""
        arrived = {int(convoy.row.max()) for convoy in self.convoys}
        return sorted(arrived | {int(row) for row in np.flatnonzero(~np.isnan(self.weekly))})

    def counted(self, row: int, state: Members, roads: Roads, rng: np.random.Generator) -> Array:
        """Return the tankers that enter on a day, for each member; a counted week sets the flow.

        The flow is drawn to a count or a published band with its error, and drifts on from
        there. A count holds the stoppages of its week; on other days a corridor on which no
        tanker passes brings nothing.
        """
        national = state.national
        base = np.log(national["blockade_tankers"]) - national["attack_effect"] * roads.attacks[row]
        if not np.isnan(self.weekly[row]):
            error = priors.COUNT_ERROR * rng.standard_normal(len(base))
            state.flow[:] = np.log(self.weekly[row]) + error - base
            return np.asarray(np.exp(base + state.flow), dtype=np.float32)
        if row in self.flows:
            state.flow += _towards(self.flows[row], base + state.flow, rng)
        ivorian, western = roads.stopped[:, row]
        share = np.minimum(national["ivorian_share"], 1)
        passing = 1 - share * ivorian - (1 - share) * western
        return np.asarray(passing * np.exp(base + state.flow), dtype=np.float32)

    def arrivals(self, row: int, roads: Roads, state: Members, rng: np.random.Generator) -> Array:
        """Litres that reach each town on a day: convoys reported, and others by their chance."""
        due = rng.random(state.pending.shape, dtype=np.float32) < 1 / state.interval
        brought = np.zeros_like(state.pending)
        for convoy in self.convoys:
            here = convoy.row == row
            if not here.any():
                continue
            for town in convoy.towns:
                if convoy.tankers is None and convoy.litres is None:
                    due[town] |= here
                    continue
                brought[town] += np.where(here, _litres(convoy, town, roads, state), 0)
        arrived = np.where(due, state.pending, 0)
        state.pending = np.where(due, 0, np.maximum(state.pending - brought, 0))
        return arrived + np.maximum(brought - arrived, 0)


def _litres(convoy: Convoy, town: int, roads: Roads, state: Members) -> Array:
    """Return the litres of a convoy that stay in a town, for each member."""
    if convoy.tankers is None:
        return np.full(state.need.shape[1], convoy.litres, dtype=np.float32)
    load = convoy.tankers * state.national["tanker_litres"] / len(convoy.towns)
    if town == roads.hub:
        of_all = state.need[town] / state.need.sum(axis=0)
        return np.asarray(load * (1 - state.national["industry_share"]) * of_all)
    return np.asarray(load * state.constants["convoy_share"][town])


def convoys(
    roads: Roads,
    table: pd.DataFrame | None,
    n_members: int,
    rng: np.random.Generator,
    own: Sequence[tuple[str, dt.date, float]] = (),
) -> Convoys:
    """Read the table of convoys for the days and towns of `roads`.

    Parameters
    ----------
    roads : Roads
    table : DataFrame or None
        As shipped: ``date, date_precision, end_date, node_ids, scope, tankers_low,
        tankers_high, litres, confidence, source_date``, all text. Overlapping counts are left
        out, and national weeks are never added to single convoys.
    n_members : int
    rng : Generator
    own : sequence of (node id, date, litres)
        Deliveries of the user's own.
    """
    column = {town: place for place, town in enumerate(roads.network.towns)}
    weekly = np.full(len(roads.days), np.nan)
    arrivals = []
    for line in [] if table is None else table.to_dict("records"):
        start = dt.date.fromisoformat(str(line[f.DATE]))
        span = WEEK_DAYS if line[f.DATE_PRECISION] == "week" else 1
        if line[f.END_DATE]:
            span = (dt.date.fromisoformat(str(line[f.END_DATE])) - start).days + 1
        published = day_of(line[f.SOURCE_DATE])
        if published is not None and line["scope"] == "convoy":
            # What is published has happened: a convoy of that week came by then.
            span = max(1, min(span, (published - start).days + 1))
        if line["scope"] == "national":
            first = roads.row(start)
            rows = [r for r in range(first, first + span) if 0 <= r < len(weekly)]
            weekly[rows] = (_number(line, "tankers_low") or 0.0) / span
        elif line["scope"] == "convoy":
            towns = tuple(column[i] for i in str(line["node_ids"]).split("; ") if i in column)
            if towns:
                row = roads.row(start) + rng.integers(span, size=n_members)
                true = rng.random(n_members) < BELIEVED.get(str(line[f.CONFIDENCE]), 0.4)
                arrivals.append(_convoy(line, np.where(true, row, -1), towns, roads.hub, rng))
    for town, day, litres in own:
        if town in column:
            rows_own = np.full(n_members, roads.row(day), dtype=np.int64)
            arrivals.append(Convoy(rows_own, (column[town],), None, litres))
    bands = {} if table is None else priors.PUBLISHED_FLOWS
    flows = {roads.row(day): band for day, band in bands.items()}
    return Convoys(tuple(arrivals), weekly, flows)


def _towards(band: tuple[float, float], modelled: Array, rng: np.random.Generator) -> Array:
    """Return what moves logarithms of a flow towards a band that holds it with 80 %.

    An ensemble Kalman update with perturbed observations (Burgers, van Leeuwen and Evensen,
    Monthly Weather Review 126, 1998).
    """
    low, high = np.log(band)
    error = (high - low) / priors.NORMAL_SPREAD
    seen = (low + high) / 2 + error * rng.standard_normal(len(modelled))
    gain = modelled.var() / (modelled.var() + error**2)
    return np.asarray(gain * (seen - modelled), dtype=np.float32)


def _convoy(
    line: dict[Any, Any],
    row: NDArray[np.int64],
    towns: tuple[int, ...],
    hub: int,
    rng: np.random.Generator,
) -> Convoy:
    low, high = _number(line, "tankers_low"), _number(line, "tankers_high")
    litres = _number(line, "litres")
    if low is None and litres is None and hub in towns:
        low, high = UNCOUNTED
    if low is None:
        return Convoy(row, towns, None, litres)
    drawn = rng.uniform(low, max(low, high or low), len(row)).astype(np.float32)
    return Convoy(row, towns, drawn, None)


def _number(line: dict[Any, Any], name: str) -> float | None:
    text = str(line[name]).strip()
    return float(text) if text else None
