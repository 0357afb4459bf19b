import csv
import datetime as dt
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import box

from geodata import schema as f
from geodata.events.table import SHIPPED, shipped_events
from geodata.network.geodesy import distance_km
from geodata.readers.events.acled_codes import acled_type, known_word, precision_code
from geodata.readers.events.parser import EventOptions
from geodata.readers.events.reader import parse_events
from geodata.readers.limits import Limits
from tests.support.hostile_cases import HEADER, base, table, workbook

TODAY = dt.date(2026, 4, 30)
AREA = box(-12, 10, 4, 25)
HEAD = "id,date,event_type,place,lat,lon"


def opened(text, **options):
    data = text if isinstance(text, bytes) else text.encode()
    given = {"today": TODAY, "filename": "made up.csv", "area": AREA, **options}
    return parse_events(data, EventOptions(**given))


def keys(report):
    return [problem.key for problem in report.problems if problem.row is not None]


def test_a_plain_table_of_one_s_own():
    events, report = opened(f"{HEAD},source\nA,2025-09-13,Embuscade,Gao,16.27,-0.04,RFI\n")
    assert report.exit_code == 0
    event = events.iloc[0]
    assert (event[f.EVENT_TYPE], event[f.REPORTED_TYPE]) == ("ambush", "Embuscade")
    assert (event[f.EFFECT], event[f.CONFIDENCE], event[f.APPLIES_TO]) == (
        "none stated",
        "medium",
        "all",
    )
    assert event[f.ORIGIN] == "made up.csv"
    assert any("our default" in problem.message() for problem in report.problems)


def test_the_shipped_table_opens_as_a_file_and_says_the_same():
    events, report = opened(
        SHIPPED.read_bytes(), filename="events.csv", area=None, today=dt.date(2026, 11, 22)
    )
    shipped = shipped_events()
    assert report.rejected == 0
    columns = [c for c in shipped.columns if c not in {f.PLACE_BASIS, f.REPORTED_TYPE}]
    assert events[columns].equals(shipped[columns])


def test_hxl_rows_give_the_columns():
    text = "Quand,Où,Y,X\n#date+start,#loc+name,#geo+lat,#geo+lon\n2025-09-13,Gao,16.27,-0.04\n"
    events, report = opened(text)
    assert (len(events), events[f.PLACE][0]) == (1, "Gao")
    assert report.read == 1
    assert report.problems[0].key in {"events.hxl", "events.no_type"}
    only_tags, _ = opened("#date,#geo+lat,#geo+lon\n2025-09-13,16.27,-0.04\n")
    assert len(only_tags) == 1


def test_columns_without_a_known_name_are_mapped():
    text = "wann;wo_y;wo_x\n2025-09-13;16,27;-0,04\n"
    _, report = opened(text)
    assert report.refused
    assert "--mapping" in report.problems[0].message()
    events, report = opened(text, mapping={"wann": f.DATE, "wo_y": f.LAT, "wo_x": f.LON})
    assert (events[f.LAT][0], events[f.LON][0]) == (16.27, -0.04)


def test_acled_rows_in_both_date_forms_of_its_portal_and_as_a_workbook():
    rows = base()
    plain, _ = opened(table(rows))
    for row in rows:
        day = dt.date.fromisoformat(row["event_date"])
        row["event_date"] = f"{day.day} {day:%B %Y}"
    words, report = opened(table(rows))
    book, book_report = opened(workbook([HEADER, *(row.values() for row in rows)]))
    assert report.exit_code == book_report.exit_code == 0
    assert report.warned == 0
    assert plain.equals(words)
    assert plain.equals(book)
    assert plain[f.EVENT_TYPE][0] == "armed_clash"
    assert plain[f.REPORTED_TYPE][0] == "Battles / Armed clash"
    assert plain[f.SOURCE_NAME][0] == "ACLED (Made up)"
    assert set(plain[f.ORIGIN]) == {"ACLED"}


@pytest.mark.parametrize(
    ("code", "location", "day"),
    [("1", "town", "day"), ("2", "segment", "week"), ("3", "region", "month"), ("9", None, None)],
)
def test_acled_s_precision_codes(code, location, day):
    assert precision_code("geo_precision", code) == location
    assert precision_code("time_precision", code) == day


def test_acled_rows_known_to_their_region_keep_no_point():
    rows = base()
    rows[0]["geo_precision"] = "3"
    rows[1]["geo_precision"] = "7"
    events, report = opened(table(rows))
    assert events[f.LAT].isna().tolist() == [True, True] + [False] * 10
    assert keys(report) == ["events.unknown_code"]


@pytest.mark.parametrize(
    ("main", "sub", "note", "found"),
    [
        ("Battles", "Armed clash", "Both sides fought.", "armed_clash"),
        ("Battles", "Armed clash", "JNIM ambushed a convoy.", "ambush"),
        ("Violence against civilians", "Attack", "x", "other"),
        ("Violence against civilians", "Attack", "an ambush on lorries", "ambush"),
        ("Violence against civilians", "Abduction/forced disappearance", "x", "abduction"),
        ("Explosions/Remote violence", "Remote explosive/landmine/IED", "x", "explosion"),
        ("Strategic developments", "Looting/property destruction",
         "They burned three fuel tankers.", "vehicle_burning"),
        ("Strategic developments", "Looting/property destruction", "They took cattle.", "other"),
        ("Strategic developments", "Agreement", "The blockade is lifted.", "other"),
        ("Protests", "Peaceful protest", "against an ambush", "other"),
        ("Gossip", "Rumour", "ambush", None),
    ],
)  # fmt: skip
def test_acled_s_types(main, sub, note, found):
    assert acled_type(main, sub, note) == found


def test_no_word_for_a_convoy_alone_means_that_one_arrived():
    assert known_word(f.EVENT_TYPE, "convoi") is None
    assert known_word(f.EVENT_TYPE, "Arrivée de convoi") == "convoy_arrival"


def test_unknown_words_become_the_most_cautious_value_and_are_reported():
    head = f"{HEAD},effect_on_passage,confidence,location_precision,applies_to,date_precision"
    events, report = opened(f"{head}\nA,2025-09-13,gossip,Gao,16.27,-0.04,hm,hm,hm,hm,hm\n")
    event = events.iloc[0]
    assert event[[f.EVENT_TYPE, f.EFFECT, f.CONFIDENCE, f.LOCATION_PRECISION]].tolist() == [
        "other",
        "none stated",
        "low",
        "region",
    ]
    assert sorted(keys(report)) == ["events.unknown_type"] + ["events.unknown_word"] * 5


@pytest.mark.parametrize(("age", "used"), [(0, 0), (6, 0), (7, 1), (400, 1), (-1, 1)])
def test_the_last_seven_days_are_rejected_unless_allowed(age, used):
    day = TODAY - dt.timedelta(days=age)
    text = f"{HEAD}\nA,{day},ambush,Gao,16.27,-0.04\n"
    events, _ = opened(text)
    assert len(events) == used
    assert len(opened(text, include_recent=True)[0]) == 1
    if used:
        assert bool(events[f.MAY_CLOSE][0]) == (age >= 0)


def test_same_ids_and_near_events_are_reported_and_never_merged():
    text = (
        f"{HEAD}\nA,2025-09-13,ambush,Gao,16.27,-0.04\nA,2025-10-13,ambush,Kidal,18.44,1.4\n"
        "B,2025-09-13,ambush,Gao,16.29,-0.04\nC,2025-09-13,blockade,Gao,16.27,-0.04\n"
        "D,2025-09-13,ambush,Gao,16.35,-0.04\n"
    )
    events, report = opened(text)
    assert len(events) == 5
    assert events[f.EVENT_ID].is_unique
    assert [(p.row, p.key) for p in report.problems if p.row] == [
        (3, "events.same_id"),
        (4, "events.near"),
    ]


@given(
    st.lists(st.tuples(st.floats(11, 20), st.floats(-10, 3)), max_size=12, unique=True),
    st.floats(11, 20),
    st.floats(-10, 3),
)
@settings(max_examples=40, deadline=None)
def test_nearness_is_what_the_distance_says(points, lat, lon):
    """Brute force over all pairs is the oracle for the squares."""
    points = [(round(a, 4), round(b, 4)) for a, b in points]
    points += [(lat, lon), (lat + 0.03, lon), (lat, lon + 0.045)]
    lines = [f"E{n},2025-09-13,ambush,x,{a},{b}" for n, (a, b) in enumerate(points)]
    _, report = opened("\n".join([HEAD, *lines]))
    told = {problem.row for problem in report.problems if problem.key == "events.near"}
    near = {
        n + 2
        for n, point in enumerate(points)
        if any(distance_km(*point, *other) <= 5 for other in points[:n])
    }
    assert told == near


def test_swapped_rows_are_exchanged_only_on_request():
    text = f"{HEAD}\nA,2025-09-13,ambush,Gao,-0.04,16.27\n"
    events, report = opened(text)
    assert (len(events), keys(report)) == (0, ["events.swapped"])
    events, report = opened(text, swap=True)
    assert (events[f.LAT][0], events[f.LON][0]) == (16.27, -0.04)
    assert keys(report) == ["events.swapped_fixed"]


def test_projected_coordinates_are_read_once_their_system_is_named():
    text = f"{HEAD}\nA,2025-09-13,ambush,Gao,1799000,390000\nB,2025-09-14,ambush,Gao,x,1\n"
    assert opened(text)[1].problems[0].key == "events.metres"
    events, report = opened(text, crs="EPSG:32631")
    assert events[f.LAT][0] == pytest.approx(16.27, abs=0.01)
    assert events[f.LON][0] == pytest.approx(1.97, abs=0.01)
    assert report.rejected == 1
    assert opened(text, crs="nonsense")[1].problems[0].key == "events.crs"


def test_links_lead_to_the_web_or_nowhere():
    head = f"{HEAD},source_url"
    for link, kept in (
        ("https://a.org/x?y=1", "https://a.org/x?y=1"),
        ("javascript:alert(1)", ""),
        ("file:///etc/passwd", ""),
        ("//a.org", ""),
        ("HTTP://a.org/", "http://a.org/"),
        ("https://a.org/ https://b.org/", "https://a.org/"),
        ('https://a.org/"><script>', ""),
    ):
        quoted = link.replace('"', '""')
        events, report = opened(f'{head}\nA,2025-09-13,ambush,Gao,16.27,-0.04,"{quoted}"\n')
        assert events[f.SOURCE_URL][0] == kept
        assert report.warned == (not kept)


def test_end_and_source_dates_follow_the_order_of_the_dates():
    head = f"{HEAD},end_date,source_date"
    text = (
        f"{head}\nA,13/09/2025,ambush,Gao,16.27,-0.04,05/10/2025,05/10/2025\n"
        "B,14/09/2025,ambush,Mopti,14.5,-4.2,05/09/2025,2025-12\n"
        "C,15/09/2025,ambush,Kayes,14.4,-11.4,soon,soon\n"
    )
    events, report = opened(text)
    assert events[f.END_DATE].tolist() == [dt.date(2025, 10, 5), None, None]
    assert events[f.SOURCE_DATE].tolist() == ["2025-10-05", "2025-12", ""]
    assert keys(report) == [
        "events.end_before_start",
        "events.date_left_out",
        "events.date_left_out",
    ]


def test_low_and_high_figures_stay_ranges():
    head = f"{HEAD},tankers_destroyed_low,tankers_destroyed_high"
    events, report = opened(f"{head}\nA,2025-09-13,ambush,Gao,16.27,-0.04,40,12\n")
    assert events[[f.TANKERS_LOW, f.TANKERS_HIGH]].iloc[0].tolist() == [12, 40]
    assert keys(report) == ["events.low_above_high"]


def test_an_event_without_a_point_is_used_where_only_its_region_is_known():
    head = f"{HEAD},location_precision"
    events, report = opened(
        f"{head}\nA,2025-09-13,blockade,Mali,,,region\nB,2025-09-13,ambush,,,,town\n"
    )
    assert (len(events), keys(report)) == (1, ["events.no_lat"])


def test_rows_beyond_the_limit_refuse_the_file():
    lines = [f"A{n},2025-09-13,ambush,Gao,16.27,-0.04" for n in range(30)]
    _, report = opened("\n".join([HEAD, *lines]), limits=Limits(rows=20))
    assert report.problems[0].key == "table.row_limit"


CELL = st.one_of(
    st.text(max_size=12),
    st.sampled_from(["2025-09-13", "13/09/2025", "9/13/25", "16.27", "-0,04", "NaN", "ambush",
                     "region", "=1+1", "https://a.org", "45913", "#date", "Total", "\u202e", '"']),
)  # fmt: skip


@given(
    st.lists(st.sampled_from([*HEADER, *HEAD.split(","), "x", "end_date", "crs"]), max_size=9),
    st.lists(st.lists(CELL, max_size=10), max_size=6),
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from(["utf-8", "utf-16", "latin-1"]),
    st.sampled_from([None, "dmy", "mdy"]),
)
@settings(max_examples=150, deadline=None)
def test_any_table_gives_a_report_whose_counts_add_up(header, rows, separator, form, order):
    file = io.StringIO()
    csv.writer(file, delimiter=separator).writerows([header, *rows])
    data = file.getvalue().encode(form, "replace")
    events, report = opened(data, date_order=order)
    assert report.read == report.accepted + report.warned + report.rejected
    assert len(events) == report.accepted + report.warned
    assert report.exit_code in {0, 1, 2}
    report.to_json("fr")


@given(st.binary(max_size=300))
@settings(max_examples=150, deadline=None)
def test_any_bytes_give_a_report(data):
    _, report = opened(data)
    assert report.read == report.accepted + report.warned + report.rejected


@given(st.permutations(range(12)))
@settings(max_examples=20, deadline=None)
def test_the_order_of_rows_changes_no_event(order):
    rows = base()
    for place, row in enumerate(rows):
        row["event_date"] = f"{place + 5:02}/09/2025"
    straight, _ = opened(table(rows))
    mixed, _ = opened(table([rows[place] for place in order]))
    sort = [f.EVENT_ID]
    assert straight.sort_values(sort, ignore_index=True).equals(
        mixed.sort_values(sort, ignore_index=True)
    )


def test_a_range_of_days_gives_an_end_and_a_stamp_the_country_s_day():
    lines = [
        "date,lat,lon",
        "14-16/09/2025,14.5,-9.2",
        "2025-09-14T22:30:00-05:00,14.5,-9.2",
        "mid-September 2025,14.5,-9.2",
    ]
    data = "\n".join(lines).encode()
    events, report = parse_events(data, EventOptions(today=dt.date(2026, 4, 30), filename="a"))
    days = [dt.date(2025, 9, day) for day in (14, 15, 1)]
    assert list(events[f.DATE]) == days
    assert list(events[f.END_DATE]) == [dt.date(2025, 9, 16), None, None]
    assert list(events[f.DATE_PRECISION]) == ["day", "day", "month"]
    told = next(p for p in report.problems if p.key == "dates.other_day")
    assert "2025-09-15" in told.message()
