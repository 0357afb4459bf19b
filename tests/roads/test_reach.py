"""A town is put on the roads that serve it best; one more road never makes access worse."""

from collections.abc import Collection
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, assume, example, given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, Point

from geodata.analysis.accessibility import access
from geodata.conditions import Conditions
from geodata.errors import GeodataError
from geodata.roads.importer import Imported, import_roads
from geodata.roads.options import ImportOptions
from geodata.roads.reach import STRETCH
from geodata.schema import Vehicle

Road = tuple[str, tuple[tuple[float, float], ...]]
TRUNK: list[Road] = [
    ("trunk", ((-8.0, 12.6), (-7.5, 12.6))), ("trunk", ((-7.5, 12.6), (-7.0, 12.6))),
    ("trunk", ((-7.0, 12.6), (-6.5, 12.6))),
]  # fmt: skip
TOWNS = {"T": (-7.0, 12.603), "U": (-6.5, 12.6)}


def imported(
    roads: list[Road],
    towns: dict[str, tuple[float, float]],
    depot: tuple[float, float],
    *,
    options: ImportOptions | None = None,
    **columns: Any,
) -> Imported:
    lines = gpd.GeoDataFrame(
        pd.DataFrame({"highway": [kind for kind, _ in roads], **columns}),
        geometry=[LineString(places) for _, places in roads],
        crs=4326,
    )
    points = gpd.GeoDataFrame(
        {"name": ["Depot", *towns], "supply_point": ["yes"] + [None] * len(towns)},
        geometry=[Point(depot), *map(Point, towns.values())],
        crs=4326,
    )
    return import_roads(lines, points, options=options)


def ways(made: Imported, vehicle: Vehicle, cut: Collection[str] = ()) -> pd.DataFrame:
    """Km of each town's route and of its last stretch; no row where there is none."""
    conditions = Conditions(vehicle=vehicle, cut=frozenset(cut))
    towns = access(made.network, conditions).towns.set_index("node_id")
    nodes = made.network.nodes.set_index("node_id")
    found = towns[["distance_km"]].assign(attach_km=nodes["attach_km"].reindex(towns.index))
    return found.dropna(subset="distance_km")


def test_a_nearer_track_keeps_no_tanker_out() -> None:
    """::

               .--------- track ---------.
              /        T                  \\
        D ---+---------------------------- U     trunk; T lies nearer to the track
    """
    before = imported(TRUNK, TOWNS, (-8.0, 12.6))
    track = ((-7.5, 12.6), (-7.4, 12.605), (-6.9, 12.605), (-6.6, 12.6), (-6.5, 12.6))
    after = imported([*TRUNK, ("track", track)], TOWNS, (-8.0, 12.6))
    for vehicle in Vehicle:
        assert ways(before, vehicle).loc["t", "distance_km"] == pytest.approx(108.7, abs=0.1)
        assert ways(after, vehicle).loc["t", "distance_km"] == pytest.approx(108.7, abs=0.5)
    assert {"not_nearest", "linked"} & set(after.quality.counts())


def test_a_nearer_road_reached_by_a_long_loop_is_passed_over_and_reported() -> None:
    """::

      .------------------.
      '-- T              |        secondary, from U round to T
    D --------------- U -'        trunk
    """
    loop = ((-6.5, 12.6), (-6.5, 12.9), (-7.02, 12.9), (-7.02, 12.6045), (-6.98, 12.6045))
    made = imported([*TRUNK, ("secondary", loop)], TOWNS, (-8.0, 12.6))
    for vehicle in (Vehicle.ANY, Vehicle.TANKER):
        assert ways(made, vehicle).loc["t", "distance_km"] <= 108.7 + 0.4
    told = made.quality.places.set_index("problem")["about"]
    assert told["not_nearest"] == "T"


def test_a_link_is_open_to_the_vehicles_of_its_road_and_counts_its_length() -> None:
    """::

    D ------ trunk ------ (200 m) T (100 m) ------ track ------ D2
    """
    roads: list[Road] = [
        ("trunk", ((-8.0, 12.6), (-7.01, 12.6), (-7.003, 12.6))),
        ("track", ((-6.9, 12.6), (-6.999, 12.6))),
    ]
    made = imported(roads, {"T": (-7.0, 12.6), "D2": (-6.9, 12.6)}, (-8.0, 12.6))
    links = made.network.segments[made.network.segments["road_class"] == "link"]
    assert set(links["mode"]) <= {"road"}
    assert (links["length_km"] > 0).all()
    assert "t" in ways(made, Vehicle.TANKER).index


def test_a_depot_between_a_track_and_a_road_serves_both() -> None:
    """The depot's nearest road is a track that leads nowhere; the trunk is 100 m further."""
    spur: Road = ("track", ((-8.0, 12.6005), (-8.05, 12.61)))
    made = imported([*TRUNK, spur], TOWNS, (-8.0, 12.6008))
    assert ways(made, Vehicle.TANKER_ALL_YEAR).index.tolist() == ["t", "u"]


def test_a_supply_point_is_joined_to_no_road_across_a_gap_of_more_than_a_kilometre() -> None:
    """::

    .---------------- trunk ---------------- T
    | bridge                 (2 km without a bridge)
    M ---- trunk ---- D
    """
    roads: list[Road] = [
        ("trunk", ((-8.0, 12.6), (-8.3, 12.6))),
        ("trunk", ((-8.3, 12.618), (-7.0, 12.618))),
    ]
    banks = {"T": (-7.0, 12.618), "M": (-8.3, 12.6)}
    made = imported(roads, banks, (-8.0, 12.6))
    assert ways(made, Vehicle.ANY).index.tolist() == ["m"]
    assert {"part", "linked"} & set(made.quality.counts()) == {"part"}
    bridge: Road = ("trunk", ((-8.3, 12.6), (-8.3, 12.618)))
    whole = imported([*roads, bridge], banks, (-8.0, 12.6))
    assert ways(whole, Vehicle.ANY).loc["t", "distance_km"] == pytest.approx(175.7, abs=0.5)


def test_a_depot_beside_a_stray_track_may_lose_its_trunk_road_and_that_is_reported() -> None:
    """::

          .---- track, drawn later ----
    D-stray                               the depot lies on the stray piece
       |  (3 km)
    -------------- trunk ------ T         and supplies by the trunk road
    """
    stray: Road = ("track", ((-8.0, 12.63), (-7.99, 12.63)))
    more: Road = ("track", ((-7.99, 12.63), (-7.6, 12.9)))
    before = imported([*TRUNK, stray], TOWNS, (-8.0, 12.63))
    assert before.quality.counts()["not_nearest"] == 1
    after = imported([*TRUNK, stray, more], {**TOWNS, "N": (-7.6, 12.9)}, (-8.0, 12.63))
    assert ways(before, Vehicle.ANY).index.tolist() == ["t", "u"]
    assert ways(after, Vehicle.ANY).index.tolist() == ["n"]
    assert after.quality.counts()["part"] == 1


def test_a_link_over_a_river_is_reported_as_such() -> None:
    """::

    .------- track ------- T    100 m north of the town
    D                   ~river~
    '--- trunk, longer ---'     200 m south of it, the only road for tankers
    """
    roads: list[Road] = [
        ("track", ((-8.0, 12.6), (-7.0, 12.601))),
        ("trunk", ((-8.0, 12.6), (-7.5, 12.2), (-7.0, 12.598))),
        ("", ((-7.1, 12.5991), (-6.9, 12.5991))),
    ]
    made = imported(roads, {"T": (-7.0, 12.6)}, (-8.0, 12.6), waterway=[None, None, "river"])
    assert "t" in ways(made, Vehicle.TANKER).index
    counts = made.quality.counts()
    assert counts["across_river"] == counts["linked"] == 1


SUPPLIED: Road = ("trunk", ((-8.0, 12.0), (-7.9, 12.0)))
"""The depot's road: it bears every vehicle, and is too long to be taken for a stray piece."""
NODES = st.tuples(st.integers(0, 9), st.integers(0, 9))
CLASSES = st.sampled_from(["trunk", "secondary", "track"])


@st.composite
def road(draw: st.DrawFn) -> Road:
    places = draw(st.lists(NODES, min_size=2, max_size=4, unique=True))
    # Nearly the places of a grid, so that towns lie off the roads by some hundred metres.
    return draw(CLASSES), tuple((-8 + x * 0.02, 12 + y * 0.02) for x, y in places)


def test_an_end_that_a_third_road_shares_is_still_joined_to_the_long_road_it_lies_on() -> None:
    """The long road is straight in degrees, hence 0.1 m off the end in metres::

    D -------- * ------------------    trunk, 11 km
               | spur to T; the third road passes through its end *
    """
    spur: Road = ("trunk", ((-7.98, 12.03), (-7.98, 12.0)))
    third: Road = ("trunk", ((-7.98, 12.05), (-7.99, 12.03), (-7.98, 12.0), (-7.97, 11.98)))
    for roads in ([SUPPLIED, spur], [SUPPLIED, spur, third]):
        made = imported(roads, {"T": (-7.98, 12.03)}, (-8.0, 12.0))
        assert ways(made, Vehicle.TANKER).loc["t", "distance_km"] == pytest.approx(5.5, abs=0.1)


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)
@given(
    roads=st.lists(road(), min_size=3, max_size=8),
    more=road(),
    place=st.integers(0, 8),
    towns=st.lists(st.tuples(st.integers(0, 180), st.integers(0, 180)), min_size=1, max_size=4,
                   unique=True),
)  # fmt: skip
def test_one_more_road_never_makes_access_worse(
    roads: list[Road], more: Road, place: int, towns: list[tuple[int, int]]
) -> None:
    roads = [SUPPLIED, *roads]
    depot = SUPPLIED[1][0]
    named = {f"t{n}": (-8 + x * 0.001, 12 + y * 0.001) for n, (x, y) in enumerate(towns)}
    try:
        before = imported(roads, named, depot)
    except GeodataError:
        return
    try:
        after = imported([*roads[:place], more, *roads[place:]], named, depot)
    except GeodataError:  # nothing joins a town to the depot, nor did it before
        assert all(ways(before, vehicle).empty for vehicle in Vehicle)
        return
    no_worse(before, after)


def no_worse(before: Imported, after: Imported) -> None:
    """No town is farther from supply, by road and by the last stretch as the choice weighs it.

    A link serves the town that it is drawn for, and goes where that town finds a better road. What
    it gave to another town on the way is not promised.
    """
    for vehicle in Vehicle:
        old, new = ways(before, vehicle), ways(after, vehicle)
        for town in old.index.difference(kept(before, old, new)):
            own = ways(before, vehicle, links_of_others(before, town)).filter([town], axis=0)
            assert list(own.index) == list(kept(before, own, new))


def kept(before: Imported, old: pd.DataFrame, new: pd.DataFrame) -> pd.Index:
    """Towns whose route has not become longer than the last stretch allows."""
    towns = old.index.intersection(new.index, sort=False)
    old, new = old.loc[towns], new.loc[towns]
    stretches = old["attach_km"] + linked_km(before, towns)
    bound = old["distance_km"] + old["attach_km"] + (STRETCH - 1) * stretches
    return towns[new["distance_km"] + new["attach_km"] <= bound + 0.05]


def links_of_others(made: Imported, town: str) -> list[str]:
    """Links to better roads, but for those of one town."""
    ids = made.network.segments["segment_id"]
    return [i for i in ids if i.startswith("wlink-") and not i.startswith(f"wlink-{town}-")]


DOTS = st.tuples(st.integers(0, 4), st.integers(0, 4), st.sampled_from([0, 0, 1]))


@st.composite
def careless_road(draw: st.DrawFn) -> Road:
    """A road over places of a grid, or 11 m beside them, so that ends miss other roads."""
    places = draw(st.lists(DOTS, min_size=2, max_size=3, unique=True))
    drawn = tuple((-8 + 0.02 * x + 0.0001 * off, 12 + 0.02 * y) for x, y, off in places)
    return draw(CLASSES), drawn


def clear_of_loose_ends(roads: list[Road], more: Road) -> bool:
    """Whether a road keeps 25 m (0.00023 degrees) away from every loose end of the others."""
    loose = [
        end
        for n, (_, places) in enumerate(roads)
        for end in (places[0], places[-1])
        if not any(end in other for m, (_, other) in enumerate(roads) if m != n)
    ]
    return all(LineString(more[1]).distance(Point(end)) > 0.00024 for end in loose)


@settings(
    max_examples=14,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)
@given(
    roads=st.lists(careless_road(), min_size=3, max_size=7),
    more=careless_road(),
    place=st.integers(0, 7),
)
@example(
    roads=[
        ("secondary", ((-7.98, 12.08), (-7.9399, 12.08), (-8.0, 12.02))),
        ("trunk", ((-7.92, 12.04), (-7.98, 12.02), (-8.0, 12.0))),
        ("track", ((-7.92, 12.02), (-7.96, 12.08))),
        ("track", ((-7.9599, 12.02), (-7.9199, 12.08))),
        ("secondary", ((-7.94, 12.06), (-7.9599, 12.06), (-7.9599, 12.04))),
        ("secondary", ((-7.92, 12.02), (-7.98, 12.02), (-7.98, 12.06))),
        ("trunk", ((-8.0, 12.08), (-7.9799, 12.04))),
    ],
    more=("secondary", ((-7.96, 12.06), (-7.98, 12.02), (-7.9399, 12.04))),
    place=4,
)  # a town passed over the link of another, which finds a better road
def test_a_road_clear_of_loose_ends_leaves_every_join_and_all_access(
    roads: list[Road], more: Road, place: int
) -> None:
    """The exact condition under which joining loose ends keeps the promise of more roads."""
    roads = [SUPPLIED, *roads]
    assume(clear_of_loose_ends(roads, more))
    depot = SUPPLIED[1][0]
    towns = {f"t{n}": places[-1] for n, (_, places) in enumerate(roads)}
    try:
        before = imported(roads, towns, depot)
    except GeodataError:
        return
    no_worse(before, imported([*roads[:place], more, *roads[place:]], towns, depot))


def test_a_road_drawn_from_a_loose_end_may_part_it_from_its_neighbour_and_that_is_reported() -> (
    None
):
    """::

    D ---- trunk ---- a  (11 m)  b ---- trunk ---- T
                      '-- track                         drawn later, from a
                      |
                 b runs past a: its end is not loose either
    """
    trunk: list[Road] = [
        ("trunk", ((-8.0, 12.6), (-7.5, 12.6))),
        ("trunk", ((-7.4999, 12.7), (-7.4999, 12.6), (-7.4999, 12.5))),
    ]
    towns = {"M": (-7.75, 12.6), "T": (-7.4999, 12.5)}
    assert "t" in ways(imported(trunk, towns, (-8.0, 12.6)), Vehicle.ANY).index
    track: Road = ("track", ((-7.5, 12.6), (-7.6, 12.5)))
    made = imported([*trunk, track], towns, (-8.0, 12.6))
    assert "t" not in ways(made, Vehicle.ANY).index
    told = made.quality.places.set_index("problem")
    assert told.loc["near_miss", "value"] == pytest.approx(11, abs=1)


def linked_km(made: Imported, towns: pd.Index) -> pd.Series:
    """Km of links at each town and at the depot: with the last stretch, what is no mapped road."""
    segments = made.network.segments
    links = segments[segments["road_class"] == "link"]
    at = [
        links.loc[(links["from_node"] == node) | (links["to_node"] == node), "length_km"].sum()
        for node in [*towns, "depot"]
    ]
    return pd.Series(at[:-1], index=towns) + at[-1]


def test_a_vertex_at_zero_is_left_out_and_reported() -> None:
    roads: list[Road] = [("trunk", ((-8.0, 12.6), (0.0, 0.0), (-7.0, 12.6)))]
    made = imported(roads, {"T": (-7.0, 12.6)}, (-8.0, 12.6))
    assert ways(made, Vehicle.ANY).loc["t", "distance_km"] == pytest.approx(108.7, abs=0.1)
    assert made.quality.counts()["null_vertex"] == 1


@pytest.mark.parametrize("degrees", [0.5, 1.0, 2.0])
def test_a_junction_on_a_long_straight_edge_is_one(degrees: float) -> None:
    """The spur begins in the middle of an edge that is straight in longitude and latitude."""
    west, north = (-8.0, 12.0), (-8.0 + 2 * degrees, 12.0 + degrees)
    middle = (-8.0 + degrees, 12.0 + degrees / 2)
    spur = (middle[0], middle[1] + 0.2)
    roads: list[Road] = [("trunk", (west, north)), ("trunk", (middle, spur))]
    made = imported(roads, {"N": north, "S": spur}, west)
    assert set(ways(made, Vehicle.ANY).index) == {"n", "s"}


def test_stated_lengths_of_schematic_lines_are_used_where_the_user_asks_for_them() -> None:
    """::

    D ---- 300 km by its source, 109 km drawn ---- T ---- no length stated ---- U
              |
              M   a town in the middle of the first road
    """
    roads: list[Road] = [
        ("trunk", ((-8.0, 12.6), (-7.5, 12.6), (-7.0, 12.6))),
        ("trunk", ((-7.0, 12.6), (-6.5, 12.6))),
    ]
    towns = {"T": (-7.0, 12.6), "M": (-7.5, 12.6), "U": (-6.5, 12.6)}
    stated = {"length_km": [300.0, None]}
    as_drawn = ways(imported(roads, towns, (-8.0, 12.6), **stated), Vehicle.ANY)["distance_km"]
    assert as_drawn.tolist() == pytest.approx([54.3, 108.7, 163.0], abs=0.2)
    asked = ImportOptions(stated_lengths=True)
    made = imported(roads, towns, (-8.0, 12.6), options=asked, **stated)
    found = ways(made, Vehicle.ANY)["distance_km"]
    assert found.loc[["m", "t", "u"]].tolist() == pytest.approx([150, 300, 354.3], abs=0.2)
    basis = made.network.segments.set_index("to_node")["length_basis"]
    assert sorted(basis) == ["drawn", "stated", "stated"]
    assert made.quality.counts()["length_differs"] == 1
