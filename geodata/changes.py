"""What differs between two situations: towns that lost or gained access, or changed supply."""

import pandas as pd

from geodata import fields as f
from geodata.fields import TownState
from geodata.situation import Situation

KIND = "change"
LOST, REGAINED, WORSE, BETTER, SUPPLY = "lost", "regained", "worse", "better", "supply"
_RANK = {TownState.OPEN: 0, TownState.DETOUR: 1, TownState.ESCORT_ONLY: 2, TownState.ISOLATED: 3}
ORDER = (LOST, REGAINED, WORSE, BETTER, SUPPLY)


def changes(before: Situation, now: Situation) -> pd.DataFrame:
    """Towns whose access differs between two situations on the same network.

    Returns
    -------
    DataFrame
        ``node_id, name, admin1, population, change, state_before, state, supply_point_before,
        supply_point, distance_km_before, distance_km``. ``change`` is ``lost`` (isolated now,
        not before), ``regained``, ``worse`` or ``better`` (in the order open, detour, escort
        only), or ``supply`` (same state, another supply point). Sorted by change, then by
        people, towns of unknown population last.
    """
    keep = [f.NODE_ID, f.STATE, f.SUPPLY_POINT, f.DISTANCE_KM]
    columns = [f.NAME, f.ADMIN1, f.POPULATION, *keep]
    table = now.access.towns[columns].merge(
        before.access.towns[keep], on=f.NODE_ID, suffixes=("", "_before")
    )
    table[KIND] = [
        _kind(was, here, old, new)
        for was, here, old, new in zip(
            table[f"{f.STATE}_before"], table[f.STATE],
            table[f"{f.SUPPLY_POINT}_before"], table[f.SUPPLY_POINT], strict=True,
        )
    ]  # fmt: skip
    changed = table[table[KIND] != ""]
    place = changed[KIND].map(ORDER.index)
    order = pd.DataFrame({"kind": place, "people": -changed[f.POPULATION].fillna(-1.0),
                          "name": changed[f.NAME]})  # fmt: skip
    return changed.loc[order.sort_values(["kind", "people", "name"]).index].reset_index(drop=True)


def _kind(was: TownState, now: TownState, old: str | None, new: str | None) -> str:
    if was != now:
        if now == TownState.ISOLATED:
            return LOST
        if was == TownState.ISOLATED:
            return REGAINED
        return WORSE if _RANK[now] > _RANK[was] else BETTER
    return SUPPLY if isinstance(new, str) and isinstance(old, str) and old != new else ""
