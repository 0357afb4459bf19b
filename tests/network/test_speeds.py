import numpy as np
import pytest

from geodata.network.model import Network
from geodata.network.speeds import SPEEDS, speeds_kmh


def test_every_kind_of_road_of_the_shipped_network_has_a_speed(mali):
    speeds = speeds_kmh(mali.network.segments)
    assert len(speeds) == len(mali.network.segment_ids)
    assert set(np.unique(speeds)) <= {s.speed_kmh for s in SPEEDS}
    by_id = dict(zip(mali.network.segment_ids, speeds, strict=True))
    assert by_id["anefis--kidal"] < by_id["segou--bla"]


@pytest.mark.parametrize(
    ("road_class", "surface", "kmh"),
    [("national paved", "paved", 60), ("national paved", "paved (very degraded)", 25),
     ("desert track", "paved", 20), ("regional", "laterite", 35), ("", "", 35),
     ("national paved", "", 60), ("national unpaved", "sand track", 20)],
)  # fmt: skip
def test_the_first_row_that_fits_counts(corridor, road_class, surface, kmh):
    segments = corridor.segments.assign(road_class=road_class, surface=surface)
    assert set(speeds_kmh(Network(corridor.nodes, segments).segments)) == {kmh}


def test_a_segments_own_speed_wins_and_nonsense_does_not(corridor):
    own = [10.0, np.nan, -5.0, 0.0, 50.0, 60.0, 70.0]
    network = Network(corridor.nodes, corridor.segments.assign(speed_kmh=own))
    assert speeds_kmh(network.segments).tolist() == [10, 35, 35, 35, 50, 60, 70]
    assert network.hours[0] == network.length_km[0] / 10
