"""A user's own tanks, use and deliveries by town, from a table."""

import datetime as dt
import math
from typing import Any, Final

import pandas as pd

from geodata import schema as f
from geodata.dataset import OwnFuel
from geodata.errors import GeodataError
from geodata.network.model import Network
from geodata.network.names import town_names
from geodata.sanitize import folded

LARGEST_LITRES: Final = 1e10
ROW: Final = "row"
"""Column of a table that was read from a file: the row's number as a spreadsheet shows it."""


def read_own(network: Network, table: pd.DataFrame) -> OwnFuel:
    """Read a table of figures that replace the model's assumptions; every row must be right.

    Parameters
    ----------
    network : Network
    table : DataFrame
        As `usable_own` reads it.

    Raises
    ------
    GeodataError
        Naming the row and the column of the first fault.
    """
    own, faults = usable_own(network, table)
    for fault in faults:
        raise fault
    return own


def usable_own(network: Network, table: pd.DataFrame) -> tuple[OwnFuel, tuple[GeodataError, ...]]:
    """Read the rows of a table that can be used, and name the fault of each other row.

    Parameters
    ----------
    network : Network
    table : DataFrame
        Text in the columns ``town`` (a name or id) and, each if known, ``tank_litres``,
        ``use_litres_per_day``, ``date`` with ``delivered_litres`` (one delivery a row). A blank
        keeps the assumption. A town may stand in several rows, with one tank and one use.
        With a column ``row`` faults name that number.

    Returns
    -------
    tuple of OwnFuel and tuple of GeodataError
        A row with a fault gives no figure at all.

    Raises
    ------
    GeodataError
        If the table names no towns.
    """
    if "town" not in table.columns:
        raise GeodataError("fuel_days.own_columns")
    names = town_names(network)
    tanks: dict[str, dict[str, float]] = {}
    deliveries: list[tuple[str, dt.date, float]] = []
    faults: list[GeodataError] = []
    for place, row in enumerate(table.to_dict("records"), start=2):
        number = int(row.get(ROW, place))
        try:
            town, usual, brought = _row(names, tanks, row, number)
        except GeodataError as fault:
            faults.append(fault)
            continue
        if usual:
            tanks.setdefault(town, {}).update(usual)
        deliveries += [(town, *each) for each in brought]
    rows = [{f.NODE_ID: town, **usual} for town, usual in tanks.items()]
    columns = [f.NODE_ID, f.TANK_LITRES, f.USE_LITRES]
    return OwnFuel(pd.DataFrame(rows, columns=columns), tuple(deliveries)), tuple(faults)


def _row(
    names: dict[str, str], tanks: dict[str, dict[str, float]], row: dict[Any, Any], number: int
) -> tuple[str, dict[str, float], list[tuple[dt.date, float]]]:
    """Return the town of a row, its tank and use, and its delivery if it has one."""
    town = names.get(folded(str(row["town"])))
    if town is None:
        raise GeodataError("fuel_days.own_cell", row=number, column="town", cell=row["town"])
    usual = {}
    for column in (f.TANK_LITRES, f.USE_LITRES):
        litres = _litres(row, number, column)
        if litres is None:
            continue
        before = tanks.get(town, {}).get(column, litres)
        if before != litres:
            raise GeodataError(
                "fuel_days.own_twice",
                row=number,
                column=column,
                town=row["town"],
                cell=f"{litres:g}",
                before=f"{before:g}",
            )
        usual[column] = litres
    brought = _litres(row, number, f.DELIVERED_LITRES)
    return town, usual, [] if brought is None else [(_day(row, number), brought)]


def _litres(row: dict[Any, Any], number: int, column: str) -> float | None:
    cell = str(row.get(column, "")).strip()
    if not cell:
        return None
    try:
        value = float(cell)
    except ValueError:
        value = math.nan
    least_is_zero = column == f.DELIVERED_LITRES
    if not (value > 0 or (least_is_zero and value == 0)) or value > LARGEST_LITRES:
        raise GeodataError("fuel_days.own_cell", row=number, column=column, cell=cell)
    return value


def _day(row: dict[Any, Any], number: int) -> dt.date:
    cell = str(row.get(f.DATE, "")).strip()
    try:
        return dt.date.fromisoformat(cell)
    except ValueError:
        raise GeodataError("fuel_days.own_cell", row=number, column=f.DATE, cell=cell) from None
