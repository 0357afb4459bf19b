"""The stock estimate: draining, trickling, refilling, and where it keeps silent."""

import datetime as dt

import pandas as pd

from geodata.analysis.fuel_stock import FuelStock, StockState, estimate_stock
from geodata.conditions import Conditions
from geodata.dataset import Dataset
from geodata.events.rules import Rules
from geodata.network.names import town_names
from geodata.sanitize import folded
from tests.support.road_toys import AT_A, BAN, CORRIDORS, DAY, NOWHERE, events, road_network

EVE = DAY - dt.timedelta(days=1)
SHUT = {"event_type": "blockade", "effect_on_passage": "closed", "segment_ids": "b--c"}
CONVOY = {
    "event_type": "convoy_arrival",
    "applies_to": "escorted",
    "node_id": "c",
    "lon": 2.0,
    "corridor": "none",
}


def days(n: int) -> dt.date:
    return DAY + dt.timedelta(days=n)


def estimate(table: pd.DataFrame, rules: Rules | None = None, until: int = 40) -> FuelStock:
    return estimate_stock(
        road_network(),
        table,
        EVE,
        days(until),
        scenario=Conditions(),
        rules=rules,
        corridor_segments=CORRIDORS,
    )


def test_a_town_cut_off_lives_on_its_stock() -> None:
    found = estimate(events(SHUT))
    assert found.state("c", EVE) == StockState.SUPPLIED
    assert found.state("c", DAY) == StockState.RUNNING_DOWN
    assert found.state("c", days(12)) == StockState.RUNNING_DOWN
    assert found.state("c", days(13)) == StockState.SHORT
    assert found.state("a", days(13)) == StockState.SUPPLIED
    row = found.on(days(9)).set_index("node_id").loc["c"]
    assert row["days_since_open"] == 10
    assert row["stock_days"] == 4.0
    assert row["supply_state"] == "isolated"


def test_autonomy_is_the_users() -> None:
    found = estimate(events(SHUT), Rules(autonomy_days=5))
    assert found.state("c", days(3)) == StockState.RUNNING_DOWN
    assert found.state("c", days(4)) == StockState.SHORT


def test_under_escort_a_share_comes_in() -> None:
    ban = {**BAN, "corridor": "West"}
    north_shut = {
        "effect_on_passage": "closed",
        "event_type": "siege",
        "corridor": "North",
        "segment_ids": "d--NORTH",
    }
    table = events(ban, north_shut)
    by_share = {
        share: sum(
            estimate(table, Rules(escort_share=share)).state("b", days(n)) != StockState.SHORT
            for n in range(40)
        )
        for share in (0.0, 0.2, 0.5)
    }
    assert by_share == {0.0: 13, 0.2: 17, 0.5: 27}


def test_a_reported_convoy_adds_to_the_town_it_reached_only() -> None:
    convoy = {**CONVOY, "date": days(20)}
    found = estimate(events(SHUT, convoy))
    assert found.state("c", days(19)) == StockState.SHORT
    assert [found.state("c", days(n)) for n in (20, 22, 23)] == [
        StockState.RUNNING_DOWN,
        StockState.RUNNING_DOWN,
        StockState.SHORT,
    ]
    low = estimate(events(SHUT, {**convoy, "confidence": "low"}))
    assert low.on(days(20)).set_index("node_id").loc["c", "stock_days"] == 1.5


def test_a_convoy_known_by_its_towns_name_counts_too() -> None:
    convoy = {
        "event_type": "convoy_arrival",
        "applies_to": "escorted",
        "place": "C",
        "corridor": "none",
        "date": days(20),
        **NOWHERE,
    }
    found = estimate(events(SHUT, convoy))
    assert found.state("c", days(20)) == StockState.RUNNING_DOWN


def test_an_open_way_supplies_at_once_and_fills_up_by_the_day() -> None:
    found = estimate(events({**SHUT, "end_date": days(19)}))
    assert found.state("c", days(19)) == StockState.SHORT
    assert found.state("c", days(20)) == StockState.SUPPLIED
    left = found.on(days(25)).set_index("node_id").loc["c", "stock_days"]
    assert left == 6.0
    assert found.on(days(25)).set_index("node_id").loc["c", "days_since_open"] == 0


def test_the_rains_alone_say_nothing_of_stock() -> None:
    rain = Rules(rain_from_month=DAY.month, rain_to_month=DAY.month)
    found = estimate_stock(road_network(), events(AT_A).iloc[:0], DAY, DAY, rules=rain)
    assert found.state("c", DAY) == StockState.UNKNOWN
    assert found.state("b", DAY) == StockState.SUPPLIED


def test_in_practice_niamey_supplies_the_north_alone(mali: Dataset) -> None:
    day = dt.date(2025, 9, 10)
    found = (
        estimate_stock(
            mali.network,
            mali.events,
            dt.date(2025, 9, 1),
            day,
            corridor_segments=mali.corridor_segments,
        )
        .on(day)
        .set_index("node_id")
    )
    assert found.loc["gao", "supply_state"] == "open"
    assert found.loc["mopti", "supply_state"] == "escort_only"


def test_names_are_compared_without_accents_and_case(mali: Dataset) -> None:
    names = town_names(mali.network)
    assert names[folded("SÉGOU")] == "segou"
    assert names[folded("Nioro  du sahel")] == "nioro"
    assert names[folded("Timbuktu")] == "tombouctou"
