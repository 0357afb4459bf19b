"""Roads and towns become a network, and the report says what was done."""

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from pyproj import Geod
from shapely.geometry import LineString, MultiLineString, Point, Polygon

from geodata.analysis.accessibility import access
from geodata.cli.import_roads import main
from geodata.conditions import Conditions
from geodata.dataset import load
from geodata.errors import GeodataError
from geodata.network.files import read_network
from geodata.network.model import Network
from geodata.roads.importer import import_roads
from geodata.roads.options import ImportOptions
from tests.support.roads_restore import restored

LON, LAT = -8.0, 12.0
STEP = 0.01  # a hundredth of a degree, some 1.1 km


def at(x: float, y: float) -> tuple[float, float]:
    return (LON + x * STEP, LAT + y * STEP)


def roads(rows: dict[str, tuple[list[tuple[float, float]], dict[str, object]]]) -> gpd.GeoDataFrame:
    table = pd.DataFrame([{"osm_id": name, **tags} for name, (_, tags) in rows.items()])
    drawn = [LineString([at(*place) for place in places]) for places, _ in rows.values()]
    return gpd.GeoDataFrame(table, geometry=drawn, crs=4326)


def points(rows: dict[str, tuple[float, float]], **columns: object) -> gpd.GeoDataFrame:
    table = pd.DataFrame({"name": list(rows), **columns})
    return gpd.GeoDataFrame(table, geometry=[Point(at(*p)) for p in rows.values()], crs=4326)


M = 1 / 1112  # a metre, in steps


@pytest.fixture
def bad_roads() -> gpd.GeoDataFrame:
    """Deliberately bad roads; one column or row is 1.1 km.

    ::

        y
        2     h-----h  i i (a bow, crosses itself)      k--k  (a part apart, 1.1 km)
        1        e        g
              a--+--a--b--+-b--c--c   D near c's end
        0     A  e     |  gap   C     (a and b miss each other by 10 m, joined;
                       d               c starts 60 m from b: a near miss)
        -1                             d: dead end, no town; e crosses a with no vertex
              a is drawn twice (1 and 1bis); h is a footway; g is a bridge over b
    """
    primary = {"highway": "primary", "surface": "asphalt"}
    return roads(
        {
            "1": ([(0, 0), (2, 0)], {**primary, "length_km": 3.0, "oneway": "yes"}),
            "1bis": ([(2, 0), (0, 0)], primary),
            "2": ([(2 + 10 * M, 0), (3, 0), (4, 0)], primary),
            "3": ([(4 + 60 * M, 0), (6, 0)], {"highway": "secondary"}),
            "4": ([(3, 0), (3, -1)], {"highway": "track"}),
            "5": ([(1, -1), (1, 1)], {"highway": "tertiary", "surface": "laterite"}),
            "6": ([(0, 2), (2, 2)], {"highway": "footway"}),
            "7": ([(3.5, -1), (3.5, 1)], {"highway": "secondary", "bridge": "yes", "layer": "1"}),
            "8": ([(6, 0), (7, 0), (7, 1), (6.5, -1)], {"highway": "tertiary"}),
            "9": ([(9, 2), (10, 2)], {"highway": "tertiary"}),
        }
    )


@pytest.fixture
def bad_towns() -> gpd.GeoDataFrame:
    rows = {"A": (0.0, 0.05), "B": (4.0, 0.0), "C": (6.0, 1.5), "K": (9.5, 2.0), "Far": (3.0, 8.0)}
    table = points(rows, population=[100, 0, 300, None, 50])
    odd = gpd.GeoDataFrame(
        {"name": ["Null", "Paris"]}, geometry=[Point(0, 0), Point(2.35, 48.9)], crs=4326
    )
    return gpd.GeoDataFrame(pd.concat([table, odd], ignore_index=True), crs=4326)


OPTIONS = ImportOptions(attach_limit_km=5.0)


def test_report_on_bad_roads(bad_roads: gpd.GeoDataFrame, bad_towns: gpd.GeoDataFrame) -> None:
    made = import_roads(bad_roads, bad_towns, supply=points({"Depot": (0.0, 0.0)}), options=OPTIONS)
    about = {
        problem: sorted(rows["about"])
        for problem, rows in made.quality.places.groupby("problem", sort=False)
    }
    assert about == {
        "null_island": ["Null"],
        "outside": ["Far", "Paris"],
        "town_far": ["C"],
        "not_nearest": ["C"],
        "part": ["0", "0", "1", "4"],
        "near_miss": ["2", "3"],
        "crossing": ["1", "1bis"],
        "self_crossing": ["8"],
        "length_differs": ["1"],
        "duplicate": ["1bis"],
        "same_point": ["C", "Depot"],
        "snapped": ["2"],
    }


def test_every_doubt_has_a_place_and_a_sentence_in_both_languages(
    bad_roads: gpd.GeoDataFrame, bad_towns: gpd.GeoDataFrame
) -> None:
    quality = import_roads(bad_roads, bad_towns, options=OPTIONS).quality
    assert quality.places.geometry.notna().all()
    assert quality.places.crs.to_epsg() == 4326
    for lang in ("en", "fr"):
        found = json.loads(quality.to_json(lang))
        assert len(found["problems"]) == len(quality.places)
        assert all(problem["message"].endswith(".") for problem in found["problems"])
        assert quality.to_text(lang)
    assert any("no supply point" in note for note in quality.as_dict("en")["notes"])


def two_ways() -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """A chain of three roads with a spur, and a longer route around.

    ::

        P ---1---+---2---+---3--- T       6 hangs on 2's end
                 |       6        |
                 +---4---+---5----+       all paved but 5
    """
    paved = {"highway": "primary", "surface": "asphalt"}
    lines = roads(
        {
            "1": ([(0, 0), (1, 0)], paved),
            "2": ([(1, 0), (1.5, 0.1), (2, 0)], paved),
            "3": ([(2, 0), (3, 0)], paved),
            "4": ([(1, 0), (1, -1), (2, -1)], paved),
            "5": ([(2, -1), (3, -1), (3, 0)], {"highway": "tertiary", "surface": "gravel"}),
            "6": ([(2, 0), (2, -0.5)], paved),
        }
    )
    return lines, points({"T": (3.0, 0.0)}, population=[7]), points({"P": (0.0, 0.0)})


def test_chains_are_merged_and_spurs_pruned() -> None:
    lines, towns, supply = two_ways()
    network = import_roads(lines, towns, supply=supply).network
    merged = network.segments.set_index("segment_id")
    assert sorted(network.segment_ids) == ["w1", "w2", "w4", "w5"]
    assert merged.loc["w2", "merged_from"] in ("w2 w3", "w3 w2")
    assert dict(merged["tanker"]) == {"w1": "yes", "w2": "yes", "w4": "yes", "w5": "seasonal"}
    assert set(network.node_ids) >= {"t", "p"}
    assert network.towns == ("t",)
    assert network.supply_points == ("p",)


def test_lengths_are_geodesic_and_the_drawing_is_kept() -> None:
    lines, towns, supply = two_ways()
    network = import_roads(lines, towns, supply=supply).network
    geod = Geod(ellps="WGS84")
    drawn = [geod.geometry_length(line) / 1000 for line in network.segments.geometry]
    assert network.length_km == pytest.approx(drawn, abs=1e-4)
    kept = lines[lines["osm_id"] != "6"]
    assert network.length_km.sum() == pytest.approx(
        sum(geod.geometry_length(line) for line in kept.geometry) / 1000, abs=1e-3
    )


def test_merging_and_pruning_are_undone(
    bad_roads: gpd.GeoDataFrame, bad_towns: gpd.GeoDataFrame
) -> None:
    for lines, towns in ((bad_roads, bad_towns), two_ways()[:2]):
        small = import_roads(lines, towns, options=OPTIONS)
        whole = import_roads(
            lines,
            towns,
            options=ImportOptions(attach_limit_km=5.0, keep_dead_ends=True, keep_chains=True),
        ).network
        back = restored(small.network, small.removed)
        assert len(small.network.segment_ids) < len(whole.segment_ids)
        assert back.segment_ids == whole.segment_ids
        assert back.node_ids == whole.node_ids
        assert ends(back) == ends(whole)
        assert back.length_km == pytest.approx(whole.length_km, abs=2e-4)


def ends(network: Network) -> list[frozenset[str]]:
    return [
        frozenset(pair)
        for pair in network.segments[["from_node", "to_node"]].itertuples(index=False)
    ]


def test_order_and_direction_of_the_file_change_nothing(
    bad_roads: gpd.GeoDataFrame, bad_towns: gpd.GeoDataFrame
) -> None:
    plain = import_roads(bad_roads, bad_towns, options=OPTIONS).network
    turned = bad_roads.assign(geometry=bad_roads.geometry.reverse()).iloc[::-1]
    for lines, towns in (
        (turned.reset_index(drop=True), bad_towns),
        (bad_roads, bad_towns.iloc[::-1].reset_index(drop=True)),
    ):
        other = import_roads(lines, towns, options=OPTIONS).network
        assert set(other.node_ids) == set(plain.node_ids)
        assert sorted(map(sorted, ends(other))) == sorted(map(sorted, ends(plain)))
        assert other.length_km.sum() == pytest.approx(plain.length_km.sum(), abs=1e-4)


def test_a_bridge_does_not_meet_the_road_below() -> None:
    """Two roads cross with a common vertex; one is a bridge."""
    tags = {"highway": "primary"}
    over = {"highway": "primary", "bridge": "yes"}
    for second, joined in ((tags, True), (over, False)):
        lines = roads(
            {"1": ([(0, 0), (1, 0), (2, 0)], tags), "2": ([(1, -1), (1, 0), (1, 1)], second)}
        )
        towns = points({"E": (2.0, 0.0), "N": (1.0, 1.0), "W": (0.0, 0.0), "S": (1.0, -1.0)})
        network = import_roads(lines, towns).network
        assert len(network.segment_ids) == (4 if joined else 2)


@pytest.mark.parametrize("asked", [False, True])
def test_crossings_are_joined_on_request(asked: bool) -> None:
    lines = roads(
        {
            "1": ([(0, 0), (2, 0)], {"highway": "primary"}),
            "2": ([(1, -1), (1, 1)], {"highway": "primary"}),
        }
    )
    towns = points({"E": (2.0, 0.0), "N": (1.0, 1.0), "W": (0.0, 0.0), "S": (1.0, -1.0)})
    made = import_roads(lines, towns, options=ImportOptions(node_crossings=asked))
    assert len(made.network.segment_ids) == (4 if asked else 2)
    assert made.quality.counts().get("crossing", 0) == (0 if asked else 1)


def test_a_town_is_put_on_its_road_and_the_distance_said() -> None:
    lines = roads({"1": ([(0, 0), (4, 0)], {"highway": "primary"})})
    towns = points({"Near": (2.0, 0.5), "W": (0.0, 0.0), "E": (4.0, 0.0)})
    network = import_roads(lines, towns).network
    near = network.nodes.set_index("node_id").loc["near"]
    assert near.geometry.distance(Point(at(2, 0))) < 1e-5
    away = Geod(ellps="WGS84").inv(*at(2, 0.5), *at(2, 0))[2] / 1000
    assert near["attach_km"] == pytest.approx(away, abs=1e-3)
    assert (near["place_lon"], near["place_lat"]) == pytest.approx(at(2, 0.5))
    assert len(network.segment_ids) == 2


def test_a_stray_piece_of_road_is_passed_over() -> None:
    """The nearest road is 300 m of track connected to nothing; the trunk road is near too."""
    lines = roads(
        {
            "1": ([(0, 0), (20, 0)], {"highway": "trunk"}),
            "2": ([(5, 0.5), (5.3, 0.5)], {"highway": "track"}),
        }
    )
    towns = points({"T": (5.1, 0.6), "W": (0.0, 0.0)})
    made = import_roads(lines, towns)
    assert made.quality.counts()["off_stray"] == 1
    assert set(made.network.segments["road_class"]) == {"trunk"}


def test_columns_may_be_named_by_the_user() -> None:
    lines, towns, _ = two_ways()
    lines = lines.rename(columns={"highway": "TYPE", "surface": "REVET"}).assign(CIT="oui")
    towns = towns.rename(columns={"name": "LIEU"}).assign(DEPOT="oui")
    options = ImportOptions(
        mapping={
            "TYPE": "road_class",
            "REVET": "surface",
            "CIT": "tanker",
            "towns:LIEU": "name",
            "DEPOT": "supply_point",
        }
    )
    network = import_roads(lines, towns, options=options).network
    assert set(network.segments["tanker"]) == {"yes"}
    assert set(network.segments["tanker_basis"]) == {"mapped"}
    assert network.supply_points == ("t",)


@pytest.mark.parametrize(
    ("mapping", "named"),
    [({"NOPE": "surface"}, "NOPE"), ({"highway": "colour"}, "colour"),
     ({"roads:name": "name"}, "name")],
)  # fmt: skip
def test_a_mapping_of_what_is_not_there_is_refused(mapping: dict[str, str], named: str) -> None:
    lines, towns, _ = two_ways()
    with pytest.raises(GeodataError, match=named):
        import_roads(lines, towns, options=ImportOptions(mapping=mapping))


def test_regions_and_codes_come_from_polygons() -> None:
    lines, towns, _ = two_ways()
    square = Polygon([at(-1, -5), at(9, -5), at(9, 5), at(-1, 5)])
    boundary = gpd.GeoDataFrame(
        {
            "ADM0_PCODE": ["ML"],
            "ADM1_FR": ["Ségou"],
            "ADM2_FR": ["Niono"],
            "ADM2_PCODE": ["ML0405"],
        },
        geometry=[square],
        crs=4326,
    )
    town = import_roads(lines, towns, boundary=boundary).network.nodes.set_index("name").loc["T"]
    assert tuple(town[["country", "admin1", "admin2", "pcode"]]) == (
        "ML",
        "Ségou",
        "Niono",
        "ML0405",
    )


def test_a_region_given_by_its_p_code_gets_the_name_of_that_very_code() -> None:
    """The polygons lie elsewhere; ``ML5`` is like ``ML05`` and is another code."""
    lines, _, supply = two_ways()
    towns = points({"T": (3.0, 0.0), "U": (1.0, 0.0), "V": (2.0, 0.0)})
    square = Polygon([at(90, 90), at(91, 90), at(91, 91)])
    boundary = gpd.GeoDataFrame(
        {"ADM1_PCODE": ["ML05", "ML06"], "ADM1_FR": ["Mopti", "Tombouctou"]},
        geometry=[square, square],
        crs=4326,
    )
    coded = towns.assign(ADM1_PCODE=["ML05", "ML5", "ML06"])
    made = import_roads(lines, coded, supply=supply, boundary=boundary)
    regions = made.network.nodes.set_index("name")["admin1"]
    assert regions[["T", "U", "V"]].tolist() == ["Mopti", "ML5", "Tombouctou"]
    assert ("roads.note_region_codes", {"codes": "ML5"}) in made.quality.notes
    alone = import_roads(lines, coded, supply=supply).network.nodes.set_index("name")["admin1"]
    assert alone[["T", "U", "V"]].tolist() == ["ML05", "ML5", "ML06"]


def test_multiple_lines_and_no_ids() -> None:
    """Parts of one feature join like features; ids then come from the drawing."""
    line = MultiLineString([[at(0, 0), at(1, 0)], [at(1, 0), at(2, 0)]])
    lines = gpd.GeoDataFrame({"a": [1]}, geometry=[line], crs=4326)
    made = import_roads(lines, points({"W": (0.0, 0.0), "E": (2.0, 0.0)}))
    assert len(made.network.segment_ids) == 1
    assert made.network.segment_ids[0].startswith("r")
    assert set(made.network.segments["tanker"]) == {"seasonal"}


def test_nothing_given_is_changed(bad_roads: gpd.GeoDataFrame, bad_towns: gpd.GeoDataFrame) -> None:
    before = (bad_roads.copy(), bad_towns.copy())
    import_roads(bad_roads, bad_towns, options=OPTIONS)
    pd.testing.assert_frame_equal(bad_roads, before[0])
    pd.testing.assert_frame_equal(bad_towns, before[1])


def test_no_town_on_any_road_is_refused(bad_roads: gpd.GeoDataFrame) -> None:
    with pytest.raises(GeodataError, match="No town lies within 5 km"):
        import_roads(bad_roads, points({"X": (500.0, 500.0)}))


def test_roads_that_join_no_two_places_are_refused(bad_roads: gpd.GeoDataFrame) -> None:
    with pytest.raises(GeodataError, match="nothing is left"):
        import_roads(bad_roads, points({"A": (0.0, 0.0)}))


def test_command_writes_a_folder_the_engine_reads(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    bad_roads: gpd.GeoDataFrame,
    bad_towns: gpd.GeoDataFrame,
) -> None:
    bad_roads.to_crs(32629).to_file(tmp_path / "roads.gpkg")
    bad_towns.to_file(tmp_path / "towns.geojson")
    points({"Depot": (0.0, 0.0)}).to_file(tmp_path / "supply.fgb")
    words = [
        str(tmp_path / "roads.gpkg"),
        "--towns",
        str(tmp_path / "towns.geojson"),
        "--supply",
        str(tmp_path / "supply.fgb"),
        "-o",
        str(tmp_path / "out"),
    ]
    assert main([*words, "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["files"]["roads"]["read"] == len(bad_roads)
    network = read_network(tmp_path / "out")
    assert told["figures"]["segments"] == len(network.segment_ids)
    assert network.supply_points == ("depot",)
    removed = json.loads((tmp_path / "out" / "removed.geojson").read_text())["features"]
    assert {f["properties"]["reason"] for f in removed} >= {"dead_end", "duplicate"}
    places = json.loads((tmp_path / "out" / "quality.geojson").read_text())["features"]
    assert len(places) == len(told["problems"])
    first = {p.name: p.read_bytes() for p in (tmp_path / "out").iterdir()}
    assert main([*words, "--network-format", "both"]) == 0
    again = {p.name: p.read_bytes() for p in (tmp_path / "out").iterdir()}
    assert again.keys() - first.keys() == {"nodes.parquet", "segments.parquet"}
    assert all(again[name] == content for name, content in first.items() if name != "network.json")
    assert read_network(tmp_path / "out").fingerprint == network.fingerprint
    assert np.isfinite(network.length_km).all()


def test_command_names_file_and_remedy(tmp_path: Path, bad_roads: gpd.GeoDataFrame) -> None:
    bad_roads.to_file(tmp_path / "roads.gpkg")
    swapped = points({"A": (0.0, 0.0), "B": (4.0, 0.0)})
    swapped = swapped.assign(geometry=[Point(p.y, p.x) for p in swapped.geometry])
    swapped.to_file(tmp_path / "towns.geojson")
    words = [
        str(tmp_path / "roads.gpkg"),
        "--towns",
        str(tmp_path / "towns.geojson"),
        "-o",
        str(tmp_path / "out"),
    ]
    with pytest.raises(GeodataError, match=r"towns\.geojson.*swapped"):
        main(words)
    assert main([*words, "--fix", "swap-towns"]) == 0


def test_an_import_without_any_doubt_is_used_like_any_other(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines, towns, supply = two_ways()
    lines.iloc[:3].to_file(tmp_path / "roads.geojson")
    towns.to_file(tmp_path / "towns.geojson")
    supply.to_file(tmp_path / "supply.geojson")
    words = [
        str(tmp_path / "roads.geojson"),
        "--towns",
        str(tmp_path / "towns.geojson"),
        "--supply",
        str(tmp_path / "supply.geojson"),
        "-o",
        str(tmp_path / "out"),
    ]
    assert main([*words, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["problems"] == []
    dataset = load(tmp_path / "out")
    assert dataset.findings is not None
    assert len(dataset.findings) == 0
    assert access(dataset.network, Conditions()).summary.isolated == 0
