"""Towns' ids, people and kinds."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import LineString, Point, box

from geodata.roads.importer import import_roads
from geodata.roads.places import name_id, names_nothing, people, place_ids, place_table


def towns(**columns: list[object]) -> gpd.GeoDataFrame:
    n = len(next(iter(columns.values())))
    return gpd.GeoDataFrame(
        pd.DataFrame(columns), geometry=[Point(x, 0) for x in range(n)], crs=4326
    )


@pytest.mark.parametrize(
    ("name", "plain"),
    [("Sévaré", "sevare"), ("Nioro du Sahel", "nioro-du-sahel"), ("Se\u0301gou", "segou"),
     ("<b>x</b>", "b-x-b")],
)  # fmt: skip
def test_name_id(name: str, plain: str) -> None:
    assert name_id(name) == plain


def test_names_of_other_scripts_get_ids_too() -> None:
    assert name_id("باماكو").startswith("place-")
    assert name_id("باماكو") != name_id("غاو")


def test_nobody_is_unknown_and_spaces_are_thousands() -> None:
    found = place_table(
        towns(name=["a", "b", "c"], population=["12 500", 0, None]), {}, supply=False
    )
    assert found["population"].iloc[0] == 12_500
    assert found["population"].iloc[1:].isna().all()


def test_kinds_and_missing_names() -> None:
    found = place_table(towns(name=["a", None], place=["city", "locality"]), {}, supply=False)
    assert found["kind"].tolist() == ["city", "town"]
    assert found["name"].tolist() == ["a", "town 1"]
    assert place_table(towns(name=["a"]), {}, supply=True)["kind"].tolist() == ["supply"]


def test_ids_are_listed_once_in_any_order() -> None:
    frame = towns(name=["Kati", "Kati", "Gao", "Kati"])
    frame = frame.set_geometry([Point(0, 0), Point(1, 0), Point(2, 0), Point(0, 0)])
    table = place_table(frame, {}, supply=False)
    ids = place_ids(table, frame.geometry.to_numpy())
    assert len(set(ids)) == 4
    assert ids[2] == "gao"
    turned = place_ids(table.iloc[::-1].reset_index(drop=True), frame.geometry.to_numpy()[::-1])
    assert sorted(turned) == sorted(ids)
    assert np.array_equal(ids, place_ids(table, frame.geometry.to_numpy()))


@pytest.mark.parametrize(
    ("cell", "value", "plain"),
    [("12 500", 12500, True), ("3000", 3000, True), ("env. 3 000", 3000, False),
     ("~5000", 5000, False), ("5000-6000", 5500, False), ("90 000 (2009)", 90000, False),
     ("12000;13500", 12750, False), ("3.2k", 3200, False), ("5 000 hab.", 5000, False)],
)  # fmt: skip
def test_people_written_in_words(cell: str, value: float, plain: bool) -> None:
    assert people(cell) == (value, plain)


@pytest.mark.parametrize("cell", ["1,2", "beaucoup", "?", "12/03/2009/4", "n.d."])
def test_people_that_cannot_be_read_are_unknown_and_reported(cell: str) -> None:
    assert np.isnan(people(cell)[0])
    assert not people(cell)[1]


@pytest.mark.parametrize("column", ["ADM1_PT", "ADM1_ES", "NAME_1", "shapeName", "admin1Name_ar"])
def test_regions_of_other_makers_are_read(column: str) -> None:
    boundary = gpd.GeoDataFrame(
        {column: ["Nampula"], "ADM1_PCODE": ["MZ07"]}, geometry=[box(-1, -1, 2, 2)], crs=4326
    )
    towns = gpd.GeoDataFrame(
        {"name": ["a", "b"], "population": ["env. 100", "?"]},
        geometry=[Point(1, 0), Point(1, 1)],
        crs=4326,
    )
    roads = gpd.GeoDataFrame(
        {"highway": ["trunk"]}, geometry=[LineString([(1, 0), (1, 1)])], crs=4326
    )
    made = import_roads(roads, towns, boundary=boundary)
    nodes = made.network.nodes.set_index("node_id")
    assert nodes.loc["a", ["admin1", "pcode", "population"]].tolist() == ["Nampula", "MZ07", 100]
    assert made.quality.counts()["people_read"] == made.quality.counts()["people_unread"] == 1


def test_a_boundary_without_known_names_is_reported() -> None:
    boundary = gpd.GeoDataFrame({"REGNOM": ["x"]}, geometry=[box(-1, -1, 2, 2)], crs=4326)
    assert names_nothing(boundary, {})
    assert not names_nothing(boundary, {"REGNOM": "admin1"})


def test_columns_cut_by_the_shapefile_are_read() -> None:
    towns = gpd.GeoDataFrame(
        {"name": ["a"], "supply_poi": ["yes"]}, geometry=[Point(0, 1)], crs=4326
    )
    assert place_table(towns, {}, supply=False)["supply_point"].tolist() == [True]
