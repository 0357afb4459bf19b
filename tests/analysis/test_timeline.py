"""The replay holds to what a single day gives."""

import datetime as dt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.analysis.accessibility import access
from geodata.analysis.timeline import replay
from geodata.conditions import Conditions
from geodata.dataset import Dataset
from geodata.errors import GeodataError
from geodata.events.closures import closures, scenario_closures, seasonally_impassable
from geodata.events.rules import Rules
from geodata.schema import Cause, Measure, Traffic, Vehicle
from tests.events.test_closures import EASING, HOSTILE, rows
from tests.support.road_toys import CORRIDORS, DAY, events, road_network

START, END = dt.date(2025, 9, 3), dt.date(2026, 3, 31)


@pytest.mark.parametrize("vehicle", list(Vehicle))
@pytest.mark.parametrize("traffic", list(Traffic))
def test_a_day_of_the_replay_is_the_access_of_that_day(
    mali: Dataset, vehicle: Vehicle, traffic: Traffic
) -> None:
    manual = Conditions(
        vehicle=vehicle,
        cut=frozenset({"sevare--mopti", "kita--kati"}),
        reopened=frozenset({"sevare--mopti", "nioro--gogui"}),
        without=frozenset({"dakar"}),
    )
    corridors = mali.corridor_segments
    line = replay(
        mali.network,
        mali.events,
        START,
        END,
        scenario=manual,
        traffic=traffic,
        corridor_segments=corridors,
    )
    for day in (START, dt.date(2025, 9, 30), dt.date(2025, 10, 17), dt.date(2026, 1, 31)):
        frame = closures(mali.network, mali.events, on=day, corridor_segments=corridors)
        wet = seasonally_impassable(mali.network, day, Rules())
        scenario = Conditions(
            cut=manual.cut,
            reopened=manual.reopened,
            without=manual.without,
            vehicle=vehicle,
            closures=scenario_closures(frame, traffic),
            impassable=wet if vehicle != Vehicle.ANY else frozenset(),
        )
        towns = access(mali.network, scenario, count_routes=False).towns
        assert line.towns_on(day) == dict(zip(towns["node_id"], towns["state"], strict=True))
        assert line.segments_on(day) == dict(scenario.on(mali.network).states)
        for cause in Cause:
            lost = line.isolated_by(cause)[line.row(day)]
            np.testing.assert_array_equal(lost, towns["isolated_by"] == cause)
        shown = line.per_day().set_index("date").loc[day]
        assert shown["isolated_by_closure"] == (towns["isolated_by"] == Cause.CLOSURE).sum()


@settings(max_examples=25, deadline=None)
@given(
    st.lists(rows(HOSTILE + EASING), min_size=1, max_size=6),
    st.integers(0, 40),
    st.sampled_from(list(Measure)),
    st.sampled_from(list(Traffic)),
)
def test_any_events_on_a_toy(
    table: list[dict[str, object]], ahead: int, by: Measure, traffic: Traffic
) -> None:
    network, found = road_network(), events(*table)
    end = DAY + dt.timedelta(days=40)
    line = replay(
        network,
        found,
        DAY,
        end,
        scenario=Conditions(by=by),
        traffic=traffic,
        corridor_segments=CORRIDORS,
    )
    day = DAY + dt.timedelta(days=ahead)
    frame = closures(network, found, on=day, corridor_segments=CORRIDORS)
    scenario = Conditions(by=by, closures=scenario_closures(frame, traffic))
    towns = access(network, scenario, count_routes=False).towns
    assert line.towns_on(day) == dict(zip(towns["node_id"], towns["state"], strict=True))


def test_steps_to_the_next_change() -> None:
    table = events(
        {
            "event_type": "policy",
            "effect_on_passage": "closed",
            "date": DAY,
            "end_date": DAY + dt.timedelta(days=2),
            "segment_ids": "b--c",
        }
    )
    eve = DAY - dt.timedelta(days=3)
    line = replay(
        road_network(), table, eve, DAY + dt.timedelta(days=9), corridor_segments=CORRIDORS
    )
    over = DAY + dt.timedelta(days=3)
    assert line.next_change(eve) == DAY
    assert line.next_change(DAY) == over
    assert line.next_change(over) is None
    assert line.previous_change(over) == DAY
    assert line.previous_change(DAY) is None
    assert line.towns_on(DAY)["c"] == "isolated"
    assert line.towns_on(over)["c"] == "open"
    per_day = line.per_day().set_index("date")
    assert per_day.loc[DAY, "newly_isolated"] == 1
    assert per_day.loc[DAY, "people_without_open_access"] == 100
    assert per_day.loc[over, "people_without_open_access"] == 0
    assert list(per_day["events"][per_day["events"] > 0].index) == [DAY]


def test_the_strip_is_sorted_by_region(mali: Dataset) -> None:
    line = replay(
        mali.network,
        mali.events,
        START,
        START + dt.timedelta(days=3),
        corridor_segments=mali.corridor_segments,
    )
    strip = line.strip()
    assert list(strip["admin1"]) == sorted(strip["admin1"])
    assert set(strip["node_id"]) == set(mali.network.towns)
    column = strip.set_index("node_id")["2025-09-05"]
    assert dict(column) == {k: v.value for k, v in line.towns_on(dt.date(2025, 9, 5)).items()}


def test_a_day_outside_and_an_empty_period_are_refused() -> None:
    line = replay(road_network(), events({}), DAY, DAY)
    with pytest.raises(GeodataError, match="outside the period"):
        line.segments_on(DAY + dt.timedelta(days=1))
    with pytest.raises(GeodataError, match="must have from 1 to"):
        replay(road_network(), events({}), DAY, DAY - dt.timedelta(days=1))


def test_no_events_leave_all_open() -> None:
    line = replay(road_network(), events({}).iloc[:0], DAY, DAY)
    assert not np.any(line.segment_states)
    assert set(line.towns_on(DAY).values()) == {"open"}
