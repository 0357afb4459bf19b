import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata import schema as f
from geodata.events.duplicates import joined, without
from geodata.events.table import no_events, shipped_events
from geodata.network import geodesy
from geodata.network.geodesy import NEAR_KM, SPOTS_COMPARED, distance_km, near_pairs

SHIPPED = shipped_events()


def test_joining_keeps_every_event_and_names_each():
    both = joined(SHIPPED, SHIPPED, SHIPPED)
    assert len(both) == 3 * len(SHIPPED)
    assert both[f.EVENT_ID].is_unique
    assert both[f.EVENT_ID][: len(SHIPPED)].tolist() == SHIPPED[f.EVENT_ID].tolist()
    assert both[f.EVENT_ID][len(SHIPPED)] == f"{SHIPPED[f.EVENT_ID][0]}~2"
    assert both[f.EVENT_ID][2 * len(SHIPPED)] == f"{SHIPPED[f.EVENT_ID][0]}~3"


def test_an_id_that_looks_like_a_mark_is_not_used_twice():
    table = SHIPPED[:3].assign(**{f.EVENT_ID: ["A", "A~2", "B"]})
    assert joined(table, SHIPPED[:1].assign(**{f.EVENT_ID: ["A"]}))[f.EVENT_ID][3] == "A~3"


def test_joining_with_nothing_changes_nothing():
    pd.testing.assert_frame_equal(joined(SHIPPED, no_events()), SHIPPED)
    assert joined(no_events()).empty


def test_events_are_left_out_by_name():
    both = joined(SHIPPED, SHIPPED)
    left = without(both, [name for name in both[f.EVENT_ID] if name.endswith("~2")])
    pd.testing.assert_frame_equal(left, SHIPPED)


SPOTS = st.lists(st.tuples(
    st.sampled_from("ab"),
    st.floats(10, 25).map(lambda lat: round(lat, 2)) | st.floats(13, 13.15),
    st.floats(-12, 5).map(lambda lon: round(lon, 2)) | st.floats(-8.1, -7.95),
), max_size=40)  # fmt: skip


@given(SPOTS)
def test_a_spot_is_near_an_earlier_one_where_comparing_all_with_all_says_so(spots):
    found = {later: (earlier, km) for later, earlier, km in near_pairs(spots)}
    for later, (kind, lat, lon) in enumerate(spots):
        near = {
            earlier: km
            for earlier, (other, *point) in enumerate(spots[:later])
            if other == kind and (km := distance_km(lat, lon, *point)) <= NEAR_KM
        }
        assert bool(near) == (later in found)
        if near:
            earlier, km = found[later]
            assert near[earlier] == km


@pytest.mark.parametrize("step", [1e-6, 1e-5, 1e-4])
def test_crowded_spots_are_compared_with_a_bounded_number_each(monkeypatch, step):
    """Two crowds just too far from each other, on one day and of one kind."""
    spots = [("a", 13 + step * (n // 2), -8 + 0.055 * (n % 2)) for n in range(4_000)]
    asked = []

    def counted(*points):
        asked.append(points)
        return distance_km(*points)

    monkeypatch.setattr(geodesy, "distance_km", counted)
    assert list(near_pairs(spots))
    assert len(asked) <= 25 * SPOTS_COMPARED * len(spots) / 10
