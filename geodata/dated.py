"""A scenario on a date: what reported events close, beside what is cut by hand."""

import dataclasses
import datetime as dt

from geodata.dataset import Dataset
from geodata.fields import Traffic, Vehicle
from geodata.rules import Rules
from geodata.scenario import Closure, Scenario


def scenario_on(
    dataset: Dataset,
    manual: Scenario,
    *,
    on: dt.date | None,
    traffic: Traffic = Traffic.FUEL,
    rules: Rules | None = None,
) -> Scenario:
    """The manual scenario with what events close on a date for one traffic class.

    Parameters
    ----------
    dataset : Dataset
    manual : Scenario
    on : date, optional
        Without a date no event closes anything and no season counts.
    traffic : Traffic
    rules : Rules, optional
        How events become closures; the documented defaults if not given.
    """
    if on is None:
        return manual
    from geodata.closures import closures, scenario_closures, seasonally_impassable

    rules = rules or Rules()
    found = closures(
        dataset.network, dataset.events, on=on, rules=rules,
        corridor_segments=dataset.corridor_segments,
    )  # fmt: skip
    wet: frozenset[str] = frozenset()
    if manual.vehicle != Vehicle.ANY:
        wet = seasonally_impassable(dataset.network, on, rules)
    return dataclasses.replace(
        manual, closures=scenario_closures(found, traffic), impassable=manual.impassable | wet
    )


def phase_closures(dataset: Dataset, preset: str, traffic: Traffic) -> tuple[Closure, ...]:
    """What a dated phase closes for one traffic class, as its published text tells."""
    from geodata.phases import preset_closures

    return preset_closures(dataset, preset, traffic)
