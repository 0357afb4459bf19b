"""From a town to the sources."""

import datetime as dt
import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.analysis.accessibility import access
from geodata.analysis.explanation import Role, explain, town_id
from geodata.analysis.resolution import conditions_on
from geodata.cli.explain_text import as_json, as_text
from geodata.cli.main import main
from geodata.conditions import Conditions
from geodata.dataset import Dataset
from geodata.schema import Cause, SegmentState, TownState, Traffic, Vehicle
from tests.conftest import make_network
from tests.support.strategies import networks, scenarios

JANUARY = dt.date(2026, 1, 7)
OCTOBER = dt.date(2025, 10, 1)


def test_an_isolated_town_leads_to_segment_event_and_source(mali: Dataset) -> None:
    found = explain(mali, "nioro", OCTOBER)
    assert found.state == TownState.ISOLATED
    assert [link.role for link in found.links] == [Role.CUTS] * len(found.links)
    assert {link.state for link in found.links} == {SegmentState.CLOSED}
    first = found.links[0].evidence[0]
    assert first.event_id == "MLI-2025-0905-02"
    assert first.age_days == 26
    assert found.events.loc[first.event_id, "source_name"] == "AFP via Seneweb"


def test_a_town_under_escort_names_the_escorted_segments(mali: Dataset) -> None:
    found = explain(mali, "bamako", JANUARY, scenario=Conditions(vehicle=Vehicle.TANKER))
    assert found.state == TownState.ESCORT_ONLY
    assert all(link.role == Role.ESCORT for link in found.links)
    assert all(link.evidence for link in found.links)


def test_light_traffic_is_not_stopped_by_a_fuel_ban(mali: Dataset) -> None:
    found = explain(mali, "bamako", JANUARY, traffic=Traffic.LIGHT)
    assert found.state != TownState.ESCORT_ONLY


def test_a_cut_by_hand_has_no_events(mali: Dataset) -> None:
    found = explain(
        mali,
        "mopti",
        None,
        scenario=Conditions(vehicle=Vehicle.TANKER, cut=frozenset({"sevare--mopti"})),
    )
    assert found.state == TownState.ISOLATED
    assert [(link.segment_id, link.evidence) for link in found.links] == [("sevare--mopti", ())]


def test_a_detour_names_the_segment_left(mali: Dataset) -> None:
    found = explain(mali, "bamako", None, scenario=Conditions(cut=frozenset({"siby--kouremale"})))
    assert found.state == TownState.DETOUR
    assert [(link.segment_id, link.role) for link in found.links] == [
        ("siby--kouremale", Role.LEFT)
    ]


def test_an_open_town_needs_no_reason(mali: Dataset) -> None:
    found = explain(mali, "bamako", None)
    assert (found.state, found.links) == (TownState.OPEN, ())


def test_the_command_prints_the_chain(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["why", "Nioro du Sahel", "--date", "2025-10-01", "--format", "json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["town"] == "nioro"
    assert answer["state"] == "isolated"
    event = answer["segments"][0]["events"][0]
    assert event["event_id"] == "MLI-2025-0905-02"
    assert event["source_url"].startswith("https://")
    assert event["date"] == "2025-09-05"


@pytest.mark.parametrize(("lang", "word"), [("en", "isolated"), ("fr", "isolée")])
def test_the_chain_in_words(mali: Dataset, lang: str, word: str) -> None:
    lines = as_text(explain(mali, "nioro", OCTOBER), lang)
    assert word in lines[0]
    assert any("AFP via Seneweb" in line for line in lines)


def test_an_unknown_town_is_reported_with_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["why", "Bamakko", "--date", "2025-10-01"]) == 2
    told = capsys.readouterr().err
    assert "'Bamakko'" in told
    assert "bamako" in told
    assert told.count("\n") == 1


def test_a_town_may_be_named_by_its_other_name(mali: Dataset) -> None:
    assert town_id(mali, "Timbuktu") == "tombouctou"


def test_a_town_that_the_rains_isolate_names_the_season_and_its_segments(mali: Dataset) -> None:
    """On the eve of the blockade; depends on the shipped roads and the rule for the rains."""
    tanker = Conditions(vehicle=Vehicle.TANKER)
    found = explain(mali, "tombouctou", dt.date(2025, 9, 2), scenario=tanker)
    assert (found.state, found.causes) == (TownState.ISOLATED, (Cause.SEASON,))
    assert found.links
    assert {(link.role, link.state) for link in found.links} == {
        (Role.SEASON, SegmentState.IMPASSABLE)
    }
    for lang, word in (("en", "rain"), ("fr", "pluies")):
        assert all(word in line for line in as_text(found, lang)[1:])


def test_a_town_without_supply_points_names_those_switched_off(mali: Dataset) -> None:
    every = frozenset(mali.network.supply_points)
    found = explain(mali, "sikasso", None, scenario=Conditions(without=every))
    assert (found.causes, found.links) == ((Cause.SUPPLY,), ())
    assert found.supply_off
    assert set(found.supply_off) <= every
    assert ", ".join(found.supply_off) in as_text(found)[1]


def test_a_town_that_the_vehicle_never_reaches_names_the_roads_in_between(mali: Dataset) -> None:
    tanker = Conditions(vehicle=Vehicle.TANKER_ALL_YEAR)
    towns = access(mali.network, tanker, count_routes=False).towns
    never = towns.loc[towns["isolated_by"] == Cause.VEHICLE, "node_id"].iloc[0]
    found = explain(mali, never, None, scenario=tanker)
    assert found.causes == (Cause.VEHICLE,)
    assert {link.role for link in found.links} == {Role.VEHICLE}


def test_every_town_that_is_not_open_has_a_cause(mali: Dataset) -> None:
    """Depends on no single event: any shipped state must be explained."""
    scenario = Conditions(
        vehicle=Vehicle.TANKER,
        without=frozenset({"dakar", "niamey"}),
        cut=frozenset({"sevare--mopti", "siby--kouremale"}),
    )
    on = dt.date(2025, 9, 20)
    dated = conditions_on(mali, scenario, on=on)
    towns = access(mali.network, dated, count_routes=False).towns
    assert TownState.ISOLATED in set(towns["state"])
    for row in towns.groupby(["state", towns["isolated_by"].astype(str)]).head(3).itertuples():
        found = explain(mali, row.node_id, on, scenario=scenario)
        assert bool(found.causes) == (row.state != TownState.OPEN), row.node_id
        assert len(as_text(found)) > 1
        json.dumps(as_json(found), allow_nan=False)


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_causes_of_any_state_are_reported(data: st.DataObject) -> None:
    """A town is open without a cause, and not open with at least one; no figure is NaN."""
    network = data.draw(networks().filter(lambda network: network.towns))
    scenario = data.draw(scenarios(network, season=True))
    dataset = Dataset(network, with_shipped_events=False, shipped_network=False)
    town = data.draw(st.sampled_from(network.towns))
    found = explain(dataset, town, None, scenario=scenario)
    assert bool(found.causes) == (found.state != TownState.OPEN)
    if Cause.SUPPLY in found.causes:
        assert set(found.supply_off) <= scenario.without
    answer = as_json(found)
    json.dumps(answer, allow_nan=False)
    assert all(
        value is None or isinstance(value, str)
        for value in (answer["supply_point"], answer["baseline_supply_point"])
    )


def test_the_json_of_an_isolated_town_is_strict(capsys: pytest.CaptureFixture[str]) -> None:
    def refuse(constant: str) -> None:
        raise ValueError(constant)

    assert main(["why", "nioro", "--date", "2025-11-05", "--format", "json"]) == 0
    answer = json.loads(capsys.readouterr().out, parse_constant=refuse)
    assert answer["supply_point"] is None
    assert answer["isolated_by"] == "closure"


def test_a_town_out_of_reach_of_tankers_names_the_tags_that_bar_them() -> None:
    """A weak bridge on the only road.

    ::

        S --- a
    """
    base = make_network([("S", "a", 10, "no")], supply=["S"])
    segments = base.segments.assign(restriction="maxweight=3.5", mode="ferry")
    dataset = Dataset(replace(base, segments=segments))
    found = explain(dataset, "a", None, scenario=Conditions(vehicle=Vehicle.TANKER))
    assert [(link.restriction, link.ferry) for link in found.links] == [("maxweight=3.5", True)]
    assert any("a ferry, by its tags: maxweight=3.5" in line for line in as_text(found))
    assert any("selon ses attributs\u202f: maxweight=3.5" in line for line in as_text(found, "fr"))
