"""Where the subject of a card lies."""

import pytest

from dashboard.session.extent import extent, extent_of_roads
from dashboard.session.visit import Card
from geodata import schema as f
from geodata.dataset import shipped
from geodata.events.vocabulary import LocationPrecision


def of(kind: str, *ids: str) -> tuple[float, float, float, float] | None:
    """Extent of a card on the shipped data."""
    mali = shipped()
    return extent(mali.network, mali.events, Card(kind, ids))


def test_a_town_and_a_port_lie_at_a_point() -> None:
    south, west, north, east = of("town", "mopti")
    assert (south, west) == (north, east) == pytest.approx((14.49, -4.19), abs=0.05)
    south, west, north, east = of("supply", "abidjan")
    assert (south, west) == (north, east) == pytest.approx((5.3, -4.0), abs=0.2)


def test_a_way_reaches_from_one_end_to_the_other_and_a_road_as_far_as_its_line() -> None:
    bamako, gao = of("town", "bamako"), of("town", "gao")
    assert of("way", "bamako", "gao") == (bamako[0], bamako[1], gao[2], gao[3])
    south, west, north, east = of("road", "gao--bourem")
    assert south < north
    assert west < east
    assert of("way") is None


def test_an_event_lies_where_it_was_reported_and_one_known_by_region_in_its_region() -> None:
    events = shipped().events
    regional = events[f.LOCATION_PRECISION] == LocationPrecision.REGION
    placed = events[~regional].iloc[0]
    south, west, north, east = of("events", placed[f.EVENT_ID])
    assert (south, west) == (north, east)
    assert (south, west) == pytest.approx((placed[f.LAT], placed[f.LON]), abs=1e-4)
    towns = set(shipped().network.nodes[f.ADMIN1])
    known = events[regional & events[f.REGION].isin(towns)].iloc[0]
    assert of("events", known[f.EVENT_ID]) == of("region", known[f.REGION])


def test_roads_lie_in_the_box_that_holds_all_their_lines() -> None:
    network = shipped().network
    bourem, mopti = of("road", "gao--bourem"), of("road", "sevare--mopti")
    both = extent_of_roads(network, ("gao--bourem", "sevare--mopti"))
    assert both == (*map(min, bourem[:2], mopti[:2]), *map(max, bourem[2:], mopti[2:]))
    assert extent_of_roads(network, ()) is None


def test_what_has_no_place_has_no_extent() -> None:
    for kind in ("town", "road", "events", "region", "entry"):
        assert of(kind, "nowhere") is None
