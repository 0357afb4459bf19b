"""How much memory an object takes, with all that it refers to: an estimate that is quick to make.

Tables and arrays know their size. Of a long list or mapping a sample is weighed, so that the
estimate takes milliseconds whatever a visitor opened.
"""

import sys
from collections.abc import Iterable, Mapping
from itertools import islice
from types import FunctionType, ModuleType
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import shapely
from numpy.typing import NDArray

SAMPLE: Final = 500
"""Members of a long list, mapping or set that are weighed for all of it."""

GEOMETRY_BYTES: Final = 250
"""A shapely geometry beside its coordinates: the Python object and GEOS's own."""

_LIGHT: Final = (bool, int, float, complex, type(None), type, ModuleType, FunctionType)


def footprint(value: object, *, apart_from: Iterable[object] = ()) -> int:
    """Return the bytes that ``value`` and everything it refers to take.

    Parameters
    ----------
    value : object
    apart_from : iterable of object
        What is held elsewhere and not counted here, such as data that all sessions share.
    """
    counted = {id(each) for each in apart_from}
    return int(_weighed(value, counted))


def _weighed(value: Any, seen: set[int]) -> float:
    if isinstance(value, _LIGHT) or id(value) in seen:
        return 0
    seen.add(id(value))
    if isinstance(value, str | bytes | bytearray):
        return sys.getsizeof(value)
    if isinstance(value, shapely.Geometry):
        return GEOMETRY_BYTES + 16 * int(shapely.get_num_coordinates(value))
    if isinstance(value, np.ndarray):
        return _array(value, seen)
    if isinstance(value, pd.DataFrame | pd.Series | pd.Index):
        return _table(value, seen)
    if isinstance(value, pa.Table | pa.RecordBatch | pa.Array | pa.ChunkedArray):
        return int(value.nbytes)
    if isinstance(value, Mapping) and hasattr(value, "items"):
        return sys.getsizeof(value) + _members(
            (part for pair in value.items() for part in pair), 2 * len(value), seen
        )
    if isinstance(value, list | tuple | set | frozenset):
        return sys.getsizeof(value) + _members(value, len(value), seen)
    inside = [getattr(value, name, None) for name in getattr(type(value), "__slots__", ())]
    inside.extend(getattr(value, "__dict__", {}).values())
    return sys.getsizeof(value) + sum(_weighed(part, seen) for part in inside)


def _members(members: Iterable[object], count: int, seen: set[int]) -> float:
    """Return what the members of a collection take, by an evenly spread sample of them."""
    step = max(1, count // SAMPLE)
    weighed = [_weighed(member, seen) for member in islice(members, 0, None, step)]
    return sum(weighed) * (count / len(weighed)) if weighed else 0


def _array(array: NDArray[Any], seen: set[int]) -> float:
    if array.dtype != object:
        return array.nbytes
    flat = array.ravel()
    kinds = shapely.is_geometry(flat)
    lines = GEOMETRY_BYTES * int(kinds.sum()) + 16 * int(
        shapely.get_num_coordinates(flat[kinds]).sum()
    )
    others = flat[~kinds]
    return array.nbytes + lines + _members(others, len(others), seen)


def _table(table: Any, seen: set[int]) -> float:
    """Return the size of each column; columns that several tables share are counted once."""
    if isinstance(table, pd.DataFrame):
        columns = [table.iloc[:, place].array for place in range(table.shape[1])]
        return sum(_column(column, seen) for column in [*columns, table.index.array])
    return _column(table.array, seen)


def _column(values: Any, seen: set[int]) -> float:
    data = getattr(values, "_ndarray", getattr(values, "_pa_array", getattr(values, "_data", None)))
    if isinstance(data, np.ndarray):
        base = data if data.base is None else data.base
        return _weighed(base if isinstance(base, np.ndarray) else data, seen)
    if data is not None:
        return _weighed(data, seen)
    return int(getattr(values, "nbytes", 0))
