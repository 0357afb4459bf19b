"""Random networks and scenarios."""

from hypothesis import strategies as st

from geodata.conditions import Closure, Conditions
from geodata.network.model import Network
from geodata.schema import SegmentState, Vehicle
from tests.conftest import make_network

NAMES = [f"n{i}" for i in range(9)]


@st.composite
def networks(draw: st.DrawFn) -> Network:
    """Small multigraphs with parallel roads, loops, islands and equal lengths."""
    count = draw(st.integers(1, 16))
    km = st.sampled_from([0.0, 1.0, 1.0, 2.5, 3.3, 0.1, 0.2, 7.0]) | st.floats(0, 50).map(
        lambda x: round(x, 3)
    )
    roads = [
        (
            draw(st.sampled_from(NAMES)),
            draw(st.sampled_from(NAMES)),
            draw(km),
            draw(st.sampled_from(["yes", "yes", "seasonal", "no"])),
            f"s{i}",
        )
        for i in range(count)
    ]
    supply = draw(st.sets(st.sampled_from(NAMES), max_size=3))
    people = draw(st.dictionaries(st.sampled_from(NAMES), st.integers(0, 9000).map(float)))
    return make_network(roads, supply=supply, people=people, nodes=NAMES)


@st.composite
def scenarios(
    draw: st.DrawFn, network: Network, *, closures: bool = True, season: bool = False
) -> Conditions:
    """Any scenario on a network."""
    some = st.frozensets(st.sampled_from(network.segment_ids), max_size=5)
    off = frozenset[str]()
    if network.supply_points:
        off = draw(st.frozensets(st.sampled_from(network.supply_points), max_size=2))
    closed = draw(some) if closures else frozenset()
    states = [SegmentState.ESCORT_ONLY, SegmentState.CONTESTED, SegmentState.CLOSED]
    return Conditions(
        cut=draw(some),
        reopened=draw(st.frozensets(st.sampled_from(network.segment_ids), max_size=2)),
        without=off,
        vehicle=draw(st.sampled_from(list(Vehicle))),
        closures=tuple(Closure(i, draw(st.sampled_from(states))) for i in sorted(closed)),
        impassable=draw(some) if season else frozenset(),
    )
