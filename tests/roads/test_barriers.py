"""Barriers drawn as points: shut ones close the road at one vertex, the others are shown."""

from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import LineString, Point

from geodata.analysis.accessibility import access
from geodata.conditions import Conditions
from geodata.errors import GeodataError
from geodata.readers.layers.reader import read_layer
from geodata.readers.limits import Limits
from geodata.roads.importer import Imported, import_roads

PAVED: dict[str, Any] = {"highway": "primary", "surface": "asphalt"}
PLACES = {"D": (-8.0, 12.6), "M": (-7.4, 12.6), "T": (-7.0, 12.6)}


def imported(*posts: tuple[dict[str, Any], float, float], side_road: bool = False) -> Imported:
    """Import one road of a single line, with barriers on it.

    ::

        D ------ post at -7.7 ------ M ------ T       a side road may leave at -7.7 for S
    """
    rows = [(PAVED, LineString([(-8.0, 12.6), (-7.7, 12.6), (-7.4, 12.6), (-7.0, 12.6)]))]
    places = dict(PLACES)
    if side_road:
        rows.append((PAVED, LineString([(-7.7, 12.6), (-7.7, 12.9)])))
        places["S"] = (-7.7, 12.9)
    rows += [(tags, Point(lon, lat)) for tags, lon, lat in posts]
    roads = gpd.GeoDataFrame(
        pd.DataFrame([tags for tags, _ in rows]), geometry=[shape for _, shape in rows], crs=4326
    )
    towns = gpd.GeoDataFrame(
        {"name": list(places), "supply_point": [name == "D" for name in places]},
        geometry=[Point(place) for place in places.values()],
        crs=4326,
    )
    return import_roads(roads, towns)


def isolated(made: Imported) -> set[str]:
    towns = access(made.network, Conditions()).towns
    return set(towns.loc[towns["isolated"], "name"])


@pytest.mark.parametrize(
    "tags",
    [
        {"barrier": "gate", "access": "no"},
        {"barrier": "border_control", "access": "no"},
        {"barrier": "lift_gate", "access": "private"},
        {"barrier": "gate", "motor_vehicle": "no"},
        {"barrier": "checkpoint", "access": "military"},
        {"barrier": "gate", "other_tags": '"access"=>"no"'},
    ],
    ids=str,
)
def test_a_shut_barrier_closes_the_road_at_its_vertex(tags: dict[str, Any]) -> None:
    made = imported((tags, -7.7, 12.6))
    assert isolated(made) == {"M", "T"}
    (said,) = made.quality.places.loc[made.quality.places["problem"] == "barrier_shut", "about"]
    assert said.startswith(tags["barrier"])
    for lang in ("en", "fr"):
        assert tags["barrier"] in made.quality.to_text(lang)


@pytest.mark.parametrize(
    "tags",
    [
        {"barrier": "gate"},
        {"barrier": "checkpoint"},
        {"barrier": "toll_booth"},
        {"barrier": "border_control"},
        {"barrier": "gate", "access": "no", "motor_vehicle": "yes"},
        {"barrier": "gate", "access": "customers"},
    ],
    ids=str,
)
def test_a_barrier_that_no_tag_shuts_is_open_and_shown(tags: dict[str, Any]) -> None:
    made = imported((tags, -7.7, 12.6))
    assert isolated(made) == set()
    assert made.quality.counts()["barrier_open"] == 1


def test_a_shut_border_post_closes_no_road_behind_it() -> None:
    """M and T lie beyond the post; the road between them stays, and so does the one before it."""
    made = imported(({"barrier": "border_control", "access": "no"}, -7.7, 12.6))
    assert made.network.segments["length_km"].sum() == pytest.approx(43.4, abs=0.5)


def test_a_shut_barrier_where_roads_meet_closes_them_all_there() -> None:
    made = imported(({"barrier": "gate", "access": "no"}, -7.7, 12.6), side_road=True)
    assert isolated(made) == {"M", "T", "S"}


@pytest.mark.parametrize("lon", [-7.61, -7.4003])
def test_a_barrier_between_two_vertices_closes_the_road_there(lon: float) -> None:
    assert isolated(imported(({"barrier": "gate", "access": "no"}, lon, 12.60002))) >= {"T"}


def test_a_barrier_beside_the_road_is_reported_and_closes_nothing() -> None:
    made = imported(({"barrier": "gate", "access": "no"}, -7.7, 12.601))
    assert isolated(made) == set()
    assert made.quality.counts()["barrier_off_road"] == 1


OSM = """<?xml version="1.0" encoding="UTF-8"?>
<osm version="0.6">
 <node id="1" lat="12.6" lon="-8.0"/>
 <node id="2" lat="12.6" lon="-7.7"><tag k="barrier" v="gate"/><tag k="access" v="no"/></node>
 <node id="3" lat="12.6" lon="-7.0"/>
 <node id="4" lat="12.6" lon="-7.4"><tag k="place" v="town"/></node>
 <way id="9"><nd ref="1"/><nd ref="2"/><nd ref="3"/><tag k="highway" v="primary"/></way>
</osm>"""


def test_barriers_come_with_the_roads_of_an_openstreetmap_file(tmp_path: Path) -> None:
    (tmp_path / "roads.osm").write_text(OSM, encoding="utf-8")
    roads = read_layer(tmp_path / "roads.osm", kind="roads").frame
    assert sorted(roads.geometry.geom_type) == ["LineString", "Point"]
    towns = gpd.GeoDataFrame(
        {"name": list(PLACES), "supply_point": [name == "D" for name in PLACES]},
        geometry=[Point(place) for place in PLACES.values()],
        crs=4326,
    )
    assert isolated(import_roads(roads, towns)) == {"M", "T"}


def test_points_that_nobody_asks_for_do_not_count_towards_the_limit(
    tmp_path: Path,
) -> None:
    """Sixty shops, one gate and one place, read within a limit of twenty features."""
    shops = "".join(
        f'<node id="{n}" lat="12.7" lon="-7.{n}"><tag k="shop" v="yes"/></node>'
        for n in range(100, 160)
    )
    path = tmp_path / "roads.osm"
    path.write_text(OSM.replace(' <way id="9">', f'{shops} <way id="9">'), encoding="utf-8")
    roads = read_layer(path, kind="roads", limits=Limits(features=20)).frame
    assert sorted(roads.geometry.geom_type) == ["LineString", "Point"]
    assert len(read_layer(path, kind="towns", limits=Limits(features=20)).frame) == 1
    with pytest.raises(GeodataError, match="20"):
        read_layer(path, kind="towns", layer="points", limits=Limits(features=20))


def test_other_points_of_a_layer_of_roads_are_rejected(tmp_path: Path) -> None:
    frame = gpd.GeoDataFrame(
        {"highway": ["primary", None, None], "barrier": [None, "gate", None]},
        geometry=[LineString([(0, 0), (1, 1)]), Point(1, 1), Point(0.5, 0.5)],
        crs=4326,
    )
    frame.to_file(tmp_path / "mixed.geojson")
    layer = read_layer(tmp_path / "mixed.geojson", kind="roads")
    assert sorted(layer.frame.geometry.geom_type) == ["LineString", "Point"]
    assert layer.report.rejected == 1
