"""Scales of charts."""

import datetime as dt
import re
from itertools import pairwise

import pytest

from dashboard.widgets import charts


@pytest.mark.parametrize("days", [20, 90, 397, 1_000, 6_000])
def test_no_name_of_a_month_lies_over_the_next(days: int) -> None:
    first = dt.date(2025, 3, 29)
    shown = [first + dt.timedelta(days=number) for number in range(days)]
    names = [day.strftime("%b %y") for day in shown if day.day == 1 or day == first]
    scale = str(charts.months(shown, names))
    places = [float(at) for at in re.findall(r"left:([\d.]+)%", scale)]
    assert places
    gaps = [later - place for place, later in pairwise(places)]
    assert min(gaps, default=100.0) >= 100 * charts.NAME_ROOM - 0.01
