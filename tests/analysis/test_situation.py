import datetime as dt

import pytest

from geodata.analysis.situation import Reason, reason_text, situation
from geodata.errors import UnknownIdError
from geodata.schema import SegmentState, TownState, Traffic, Vehicle
from geodata.sharing.permalink import ViewState
from geodata.sharing.publication import events_shown
from tests.support.publications import published

DAY = dt.date(2025, 11, 5)


def states(found):
    return found.segment_states.set_index("segment_id")


def test_nothing_asked_for_is_nothing_closed(mali):
    found = situation(mali, ViewState().scenario)
    assert set(states(found).state) == {SegmentState.OPEN}
    assert found.access.summary.isolated == 0
    assert len(events_shown(mali, ViewState())) == len(mali.events)
    assert published(mali, ViewState(), DAY).comparison is None


def test_hand_wins_over_events_and_says_so(mali):
    dated = situation(mali, ViewState(date=DAY).scenario)
    closed = states(dated).query("state == 'closed'")
    assert len(closed)
    first = closed.index[0]
    assert closed.loc[first, "reason"] == Reason.EVENTS
    assert closed.loc[first, "event_ids"]
    assert closed.loc[first, "event_ids"][0] in reason_text(dated, first, "en")
    opened = states(situation(mali, ViewState(date=DAY, reopen=(first,)).scenario))
    assert opened.loc[first, "state"] == SegmentState.OPEN
    assert opened.loc[first, "reason"] == Reason.REOPENED
    assert opened.loc[first, "event_ids"] == ()
    cut = states(situation(mali, ViewState(date=DAY, cut=(first,)).scenario))
    assert cut.loc[first, "state"] == SegmentState.CUT


def test_fuel_is_stopped_where_light_traffic_passes(mali):
    fuel = situation(mali, ViewState(date=DAY, traffic=Traffic.FUEL).scenario).access.towns.state
    light = situation(mali, ViewState(date=DAY, traffic=Traffic.LIGHT).scenario).access.towns.state
    hindered = (TownState.ISOLATED, TownState.ESCORT_ONLY, TownState.DETOUR)
    assert fuel.isin(hindered).sum() > light.isin(hindered).sum()


def test_a_road_too_weak_for_the_vehicle_says_which(mali):
    found = situation(mali, ViewState(vehicle=Vehicle.TANKER).scenario)
    row = states(found).loc["gao--menaka"]
    assert (row.state, row.reason) == (SegmentState.IMPASSABLE, Reason.VEHICLE)
    assert "camion-citerne" in reason_text(found, "gao--menaka", "fr")


def test_impassable_segments_and_those_of_an_event_are_the_ones_of_the_whole_table(mali):
    wet = ViewState(date=dt.date(2025, 9, 10), vehicle=Vehicle.TANKER, cut=("gao--bourem",))
    found = situation(mali, wet.scenario)
    table, ids = states(found), mali.network.segment_ids
    assert set(found.impassable) == {Reason.SEASON, Reason.VEHICLE}
    for reason, rows in found.impassable.items():
        told = table[(table.state == SegmentState.IMPASSABLE) & (table.reason == reason)]
        assert [ids[row] for row in rows] == list(told.index)
    named = table[table.event_ids.map(len) > 0]
    assert len(named) > 1
    for event in named.event_ids.iloc[0]:
        behind = table.event_ids.map(lambda events, event=event: event in events)
        assert found.segments_by([event]) == list(table.index[behind])


def test_the_rains_stop_tankers_only(mali):
    wet = dt.date(2025, 9, 10)
    tanker = states(situation(mali, ViewState(date=wet, vehicle=Vehicle.TANKER).scenario))
    assert (tanker.reason == Reason.SEASON).any()
    anybody = states(situation(mali, ViewState(date=wet).scenario))
    assert not (anybody.reason == Reason.SEASON).any()


def test_a_phase_replaces_the_events(mali):
    found = situation(mali, ViewState(preset="kayes-nioro", vehicle=Vehicle.TANKER).scenario)
    shut = states(found).query("reason == 'preset'")
    assert len(shut)
    assert situation(mali, ViewState(preset="no-closures").scenario).access.summary.isolated == 0


def test_the_window_ends_on_the_date(mali):
    events = events_shown(mali, ViewState(date=DAY, window=7))
    assert events.date.max() <= DAY
    assert events.date.min() >= DAY - dt.timedelta(days=6)
    assert 0 < len(events) < len(mali.events)


def test_a_comparison_is_a_situation_of_its_own(mali):
    found = published(mali, ViewState(date=DAY, compare="2025-12-01"), DAY)
    assert found.compared.scenario.date == dt.date(2025, 12, 1)


def test_an_unknown_id_is_named(mali):
    with pytest.raises(UnknownIdError, match="nowhere"):
        _ = situation(mali, ViewState(cut=("nowhere",)).scenario).access
