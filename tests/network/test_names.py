"""Names of nodes: two that share a name never look alike in a list."""

import re
from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata import schema as f
from geodata.analysis.accessibility import access
from geodata.conditions import Conditions
from geodata.dataset import shipped
from geodata.network.labels import labels
from geodata.network.model import Network
from geodata.network.names import Names, road_number
from geodata.network.search import search
from geodata.sanitize import folded


def named(names: list[str], regions: list[str]) -> dict[str, str]:
    ids = [f"t{n}" for n in range(len(names))]
    return labels(pd.DataFrame({f.NODE_ID: ids, f.NAME: names, f.ADMIN1: regions}))


@pytest.mark.parametrize(
    ("names", "regions", "shown"),
    [
        (["Benkadi", "Gao"], ["Kayes", "Gao"], ["Benkadi", "Gao"]),
        (["Benkadi", "BENKADI"], ["Kayes", "Sikasso"], ["Benkadi (Kayes)", "BENKADI (Sikasso)"]),
        (["Ségou", "Segou"], ["A", "A"], ["Ségou (A, t0)", "Segou (A, t1)"]),
        (["Benkadi", "Benkadi"], ["Kayes", ""], ["Benkadi (Kayes)", "Benkadi (t1)"]),
        (["", ""], ["Kayes", "Kayes"], ["", ""]),
    ],
)
def test_a_name_that_two_nodes_share_gets_its_region_or_its_id(
    names: list[str], regions: list[str], shown: list[str]
) -> None:
    assert list(named(names, regions).values()) == shown


def test_a_road_is_named_by_no_mark_of_the_table_that_it_stands_in() -> None:
    network = shipped().network
    shown = {Names(network).segment(each) for each in network.segment_ids}
    assert not [each for each in shown if "?" in each or "/-" in each]
    assert "Kangaba–Siguiri (RN26)" in shown
    assert "Sona–Faramana (RN12)" in shown


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("RN1", "RN1"),
        ("RN6/RN7", "RN6/RN7"),
        ("A?/A5", "A5"),
        ("-", ""),
        ("RN7 (bretelle)", "RN7"),
        ("", ""),
        (None, ""),
    ],
)
def test_of_several_road_numbers_those_that_are_sure_are_shown(cell: object, shown: str) -> None:
    assert road_number(cell) == shown


TEXT = st.sampled_from(["Gao", "gao", "Kidal", "Ber"])


@given(st.lists(st.tuples(TEXT, st.sampled_from(["", "Mopti", "Gao"])), max_size=8))
def test_no_two_named_nodes_look_alike(rows: list[tuple[str, str]]) -> None:
    shown = named([name for name, _ in rows], [region for _, region in rows]).values()
    assert len({folded(each) for each in shown}) == len(rows)


def test_towns_of_one_name_show_their_region_in_tables_and_lists(
    toy: Callable[..., Network],
) -> None:
    """Two towns called Benkadi in a row.

    ::

        S --- a --- b
    """
    base = toy([("S", "a", 10), ("a", "b", 10)], supply=["S"])
    nodes = base.nodes.copy()
    nodes.loc[nodes[f.NODE_ID] != "S", f.NAME] = "Benkadi"
    nodes[f.ADMIN1] = ["", "Kayes", "Sikasso"]
    network = replace(base, nodes=nodes)
    shown = ["Benkadi (Kayes)", "Benkadi (Sikasso)"]
    cut = Conditions(cut=frozenset(network.segment_ids[:1]))
    assert list(access(network, cut).towns[f.NAME]) == shown
    assert [Names(network).node(town) for town in ("a", "b")] == shown
    assert shown[0] in Names(network).ends(network.segment_ids[0])


def test_a_name_that_describes_a_place_is_in_the_language_of_the_reader() -> None:
    network = shipped().network
    english, french, given = (Names(network, lang) for lang in ("en", "fr", ""))
    shown = [english.node(each) for each in network.node_ids]
    assert not [each for each in shown if re.search(r"frontière|carrefour|\brive\b", each, re.I)]
    assert all(french.node(each) == given.node(each) for each in network.node_ids)
    assert english.node("koro-frontiere") == "Koro-Thiou border post"
    assert any("Djenné junction" in english.segment(each) for each in network.segment_ids)
    assert search(network, "djenne junction")[0].id == "djenne-carrefour"
