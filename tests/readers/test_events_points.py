"""Points written in one cell."""

import datetime as dt

import mgrs
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata import schema as f
from geodata.network.geodesy import distance_km
from geodata.network.study_area import study_area
from geodata.readers.events.parser import EventOptions
from geodata.readers.events.points import _spot
from geodata.readers.events.reader import parse_events
from geodata.readers.report import Report

DAY = "2025-09-13"


def read(cells: list[str], column: str = "gps", **options: object) -> tuple[pd.DataFrame, Report]:
    lines = [f"date\t{column}", *(f"{DAY}\t{cell}" for cell in cells)]
    made = EventOptions(today=dt.date(2026, 11, 1), filename="a.csv", **options)  # type: ignore[arg-type]
    return parse_events("\n".join(lines).encode(), made)


@pytest.mark.parametrize(
    "cell",
    ["14.5452 -9.1921 250.0 4.5", "14.5452 -9.1921 0", "POINT (-9.1921 14.5452)",
     "SRID=4326;POINT(-9.1921 14.5452)", "point z (-9.1921 14.5452 250)",
     "14.5452°N, 9.1921°W", "9.1921 W 14.5452 N".replace(" W", "W").replace(" N", "N"),
     "N14.5452 W9.1921"],
)  # fmt: skip
def test_a_cell_whose_form_shows_the_order(cell: str) -> None:
    events, report = read([cell])
    assert (events[f.LAT][0], events[f.LON][0]) == (14.5452, -9.1921), report.to_text("en")


@pytest.mark.parametrize(
    "cell", ["14.5452, -9.1921", "14.5452,-9.1921", "14.5452 -9.1921", "14,5452; -9,1921",
             "14,5452 -9,1921", "(14.5452, -9.1921)", "14.5452 / -9.1921"],
)  # fmt: skip
def test_a_pair_is_read_in_the_order_that_the_column_names(cell: str) -> None:
    for column, place in (("lat_lon", (14.5452, -9.1921)), ("lon_lat", (-9.1921, 14.5452))):
        events, _ = read([cell], column)
        assert (events[f.LAT][0], events[f.LON][0]) == place


def test_a_pair_of_which_both_orders_fit_is_not_guessed() -> None:
    _, report = read(["14.5452, -9.1921"])
    assert report.refused
    assert report.problems[0].key == "events.pair_order"
    assert "gps=lat_lon" in report.problems[0].message()
    events, _ = read(["14.5452, -9.1921"], mapping={"gps": "lat_lon"})
    assert events[f.LAT][0] == 14.5452


def test_the_study_area_or_large_figures_decide_a_column() -> None:
    events, report = read(["14.5452, -9.1921", "13.1, -8.0"], area=study_area())
    assert list(events[f.LAT]) == [14.5452, 13.1]
    assert "events.pair_lat_first" in report.keys
    events, report = read(["-9.1921, 14.5452"], area=study_area())
    assert list(events[f.LAT]) == [14.5452]
    assert "events.pair_lon_first" in report.keys
    events, _ = read(["120.5, 14.5", "13.0, 12.0"])
    assert list(events[f.LON]) == [120.5, 13.0]


@pytest.mark.parametrize(
    "cell", ["somewhere", "POINT (1)", "14.5", "1 2 3 4 5", "99ZZZ11", "POINT (a b)"]
)
def test_what_is_no_point_is_rejected_with_the_remedy(cell: str) -> None:
    _, report = read([cell, "POINT (-9.1921 14.5452)"])
    assert (report.rejected, report.accepted + report.warned) == (1, 1)
    assert {p.key for p in report.problems if p.severity == "error"} == {"events.bad_point"}


def test_two_columns_go_before_one_cell() -> None:
    data = f"date,lat,lon,gps\n{DAY},14.0,-9.0,POINT (-8 13)\n{DAY},,,POINT (-8 13)\n"
    events, _ = parse_events(data.encode(), EventOptions(today=dt.date(2026, 11, 1)))
    assert list(events[f.LAT]) == [14.0, 13.0]


@given(st.floats(-79, 83), st.floats(-179.9, 179.9), st.integers(2, 5))
def test_a_grid_reference_lies_within_its_square(lat: float, lon: float, digits: int) -> None:
    """Against the reference made from a known point by the library's encoder."""
    spot = _spot(mgrs.MGRS().toMGRS(lat, lon, MGRSPrecision=digits))
    assert spot is not None
    side = 10.0 ** (2 - digits)
    assert spot.km == pytest.approx(side * 1.0)
    # Half a diagonal; squares are cut at the edges of zones, where the middle may lie beyond.
    assert distance_km(lat, lon, spot.first, spot.second) <= side * 0.75


@pytest.mark.parametrize(
    ("cell", "precision", "point"),
    [("29P NR 12345 67890", "town", True), ("29PNR1267", "town", True),
     ("29PNR16", "segment", True), ("29PNR", "region", False)],
)  # fmt: skip
def test_a_grid_reference_is_no_finer_than_its_square(
    cell: str, precision: str, point: bool
) -> None:
    events, _ = read([cell], "mgrs")
    assert events[f.LOCATION_PRECISION][0] == precision
    assert pd.notna(events[f.LAT][0]) == point
