"""A cut by road, corridor or area is the cut of the ids that it lists; its preview shows it."""

import dataclasses
from collections.abc import Callable

import pytest
import shapely

from geodata.analysis.accessibility import access
from geodata.analysis.cuts import preview, select, selected_ids
from geodata.analysis.resolution import conditions
from geodata.api import access as api_access
from geodata.conditions import Closure, Conditions
from geodata.dataset import Dataset
from geodata.errors import GeodataError
from geodata.network.model import Network
from geodata.network.selection import Area, Circle, CorridorName, RoadNumber, Selection
from geodata.scenario import Scenario
from geodata.schema import SegmentState
from geodata.sharing.view_state import ViewState

SELECTIONS: list[Selection] = [
    RoadNumber("RN6"),
    CorridorName("Dakar-Kayes-Bamako"),
    Circle(-4.2, 14.5, 60),
    Area(shapely.box(-9, 13, -7, 15)),
]


@pytest.mark.parametrize("selection", SELECTIONS, ids=lambda each: type(each).__name__)
def test_a_selection_cuts_just_the_segments_that_it_lists(
    mali: Dataset, selection: Selection
) -> None:
    ids = select(mali, selection).segment_ids
    assert ids
    by_selection = conditions(mali, ViewState(cut_by=(selection,)).scenario)
    by_ids = conditions(mali, ViewState(cut=ids).scenario)
    assert by_selection == by_ids
    asked = api_access(mali, Scenario(cut_by=[selection]))
    assert asked.towns.equals(access(mali.network, by_ids).towns)


def test_a_reopening_by_hand_wins_over_a_selection(mali: Dataset) -> None:
    ids = select(mali, RoadNumber("RN6")).segment_ids
    state = ViewState(cut_by=(RoadNumber("RN6"),), reopen=ids)
    open_again = access(mali.network, conditions(mali, state.scenario)).towns
    assert open_again.equals(access(mali.network, conditions(mali, ViewState().scenario)).towns)


def test_an_unknown_corridor_is_refused_by_name(mali: Dataset) -> None:
    with pytest.raises(GeodataError, match="Nowhere"):
        select(mali, CorridorName("Nowhere"))


def test_several_selections_cut_their_union(mali: Dataset) -> None:
    each = [set(select(mali, one).segment_ids) for one in SELECTIONS]
    assert selected_ids(mali, SELECTIONS) == set().union(*each)


def test_the_preview_reports_the_towns_and_people_that_lose_access(corridor: Network) -> None:
    found = preview(Dataset(corridor), Conditions(), ["b--d", "DEPOT--d"])
    assert (found.closes, found.isolated) == (("DEPOT--d", "b--d"), ("d", "e"))
    assert (found.population, found.population_unknown) == (4000, 1)
    assert found.text("en") == (
        "closes 2 segments; isolates 2 towns; 4,000 people known to live there; "
        "1 of these towns has an unknown population"
    )


def test_the_preview_counts_closed_segments_separately(corridor: Network) -> None:
    before = Conditions(cut=frozenset({"a--b"}))
    found = preview(Dataset(corridor), before, ["a--b", "d--e"])
    assert (found.closes, found.already_shut, found.isolated) == (("d--e",), ("a--b",), ("e",))


def test_the_preview_names_towns_whose_way_gets_longer(corridor: Network) -> None:
    found = preview(Dataset(corridor), Conditions(), ["a--b"])
    assert found.isolated == ()
    assert found.longer == ("b", "d", "e")


def test_the_preview_names_towns_left_to_escorts(toy: Callable[..., Network]) -> None:
    """::

    PORT --10-- t          free; cutting it leaves the road by m, of the same length
      '---5-- m ---5--'    under escort
    """
    network = toy([("PORT", "t", 10), ("PORT", "m", 5), ("m", "t", 5)], supply=["PORT"])
    escort = (Closure("m--t", SegmentState.ESCORT_ONLY),)
    found = preview(Dataset(network), Conditions(closures=escort), ["PORT--t"])
    assert (found.isolated, found.escorted, found.longer) == ((), ("t",), ())
    assert found.text("en") == "closes 1 segment; isolates 0 towns; leaves 1 town to escorts"
    again = Conditions(closures=escort, cut=frozenset({"PORT--t"}))
    assert preview(Dataset(network), again, ["PORT--m"]).escorted == ()


def test_a_preview_does_not_depend_on_whether_access_is_at_hand(mali: Dataset) -> None:
    scenario = Conditions(cut=frozenset(mali.network.segment_ids[:20]))
    ids = select(mali, Circle(-4.2, 14.5, 60)).segment_ids
    at_hand = preview(mali, scenario, ids, before=access(mali.network, scenario))
    assert dataclasses.asdict(at_hand) == dataclasses.asdict(preview(mali, scenario, ids))
