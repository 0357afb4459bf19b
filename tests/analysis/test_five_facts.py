"""Five published facts that the model should meet, with the shipped network, events and rules.

What it misses is marked as a strict expected failure with the reason: should it come to meet the
fact, the test says so.
"""

import datetime as dt
from dataclasses import replace

import pandas as pd
import pytest

from geodata.analysis.accessibility import access
from geodata.analysis.fuel_stock import FuelStock, StockState, estimate_stock
from geodata.analysis.paths import route
from geodata.analysis.resolution import conditions_on
from geodata.conditions import Conditions
from geodata.dataset import Dataset
from geodata.events.presets import preset
from geodata.schema import SegmentState, TownState, Traffic, Vehicle

JANUARY = dt.date(2026, 1, 7)
NOVEMBER = dt.date(2025, 11, 10)
DECEMBER = dt.date(2025, 12, 11)
SUPPLIED = (StockState.SUPPLIED, StockState.RUNNING_DOWN)
DIRECT = ("sikasso--koutiala", "koutiala--kimparana", "kimparana--sienso")
BURKINA = ("sona--faramana", "heremakono--koloko", "benena--djibasso", "koro-frontiere--thiou")
SOUTHERN = (
    "Dakar-Kayes-Bamako", "Nouakchott-Nioro-Bamako", "Abidjan-Sikasso/Bougouni-Bamako",
    "Conakry-Kourémalé-Bamako", "Guinea border-Yanfolila-Bougouni",
    "Sikasso-Burkina Faso border road", "Bamako-Kita-Bafoulabé-Kayes",
)  # fmt: skip


@pytest.fixture(scope="module")
def tanks(mali: Dataset) -> FuelStock:
    """The stock estimate over the period."""
    return estimate_stock(
        mali.network,
        mali.events,
        dt.date(2025, 9, 1),
        JANUARY,
        corridor_segments=mali.corridor_segments,
    )


def dated(
    mali: Dataset, on: dt.date, vehicle: Vehicle = Vehicle.TANKER, **by_hand: object
) -> Conditions:
    manual = replace(Conditions(vehicle=vehicle), **by_hand)  # type: ignore[arg-type]
    return conditions_on(mali, manual, on=on, traffic=Traffic.FUEL)


def town_states(mali: Dataset, scenario: Conditions) -> pd.Series:
    towns = access(mali.network, scenario, count_routes=False).towns
    return towns.set_index("node_id")["state"]


def corridor(mali: Dataset, name: str) -> list[str]:
    table = mali.corridor_segments
    return list(table.loc[table["corridor"] == name, "segment_id"])


def test_fact_1_january_supply_under_escort_and_mopti_and_koutiala_shut(
    mali: Dataset, tanks: FuelStock
) -> None:
    scenario = dated(mali, JANUARY)
    roads = scenario.on(mali.network).states
    usable = [
        s
        for s in corridor(mali, "Abidjan-Sikasso/Bougouni-Bamako")
        if roads[s] != SegmentState.IMPASSABLE
    ]
    assert {roads[s] for s in usable} == {SegmentState.ESCORT_ONLY}
    west = {roads[s] for s in corridor(mali, "Dakar-Kayes-Bamako")}
    assert SegmentState.OPEN not in west
    assert town_states(mali, scenario)["bamako"] == TownState.ESCORT_ONLY
    assert tanks.state("mopti", JANUARY) == StockState.SHORT
    assert tanks.state("koutiala", JANUARY) == StockState.SHORT
    assert tanks.state("bamako", JANUARY) == StockState.RUNNING_DOWN


def test_fact_2_november_relief_reaches_segou_and_not_mopti_san_koutiala(tanks: FuelStock) -> None:
    day_before = NOVEMBER - dt.timedelta(days=1)
    assert tanks.state("segou", day_before) == StockState.SHORT
    assert tanks.state("segou", NOVEMBER) in SUPPLIED
    for town in ("mopti", "san", "koutiala"):
        assert tanks.state(town, NOVEMBER) == StockState.SHORT
    month = dt.timedelta(days=30)
    assert tanks.state("mopti", NOVEMBER - month) == StockState.SHORT


def test_fact_3_mopti_is_reached_by_a_detour_when_the_direct_road_is_closed(
    mali: Dataset,
) -> None:
    before = access(mali.network, dated(mali, DECEMBER), count_routes=False).towns
    without = frozenset(mali.network.supply_points) - {"abidjan"}
    from_abidjan = {"without": without, "vehicle": Vehicle.TANKER_ALL_YEAR}
    direct = route(mali.network, dated(mali, DECEMBER, **from_abidjan), "mopti")
    shut = dated(mali, DECEMBER, **from_abidjan, cut=frozenset(DIRECT + BURKINA))
    through_bamako = route(mali.network, shut, "mopti")
    assert before.set_index("node_id").loc["mopti", "state"] != TownState.ISOLATED
    assert direct is not None
    assert through_bamako is not None
    assert set(DIRECT) <= set(direct.segments)
    assert "bamako-rive-droite--zantiguila" in through_bamako.segments
    assert through_bamako.km > direct.km
    assert town_states(mali, shut)["mopti"] != TownState.ISOLATED


def test_fact_3_in_the_preset_of_that_phase_too(mali: Dataset) -> None:
    phase = preset(mali.network, mali.corridor_segments, "phase-7")
    without = frozenset(mali.network.supply_points) - {"abidjan"}
    scenario = Conditions(vehicle=Vehicle.TANKER, closures=phase.closures(), without=without)
    closed = {c.segment_id for c in scenario.closures if c.state == SegmentState.CLOSED}
    assert closed == {*DIRECT, "kobenni--gogui", "nioro--gogui", "diema--nioro"}
    assert town_states(mali, scenario)["mopti"] == TownState.DETOUR


def test_fact_4_mopti_runs_short_weeks_after_the_west_closed(tanks: FuelStock) -> None:
    declared = dt.date(2025, 9, 3)
    assert tanks.state("mopti", declared) in SUPPLIED
    short = next(d for d in tanks.days if tanks.state("mopti", d) == StockState.SHORT)
    assert declared + dt.timedelta(days=14) <= short <= dt.date(2025, 9, 21)


@pytest.mark.parametrize("on", [dt.date(2025, 9, 10), NOVEMBER, dt.date(2026, 2, 5)])
def test_fact_5_the_north_is_separate(mali: Dataset, on: dt.date) -> None:
    cut = frozenset(s for name in SOUTHERN for s in corridor(mali, name))
    on_any_road = town_states(mali, dated(mali, on, Vehicle.ANY, cut=cut))
    for town in ("gao", "tombouctou"):
        assert on_any_road[town] != TownState.ISOLATED
    tankers = access(mali.network, dated(mali, on, cut=cut), count_routes=False).towns
    gao = tankers.set_index("node_id").loc["gao"]
    assert gao["state"] != TownState.ISOLATED
    assert gao["supply_point"] == "niamey"


def test_fact_5_tankers_reach_tombouctou_outside_the_rains(mali: Dataset) -> None:
    cut = frozenset(s for name in SOUTHERN for s in corridor(mali, name))
    assert town_states(mali, dated(mali, NOVEMBER, cut=cut))["tombouctou"] != TownState.ISOLATED
