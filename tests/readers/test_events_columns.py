import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata import schema as f
from geodata.errors import GeodataError
from geodata.readers.events.columns import FIELDS, find_columns, suggest_mapping
from geodata.readers.events.hxl import hxl_rank, is_hxl
from geodata.readers.events.schemes import FATALITIES, Scheme, scheme_of
from tests.support.hostile_cases import HEADER


def test_acled_s_columns_are_known_as_such():
    columns = find_columns(HEADER)
    assert columns.scheme is Scheme.ACLED
    assert columns.places[f.EVENT_ID] == 0
    assert columns.places[f.LAT] == 5
    assert columns.places[FATALITIES] == 8
    assert scheme_of(["date", "event_type", "lat", "lon"]) is Scheme.PLAIN


def test_acled_s_full_export_takes_the_region_from_admin1():
    header = [
        "event_id_cnty",
        "event_date",
        "year",
        "time_precision",
        "disorder_type",
        "event_type",
        "sub_event_type",
        "actor1",
        "assoc_actor_1",
        "inter1",
        "actor2",
        "assoc_actor_2",
        "inter2",
        "interaction",
        "civilian_targeting",
        "iso",
        "region",
        "country",
        "admin1",
        "admin2",
        "admin3",
        "location",
        "latitude",
        "longitude",
        "geo_precision",
        "source",
        "source_scale",
        "notes",
        "fatalities",
        "tags",
        "timestamp",
        "corridor",
    ]
    for names in (header, [name.upper() for name in header]):
        columns = find_columns(names)
        assert columns.scheme is Scheme.ACLED
        assert columns.doubled == ()
        told = {field: header[place] for field, place in columns.places.items()}
        assert told[f.REGION] == "admin1"
        assert told[f.CORRIDOR] == "corridor"
        assert told[f.SUMMARY] == "notes"
        assert "timestamp" in [name.lower() for name in columns.unread]


def test_our_own_columns_mean_themselves():
    columns = find_columns(FIELDS)
    assert {field: place for place, field in enumerate(FIELDS)} == dict(columns.places)


def test_french_and_misspelt_names_are_suggested():
    suggested = suggest_mapping(["Date de l'événement", "Lattitude", "LONGITUDE", "Lieu", "xyz"])
    assert suggested == {
        "Date de l'événement": f.DATE,
        "Lattitude": f.LAT,
        "LONGITUDE": f.LON,
        "Lieu": f.PLACE,
    }


@given(st.lists(st.one_of(st.text(max_size=12), st.sampled_from(FIELDS)), max_size=12))
def test_no_field_is_suggested_twice(columns):
    suggested = suggest_mapping(columns)
    assert set(suggested) <= set(columns)
    assert len(set(suggested.values())) == len(suggested)


def test_the_user_s_mapping_comes_first():
    columns = find_columns(
        ["date", "Jour", "lat", "lon"], mapping={"jour": f.DATE, "date": f.SOURCE_DATE}
    )
    assert columns.places[f.DATE] == 1
    assert columns.places[f.SOURCE_DATE] == 0
    assert f.LAT not in find_columns(["lat"], mapping={"lat": ""}).places


@pytest.mark.parametrize(
    ("mapping", "key"),
    [({"nowhere": f.DATE}, "events.mapping_column"), ({"a": "when"}, "events.mapping_field")],
)
def test_a_mapping_to_nothing_is_reported(mapping, key):
    with pytest.raises(GeodataError) as caught:
        find_columns(["a", "b"], mapping=mapping)
    assert caught.value.key == key


def test_a_field_in_two_columns_takes_the_first_and_reports_the_other():
    columns = find_columns(["date", "lat", "latitude", "lon"])
    assert columns.places[f.LAT] == 1
    assert columns.doubled == ("latitude",)


@pytest.mark.parametrize(
    ("tag", "field"),
    [
        ("#date", f.DATE), ("#date+start", f.DATE), ("#date+end", f.END_DATE),
        ("#geo+lat", f.LAT), ("#GEO +lon", f.LON), ("#event+type", f.EVENT_TYPE),
        ("#affected+killed", FATALITIES), ("#loc+name", f.PLACE), ("#sector", None),
        ("#geo+coord", None),
    ],
)  # fmt: skip
def test_hxl_hashtags(tag, field):
    assert (hxl_rank(tag) or (None,))[0] == field


def test_a_row_of_hashtags_is_distinguished_from_one_of_events():
    assert is_hxl(["#date", "", "#geo+lat"])
    assert not is_hxl(["#1", "Gao"])
    assert not is_hxl(["#date", ""])
