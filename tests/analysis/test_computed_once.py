"""What several results of one question share is computed once."""

import datetime as dt
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

import geodata.analysis.resolution
import geodata.conditions
import geodata.events.closures
from geodata.analysis.accessibility import access
from geodata.analysis.critical_links import every_cut
from geodata.analysis.explanation import explain
from geodata.analysis.paths import route
from geodata.analysis.reopening import reopening_order
from geodata.conditions import Conditions
from geodata.dataset import Dataset
from geodata.schema import Vehicle

DAY = dt.date(2025, 11, 5)


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Counter[tuple[str, object]]:
    """Calls of the functions that compute states, components and closures, by what they are of."""
    counted: Counter[tuple[str, object]] = Counter()

    def count(module: Any, name: str, of: Callable[..., object]) -> None:
        function = getattr(module, name)

        def counting(*args: Any, **options: Any) -> Any:
            counted[name, of(*args, **options)] += 1
            return function(*args, **options)

        monkeypatch.setattr(module, name, counting)

    count(geodata.conditions, "passability", lambda network, conditions: conditions)
    count(geodata.conditions, "components", lambda network, mask: mask.tobytes())
    count(geodata.events.closures, "closures", lambda *args, on, **options: on)
    return counted


def test_the_results_of_one_scenario_share_states_and_components(
    mali: Dataset, calls: Counter[tuple[str, object]]
) -> None:
    conditions = Conditions(cut=frozenset({"gao--bourem"}), vehicle=Vehicle.TANKER)

    access(mali.network, conditions)
    every_cut(mali.network, conditions)
    reopening_order(mali.network, conditions)
    route(mali.network, conditions, "kidal")

    assert calls["passability", conditions] == 1
    assert calls["components", conditions.on(mali.network).passable.tobytes()] == 1


def test_an_explanation_computes_the_closures_of_its_day_once(
    mali: Dataset, calls: Counter[tuple[str, object]]
) -> None:
    explain(mali, "nioro", DAY, scenario=Conditions(vehicle=Vehicle.TANKER))

    assert calls["closures", DAY] == 1
    states = [key for key in calls if key[0] == "passability"]
    assert [calls[key] for key in states if key[1].closures] == [1]


def test_conditions_on_another_network_are_computed_for_that_network(
    mali: Dataset, corridor: Any
) -> None:
    conditions = Conditions()

    first, second = conditions.on(mali.network), conditions.on(corridor)

    assert len(first.states) == len(mali.network.segment_ids)
    assert len(second.states) == len(corridor.segment_ids)
    assert conditions == Conditions()
