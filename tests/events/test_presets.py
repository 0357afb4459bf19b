"""Presets say what the table of phases says, and where it says so."""

import datetime as dt

import pytest

from geodata.analysis.accessibility import access
from geodata.analysis.resolution import preset_closures
from geodata.conditions import Conditions
from geodata.dataset import Dataset
from geodata.errors import GeodataError
from geodata.events.presets import phase_rows, preset, preset_ids, presets
from geodata.i18n import LANGUAGES, text
from geodata.schema import SegmentState, Traffic

ESCORT, CONTESTED, CLOSED = (
    SegmentState.ESCORT_ONLY, SegmentState.CONTESTED, SegmentState.CLOSED
)  # fmt: skip


def states(mali: Dataset, wanted: str, traffic: Traffic = Traffic.FUEL) -> dict[str, SegmentState]:
    return {c.segment_id: c.state for c in preset_closures(mali, wanted, traffic)}


def test_there_are_thirteen_phases_and_two_more(mali: Dataset) -> None:
    found = presets(mali.network, mali.corridor_segments)
    assert tuple(p.id for p in found) == preset_ids()
    assert len(phase_rows()) == 13
    assert len(found) == 15
    for p in found:
        assert all(text(p.title, lang) for lang in LANGUAGES)
        assert p.id == "no-closures" or p.source_url.startswith("https://")


def test_every_fragment_of_every_phase_is_understood(mali: Dataset) -> None:
    for p in presets(mali.network, mali.corridor_segments):
        for part in p.parts:
            assert part.segments, f"{p.id}: {part.text!r} names no segment"


def test_nothing_closed_closes_nothing(mali: Dataset) -> None:
    assert states(mali, "no-closures") == {}


def test_the_declared_blockade_cuts_off_the_two_towns_and_no_other_road(mali: Dataset) -> None:
    for traffic in Traffic:
        found = states(mali, "kayes-nioro", traffic)
        assert set(found.values()) == {CLOSED}
        assert {"ambidedi--kayes", "kayes-ndi--dialaka", "nioro--gogui", "diema--nioro"} <= set(
            found
        )
        assert all("kayes" in s or "nioro" in s for s in found)
    scenario = Conditions(closures=preset_closures(mali, "kayes-nioro", Traffic.FUEL))
    towns = access(mali.network, scenario, count_routes=False).towns.set_index("node_id")
    assert set(towns.index[towns["isolated"]]) >= {"kayes", "nioro"}


def test_remarks_are_read(mali: Dataset) -> None:
    assert states(mali, "phase-1")["dialaka--sandare"] == CLOSED
    assert "dialaka--sandare" not in states(mali, "phase-1", Traffic.TRUCKS)
    assert states(mali, "phase-2")["dialaka--sandare"] == ESCORT
    assert states(mali, "phase-5")["sikasso--zegoua"] == ESCORT
    assert states(mali, "phase-8")["dialaka--sandare"] == CONTESTED
    assert states(mali, "phase-8")["sikasso--zegoua"] == ESCORT


def test_an_export_ban_shuts_the_border_for_fuel_from_its_day(mali: Dataset) -> None:
    phase = preset(mali.network, mali.corridor_segments, "phase-2")

    def shut(on: dt.date, traffic: Traffic) -> bool:
        return "kouremale--siguiri" in {c.segment_id for c in phase.closures(traffic, on=on)}

    assert shut(dt.date(2025, 9, 29), Traffic.FUEL)
    assert not shut(dt.date(2025, 9, 28), Traffic.FUEL)
    assert not shut(dt.date(2025, 9, 29), Traffic.TRUCKS)
    assert "siby--kouremale" not in {c.segment_id for c in phase.closures()}


def test_a_shared_stretch_takes_the_mildest_state(mali: Dataset) -> None:
    # Nouakchott-Nioro is closed, Dakar-Kayes passes under escort; both use Diéma-Bamako.
    found = states(mali, "phase-2")
    assert found["diema--nioro"] == CLOSED
    assert found["kolokani--kati"] == ESCORT


def test_an_unknown_preset_is_refused(mali: Dataset) -> None:
    with pytest.raises(GeodataError, match="no preset 'phase-99'"):
        preset_closures(mali, "phase-99", Traffic.FUEL)
