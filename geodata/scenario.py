"""What a caller asks of a data set: a scenario in plain values, checked when it is made."""

import dataclasses
import datetime as dt
from collections.abc import Iterable
from enum import StrEnum
from typing import Final, TypeVar

from geodata.errors import GeodataError
from geodata.events.rules import Rules
from geodata.network.selection import Selection
from geodata.schema import Grouping, Measure, Traffic, Vehicle

Choice = TypeVar("Choice", bound=StrEnum)
TOGETHER: Final = 0.7
"""How much the segments of one switch have in common: judgement."""

CLOSING: Final = {"contested": 0.05, "escort_only": 0.2, "closed": 0.8}
"""Closing probability of a segment that just reaches a state: judgement."""


@dataclasses.dataclass(frozen=True)
class ShockAssumptions:
    """What is assumed of closures that come together: groups of segments with one switch each.

    Parameters
    ----------
    by : Grouping or str
        What the segments of one switch share.
    together : float
        From 0, all segments independent, to 1, see `geodata.analysis.common_shocks.CommonShocks`.
    on : iterable of (str, float)
        Name of a switch, and the probability that it is on instead of the one that follows from
        the events. A name that no switch has on the day changes nothing.
    closing : iterable of (str, float)
        State (``contested``, ``escort_only`` or ``closed``), and the closing probability of a
        segment that just reaches it, where it is another than in `CLOSING`.

    Raises
    ------
    GeodataError
        If a value lies outside 0 to 1, closing probabilities do not rise with the state, or there
        is no such grouping or state.
    """

    by: Grouping | str = Grouping.CORRIDOR
    together: float = TOGETHER
    on: Iterable[tuple[str, float]] = ()
    closing: Iterable[tuple[str, float]] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "by", choice("by", Grouping, self.by))
        object.__setattr__(self, "closing", _closing(self.closing))
        changed = {str(name): float(chance) for name, chance in self.on}
        object.__setattr__(self, "on", tuple(sorted(changed.items())))
        for name, value in {"together": self.together, **changed}.items():
            if not 0 <= value <= 1:
                raise GeodataError("analysis.shock", name=name, value=value)


def _closing(changed: Iterable[tuple[str, float]]) -> tuple[tuple[str, float], ...]:
    """Return what differs from `CLOSING`, in its order.

    Raises
    ------
    GeodataError
        If a state is unknown, or the probabilities do not rise from 0 to 1.
    """
    given = {str(name): float(chance) for name, chance in changed}
    unknown = sorted(set(given) - set(CLOSING))
    if unknown:
        known = ", ".join(CLOSING)
        raise GeodataError("analysis.closing_unknown", name=unknown[0], known=known)
    every = {**CLOSING, **given}
    chances = list(every.values())
    if not all(0 <= each <= 1 for each in chances) or chances != sorted(chances):
        raise GeodataError("analysis.closing_rules", values=", ".join(f"{p:g}" for p in chances))
    return tuple((name, p) for name, p in every.items() if p != CLOSING[name])


@dataclasses.dataclass(frozen=True)
class Scenario:
    """Closures, vehicle, traffic and date to analyse; independent of any data set.

    A manual cut wins over what events say; a manual reopening wins over both. Neither makes a
    road passable for a vehicle that it does not bear.

    Parameters
    ----------
    cut, reopened : iterable of str
        Ids of segments cut and reopened by hand.
    cut_by : iterable of RoadNumber, CorridorName, Circle or Area
        Roads, corridors and areas whose segments are cut, see `geodata.network.selection`.
    disabled_supply : iterable of str
        Ids of supply points that are switched off.
    vehicle : Vehicle or str
        What the road must bear: ``any``, ``tanker`` or ``tanker_all_year``.
    traffic : Traffic or str
        The traffic whose closures count: ``fuel``, ``trucks`` or ``light``.
    measure : Measure or str
        Whether the shortest route is the one of fewest ``km`` or ``hours``.
    date : datetime.date or str, optional
        Day whose reported events close roads, as a date or ``YYYY-MM-DD``. Without a date no
        event closes anything and no season counts.
    preset : str, optional
        Id of a dated phase whose closures replace those of the events.
    rules : Rules, optional
        How events become closures.
    shocks : ShockAssumptions, optional
        Which uncertain closures come together. Only probabilities and plans depend on them.

    Raises
    ------
    GeodataError
        If an argument has none of the values above.

    Examples
    --------
    >>> scenario = Scenario(date="2025-11-05", vehicle="tanker", cut={"gao--bourem"})
    >>> scenario.date, scenario.vehicle
    (datetime.date(2025, 11, 5), <Vehicle.TANKER: 'tanker'>)
    """

    cut: Iterable[str] = frozenset()
    reopened: Iterable[str] = frozenset()
    cut_by: Iterable[Selection] = ()
    disabled_supply: Iterable[str] = frozenset()
    vehicle: Vehicle | str = Vehicle.ANY
    traffic: Traffic | str = Traffic.FUEL
    measure: Measure | str = Measure.KM
    date: dt.date | str | None = None
    preset: str | None = None
    rules: Rules = dataclasses.field(default_factory=Rules)
    shocks: ShockAssumptions = dataclasses.field(default_factory=ShockAssumptions)

    def __post_init__(self) -> None:
        for name in ("cut", "reopened", "disabled_supply"):
            ids = getattr(self, name)
            object.__setattr__(self, name, frozenset([ids] if isinstance(ids, str) else ids))
        object.__setattr__(self, "cut_by", tuple(self.cut_by))
        kinds = (("vehicle", Vehicle), ("traffic", Traffic), ("measure", Measure))
        for name, kind in kinds:
            object.__setattr__(self, name, choice(name, kind, getattr(self, name)))
        if self.date is not None:
            object.__setattr__(self, "date", parse_day("date", self.date))

    @property
    def day(self) -> dt.date | None:
        """The date, as a date."""
        return None if self.date is None else parse_day("date", self.date)


def parse_day(argument: str, value: dt.date | str) -> dt.date:
    """Return a date, or the date that an ISO string names; an error names the argument."""
    try:
        return value if isinstance(value, dt.date) else dt.date.fromisoformat(value)
    except (TypeError, ValueError):
        raise GeodataError("core.bad_date", argument=argument, value=value) from None


def choice(argument: str, kind: type[Choice], value: str) -> Choice:
    """Return the member of an enumeration; an error names the argument and the members."""
    return kind(one_of(argument, value, tuple(kind)))


def one_of(argument: str, value: str, known: Iterable[str]) -> str:
    """Return a value that is among those known; an error names the argument and them."""
    names = [str(each) for each in known]
    if value not in names:
        raise GeodataError(
            "core.unknown_value", argument=argument, value=value, known=", ".join(names)
        )
    return value
