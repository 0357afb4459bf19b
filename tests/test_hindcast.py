"""The model held against reports."""

import json
from pathlib import Path

import pandas as pd
import pytest

from geodata.cli import main
from geodata.dataset import Dataset
from geodata.errors import GeodataError
from geodata.hindcast import REPORTED, as_text, hindcast


@pytest.fixture(scope="module")
def statuses(mali: Dataset) -> pd.DataFrame:
    return mali.statuses


def test_every_shipped_report_is_used(mali: Dataset, statuses: pd.DataFrame) -> None:
    found = hindcast(mali, statuses)
    assert len(statuses) == 81
    assert len(found.rows) == sum(found.confusion.values()) == 79
    assert [row.split(": ")[1] for row in found.left_out] == ["town 'Oussoubidiagna'"] * 2
    assert set(statuses["status"]) <= set(REPORTED)


def test_the_score_is_the_mean_of_two_recalls(mali: Dataset, statuses: pd.DataFrame) -> None:
    found = hindcast(mali, statuses)
    recalls = found.rows.groupby("reported")["agrees"].mean()
    assert found.balanced_accuracy == pytest.approx(recalls.mean())
    assert (found.rows["agrees"] == (found.rows["reported"] == found.rows["model"])).all()
    assert found.by_town["reports"].sum() == 79
    assert found.by_town["agree"].sum() == found.rows["agrees"].sum()


def test_the_published_figures(mali: Dataset, statuses: pd.DataFrame) -> None:
    found = hindcast(mali, statuses)
    assert found.confusion == {"hits": 38, "misses": 4, "false_alarms": 23, "supplied": 14}
    lag = found.lag.set_index("town")["lag_days"]
    assert lag["Mopti"] == -1
    assert lag["Bamako"] == -16


def test_without_events_nobody_runs_short(mali: Dataset, statuses: pd.DataFrame) -> None:
    quiet = type(mali)(mali.network, with_shipped_events=True)
    silent = mali.events.assign(event_type="other", effect_on_passage="open")
    object.__setattr__(quiet, "events", silent)
    found = hindcast(quiet, statuses)
    assert set(found.rows["model"]) == {"supplied"}
    assert found.balanced_accuracy == 0.5


def test_reports_of_one_kind_have_no_score(mali: Dataset, statuses: pd.DataFrame) -> None:
    short = statuses[statuses["status"] == "shortage"]
    assert hindcast(mali, short).balanced_accuracy is None


def test_a_bad_row_is_left_out_and_told(mali: Dataset, statuses: pd.DataFrame) -> None:
    bad = pd.DataFrame(
        [{"date": "2025-13-01", "town": "Atlantis", "status": "fine"}], dtype="str"
    )
    found = hindcast(mali, pd.concat([statuses, bad], ignore_index=True))
    assert len(found.rows) == 79
    assert found.left_out[-1] == "row 83: town 'Atlantis', date '2025-13-01', status 'fine'"
    assert "left out:" in as_text(found)


def test_missing_columns_and_empty_tables_are_refused(mali: Dataset) -> None:
    with pytest.raises(GeodataError, match="lacks the columns town, status"):
        hindcast(mali, pd.DataFrame({"date": ["2025-10-01"]}))
    with pytest.raises(GeodataError, match="No report"):
        hindcast(mali, pd.DataFrame({"date": [], "town": [], "status": []}))


def test_the_command_prints_json(
    statuses: pd.DataFrame, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "statuses.csv"
    statuses[statuses["town"].isin(["Mopti", "Gao"])].to_csv(path, index=False)
    assert main(["hindcast", "--statuses", str(path), "--format", "json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert {"rows", "balanced_accuracy"} <= set(answer)
    assert {"date", "town", "reported", "model", "agrees"} <= set(answer["rows"][0])
    assert {row["town"] for row in answer["rows"]} == {"Mopti", "Gao"}
    assert main(["hindcast"]) == 0
    assert "balanced accuracy 0.64" in capsys.readouterr().out


def test_an_unreadable_file_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["hindcast", "--statuses", str(tmp_path / "none.csv")]) == 2
    assert "cannot be read" in capsys.readouterr().err
