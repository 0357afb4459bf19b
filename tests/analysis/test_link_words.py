"""What is said of a segment after its role in a town's access."""

import datetime as dt

import pytest

from geodata.analysis.explanation import Role, explain
from geodata.analysis.link_words import SAID, segment_words
from geodata.conditions import Conditions
from geodata.dataset import shipped
from geodata.i18n import LANGUAGES
from geodata.schema import Cause, SegmentState, Vehicle


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_state_that_the_role_tells_is_not_said_twice(lang: str) -> None:
    mali, day = shipped(), dt.date(2025, 11, 5)
    told = [
        (link, segment_words(chain, link, lang))
        for town in ("nioro", "mopti", "taoudenit")
        for chain in [explain(mali, town, day, scenario=Conditions(vehicle=Vehicle.TANKER))]
        for link in chain.links
    ]
    assert {link.role for link, _ in told} >= {Role.CUTS, Role.ESCORT, Role.VEHICLE}
    for link, said in told:
        if (link.role, link.state) in SAID and not link.restriction and not link.ferry:
            assert said == ""
        else:
            assert said


def test_a_road_that_the_rains_close_is_never_called_unfit_for_the_vehicle() -> None:
    mali, day = shipped(), dt.date(2025, 9, 10)
    wet = 0
    for town in mali.network.towns:
        chain = explain(mali, town, day, scenario=Conditions(vehicle=Vehicle.TANKER))
        if Cause.SEASON not in chain.causes:
            continue
        for link in chain.links:
            if link.state == SegmentState.IMPASSABLE:
                wet += 1
                assert "for the vehicle" not in segment_words(chain, link)
    assert wet
