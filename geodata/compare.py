"""Two dates or two scenarios held against each other: towns gained, lost, changed supply point."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import pandas as pd

from geodata import fields as f
from geodata.access import SAME_WAY_KM, Access
from geodata.errors import GeodataError
from geodata.fields import TownState

BEFORE: Final = "_before"
CHANGE: Final = "change"
KM_CHANGE: Final = "km_change"


class Change(StrEnum):
    """What became of a town's access, the gravest first."""

    LOST = "lost"
    GAINED = "gained"
    NOW_ESCORTED = "now_escorted"
    FREE_OF_ESCORT = "free_of_escort"
    CHANGED_SUPPLY = "changed_supply"
    LONGER = "longer"
    SHORTER = "shorter"
    SAME = "same"


@dataclass(frozen=True, eq=False)
class Comparison:
    """What changed from one access to another.

    Parameters
    ----------
    towns : DataFrame
        A row per town, the gravest change first, then by id: ``node_id, name, admin1,
        population, change, state_before, state, supply_point_before, supply_point,
        distance_km_before, distance_km, km_change``. `km_change` is missing for a town without
        a way on either side.
    """

    towns: pd.DataFrame

    @property
    def changed(self) -> pd.DataFrame:
        """Towns whose access is not the same."""
        return self.towns[self.towns[CHANGE] != Change.SAME].reset_index(drop=True)

    def count(self, change: Change) -> int:
        """Towns with one kind of change."""
        return int((self.towns[CHANGE] == change).sum())

    def people(self, change: Change) -> tuple[int, int]:
        """People in the towns with one kind of change, and towns of unknown population."""
        population = self.towns.loc[self.towns[CHANGE] == change, f.POPULATION]
        return int(population.sum()), int(population.isna().sum())


def compare(before: Access, after: Access) -> Comparison:
    """Hold the access of every town in one situation against that in another.

    A town without any way that has one now is gained, and the reverse lost; below that come a
    change between free and escorted passage, another supply point, and a longer or shorter way.

    Raises
    ------
    GeodataError
        If the two are not of the same towns.
    """
    if list(before.towns[f.NODE_ID]) != list(after.towns[f.NODE_ID]):
        raise GeodataError("compare.other_towns")
    kept = [f.STATE, f.SUPPLY_POINT, f.DISTANCE_KM]
    former = before.towns[kept].add_suffix(BEFORE)
    heads = [f.NODE_ID, f.NAME, f.ADMIN1, f.POPULATION]
    towns = pd.concat([after.towns[heads], former, after.towns[kept]], axis=1)
    towns[KM_CHANGE] = towns[f.DISTANCE_KM] - towns[f.DISTANCE_KM + BEFORE]
    towns[CHANGE] = [_change(row) for row in towns.to_dict("records")]
    order = {change: i for i, change in enumerate(Change)}
    towns = towns.assign(_order=towns[CHANGE].map(order)).sort_values(["_order", f.NODE_ID])
    columns = [
        *heads, CHANGE, f.STATE + BEFORE, f.STATE, f.SUPPLY_POINT + BEFORE, f.SUPPLY_POINT,
        f.DISTANCE_KM + BEFORE, f.DISTANCE_KM, KM_CHANGE,
    ]  # fmt: skip
    return Comparison(towns[columns].reset_index(drop=True))


def _change(row: dict[Any, Any]) -> Change:
    was, now = row[f.STATE + BEFORE], row[f.STATE]
    steps = (
        (TownState.ISOLATED, Change.LOST, Change.GAINED),
        (TownState.ESCORT_ONLY, Change.NOW_ESCORTED, Change.FREE_OF_ESCORT),
    )
    for state, worse, better in steps:
        if now == state and was != state:
            return worse
        if was == state and now != state:
            return better
    if now == TownState.ISOLATED:
        return Change.SAME
    if row[f.SUPPLY_POINT] != row[f.SUPPLY_POINT + BEFORE]:
        return Change.CHANGED_SUPPLY
    if abs(row[KM_CHANGE]) <= SAME_WAY_KM:
        return Change.SAME
    return Change.LONGER if row[KM_CHANGE] > 0 else Change.SHORTER
