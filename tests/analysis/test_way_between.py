"""The route between two places, compared with networkx."""

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.analysis.way_between import way_between
from geodata.cli.main import main
from geodata.conditions import Closure, Conditions
from geodata.dataset import Dataset
from geodata.errors import UnknownIdError
from geodata.network.model import Network
from geodata.schema import SegmentState
from tests.support.strategies import NAMES, networks, scenarios


@settings(max_examples=40)
@given(st.data())
def test_the_way_is_the_shortest_and_free_of_escort_where_one_is(data: st.DataObject) -> None:
    network = data.draw(networks())
    scenario = data.draw(scenarios(network))
    start, end = data.draw(st.sampled_from(NAMES)), data.draw(st.sampled_from(NAMES))
    found = way_between(Dataset(network), scenario, start, end)
    roads = scenario.on(network)
    lengths = []
    for mask in (roads.escort_free, roads.passable):
        graph = nx.MultiGraph()
        graph.add_nodes_from(NAMES)
        rows = network.segments[mask]
        for row in rows.itertuples():
            graph.add_edge(row.from_node, row.to_node, weight=row.length_km)
        if nx.has_path(graph, start, end):
            lengths.append(nx.shortest_path_length(graph, start, end, weight="weight"))
    assert (found.way is None) == (not lengths)
    if found.way is not None:
        assert found.way.km == pytest.approx(lengths[0])
        assert found.way.km == pytest.approx(found.way.stretches["length_km"].sum())
        ends = [start, *found.way.stretches["to_node"]]
        assert ends[-1] == end
        assert ends[:-1] == list(found.way.stretches["from_node"])
        if found.alternative is not None:
            shared = set(found.way.stretches["segment_id"])
            assert not shared & set(found.alternative.stretches["segment_id"])


def test_the_route_reports_what_it_avoids_and_an_alternative(corridor: Network) -> None:
    data = Dataset(corridor)
    clear = way_between(data, Conditions(), "PORT", "b")
    assert clear.way is not None
    assert (clear.way.km, clear.avoids, clear.alternative) == (150.0, (), None)
    cut = way_between(data, Conditions(cut=frozenset({"a--b"})), "PORT", "b")
    assert cut.way is not None
    assert cut.former is not None
    assert (cut.way.km, cut.former.km, cut.avoids) == (190.0, 150.0, ("a--b",))
    beside = way_between(data, Conditions(), "a", "b").alternative
    assert beside is not None
    assert list(beside.stretches["segment_id"]) == ["a--c", "c--b"]


def test_escort_and_contested_roads_of_the_way_are_reported(corridor: Network) -> None:
    closures = (
        Closure("PORT--a", SegmentState.ESCORT_ONLY),
        Closure("a--b", SegmentState.CONTESTED),
    )
    way = way_between(Dataset(corridor), Conditions(closures=closures), "PORT", "b").way
    assert way is not None
    assert (way.under_escort, way.contested_km) == (True, 50.0)


def test_an_unknown_place_is_named(corridor: Network) -> None:
    with pytest.raises(UnknownIdError, match="nowhere"):
        way_between(Dataset(corridor), Conditions(), "nowhere", "a")


def test_the_command_prints_a_route_or_says_that_there_is_none(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["route", "Gao", "Timbuktu"]) == 0
    assert "total:" in capsys.readouterr().out
    cut = ["--cut-road", "RN18", "--cut-area=1.4,18.44,20"]
    assert main(["route", "Kidal", "Bamako", *cut, "--format", "json"]) == 1
    assert '"way": null' in capsys.readouterr().out
    assert main(["route", "Qqqq", "Bamako"]) == 2
