"""Cuts by road, corridor and area on the command line."""

import json
from pathlib import Path

import pytest

from geodata.cli.main import main


def test_a_cut_road_is_previewed_and_cut(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["access", "--cut-road", "18", "--format", "json"]) == 0
    printed = capsys.readouterr()
    assert "closes 1 segment; isolates 0 towns" in printed.err
    assert main(["access", "--cut", "gao--anefis", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == json.loads(printed.out)


def test_a_drawn_area_is_read_from_its_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ring = [[-0.5, 16], [0.5, 16], [0.5, 17], [-0.5, 17], [-0.5, 16]]
    path = tmp_path / "gao.geojson"
    path.write_text(json.dumps({"type": "Polygon", "coordinates": [ring]}))
    assert main(["access", "--cut-area", str(path), "--format", "csv"]) == 0
    assert "closes" in capsys.readouterr().err
    assert main(["access", "--cut-area=-0.04,16.27,20", "--format", "csv"]) == 0
    assert "closes" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--cut-road", "RN99"], "RN99"),
        (["--cut-road", "x"], "road number"),
        (["--cut-corridor", "Nowhere"], "Nowhere"),
        (["--cut-area", "missing.geojson"], "missing.geojson"),
        (["--cut-area=1,2"], "radius"),
        (["--cut-area=-150,60,5"], "names no segment"),
    ],
)
def test_a_cut_that_names_nothing_is_refused_in_one_line(
    options: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["access", *options]) == 2
    told = capsys.readouterr().err
    assert said in told
    assert told.count("\n") == 1
