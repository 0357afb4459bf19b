"""Cells of a table of roads, from any program: tags in one cell, lists, numbers with units."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from geodata.readers.tables.numbers import number as number_in

NESTED: Final = ("tags", "properties", "other_tags", "all_tags")
"""Columns whose cells hold many tags: JSON (osmtogeojson, HOT) or hstore text (GDAL)."""
_HSTORE: Final = re.compile(r'"((?:[^"\\]|\\.)*)"\s*=>\s*(?:"((?:[^"\\]|\\.)*)"|NULL)')
_MEMBER: Final = re.compile(r"'([^']*)'|\"([^\"]*)\"|([^,\[\]\s'\"][^,\[\]'\"]*)")
_DENIED: Final = {
    "motor_vehicle": "motor_vehicle",
    "vehicle": "vehicle",
    "hgv": "hgv",
    "truck": "hgv",
    "car": "motorcar",
}


def by_lower(columns: Iterable[object]) -> dict[str, Any]:
    """Return the columns by their name in lower case; of two that differ only in case the first."""
    return {str(column).lower(): column for column in reversed(list(columns))}


def spread(roads: gpd.GeoDataFrame, keys: Iterable[str]) -> gpd.GeoDataFrame:
    """Give the tags that one cell holds their own columns, where a row has no such cell yet.

    Parameters
    ----------
    roads : GeoDataFrame
        Any table; cells of the columns in `NESTED`, and Overture's ``names``, ``road_surface``
        and ``access_restrictions``, may be mappings or JSON text.
    keys : iterable of str
        Tags wanted.

    Returns
    -------
    GeoDataFrame
        ``roads`` itself where it has no such column.
    """
    there = by_lower(roads.columns)
    nested = [there[name] for name in NESTED if name in there]
    tables = [_tags(roads[column], keys) for column in nested]
    tables += [
        _overture(roads[there[name]], rule) for name, rule in _OVERTURE.items() if name in there
    ]
    filled: dict[str, pd.Series] = {}
    for tags in tables:
        for key in tags.columns[tags.notna().any()]:
            name = there.get(str(key).lower(), key)
            known = filled.get(name, roads[name] if name in roads.columns else None)
            if known is None:
                filled[name] = tags[key]
            else:
                filled[name] = known.astype(object).where(words(known) != "", tags[key])
    return roads.assign(**filled) if filled else roads


def _tags(cells: pd.Series, keys: Iterable[str]) -> pd.DataFrame:
    wanted = set(keys)
    rows = [{key: value for key, value in tags_in(cell).items() if key in wanted} for cell in cells]
    return pd.DataFrame(rows, index=cells.index, dtype=object)


def tags_in(cell: object) -> dict[str, str]:
    """Return the tags that one cell holds.

    Examples
    --------
    >>> tags_in('"surface"=>"sand","ford"=>"yes"')
    {'surface': 'sand', 'ford': 'yes'}
    >>> tags_in('{"highway": "track", "lanes": 2}')
    {'highway': 'track', 'lanes': '2'}
    """
    value = _json(cell)
    if isinstance(value, Mapping):
        return {
            str(key): str(text)
            for key, text in value.items()
            if text is not None and not isinstance(text, Mapping | list)
        }
    if not isinstance(cell, str):
        return {}
    pairs = _HSTORE.findall(cell)
    return {_unescaped(key): _unescaped(text) for key, text in pairs if text}


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


def _json(cell: object) -> Any:
    """Return the value of a cell that may be JSON text; None where it is not."""
    if isinstance(cell, Mapping | list | tuple):
        return cell
    if isinstance(cell, np.ndarray):
        return cell.tolist()
    if isinstance(cell, str) and cell[:1] in {"{", "["}:
        try:
            return json.loads(cell)
        except (ValueError, RecursionError):
            return None
    return None


def _overture(cells: pd.Series, rule: Callable[[Any], dict[str, str]]) -> pd.DataFrame:
    return pd.DataFrame([rule(_json(cell)) for cell in cells], index=cells.index, dtype=object)


def _name(value: Any) -> dict[str, str]:
    primary = value.get("primary") if isinstance(value, Mapping) else None
    return {"name": str(primary)} if primary else {}


def _entries(value: Any) -> list[Mapping[str, Any]]:
    return (
        [entry for entry in value if isinstance(entry, Mapping)] if isinstance(value, list) else []
    )


def _surface(value: Any) -> dict[str, str]:
    named = [str(entry["value"]) for entry in _entries(value) if entry.get("value")]
    return {"surface": ";".join(named)} if named else {}


def _restricted(value: Any) -> dict[str, str]:
    """Overture's denials as OpenStreetMap's tags; those for one direction or hour are not ours."""
    limits: dict[str, str] = {}
    for entry in _entries(value):
        when = entry.get("when") or {}
        if entry.get("access_type") != "denied" or not isinstance(when, Mapping):
            continue
        if any(when.get(key) for key in ("heading", "during", "using", "recognized", "vehicle")):
            continue
        for mode in when.get("mode") or ["access"]:
            key = "access" if mode == "access" else _DENIED.get(str(mode))
            limits.update({key: "no"} if key else {})
    return limits


_OVERTURE: Final = {"names": _name, "road_surface": _surface, "access_restrictions": _restricted}


def column(roads: pd.DataFrame, names: Iterable[str]) -> pd.Series:
    """First column of ``roads`` with one of several names, whatever its case; else all unknown."""
    there = by_lower(roads.columns)
    for name in names:
        if name.lower() in there:
            cells: pd.Series = roads[there[name.lower()]]
            return cells
    return pd.Series(None, index=roads.index, dtype=object)


def words(cells: pd.Series) -> pd.Series:
    """Return text without blanks around it; unknown is empty, whole numbers carry no decimals."""
    if pd.api.types.is_float_dtype(cells.dtype):
        whole = cells.notna() & (cells == cells.round())
        text = cells.astype("str").where(~whole, cells.fillna(0).astype("int64").astype("str"))
    else:
        text = cells.map(_text).astype("str")
    return text.where(cells.notna(), "").str.strip()


def _text(cell: object) -> object:
    if isinstance(cell, list | tuple | np.ndarray):
        return "[" + ", ".join(f"'{member}'" for member in cell) + "]"
    return str(cell)


def members(word: str) -> list[str]:
    """Values of a cell that may be a list: ``['a', 'b']`` (osmnx) or ``a;b`` (OpenStreetMap).

    Examples
    --------
    >>> members("['primary', 'secondary']"), members("11;12"), members("track")
    (['primary', 'secondary'], ['11', '12'], ['track'])
    """
    if word.startswith("[") and word.endswith("]"):
        words = ("".join(parts).strip() for parts in _MEMBER.findall(word[1:-1]))
    else:
        words = (part.strip() for part in word.split(";"))
    return [member for member in words if member and member.lower() not in {"none", "nan", "null"}]


def numbers(cells: pd.Series) -> pd.Series:
    """Return the numbers of a column of numbers or of text."""
    if pd.api.types.is_numeric_dtype(cells.dtype):
        return cells.astype(float)
    return by_value(words(cells), _number).astype(float)


def _number(word: str) -> float:
    value = number_in(word) if word else None
    return float("nan") if value is None else float(value)


def by_value(text: pd.Series, rule: Callable[[str], Any]) -> pd.Series:
    """Apply ``rule`` once to each different value: there are few among many roads."""
    codes, values = pd.factorize(text)
    results = np.array([rule(str(value)) for value in values])
    return pd.Series(results[codes] if len(values) else [], index=text.index)
