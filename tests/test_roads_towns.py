"""Towns' ids, people and kinds."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import Point

from geodata.roads_towns import name_id, place_ids, place_table


def towns(**columns: list[object]) -> gpd.GeoDataFrame:
    n = len(next(iter(columns.values())))
    return gpd.GeoDataFrame(pd.DataFrame(columns), geometry=[Point(x, 0) for x in range(n)],
                            crs=4326)  # fmt: skip


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
    found = place_table(towns(name=["a", "b", "c"], population=["12 500", 0, None]), {},
                        supply=False)  # fmt: skip
    assert found["population"].iloc[0] == 12_500
    assert found["population"].iloc[1:].isna().all()


def test_kinds_and_missing_names() -> None:
    found = place_table(towns(name=["a", None], place=["city", "locality"]), {}, supply=False)
    assert found["kind"].tolist() == ["city", "town"]
    assert found["name"].tolist() == ["a", "town 1"]
    assert place_table(towns(name=["a"]), {}, supply=True)["kind"].tolist() == ["supply"]


def test_ids_stand_once_whatever_the_order() -> None:
    frame = towns(name=["Kati", "Kati", "Gao", "Kati"])
    frame = frame.set_geometry([Point(0, 0), Point(1, 0), Point(2, 0), Point(0, 0)])
    table = place_table(frame, {}, supply=False)
    ids = place_ids(table, frame.geometry.to_numpy())
    assert len(set(ids)) == 4
    assert ids[2] == "gao"
    turned = place_ids(table.iloc[::-1].reset_index(drop=True),
                       frame.geometry.to_numpy()[::-1])  # fmt: skip
    assert sorted(turned) == sorted(ids)
    assert np.array_equal(ids, place_ids(table, frame.geometry.to_numpy()))
