"""Reading a snapshot file as if a stranger made it: size, depth, shape, version, types."""

import json
from collections.abc import Callable
from typing import Any, Final

from geodata import state_codes as codes
from geodata.errors import GeodataError
from geodata.limits import Limits
from geodata.state import Notice

FORMAT: Final = "supply-routes snapshot"
VERSION: Final = 1
MAX_NOTES: Final = 10_000
MAX_TOWNS: Final = 100_000
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
            told = codes.clean(str(version), codes.SHOWN_CHARACTERS)
            raise GeodataError("snapshot.version", version=told, known=VERSION)
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


def serve(data: bytes, params: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """Body of the bounded process: the checked content, without what no snapshot holds."""
    content = load(data, Limits(**params))
    kept = {name: content[name] for name in (*_SHAPE, "events") if content.get(name) is not None}
    return {}, json.dumps(kept).encode()


def unknown_notes(segment_ids: list[str]) -> Notice:
    """Say that notes belong to segments that are not here."""
    return Notice("state.unknown_notes", {"n": len(segment_ids),
                                          "names": codes.named(segment_ids)})  # fmt: skip


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
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands twice")
    return found


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= 1_000


def _is_params(value: Any) -> bool:
    return isinstance(value, dict) and all(
        isinstance(each, str) or (isinstance(each, list) and all(isinstance(x, str) for x in each))
        for each in value.values()
    )


def _is_notes(value: Any) -> bool:
    parts = ("segment_id", "reason", "source", "date", "author")
    return isinstance(value, list) and len(value) <= MAX_NOTES and all(
        isinstance(note, dict) and all(_is_text(note.get(part)) for part in parts)
        for note in value
    )  # fmt: skip


def _is_data(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and _is_text(value.get("network"))
        and _is_text(value.get("events"))
        and isinstance(value.get("layers"), dict)
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
        and all(isinstance(row, list) and len(row) == 5 and _is_scalars(row) for row in towns)
        and all(isinstance(row[0], str) and isinstance(row[1], str) for row in towns)
        and all(isinstance(each, int) and not isinstance(each, bool) for each in counts)
    )


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
        and all(isinstance(row, list) and len(row) == len(columns) and _is_scalars(row)
                for row in rows)
        and all(len(cell) <= limits.cell_characters for row in rows for cell in row
                if isinstance(cell, str))
    )  # fmt: skip


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
