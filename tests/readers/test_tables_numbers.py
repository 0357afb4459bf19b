import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.readers.tables.numbers import angle, count, number


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("12.6392", 12.6392), ("12,6392", 12.6392), ("-8.0029", -8.0029),
        ("\u22128.0029", -8.0029), ("١٢.٦٣٩٢", 12.6392), ("١٢٫٦", 12.6), ("12.6392\u00a0", 12.6392),
        ("8°00'10\"W", -(8 + 10 / 3600)), ("8°30′N", 8.5), ("W 8,5", -8.5), ("8.5 O", -8.5),
        ("nan", None), ("inf", None), ("1e400", None), ("1_000", None), ("", None), ("x", None),
        ("8°61'N", None), ("N 8 S", None), ("1,2,3", None), ("0x10", None),
    ],
)  # fmt: skip
def test_degrees(cell, value):
    assert angle(cell) == (pytest.approx(value) if value is not None else None)


@pytest.mark.parametrize(
    ("cell", "low", "high", "remark"),
    [
        ("", None, None, None), ("0", 0, 0, None), ("3.0", 3, 3, None),
        ("1\u202f200", 1200, 1200, None), ("1,200", 1200, 1200, None), ("1.200", 1200, 1200, None),
        ("12 ou 13", 12, 13, "range"), ("13-12", 12, 13, "range"),
        ("12 à 15 morts", 12, 15, "range"),
        ("≥5", 5, None, "range"), ("5+", 5, None, "range"), (">5", 6, None, "range"),
        ("au moins 5", 5, None, "range"), ("≤9", None, 9, "range"), ("environ 10", 10, 10, "range"),
        ("-3", None, None, "negative"), ("1000000000", None, None, "too_large"),
        ("2.5", None, None, "fraction"), ("plusieurs", None, None, "no_count"),
        ("≥ 900000", None, None, "too_large"), ("NaN", None, None, "no_count"),
    ],
)  # fmt: skip
def test_counts(cell, low, high, remark):
    assert count(cell) == (low, high, f"numerals.{remark}" if remark else None)


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e9, max_value=1e9))
def test_a_number_reads_back_in_every_dress(value):
    plain = f"{value:.6f}"
    for cell in (plain, plain.replace(".", ","), plain.replace("-", "\u2212"), f" {plain}\u00a0"):
        assert number(cell) == float(plain)


@given(st.text())
def test_any_text_gives_a_finite_number_or_none(cell):
    for value in (number(cell), angle(cell)):
        assert value is None or math.isfinite(value)
    low, high, _ = count(cell)
    assert low is None or low >= 0
    assert low is None or high is None or low <= high
