import base64
import datetime as dt

import pytest

from geodata.errors import GeodataError
from geodata.readers.services import hapi
from geodata.readers.services.hapi import COLUMNS, app_identifier, conflict_counts
from geodata.readers.services.hapi_file import is_hapi, read_counts
from tests.support.services import NOWHERE, service

PERIOD = {"start": dt.date(2025, 9, 1), "end": dt.date(2025, 10, 31)}
EMAIL = "someone@example.org"


def row(month, name, kind="political_violence", events=3, fatalities=1):
    return {
        "resource_hdx_id": "made-up",
        "location_ref": 1,
        "location_code": "MLI",
        "location_name": "Mali",
        "admin1_code": "ML05",
        "admin1_name": "Mopti",
        "admin2_code": f"ML05{name[:2]}",
        "admin2_name": name,
        "admin_level": 2,
        "event_type": kind,
        "events": events,
        "fatalities": fatalities,
        "reference_period_start": f"{month}-01T00:00:00",
        "reference_period_end": f"{month}-28T00:00:00",
    }


ROWS = [
    row("2025-10", "Douentza", fatalities=None),
    row("2025-09", "Mopti"),
    row("2025-09", "Bandiagara", "demonstration", 0, 0),
]


def paged(rows):
    def reply(method, path, fields, token):
        assert path == hapi.ENDPOINT
        first = int(fields["offset"])
        return 200, {"data": rows[first : first + int(fields["limit"])]}

    return reply


def test_rows_become_counts_by_month_and_district():
    with service(paged(ROWS)) as (url, asked):
        counts = conflict_counts(EMAIL, base_url=url, **PERIOD)
    table = counts.table
    assert tuple(table.columns) == COLUMNS
    assert table["admin2"].tolist() == ["Bandiagara", "Mopti", "Douentza"]
    assert table["month"][2] == dt.date(2025, 10, 1)
    assert table["events"].sum() == 6
    assert table["fatalities"].isna().tolist() == [False, False, True]
    question = asked[0][2]
    assert (question["location_code"], question["start_date"]) == ("MLI", "2025-09-01")
    assert base64.b64decode(question["app_identifier"]).decode() == f"supply-routes:{EMAIL}"
    assert "monthly counts" in counts.attribution("en")


def test_every_page_is_read(monkeypatch):
    monkeypatch.setattr(hapi, "PAGE_ROWS", 2)
    with service(paged(ROWS)) as (url, asked):
        assert len(conflict_counts(EMAIL, base_url=url, **PERIOD).table) == 3
    assert [fields["offset"] for _, _, fields, _ in asked] == ["0", "2"]


def test_kept_answers_serve_offline(tmp_path):
    with service(paged(ROWS)) as (url, asked):
        first = conflict_counts(EMAIL, base_url=url, cache=tmp_path, **PERIOD)
        again = conflict_counts(EMAIL, base_url=NOWHERE, cache=tmp_path, **PERIOD)
    assert len(asked) == 1
    assert again.table.equals(first.table)


@pytest.mark.parametrize(
    "rows",
    [[{}], [row("soon", "x")], [row("2025-09", "x", events="many")],
     [row("2025-09", "x", events=-1)], ["x"]],
)  # fmt: skip
def test_an_answer_in_another_form_is_refused_and_not_kept(rows, tmp_path):
    with (
        service(lambda *_: (200, {"data": rows})) as (url, _),
        pytest.raises(GeodataError) as caught,
    ):
        conflict_counts(EMAIL, base_url=url, cache=tmp_path, **PERIOD)
    assert caught.value.key == "connect.unreadable"
    assert list(tmp_path.iterdir()) == []


def test_too_many_rows_are_refused(monkeypatch):
    monkeypatch.setattr(hapi, "MOST_ROWS", 2)
    with service(paged(ROWS)) as (url, _), pytest.raises(GeodataError) as caught:
        conflict_counts(EMAIL, base_url=url, **PERIOD)
    assert caught.value.key == "connect.too_large"


def test_offline_it_explains_itself():
    with pytest.raises(GeodataError, match="HDX HAPI cannot be reached"):
        conflict_counts(EMAIL, base_url=NOWHERE, **PERIOD)


def test_no_events_are_no_rows():
    with service(paged([])) as (url, _):
        assert conflict_counts(EMAIL, base_url=url, **PERIOD).table.empty


@pytest.mark.parametrize("email", ["", "someone", "a b@c.org", "a:b@c.org"])
def test_the_contact_must_be_an_address(email):
    with pytest.raises(GeodataError) as caught:
        app_identifier(email)
    assert caught.value.key == "connect.email"


HEADER = (
    "location_code,has_hrp,in_gho,provider_admin1_name,provider_admin2_name,admin1_code,"
    "admin1_name,admin2_code,admin2_name,admin_level,event_type,events,fatalities,"
    "reference_period_start,reference_period_end,dataset_hdx_id,resource_hdx_id,warning,error"
)
HASHTAGS = (
    "#country+code,#meta+has_hrp,#meta+in_gho,#adm1+name+provider,#adm2+name+provider,#adm1+code,"
    "#adm1+name,#adm2+code,#adm2+name,#meta+admin_level,#event+type,#event+num,"
    "#affected+killed,#date+start,#date+end,#meta+dataset,#meta+resource,#meta+warning,#meta+error"
)
FILE_ROWS = [
    "MLI,True,True,Mopti,Douentza,ML05,Mopti,ML0504,Douentza,2,political_violence,12,,"
    "2025-10-01,2025-10-31,made-up,made-up,,",
    "MLI,True,True,Mopti,Mopti,ML05,Mopti,ML0505,Mopti,2,demonstration,3,1.0,"
    "2025-09-01,2025-09-30,made-up,made-up,,",
    "MLI,True,True,Kidal,Tessalit,,,,,2,political_violence,2,0,"
    "2025-09-01,2025-09-30,made-up,made-up,,",
    "BFA,True,True,Sahel,Soum,BF56,Sahel,BF5603,Soum,2,political_violence,40,7,"
    "2025-09-01,2025-09-30,made-up,made-up,,",
    "MLI,True,True,Mopti,Mopti,ML05,Mopti,ML0505,Mopti,2,demonstration,3,1,"
    "2025-09-01,2025-09-30,made-up,made-up,,Duplicate row!",
    "MLI,True,True,Mopti,Mopti,ML05,Mopti,ML0505,Mopti,2,demonstration,,1,"
    "2025-09-01,2025-09-30,made-up,made-up,,",
]


def published(*rows: str) -> bytes:
    """A file as the Humanitarian Data Exchange publishes it."""
    return "\r\n".join(["\ufeff" + HEADER, HASHTAGS, *(rows or FILE_ROWS), ""]).encode()


def test_a_published_file_gives_the_counts_of_one_country():
    assert is_hapi(HEADER.split(","))
    counts = read_counts(published(), country="MLI")
    table = counts.table
    assert tuple(table.columns) == COLUMNS
    assert table["admin2"].tolist() == ["Tessalit", "Mopti", "Douentza"]
    assert table["events"].tolist() == [2, 3, 12]
    assert table["fatalities"].isna().tolist() == [False, False, True]
    assert table["month"][2] == dt.date(2025, 10, 1)
    assert (counts.rejected, counts.examples, counts.elsewhere) == (2, (7, 8), 1)
    assert len(read_counts(published()).table) == 4


def test_a_file_about_other_countries_alone_has_no_counts():
    counts = read_counts(published(FILE_ROWS[3]), country="MLI")
    assert counts.table.empty
    assert counts.elsewhere == 1


def test_a_file_with_other_columns_is_refused():
    assert not is_hapi(["event_date", "event_type", "events"])
    with pytest.raises(GeodataError) as caught:
        read_counts(b"month,events\n2025-09,3\n")
    assert caught.value.key == "events.counts"
