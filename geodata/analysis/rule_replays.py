"""One day under many rules: each may be replayed in another process."""

import datetime as dt
from dataclasses import dataclass

from geodata.analysis.timeline import Timeline, replay
from geodata.conditions import Conditions
from geodata.dataset import Dataset
from geodata.events.rules import Rules
from geodata.schema import Traffic


@dataclass(frozen=True, eq=False)
class RuleReplays:
    """A day of a data set, and the rules to replay it with.

    Parameters
    ----------
    dataset : Dataset
    on : date
    scenario : Conditions, optional
        What is cut, reopened and switched off by hand.
    traffic : Traffic
    rules : tuple of Rules
    """

    dataset: Dataset
    on: dt.date
    scenario: Conditions | None
    traffic: Traffic
    rules: tuple[Rules, ...]

    def day(self, number: int) -> Timeline:
        """Replay the day with the rules of this number."""
        return replay(
            self.dataset.network,
            self.dataset.events,
            self.on,
            self.on,
            scenario=self.scenario,
            traffic=self.traffic,
            rules=self.rules[number],
            corridor_segments=self.dataset.corridor_segments,
        )
