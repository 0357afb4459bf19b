"""Each rule on a toy corridor, and what must hold for any events."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from geodata.dataset import Dataset
from geodata.events import closures as closures_module
from geodata.events.closures import (
    LEVELS,
    closures,
    rainy,
    scenario_closures,
    seasonally_impassable,
    severities,
    severities_by_day,
    unplaced_events,
)
from geodata.events.rules import Rules
from geodata.events.severity import event_effects
from geodata.schema import SegmentState, Traffic
from tests.support.road_toys import (
    AT_A,
    AT_GATE,
    BAN,
    CORRIDORS,
    DAY,
    NOWHERE,
    events,
    road_network,
)

NETWORK = road_network()
OPEN, CONTESTED, ESCORT, CLOSED = LEVELS
FUEL, TRUCKS, LIGHT = Traffic


def days(n: int) -> dt.date:
    return DAY + dt.timedelta(days=n)


def states(
    table: pd.DataFrame, on: dt.date = DAY, traffic: Traffic = FUEL, rules: Rules | None = None
) -> dict[str, SegmentState]:
    """State of every segment that is not open."""
    found = closures(NETWORK, table, on=on, rules=rules, corridor_segments=CORRIDORS)
    return {c.segment_id: c.state for c in scenario_closures(found, traffic)}


def test_an_ambush_makes_its_stretch_contested_and_fades() -> None:
    table = events({})
    assert states(table) == {"a--b": CONTESTED}
    assert states(table, days(-1)) == {}
    assert states(table, days(7)) == {"a--b": CONTESTED}
    # 0.45 halves every 14 days after the 7th and falls below 0.2 after 16.4 more.
    assert states(table, days(23)) == {"a--b": CONTESTED}
    assert states(table, days(24)) == {}


def test_attacks_however_many_do_not_close_a_road() -> None:
    assert states(events(*[{}] * 30)) == {"a--b": CONTESTED}


def test_an_attack_that_closed_the_road_closes_it_and_eases_by_steps() -> None:
    table = events({"effect_on_passage": "closed"})
    found = [states(table, days(n)).get("a--b", OPEN) for n in (0, 9, 15, 25, 60)]
    assert found == [CLOSED, CLOSED, ESCORT, CONTESTED, OPEN]


DAMAGE = {
    "event_type": "damage",
    "effect_on_passage": "closed",
    "segment_ids": "a--b",
    "applies_to": "all",
}


def test_damage_outlasts_an_attack_that_closed_the_road_and_fades_in_the_end() -> None:
    attack = events({**DAMAGE, "event_type": "explosion"})
    assert states(attack, days(60)) == {}
    gone = events(DAMAGE)
    found = [states(gone, days(n)).get("a--b", OPEN) for n in (0, 60, 180, 220, 300, 500)]
    assert found == [CLOSED, CLOSED, CLOSED, ESCORT, CONTESTED, OPEN]
    for traffic in Traffic:
        assert states(gone, days(60), traffic) == {"a--b": CLOSED}
    evidence = closures(NETWORK, gone, on=days(60)).iloc[0]["evidence"]
    assert evidence[0].reason == "closures.reason.damage"


def test_a_repair_ends_damage_and_neither_a_truce_nor_a_convoy_does() -> None:
    repaired = events({**DAMAGE, "end_date": days(20)})
    assert states(repaired, days(20)) == {"a--b": CLOSED}
    assert states(repaired, days(21)) == {}
    lifted = {"event_type": "blockade_lifted_or_truce", "effect_on_passage": "open"}
    convoy = {"event_type": "convoy_arrival", "effect_on_passage": "open", "applies_to": "escorted"}
    for later in (lifted, convoy):
        relief = {**later, "date": days(5), "segment_ids": "a--b"}
        table = events(DAMAGE, relief)
        assert states(table, days(10))["a--b"] == CLOSED
        # The same relief raises a road that an attack closed.
        attack = events({**DAMAGE, "event_type": "explosion"}, relief)
        assert states(attack, days(10)).get("a--b") != CLOSED


def test_an_unstated_effect_counts_half() -> None:
    clash = {"event_type": "armed_clash", "effect_on_passage": "none stated"}
    assert states(events(clash)) == {}
    assert states(events(clash, {**clash, "date": days(-1)})) == {"a--b": CONTESTED}


def test_a_low_confidence_report_closes_nothing() -> None:
    assert states(events({"effect_on_passage": "closed", "confidence": "low"})) == {
        "a--b": CONTESTED
    }


def test_an_attack_on_fuel_counts_less_for_others() -> None:
    table = events({"effect_on_passage": "closed", "applies_to": "fuel"})
    assert states(table) == {"a--b": CLOSED}
    assert states(table, traffic=LIGHT) == {"a--b": CONTESTED}


def test_a_town_under_blockade_has_all_its_roads_concerned() -> None:
    blockade = {"event_type": "siege", "effect_on_passage": "restricted", **AT_A}
    around = {"gate--a": ESCORT, "a--b": ESCORT, "a--d": ESCORT}
    for traffic in Traffic:
        assert states(events(blockade), traffic=traffic) == around
    closed = states(events({**blockade, "effect_on_passage": "closed"}))
    assert closed == dict.fromkeys(around, CLOSED)


def test_a_blockade_lasts_longer_than_an_attack() -> None:
    table = events({"event_type": "blockade", "effect_on_passage": "restricted"}, {})
    assert states(table, days(90)) == {"a--b": ESCORT}
    assert states(table, days(130)) == {"a--b": CONTESTED}


def test_a_declared_import_ban_stops_fuel_on_the_roads_of_its_countries_only() -> None:
    west = dict.fromkeys(["PORT--gate", "gate--a", "a--b", "b--c"], ESCORT)
    assert states(events(BAN)) == west
    assert states(events(BAN), traffic=TRUCKS) == {}
    every_side = states(events(BAN), rules=Rules(ban_dza=1.0))
    assert every_side == {**west, "d--NORTH": ESCORT}
    assert states(events(BAN), rules=Rules(ban_sen=0.0)) == {}


@pytest.mark.parametrize(
    "row",
    [
        {"event_type": "ambush", **NOWHERE},
        {**BAN, "date_precision": "week"},
        {**BAN, "corridor": "none"},
        {**BAN, "corridor": "A road that no table knows"},
        {**BAN, "event_type": "policy"},
    ],
)
def test_an_event_known_by_its_region_closes_nothing_unless_it_declares_a_blockade(
    row: dict[str, object],
) -> None:
    table = events(row)
    assert states(table) == {}
    told = unplaced_events(NETWORK, table, corridor_segments=CORRIDORS)
    assert list(told["reason"]) == ["closures.unplaced.region_only"]


def test_a_blockade_of_a_named_corridor_needs_no_place() -> None:
    assert states(events({**BAN, "corridor": "North"})) == {"a--d": ESCORT}


def test_a_far_event_is_reported_and_not_snapped() -> None:
    table = events({"lat": 14.4, "lon": 1.6})
    assert states(table) == {}
    told = unplaced_events(NETWORK, table, corridor_segments=CORRIDORS).iloc[0]
    assert told["reason"] == "closures.unplaced.out_of_reach"
    metres = Geod(ellps="WGS84").inv(1.6, 14.4, 1.6, 14.0)[2]
    assert told["distance_km"] == pytest.approx(metres / 1000, rel=1e-3)


def test_the_corridor_named_comes_before_a_nearer_road() -> None:
    near_d = {"lon": 1.05, "lat": 14.09}
    assert states(events({**near_d, "corridor": "West"})) == {"a--b": CONTESTED}
    assert states(events({**near_d, "corridor": "none"})) == {"a--d": CONTESTED}


def test_a_named_stretch_of_road_is_the_one_concerned() -> None:
    assert states(events({"segment_ids": "b--c; a--b", "lat": 30.0})) == {
        "a--b": CONTESTED,
        "b--c": CONTESTED,
    }


def test_a_convoy_raises_a_closed_road_to_escort_up_to_its_town() -> None:
    shut = {
        "event_type": "blockade",
        "effect_on_passage": "closed",
        "segment_ids": "gate--a;a--b;b--c",
    }
    convoy = {
        "event_type": "convoy_arrival",
        "effect_on_passage": "open",
        "date": days(5),
        "applies_to": "escorted",
        "lon": 1.5,
        "node_id": "b",
    }
    table = events(shut, convoy)
    assert states(table, days(4)) == dict.fromkeys(["gate--a", "a--b", "b--c"], CLOSED)
    after = states(table, days(5))
    assert after == {"PORT--gate": ESCORT, "gate--a": ESCORT, "a--b": ESCORT, "b--c": CLOSED}
    later_attack = events(shut, convoy, {"effect_on_passage": "closed", "date": days(6)})
    assert states(later_attack, days(6))["a--b"] == CLOSED


def test_a_convoy_marks_its_road_for_fuel_alone_and_for_a_month() -> None:
    convoy = {"event_type": "convoy_arrival", "applies_to": "escorted", "node_id": "a", **AT_A}
    way = {"PORT--gate": ESCORT, "gate--a": ESCORT}
    assert states(events(convoy)) == way
    assert states(events(convoy), days(30)) == way
    assert states(events(convoy), days(31)) == {}
    assert states(events(convoy), traffic=LIGHT) == {}
    assert states(events({**convoy, "confidence": "low"})) == {}


def test_a_lifting_said_to_open_ends_a_blockade() -> None:
    siege = {"event_type": "siege", "effect_on_passage": "closed", **AT_A}
    lifted = {"event_type": "blockade_lifted_or_truce", "date": days(3), **AT_A}
    table = events(siege, {**lifted, "effect_on_passage": "open"})
    assert states(table, days(2))["a--b"] == CLOSED
    assert states(table, days(3)) == {}
    partly = events(siege, {**lifted, "effect_on_passage": "restricted"})
    assert states(partly, days(3)) == dict.fromkeys(["gate--a", "a--b", "a--d"], ESCORT)
    disputed = events(siege, {**lifted, "effect_on_passage": "contested"})
    assert states(disputed, days(3))["a--b"] == CLOSED


def test_a_country_wide_truce_needs_an_end_and_leaves_sieges() -> None:
    siege = {"event_type": "siege", "effect_on_passage": "closed", **AT_A}
    closing = {"effect_on_passage": "closed", "segment_ids": "b--c"}
    truce = {
        "event_type": "blockade_lifted_or_truce",
        "effect_on_passage": "restricted",
        "corridor": "all import corridors",
        "date": days(1),
        **NOWHERE,
    }
    vague = states(events(siege, closing, truce), days(1))
    assert vague["b--c"] == CLOSED
    dated = states(events(siege, closing, {**truce, "end_date": days(9)}), days(1))
    assert dated["b--c"] == ESCORT
    assert dated["a--b"] == CLOSED


SHUT = {"event_type": "blockade", "effect_on_passage": "closed", "date": days(-20)}
LIFTED = {"event_type": "blockade_lifted_or_truce", "effect_on_passage": "open"}
TRUCE = {"event_type": "blockade_lifted_or_truce", "effect_on_passage": "restricted"}
CONVOY = {"event_type": "convoy_arrival", "effect_on_passage": "open", "node_id": "b"}


@pytest.mark.parametrize("closed_by", ["high", "medium"])
@pytest.mark.parametrize("relief", [LIFTED, TRUCE, CONVOY])
def test_a_report_of_low_confidence_reopens_no_road(
    closed_by: str, relief: dict[str, object]
) -> None:
    shut = {**SHUT, "confidence": closed_by}
    claimed = events(shut, *[{**relief, "confidence": "low"}] * 3)
    for traffic in Traffic:
        assert states(claimed, traffic=traffic) == {"a--b": CLOSED}
        believed = states(events(shut, {**relief, "confidence": "medium"}), traffic=traffic)
        assert believed.get("a--b", OPEN) != CLOSED


def test_two_reports_of_one_event_count_once() -> None:
    """A copy of a row, with another id or from another table, changes no state and no severity."""
    weak = {"event_type": "ambush", "effect_on_passage": "none stated", "confidence": "low"}
    assert states(events(weak)) == {}
    assert states(events(weak, weak)) == {}
    assert states(events(weak, {**weak, "event_type": "armed_clash"})) == {}
    assert states(events(weak, {**weak, "date": days(-1)})) == {"a--b": CONTESTED}


@pytest.mark.parametrize(("precision", "first"), [("week", 6), ("month", 30), ("day", 0)])
def test_a_lifting_acts_from_the_last_day_that_its_date_may_mean(
    precision: str, first: int
) -> None:
    begin = dt.date(2025, 10, 1)
    lifted = {**LIFTED, "date": begin, "date_precision": precision}
    table = events({**SHUT, "date": dt.date(2025, 9, 20)}, lifted)
    day = dt.timedelta(days=1)
    assert states(table, begin + first * day) == {}
    if first:
        assert states(table, begin + (first - 1) * day) == {"a--b": CLOSED}


def test_a_lifting_of_some_day_of_a_month_ends_no_closure_of_that_month() -> None:
    begin = dt.date(2025, 10, 1)
    lifted = {**LIFTED, "date": begin, "date_precision": "month"}
    table = events({**SHUT, "date": dt.date(2025, 10, 10)}, lifted)
    assert states(table, dt.date(2025, 11, 5)) == {"a--b": CLOSED}


@pytest.mark.parametrize(("relief", "meanwhile"), [(TRUCE, ESCORT), (LIFTED, OPEN)])
def test_a_truce_ends_on_its_reported_end(
    relief: dict[str, object], meanwhile: SegmentState
) -> None:
    table = events(SHUT, {**relief, "date": days(0), "end_date": days(4)})
    for n in range(5):
        assert states(table, days(n)).get("a--b", OPEN) == meanwhile
    assert states(table, days(5)) == {"a--b": CLOSED}
    for_good = events(SHUT, {**relief, "date": days(0)})
    assert states(for_good, days(20)).get("a--b", OPEN) == meanwhile


@pytest.mark.parametrize("event_type", ["armed_clash", "policy", "ambush", "blockade", "other"])
def test_no_other_type_reopens_a_road(event_type: str) -> None:
    shut = {"event_type": "blockade", "effect_on_passage": "closed"}
    opened = {"event_type": event_type, "effect_on_passage": "open", "date": days(1)}
    assert states(events(shut, opened), days(2)) == {"a--b": CLOSED}


@pytest.mark.parametrize("event_type", ["ambush", "blockade", "siege", "policy", "damage", "other"])
def test_a_hostile_event_on_an_open_road_or_against_escorts_alone_has_no_weight(
    event_type: str,
) -> None:
    """Either says that ordinary traffic is not stopped."""
    hostile = {"event_type": event_type, "segment_ids": "a--b"}
    assert states(events({**hostile, "effect_on_passage": "open"})) == {}
    for traffic in Traffic:
        table = events({**hostile, "effect_on_passage": "closed", "applies_to": "escorted"})
        assert states(table, traffic=traffic) == {}


def test_the_last_day_of_an_attack_does_not_end_its_danger() -> None:
    """It fades from there, as a blockade does not: that ends."""
    raid = {"effect_on_passage": "closed", "end_date": days(2)}
    assert states(events(raid), days(5)) == {"a--b": CLOSED}
    assert states(events({**raid, "event_type": "blockade"}), days(5)) == {}


def test_segments_named_by_an_event_known_by_its_region_are_ignored() -> None:
    shut = {"event_type": "blockade", "effect_on_passage": "closed", "segment_ids": "a--b"}
    assert states(events({**shut, **NOWHERE, "corridor": ""})) == {}


@pytest.mark.parametrize("traffic_named", ["all", "fuel", "escorted"])
def test_a_convoy_eases_its_road_whatever_traffic_it_was_reported_for(traffic_named: str) -> None:
    table = events(SHUT, {**CONVOY, "applies_to": traffic_named})
    for traffic in Traffic:
        assert states(table, traffic=traffic)["a--b"] == ESCORT


@pytest.mark.parametrize("effect", ["contested", "closed", "none stated"])
def test_a_lifting_that_leaves_the_road_unsafe_changes_nothing(effect: str) -> None:
    assert states(events(SHUT, {**LIFTED, "effect_on_passage": effect})) == {"a--b": CLOSED}


def test_a_relief_acts_on_earlier_days_and_not_on_its_own() -> None:
    for relief in (LIFTED, TRUCE, CONVOY):
        assert states(events({**SHUT, "date": DAY}, relief)) == {"a--b": CLOSED}
        assert states(events(SHUT, relief)) != {"a--b": CLOSED}


def test_an_export_ban_switches_a_crossing_off_for_fuel() -> None:
    ban = {
        "event_type": "policy",
        "effect_on_passage": "restricted",
        "applies_to": "fuel",
        **AT_GATE,
    }
    assert states(events(ban)) == {"PORT--gate": CLOSED}
    assert states(events(ban), traffic=TRUCKS) == {}
    assert states(events(ban), days(31)) == {}


def test_a_decision_about_a_town_closes_no_road_unless_its_source_says_so() -> None:
    rationing = {"event_type": "policy", "effect_on_passage": "restricted", **AT_A}
    assert states(events(rationing)) == {}
    told = unplaced_events(NETWORK, events(rationing), corridor_segments=CORRIDORS)
    assert list(told["reason"]) == ["closures.unplaced.no_bearing"]
    closed = states(events({**rationing, "effect_on_passage": "closed"}))
    assert closed == dict.fromkeys(["gate--a", "a--b"], CLOSED)


def test_a_decision_lasts_until_its_reported_end() -> None:
    stop = {"event_type": "policy", "effect_on_passage": "closed", "end_date": days(4)}
    assert states(events(stop), days(4)) == {"a--b": CLOSED}
    assert states(events(stop), days(5)) == {}


def test_a_week_counts_from_its_last_day() -> None:
    assert states(events({"date_precision": "week"}), days(29)) == {"a--b": CONTESTED}


def test_an_event_not_in_use_closes_nothing() -> None:
    table = events({"effect_on_passage": "closed"}).assign(may_close=False)
    assert states(table) == {}


def test_evidence_names_event_age_distance_and_reason() -> None:
    table = events({}, {"event_type": "siege", "effect_on_passage": "closed", **AT_A})
    found = closures(NETWORK, table, on=days(2), corridor_segments=CORRIDORS)
    row = found[(found["segment_id"] == "a--b") & (found["traffic"] == FUEL)].iloc[0]
    assert row["event_ids"] == ("E1", "E0")
    assert row["severity"] == pytest.approx(0.9)
    siege, ambush = row["evidence"]
    assert (siege.reason, siege.age_days) == ("closures.reason.town_blockade", 2)
    assert (ambush.reason, ambush.weight) == ("closures.reason.attack", 0.45)


def test_rain_stops_tankers_on_seasonal_roads() -> None:
    assert [m for m in range(1, 13) if rainy(dt.date(2026, m, 15), Rules())] == [7, 8, 9]
    winter = Rules(rain_from_month=11, rain_to_month=2)
    assert [m for m in range(1, 13) if rainy(dt.date(2026, m, 1), winter)] == [1, 2, 11, 12]
    assert not rainy(dt.date(2026, 8, 1), Rules(rain_from_month=0))
    assert seasonally_impassable(NETWORK, dt.date(2026, 8, 1), Rules()) == {"b--c"}
    assert seasonally_impassable(NETWORK, DAY, Rules()) == frozenset()


HOSTILE = [
    "ambush",
    "armed_clash",
    "abduction",
    "blockade",
    "siege",
    "checkpoint",
    "policy",
    "vehicle_burning",
    "explosion",
    "damage",
    "other",
]
EASING = ["convoy_arrival", "blockade_lifted_or_truce"]


@st.composite
def rows(draw: st.DrawFn, types: list[str]) -> dict[str, object]:
    """Any event of some types, placed anywhere."""
    place = draw(
        st.sampled_from(
            [{}, AT_A, AT_GATE, NOWHERE, {"segment_ids": "b--c"}, {"lon": 1.7, "lat": 14.05}]
        )
    )
    start = draw(st.integers(-60, 0))
    return {
        "event_type": draw(st.sampled_from(types)),
        "date": days(start),
        "date_precision": draw(st.sampled_from(["day", "week", "month"])),
        "end_date": draw(st.none() | st.integers(0, 30).map(lambda n: days(start + n))),
        "effect_on_passage": draw(
            st.sampled_from(["closed", "restricted", "contested", "open", "none stated"])
        ),
        "confidence": draw(st.sampled_from(["high", "medium", "low"])),
        "applies_to": draw(st.sampled_from(["all", "fuel", "escorted"])),
        "corridor": draw(st.sampled_from(["West", "North", "none", "all import corridors"])),
        **place,
    }


def ranks(table: pd.DataFrame, on: dt.date) -> dict[tuple[str, str], int]:
    found = closures(NETWORK, table, on=on, corridor_segments=CORRIDORS)
    known = dict(
        zip(
            zip(found["segment_id"], found["traffic"], strict=True),
            map(LEVELS.index, found["state"]),
            strict=True,
        )
    )
    return {(s, t): known.get((s, t), 0) for s in NETWORK.segment_ids for t in Traffic}


@settings(max_examples=60, deadline=None)
@given(st.lists(rows(HOSTILE + EASING), max_size=6), rows(HOSTILE), st.integers(0, 200))
def test_one_more_hostile_event_never_opens_a_road(
    table: list[dict[str, object]], more: dict[str, object], ahead: int
) -> None:
    before = ranks(events(*table), days(ahead)) if table else {}
    after = ranks(events(*table, more), days(ahead))
    assert all(after[key] >= rank for key, rank in before.items())


@settings(max_examples=60, deadline=None)
@given(
    st.lists(rows(HOSTILE + EASING), min_size=1, max_size=6),
    st.integers(0, 150),
    st.integers(1, 60),
)
def test_growing_older_never_closes_a_road_unless_a_truce_ends(
    table: list[dict[str, object]], ahead: int, later: int
) -> None:
    table = [
        {**row, "end_date": None} if row["event_type"] == LIFTED["event_type"] else row
        for row in table
    ]
    now, then = (ranks(events(*table), days(n)) for n in (ahead, ahead + later))
    assert all(then[key] <= rank for key, rank in now.items())


@settings(max_examples=60, deadline=None)
@given(st.lists(rows(HOSTILE + EASING), min_size=1, max_size=6), st.data(), st.integers(0, 90))
def test_a_duplicate_row_changes_nothing(
    table: list[dict[str, object]], data: st.DataObject, ahead: int
) -> None:
    copies = data.draw(st.lists(st.sampled_from(table), min_size=1, max_size=3))
    once, twice = (
        closures(NETWORK, events(*each), on=days(ahead), corridor_segments=CORRIDORS)
        for each in (table, [*table, *copies])
    )
    kept = ["segment_id", "traffic", "state", "severity"]
    pd.testing.assert_frame_equal(once[kept], twice[kept])


@settings(max_examples=60, deadline=None)
@given(st.lists(rows(HOSTILE + EASING), max_size=6), rows(EASING), st.integers(0, 90))
def test_a_low_relief_changes_nothing(
    table: list[dict[str, object]], claim: dict[str, object], ahead: int
) -> None:
    claim = {**claim, "confidence": "low"}
    if not table:
        return
    assert ranks(events(*table, claim), days(ahead)) == ranks(events(*table), days(ahead))


@settings(max_examples=40, deadline=None)
@given(st.lists(rows(HOSTILE + EASING), min_size=2, max_size=7), st.randoms())
def test_the_order_of_rows_does_not_matter(table: list[dict[str, object]], random: object) -> None:
    straight = events(*table)
    shuffled = straight.sample(frac=1, random_state=random.randrange(2**31))  # type: ignore[attr-defined]
    frames = [
        closures(NETWORK, t, on=DAY, corridor_segments=CORRIDORS) for t in (straight, shuffled)
    ]
    pd.testing.assert_frame_equal(*frames)


def test_many_days_are_weighed_a_few_at_a_time_as_all_at_once(
    mali: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = Rules()
    effects = event_effects(mali.network, mali.events, mali.corridors, rules)
    ordinals = np.arange(dt.date(2025, 9, 1).toordinal(), dt.date(2025, 12, 1).toordinal())
    touched, whole = severities(effects.weights(ordinals, FUEL), effects, rules)
    monkeypatch.setattr(closures_module, "CELLS", 10 * len(effects.impacts))
    same, parts = severities_by_day(ordinals, effects, FUEL, rules)
    assert (same == touched).all()
    assert (parts == whole).all()
    assert whole.any()


def test_a_relief_lowers_the_impacts_on_one_road_as_it_does_among_all(mali: Dataset) -> None:
    effects = event_effects(mali.network, mali.events, mali.corridors, Rules())
    day = np.array([dt.date(2025, 12, 1).toordinal()])
    before = effects.faded(day, FUEL)
    kept, lowered = before.copy(), 0
    for each in effects.reliefs:
        after = effects.relieved(before, day, each)
        for segment in each.segments:
            first, end = np.searchsorted(effects.segment, (segment, segment + 1))
            rows = slice(int(first), int(end))
            alone = effects.relieved(before[:, rows], day, each, rows=rows)
            assert (alone == after[:, rows]).all()
        elsewhere = ~np.isin(effects.segment, list(each.segments))
        assert (after[:, elsewhere] == before[:, elsewhere]).all()
        lowered += int((after < before).sum())
    assert (before == kept).all()
    assert lowered
