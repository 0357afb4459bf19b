"""Values of a table as plain JSON values."""

import math
from typing import Any

import numpy as np
import pandas as pd


def plain(value: object) -> Any:
    """Return a value as JSON knows it.

    NumPy's scalars become Python's; what is missing or not finite becomes None; all else stays
    as it is.

    Examples
    --------
    >>> plain(np.int64(3)), plain(float("nan")), plain(pd.NA), plain("a")
    (3, None, None, 'a')
    """
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    return None if isinstance(value, float) and not math.isfinite(value) else value


def plain_cell(value: object) -> bool | int | float | str | None:
    """Return a value as a cell of a document holds it: whatever is not a number as text."""
    value = plain(value)
    return value if value is None or isinstance(value, bool | int | float) else str(value)


def whole_if_whole(value: Any) -> Any:
    """Return a number that is whole without decimals, and anything else as it is.

    Examples
    --------
    >>> whole_if_whole(2.0), whole_if_whole(2.5), whole_if_whole(True), whole_if_whole(None)
    (2, 2.5, True, None)
    """
    return int(value) if isinstance(value, float) and value.is_integer() else value
