"""Plans and probabilities of access in products that may rank."""

import pandas as pd

from geodata import schema as f
from geodata.analysis.reliability import BAND, Band, Reliability
from geodata.export.brief_tables import BriefTable
from geodata.export.names import segment_name
from geodata.i18n import number
from geodata.sharing.publication import Publication

NAMES = 10


def reopening_sets(release: Publication) -> pd.DataFrame | None:
    """Give the best set of roads to reopen for each number of roads, beside the greedy order."""
    if not release.ranked:
        return None
    return release.situation.reopening_sets


def access_probability(release: Publication) -> pd.DataFrame | None:
    """Give each town's probability of access with its band, for a dated view."""
    estimate = _access(release)
    return None if estimate is None else estimate.towns


def access_table(release: Publication) -> BriefTable | None:
    """List towns by how likely they keep a path to supply, the least likely first."""
    estimate = _access(release)
    if estimate is None:
        return None
    rows = []
    for band in reversed(Band):
        here = estimate.towns[estimate.towns[BAND] == band].sort_values(
            f.POPULATION, ascending=False
        )
        if len(here):
            names = ", ".join(here[f.NAME].head(NAMES))
            more = f" (+{number(len(here) - NAMES, release.lang)})" if len(here) > NAMES else ""
            word = release.say(f"reliability.band.{band}")
            rows.append((word, number(len(here), release.lang), names + more))
    return BriefTable(
        "access_probability",
        release.say("export.table_access_probability"),
        tuple(release.say(f"export.head_access_{name}") for name in ("band", "count", "towns")),
        tuple(rows),
        (1,),
        (0.22, 0.1, 0.68),
        release.say("reliability.note"),
    )


def reopening_table(release: Publication, limit: int) -> BriefTable | None:
    """List the best sets of roads to reopen, with the people that the greedy order would reach."""
    sets = reopening_sets(release)
    if sets is None or not len(sets):
        return None
    rows = tuple(
        (
            number(row["budget"], release.lang),
            " + ".join(segment_name(release, segment) for segment in row[f.SEGMENTS]),
            number(row[f.POPULATION_RESTORED], release.lang),
            number(row["population_greedy"], release.lang),
        )
        for row in sets.head(limit).to_dict("records")
    )
    return BriefTable(
        "reopening_plan",
        release.say("export.table_reopening_plan"),
        tuple(
            release.say(f"export.head_plan_{name}") for name in ("roads", "set", "best", "greedy")
        ),
        rows,
        (0, 2, 3),
        (0.09, 0.55, 0.18, 0.18),
    )


def _access(release: Publication) -> Reliability | None:
    return release.situation.reliability if release.ranked else None
