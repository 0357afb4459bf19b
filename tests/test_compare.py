"""What changed between two accesses."""

import pytest

from geodata.access import access
from geodata.compare import Change, compare
from geodata.errors import GeodataError
from geodata.fields import SegmentState
from geodata.network import Network
from geodata.scenario import Closure, Scenario
from tests.road_toys import road_network

BEFORE = Scenario()


def changes(network: Network, before: Scenario, after: Scenario) -> dict[str, str]:
    found = compare(access(network, before), access(network, after))
    return dict(zip(found.changed["node_id"], found.changed["change"], strict=True))


def test_each_kind_of_change(corridor: Network) -> None:
    cut = Scenario(cut=frozenset({"a--b"}))
    assert changes(corridor, BEFORE, BEFORE) == {}
    switch = "changed_supply"
    assert changes(corridor, BEFORE, cut) == {"b": "longer", "d": switch, "e": switch}
    assert changes(corridor, cut, BEFORE) == {"b": "shorter", "d": switch, "e": switch}
    lone = Scenario(cut=frozenset({"d--e"}))
    assert changes(corridor, BEFORE, lone) == {"e": "lost"}
    assert changes(corridor, lone, BEFORE) == {"e": "gained"}
    switched = Scenario(cut=frozenset({"b--d"}))
    assert changes(corridor, BEFORE, switched) == {"d": "changed_supply", "e": "changed_supply"}
    escorted = Scenario(closures=(Closure("d--e", SegmentState.ESCORT_ONLY),))
    assert changes(corridor, BEFORE, escorted) == {"e": "now_escorted"}
    assert changes(corridor, escorted, BEFORE) == {"e": "free_of_escort"}


def test_the_gravest_come_first_with_their_people(corridor: Network) -> None:
    after = access(corridor, Scenario(cut=frozenset({"b--d", "DEPOT--d", "a--b"})))
    found = compare(access(corridor, BEFORE), after)
    assert list(found.towns["node_id"]) == ["d", "e", "b", "a", "c"]
    assert found.count(Change.LOST) == 2
    assert found.people(Change.LOST) == (4000, 1)
    assert found.towns["km_change"].iloc[2] == pytest.approx(40.0)


def test_other_towns_are_refused(corridor: Network) -> None:
    with pytest.raises(GeodataError, match="different networks"):
        compare(access(corridor, BEFORE), access(road_network(), BEFORE))
