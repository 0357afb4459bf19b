"""Ferries meet roads at landings, and each other at landings only."""

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import LineString, Point, box

from geodata.analysis.accessibility import access
from geodata.conditions import Conditions
from geodata.readers.layers.reader import read_layer
from geodata.roads.importer import Imported, import_roads

Place = tuple[float, float]
ROAD: dict[str, object] = {"highway": "primary", "surface": "asphalt"}
FERRY: dict[str, object] = {"route": "ferry", "name": "Bac"}
MID = (-7.8, 12.5)


def layer(rows: list[tuple[dict[str, object], object]]) -> gpd.GeoDataFrame:
    drawn = [shape if hasattr(shape, "area") else LineString(shape) for _, shape in rows]
    return gpd.GeoDataFrame(pd.DataFrame([tags for tags, _ in rows]), geometry=drawn, crs=4326)


def imported(
    rows: list[tuple[dict[str, object], object]], towns: dict[str, Place], depot: Place
) -> Imported:
    points = gpd.GeoDataFrame(
        {"name": ["D", *towns], "supply_point": ["yes"] + [""] * len(towns)},
        geometry=[Point(depot), *map(Point, towns.values())],
        crs=4326,
    )
    return import_roads(layer(rows), points)


def reached(made: Imported) -> set[str]:
    towns = access(made.network, Conditions()).towns
    return set(towns.loc[~towns["isolated"], "name"])


def crossing(*more: tuple[dict[str, object], object]) -> Imported:
    """Import two ferry routes drawn as four ways that end in one point of the river.

    ::

        D -- road -- a ~~~~. .~~~~ b -- road -- B
                            +
        C -- road -- c ~~~~' '~~~~ d -- road -- T
    """
    rows = [
        (ROAD, [(-8.0, 12.6), (-7.9, 12.6)]),
        (ROAD, [(-8.0, 12.4), (-7.9, 12.4)]),
        (ROAD, [(-7.7, 12.6), (-7.6, 12.6)]),
        (ROAD, [(-7.7, 12.4), (-7.6, 12.4)]),
        (FERRY, [(-7.9, 12.6), MID]),
        (FERRY, [MID, (-7.7, 12.4)]),
        (FERRY, [(-7.9, 12.4), MID]),
        (FERRY, [(-7.7, 12.6), MID]),
        *more,
    ]
    towns = {"B": (-7.6, 12.6), "C": (-8.0, 12.4), "T": (-7.6, 12.4)}
    return imported(rows, towns, (-8.0, 12.6))


def test_nobody_changes_between_ferries_that_cross_on_the_water() -> None:
    made = crossing()
    assert reached(made) == {"T"}
    assert "ferry_fork" not in made.quality.counts()
    ferries = made.network.segments.query("mode == 'ferry'")
    assert ferries["length_km"].tolist() == pytest.approx([31.0, 31.0], abs=0.2)


def test_a_route_that_passes_where_two_ways_of_another_end_does_not_meet_it() -> None:
    whole = (FERRY, [(-7.9, 12.6), MID, (-7.7, 12.4)])
    made = imported(
        [
            (ROAD, [(-8.0, 12.6), (-7.9, 12.6)]),
            (ROAD, [(-7.7, 12.4), (-7.6, 12.4)]),
            (ROAD, [(-7.7, 12.6), (-7.6, 12.6)]),
            whole,
            (FERRY, [(-7.9, 12.4), MID]),
            (FERRY, [(-7.7, 12.6), MID]),
        ],
        {"B": (-7.6, 12.6), "T": (-7.6, 12.4)},
        (-8.0, 12.6),
    )
    assert reached(made) == {"T"}


def test_ferries_that_meet_at_a_quay_with_a_road_are_joined() -> None:
    quay = (ROAD, [(MID[0], MID[1] + 0.0004), (MID[0] + 0.0001, MID[1] + 0.003)])
    assert reached(crossing(quay)) == {"B", "C", "T"}


def test_a_fork_on_the_water_is_joined_and_reported() -> None:
    """::

    D -- road -- a ~~~~+~~~~ b -- road -- B
                       '~~~~ d -- road -- T
    """
    rows = [
        (ROAD, [(-8.0, 12.6), (-7.9, 12.6)]),
        (ROAD, [(-7.7, 12.6), (-7.6, 12.6)]),
        (ROAD, [(-7.7, 12.4), (-7.6, 12.4)]),
        (FERRY, [(-7.9, 12.6), MID]),
        (FERRY, [MID, (-7.7, 12.6)]),
        (FERRY, [MID, (-7.7, 12.4)]),
    ]
    made = imported(rows, {"B": (-7.6, 12.6), "T": (-7.6, 12.4)}, (-8.0, 12.6))
    assert reached(made) == {"B", "T"}
    assert made.quality.counts()["ferry_fork"] == 1


def test_a_ferry_lands_on_a_road_that_runs_along_the_bank() -> None:
    """::

    D ------------ road ------------ M
                   ~~~~ ferry, drawn to 11 m from the road
                     T
    """
    rows = [
        (ROAD, [(-8.0, 12.6), (-7.0, 12.6)]),
        (FERRY, [(-7.5, 12.5999), (-7.5, 12.59)]),
        (ROAD, [(-7.5, 12.59), (-7.5, 12.5)]),
    ]
    made = imported(rows, {"T": (-7.5, 12.5)}, (-8.0, 12.6))
    assert reached(made) == {"T"}
    assert made.quality.counts()["snapped"] == 1


def landing(gap: float) -> list[tuple[dict[str, object], object]]:
    """Return a road that ends ``gap`` degrees from the ferry: 0.001 is 108 m."""
    return [
        (ROAD, [(-8.0, 12.6), (-7.5 - gap, 12.6)]),
        (FERRY, [(-7.5, 12.6), (-7.45, 12.6)]),
        (ROAD, [(-7.45, 12.6), (-7.0, 12.6)]),
    ]


@pytest.mark.parametrize("gap", [0.0005, 0.002, 0.02])
def test_a_ferry_that_ends_off_every_road_is_reported_with_its_distance(gap: float) -> None:
    made = imported(landing(gap), {"T": (-7.0, 12.6), "W": (-7.6, 12.6)}, (-8.0, 12.6))
    assert reached(made) == {"W"}
    told = made.quality.places.set_index("problem")
    assert told.loc["ferry_end", "value"] == pytest.approx(gap * 108_600, rel=0.01)
    for lang in ("en", "fr"):
        assert made.quality.to_text(lang)


def test_a_town_at_the_end_of_a_ferry_needs_no_road_there() -> None:
    """::

    D ---- road ---- ~~~~ ferry ~~~~ T     and a ferry from D that ends off every place
    """
    rows = [
        (ROAD, [(-8.0, 12.6), (-7.5, 12.6)]),
        (FERRY, [(-7.5, 12.6), (-7.3, 12.6)]),
        (FERRY, [(-8.0, 12.6), (-8.0, 12.3)]),
    ]
    made = imported(rows, {"T": (-7.3, 12.6003)}, (-8.0, 12.6))
    assert reached(made) == {"T"}
    assert made.quality.counts()["ferry_end"] == 1


def test_a_terminal_drawn_as_an_area_joins_road_and_ferry() -> None:
    area = ({"amenity": "ferry_terminal"}, box(-7.5022, 12.5995, -7.4999, 12.6005))
    frame = layer([*landing(0.002), area])
    read = read_layer(frame.to_json().encode(), kind="roads").frame
    towns = gpd.GeoDataFrame(
        {"name": ["D", "T"], "supply_point": ["yes", ""]},
        geometry=[Point(-8.0, 12.6), Point(-7.0, 12.6)],
        crs=4326,
    )
    made = import_roads(read, towns)
    assert reached(made) == {"T"}
    assert "ferry_end" not in made.quality.counts()
    assert ("roads.note_landed", {"n": 1}) in made.quality.notes
    ferry = made.network.segments.query("mode == 'ferry'")["length_km"]
    assert ferry.tolist() == pytest.approx([0.052 * 108.6], rel=0.01)


def test_no_town_boards_a_ferry_on_the_water() -> None:
    """::

    D ---- road ---- ~~~~~~~~ ferry ~~~~~~~~ ---- road ---- M
                            T  300 m from the ferry's line, 3 km from its end
    """
    rows = [
        (ROAD, [(-8.0, 12.6), (-7.5, 12.6)]),
        (FERRY, [(-7.5, 12.6), (-7.44, 12.6)]),
        (ROAD, [(-7.44, 12.6), (-7.0, 12.6)]),
    ]
    made = imported(rows, {"M": (-7.0, 12.6), "T": (-7.472, 12.603)}, (-8.0, 12.6))
    town = made.network.nodes.set_index("name").loc["T"]
    assert town["attach_km"] == pytest.approx(3.1, abs=0.1)
    assert len(made.network.segments.query("mode == 'ferry'")) == 1
