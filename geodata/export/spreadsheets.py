"""The situation as tables: CSV and a ZIP of CSV files, in codes and safe to open."""

import csv
import io
import zipfile
from collections.abc import Callable
from typing import Any, Final

import pandas as pd

from geodata import schema as f
from geodata.export import frames, plans
from geodata.export.facilities import facility_towns
from geodata.sanitize import formula_safe
from geodata.sharing.publication import Publication
from geodata.values import plain_cell, whole_if_whole

HXL_TAGS: Final = {
    f.NODE_ID: "#loc+code", f.NAME: "#loc+name", f.ADMIN1: "#adm1+name",
    f.POPULATION: "#population", f.POPULATION_YEAR: "#date+population",
    f.STATE: "#status", f.ISOLATED: "#status+isolated", f.SUPPLY_POINT: "#loc+supply+code",
    f.BASELINE_SUPPLY_POINT: "#loc+supply+code+before", f.DISTANCE_KM: "#indicator+km",
    f.BASELINE_KM: "#indicator+km+before", f.DETOUR_KM: "#indicator+km+detour",
    f.HOURS: "#indicator+hours", f.SEGMENT_ID: "#meta+id", f.EVENT_ID: "#event+id",
    f.DATE: "#date+start", f.END_DATE: "#date+end", f.EVENT_TYPE: "#event+type",
    f.PLACE: "#loc+name", f.LAT: "#geo+lat", f.LON: "#geo+lon", f.ACTOR: "#actor",
    f.SOURCE_NAME: "#meta+source", f.SOURCE_URL: "#meta+url", f.SUMMARY: "#description",
    f.CONFIDENCE: "#meta+confidence",
}  # fmt: skip
"""HXL 1.1 hashtags of the columns that have one (https://hxlstandard.org)."""


TABLES: Final[dict[str, Callable[[Publication], pd.DataFrame | None]]] = {
    "towns": lambda release: frames.towns(release).drop(columns=f.GEOMETRY),
    "segments": lambda release: frames.segments(release).drop(columns=f.GEOMETRY),
    "events": lambda release: frames.events(release).drop(columns=f.GEOMETRY),
    "changes": frames.changed,
    "reopening": frames.reopening,
    "reopening_plan": frames.reopening_plan,
    "reopening_steps": frames.reopening_steps,
    "access_probability": plans.access_probability,
    "keep_open_plan": frames.keep_open_plan,
    "stock_plan": frames.stock_plan,
    "danger_routes": frames.danger_routes,
    "further_closures": frames.ranking,
    "facilities": facility_towns,
}
"""Tables of the workbook, each made when asked for; some have nothing to give."""


def tables(release: Publication) -> dict[str, pd.DataFrame]:
    """Give every table of the workbook by name, without geometry."""
    every = {name: make(release) for name, make in TABLES.items()}
    return {name: pd.DataFrame(table) for name, table in every.items() if table is not None}


def csv_table(release: Publication, name: str = "towns", *, hxl: bool = False) -> bytes:
    """Write one table as CSV (UTF-8 with BOM, as spreadsheets expect), formula-safe.

    Its last columns repeat the day of making and the level in every row, so that a table that
    travels alone still says what it is.
    """
    if name == "about":
        return _csv(frames.about(release), {})
    table = TABLES.get(name, TABLES["towns"])(release)
    if table is None:
        table = TABLES["towns"](release)
    return _dated(pd.DataFrame(table), release, hxl=hxl)


def csv_zip(release: Publication, *, hxl: bool = False) -> bytes:
    """Write every table as CSV, with ``about.csv``, in one ZIP."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        texts = {"about": csv_table(release, "about")}
        texts |= {name: _dated(table, release, hxl=hxl) for name, table in tables(release).items()}
        for name, content in texts.items():
            entry = zipfile.ZipInfo(f"{name}.csv", (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return target.getvalue()


def _dated(table: pd.DataFrame, release: Publication, *, hxl: bool) -> bytes:
    table = table.assign(made=release.made.isoformat(), sensitivity=str(release.level))
    return _csv(table, HXL_TAGS if hxl else {})


def _csv(table: pd.DataFrame, tags: dict[str, str]) -> bytes:
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow(table.columns)
    if tags:
        writer.writerow([tags.get(str(name), "") for name in table.columns])
    for row in table.itertuples(index=False):
        writer.writerow([_csv_cell(cell) for cell in row])
    return b"\xef\xbb\xbf" + target.getvalue().encode(errors="replace")


def _csv_cell(value: Any) -> Any:
    plain = whole_if_whole(plain_cell(value))
    return formula_safe(plain.replace("\0", "")) if isinstance(plain, str) else plain
