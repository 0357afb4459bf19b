"""Body of the bounded process that opens a layer: bytes in, Arrow table and report out."""

import json
from dataclasses import replace
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd

from geodata import schema as f
from geodata.errors import GeodataError
from geodata.readers import transport
from geodata.readers.layers import formats, osm, overture
from geodata.readers.layers.cleaning import CleaningOptions, CleanLayer, clean
from geodata.readers.layers.raw import LayerRequest, RawLayer
from geodata.readers.limits import Limits
from geodata.readers.report import Problem, report

ROW: Final = "row"
NAME_COLUMNS: Final = (
    "name",
    "nom",
    "name_fr",
    "name:fr",
    "name_en",
    "name:en",
    "town",
    "ville",
    "localite",
    "localité",
    "official_name",
    "asciiname",
)
_ID_COLUMNS: Final = ("id", "node_id", "osm_id", "pcode", "p_code")


def parse(data: bytes, params: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """Open ``data`` and judge its features.

    Parameters
    ----------
    data : bytes
        The file.
    params : dict
        ``limits``, ``layer``, ``name_column`` and the parts of a `CleaningOptions`.

    Returns
    -------
    tuple of dict and bytes
        ``kind``, ``format``, ``layer``, the report's counts and the sizes of what follows: its
        remarks and the good features, with the column ``row`` beside the file's own (see
        `geodata.readers.transport.written_features`).
    """
    limits = Limits(**params["limits"])
    request = LayerRequest(limits, params["kind"], params["layer"], params["crs"])
    raw = read_raw(data, request)
    wish = CleaningOptions(
        **{key: params[key] for key in ("kind", "area", "crs", "swap", "keep_outside")}
    )
    cleaned = clean(raw, wish, limits=limits)
    problems = (*cleaned.problems, *_names(cleaned, raw.properties, params["name_column"]))
    result = report(range(1, len(raw.geometry) + 1), problems)
    answer = {
        "kind": cleaned.kind,
        "format": raw.format,
        "layer": raw.layer,
        "report": transport.report_counts(result),
    }
    parts = {"problems": transport.problem_table(result), "features": _stream(cleaned)}
    return transport.pack(answer, parts)


def read_raw(data: bytes, request: LayerRequest) -> RawLayer:
    """Read one layer with its tags in columns, cells that a page can hold, features not judged."""
    raw = formats.read(data, request)
    raw = replace(raw, properties=overture.plain(osm.with_tags(raw.properties)))
    return _with_plain_cells(raw, request.limits)


def _with_plain_cells(raw: RawLayer, limits: Limits) -> RawLayer:
    """Cells that Arrow and a page can hold: one type a column, no lone surrogates, no bombs."""
    if raw.properties.shape[1] > limits.columns:
        raise GeodataError("layer.columns", columns=raw.properties.shape[1], limit=limits.columns)
    problems: list[Problem] = list(raw.problems)
    columns: dict[str, pd.Series] = {}
    for column, cells in raw.properties.items():
        name = _plain_text(str(column))[:200]
        if name.lower() in (f.GEOMETRY, ROW):
            name = f"{name}_"
        while name in columns:
            name = f"{name}_"
        plain_cells = cells = cells.astype(object) if cells.dtype == "category" else cells
        if cells.dtype == object or pd.api.types.is_string_dtype(cells.dtype):
            plain_cells = _plain_column(cells, name, limits, problems)
        columns[name] = plain_cells
    properties = pd.DataFrame(columns, index=raw.properties.index)
    return replace(raw, properties=properties, problems=tuple(problems))


def _plain_column(
    cells: pd.Series, name: str, limits: Limits, problems: list[Problem]
) -> pd.Series:
    values = [_plain(cell) for cell in cells]
    if len({type(value) for value in values if value is not None}) > 1:
        numbers = all(isinstance(v, int | float) or v is None for v in values)
        values = [v if v is None else float(v) if numbers else _word(v) for v in values]
    for place, value in enumerate(values):
        if isinstance(value, str) and len(value) > limits.cell_characters:
            values[place] = value[: limits.cell_characters]
            params = {"limit": limits.cell_characters}
            problems.append(
                Problem(place + 1, name, value[:60], "warning", "layer.long_cell", params)
            )
        elif isinstance(value, int) and not -(2**63) <= value < 2**63:
            values = [v if v is None else str(v) for v in values]
            break
    return pd.Series(values, index=cells.index, dtype=object)


def _plain(cell: object) -> Any:
    if cell is None or cell is pd.NA or (isinstance(cell, float) and np.isnan(cell)):
        return None
    if isinstance(cell, np.generic):
        cell = cell.item()
    if isinstance(cell, str):
        return _plain_text(cell)
    if isinstance(cell, bool | int | float):
        return cell
    if isinstance(cell, dict | list | tuple | np.ndarray):
        cell = list(cell) if isinstance(cell, np.ndarray) else cell
        return _plain_text(json.dumps(_keyed(cell), ensure_ascii=False, default=str))
    if isinstance(cell, bytes):
        return None
    return str(cell)


def _keyed(cell: Any) -> Any:
    """Return the nested JSON without the marks of repeated keys."""
    if isinstance(cell, dict):
        return {key: _keyed(value) for key, value in cell.items() if isinstance(key, str)}
    return [_keyed(value) for value in cell] if isinstance(cell, list | tuple) else cell


def _word(value: object) -> str:
    """Write a value of a column of mixed types; whole numbers carry no decimals."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _plain_text(text: str) -> str:
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def _names(cleaned: CleanLayer, properties: pd.DataFrame, column: str | None) -> list[Problem]:
    """Return the towns without a name, and ids that are duplicates."""
    if cleaned.kind != "towns":
        return []
    problems: list[Problem] = []
    name = column or name_column(list(properties.columns))
    rows = cleaned.row
    cells = cleaned.properties.get(name) if name else None
    for place, row in enumerate(rows.tolist()):
        cell = None if cells is None else cells.iloc[place]
        if cell is None or cell is pd.NA or not str(cell).strip() or str(cell) == "nan":
            problems.append(Problem(row, name, None, "warning", "layer.no_name"))
    by_lower = {str(key).lower(): key for key in cleaned.properties.columns}
    key = next((by_lower[k] for k in _ID_COLUMNS if k in by_lower), None)
    if key is not None:
        ids = cleaned.properties[key]
        for place in np.flatnonzero((ids.duplicated() & ids.notna()).to_numpy()).tolist():
            shown = str(ids.iloc[place])[:60]
            problems.append(
                Problem(
                    int(rows[place]), str(key), shown, "warning", "layer.id_twice", {"id": shown}
                )
            )
    return problems


def name_column(columns: list[str]) -> str | None:
    """Find the column that most likely holds the names, or None."""
    by_lower = {column.lower(): column for column in reversed(columns)}
    return next((by_lower[name] for name in NAME_COLUMNS if name in by_lower), None)


def _stream(cleaned: CleanLayer) -> bytes:
    columns = cleaned.properties.assign(**{ROW: cleaned.row})
    return transport.written_features(
        gpd.GeoDataFrame(columns, geometry=cleaned.geometry, crs=f.CRS)
    )
