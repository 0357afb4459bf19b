"""A scenario on a date, and the day after which nothing is known."""

import datetime as dt

import pandas as pd
import pytest

from geodata.analysis.resolution import last_report
from geodata.events.table import no_events


def table(**columns: list[object]) -> pd.DataFrame:
    rows = len(columns["date"])
    return pd.DataFrame({"end_date": [None] * rows, "date_precision": ["day"] * rows, **columns})


def test_reports_end_with_the_latest_event_in_any_order():
    days = [dt.date(2025, 9, 3), dt.date(2026, 2, 1), dt.date(2025, 12, 1)]
    assert last_report(table(date=days)) == dt.date(2026, 2, 1)


def test_an_announced_end_is_no_report():
    one = table(date=[dt.date(2025, 9, 3)], end_date=[dt.date(2027, 1, 1)])
    assert last_report(one) == dt.date(2025, 9, 3)


@pytest.mark.parametrize("precision", ["week", "month", "day"])
def test_the_rest_of_a_week_or_month_is_not_known(precision):
    one = table(date=[dt.date(2026, 2, 16)], date_precision=[precision])
    assert last_report(one) == dt.date(2026, 2, 16)


def test_without_events_there_is_no_last_report():
    assert last_report(no_events()) is None


def test_the_last_report_is_that_of_the_loaded_table(mali):
    assert last_report(mali.events) == mali.events["date"].max()
    earlier = mali.events[mali.events["date"] < dt.date(2026, 1, 1)]
    assert last_report(earlier) < dt.date(2026, 1, 1)
