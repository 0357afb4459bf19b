"""Tables of known forms: no place, day or count finer than the source gives it."""

import datetime as dt

import pandas as pd
import pytest

from geodata import schema as f
from geodata.network.study_area import study_area
from geodata.readers.events.columns import FIELDS, find_columns, suggest_mapping
from geodata.readers.events.hxl import hxl_rank, suffixes
from geodata.readers.events.parser import EventOptions
from geodata.readers.events.reader import parse_events, read_events
from geodata.readers.events.schemes import FATALITIES, Scheme, form_names, is_counts, scheme_of
from geodata.readers.report import Report

TODAY = dt.date(2026, 11, 1)
GED = (
    "id",
    "type_of_violence",
    "side_a",
    "side_b",
    "where_prec",
    "where_coordinates",
    "adm_1",
    "latitude",
    "longitude",
    "geom_wkt",
    "region",
    "date_prec",
    "date_start",
    "date_end",
    "best",
    "high",
    "low",
    "source_article",
)


def read(lines: list[str], **options: object) -> tuple[pd.DataFrame, Report]:
    data = "\n".join(lines).encode()
    return parse_events(data, EventOptions(today=TODAY, filename="a.csv", **options))  # type: ignore[arg-type]


def ged(**given: str) -> str:
    row = {
        "id": "1",
        "type_of_violence": "1",
        "side_a": "Government",
        "side_b": "Group",
        "where_prec": "1",
        "where_coordinates": "Diéma",
        "adm_1": "Kayes region",
        "latitude": "14.55",
        "longitude": "-9.19",
        "geom_wkt": "POINT (-9.19 14.55)",
        "region": "Africa",
        "date_prec": "1",
        "date_start": "2025-09-13 00:00:00.000",
        "date_end": "2025-09-13 00:00:00.000",
        "best": "3",
        "high": "5",
        "low": "2",
        "source_article": "Agency",
    }
    return ",".join((row | given)[name] for name in GED)


@pytest.mark.parametrize(
    ("code", "precision", "point", "may_close", "region"),
    [
        ("1", "town", True, True, "Kayes"), ("2", "segment", True, True, "Kayes"),
        ("3", "region", False, True, "Kayes"), ("4", "region", False, True, "Kayes"),
        ("5", "region", False, True, "Kayes"), ("6", "region", False, False, ""),
        ("7", "region", False, False, ""), ("9", "region", False, True, "Kayes"),
    ],
)  # fmt: skip
def test_ucdp_places_are_no_finer_than_where_prec(
    code: str, precision: str, point: bool, may_close: bool, region: str
) -> None:
    events, report = read([",".join(GED), ged(where_prec=code)])
    event = events.iloc[0]
    assert event[f.LOCATION_PRECISION] == precision
    assert pd.notna(event[f.LAT]) == point
    assert (event[f.MAY_CLOSE], event[f.REGION]) == (may_close, region)
    assert ("events.unknown_code" in report.keys) == (code == "9")


@pytest.mark.parametrize(
    ("code", "precision", "may_close"),
    [("1", "day", True), ("2", "week", True), ("3", "week", True), ("4", "month", True),
     ("5", "month", False)],
)  # fmt: skip
def test_ucdp_days_are_no_finer_than_date_prec(code: str, precision: str, may_close: bool) -> None:
    event = read([",".join(GED), ged(date_prec=code, date_end="2025-09-20")])[0].iloc[0]
    assert event[f.DATE_PRECISION] == precision
    assert (event[f.DATE], event[f.END_DATE]) == (dt.date(2025, 9, 13), dt.date(2025, 9, 20))
    assert event[f.MAY_CLOSE] == may_close


def test_ucdp_keeps_figures_sides_and_source() -> None:
    events, report = read([",".join(GED), ged(), ged(id="2", type_of_violence="3")])
    assert list(events[f.FATALITIES_LOW]) == [2, 2]
    assert list(events[f.FATALITIES_HIGH]) == [5, 5]
    assert list(events[f.EVENT_TYPE]) == ["armed_clash", "other"]
    assert list(events[f.REPORTED_TYPE]) == [
        "UCDP: State-based conflict",
        "UCDP: One-sided violence",
    ]
    assert events[f.ACTOR][0] == "Government; Group"
    assert events[f.SOURCE_NAME][0] == "UCDP GED (Agency)"
    assert list(events[f.ORIGIN]) == ["UCDP GED"] * 2
    assert "events.ucdp" in report.keys


@pytest.mark.parametrize(
    "header",
    ["WEEK,REGION,COUNTRY,ADMIN1,EVENT_TYPE,SUB_EVENT_TYPE,EVENTS,FATALITIES,ID,"
     "CENTROID_LATITUDE,CENTROID_LONGITUDE",
     "COUNTRY,MONTH,YEAR,EVENTS",
     "reference_period_start,admin1_name,event_type,events,fatalities"],
)  # fmt: skip
def test_counts_are_refused_as_what_they_are_also_when_mapped(header: str) -> None:
    columns = header.split(",")
    assert is_counts(columns)
    row = ",".join("3" for _ in columns)
    mapping = {columns[0]: f.DATE, columns[-1]: f.LON, columns[-2]: f.LAT}
    for chosen in ({}, mapping):
        events, report = read([header, row], mapping=chosen)
        assert report.refused
        assert not len(events)
        assert report.problems[0].key == "events.counts"


def test_events_are_no_counts() -> None:
    assert not is_counts(["date", "year", "event", "lat", "lon"])


INSECURITY = "Date,Event Description,Country,Admin 1,Latitude,Longitude,Geo Precision,SiND Event ID"


@pytest.mark.parametrize(
    ("words", "precision", "told"),
    [("(1) Exact coordinates", "town", False), ("(2) Admin 1", "region", False),
     ("Approximate", "segment", False), ("(4) Somewhere else", "region", True)],
)  # fmt: skip
def test_insecurity_insight_words_of_precision_are_read_or_reported(
    words: str, precision: str, told: bool
) -> None:
    row = f"2025-09-13,A lorry was stopped,Mali,Kayes,14.5,-9.2,{words},77"
    events, report = read([INSECURITY, row])
    event = events.iloc[0]
    assert event[f.LOCATION_PRECISION] == precision
    assert (event[f.SUMMARY], event[f.EVENT_ID]) == ("A lorry was stopped", "77")
    assert ("events.unknown_code" in report.keys) == told


def test_a_code_of_acled_is_read_in_any_table() -> None:
    events, _ = read(["date,lat,lon,geo_precision,time_precision", "2025-09-13,14.5,-9.2,2,3"])
    assert events[f.LOCATION_PRECISION][0] == "segment"
    assert events[f.DATE_PRECISION][0] == "month"


# HXL


def test_hxl_attributes_decide_between_columns() -> None:
    lines = [
        "A,B,C,D,E,F,G,H,I",
        "#date+reported,#date+occurred,#adm1+code,#adm1+name,#affected+killed+f,#affected+killed,"
        "#geo+lat,#geo+lon,#loc+name",
        "2025-09-20,2025-09-13,ML01,Kayes,1,4,14.46,-12.19,Diboli",
        ",2025-09-14,ML01,Kayes,,2,14.45,-11.44,Kayes",
    ]
    events, report = read(lines)
    assert list(events[f.DATE]) == [dt.date(2025, 9, 13), dt.date(2025, 9, 14)]
    assert list(events[f.SOURCE_DATE]) == ["2025-09-20", ""]
    assert list(events[f.REGION]) == ["Kayes", "Kayes"]
    assert list(events[f.FATALITIES_HIGH]) == [4, 2]
    assert report.accepted + report.warned == 2


def test_figures_of_a_part_are_no_total() -> None:
    assert hxl_rank("#affected+killed+f") is None
    assert hxl_rank("#affected+f+killed") is None
    assert hxl_rank("#affected+killed+total")[0] == FATALITIES


def test_reports_date_events_where_nothing_else_does() -> None:
    lines = ["a,b,c", "#date+reported,#geo+lat,#geo+lon", "2025-09-20,14.46,-12.19"]
    assert list(read(lines)[0][f.DATE]) == [dt.date(2025, 9, 20)]


def test_hashtags_may_be_below_two_rows_of_labels() -> None:
    lines = [
        "date,lat,lon,type",
        "When,North,East,What",
        "#date,#geo+lat,#geo+lon,#event",
        "2025-09-13,14.46,-12.19,ambush",
    ]
    events, report = read(lines)
    assert list(events[f.EVENT_TYPE]) == ["ambush"]
    assert not report.rejected


def test_hashtags_may_follow_names() -> None:
    header = ["Jour #date+occurred", "Nord #geo+lat", "Est #geo +lon", "Note"]
    assert suffixes(header) == ("#date+occurred", "#geo+lat", "#geo +lon", "")
    assert suffixes(["No #1", "Lat"]) == ()
    events, _ = read([",".join(header), "2025-09-13,14.46,-12.19,x"])
    assert list(events[f.LAT]) == [14.46]


# KoBo and ODK

FORM = (
    "start;end;incident/date_incident;incident/type_incident;incident/_gps_latitude;"
    "incident/_gps_longitude;incident/_gps_precision;incident/gps;username;deviceid;_uuid;"
    "_submission_time"
)


def test_a_form_is_read_by_its_questions_and_never_by_who_asked() -> None:
    row = (
        "2025-09-14T08:12:11.000+00:00;2025-09-14T08:20:00;2025-09-13;embuscade;13.04;-9.49;"
        "4.9;13.04 -9.49 330 4.9;awa;imei-1;u1;2025-09-14T08:21:00"
    )
    events, report = read([FORM, row])
    event = events.iloc[0]
    assert event[f.DATE] == dt.date(2025, 9, 13)
    assert (event[f.LAT], event[f.LON]) == (13.04, -9.49)
    assert event[f.PRECISION_KM] == pytest.approx(0.0049)
    assert event[f.EVENT_TYPE] == "ambush"
    assert not {"awa", "imei-1"} & {str(cell) for cell in event}
    told = next(p for p in report.problems if p.key == "events.private")
    assert told.params["columns"] == "username, deviceid"


@pytest.mark.parametrize("prefix", ["", "incident/", "incident:", "a/b/", "incident-"])
def test_prefixes_of_groups_are_left_out(prefix: str) -> None:
    assert "date_incident" in form_names(f"{prefix}date_incident")


def test_odk_writes_the_parts_of_a_point_in_capitals() -> None:
    header = [
        "SubmissionDate",
        "incident-date",
        "gps-Latitude",
        "gps-Longitude",
        "gps-Accuracy",
        "meta-instanceID",
        "SubmitterName",
    ]
    columns = find_columns(header)
    assert columns.scheme is Scheme.FORM
    assert (columns.places[f.DATE], columns.places[f.LAT], columns.places[f.LON]) == (1, 2, 3)
    assert columns.private == ("SubmitterName",)


def test_a_form_s_columns_are_suggested() -> None:
    found = suggest_mapping(FORM.split(";"))
    assert found["incident/date_incident"] == f.DATE
    assert found["incident/_gps_latitude"] == f.LAT
    assert "username" not in found


def test_shipped_schema_is_no_form() -> None:
    assert scheme_of(FIELDS) is Scheme.PLAIN


def test_it_runs_in_the_bounded_process() -> None:
    data = "\n".join([",".join(GED), ged(), "date,gps", "2025-09-13,29PQS"]).encode()
    _, report = read_events(data, "a.csv", today=TODAY, area=study_area())
    assert report.accepted + report.warned == 1
    grid = b"date,mgrs,type\n2025-09-13,29PQS1234567890,ambush\n"
    events, report = read_events(grid, "a.csv", today=TODAY)
    assert not report.refused
    assert len(events) == 1
