"""Tables of a situation for spreadsheets and map programs: flat columns, units in the names."""

from collections.abc import Iterable
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from geodata import schema as f
from geodata.analysis.situation import REASON, Reason
from geodata.export import plans
from geodata.export.brief import brief
from geodata.export.drawn_roads import drawn_rows
from geodata.export.fuel import fuel_on
from geodata.sanitize import joined
from geodata.sharing.fingerprints import versions
from geodata.sharing.publication import Publication

REASON_TEXT = "reason_text"
FROM_NAME, TO_NAME = "from_name", "to_name"
NOTE = ("note_reason", "note_source", "note_date", "note_author")


def towns(release: Publication) -> gpd.GeoDataFrame:
    """Give the access of every town, a row a town, as points."""
    network = release.situation.dataset.network
    table = release.situation.access.towns.copy()
    nodes = network.nodes.set_index(f.NODE_ID).loc[table[f.NODE_ID]]
    if f.POPULATION_YEAR in nodes:
        table.insert(4, f.POPULATION_YEAR, nodes[f.POPULATION_YEAR].to_numpy())
    for column in (f.REACHABLE_SUPPLY_POINTS, f.CUT_BY, f.SUFFICIENT_CAUSES):
        table[column] = [joined(ids) for ids in table[column]]
    table[f.ISOLATED_BY] = [str(cause) if cause else "" for cause in table[f.ISOLATED_BY]]
    table[f.STATE] = table[f.STATE].astype(str)
    for column in (f.SUPPLY_POINT, f.BASELINE_SUPPLY_POINT):
        table[column] = [value if isinstance(value, str) else "" for value in table[column]]
    for column in (f.DISTANCE_KM, f.BASELINE_KM, f.DETOUR_KM):
        table[column] = table[column].round(1)
    for column in (f.HOURS, f.BASELINE_HOURS, f.DETOUR_HOURS):
        table[column] = table[column].round(2)
    fuel = fuel_on(release)
    if fuel is not None:
        table = table.join(fuel, on=f.NODE_ID)
        own = release.situation.dataset.own_fuel
        if own is not None:
            table["own_fuel"] = table[f.NODE_ID].isin(own.towns)
    return gpd.GeoDataFrame(table, geometry=nodes.geometry.to_numpy(), crs=f.CRS)


def segments(release: Publication) -> gpd.GeoDataFrame:
    """Give the segments with their state and why, as lines: see `drawn_roads.drawn_rows`."""
    situation = release.situation
    network = situation.dataset.network
    names = network.labels
    wanted = (
        f.SEGMENT_ID,
        f.FROM_NODE,
        f.TO_NODE,
        f.ROAD_REF,
        f.ROAD_CLASS,
        f.SURFACE,
        f.LENGTH_KM,
        f.LENGTH_BASIS,
        f.TANKER,
        f.SOURCE,
        f.CONFIDENCE,
    )
    known_names = [name for name in wanted if name in network.segments]
    rows = drawn_rows(situation)
    states = situation.segment_states.iloc[rows]
    table = network.segments[known_names].iloc[rows].merge(states, on=f.SEGMENT_ID)
    table.insert(3, FROM_NAME, table[f.FROM_NODE].map(names))
    table.insert(4, TO_NAME, table[f.TO_NODE].map(names))
    table[f.STATE] = table[f.STATE].astype(str)
    table[REASON_TEXT] = [_reason(release, value) for value in table[REASON]]
    table[REASON] = table[REASON].astype(str)
    table[f.EVENT_IDS] = [joined(ids) for ids in table[f.EVENT_IDS]]
    reasons = {note.segment_id: note for note in release.notes}
    for column in NOTE:
        field = column.removeprefix("note_")
        values = [getattr(reasons.get(value), field, None) or "" for value in table[f.SEGMENT_ID]]
        table[column] = [str(value) for value in values]
    lines = network.segments.geometry.to_numpy()[rows]
    return gpd.GeoDataFrame(table, geometry=lines, crs=f.CRS)


def events(release: Publication) -> gpd.GeoDataFrame:
    """Give the events of the window, as points; those known only by region have no point."""
    table = release.events.copy()
    for column in (f.DATE, f.END_DATE):
        table[column] = [
            value.isoformat() if value is not None and not pd.isna(value) else ""
            for value in table[column]
        ]
    points = gpd.points_from_xy(table[f.LON].astype(float), table[f.LAT].astype(float))
    located = table[f.LAT].notna() & table[f.LON].notna()
    table = table.astype({name: "float64" for name in table.select_dtypes("Int64").columns})
    return gpd.GeoDataFrame(
        table, geometry=gpd.GeoSeries(points).where(located.to_numpy(), None).to_numpy(), crs=f.CRS
    )


def changed(release: Publication) -> pd.DataFrame | None:
    """Give the towns whose access differs from the situation compared with."""
    comparison = release.comparison
    if comparison is None:
        return None
    table = comparison.changed
    for name in table.columns:
        if table[name].dtype == object:
            table[name] = ["" if pd.isna(value) else str(value) for value in table[name]]
    return table


def ranking(release: Publication) -> pd.DataFrame | None:
    """Give what each further closure would do, only where the product may rank."""
    if not release.ranked:
        return None
    situation = release.situation
    # Every segment whose cut has an effect lies on the way to a town, so is one of those drawn.
    ids = np.array(situation.dataset.network.segment_ids, object)[drawn_rows(situation)]
    table = situation.every_cut
    return _flat(table[table[f.SEGMENT_ID].isin(ids)].reset_index(drop=True))


def reopening(release: Publication) -> pd.DataFrame | None:
    """Give the order of reopening, only where the product may rank."""
    if not release.ranked:
        return None
    return _flat(release.situation.reopening)


def reopening_plan(release: Publication) -> pd.DataFrame | None:
    """Give the best sets of roads to reopen within each kind of budget, where it may rank."""
    return _flat(release.situation.reopening_budgets) if release.ranked else None


def reopening_steps(release: Publication) -> pd.DataFrame | None:
    """Give the steps of the largest set to reopen, only where the product may rank."""
    return _flat(release.situation.reopening_steps) if release.ranked else None


def keep_open_plan(release: Publication) -> pd.DataFrame | None:
    """Give the roads to keep open with their reasons, only where the product may rank."""
    plan = plans.keep_open(release)
    return None if plan is None else _flat(plan)


def stock_plan(release: Publication) -> pd.DataFrame | None:
    """Give the towns to stock for each number of towns, only where the product may rank."""
    plan = plans.stocks(release)
    return None if plan is None else _flat(plan.steps)


def danger_routes(release: Publication) -> pd.DataFrame | None:
    """Give each town's routes without a common danger, only where the product may rank."""
    routes = plans.danger_routes(release)
    return None if routes is None else _flat(routes)


def about(release: Publication) -> pd.DataFrame:
    """Give what a reader must know of the tables: dates, scope, sources, data, level."""
    content = brief(release)
    data = versions(release.situation.dataset)
    rows = [
        ("title", content.title),
        ("network", content.kicker),
        ("scope", content.subtitle),
        ("made", release.made.isoformat()),
        ("made_with", content.made),
        ("sensitivity", str(release.level)),
        ("sensitivity_text", content.level),
        ("summary", content.headline),
        ("link", content.link),
        *(("assumption", entry) for entry in content.assumptions),
        *(("source", entry) for entry in content.sources),
        ("sha256_network", data.network),
        ("sha256_events", data.events),
        *((f"sha256_{name}", value) for name, value in data.layers.items()),
    ]
    return pd.DataFrame(rows, columns=["key", "value"])


def _reason(release: Publication, reason: str) -> str:
    if reason == Reason.NONE:
        return ""
    vehicle = release.say(f"core.vehicle.{release.view.vehicle}")
    return release.say(f"core.reason.{reason}", vehicle=vehicle)


def _flat(table: pd.DataFrame) -> pd.DataFrame:
    columns: dict[str, Any] = {str(name): table[name].map(_listed) for name in table.columns}
    return pd.DataFrame(columns, index=table.index)


def _listed(value: object) -> object:
    """Write a list in a cell as text; anything else as it is."""
    if isinstance(value, list | tuple | frozenset | set):
        return joined(_item(item) for item in value)
    return value


def _item(value: object) -> str:
    if isinstance(value, dict):
        return ">".join(str(part) for part in value.values())
    if isinstance(value, Iterable) and not isinstance(value, str):
        return ">".join(str(part) for part in value)
    return str(value)
