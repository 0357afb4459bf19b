"""What corridor names mean."""

from geodata.dataset import Dataset
from geodata.events.corridors import Corridors
from tests.support.road_toys import CORRIDORS, road_network

TOY = Corridors(road_network(), CORRIDORS)


def ids(found: Corridors, rows: frozenset[int]) -> set[str]:
    return {found.network.segment_ids[row] for row in rows}


def test_crossings_join_a_country_to_the_focus_country() -> None:
    assert ids(TOY, TOY.crossings(frozenset({"SEN"}))) == {"PORT--gate"}
    assert ids(TOY, TOY.crossings(frozenset({"SEN", "DZA"}))) == {"PORT--gate", "d--NORTH"}
    assert TOY.crossings(frozenset({"MLI"})) == frozenset()


def test_imports_take_the_whole_corridor_behind_a_crossing() -> None:
    west = {"PORT--gate", "gate--a", "a--b", "b--c"}
    assert ids(TOY, TOY.imports(frozenset({"SEN"}))) == west
    assert ids(TOY, TOY.imports(frozenset({"DZA"}))) == {"d--NORTH"}


def test_a_convoy_passes_its_corridor_up_to_its_town() -> None:
    number = TOY.network.node_number
    assert ids(TOY, TOY.convoy_way("West", number["a"])) == {"PORT--gate", "gate--a"}
    assert ids(TOY, TOY.convoy_way("West", None)) == {"PORT--gate", "gate--a", "a--b", "b--c"}
    assert TOY.convoy_way("unknown", number["a"]) == frozenset()


def test_a_convoy_to_mopti_has_not_passed_on_to_gao(mali: Dataset) -> None:
    found = Corridors(mali.network, mali.corridor_segments)
    way = ids(found, found.convoy_way("Bamako-Ségou-Mopti-Gao", mali.network.node_number["mopti"]))
    assert {"konobougou--segou", "sevare--mopti"} <= way
    assert not way & {"sevare--konna", "wabaria--gao"}


def test_without_a_table_no_name_is_known() -> None:
    assert Corridors(road_network()).segments == {}


def test_the_shipped_table_covers_every_corridor_the_events_name(mali: Dataset) -> None:
    found = Corridors(mali.network, mali.corridor_segments)
    named = set(mali.events["corridor"]) - {"none", "all import corridors", ""}
    assert named <= set(found.segments)
