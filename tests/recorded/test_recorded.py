"""Answers and exports are the recorded ones."""

import pytest

from tests.recorded.record import answers, exports, libraries, recorded
from tests.recorded.scenarios import SCENARIOS, STATES


@pytest.mark.parametrize("number", range(len(SCENARIOS)))
def test_a_scenario_has_its_recorded_answers(number: int) -> None:
    assert answers(number) == recorded()["answers"][number], SCENARIOS[number]


@pytest.mark.parametrize("state", STATES)
def test_a_link_has_its_recorded_exports(state: str) -> None:
    record = recorded()
    if libraries() != record["libraries"]:
        pytest.skip("the record was made with other versions of the libraries that draw")
    assert exports(state) == record["exports"][state]
