"""A table of tanks, use and deliveries of fuel by town, from a file of any kind of table.

It is read in a bounded process. Here cells are only brought into plain form, in the field's
columns: what may stand in them is decided by `geodata.analysis.fuel_own`, which knows the towns.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd
import pyarrow as pa

from geodata import schema as f
from geodata.errors import GeodataError
from geodata.readers import transport
from geodata.readers.limits import UPLOAD, Limits
from geodata.readers.tables.dates import read_dates
from geodata.readers.tables.delimited import read_table
from geodata.readers.tables.numbers import whole_number
from geodata.readers.tables.table import TextTable
from geodata.readers.tables.template import header_csv
from geodata.readers.task import Task
from geodata.sanitize import KEY_CHARACTERS, key

COLUMNS: Final = ("town", f.TANK_LITRES, f.USE_LITRES, f.DATE, f.DELIVERED_LITRES)
NAMES: Final = {
    "town": ("ville", "localite", "commune", "place", "lieu", "name", "nom", "node_id"),
    f.TANK_LITRES: (
        "tank", "tanks", "tanks_litres", "capacity", "capacity_litres", "storage",
        "storage_litres", "cuve", "cuves", "cuve_litres", "cuves_litres", "capacite",
        "capacite_litres", "stockage", "stockage_litres",
    ),
    f.USE_LITRES: (
        "use", "usage", "consumption", "litres_per_day", "litres_a_day", "use_litres_a_day",
        "consumption_litres_per_day", "consommation", "litres_par_jour",
        "consommation_litres_par_jour",
    ),
    f.DATE: ("day", "jour", "delivery_date", "date_of_delivery", "date_livraison",
             "date_de_livraison"),
    f.DELIVERED_LITRES: (
        "delivered", "delivery", "delivery_litres", "deliveries", "livre", "livres", "livraison",
        "livraisons", "litres_livres", "livraison_litres",
    ),
}  # fmt: skip
"""Columns by the other names that files give them, as `geodata.sanitize.key` writes them."""

SHOWN: Final = 20
_MEANINGS: Final = {name: column for column in COLUMNS for name in (column, *NAMES[column])}
_SCHEMA: Final = pa.schema([("row", pa.int64()), *((name, pa.string()) for name in COLUMNS)])


@dataclass(frozen=True, eq=False)
class FuelTable:
    """A table of fuel as text.

    Parameters
    ----------
    rows : DataFrame
        ``row`` (its number as a spreadsheet shows it) and those of `COLUMNS` that the file has,
        as text: numbers with a point, days as YYYY-MM-DD where they can be read.
    unused : tuple of str
        Columns of the file that mean nothing here, up to `SHOWN`.
    rejected : tuple of int
        Rows with too few or too many cells.
    """

    rows: pd.DataFrame
    unused: tuple[str, ...] = ()
    rejected: tuple[int, ...] = ()


def read_fuel_table(data: bytes, *, limits: Limits = UPLOAD) -> FuelTable:
    """Read a table of tanks, use and deliveries by town.

    Raises
    ------
    GeodataError
        If the content is not a table, names no towns, or is beyond the limits.
    """
    return _TASK.run(data, limits=limits)


def template_csv() -> bytes:
    """Return the header of such a table as CSV.

    Examples
    --------
    >>> template_csv().decode("utf-8-sig").split(",")[0]
    'town'
    """
    return header_csv(COLUMNS)


def _answered(answer: dict[str, Any], parts: dict[str, bytes]) -> FuelTable:
    rows = transport.from_arrow(parts["rows"], _SCHEMA).to_pandas()
    columns = [name for name in COLUMNS if name in answer["columns"]]
    unused = tuple(str(name)[:KEY_CHARACTERS] for name in answer["unused"][:SHOWN])
    rejected = tuple(int(number) for number in answer["rejected"])
    return FuelTable(rows[["row", *columns]], unused, rejected)


_TASK: Final = Task("geodata.readers.fuel_table:body", _answered, "table.file_size")


def body(data: bytes, params: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """Return the body of the bounded process."""
    table = read_table(data, known=frozenset(_MEANINGS), limits=Limits(**params["limits"]))
    places: dict[str, int] = {}
    for place, name in enumerate(table.header):
        column = _MEANINGS.get(key(name))
        if column is not None:
            places.setdefault(column, place)
    if "town" not in places:
        raise GeodataError("fuel_days.own_columns")
    filled = [(number, cells) for number, cells in table.rows if any(c.strip() for c in cells)]
    columns = {
        name: _plain(name, [cells[places[name]] for _, cells in filled], table)
        if name in places
        else [""] * len(filled)
        for name in COLUMNS
    }
    rows = pa.table({"row": [number for number, _ in filled], **columns}, schema=_SCHEMA)
    used = set(places.values())
    answer = {
        "columns": list(places),
        "unused": [n[:KEY_CHARACTERS] for i, n in enumerate(table.header) if n and i not in used],
        "rejected": list(table.rejected),
    }
    return transport.pack(answer, {"rows": transport.to_arrow(rows)})


def _plain(column: str, cells: Sequence[str], table: TextTable) -> list[str]:
    """Return cells in plain form; a cell that cannot be read stays as it is, to be named."""
    trimmed = [cell.strip() for cell in cells]
    if column in f.OWN_LITRES:
        numbers = [whole_number(cell) for cell in trimmed]
        return [
            cell if value is None else f"{value:.15g}"
            for cell, value in zip(trimmed, numbers, strict=True)
        ]
    if column == f.DATE:
        # With day and month in doubt every day is named as a fault, and how to write it.
        with suppress(GeodataError):
            days = read_dates(trimmed, epoch_1904=table.epoch_1904).values
            return [
                cell if day is None else day.isoformat()
                for cell, day in zip(trimmed, days, strict=True)
            ]
    return trimmed
