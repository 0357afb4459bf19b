"""Tags decide who may use a road, and every tag that was read is counted in the report."""

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import LineString, Point

from geodata.analysis.accessibility import access
from geodata.conditions import Conditions
from geodata.i18n import text
from geodata.roads.columns import members, tags_in
from geodata.roads.importer import Imported, import_roads
from geodata.roads.notes import of_tags as notes_of_tags
from geodata.roads.tag_access import measure
from geodata.roads.tags import road_table
from geodata.schema import Measure, Vehicle

PAVED: dict[str, object] = {"highway": "primary", "surface": "asphalt"}
WAY_KM = 108.7


def imported(
    second: dict[str, object], *more: tuple[dict[str, object], list[tuple[float, float]]]
) -> Imported:
    """Import a road of two halves; the second half has the tags of the case.

    ::

        D ---- paved ---- M ---- second ---- T        each half is 54 km
    """
    rows = [(PAVED, [(-8.0, 12.6), (-7.5, 12.6)]), (second, [(-7.5, 12.6), (-7.0, 12.6)]), *more]
    roads = gpd.GeoDataFrame(
        pd.DataFrame([tags for tags, _ in rows]),
        geometry=[LineString(places) for _, places in rows],
        crs=4326,
    )
    towns = gpd.GeoDataFrame(
        {"name": ["D", "M", "T"], "supply_point": ["yes", None, None]},
        geometry=[Point(-8.0, 12.6), Point(-7.5, 12.6), Point(-7.0, 12.6)],
        crs=4326,
    )
    return import_roads(roads, towns)


def passes(made: Imported, vehicle: Vehicle) -> bool:
    towns = access(made.network, Conditions(vehicle=vehicle)).towns.set_index("node_id")
    return "t" in towns.index and not towns.loc["t", "isolated"]


def told(made: Imported) -> str:
    return made.quality.to_text("en") + made.quality.to_text("fr")


ALL, SEASON, LIGHT, NONE = "all year", "season", "no tankers", "nobody"


CASES: list[tuple[dict[str, object], str, str]] = [
    ({"access": "no"}, NONE, "access=no: 1"),
    ({"access": "private"}, NONE, "access=private: 1"),
    ({"access": "military"}, NONE, "access=military: 1"),
    ({"access": "no", "motor_vehicle": "yes"}, ALL, ""),
    ({"access": "yes", "motor_vehicle": "no"}, NONE, "motor_vehicle=no: 1"),
    ({"vehicle": "no", "motor_vehicle": "yes"}, ALL, ""),
    ({"motor_vehicle": "no", "hgv": "yes"}, ALL, ""),
    ({"access": "no;destination"}, ALL, ""),
    ({"access": "destination"}, ALL, "access=destination: 1"),
    ({"access": "customers"}, ALL, "access=customers: 1"),
    ({"motor_vehicle": "delivery"}, ALL, "motor_vehicle=delivery: 1"),
    ({"access": "permissive"}, ALL, "access=permissive: 1"),
    ({"access": "perhaps"}, ALL, "access=perhaps: 1"),
    ({"hgv": "no"}, LIGHT, "hgv=no: 1"),
    ({"hazmat": "no"}, LIGHT, "hazmat=no: 1"),
    ({"maxweight": "3.5"}, LIGHT, "maxweight=3.5: 1"),
    ({"maxweight": 3.5}, LIGHT, "maxweight=3.5: 1"),
    ({"maxweight": "60"}, ALL, ""),
    ({"maxweight": "none"}, ALL, ""),
    ({"maxweight": "light"}, ALL, "maxweight=light: 1"),
    ({"maxaxleload": "6 t"}, LIGHT, "maxaxleload=6 t: 1"),
    ({"maxheight": "2.8"}, LIGHT, "maxheight=2.8: 1"),
    ({"maxheight": "4.5"}, ALL, ""),
    ({"maxwidth": "2"}, LIGHT, "maxwidth=2: 1"),
    ({"smoothness": "impassable"}, NONE, "smoothness=impassable: 1"),
    ({"smoothness": "very_horrible"}, LIGHT, "smoothness=very_horrible: 1"),
    ({"smoothness": "very_bad"}, SEASON, "smoothness=very_bad: 1"),
    ({"4wd_only": "yes"}, LIGHT, "4wd_only=yes: 1"),
    ({"seasonal": "dry_season"}, SEASON, "seasonal=dry_season: 1"),
    ({"ford": "yes"}, SEASON, "ford=yes: 1"),
    ({"ice_road": "yes"}, SEASON, "ice_road=yes: 1"),
    ({"winter_road": "yes"}, SEASON, "winter_road=yes: 1"),
    ({"seasonal": "no", "ford": "no"}, ALL, ""),
    ({"abandoned": "yes"}, NONE, "abandoned=yes: 1"),
    ({"disused": "yes"}, NONE, "disused=yes: 1"),
    ({"highway": "construction", "construction": "primary"}, NONE, "highway=construction: 1"),
    ({"highway": "proposed"}, NONE, "highway=proposed: 1"),
    ({"highway": "razed"}, NONE, "highway=razed: 1"),
    ({"highway": "no"}, NONE, "highway=no: 1"),
    ({"highway": None, "abandoned:highway": "primary"}, NONE, "abandoned:highway=primary: 1"),
    ({"highway": None, "railway": "rail"}, NONE, "railway=rail: 1"),
    ({"highway": None, "waterway": "river"}, NONE, "waterway=river: 1"),
    ({"highway": None, "boundary": "administrative"}, NONE, "boundary=administrative: 1"),
    ({"highway": None, "power": "line"}, NONE, "power=line: 1"),
    ({"highway": None, "barrier": "wall"}, NONE, "barrier=wall: 1"),
    ({"highway": None, "aeroway": "runway"}, NONE, "aeroway=runway: 1"),
    ({"highway": None, "other_tags": '"natural"=>"cliff"'}, NONE, "natural=cliff: 1"),
    ({"highway": None, "disused:route": "ferry"}, NONE, "disused:route=ferry: 1"),
    ({"railway": "tram"}, ALL, ""),
    ({"other_tags": '"access"=>"no","layer"=>"1"'}, NONE, "access=no: 1"),
    ({"tags": {"access": "private"}}, NONE, "access=private: 1"),
    ({"tags": '{"hgv": "no"}'}, LIGHT, "hgv=no: 1"),
    ({"properties": '{"seasonal": "yes"}'}, SEASON, "seasonal=yes: 1"),
    ({"subtype": "rail"}, NONE, "subtype=rail: 1"),
    ({"subtype": "road", "access_restrictions": '[{"access_type": "denied"}]'}, NONE,
     "access=no: 1"),
    ({"subtype": "road", "access_restrictions":
      '[{"access_type": "denied", "when": {"heading": "backward"}}]'}, ALL, ""),
    ({"highway": "['footway', 'primary']"}, ALL, ""),
    ({"highway": ["track", "primary"]}, ALL, ""),
    ({"surface": "['asphalt', 'sand']"}, SEASON, ""),]  # fmt: skip
"""Tags of the second half of a road, who passes it, and what the report says."""


@pytest.fixture(scope="module")
def corridors() -> Imported:
    """Every case in one network, each on a separate road, 22 km from the next.

    ::

        D0 ---- paved ---- M0 ---- case 0 ---- T0
        D1 ---- paved ---- M1 ---- case 1 ---- T1     and so on
    """
    rows, lines, names, points = [], [], [], []
    for n, (tags, _, _) in enumerate(CASES):
        at = [(lon, 12.6 + 0.2 * n) for lon in (-8.0, -7.5, -7.0)]
        rows += [PAVED, {**PAVED, **tags}]
        lines += [LineString(at[:2]), LineString(at[1:])]
        names += [f"{letter}{n}" for letter in "DMT"]
        points += map(Point, at)
    roads = gpd.GeoDataFrame(pd.DataFrame(rows), geometry=lines, crs=4326)
    supply = ["yes" if name[0] == "D" else None for name in names]
    towns = gpd.GeoDataFrame({"name": names, "supply_point": supply}, geometry=points, crs=4326)
    return import_roads(roads, towns)


@pytest.fixture(scope="module")
def passed(corridors: Imported) -> dict[Vehicle, set[str]]:
    """Towns that each vehicle reaches."""
    answers = {v: access(corridors.network, Conditions(vehicle=v)).towns for v in Vehicle}
    return {v: set(towns.loc[~towns["isolated"], "node_id"]) for v, towns in answers.items()}


@pytest.mark.parametrize(("n", "case"), [*enumerate(CASES)])
def test_tags_decide_who_passes(
    n: int, case: tuple[dict[str, object], str, str], passed: dict[Vehicle, set[str]]
) -> None:
    tags, who, said = case
    allowed = {ALL: 3, SEASON: 2, LIGHT: 1, NONE: 0}[who]
    vehicles = (Vehicle.ANY, Vehicle.TANKER, Vehicle.TANKER_ALL_YEAR)
    assert [f"t{n}" in passed[vehicle] for vehicle in vehicles] == [k < allowed for k in range(3)]
    rows = pd.DataFrame([PAVED, {**PAVED, **tags}])
    notes = notes_of_tags(road_table(gpd.GeoDataFrame(rows, geometry=[None, None]), {}))
    assert said in "".join(text(key, lang, **more) for key, more in notes for lang in ("en", "fr"))


def test_a_closed_road_is_left_by_the_way_around() -> None:
    """::

    D ---- paved ---- M --- access=no --- T
                       \\--- tertiary ---/
    """
    loop = [(-7.5, 12.6), (-7.2, 12.3), (-7.0, 12.6)]
    made = imported({**PAVED, "access": "no"}, ({"highway": "tertiary"}, loop))
    towns = access(made.network, Conditions()).towns.set_index("node_id")
    assert towns.loc["t", "distance_km"] == pytest.approx(140.5, abs=0.5)
    assert "access=no: 1" in told(made)


def test_a_weak_bridge_stays_a_segment_and_gives_its_reason() -> None:
    made = imported({**PAVED, "bridge": "yes", "maxweight": "3.5"})
    segments = made.network.segments
    assert len(segments) == 2
    weak = segments[segments["restriction"] == "maxweight=3.5"]
    assert weak["tanker"].tolist() == ["no"]
    assert weak["tanker_basis"].tolist() == ["tags"]
    assert weak["bridge_structure"].tolist() == [True]


def test_a_column_of_the_user_goes_before_tags() -> None:
    made = imported({**PAVED, "hgv": "no", "tanker": "yes"})
    assert passes(made, Vehicle.TANKER_ALL_YEAR)


def test_a_ferry_is_a_mode_with_its_own_speed_and_can_be_cut() -> None:
    made = imported({"route": "ferry", "name": "Bac"})
    segments = made.network.segments.set_index("segment_id")
    ferry = segments[segments["mode"] == "ferry"]
    assert ferry["road_class"].tolist() == ["ferry"]
    assert ferry["road_ref"].tolist() == [""]
    assert [passes(made, vehicle) for vehicle in Vehicle] == [True, True, False]
    towns = access(made.network, Conditions(by=Measure.HOURS)).towns.set_index("node_id")
    assert towns.loc["t", "hours"] > WAY_KM / 2 / 5
    cut = access(made.network, Conditions(cut=frozenset(ferry.index))).towns.set_index("node_id")
    assert cut.loc["t", "isolated"]
    assert 'mode "ferry"' in told(made)


def test_a_ferry_that_bars_cars_is_no_way() -> None:
    assert not passes(imported({"route": "ferry", "motor_vehicle": "no"}), Vehicle.ANY)


def test_lines_without_a_class_are_roads_in_a_layer_of_roads_only() -> None:
    assert passes(imported({"surface": "asphalt"}), Vehicle.TANKER)
    assert not passes(
        imported({"name": "x"}, ({"railway": "rail"}, [(-9, 12), (-9, 13)])), Vehicle.ANY
    )


def test_columns_and_words_that_are_not_understood_are_named() -> None:
    made = imported({**PAVED, "ETAT": "Impraticable"})
    assert "ETAT" in told(made)
    made = imported({"highway": "voie express", "surface": "vert"})
    assert "voie express: 1" in told(made)
    assert "vert: 1" in told(made)
    roads = gpd.GeoDataFrame({"GP_RTP": [1]}, geometry=[LineString([(0, 0), (1, 0)])], crs=4326)
    towns = gpd.GeoDataFrame({"name": ["a", "b"]}, geometry=[Point(0, 0), Point(1, 0)], crs=4326)
    assert "GP_RTP" in import_roads(roads, towns).quality.to_text("en")


def test_names_and_surfaces_of_overture_are_read() -> None:
    roads = gpd.GeoDataFrame(
        {
            "subtype": ["road"],
            "class": ["primary"],
            "names": ['{"primary": "Route de Gao"}'],
            "road_surface": ['[{"value": "gravel", "between": [0, 0.5]}]'],
        },
        geometry=[LineString([(0, 0), (1, 0)])],
        crs=4326,
    )
    found = road_table(roads, {}).iloc[0]
    assert found[["name", "surface", "tanker"]].tolist() == [
        "Route de Gao",
        "unpaved (gravel)",
        "seasonal",
    ]


@pytest.mark.parametrize(
    ("word", "key", "value"),
    [("3.5", "maxweight", 3.5), ("3,5 t", "maxweight", 3.5), ("3500 kg", "maxweight", 3.5),
     ("20;10", "maxweight", 10.0), ("3.2 m", "maxheight", 3.2), ("320 cm", "maxheight", 3.2),
     ("10'6\"", "maxheight", 3.2)],
)  # fmt: skip
def test_limits_with_units(word: str, key: str, value: float) -> None:
    assert measure(word, key) == pytest.approx(value)


@pytest.mark.parametrize("word", ["", "none", "light", "ten tons", "[", "['", "[[[["])
def test_a_limit_that_is_no_number_is_unknown(word: str) -> None:
    assert measure(word, "maxweight") != measure(word, "maxweight")


def test_lists_in_a_cell() -> None:
    assert members("['a b', 'c']") == ["a b", "c"]
    assert members("[11, 12]") == ["11", "12"]
    assert members("['L\u2019Étoile', None]") == ["L\u2019Étoile"]
    assert members("") == []


@pytest.mark.parametrize("cell", [None, 3.5, "", "{", "[1, 2]", '{"a": {"b": 1}}', "x" * 5000])
def test_cells_that_hold_no_tags_give_none(cell: object) -> None:
    assert tags_in(cell) == {}


def test_two_ferries_that_cross_in_mid_river_do_not_meet() -> None:
    """::

    D -- road -- a ~~~~+~~~~ b        two ferries share the vertex +, nothing changes boats
                 c ~~~~+~~~~ d -- road -- T
    """
    ferry: dict[str, object] = {"route": "ferry"}
    rows = [
        (PAVED, [(-8.0, 12.6), (-7.9, 12.6)]),
        (ferry, [(-7.9, 12.6), (-7.8, 12.5), (-7.7, 12.4)]),
        (ferry, [(-7.9, 12.4), (-7.8, 12.5), (-7.7, 12.6)]),
        (PAVED, [(-7.7, 12.6), (-7.5, 12.6)]),
    ]
    drawn = [LineString(places) for _, places in rows]
    roads = gpd.GeoDataFrame(pd.DataFrame([tags for tags, _ in rows]), geometry=drawn, crs=4326)
    places = [(-8.0, 12.6), (-7.7, 12.4), (-7.9, 12.4), (-7.5, 12.6)]
    towns = gpd.GeoDataFrame(
        {"name": ["D", "B", "C", "T"], "supply_point": ["yes", "", "", ""]},
        geometry=[Point(place) for place in places],
        crs=4326,
    )
    found = access(import_roads(roads, towns).network, Conditions()).towns.set_index("node_id")
    assert found["isolated"].to_dict() == {"b": False, "c": True, "t": True}


def test_a_town_across_a_river_from_its_road_is_reported() -> None:
    """::

    D ------------ road ------------ M
    ~~~~~~~~~~~~~~ river ~~~~~~~~~~~~
                 T
    """
    rows = [
        ({"highway": "primary", "waterway": None}, [(-8.0, 12.6), (-7.0, 12.6)]),
        ({"highway": None, "waterway": "river"}, [(-8.0, 12.59), (-7.0, 12.59)]),
    ]
    drawn = [LineString(places) for _, places in rows]
    roads = gpd.GeoDataFrame(pd.DataFrame([tags for tags, _ in rows]), geometry=drawn, crs=4326)
    places = [(-8.0, 12.6), (-7.0, 12.6), (-7.5, 12.58)]
    towns = gpd.GeoDataFrame(
        {"name": ["D", "M", "T"], "supply_point": ["yes", None, None]},
        geometry=[Point(place) for place in places],
        crs=4326,
    )
    made = import_roads(roads, towns)
    told_of = made.quality.places.set_index("problem")["about"]
    assert told_of["across_river"] == "T"
