from pathlib import Path

import numpy as np
import pytest

from geodata.graph.bridges import bridge_tree
from geodata.graph.single_cuts import every_cut
from tests.benchmarks import comparison as benchmark
from tests.benchmarks.comparison import Row, main, seconds, table
from tests.benchmarks.graphs import places, road_graph
from tests.benchmarks.peers import gravel_bridges, gravel_detours, networkx_removals


@pytest.mark.parametrize("n_edges", [100, 1_234, 20_000])
def test_road_graph_has_the_size_and_shape_it_says(n_edges: int) -> None:
    graph = road_graph(n_edges)
    degree = np.bincount(np.concatenate([graph.tail, graph.head]), minlength=graph.n_nodes)
    assert graph.n_edges == n_edges
    assert degree.min() >= 1
    assert 0.7 < graph.n_nodes / n_edges < 0.95
    assert 0.3 < float((degree == 2).mean()) < 0.6
    assert 0.05 < float((degree == 1).mean()) < 0.3


def test_road_graph_is_the_same_each_time() -> None:
    one, other = road_graph(1_000), road_graph(1_000)
    assert np.array_equal(one.head, other.head)
    assert not np.array_equal(one.head, road_graph(1_000, seed=9).head)


def test_gravel_finds_the_same_bridges_and_detours() -> None:
    pytest.importorskip("gravel")
    graph = road_graph(600)
    supply, towns = places(graph, 3, 20)
    cuts = every_cut(graph, supply, towns, detours=True)
    _, agreement = gravel_detours(graph, supply, towns, cuts, n_towns=len(towns))
    same, total = (int(word.replace(",", "")) for word in agreement.split() if word[0].isdigit())
    assert same == total > 100
    everywhere = bridge_tree(graph.n_nodes, graph.tail, graph.head, np.arange(1))
    reached = int((everywhere.bridge >= 0).sum())
    assert 2 * reached <= int(gravel_bridges(graph).sum())


def test_networkx_sample_is_put_in_proportion() -> None:
    graph = road_graph(200)
    supply, towns = places(graph, 2, 5)
    took, n_timed = networkx_removals(graph, supply, towns, detours=True)
    assert n_timed == 40
    assert took > 0


def test_times_are_reported_with_their_unit() -> None:
    assert [seconds(t) for t in (0.00123, 0.25, 12.3456, 4321.0)] == [
        "1.23 ms",
        "250 ms",
        "12.3 s",
        "4,321 s",
    ]


@pytest.fixture
def one_row(monkeypatch: pytest.MonkeyPatch) -> Row:
    row = Row("how fast", "1 ms", "2 ms", "no slower", True)

    class Section:
        measure = staticmethod(lambda: [row])

    monkeypatch.setattr(benchmark.importlib, "import_module", lambda name: Section)
    return row


def test_a_table_takes_its_place_between_its_marks(
    one_row: Row, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "benchmarks.md"
    file.write_text("# T\n\n<!-- engine: begin -->\nold\n<!-- engine: end -->\n\nrest\n")
    assert main(["engine", "--write", str(file)]) == 0
    text = file.read_text()
    assert "old" not in text
    assert "| how fast | 1 ms | 2 ms | no slower | yes |" in text
    assert text.endswith("<!-- engine: end -->\n\nrest\n")
    assert "| how fast |" in capsys.readouterr().out
    file.write_text("# T\n")
    main(["engine", "--write", str(file)])
    assert file.read_text().count("engine: begin") == 1


def test_a_missed_goal_is_reported_by_the_status(
    one_row: Row, monkeypatch: pytest.MonkeyPatch
) -> None:
    missed = Row("q", "3 ms", "2 ms", "no slower", False)
    monkeypatch.setattr(benchmark.importlib.import_module("x"), "measure", lambda: [missed])
    assert main(["engine"]) == 1
    assert "| no |" in table([missed])


def test_an_unknown_section_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["weather"])
    assert "no section 'weather'" in capsys.readouterr().err
