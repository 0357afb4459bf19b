"""Tags and columns become this package's words; the rule for tankers is as stated."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import LineString

from geodata.errors import GeodataError
from geodata.roads.tags import road_table, tanker_rule


def table(**columns: list[object]) -> gpd.GeoDataFrame:
    n = len(next(iter(columns.values())))
    return gpd.GeoDataFrame(
        pd.DataFrame(columns), geometry=[LineString([(0, 0), (1, 1)])] * n, crs=4326
    )


@pytest.mark.parametrize(
    ("road_class", "surface", "passes"),
    [("trunk", "", "yes"), ("motorway_link", "", "yes"), ("primary", "", "seasonal"),
     ("primary", "asphalt", "yes"), ("trunk", "laterite", "seasonal"), ("track", "", "no"),
     ("track", "gravel", "no"), ("track", "paved", "seasonal"), ("", "", "seasonal"),
     ("residential", "concrete", "yes"), ("unclassified", "ground", "seasonal")],
)  # fmt: skip
def test_tanker_rule(road_class: str, surface: str, passes: str) -> None:
    assert tanker_rule(road_class, surface) == passes


def test_basis_says_where_the_word_comes_from() -> None:
    found = road_table(
        table(
            highway=["primary"] * 3, surface=["asphalt", None, "odd"], tanker=[None, "non", None]
        ),
        {},
    )
    assert found["tanker"].tolist() == ["yes", "no", "seasonal"]
    assert found["tanker_basis"].tolist() == ["surface", "mapped", "assumed"]


def test_foreign_words_for_tankers_are_refused() -> None:
    with pytest.raises(GeodataError, match="perhaps"):
        road_table(table(tanker=["perhaps"]), {})


def test_geofabrik_and_other_tags() -> None:
    short = road_table(table(fclass=["trunk"], osm_id=["7"], oneway=["F"], bridge=["T"]), {})
    assert short.iloc[0][["road_class", "source_id", "oneway", "level"]].tolist() == [
        "trunk",
        "7",
        "yes",
        1,
    ]
    tags = '"surface"=>"laterite","bridge"=>"yes","layer"=>"2"'
    long = road_table(table(osm_id=["7"], highway=["primary"], other_tags=[tags]), {})
    assert long.iloc[0][["surface", "bridge_structure", "level"]].tolist() == ["laterite", True, 2]


def test_footways_and_plans_are_no_roads() -> None:
    found = road_table(table(highway=["footway", "proposed", "service", None]), {})
    assert found["motor"].tolist() == [False, False, True, True]


def test_numbers_as_ids_and_decimal_commas() -> None:
    found = road_table(table(osm_id=[12.0, None], length_km=["1,5", "?"]), {})
    assert found["source_id"].tolist() == ["12", ""]
    assert found["stated_km"].tolist()[0] == 1.5
    assert pd.isna(found["stated_km"].iloc[1])


def test_length_is_in_metres_in_a_table_of_osmnx_edges_and_unread_in_others() -> None:
    edges = table(osmid=[1, 2], u=[5, 6], v=[6, 7], length=[1500.0, None])
    assert road_table(edges, {})["stated_km"].tolist() == pytest.approx([1.5, np.nan], nan_ok=True)
    both = edges.assign(length_km=[2.0, 3.0])
    assert road_table(both, {})["stated_km"].tolist() == [2.0, 3.0]
    assert road_table(edges.drop(columns="u"), {})["stated_km"].isna().all()
