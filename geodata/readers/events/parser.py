"""From the bytes of a file to events, in the bounded process: no pandas, no guesses."""

import dataclasses
import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from geodata import schema as f
from geodata.errors import GeodataError
from geodata.events.vocabulary import VOCABULARIES, LocationPrecision
from geodata.readers import transport
from geodata.readers.events.columns import (
    REQUIRED,
    Columns,
    find_columns,
    missing_fields,
    suggest_mapping,
)
from geodata.readers.events.dates import read_days, reject_recent
from geodata.readers.events.draft import Draft
from geodata.readers.events.hxl import SEARCHED_ROWS, is_hxl, suffixes
from geodata.readers.events.layer import read_rows
from geodata.readers.events.locations import EventLocations, read_places, tell_near
from geodata.readers.events.points import read_points
from geodata.readers.events.schemes import COORDINATES, LAT_LON, LON_LAT, PCODE, Scheme, is_counts
from geodata.readers.events.values import (
    read_acled,
    read_codes,
    read_counts,
    read_sources,
    read_types,
    read_ucdp,
    read_words,
    unplaced,
)
from geodata.readers.limits import Limits
from geodata.readers.report import Problem, Report, refusal, report
from geodata.readers.tables.dates import Order
from geodata.readers.tables.table import TextTable
from geodata.sanitize import key

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

Rows = Sequence[tuple[int, Sequence[str]]]
_ORIGINS: Final = {Scheme.ACLED: "ACLED", Scheme.UCDP: "UCDP GED"}
_TOTAL: Final = re.compile(r"(?:grand_|sub_?|sous_)?tota(?:l|ux)|somme|sum|ensemble")


@dataclasses.dataclass(frozen=True)
class EventOptions:
    """What the caller knows about a file; see :func:`geodata.readers.events.reader.read_events`."""

    today: dt.date
    filename: str = ""
    mapping: Mapping[str, str] | None = None
    types: Mapping[str, str] | None = None
    date_order: Order | None = None
    area: "BaseGeometry | None" = None
    include_recent: bool = False
    swap: bool = False
    crs: str | None = None
    limits: Limits = dataclasses.field(default_factory=Limits)


def parse(data: bytes, options: EventOptions) -> tuple[dict[str, list[str]], Report]:
    """Read, clean and judge every row of a file.

    Never raises for what a file holds: a refusal is part of the answer.

    Returns
    -------
    tuple of dict and Report
        Events as columns of text in the schema's names, none if the file as a whole is refused.
    """
    try:
        table = read_rows(data, options.limits)
    except GeodataError as error:
        return {}, refusal(error)
    rows = len(table.rejected) + len(table.rows)
    try:
        draft = _draft(table, options)
        rows = len(table.rejected) + len(draft)
        columns = _events(draft, table, options)
    except GeodataError as error:
        return {}, refusal(error, rows=rows, problems=table.problems)
    problems = (*table.problems, *draft.problems)
    if not rows:
        problems = (*problems, Problem.for_file("warning", "events.none"))
    return columns, report([*table.rejected, *draft.numbers], problems)


def _draft(table: TextTable, options: EventOptions) -> Draft:
    """Return the rows with their columns recognised, without the row of HXL hashtags."""
    tags, rows = _tags(table)
    if is_counts(table.header):
        raise GeodataError("events.counts", columns=", ".join(table.header)[:300])
    columns = find_columns(table.header, tags=tags, mapping=options.mapping)
    missing = missing_fields(columns.places)
    unplaced_ones = bool(missing) and _only_named(table, columns, missing)
    if missing and not unplaced_ones:
        raise _missing(table, missing)
    draft = Draft(rows, table.header, columns)
    if unplaced_ones:
        _keep_unplaced(draft)
    if tags:
        draft.remark("events.hxl")
    if columns.doubled:
        draft.remark("events.doubled", "warning", columns=", ".join(columns.doubled)[:200])
    if columns.unread:
        draft.remark("events.unread", columns=", ".join(columns.unread)[:300])
    if columns.private:
        draft.remark("events.private", columns=", ".join(columns.private)[:300])
    return draft


def _tags(table: TextTable) -> tuple[Sequence[str], Rows]:
    """Return the HXL hashtags of the columns, and the rows below them."""
    if is_hxl(table.header):
        return table.header, table.rows
    for place, (_, cells) in enumerate(table.rows[:SEARCHED_ROWS]):
        if is_hxl(cells):
            return cells, table.rows[place + 1 :]
    return suffixes(table.header), table.rows


def _only_named(table: TextTable, columns: Columns, missing: list[str]) -> bool:
    """Whether a table gives places by name or P-code, and no column that may be a coordinate."""
    points = {f.LAT, f.LON, COORDINATES, LAT_LON, LON_LAT}
    suggested = points & {*suggest_mapping(table.header).values(), *columns.places}
    named = not {f.PLACE, PCODE}.isdisjoint(columns.places)
    return set(missing) <= points and not suggested and named


def _keep_unplaced(draft: Draft) -> None:
    """Rows of a table without coordinates: kept without a point, closing nothing."""
    _without_point(draft, range(len(draft)))
    draft.remark("events.no_points", "warning")


def _keep_named(draft: Draft) -> None:
    """Rows that leave both coordinates blank and name their place: kept, closing nothing."""
    rows = [
        place
        for place in draft.in_use()
        if not (draft[f.LAT][place] or draft[f.LON][place])
        and (draft[f.PLACE][place] or draft[PCODE][place])
        and key(draft[f.LOCATION_PRECISION][place]) != LocationPrecision.REGION
    ]
    if not rows:
        return
    _without_point(draft, rows)
    for place in rows:
        draft.warn(place, f.LAT, "events.no_point")


def _without_point(draft: Draft, rows: Iterable[int]) -> None:
    """Mark rows as known to a region, which the P-code stands for where none is given."""
    chosen = set(rows)
    draft[f.LOCATION_PRECISION] = [
        LocationPrecision.REGION if place in chosen else cell
        for place, cell in enumerate(draft[f.LOCATION_PRECISION])
    ]
    codes = draft[PCODE]
    draft[f.REGION] = [
        cell or (codes[place] if place in chosen else "")
        for place, cell in enumerate(draft[f.REGION])
    ]
    draft[f.PLACE_BASIS] = [
        cell or ("named, without a point" if place in chosen and draft[f.PLACE][place] else "")
        for place, cell in enumerate(draft[f.PLACE_BASIS])
    ]


def _missing(table: TextTable, missing: list[str]) -> GeodataError:
    """Return why a table without a date or coordinates cannot be used."""
    near = suggest_mapping(table.header)
    hints = ", ".join(f"{name}={field}" for name, field in near.items() if field in missing)
    return GeodataError(
        "events.columns_hint" if hints else "events.columns",
        fields=", ".join(missing),
        columns=", ".join(table.header)[:300],
        hints=hints,
    )


def _events(draft: Draft, table: TextTable, options: EventOptions) -> dict[str, list[str]]:
    """Return the columns of the events in use, all as text."""
    read_points(draft, options.area)
    _reject_footers(draft)
    _keep_named(draft)
    days = read_days(
        draft,
        order=options.date_order,
        epoch_1904=table.epoch_1904,
        zone_hours=_zone_hours(options.area),
    )
    read_codes(draft)
    if draft.columns.scheme is Scheme.ACLED:
        read_acled(draft)
    elif draft.columns.scheme is Scheme.UCDP:
        read_ucdp(draft)
    else:
        read_types(draft, options.types)
    read_words(draft)
    places = read_places(draft, area=options.area, swap=options.swap, crs=options.crs)
    read_counts(draft)
    read_sources(draft)
    future = reject_recent(draft, days, today=options.today, include_recent=options.include_recent)
    _name(draft, options)
    types = zip(draft[f.EVENT_TYPE], draft[f.REPORTED_TYPE], strict=True)
    tell_near(draft, places, draft[f.DATE], [" ".join(pair) for pair in types])
    future |= unplaced(draft)
    draft[f.MAY_CLOSE] = [str(place not in future) for place in range(len(draft))]
    return _columns(draft, places, options)


def _zone_hours(area: "BaseGeometry | None") -> int:
    """Hours ahead of UTC by the sun at the middle of the study area; UTC, Mali's time, without."""
    if area is None or area.is_empty:
        return 0
    return round(area.centroid.x / 15)


def _reject_footers(draft: Draft) -> None:
    """Reject totals and notes under a table: rows with neither a date nor a place."""
    for place in range(len(draft)):
        if any(draft[field][place] for field in REQUIRED):
            continue
        filled = [cell.strip() for cell in draft.raw[place] if cell.strip()]
        if _TOTAL.match(key(filled[0])):
            draft.reject(place, None, "events.total_row", value=filled[0][:40])
        elif len(filled) <= 2:
            draft.reject(place, None, "events.note_row", value=filled[0][:40])


def _name(draft: Draft, options: EventOptions) -> None:
    """An id for each event; a second event of one id is reported and gets a new id."""
    stem = key(PurePath(options.filename).stem)[:40] or "row"
    first: dict[str, int] = {}
    ids = list(draft[f.EVENT_ID])
    used_ids = set(ids)
    for place in draft.in_use():
        name = ids[place]
        if not name:
            name = _free(f"{stem}-{draft.numbers[place]}", used_ids)
        elif name in first:
            draft.warn(place, f.EVENT_ID, "events.same_id", other=draft.numbers[first[name]])
            name = _free(f"{name}~{draft.numbers[place]}", used_ids)
        else:
            first[name] = place
        used_ids.add(name)
        ids[place] = name
    draft[f.EVENT_ID] = ids


def _free(name: str, used_ids: set[str]) -> str:
    while name in used_ids:
        name += "~"
    return name


def _columns(draft: Draft, places: EventLocations, options: EventOptions) -> dict[str, list[str]]:
    """Return the columns of the rows in use."""
    rows = draft.in_use()
    basis = {"": "", LocationPrecision.REGION: "known only by its region: no point"}
    draft[f.LAT] = ["" if value is None else repr(value) for value in places.lat]
    draft[f.LON] = ["" if value is None else repr(value) for value in places.lon]
    draft[f.PLACE_BASIS] = [
        cell or basis.get(precision, "as given")
        for cell, precision in zip(draft[f.PLACE_BASIS], draft[f.LOCATION_PRECISION], strict=True)
    ]
    origin = _ORIGINS.get(draft.columns.scheme, options.filename)
    draft[f.ORIGIN] = [cell or origin for cell in draft[f.ORIGIN]]
    names = (
        f.EVENT_ID,
        f.DATE,
        f.END_DATE,
        *VOCABULARIES,
        f.REPORTED_TYPE,
        f.PLACE,
        f.REGION,
        f.LAT,
        f.LON,
        f.PRECISION_KM,
        f.PLACE_BASIS,
        f.NODE_ID,
        f.SEGMENT_IDS,
        f.CORRIDOR,
        f.ACTOR,
        f.TANKERS_LOW,
        f.TANKERS_HIGH,
        f.FATALITIES_LOW,
        f.FATALITIES_HIGH,
        f.SOURCE_NAME,
        f.SOURCE_URL,
        f.SOURCE_DATE,
        f.SUMMARY,
        f.MAY_CLOSE,
        f.ORIGIN,
    )
    return {name: [draft[name][place] for place in rows] for name in names}


def serve(data: bytes, params: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """Run :func:`parse` for :func:`geodata.readers.sandbox.run`; tables come back as Arrow.

    Returns
    -------
    tuple of dict and bytes
        The report's counts and the sizes of what follows: its remarks, then the events.
    """
    options = EventOptions(
        **{
            **params,
            "today": dt.date.fromisoformat(params["today"]),
            "limits": Limits(**params["limits"]),
            "area": _area(params["area"]),
        }
    )
    columns, result = parse(data, options)
    events = pa.table({name: pa.array(cells, pa.string()) for name, cells in columns.items()})
    return transport.pack(
        {"report": transport.report_counts(result)},
        {"problems": transport.problem_table(result), "events": transport.to_arrow(events)},
    )


def _area(wkb: str | None) -> "BaseGeometry | None":
    if not wkb:
        return None
    import shapely

    return shapely.from_wkb(bytes.fromhex(wkb))
