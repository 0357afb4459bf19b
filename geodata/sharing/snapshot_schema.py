"""Validation of an untrusted snapshot file: size, depth, shape, version, types."""

import json
from collections.abc import Callable
from typing import Any, Final

import pyarrow as pa

from geodata import schema as f
from geodata.errors import GeodataError
from geodata.events.table import COLUMNS
from geodata.readers import transport
from geodata.readers.limits import Limits
from geodata.sharing import encoding as codes
from geodata.sharing.permalink import Notice

FORMAT: Final = "supply-routes snapshot"
VERSION: Final = 1
MAX_NOTES: Final = 10_000
MAX_TOWNS: Final = 100_000
MAX_KM: Final = 1e6
MAX_NAMES: Final = 100
"""Parameters, counts or layers that a snapshot may name."""

MAX_VALUES: Final = 50_000
"""Values of all its parameters together."""

MAX_PARAM: Final = 200_000
"""Characters of one value: ten thousand ids in one, as a link packs them."""

TOWNS: Final = pa.schema([
    (f.NODE_ID, pa.string()), (f.STATE, pa.string()), (f.SUPPLY_POINT, pa.string()),
    (f.DISTANCE_KM, pa.float64()), (f.DETOUR_KM, pa.float64()),
])  # fmt: skip
"""Columns of the towns' results."""

_OPENING, _CLOSING = frozenset("[{"), frozenset("]}")


def load(data: bytes, limits: Limits) -> dict[str, Any]:
    """Read and check the whole content.

    Raises
    ------
    GeodataError
        Naming what is wrong and the remedy.
    """
    if len(data) > limits.file_mb * 1_000_000:
        raise GeodataError("snapshot.too_large", limit=limits.file_mb)
    content = _json(data, limits)
    if not isinstance(content, dict):
        raise GeodataError("snapshot.not_a_snapshot")
    # The version comes first: a newer file may look different in every other way.
    version = content.get("version")
    if version != VERSION or isinstance(version, bool):
        if "version" in content:
            shown = codes.clean_label(str(version), codes.SHOWN_CHARACTERS)
            raise GeodataError("snapshot.version", version=shown, known=VERSION)
        raise GeodataError("snapshot.not_a_snapshot")
    if content.get("format") != FORMAT:
        raise GeodataError("snapshot.not_a_snapshot")
    for name, fits in _SHAPE.items():
        if not fits(content.get(name)):
            raise GeodataError("snapshot.damaged", part=name)
    events = content.get("events")
    if events is not None and not _is_table(events, limits):
        raise GeodataError("snapshot.damaged", part="events")
    return content


def tables(content: dict[str, Any]) -> "tuple[pa.Table, pa.Table | None]":
    """Return the towns and events of a checked content as tables.

    Returns
    -------
    tuple of pyarrow.Table, and pyarrow.Table or None
        Towns in the columns of `TOWNS`; events, if any travelled inside, as text in those columns
        of `geodata.events.table.COLUMNS` that they have.
    """
    rows = content["results"]["towns"]
    towns = pa.Table.from_arrays(
        [pa.array([row[place] for row in rows], field.type) for place, field in enumerate(TOWNS)],
        schema=TOWNS,
    )
    inside = content.get("events")
    if inside is None:
        return towns, None
    events = {
        name: pa.array([_text(row[place]) for row in inside["rows"]], pa.string())
        for place, name in enumerate(inside["columns"])
        if name in COLUMNS
    }
    return towns, pa.table(events)


def _text(cell: Any) -> str:
    return "" if cell is None else str(cell)


def serve(data: bytes, params: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """Return the body of the bounded process: the checked content, its tables as Arrow streams."""
    content = load(data, Limits(**params["limits"]))
    known_parts = {name: content[name] for name in _SHAPE}
    known_parts["results"] = {"summary": content["results"]["summary"]}
    towns, events = tables(content)
    parts = {"content": json.dumps(known_parts).encode(), "towns": transport.to_arrow(towns)}
    if events is not None:
        parts["events"] = transport.to_arrow(events)
    return transport.pack({}, parts)


def unknown_notes(segment_ids: list[str]) -> Notice:
    """Say that notes belong to segments that are not here."""
    return Notice("state.unknown_notes", {"n": len(segment_ids), "names": codes.named(segment_ids)})


def _json(data: bytes, limits: Limits) -> Any:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise GeodataError("snapshot.not_json") from None
    if _depth(text) > limits.nesting:
        raise GeodataError("snapshot.too_deep", limit=limits.nesting)
    try:
        return json.loads(text, parse_constant=_refuse, object_pairs_hook=_object)
    except (ValueError, RecursionError):
        raise GeodataError("snapshot.not_json") from None


def _depth(text: str) -> int:
    """Deepest nesting of brackets outside strings; the parser itself would run out of stack."""
    depth = deepest = 0
    inside = escaped = False
    for each in text:
        if inside:
            if escaped:
                escaped = False
            elif each == "\\":
                escaped = True
            elif each == '"':
                inside = False
        elif each == '"':
            inside = True
        elif each in _OPENING:
            depth += 1
            deepest = max(deepest, depth)
        elif each in _CLOSING:
            depth -= 1
    return deepest


def _refuse(constant: str) -> Any:
    raise ValueError(constant)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse an object that names a key twice: readers would disagree on what it says."""
    content = dict(pairs)
    if len(content) < len(pairs):
        raise ValueError("duplicate key")
    return content


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= 1_000


def _is_params(value: Any) -> bool:
    if not isinstance(value, dict) or len(value) > MAX_NAMES:
        return False
    lists = [each if isinstance(each, list) else [each] for each in value.values()]
    return sum(map(len, lists)) <= MAX_VALUES and all(
        isinstance(each, str) and len(each) <= MAX_PARAM for values in lists for each in values
    )


def _is_notes(value: Any) -> bool:
    parts = ("segment_id", "reason", "source", "date", "author")
    return (
        isinstance(value, list)
        and len(value) <= MAX_NOTES
        and all(
            isinstance(note, dict) and all(_is_text(note.get(part)) for part in parts)
            for note in value
        )
    )


def _is_data(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and _is_text(value.get("network"))
        and _is_text(value.get("events"))
        and _is_text(value.get("own_fuel", ""))
        and isinstance(value.get("layers"), dict)
        and len(value["layers"]) <= MAX_NAMES
        and all(_is_text(each) for each in value["layers"].values())
    )


def _is_results(value: Any) -> bool:
    if not isinstance(value, dict) or not isinstance(value.get("summary"), dict):
        return False
    towns = value.get("towns")
    counts = value["summary"].values()
    return (
        isinstance(towns, list)
        and len(towns) <= MAX_TOWNS
        and all(isinstance(row, list) and len(row) == 5 for row in towns)
        and all(_is_text(row[0]) and _is_text(row[1]) for row in towns)
        and all(row[2] is None or _is_text(row[2]) for row in towns)
        and all(_is_number(each) for row in towns for each in row[3:])
        and len(counts) <= MAX_NAMES
        and all(isinstance(each, int) and not isinstance(each, bool) for each in counts)
    )


def _is_number(value: Any) -> bool:
    """Return whether a distance in km, or none, stands there."""
    return value is None or (type(value) in (int, float) and abs(value) < MAX_KM)


def _is_scalars(row: list[Any]) -> bool:
    return all(each is None or isinstance(each, str | int | float) for each in row)


def _is_table(value: Any, limits: Limits) -> bool:
    if not isinstance(value, dict):
        return False
    columns, rows = value.get("columns"), value.get("rows")
    if not isinstance(columns, list) or not isinstance(rows, list):
        return False
    return (
        len(columns) <= limits.columns
        and len(set(map(str, columns))) == len(columns)
        and all(_is_text(each) for each in columns)
        and len(rows) <= limits.rows
        and all(
            isinstance(row, list) and len(row) == len(columns) and _is_scalars(row) for row in rows
        )
        and all(
            len(cell) <= limits.cell_characters
            for row in rows
            for cell in row
            if isinstance(cell, str)
        )
    )


_SHAPE: Final[dict[str, Callable[[Any], bool]]] = {
    "app_version": _is_text,
    "made": _is_text,
    "lang": lambda value: value in ("en", "fr"),
    "level": lambda value: value in ("full", "public"),
    "title": _is_text,
    "state": _is_params,
    "notes": _is_notes,
    "data": _is_data,
    "results": _is_results,
}
