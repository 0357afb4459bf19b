import itertools

import pytest

from geodata.analysis.accessibility import access
from geodata.analysis.critical_pairs import pairs_table
from geodata.conditions import Conditions
from geodata.schema import Vehicle
from tests.support import oracle


def lost(network, vehicle, cut):
    towns = access(
        network, Conditions(cut=frozenset(cut), vehicle=vehicle), count_routes=False
    ).towns
    return set(towns.node_id[towns.isolated])


def test_two_roads_round_a_loop_are_a_pair(corridor):
    scenario = Conditions(without=frozenset(["DEPOT"]))
    table, searched = pairs_table(corridor, scenario)
    found = {row.segments: set(row.towns_isolated) for row in table.itertuples()}
    assert found["a--b", "a--c"] == {"b", "c", "d", "e"}
    assert searched["complete"]


@pytest.mark.parametrize("vehicle", list(Vehicle))
def test_pairs_of_the_shipped_network_isolate_what_is_reported(mali, vehicle):
    table, searched = pairs_table(mali.network, Conditions(vehicle=vehicle), limit=None)
    assert searched["complete"]
    assert searched["pairs_found"] == len(table)
    people = oracle.people_for_ranking(mali.network)
    assert table.towns_isolated.map(lambda ids: people[list(ids)].sum()).is_monotonic_decreasing
    for row in table.iloc[:: max(1, len(table) // 25)].itertuples():
        both = lost(mali.network, vehicle, row.segments)
        alone = [lost(mali.network, vehicle, [s]) for s in row.segments]
        assert set(row.towns_isolated) == both - alone[0] - alone[1]


def test_no_pair_of_a_sample_is_missed(mali):
    network = mali.network
    table, _ = pairs_table(network, Conditions(vehicle=Vehicle.TANKER), limit=None)
    told = set(table.segments)
    starts = ("gao", "sevare", "koro", "bla")
    sample = [i for i in network.segment_ids if i.split("--")[0] in starts]
    single = {i: lost(network, Vehicle.TANKER, [i]) for i in sample}
    for a, b in itertools.combinations(sample, 2):
        more = lost(network, Vehicle.TANKER, [a, b]) - single[a] - single[b]
        assert ((a, b) in told) == bool(more)
