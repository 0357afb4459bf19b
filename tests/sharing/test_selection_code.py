"""Selections in a link: short, read back exactly, and no hostile input breaks it."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.dataset import Dataset
from geodata.network.selection import Area, Circle, CorridorName, RoadNumber, Selection
from geodata.sharing import permalink as links
from geodata.sharing.fingerprints import known
from geodata.sharing.selection_code import read_selection, selection_code
from geodata.sharing.view_state import ViewState

DEGREES = st.tuples(st.floats(-179, 179), st.floats(-89, 89))


@st.composite
def areas(draw: st.DrawFn) -> Area:
    """Any polygon about a point, some with a hole, some of several parts."""
    lon, lat = draw(DEGREES)
    angles = np.linspace(0, 2 * np.pi, draw(st.integers(4, 12)), endpoint=False)
    radii = draw(st.lists(st.floats(0.1, 0.9), min_size=len(angles), max_size=len(angles)))
    ring = np.c_[lon + radii * np.cos(angles), lat + radii * np.sin(angles)]
    hole = [ring.mean(axis=0) + (ring - ring.mean(axis=0)) * 0.2] if draw(st.booleans()) else []
    shape = shapely.Polygon(ring, hole)
    if draw(st.booleans()):
        beside = shapely.box(-0.01, -0.01, 0.01, 0.01)
        shape = shapely.union_all([shapely.make_valid(shape), beside])
    polygons = [p for p in shapely.get_parts(shapely.make_valid(shape)) if p.geom_type == "Polygon"]
    return Area(shapely.union_all(polygons))


def selections() -> st.SearchStrategy[Selection]:
    circle = st.builds(lambda at, km: Circle(*at, km), DEGREES, st.floats(0.001, 2000))
    road = st.sampled_from(["RN6", "6", "N12", "A3"]).map(RoadNumber)
    corridor = st.sampled_from(["Gao-Kidal", "Côte d'Ivoire-Mopti direct", "a,b:c%~"])
    return st.one_of(areas(), circle, road, corridor.map(CorridorName))


@settings(max_examples=60)
@given(st.lists(selections(), max_size=4, unique=True))
def test_a_link_gives_the_same_selections_again(chosen: list[Selection]) -> None:
    state = ViewState(cut_by=tuple(chosen), cut=("x",))
    again, notices = links.parse(links.format(state))
    assert again == state
    assert not notices


def test_a_comparison_keeps_the_selections_of_the_other_scenario() -> None:
    other = ViewState(cut_by=(RoadNumber("RN6"), Area(shapely.box(-5, 13, -4, 14))))
    state = links.comparing(ViewState(), other)
    again, notices = links.parse(links.format(state))
    found = links.compared(again)
    assert found is not None
    assert (found.cut_by, notices) == (other.cut_by, ())


def test_a_drawn_area_of_forty_points_stays_below_three_hundred_characters() -> None:
    circle = shapely.Point(-4, 14).buffer(0.5, quad_segs=10)
    assert len(selection_code(Area(circle))) < 300


@pytest.mark.parametrize(
    "code",
    [
        "", "road", "road/", "road/x", "circle/1,2", "circle/1,2,x", "circle/1,2,-3", "area/",
        "area/!", "area/A", "area/AQMAAAAAAAAA", "area/____________", "nothing/RN6",
        "area/" + "A" * 20_000, "road/RN\n6",
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_reported_and_left_out(code: str) -> None:
    assert read_selection(code) is None
    state, notices = links.parse({"cut_by": code})
    assert state.cut_by == ()
    assert [each.key for each in notices] == (["state.unknown_selections"] if code else [])


@settings(max_examples=100)
@given(st.text(max_size=60), st.sampled_from(["area", "circle", "road", "corridor"]))
def test_reading_a_selection_never_raises(text: str, kind: str) -> None:
    read_selection(f"{kind}/{text}")


@settings(max_examples=100)
@given(st.text("AQDgw_-09az", max_size=40))
def test_damaged_areas_never_raise(text: str) -> None:
    read_selection(f"area/{text}")


def test_a_corridor_not_known_here_is_left_out(mali: Dataset) -> None:
    state, notices = links.parse("cut_by=corridor/Nowhere,corridor/Gao-Kidal", known=known(mali))
    assert state.cut_by == (CorridorName("Gao-Kidal"),)
    assert [each.key for each in notices] == ["state.unknown_selections"]
