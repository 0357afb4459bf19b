"""Values of tables as JSON and documents take them."""

import datetime as dt
import json
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.values import plain, plain_cell, whole_if_whole

NUMBERS = st.floats() | st.integers(-(2**53), 2**53) | st.booleans()


@given(NUMBERS)
def test_numpy_and_python_numbers_give_the_same_plain_value(number: float) -> None:
    given_by_numpy, given_by_python = plain(np.asarray(number)[()]), plain(number)
    assert type(given_by_numpy) is type(given_by_python)
    assert given_by_numpy == given_by_python


@given(NUMBERS)
def test_a_plain_value_survives_strict_json(number: float) -> None:
    assert json.loads(json.dumps(plain(np.asarray(number)[()]), allow_nan=False)) == plain(number)


@pytest.mark.parametrize("missing", [None, pd.NA, pd.NaT, math.nan, math.inf, np.float32("nan")])
def test_what_is_missing_or_infinite_becomes_none(missing: object) -> None:
    assert plain(missing) is None
    assert plain_cell(missing) is None


def test_a_cell_holds_a_number_or_text() -> None:
    assert plain_cell(np.bool_(True)) is True
    assert plain_cell(dt.date(2025, 11, 5)) == "2025-11-05"
    assert plain_cell(("a", "b")) == "('a', 'b')"


@given(NUMBERS)
def test_dropping_decimals_keeps_the_value(number: float) -> None:
    assert whole_if_whole(number) == number or math.isnan(number)
