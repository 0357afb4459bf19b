"""Scores of the fuel model on reports that it has not seen."""

import datetime as dt
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from geodata.analysis.fuel_reports import REPORTED, Report
from geodata.analysis.fuel_scores import balanced_accuracy, brier, last_report, reliability, score
from geodata.analysis.hindcast import LAST_REPORT, RIVALS, Hindcast, hindcast
from geodata.cli.fuel import as_json, as_text
from geodata.cli.main import main
from geodata.dataset import Dataset
from geodata.errors import GeodataError
from geodata.i18n import text

MEMBERS = 400
UNSEEN = Path(__file__).with_name("unseen_reports.csv")
NOT_ON_NETWORK = ["town 'Oussoubidiagna'"] * 2


@pytest.fixture(scope="module")
def statuses(mali: Dataset) -> pd.DataFrame:
    return mali.statuses


@pytest.fixture(scope="module")
def found(mali: Dataset) -> Hindcast:
    return hindcast(mali)


def test_every_shipped_report_is_used(found: Hindcast, statuses: pd.DataFrame) -> None:
    assert len(statuses) == 81
    assert len(found.rows) == sum(found.confusion.values()) == 79
    assert [row.split(": ")[1] for row in found.left_out] == NOT_ON_NETWORK
    assert set(statuses["status"]) <= set(REPORTED)


def test_the_score_is_the_mean_of_two_recalls(found: Hindcast) -> None:
    recalls = found.rows.groupby("reported")["agrees"].mean()
    assert found.balanced_accuracy == pytest.approx(recalls.mean())
    assert (found.rows["agrees"] == (found.rows["reported"] == found.rows["model"])).all()
    model_short = found.rows["probability_short"] > 0.5
    assert ((found.rows["model"] == "short") == model_short).all()
    assert found.by_town["reports"].sum() == 79
    assert found.by_town["agree"].sum() == found.rows["agrees"].sum()


def test_the_model_beats_every_rival_and_its_figures_are_those_published(found: Hindcast) -> None:
    own = found.score("model")
    assert own.balanced_accuracy.value == pytest.approx(0.74, abs=0.025)
    assert own.brier.value == pytest.approx(0.17, abs=0.01)
    for name in RIVALS:
        rival = found.score(name)
        assert own.brier.value < rival.brier.value
        assert own.balanced_accuracy.value > rival.balanced_accuracy.value
    assert found.beats_last_report
    assert found.score(LAST_REPORT).balanced_accuracy.value == pytest.approx(0.545, abs=0.01)
    assert found.score("road_alone").balanced_accuracy.value == pytest.approx(0.63, abs=0.01)


@pytest.mark.xfail(
    strict=True,
    reason="The goal for reports not used in any way is 0.80. What is missed is mostly Bamako's "
    "dips of a day or two, and the shortages of September and early October in Sikasso, Gao and "
    "Kayes, which nothing on their roads tells of.",
)
def test_the_balanced_accuracy_reaches_the_goal(found: Hindcast) -> None:
    assert found.balanced_accuracy is not None
    assert found.balanced_accuracy >= 0.80


def test_the_figures_published_on_reports_read_afterwards_are_those_of_the_model(
    mali: Dataset,
) -> None:
    afterwards = pd.read_csv(UNSEEN, dtype=str, keep_default_na=False)
    shipped_ones = set(zip(mali.statuses["date"], mali.statuses["town"], strict=True))
    assert not shipped_ones & set(zip(afterwards["date"], afterwards["town"], strict=True))
    found = hindcast(mali, afterwards)
    assert len(found.rows) == len(afterwards) == 14
    assert found.confusion == {"hits": 7, "misses": 3, "false_alarms": 3, "supplied": 1}
    brier_scores = [found.score(name).brier.value for name in ("model", "climatology")]
    assert brier_scores == pytest.approx([0.27, 0.22], abs=0.01)
    for lang, figure in (("en", "0.47"), ("fr", "0,47")):
        assert figure in text("method.hindcast_blind", lang)
    assert found.balanced_accuracy == pytest.approx(0.47, abs=0.01)


def test_a_score_uses_no_report_of_its_day_or_later(mali: Dataset) -> None:
    """What is known from a day on does not change what was said of the town before."""
    cut = dt.date(2025, 11, 10)
    early = mali.statuses[mali.statuses["date"] < cut.isoformat()]
    full = hindcast(mali, n_members=MEMBERS).rows
    blind = type(mali)(mali.network)
    object.__setattr__(blind, "statuses", early)
    part = hindcast(blind, mali.statuses, n_members=MEMBERS).rows
    precision = mali.statuses[mali.statuses["node_id"] != ""]["date_precision"].to_numpy(str)
    known = (full["date"] < cut) & (precision == "day")
    assert known.sum() > 15
    pd.testing.assert_series_equal(
        full.loc[known, "probability_short"], part.loc[known, "probability_short"]
    )


def test_reports_of_a_file_are_scored_and_do_not_weigh(mali: Dataset) -> None:
    day = "2026-01-07"
    rows = [{"date": day, "town": "Mopti", "status": s} for s in ("no_fuel", "available")]
    found = hindcast(mali, pd.DataFrame(rows), n_members=MEMBERS)
    first, second = found.rows["probability_short"]
    assert first == second
    assert found.rows["agrees"].sum() == 1


def test_a_report_of_a_week_is_scored_on_its_days(mali: Dataset) -> None:
    week = {"date": "2025-12-01", "town": "Mopti", "status": "partial", "date_precision": "week"}
    days = [{**week, "date": f"2025-12-0{n}", "date_precision": "day"} for n in range(1, 8)]
    found = hindcast(mali, pd.DataFrame([week, *days]), n_members=MEMBERS)
    told = found.rows["probability_short"]
    assert told[0] == pytest.approx(told[1:].mean(), abs=0.002)
    assert told[1] > told[7] + 0.3


def test_a_town_left_out_is_estimated_from_the_others(mali: Dataset) -> None:
    rows = [
        {"date": "2025-11-13", "town": "Mopti", "status": "shortage"},
        {"date": "2025-11-14", "town": "Sikasso", "status": "partial"},
    ]
    found = hindcast(mali, pd.DataFrame(rows), leave_towns_out=True, n_members=MEMBERS)
    assert found.rows["probability_without_town"].notna().all()
    assert found.score("model_without_town").brier.value is not None


def test_without_events_nobody_runs_short(mali: Dataset, statuses: pd.DataFrame) -> None:
    quiet = type(mali)(mali.network, with_shipped_events=True)
    silent = mali.events.assign(event_type="other", effect_on_passage="open")
    object.__setattr__(quiet, "events", silent)
    found = hindcast(quiet, statuses, n_members=50)
    assert set(found.rows["model"]) == {"supplied"}
    assert found.balanced_accuracy == 0.5


def test_reports_of_one_kind_have_no_score(mali: Dataset, statuses: pd.DataFrame) -> None:
    short = statuses[statuses["status"] == "shortage"]
    assert hindcast(mali, short, n_members=50).balanced_accuracy is None


def test_a_bad_row_is_left_out_and_reported(mali: Dataset, statuses: pd.DataFrame) -> None:
    bad = pd.DataFrame(
        [
            {"date": "2025-13-01", "town": "Atlantis", "status": "fine"},
            {"date": "2026-05-02", "town": "Mopti", "status": "partial"},
        ],
        dtype="str",
    )
    found = hindcast(mali, pd.concat([statuses, bad], ignore_index=True), n_members=50)
    assert len(found.rows) == 79
    assert "row 83: town 'Atlantis', date '2025-13-01', status 'fine'" in found.left_out
    assert found.left_out[-1].startswith("2026-05-02 Mopti: outside")
    assert "left out:" in as_text(found)


def test_missing_columns_and_empty_tables_are_refused(mali: Dataset) -> None:
    with pytest.raises(GeodataError, match="lacks the columns town, status"):
        hindcast(mali, pd.DataFrame({"date": ["2025-10-01"]}))
    with pytest.raises(GeodataError, match="No report"):
        hindcast(mali, pd.DataFrame({"date": [], "town": [], "status": []}))


def test_scores_of_known_answers() -> None:
    short = np.array([True, True, False, False])
    told = np.array([0.9, 0.4, 0.2, 0.6])
    assert balanced_accuracy(short, told) == 0.5
    assert brier(short, told) == pytest.approx((0.01 + 0.36 + 0.04 + 0.36) / 4)
    perfect = score("perfect", short, short.astype(float), ["a", "a", "b", "b"])
    assert perfect.brier.value == perfect.brier.low == perfect.brier.high == 0
    table = reliability(short, told)
    assert table["reports"].sum() == 4
    assert table["reports"].tolist() == [0, 1, 1, 1, 1]


def test_the_last_report_is_the_towns_own_and_known_before() -> None:
    def report(day: int, town: str, status: str) -> Report:
        date = dt.date(2025, 10, day)
        return Report(date, date, town, town, status)

    known = [
        report(1, "a", "shortage"),
        report(2, "a", "shortage"),
        report(3, "a", "no_fuel"),
        report(9, "a", "available"),
    ]
    assert last_report("a", dt.date(2025, 10, 4), known) == pytest.approx(3 / 4)
    assert last_report("a", dt.date(2025, 10, 1), known) == 0.5
    assert last_report("a", dt.date(2025, 10, 10), known) == pytest.approx(1 / 2)
    assert last_report("b", dt.date(2025, 10, 4), known) == pytest.approx(4 / 5)


def test_the_command_prints_json(
    statuses: pd.DataFrame, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "statuses.csv"
    statuses[statuses["town"].isin(["Mopti", "Gao"])].to_csv(path, index=False)
    asked = ["hindcast", "--statuses", str(path), "--format", "json"]
    assert main(asked) == 0
    answer = json.loads(capsys.readouterr().out)
    assert {"rows", "balanced_accuracy", "scores", "reliability"} <= set(answer)
    row = answer["rows"][0]
    assert {"date", "town", "reported", "model", "agrees", "probability_short"} <= set(row)
    assert {each["town"] for each in answer["rows"]} == {"Mopti", "Gao"}
    assert {*RIVALS, "model"} == set(answer["scores"])


def test_the_text_says_whether_the_last_report_is_beaten(found: Hindcast) -> None:
    assert "the model beats the town's last report by both scores" in as_text(found)
    assert as_json(found)["beats_last_report"] is True


def test_an_unreadable_file_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["hindcast", "--statuses", str(tmp_path / "none.csv")]) == 2
    assert "cannot be read" in capsys.readouterr().err
