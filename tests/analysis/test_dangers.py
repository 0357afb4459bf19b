import geopandas as gpd
import numpy as np
import pytest
from shapely.geometry import LineString

from geodata.analysis.danger_routes import danger_routes
from geodata.analysis.dangers import CROSSING, crosses_water, dangers_of_segments
from geodata.conditions import Conditions
from geodata.dataset import Dataset
from geodata.network.model import Network
from tests.conftest import make_network


class WithRivers(Dataset):
    """A data set whose rivers are given by hand."""


def two_bridges(metres: float, *, bridge: bool = True) -> WithRivers:
    """PORT == e, f == t: two roads so far apart, over one river that runs from south to north.

    ::

        PORT ----e----|~|---- t
             \\---f----|~|---/
    """
    toy = make_network(
        [("PORT", "t", 10, "yes", "e"), ("PORT", "t", 10, "yes", "f")], supply=["PORT"]
    )
    apart = metres / 110_600  # a degree of latitude at the equator
    segments = toy.segments.assign(bridge_structure=bridge)
    (start, end) = (tuple(point.coords[0]) for point in toy.nodes.geometry)
    middle = (start[0] + end[0]) / 2
    segments.geometry = [
        LineString([start, end]),
        LineString([start, (middle, start[1] - apart), end]),
    ]
    river = LineString([(middle, start[1] - 1), (middle, start[1] + 1)])
    dataset = WithRivers(Network(toy.nodes, segments), with_shipped_events=False)
    rivers = gpd.GeoDataFrame({"name": ["River"]}, geometry=[river], crs="EPSG:4326")
    object.__setattr__(dataset, "layers", {"rivers": rivers})
    return dataset


def test_two_carriageways_of_one_bridge_are_one_crossing() -> None:
    near = two_bridges(40)
    assert dangers_of_segments(near, np.arange(2)) == [(CROSSING + "e",), (CROSSING + "e",)]
    found = danger_routes(near, Conditions(), "t")
    assert found.routes == (("e",),)
    assert found.shared == (CROSSING + "e",)


def test_two_bridges_far_apart_are_two_crossings() -> None:
    found = danger_routes(two_bridges(2000), Conditions(), "t")
    assert found.routes == (("e",), ("f",))
    assert found.dangers == ((CROSSING + "e",), (CROSSING + "f",))


def test_a_road_that_has_no_bridge_crosses_no_river_that_is_drawn_over_it() -> None:
    """The base layer is coarse: what the network says of the road counts."""
    assert danger_routes(two_bridges(40, bridge=False), Conditions(), "t").dangers == ((), ())


def test_a_ferry_and_a_river_without_a_bridge_are_crossings_too(mali: Dataset) -> None:
    network = mali.network
    over = {network.segment_ids[row] for row in np.flatnonzero(crosses_water(network))}
    assert {
        "bamako--bamako-rive-droite",  # three bridges
        "korioume--bambara-maounde",  # ferry over the Niger
        "diafarabe--tenenkou",  # ferry over the Diaka
        "macina--diafarabe",  # arm of the Niger without a bridge
        "mandiana--yanfolila-frontiere",  # pirogues over the Sankarani
    } <= over
    assert "sevare--mopti" not in over  # a causeway
    assert over >= set(network.segments.loc[network.segments.bridge_structure, "segment_id"])
    towns = danger_routes(mali, Conditions(), "diafarabe")
    assert any(CROSSING + "macina--diafarabe" in each for each in towns.dangers)


def test_every_crossing_of_the_shipped_network_lies_on_one_segment(mali: Dataset) -> None:
    named = dangers_of_segments(mali, np.arange(len(mali.network.segment_ids)))
    for segment, dangers in zip(mali.network.segment_ids, named, strict=True):
        crossings = [each for each in dangers if each.startswith(CROSSING)]
        assert crossings in ([], [CROSSING + segment])


@pytest.mark.parametrize("column", ["bridge_structure", "mode"])
def test_an_imported_network_names_bridges_and_ferries_by_their_columns(column: str) -> None:
    toy = make_network(
        [("PORT", "t", 1, "yes", "e"), ("PORT", "t", 1, "yes", "f")], supply=["PORT"]
    )
    values = {"bridge_structure": [True, False], "mode": ["ferry", "road"]}[column]
    network = Network(toy.nodes, toy.segments.assign(**{column: values}))
    assert crosses_water(network).tolist() == [True, False]
