"""A user's own tanks, use and deliveries by town, from a table."""

import datetime as dt
import math
from typing import Any, Final

import pandas as pd

from geodata import schema as f
from geodata.analysis.fuel import Own
from geodata.errors import GeodataError
from geodata.network.model import Network
from geodata.network.names import town_names
from geodata.sanitize import folded

AMOUNTS: Final = ("tank_litres", "use_litres_per_day", "delivered_litres")
LARGEST_LITRES: Final = 1e10


def read_own(network: Network, table: pd.DataFrame) -> Own:
    """Read a table of figures that replace the model's assumptions.

    Parameters
    ----------
    network : Network
    table : DataFrame
        Text in the columns ``town`` (a name or id) and, each if known, ``tank_litres``,
        ``use_litres_per_day``, ``date`` with ``delivered_litres`` (one delivery a row). A blank
        keeps the assumption.

    Raises
    ------
    GeodataError
        Naming the row and the column of the first fault.
    """
    if "town" not in table.columns:
        raise GeodataError("fuel_days.own_columns")
    names = town_names(network)
    tanks, deliveries = [], []
    for number, row in enumerate(table.to_dict("records"), start=2):
        town = names.get(folded(str(row["town"])))
        if town is None:
            raise GeodataError("fuel_days.own_cell", row=number, column="town", cell=row["town"])
        tank, use, brought = (_litres(row, number, column) for column in AMOUNTS)
        if tank is not None or use is not None:
            tanks.append({f.NODE_ID: town, AMOUNTS[0]: tank, AMOUNTS[1]: use})
        if brought is not None:
            deliveries.append((town, _day(row, number), brought))
    columns = [f.NODE_ID, *AMOUNTS[:2]]
    return Own(pd.DataFrame(tanks, columns=columns), tuple(deliveries))


def _litres(row: dict[Any, Any], number: int, column: str) -> float | None:
    cell = str(row.get(column, "")).strip()
    if not cell:
        return None
    try:
        value = float(cell)
    except ValueError:
        value = math.nan
    least_is_zero = column == "delivered_litres"
    if not (value > 0 or (least_is_zero and value == 0)) or value > LARGEST_LITRES:
        raise GeodataError("fuel_days.own_cell", row=number, column=column, cell=cell)
    return value


def _day(row: dict[Any, Any], number: int) -> dt.date:
    cell = str(row.get(f.DATE, "")).strip()
    try:
        return dt.date.fromisoformat(cell)
    except ValueError:
        raise GeodataError("fuel_days.own_cell", row=number, column=f.DATE, cell=cell) from None
