import datetime as dt

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from geodata.errors import GeodataError
from geodata.readers.tables.dates import Form, read_dates

DAYS = st.dates(dt.date(2000, 1, 1), dt.date(2099, 12, 31))
SEPTEMBER = dt.date(2025, 9, 13)


@pytest.mark.parametrize(
    ("cell", "remarks"),
    [
        ("2025-09-13", ()), ("2025/9/13", ()), ("20250913", ()), ("2025-09-13 00:00:00", ()),
        ("2025-09-13T23:30:00Z", ()), ("2025-09-13T02:30:00+02:00", ()), ("13/09/2025", ()),
        ("13.9.2025", ()), ("13 September 2025", ()), ("13-Sep-2025", ()), ("Sep 13, 2025", ()),
        ("Saturday, 13 September 2025", ()), ("45913", ()), ("45913.75", ()),
        ("13 septembre 2025", ("dates.french",)), ("samedi 13 sept. 2025", ()),
        ("13/09/25", ("dates.two_digit_year",)), ("١٣/٠٩/٢٠٢٥", ()),
    ],
)  # fmt: skip
def test_every_form_of_one_day(cell, remarks):
    read = read_dates([cell])
    assert read.values == (SEPTEMBER,)
    assert read.remarks == (remarks,)


@pytest.mark.parametrize(
    ("cell", "remark"),
    [
        ("", "missing"), ("soon", "unknown_form"), ("2025-02-30", "impossible"),
        ("31/31/2025", "impossible"), ("12345", "unknown_form"), ("1757721600", "unknown_form"),
        ("13 Brumaire 2025", "unknown_form"), ("0001-01-01", "impossible"),
    ],
)  # fmt: skip
def test_what_is_no_date_is_reported(cell, remark):
    read = read_dates([cell])
    assert read.values == (None,)
    assert read.remarks == ((f"dates.{remark}",),)


def test_french_short_months_and_ordinals():
    cells = ["1er oct. 2025", "2 févr. 2025", "3 août 2025", "4 déc. 2025", "5 juil. 2025"]
    months = [day.month for day in read_dates(cells).values]
    assert months == [10, 2, 8, 12, 7]


def test_a_month_alone_is_known_to_the_month():
    read = read_dates(["2025-09", "septembre 2025"])
    assert read.values == (dt.date(2025, 9, 1),) * 2
    assert all("dates.month_only" in remarks for remarks in read.remarks)


def test_serial_numbers_follow_the_workbook_s_epoch():
    assert read_dates(["45915"]).values == (dt.date(2025, 9, 15),)
    assert read_dates(["44453"], epoch_1904=True).values == (dt.date(2025, 9, 15),)


def test_the_odd_one_out_is_reported():
    read = read_dates(["2025-09-13", "2025-09-14", "45915", "16/09/2025"])
    assert read.form is Form.ISO
    assert [bool(remarks) for remarks in read.remarks] == [False, False, True, True]


@given(st.lists(DAYS, min_size=1, max_size=20), st.sampled_from(["dmy", "mdy"]), st.randoms())
def test_one_order_for_the_column_whatever_the_order_of_its_rows(days, order, random):
    """With one day after the 12th the order is known; shuffling changes no date."""
    days = [*days, dt.date(2025, 9, 13)]
    form = "%d/%m/%Y" if order == "dmy" else "%m/%d/%Y"
    random.shuffle(days)
    read = read_dates([day.strftime(form) for day in days])
    assert read.order == order
    assert read.values == tuple(days)


@given(st.lists(DAYS.filter(lambda day: day.day <= 12), min_size=1, max_size=10))
def test_an_order_left_open_is_asked_not_guessed(days):
    assume(any(day.day != day.month for day in days))
    cells = [day.strftime("%d/%m/%Y") for day in days]
    with pytest.raises(GeodataError) as caught:
        read_dates(cells)
    assert caught.value.key == "dates.order_unknown"
    assert read_dates(cells, order="dmy").values == tuple(days)
    swapped = [day.replace(month=day.day, day=day.month) for day in days]
    assert read_dates(cells, order="mdy").values == tuple(swapped)


def test_both_readings_alike_need_no_question():
    assert read_dates(["05/05/2025"]).values == (dt.date(2025, 5, 5),)


def test_contradictory_dates_are_refused_and_named_until_the_user_says():
    cells = ["13/09/2025", "09/14/2025", "05/09/2025"]
    with pytest.raises(GeodataError, match=r"13/09/2025 in row 2 .* 09/14/2025 in row 3"):
        read_dates(cells)
    assert read_dates(cells, order="dmy").values == (SEPTEMBER, None, dt.date(2025, 9, 5))


@given(st.lists(st.text(max_size=30), max_size=10))
def test_any_column_gives_dates_or_a_question(cells):
    try:
        read = read_dates(cells)
    except GeodataError:
        read = read_dates(cells, order="dmy")  # with the order given, there is nothing left to ask
    assert len(read.values) == len(cells)
    for value, remarks in zip(read.values, read.remarks, strict=True):
        assert value is not None or remarks


@pytest.mark.parametrize(
    ("cell", "first", "last"),
    [
        ("14-16/09/2025", 14, 16), ("14 - 16/09/2025", 14, 16), ("14/16/09/2025", 14, 16),
        ("14 au 16 septembre 2025", 14, 16), ("du 14 au 16 septembre 2025", 14, 16),
        ("14–16 September 2025", 14, 16), ("14 to 16 Sept. 2025", 14, 16),
        ("September 14-16, 2025", 14, 16), ("14 et 15 septembre 2025", 14, 15),
        ("2025-09-14/2025-09-16", 14, 16), ("2025-09-14 to 2025-09-16", 14, 16),
        ("du 14/09/2025 au 16/09/2025", 14, 16), ("14 Sept - 16 Sept 2025", 14, 16),
    ],
)  # fmt: skip
def test_two_days_are_the_first_and_the_last(cell, first, last):
    read = read_dates([cell])
    assert read.values == (dt.date(2025, 9, first),)
    assert read.ends == (dt.date(2025, 9, last),)


def test_the_last_day_of_a_range_is_read_in_the_order_of_its_column():
    cells = ["05/09/2025 - 07/09/2025", "13/09/2025"]
    assert read_dates(cells).ends == (dt.date(2025, 9, 7), None)
    with pytest.raises(GeodataError):
        read_dates(cells[:1])


@pytest.mark.parametrize(
    "cell", ["16-14/09/2025", "14-31/09/2025", "16 au 14 septembre 2025", "30-31 février 2025"]
)
def test_two_days_that_cannot_be_are_reported(cell):
    assert read_dates([cell]).values == (None,)


@pytest.mark.parametrize(
    "cell", ["mid-September 2025", "mi-septembre 2025", "early September 2025",
             "fin septembre 2025", "début septembre 2025"],
)  # fmt: skip
def test_a_part_of_a_month_is_the_month(cell):
    read = read_dates([cell])
    assert read.values == (dt.date(2025, 9, 1),)
    assert "dates.month_only" in read.remarks[0]


def test_a_week_is_known_to_the_week():
    read = read_dates(["semaine du 15 septembre 2025", "week of 2025-09-15"])
    assert read.values == (dt.date(2025, 9, 15),) * 2
    assert all("dates.week_only" in remarks for remarks in read.remarks)


@pytest.mark.parametrize(
    "cell",
    ["2025-09-13 00:00:00+00", "2025-09-13 10:00:00.123+00", "9/13/2025 2:30:00 PM",
     "9/13/2025 12:00:00 AM", "13/09/2025 14h30", "13/09/2025 14h", "13 septembre 2025 à 14h30",
     "2025-09-13T00:00:00-05:00"],
)  # fmt: skip
def test_a_stamp_names_a_plain_day(cell):
    assert read_dates([cell]).values == (SEPTEMBER,)


@pytest.mark.parametrize("cell", ["2025-09-13 25:00", "13/09/2025 13:00 PM", "2025-09-13 10:99"])
def test_a_time_that_no_clock_shows_is_reported(cell):
    assert read_dates([cell]).remarks == (("dates.unknown_form",),)


@given(DAYS, st.integers(1, 1439), st.integers(-12, 14), st.integers(-11, 13))
def test_a_stamp_of_another_zone_falls_on_the_country_s_day(day, minute, zone, country):
    """Against the standard library's own change of zones."""
    stamp = dt.datetime.combine(
        day, dt.time(minute // 60, minute % 60), dt.timezone(dt.timedelta(hours=zone))
    )
    here = stamp.astimezone(dt.timezone(dt.timedelta(hours=country))).date()
    read = read_dates([stamp.isoformat()], zone_hours=country)
    assert read.values == (here,)
    assert ("dates.other_day" in read.remarks[0]) == (here != day)
