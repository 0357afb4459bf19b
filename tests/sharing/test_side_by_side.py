"""Several scenarios side by side: the figures that each has alone, and the towns that differ."""

import json
from pathlib import Path

import pytest

from geodata.analysis.situation import situation
from geodata.cli.main import main
from geodata.dataset import Dataset
from geodata.schema import Cause
from geodata.sharing.permalink import parse
from geodata.sharing.side_by_side import side_by_side

LINKS = (
    "vehicle=tanker&date=2025-11-10",
    "vehicle=tanker&date=2025-11-10&cut=gao--bourem&title=Bourem",
    "vehicle=tanker&cut=gao--bourem&title=Bourem",
)


def told(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = main(["scenarios", *words])
    out = capsys.readouterr()
    return code, out.out, out.err


def test_each_scenario_has_the_figures_that_it_has_alone(mali: Dataset) -> None:
    states = [parse(link)[0] for link in LINKS]
    found = side_by_side(mali, states)
    assert list(found.scenarios["name"]) == ["1", "Bourem", "Bourem (3)"]
    for row, state in zip(found.scenarios.to_dict("records"), states, strict=True):
        alone = situation(mali, state.scenario)
        summary = alone.access.summary
        for cause in Cause:
            assert row[f"isolated_{cause}"] == summary.isolated_by[cause].towns
        for name in ("isolated", "escort_only", "detour", "population_isolated", "at_risk"):
            assert row[name] == getattr(summary, name)
        assert row["closed"] == alone.segment_states["state"].isin(["closed", "cut"]).sum()
        towns = alone.access.towns.set_index("node_id")["state"]
        shown = found.towns.set_index("node_id")[row["name"]]
        assert (shown == towns[shown.index]).all()
    same = set(mali.network.towns) - set(found.towns["node_id"])
    assert same
    assert "bourem" in set(found.towns["node_id"])


def test_the_command_gives_the_same_answer_whatever_the_workers(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "three.csv"
    rows = "\n".join(f"{name},{link}" for name, link in zip("abc", LINKS, strict=True))
    file.write_text(f"name,link\n{rows}\n", encoding="utf-8")
    words = ("--file", str(file), "--format", "json")
    code, one, _ = told(capsys, *words)
    assert (code, one) == told(capsys, *words, "--workers", "2")[:2]
    result = json.loads(one)
    assert [row["name"] for row in result["scenarios"]] == ["a", "b", "c"]
    assert {"node_id", "name", "a", "b", "c"} == set(result["towns"][0])
    code, out, err = told(capsys, "--state", LINKS[1] + "&cut=no_such_road", "--rows", "towns")
    assert code == 0
    assert "no_such_road" in err
    assert "Bourem" in out


@pytest.mark.parametrize(
    ("words", "fault"), [((), "--state"), (("--file", "missing.csv"), "missing.csv")]
)
def test_what_cannot_be_read_is_refused_in_one_line(
    capsys: pytest.CaptureFixture[str], words: tuple[str, ...], fault: str
) -> None:
    code, out, err = told(capsys, *words)
    assert (code, out) == (2, "")
    assert fault in err
    assert err.count("\n") == 1


def test_no_title_passes_for_a_column_or_a_formula(
    mali: Dataset, capsys: pytest.CaptureFixture[str]
) -> None:
    states = [parse(f"title={title}")[0] for title in ("node_id", "name", "2")]
    names = list(side_by_side(mali, states).scenarios["name"])
    assert names == ["node_id (1)", "name (2)", "2"]
    words = ("--state", "title=%3D1%2B1&date=2025-11-10", "--state", "", "--rows", "towns")
    _, out, _ = told(capsys, *words, "--format", "csv")
    assert not any(cell.startswith("=") for cell in out.splitlines()[0].split(","))
