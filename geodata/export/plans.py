"""Plans and probabilities of access in products that may rank."""

import math
from typing import Final

import pandas as pd

from geodata import schema as f
from geodata.analysis.dangers import CROSSING
from geodata.analysis.reliability import BAND, Band, Reliability
from geodata.analysis.situation import PLAN_SAMPLES
from geodata.analysis.stock_plan import StockPlan
from geodata.errors import GeodataError
from geodata.export.brief_tables import NO_VALUE, BriefTable, more_rows, people_in
from geodata.export.names import node_name, segment_name
from geodata.i18n import number
from geodata.sharing.publication import Publication

NAMES: Final = 10
SERVED: Final = 5
DANGER_SIZE: Final = 60_000
"""Segments times towns up to which products carry the routes without a common danger."""


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
            more = _more(len(here) - NAMES, release.lang)
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


def keep_open(release: Publication) -> pd.DataFrame | None:
    """Give the uncertain roads by the people expected to gain access if one stays open."""
    return release.situation.keep_open if release.ranked else None


def keep_open_table(release: Publication, limit: int) -> BriefTable | None:
    """List the roads to keep open, most people first, with the bounds of the gain."""
    plan = keep_open(release)
    if plan is None:
        return None
    gains = plan[plan["people_gained"] >= 1]
    rows = tuple(
        (
            segment_name(release, row[f.SEGMENT_ID]),
            release.say(
                "export.keep_open_gain",
                people=_rough(row["people_gained"], release.lang),
                low=_rough(row["people_gained_low"], release.lang),
                high=_rough(row["people_gained_high"], release.lang),
            ),
            _towns(release, row["towns_helped"]),
            _roads(release, row["needs"]),
        )
        for row in gains.head(limit).to_dict("records")
    )
    names = ("road", "people", "towns", "needs")
    heads = tuple(release.say(f"export.head_keep_{name}") for name in names)
    return BriefTable(
        "keep_open_plan",
        release.say("export.table_keep_open"),
        heads if rows else (),
        rows,
        (),
        (0.28, 0.24, 0.28, 0.2),
        _sentences(
            release.say("export.note_keep_open", samples=number(PLAN_SAMPLES, release.lang)),
            more_rows(release, len(gains) - len(rows)),
        ),
    )


def stocks(release: Publication) -> StockPlan | None:
    """Give the towns to stock before roads close: whom each serves, and with how many litres."""
    return release.stocks if release.ranked else None


def stock_table(release: Publication) -> BriefTable | None:
    """List the towns to stock, with the person-days that each covers and the towns it serves."""
    plan = stocks(release)
    if plan is None:
        return None
    nodes = release.situation.dataset.network.nodes.set_index(f.NODE_ID)
    rows = tuple(
        (
            row[f.NAME],
            _rough(row["covered"], release.lang),
            ""
            if pd.isna(row["litres_low"])
            else release.say(
                "export.stock_litres",
                low=_rough(row["litres_low"], release.lang),
                high=_rough(row["litres_high"], release.lang),
            ),
            _towns(release, row["reached"]),
            people_in(release, nodes.loc[list(row["reached"])]),
            _roads(release, row["needs"]),
        )
        for row in plan.towns.sort_values("covered", ascending=False).to_dict("records")
    )
    names = ("town", "days", "litres", "serves", "people", "needs")
    heads = tuple(release.say(f"export.head_stock_{name}") for name in names)
    return BriefTable(
        "stock_plan",
        release.say("export.table_stock_plan"),
        heads if rows else (),
        rows,
        (1, 4),
        (0.12, 0.13, 0.17, 0.28, 0.1, 0.2),
        release.say("export.note_stock", samples=number(PLAN_SAMPLES, release.lang)),
    )


def danger_routes(release: Publication) -> pd.DataFrame | None:
    """Give each town's routes that share no corridor and no river crossing.

    Each town is a programme of its own, so large networks go without.
    """
    network = release.situation.dataset.network
    if not release.ranked or len(network.segment_ids) * len(network.towns) > DANGER_SIZE:
        return None
    try:
        return release.situation.danger_routes
    except GeodataError:  # too much for this server: the other tables are still worth having
        return None


def danger_table(release: Publication, limit: int) -> BriefTable | None:
    """List towns by the number of such routes, those with one by what all their routes share."""
    routes = danger_routes(release)
    if routes is None:
        return None
    routes = routes.sort_values(f.POPULATION, ascending=False)
    towns: dict[tuple[int, tuple[str, ...]], list[int]] = {}
    for place, row in enumerate(routes.to_dict("records")):
        if row["danger_routes"] > 0:
            towns.setdefault((row["danger_routes"], row["shared"]), []).append(place)
    rows = []
    for (count, shared), places in sorted(towns.items(), key=lambda e: (e[0][0], -len(e[1]))):
        some = routes.iloc[places]
        rows.append(
            (
                number(count, release.lang),
                " + ".join(dangers_told(release, shared)) or release.say("export.danger_none"),
                number(len(some), release.lang),
                ", ".join(some[f.NAME].head(NAMES)) + _more(len(some) - NAMES, release.lang),
                people_in(release, some),
            )
        )
    heads = tuple(
        release.say(f"export.head_danger_{name}")
        for name in ("routes", "shared", "count", "towns", "people")
    )
    return BriefTable(
        "danger_routes",
        release.say("export.table_danger_routes"),
        heads if rows else (),
        tuple(rows[:limit]),
        (0, 2, 4),
        (0.09, 0.32, 0.09, 0.38, 0.12),
        _sentences(release.say("export.note_danger_routes"), more_rows(release, len(rows) - limit)),
    )


def dangers_told(release: Publication, dangers: tuple[str, ...]) -> list[str]:
    """Name corridors as the events do, and river crossings by their road."""
    return [
        release.say("plan_tab.crossing", road=segment_name(release, name.removeprefix(CROSSING)))
        if name.startswith(CROSSING)
        else name
        for name in dangers
    ]


def _towns(release: Publication, ids: tuple[str, ...]) -> str:
    """Name the first of some towns, and how many more there are."""
    named = ", ".join(node_name(release, each) for each in ids[:SERVED])
    return named + _more(len(ids) - SERVED, release.lang)


def _roads(release: Publication, ids: tuple[str, ...]) -> str:
    """Name the first of some roads; a dash for none."""
    named = " + ".join(segment_name(release, each) for each in ids[:SERVED])
    return (named or NO_VALUE) + _more(len(ids) - SERVED, release.lang)


def _sentences(*some: str) -> str:
    return " ".join(each for each in some if each)


def _more(count: int, lang: str) -> str:
    return f" (+{number(count, lang)})" if count > 0 else ""


def _rough(value: float, lang: str) -> str:
    """An expected count by its first two digits: the assumptions bear no more."""
    return number(float(f"{value:.2g}"), lang)


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
        _sentences(_unproven(release, sets.head(limit)), more_rows(release, len(sets) - len(rows))),
    )


def reopening_steps_table(release: Publication, limit: int) -> BriefTable | None:
    """List the steps of the largest set: what each brings back, and what had to be open for it."""
    sets = reopening_sets(release)
    if sets is None or not len(sets):
        return None
    steps = release.situation.reopening_steps
    rows = tuple(
        (
            number(row[f.STEP], release.lang),
            segment_name(release, row[f.SEGMENT_ID]),
            _towns(release, row[f.TOWNS_RESTORED]) or NO_VALUE,
            number(row[f.POPULATION_RESTORED], release.lang),
            _roads(release, row["needs"]),
        )
        for row in steps.head(limit).to_dict("records")
    )
    names = ("step", "road", "towns", "people", "needs")
    return BriefTable(
        "reopening_steps",
        release.say("plan_tab.steps"),
        tuple(release.say(f"export.head_steps_{name}") for name in names),
        rows,
        (0, 3),
        (0.08, 0.28, 0.28, 0.12, 0.24),
        more_rows(release, len(steps) - len(rows)),
    )


def _unproven(release: Publication, shown: pd.DataFrame) -> str:
    """Return which sets are not proven best and how near they are; empty if all are proven."""
    rows = shown[shown["proven"] > 0]
    if not len(rows):
        return ""
    budgets = ", ".join(number(each, release.lang) for each in rows["budget"])
    share = number(math.ceil(100 * float(rows["proven"].max())), release.lang)
    return release.say("export.note_plan_unproven", budgets=budgets, share=share)


def _access(release: Publication) -> Reliability | None:
    return release.situation.reliability if release.ranked else None
