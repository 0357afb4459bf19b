"""From a town to the sources."""

import datetime as dt
import json

import pytest

from geodata.cli import main
from geodata.dataset import Dataset
from geodata.fields import SegmentState, TownState, Traffic, Vehicle
from geodata.scenario import Scenario
from geodata.why import Role, town_id, why
from geodata.why_text import as_text

JANUARY = dt.date(2026, 1, 7)
OCTOBER = dt.date(2025, 10, 1)


def test_an_isolated_town_leads_to_segment_event_and_source(mali: Dataset) -> None:
    found = why(mali, "nioro", OCTOBER)
    assert found.state == TownState.ISOLATED
    assert [link.role for link in found.links] == [Role.CUTS] * len(found.links)
    assert {link.state for link in found.links} == {SegmentState.CLOSED}
    first = found.links[0].evidence[0]
    assert first.event_id == "MLI-2025-0905-02"
    assert first.age_days == 26
    assert found.events.loc[first.event_id, "source_name"] == "AFP via Seneweb"


def test_a_town_under_escort_names_the_escorted_segments(mali: Dataset) -> None:
    found = why(mali, "bamako", JANUARY, scenario=Scenario(vehicle=Vehicle.TANKER))
    assert found.state == TownState.ESCORT_ONLY
    assert all(link.role == Role.ESCORT for link in found.links)
    assert all(link.evidence for link in found.links)


def test_light_traffic_is_not_stopped_by_a_fuel_ban(mali: Dataset) -> None:
    found = why(mali, "bamako", JANUARY, traffic=Traffic.LIGHT)
    assert found.state != TownState.ESCORT_ONLY


def test_a_cut_by_hand_has_no_events(mali: Dataset) -> None:
    found = why(mali, "mopti", None, scenario=Scenario(
        vehicle=Vehicle.TANKER, cut=frozenset({"sevare--mopti"})))  # fmt: skip
    assert found.state == TownState.ISOLATED
    assert [(link.segment_id, link.evidence) for link in found.links] == [("sevare--mopti", ())]


def test_a_detour_names_the_segment_left(mali: Dataset) -> None:
    found = why(mali, "bamako", None, scenario=Scenario(cut=frozenset({"siby--kouremale"})))
    assert found.state == TownState.DETOUR
    assert [(link.segment_id, link.role) for link in found.links] == [
        ("siby--kouremale", Role.LEFT)
    ]


def test_an_open_town_needs_no_reason(mali: Dataset) -> None:
    found = why(mali, "bamako", None)
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
    lines = as_text(why(mali, "nioro", OCTOBER), lang)
    assert word in lines[0]
    assert any("AFP via Seneweb" in line for line in lines)


def test_an_unknown_town_is_told_with_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["why", "Bamakko", "--date", "2025-10-01"]) == 2
    told = capsys.readouterr().err
    assert "'Bamakko'" in told
    assert "bamako" in told
    assert told.count("\n") == 1


def test_a_town_may_be_named_by_its_other_name(mali: Dataset) -> None:
    assert town_id(mali, "Timbuktu") == "tombouctou"
