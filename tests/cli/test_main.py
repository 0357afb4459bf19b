import csv
import io
import json
import subprocess
import sys

import pytest

from geodata.analysis.accessibility import access
from geodata.cli.main import main
from geodata.conditions import Conditions
from geodata.network.files import write_network
from geodata.schema import Vehicle


def run(capsys, *words):
    code = main(words)
    out = capsys.readouterr()
    return code, out.out, out.err


def as_json(capsys, *words):
    code, out, _ = run(capsys, *words, "--format", "json")
    assert code == 0
    return json.loads(out)


def test_access_reports_what_the_engine_computes(capsys, mali):
    told = as_json(capsys, "access", "--cut", "gao--bourem", "--vehicle", "tanker")
    found = access(mali.network, Conditions(cut=frozenset(["gao--bourem"]), vehicle=Vehicle.TANKER))
    assert told["summary"]["newly_isolated"] == 3
    assert told["summary"]["isolated"] == found.summary.isolated
    assert [t["node_id"] for t in told["towns"][:3]] == ["anefis", "bourem", "kidal"]
    kidal = told["towns"][2]
    assert kidal["cut_by"] == ["gao--bourem"]
    assert kidal["population"] == 31820
    assert kidal["distance_km"] is None
    assert isinstance(kidal["baseline_km"], float)
    unknown = next(t for t in told["towns"] if t["node_id"] == "anefis")
    assert unknown["population"] is None


@pytest.mark.parametrize(("command", "rows"), [("every-cut", "segments"), ("pairs", "pairs")])
def test_many_days_give_the_table_of_each_day(capsys, command, rows):
    words = (command, "--vehicle", "tanker", "--date", "2025-11-05")
    days = as_json(capsys, *words, "--until", "2025-11-20", "--workers", "2")["days"]
    assert [day["date"] for day in days] == ["2025-11-05", "2025-11-12", "2025-11-19"]
    assert days[0].pop("date") == "2025-11-05"
    assert days[0] == as_json(capsys, *words)
    assert days[0][rows]


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        (["--until", "2025-11-20"], "--date"),
        (["--date", "2025-11-05", "--until", "2025-11-04"], "--until"),
        (["--date", "2025-11-05", "--until", "2025-11-20", "--every", "0"], "--every"),
    ],
)
def test_days_that_cannot_be_used_are_refused(capsys, words, fault):
    code, out, err = run(capsys, "every-cut", *words)
    assert (code, out) == (2, "")
    assert fault in err


def test_every_cut_and_reopen_share_their_keys(capsys):
    cuts = as_json(capsys, "every-cut", "--vehicle", "tanker")["segments"]
    assert len(cuts) == 220
    row = next(r for r in cuts if r["segment_id"] == "sevare--mopti")
    assert row["towns_isolated"] == ["mopti"]
    assert row["population_isolated"] == 114296
    steps = as_json(
        capsys, "reopen", "--cut", "gao--bourem", "--cut", "bourem--anefis", "--vehicle", "tanker"
    )["steps"]
    assert [s["segments"] for s in steps] == [["gao--bourem"], ["bourem--anefis"]]


def test_csv_has_a_row_a_town(capsys):
    _, out, _ = run(capsys, "access", "--format", "csv", "--without", "niamey")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert len(rows) == 84
    assert {"node_id", "cut_by", "detour_km"} <= set(rows[0])


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["--cut", "gao-bourem"], ["gao-bourem", "gao--bourem"]),
        (["--without", "niamy"], ["niamy", "niamey"]),
        (["--reopen", "x"], ["'x'"]),
    ],
)
def test_an_unknown_id_ends_with_2_and_one_line(capsys, words, named):
    code, out, err = run(capsys, "access", *words)
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert all(name in err for name in named)


def test_another_network_needs_nothing_of_mali(capsys, corridor, tmp_path):
    write_network(corridor, tmp_path)
    told = as_json(capsys, "access", "--network", str(tmp_path), "--cut", "d--e")
    lost = [t["node_id"] for t in told["towns"] if t["isolated"]]
    assert lost == ["e"]


def test_a_folder_without_a_network_is_refused(capsys, tmp_path):
    code, _, err = run(capsys, "access", "--network", str(tmp_path))
    assert code == 2
    assert "nodes.geojson" in err


def test_without_a_date_no_event_closes_anything(capsys):
    plain = as_json(capsys, "access")
    dated = as_json(capsys, "access", "--date", "2025-11-05")
    assert plain["summary"]["isolated"] == 0
    states = {t["state"] for t in dated["towns"]}
    assert states - {"open"}


def test_python_dash_m_runs_it():
    done = subprocess.run(
        [sys.executable, "-m", "geodata", "nonsense"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "every-cut" in done.stderr
