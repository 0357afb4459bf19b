"""Reading of input tables and writing of layers, byte for byte the same on every run.

Text is UTF-8 with Unix line ends, one row or feature a line, so that a change of one fact
is a change of one line.
"""

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

import shapely
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry

from geodata._paths import DATA_FOLDER

INPUT_FOLDER: Final = DATA_FOLDER / "input"

Row = dict[str, str]
Value = str | int | float | bool | None


def read_table(name: str, folder: Path = INPUT_FOLDER) -> list[Row]:
    """Return the rows of the CSV file ``name`` with surrounding blanks removed.

    Raises
    ------
    ValueError
        If a row has more or fewer cells than the header.
    """
    with (folder / name).open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        rows = []
        for row in reader:
            if None in row or None in row.values():
                raise ValueError(f"{name}, line {reader.line_num}: cells do not fit the header")
            rows.append({key: value.strip() for key, value in row.items()})
    return rows


def corrected(rows: Iterable[Row], table: str, key: str, corrections: Iterable[Row]) -> list[Row]:
    """Return ``rows`` with the corrections meant for ``table`` put in.

    Parameters
    ----------
    rows : iterable of dict
        The table as collected.
    table : str
        Name of the table, as the column ``table`` of the corrections gives it.
    key : str
        Column that names a row.
    corrections : iterable of dict
        Columns ``table, id, column, old, new``; with reason and source.

    Raises
    ------
    ValueError
        If a correction names an unknown row or column, or its old value is not what the
        table holds: then the input changed and the correction needs another look.
    """
    fixed = {row[key]: dict(row) for row in rows}
    for fix in corrections:
        if fix["table"] != table:
            continue
        row = fixed.get(fix["id"])
        if row is None or fix["column"] not in row:
            raise ValueError(f"correction of {table}: no {fix['id']!r} with {fix['column']!r}")
        if row[fix["column"]] != fix["old"]:
            raise ValueError(
                f"correction of {table} {fix['id']!r}: {fix['column']} is "
                f"{row[fix['column']]!r}, not {fix['old']!r}"
            )
        row[fix["column"]] = fix["new"]
    return list(fixed.values())


def rounded(geometry: BaseGeometry, decimals: int) -> BaseGeometry:
    """Return ``geometry`` with each coordinate rounded, in the same order."""
    return shapely.transform(geometry, lambda xy: xy.round(decimals))


def write_geojson(
    path: Path, features: Iterable[tuple[Mapping[str, Value], BaseGeometry]], decimals: int
) -> None:
    """Write a FeatureCollection, one feature a line, coordinates rounded to ``decimals``."""
    lines = [
        json.dumps(
            {
                "type": "Feature",
                "properties": dict(properties),
                "geometry": mapping(rounded(geometry, decimals)),
            },
            ensure_ascii=False,
            separators=(",", ":"),
        )
        for properties, geometry in features
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    body = ",\n".join(lines)
    text = '{"type":"FeatureCollection","features":[\n' + body + "\n]}\n"
    path.write_text(text, encoding="utf-8", newline="\n")


def write_json(path: Path, value: object) -> None:
    """Write ``value`` as indented JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(value, ensure_ascii=False, indent=1) + "\n"
    path.write_text(text, encoding="utf-8", newline="\n")


def write_table(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, Value]]) -> None:
    """Write CSV with just ``columns``, in that order; None becomes an empty cell."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
