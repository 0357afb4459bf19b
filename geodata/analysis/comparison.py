"""Two dates or two scenarios compared: towns gained, lost, changed supply point, and by what."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final

import pandas as pd

from geodata import schema as f
from geodata.analysis.accessibility import SAME_WAY, Access
from geodata.conditions import Conditions
from geodata.errors import GeodataError
from geodata.schema import Cause, Measure, TownState

BEFORE: Final = "_before"
CHANGE: Final = "change"
CHANGED_BY: Final = "changed_by"
KM_CHANGE: Final = "km_change"
HOURS_CHANGE: Final = "hours_change"
HEADS: Final = [f.NODE_ID, f.NAME, f.ADMIN1, f.POPULATION]


class Change(StrEnum):
    """What became of a town's access, the most severe first."""

    LOST = "lost"
    GAINED = "gained"
    NOW_ESCORTED = "now_escorted"
    FREE_OF_ESCORT = "free_of_escort"
    CHANGED_SUPPLY = "changed_supply"
    LONGER = "longer"
    SHORTER = "shorter"
    SAME = "same"


class Factor(StrEnum):
    """What made a change: the calendar alone, anything else alone, or both."""

    SEASON = "season"
    ROADS = "roads"
    BOTH = "both"


@dataclass(frozen=True, eq=False)
class Comparison:
    """What changed from one access to another.

    Parameters
    ----------
    towns : DataFrame
        A row per town, the most severe change first, then by id: ``node_id, name, admin1,
        population, change, changed_by, state_before, state, isolated_by_before, isolated_by,
        supply_point_before, supply_point, distance_km_before, distance_km, km_change,
        hours_before, hours, hours_change``. `km_change` and `hours_change` are missing for a
        town without a path on either side; ``changed_by`` is a `Factor`, None for no change.
    """

    towns: pd.DataFrame

    @property
    def changed(self) -> pd.DataFrame:
        """Towns whose access is not the same."""
        return self.towns[self.towns[CHANGE] != Change.SAME].reset_index(drop=True)

    @property
    def other_cause(self) -> pd.DataFrame:
        """Towns isolated in both situations, by another cause in the second."""
        both = (self.towns[[f.STATE, f.STATE + BEFORE]] == TownState.ISOLATED).all(axis=1)
        differs = self.towns[f.ISOLATED_BY] != self.towns[f.ISOLATED_BY + BEFORE]
        return self.towns[both & differs].reset_index(drop=True)

    def causes(self, change: Change) -> dict[Cause | Factor, int]:
        """Count the towns with one kind of change by what made it.

        What isolates them now (`Change.LOST`), what isolated them before (`Change.GAINED`), and
        for every other change the `Factor`.

        Parameters
        ----------
        change : Change
        """
        column = {Change.LOST: f.ISOLATED_BY, Change.GAINED: f.ISOLATED_BY + BEFORE}
        named_causes = self.towns.loc[self.towns[CHANGE] == change, column.get(change, CHANGED_BY)]
        order: list[Cause | Factor] = [*Cause, *Factor]
        return {
            each: int((named_causes == each).sum())
            for each in order
            if (named_causes == each).any()
        }

    def count(self, change: Change, factor: Factor | None = None) -> int:
        """Return the towns with one kind of change, made by one factor if that is given."""
        chosen = self.towns[CHANGE] == change
        if factor is not None:
            chosen &= self.towns[CHANGED_BY] == factor
        return int(chosen.sum())

    def people(self, change: Change) -> tuple[int, int]:
        """Return people in the towns with one kind of change, and towns of unknown population."""
        population = self.towns.loc[self.towns[CHANGE] == change, f.POPULATION]
        return int(population.sum()), int(population.isna().sum())


def compare(before: Access, after: Access, *, between: Access | None = None) -> Comparison:
    """Compare the access of every town in two situations.

    A town without any path that has one now is gained, and the reverse lost; below that come a
    change between free and escorted passage, another supply point, and a longer or shorter way,
    in the measure by which the paths of ``after`` are the shortest.

    Parameters
    ----------
    before, after : Access
    between : Access, optional
        Access of the first situation in the season of the second, as `in_season_of` gives its
        scenario; None where both are in one season.

    Raises
    ------
    GeodataError
        If the situations are not of the same towns.
    """
    ids = list(after.towns[f.NODE_ID])
    accesses = [each for each in (before, between, after) if each is not None]
    if any(list(each.towns[f.NODE_ID]) != ids for each in accesses):
        raise GeodataError("compare.other_towns")
    towns = _changes(before, after)
    towns[CHANGED_BY] = _changed_by(before, between, after, towns[CHANGE])
    order = {change: i for i, change in enumerate(Change)}
    towns = towns.assign(_order=towns[CHANGE].map(order)).sort_values(["_order", f.NODE_ID])
    columns = [
        *HEADS,
        CHANGE,
        CHANGED_BY,
        f.STATE + BEFORE,
        f.STATE,
        f.ISOLATED_BY + BEFORE,
        f.ISOLATED_BY,
        f.SUPPLY_POINT + BEFORE,
        f.SUPPLY_POINT,
        f.DISTANCE_KM + BEFORE,
        f.DISTANCE_KM,
        KM_CHANGE,
        f.HOURS + BEFORE,
        f.HOURS,
        HOURS_CHANGE,
    ]
    return Comparison(towns[columns].reset_index(drop=True))


def in_season_of(before: Conditions, after: Conditions) -> Conditions | None:
    """Return the first scenario in the season of the second: what the calendar alone changes.

    None where both are in one season, or of different vehicles, to which seasons differ.
    """
    if before.impassable == after.impassable or before.vehicle != after.vehicle:
        return None
    return replace(before, impassable=after.impassable)


def _changes(before: Access, after: Access) -> pd.DataFrame:
    """Return both situations side by side, in the order of the towns, with the change of each."""
    columns = [f.STATE, f.ISOLATED_BY, f.SUPPLY_POINT, f.DISTANCE_KM, f.HOURS]
    former = before.towns[columns].add_suffix(BEFORE)
    towns = pd.concat([after.towns[HEADS], former, after.towns[columns]], axis=1)
    towns[KM_CHANGE] = towns[f.DISTANCE_KM] - towns[f.DISTANCE_KM + BEFORE]
    towns[HOURS_CHANGE] = towns[f.HOURS] - towns[f.HOURS + BEFORE]
    measured = KM_CHANGE if after.by == Measure.KM else HOURS_CHANGE
    towns[CHANGE] = [_change(row, row[measured]) for row in towns.to_dict("records")]
    return towns


def _changed_by(
    before: Access, between: Access | None, after: Access, change: pd.Series
) -> pd.Series:
    """Return what made each change: a step that leaves a town the same had no part in it."""
    if between is None:
        season, roads = pd.Series(False, index=change.index), change != Change.SAME
    else:
        season = _changes(before, between)[CHANGE] != Change.SAME
        roads = _changes(between, after)[CHANGE] != Change.SAME
    factors = [
        None
        if kind == Change.SAME
        else Factor.BOTH
        if by_season and by_roads
        else Factor.SEASON
        if by_season
        else Factor.ROADS
        for kind, by_season, by_roads in zip(change, season, roads, strict=True)
    ]
    return pd.Series(factors, index=change.index, dtype=object)


def _change(row: dict[Any, Any], longer: float) -> Change:
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
    if abs(longer) <= SAME_WAY:
        return Change.SAME
    return Change.LONGER if longer > 0 else Change.SHORTER
