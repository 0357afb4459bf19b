import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.analysis.closing_probability import (
    NO_EVENT,
    ClosingProbabilities,
    closing_probabilities,
)
from geodata.analysis.common_shocks import CommonShocks, Grouping, closures_table, common_shocks
from geodata.conditions import Conditions
from geodata.dataset import Dataset
from geodata.errors import GeodataError
from geodata.schema import Vehicle
from tests.conftest import make_network

CHANCES = st.lists(st.floats(0.01, 0.99), min_size=2, max_size=6)


@given(CHANCES, st.floats(0, 1))
def test_a_switch_leaves_each_segments_own_probability_as_it_was(chances, together):
    shocks = CommonShocks(
        np.array(chances), np.zeros(len(chances), dtype=np.int64), ("group",), together
    )
    mean = shocks.on[0] * shocks.while_on + (1 - shocks.on[0]) * shocks.while_off
    assert mean == pytest.approx(chances)
    assert (shocks.while_off <= shocks.while_on + 1e-12).all()
    assert (shocks.while_on <= 1).all()


def test_fully_together_a_segment_closes_only_while_its_switch_is_on():
    shocks = CommonShocks(np.array([0.5, 0.25, 0.3]), np.array([0, 0, -1]), ("group",), 1.0)
    assert shocks.while_off.tolist() == [0, 0, 0.3]
    assert shocks.while_on.tolist() == [1, 0.5, 0.3]


@pytest.fixture
def three_roads():
    """PORT --a-- t1 --b-- t2 --c-- t3, all of them uncertain."""
    network = make_network(
        [("PORT", "t1", 1, "yes", "a"), ("t1", "t2", 1, "yes", "b"), ("t2", "t3", 1, "yes", "c")],
        supply=["PORT"],
    )
    none = pd.DataFrame()
    found = ClosingProbabilities(np.full(3, 0.5), np.full(3, NO_EVENT), none)
    return Dataset(network, with_shipped_events=False, shipped_network=False), found


def test_the_user_names_the_groups(three_roads):
    dataset, found = three_roads
    groups = {"a": "river", "c": "river", "b": "alone"}
    shocks = common_shocks(dataset, found, groups=groups)
    assert shocks.names == ("river",)
    assert shocks.switch.tolist() == [0, -1, 0]


def test_without_grouping_all_segments_are_independent(three_roads):
    dataset, found = three_roads
    assert common_shocks(dataset, found, by=Grouping.NONE).names == ()


def test_a_switch_with_another_probability_changes_its_segments_in_proportion(three_roads):
    dataset, found = three_roads
    uneven = replace(found, probability=np.array([0.5, 0.25, 0.4]))
    groups = {"a": "river", "b": "river", "c": ""}
    shocks = common_shocks(dataset, uneven, groups=groups, on={"river": 0.8, "hills": 0.1})
    assert shocks.on.tolist() == [0.8]
    assert shocks.probability == pytest.approx([0.8, 0.4, 0.4])
    never = common_shocks(dataset, uneven, groups=groups, on={"river": 0.0})
    assert never.probability == pytest.approx([0, 0, 0.4])
    assert never.while_on == pytest.approx([0, 0, 0.4])


def test_an_unknown_segment_or_share_is_refused(three_roads):
    dataset, found = three_roads
    with pytest.raises(GeodataError, match="'x'"):
        common_shocks(dataset, found, groups={"x": "river"})
    with pytest.raises(GeodataError, match="from 0"):
        common_shocks(dataset, found, together=1.5)


def test_the_table_of_closures_names_the_event_and_both_chances_of_each_uncertain_segment(mali):
    scenario = Conditions(vehicle=Vehicle.TANKER)
    on = dt.date(2025, 11, 10)
    reported = closing_probabilities(mali, scenario, on=on)
    shocks = common_shocks(mali, reported)
    table = closures_table(mali, shocks, reported)
    uncertain = (shocks.probability > 0) & (shocks.probability < 1)
    assert len(table) == uncertain.sum()
    assert table.closing_probability.is_monotonic_decreasing
    known = set(mali.events.event_id)
    assert set(table.event_id) <= known | {""}
    switched = table[table.switch != ""]
    on_chance = dict(zip(shocks.names, shocks.on, strict=True))
    chance = switched.switch.map(on_chance)
    whole = chance * switched.while_on + (1 - chance) * switched.while_off
    assert np.allclose(whole, switched.closing_probability)
    alone = table[table.switch == ""]
    assert (alone.while_on == alone.closing_probability).all()
