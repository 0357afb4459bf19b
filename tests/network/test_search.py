"""Places, roads and points found by what people type."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.dataset import Dataset
from geodata.errors import UnknownIdError
from geodata.network.search import HitKind, Index, node_named, parse_point, search
from tests.conftest import make_network


@pytest.mark.parametrize(
    ("typed", "node"),
    [
        ("Timbuktu", "tombouctou"),
        ("TOMBOUCTOU", "tombouctou"),
        ("timbuctoo", "tombouctou"),
        ("segou", "segou"),
        ("Gourma Rharous", "gourma-rharous"),
        ("rharous gourma", "gourma-rharous"),
        ("mpessoba", "mpessoba"),
        ("bobo dioulasso", "bobo-dioulasso"),
        ("Nioro", "nioro"),
        ("Tombuctou", "tombouctou"),
    ],
)
def test_a_place_is_found_without_accents_dashes_order_and_in_other_languages(
    mali: Dataset, typed: str, node: str
) -> None:
    assert search(mali.network, typed)[0].id == node


def test_every_place_is_found_first_by_its_own_name(mali: Dataset) -> None:
    index = Index(mali.network)
    for node, name in zip(mali.network.node_ids, mali.network.nodes["name"], strict=True):
        hits = [hit for hit in index.search(name) if hit.kind == HitKind.NODE]
        assert node in [hit.id for hit in hits[:2]], name


@pytest.mark.parametrize(
    "typed",
    [
        "14.5, -4.2", "14.5 -4.2", "14.5,-4.2", "14,5; -4,2", "14°30'N 4°12'W", "(14.5, -4.2)",
        "4°12'O, 14°30'N", "N14.5 W4.2", "14°30′00″N 4°12′00″W", "14.5, \u22124.2",
    ],
)  # fmt: skip
def test_coordinates_are_read_in_their_usual_forms(typed: str) -> None:
    assert parse_point(typed) == (pytest.approx(14.5), pytest.approx(-4.2))


@pytest.mark.parametrize("typed", ["", "Gao", "RN6", "95, 10", "14.5", "N14 N4", "14°70'N 4°W"])
def test_what_is_no_point_is_read_as_none(typed: str) -> None:
    assert parse_point(typed) is None


@pytest.mark.parametrize("typed", ["sevare mopti", "Mopti – Sévaré", "MOPTI sev"])
def test_a_segment_is_found_by_the_names_of_its_ends(mali: Dataset, typed: str) -> None:
    hit = search(mali.network, typed)[0]
    assert (hit.kind, hit.id) == (HitKind.SEGMENT, "sevare--mopti")
    assert hit.exact == (typed != "MOPTI sev")


def test_a_road_number_gives_its_segments_and_an_id_its_segment(mali: Dataset) -> None:
    road = search(mali.network, "rn 6")[0]
    assert (road.kind, road.id) == (HitKind.ROAD, "RN6")
    assert len(road.segment_ids) > 5
    assert search(mali.network, "gao--bourem")[0].segment_ids == ("gao--bourem",)


def test_places_of_one_name_are_listed_with_their_region() -> None:
    plain = make_network([("PORT", "a", 10), ("a", "b", 5)], supply=["PORT"])
    nodes = plain.nodes.assign(name=["Port", "Koro", "Koro"], admin1=["X", "Mopti", "Ségou"])
    network = type(plain)(nodes, plain.segments)
    hits = search(network, "koro")
    assert [(hit.id, hit.region) for hit in hits] == [("a", "Mopti, MLI"), ("b", "Ségou, MLI")]
    with pytest.raises(UnknownIdError, match=r"several places.*Mopti.*Ségou"):
        node_named(network, "koro")
    with pytest.raises(UnknownIdError, match="nearest"):
        node_named(network, "qqqq")


@settings(max_examples=60)
@given(st.text(max_size=40))
def test_no_text_breaks_the_search(text: str) -> None:
    network = make_network([("PORT", "a", 10)], supply=["PORT"])
    assert isinstance(search(network, text), list)
    parse_point(text)
