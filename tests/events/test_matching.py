"""Distances on the ellipsoid, and what the shipped events concern."""

import dataclasses
from itertools import pairwise

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod
from shapely.geometry import LineString, Point

from geodata.dataset import Dataset
from geodata.events import matching
from geodata.events.closures import unplaced_events
from geodata.events.corridors import Corridors
from geodata.events.matching import MatchBasis, _Roads, approach_roads, km_per_degree, match_events
from geodata.events.rules import Rules
from geodata.network.model import Network
from tests.conftest import make_network

WGS84 = Geod(ellps="WGS84")


@given(st.floats(-80, 80))
def test_a_degree_is_as_long_as_on_the_ellipsoid(lat: float) -> None:
    east, north = km_per_degree(lat)
    step = 1e-3
    assert east * step == pytest.approx(WGS84.inv(0, lat, step, lat)[2] / 1000, rel=1e-6)
    there = WGS84.inv(0, lat - step / 2, 0, lat + step / 2)[2] / 1000
    assert north * step == pytest.approx(there, rel=1e-6)


def test_no_shipped_event_is_snapped_beyond_its_reach(mali: Dataset) -> None:
    rules = Rules()
    found = match_events(
        mali.network, mali.events, Corridors(mali.network, mali.corridor_segments), rules
    )
    assert all(touch.distance_km <= rules.reach_segment_km for touch in found.touches)
    placed = {touch.event for touch in found.touches}
    assert placed.isdisjoint(found.unplaced)
    assert placed | set(found.unplaced) == set(range(len(mali.events)))


def test_region_only_events_concern_only_what_they_declare(mali: Dataset) -> None:
    corridors = Corridors(mali.network, mali.corridor_segments)
    found = match_events(mali.network, mali.events, corridors, Rules())
    region = mali.events["location_precision"] == "region"
    wide = {touch.event for touch in found.touches if region.iloc[touch.event]}
    kinds = mali.events.iloc[sorted(wide)]
    assert set(kinds["event_type"]) <= {
        "blockade",
        "blockade_lifted_or_truce",
        "convoy_arrival",
    }
    assert all(
        t.basis in {MatchBasis.IMPORTS, MatchBasis.CORRIDOR}
        for t in found.touches
        if t.event in wide
    )


def test_the_events_off_every_road_are_reported_with_their_distance(mali: Dataset) -> None:
    told = unplaced_events(
        mali.network, mali.events, corridor_segments=mali.corridor_segments
    ).set_index("event_id")
    far = told[told["reason"] == "closures.unplaced.out_of_reach"]["distance_km"]
    assert dict(far.round()) == {"MLI-2025-1109-02": 18.0, "MLI-2025-1226-02": 27.0}


def test_the_roads_into_a_town_take_in_its_other_bank(mali: Dataset) -> None:
    roads = approach_roads(mali.network, "kayes", 3.0)
    assert {"ambidedi--kayes", "kayes--kayes-ndi", "kayes-ndi--dialaka"} <= roads
    assert "diema--nioro" not in roads


def degrees(least: float, most: float) -> st.SearchStrategy[float]:
    return st.integers(round(least * 1e4), round(most * 1e4)).map(lambda n: n / 1e4)


@given(
    st.lists(st.tuples(degrees(-12, 4), degrees(10, 24)), min_size=2, max_size=9),
    st.tuples(degrees(-40, 40), degrees(-30, 60)),
)
def test_the_nearest_road_is_found_without_looking_at_all(places, point):
    """The reach of one event is reported from the nearest road, however far that is."""
    names = [f"n{i}" for i in range(len(places))]
    network = make_network([(a, b, 1) for a, b in pairwise(names)])
    nodes = network.nodes.set_geometry(gpd.GeoSeries(map(Point, places), crs=4326))
    lines = gpd.GeoSeries(map(LineString, pairwise(places)), crs=4326)
    roads = _Roads(Network(nodes, network.segments.set_geometry(lines)))
    east, north = km_per_degree(point[1])
    flat = [
        LineString([((x - point[0]) * east, (y - point[1]) * north) for x, y in line.coords])
        for line in lines
    ]
    nearest = min(line.distance(Point(0, 0)) for line in flat)
    (told,) = roads.nearest_km(np.array([point]))
    assert told == pytest.approx(nearest, abs=1e-9)


def test_events_matched_together_concern_what_each_concerns_alone(
    mali: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    corridors = Corridors(mali.network, mali.corridor_segments)
    some = mali.events.iloc[::9]
    alone = [
        match_events(mali.network, some.iloc[[row]], corridors, Rules()) for row in range(len(some))
    ]
    monkeypatch.setattr(matching, "AT_ONCE", 7)
    twice = pd.concat([some, some], ignore_index=True)
    together = match_events(mali.network, twice, corridors, Rules())
    assert together.touches == tuple(
        dataclasses.replace(touch, event=row)
        for row in range(len(twice))
        for touch in alone[row % len(some)].touches
    )
    assert together.unplaced == {
        row: one.unplaced[0] for row, one in enumerate(alone * 2) if one.unplaced
    }
    assert together.unplaced
    assert {touch.basis for touch in together.touches} >= {
        MatchBasis.NEAREST,
        MatchBasis.APPROACH,
        MatchBasis.STRETCH,
    }
