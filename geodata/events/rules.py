"""How reported events become closures: every number in one place, with its bounds and reason.

A rule is a number that a user may change. Its name stands in links and files; its label and the
reason for its default stand in the catalogue under ``rules.<name>`` and ``rules.<name>.why``.
None was fitted to the reports of towns' fuel that the hindcast holds them against.
"""

import dataclasses
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from geodata.errors import GeodataError
from geodata.events.vocabulary import Confidence, Effect, EventType

LABEL: Final = "rules."
SWITCH: Final = "switch"
SHARE: Final = "share"
KM: Final = "km"
DAYS: Final = "days"
MONTH: Final = "month"
THRESHOLDS: Final = ("contested_from", "escort_from", "closed_from")
"""Rules for the severity from which a segment is in a state, in their order."""


def _rule(default: float, low: float, high: float, unit: str, group: str) -> Any:
    """Declare a rule as a dataclass field that carries its bounds."""
    return dataclasses.field(
        default=default, metadata={"low": low, "high": high, "unit": unit, "group": group}
    )


@dataclass(frozen=True)
class Rules:
    """The rules, each with its documented default.

    ``docs/rules.md`` lists every field with its unit, bounds, default and source; `editable` gives
    the same in Python.

    Raises
    ------
    GeodataError
        If a value is out of its bounds, or the thresholds are not in ascending order.
    """

    # Reach: how far from a road an event may lie and still concern it.
    reach_town_km: float = _rule(10.0, 0.0, 30.0, KM, "reach")
    reach_segment_km: float = _rule(15.0, 0.0, 30.0, KM, "reach")
    same_distance_km: float = _rule(1.0, 0.0, 10.0, KM, "reach")
    approach_km: float = _rule(3.0, 0.0, 20.0, KM, "reach")

    # Weight of a report by the confidence in it.
    confidence_high: float = _rule(1.0, 0.0, 1.0, SHARE, "confidence")
    confidence_medium: float = _rule(0.9, 0.0, 1.0, SHARE, "confidence")
    confidence_low: float = _rule(0.5, 0.0, 1.0, SHARE, "confidence")

    # Severity from which a road is contested, open to escorts only, closed.
    contested_from: float = _rule(0.2, 0.01, 1.0, SHARE, "thresholds")
    escort_from: float = _rule(0.5, 0.01, 1.0, SHARE, "thresholds")
    closed_from: float = _rule(0.75, 0.01, 1.0, SHARE, "thresholds")

    # Severity by what the source says of passage, and by type where it says 'restricted'.
    closed_strength: float = _rule(0.9, 0.0, 1.0, SHARE, "strength")
    unstated_share: float = _rule(0.5, 0.0, 1.0, SHARE, "strength")
    fuel_attack_share: float = _rule(0.5, 0.0, 1.0, SHARE, "strength")
    blockade_strength: float = _rule(0.65, 0.0, 1.0, SHARE, "strength")
    ambush_strength: float = _rule(0.45, 0.0, 1.0, SHARE, "strength")
    burning_strength: float = _rule(0.4, 0.0, 1.0, SHARE, "strength")
    explosion_strength: float = _rule(0.4, 0.0, 1.0, SHARE, "strength")
    clash_strength: float = _rule(0.35, 0.0, 1.0, SHARE, "strength")
    abduction_strength: float = _rule(0.35, 0.0, 1.0, SHARE, "strength")
    checkpoint_strength: float = _rule(0.35, 0.0, 1.0, SHARE, "strength")
    policy_strength: float = _rule(0.35, 0.0, 1.0, SHARE, "strength")
    other_strength: float = _rule(0.35, 0.0, 1.0, SHARE, "strength")

    # How long a report counts in full, and how fast it fades after that.
    blockade_hold_days: float = _rule(90.0, 0.0, 720.0, DAYS, "duration")
    blockade_half_life_days: float = _rule(30.0, 0.0, 365.0, DAYS, "duration")
    attack_hold_days: float = _rule(7.0, 0.0, 365.0, DAYS, "duration")
    attack_half_life_days: float = _rule(14.0, 0.0, 365.0, DAYS, "duration")
    checkpoint_hold_days: float = _rule(1.0, 0.0, 365.0, DAYS, "duration")
    checkpoint_half_life_days: float = _rule(7.0, 0.0, 365.0, DAYS, "duration")
    policy_hold_days: float = _rule(30.0, 0.0, 365.0, DAYS, "duration")
    policy_half_life_days: float = _rule(0.0, 0.0, 365.0, DAYS, "duration")
    damage_hold_days: float = _rule(180.0, 0.0, 720.0, DAYS, "duration")
    damage_half_life_days: float = _rule(90.0, 0.0, 365.0, DAYS, "duration")

    # What raises a road's state again, and what an escort shows.
    truce_share: float = _rule(0.5, 0.0, 1.0, SHARE, "relief")
    escort_seen_days: float = _rule(30.0, 0.0, 365.0, DAYS, "relief")

    # From which neighbours a ban on 'all import corridors' stops fuel.
    ban_sen: float = _rule(1.0, 0.0, 1.0, SWITCH, "ban")
    ban_mrt: float = _rule(1.0, 0.0, 1.0, SWITCH, "ban")
    ban_gin: float = _rule(1.0, 0.0, 1.0, SWITCH, "ban")
    ban_civ: float = _rule(1.0, 0.0, 1.0, SWITCH, "ban")
    ban_bfa: float = _rule(1.0, 0.0, 1.0, SWITCH, "ban")
    ban_ner: float = _rule(0.0, 0.0, 1.0, SWITCH, "ban")
    ban_dza: float = _rule(0.0, 0.0, 1.0, SWITCH, "ban")

    # Rainy months, in which seasonal roads are not passable for tankers; 0 for none.
    rain_from_month: float = _rule(7.0, 0.0, 12.0, MONTH, "season")
    rain_to_month: float = _rule(9.0, 0.0, 12.0, MONTH, "season")

    # Stock of a town, an estimate kept apart from access.
    autonomy_days: float = _rule(14.0, 1.0, 120.0, DAYS, "stock")
    escort_share: float = _rule(0.2, 0.0, 1.0, SHARE, "stock")
    convoy_days: float = _rule(3.0, 0.0, 30.0, DAYS, "stock")
    refill_rate: float = _rule(1.0, 0.0, 10.0, SHARE, "stock")

    def __post_init__(self) -> None:
        for rule in dataclasses.fields(self):
            value = float(getattr(self, rule.name))
            low, high = rule.metadata["low"], rule.metadata["high"]
            if not (math.isfinite(value) and low <= value <= high):
                raise GeodataError("rules.out_of_bounds", name=rule.name, low=low, high=high)
            object.__setattr__(self, rule.name, value)
        if not self.contested_from <= self.escort_from <= self.closed_from:
            raise GeodataError("rules.thresholds")

    def confidence(self, level: str) -> float:
        """Return the weight of a report by its confidence.

        Parameters
        ----------
        level : {'high', 'medium', 'low'}
            Confidence of the report.

        Returns
        -------
        float
            From 0 to 1.
        """
        return {
            Confidence.HIGH: self.confidence_high,
            Confidence.MEDIUM: self.confidence_medium,
        }.get(Confidence(level), self.confidence_low)

    def strength(self, event_type: str, effect: str) -> float:
        """Return the severity that a report gives a road before its confidence and age count.

        Parameters
        ----------
        event_type : str
            A value of `geodata.schema.EventType`.
        effect : str
            A value of `geodata.schema.Effect`; ``open`` gives no severity, whatever the type.

        Returns
        -------
        float
            From 0 to 1.
        """
        if effect == Effect.OPEN:
            return 0.0
        if effect == Effect.CLOSED:
            return self.closed_strength
        own = float(getattr(self, f"{_STRENGTH[EventType(event_type)]}_strength"))
        if effect != Effect.NONE_STATED:
            return own
        return 0.0 if event_type in _SILENT else own * self.unstated_share

    def duration(self, event_type: str) -> tuple[float, float]:
        """Return how long an event of a type counts.

        Parameters
        ----------
        event_type : str
            A value of `geodata.schema.EventType`.

        Returns
        -------
        tuple of float
            Days in full, and the half-life in days after them; a half-life of 0 ends it at once.
        """
        name = _DURATION.get(EventType(event_type), "attack")
        return (
            float(getattr(self, f"{name}_hold_days")),
            float(getattr(self, f"{name}_half_life_days")),
        )

    @property
    def escort_level(self) -> float:
        """Severity in the middle of the band in which only escorted traffic passes."""
        return (self.escort_from + self.closed_from) / 2

    @property
    def banned_countries(self) -> frozenset[str]:
        """Codes of the neighbours from which a ban on all import corridors stops fuel."""
        names = (rule.name for rule in dataclasses.fields(self))
        return frozenset(
            name.removeprefix("ban_").upper()
            for name in names
            if name.startswith("ban_") and getattr(self, name) >= 0.5
        )

    @classmethod
    def changed(cls, values: Mapping[str, float] | Iterable[tuple[str, float]]) -> "Rules":
        """Return the defaults with some values changed.

        Parameters
        ----------
        values : mapping of str to float, or pairs of them
            Name of a rule to its value.

        Returns
        -------
        Rules
            The rules with these values.

        Raises
        ------
        GeodataError
            If there is no such rule, or a value is out of bounds.
        """
        numbers = dict(values)
        unknown = sorted(set(numbers) - set(rule_names()))
        if unknown:
            raise GeodataError("rules.unknown", name=unknown[0])
        return cls(**numbers)

    @classmethod
    def usable(
        cls, values: Mapping[str, float] | Iterable[tuple[str, float]]
    ) -> tuple["Rules", tuple[str, ...]]:
        """Return the rules with all changes that can be used, and the names of the others.

        For values from a link, which must open whatever it holds: a change that is unknown, out
        of bounds or at odds with the thresholds before it is left out.

        Parameters
        ----------
        values : mapping of str to float, or pairs of them
            Name of a rule to its value.

        Returns
        -------
        tuple of Rules and tuple of str
            The rules, and the names of the changes left out, sorted.
        """
        usable_values: dict[str, float] = {}
        refused = []
        try:
            return cls.changed(values), ()
        except GeodataError:
            for name, value in sorted(dict(values).items()):
                try:
                    cls.changed({**usable_values, name: value})
                except GeodataError:
                    refused.append(name)
                else:
                    usable_values[name] = value
        return cls.changed(usable_values), tuple(refused)

    def changes(self) -> tuple[tuple[str, float], ...]:
        """Return the rules that differ from their defaults.

        Returns
        -------
        tuple of (str, float)
            Name and value of each, sorted by name.
        """
        return tuple(
            sorted(
                (rule.name, getattr(self, rule.name))
                for rule in dataclasses.fields(self)
                if getattr(self, rule.name) != rule.default
            )
        )


_STRENGTH: Final = {
    EventType.BLOCKADE: "blockade",
    EventType.SIEGE: "blockade",
    EventType.AMBUSH: "ambush",
    EventType.VEHICLE_BURNING: "burning",
    EventType.EXPLOSION: "explosion",
    EventType.ARMED_CLASH: "clash",
    EventType.ABDUCTION: "abduction",
    EventType.CHECKPOINT: "checkpoint",
    EventType.POLICY: "policy",
    EventType.DAMAGE: "other",
    EventType.OTHER: "other",
    EventType.CONVOY_ARRIVAL: "other",
    EventType.BLOCKADE_LIFTED: "other",
}
# A decision or an event of no known type that says nothing about passage says nothing about a road.
_SILENT: Final = frozenset({EventType.POLICY, EventType.OTHER})
_DURATION: Final = {
    EventType.BLOCKADE: "blockade",
    EventType.SIEGE: "blockade",
    EventType.CHECKPOINT: "checkpoint",
    EventType.POLICY: "policy",
    EventType.DAMAGE: "damage",
}


@dataclass(frozen=True)
class Editable:
    """One rule as shown for editing; its reason is the message ``<label>.why``."""

    name: str
    default: float
    low: float
    high: float
    unit: str
    group: str

    @property
    def label(self) -> str:
        """Key of the label in the catalogue."""
        return LABEL + self.name

    @property
    def why(self) -> str:
        """Key of the reason for the default, with its source."""
        return f"{LABEL}{self.name}.why"


@lru_cache(maxsize=1)
def editable() -> tuple[Editable, ...]:
    """Return every rule with its bounds, in the order in which they are shown."""
    return tuple(
        Editable(name=rule.name, default=float(str(rule.default)), **rule.metadata)
        for rule in dataclasses.fields(Rules)
    )


def rule_names() -> tuple[str, ...]:
    """Return the names of all rules."""
    return tuple(rule.name for rule in editable())
