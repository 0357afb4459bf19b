"""Access to the user's facilities in products: who loses the nearest, and who goes farther.

A public product names the towns and the distances, but no facility of the user's layer.
"""

from typing import Final

import pandas as pd

from geodata import schema as f
from geodata.analysis.facilities import FACILITY, FACILITY_KIND, WEIGHT
from geodata.export.brief_tables import BriefTable
from geodata.i18n import number
from geodata.sharing.publication import Publication

CHANGED: Final = ("isolated", "escort_only", "detour")
NAMED: Final = (FACILITY, "baseline_facility")
NO_VALUE: Final = "–"


def facility_towns(release: Publication) -> pd.DataFrame | None:
    """Give every kind and town whose way to the nearest facility changes, most people first."""
    reachable = release.facilities
    if reachable is None:
        return None
    changed = reachable.towns[reachable.towns[f.STATE].isin(CHANGED)]
    if not release.ranked:
        changed = changed.drop(columns=list(NAMED))
    order = [FACILITY_KIND, f.STATE, f.POPULATION]
    return changed.sort_values(order, ascending=[True, False, False], ignore_index=True)


def facility_table(release: Publication) -> BriefTable | None:
    """Sum up each kind: towns and people without one, who goes farther, and what is in reach."""
    reachable = release.facilities
    if reachable is None:
        return None

    def figure(value: float | None, decimals: int = 0) -> str:
        missing = value is None or pd.isna(value)
        return NO_VALUE if missing else number(float(value or 0), release.lang, decimals=decimals)

    rows = tuple(
        (
            str(row[FACILITY_KIND]),
            figure(row["isolated"]),
            figure(row["population_isolated"]),
            figure(row["detour"]),
            figure(row["population_detour"]),
            figure(row["mean_extra_km"]),
            f"{figure(row['weight_in_reach'], 1)} / {figure(row['baseline_weight_in_reach'], 1)}",
        )
        for row in reachable.kinds.to_dict("records")
    )
    heads = ("kind", "lost", "people", "longer", "people_longer", "km", WEIGHT)
    return BriefTable(
        "facilities",
        release.say("export.table_facilities"),
        tuple(release.say(f"export.head_facility_{name}") for name in heads),
        rows,
        (1, 2, 3, 4, 5, 6),
        (0.2, 0.12, 0.15, 0.12, 0.15, 0.11, 0.15),
        release.say("export.note_facilities"),
    )
