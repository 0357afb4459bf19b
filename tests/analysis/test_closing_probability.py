import datetime as dt

import numpy as np
import pytest

from geodata import schema as f
from geodata.analysis.closing_probability import ClosingRules, closing_probabilities
from geodata.analysis.place_uncertainty import road_shares
from geodata.conditions import Conditions
from geodata.errors import GeodataError
from geodata.events.closures import closures
from geodata.events.corridors import Corridors
from geodata.events.rules import Rules
from geodata.events.severity import event_effects
from geodata.schema import SegmentState, Traffic, Vehicle

DAY = dt.date(2025, 11, 10)


def test_a_severity_at_a_threshold_has_the_probability_of_its_state():
    rules, closing = Rules(), ClosingRules(unreported=0.01)
    edges = np.array([0, rules.contested_from, rules.escort_from, rules.closed_from, 1])
    assert closing.probability(edges, rules).tolist() == [0.01, 0.05, 0.2, 0.8, 1]
    many = closing.probability(np.linspace(0, 1, 200), rules)
    assert (np.diff(many) >= 0).all()


def test_closing_probabilities_out_of_order_are_refused():
    with pytest.raises(GeodataError, match="rise"):
        ClosingRules(contested=0.5)


def test_a_harder_state_by_the_rules_is_more_likely_closed(mali):
    found = closing_probabilities(mali, Conditions(), on=DAY)
    table = closures(
        mali.network,
        mali.events,
        on=DAY,
        corridor_segments=mali.corridor_segments,
    )
    fuel = table[table[f.TRAFFIC] == Traffic.FUEL].set_index(f.SEGMENT_ID)
    ids = mali.network.segment_ids
    placed = {i for i in ids if i in fuel.index}
    by_state = {
        state: [
            p
            for i, p in zip(ids, found.probability, strict=True)
            if i in placed and fuel[f.STATE][i] == state
        ]
        for state in (SegmentState.CONTESTED, SegmentState.ESCORT_ONLY, SegmentState.CLOSED)
    }
    means = [np.mean(values) for values in by_state.values()]
    assert means == sorted(means)
    assert found.probability[[i not in placed for i in ids]].max() < 0.2


def test_what_is_cut_is_closed_and_what_is_reopened_is_open(mali):
    network = mali.network
    before = closing_probabilities(mali, Conditions(), on=DAY).probability
    worst = network.segment_ids[int(np.argmax(before))]
    free = network.segment_ids[int(np.argmin(before))]
    scenario = Conditions(cut=frozenset([free]), reopened=frozenset([worst]))
    after = closing_probabilities(mali, scenario, on=DAY).probability
    assert after[network.segment_number[free]] == 1
    assert after[network.segment_number[worst]] == 0


def test_a_road_impassable_for_tankers_is_closed_to_tankers(mali):
    network = mali.network
    unfit = (network.segments[f.TANKER] == "no").to_numpy()
    scenario = Conditions(vehicle=Vehicle.TANKER, reopened=frozenset(network.segment_ids))
    found = closing_probabilities(mali, scenario, on=DAY).probability
    assert (found[unfit] == 1).all()
    assert (found[~unfit] == 0).all()


def test_an_event_of_some_week_is_less_certain_on_its_first_day(mali):
    events = mali.events
    weekly = (
        (events[f.DATE_PRECISION] == "week")
        & events[f.EVENT_TYPE].isin(["ambush", "armed_clash", "explosion", "blockade"])
        & (events[f.LOCATION_PRECISION] != "region")
    )
    row = events[weekly].iloc[[0]]
    alone = type(mali)(mali.network, added_events=row, with_shipped_events=False)
    first = row[f.DATE].iloc[0]
    on = [
        closing_probabilities(
            alone, Conditions(), on=first + dt.timedelta(days=d)
        ).probability.max()
        for d in (-1, 0, 3, 6)
    ]
    assert on[0] == 0
    assert on == sorted(set(on))


def test_an_event_between_two_roads_closes_each_in_part(mali):
    rules, network = Rules(), mali.network
    corridors = Corridors(network, mali.corridor_segments)
    events = mali.events.sort_values([f.DATE, f.EVENT_ID]).reset_index(drop=True)
    reached = event_effects(network, events, corridors, rules).reach
    vague = events.assign(**{f.PRECISION_KM: 10.0})
    shares = road_shares(mali, vague, reached, rules)
    assert all(0 < s <= 1 for event in shares.values() for s in event.values())
    touched = {}
    for touch in reached.touches:
        touched.setdefault(touch.event, set()).add(touch.segment)
    assert any(set(event) > touched[row] for row, event in shares.items())
    exact = events.assign(**{f.PRECISION_KM: 0.0})
    assert road_shares(mali, exact, reached, rules) == {}
