"""The commands ``reliability`` and ``plan``."""

import csv
import io
import json
import re

import pytest

from geodata.cli.main import main

VIEW = ("--date", "2025-11-10", "--vehicle", "tanker")


def told(capsys, *words):
    code = main(words)
    out, err = capsys.readouterr()
    return code, out, err


def test_reliability_reports_every_town_in_three_forms(capsys):
    code, out, _ = told(capsys, "reliability", *VIEW, "--format", "json")
    found = json.loads(out)
    assert code == 0
    assert found["method"] == "exact"
    assert len(found["towns"]) == 84
    assert all(0 <= t["probability"] <= 1 for t in found["towns"])
    _, out, _ = told(capsys, "reliability", *VIEW, "--format", "csv")
    assert len(list(csv.DictReader(io.StringIO(out)))) == 84
    _, out, _ = told(capsys, "reliability", *VIEW, "--lang", "fr")
    assert "Ce ne sont pas des prévisions" in out


def test_assumptions_given_change_the_answer(capsys, tmp_path):
    plain = json.loads(told(capsys, "reliability", *VIEW, "--format", "json")[1])
    words = ("--closing", "escort_only=0.05", "--together", "0", "--format", "json")
    other = json.loads(told(capsys, "reliability", *VIEW, *words)[1])
    assert other["expected_people"] > plain["expected_people"]
    groups = tmp_path / "groups.csv"
    groups.write_text("segment_id,switch\nkati--bamako,mine\nbamako--koulikoro,mine\n")
    own = json.loads(
        told(capsys, "reliability", *VIEW, "--groups", str(groups), "--format", "json")[1]
    )
    assert "mine" in [s["switch"] for s in own["switches"]]


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("reliability",), "give a day"),
        (("reliability", *VIEW, "--closing", "closed"), "NAME=P"),
        (("reliability", *VIEW, "--closing", "shut=1"), "shut"),
        (("reliability", *VIEW, "--together", "2"), "from 0"),
        (("reliability", *VIEW, "--groups", "missing.csv"), "missing.csv"),
        (("plan", "stock", *VIEW, "--stocks", "missing.csv"), "missing.csv"),
        (("plan", "stock", *VIEW, "--towns", "-1"), "not below 0"),
        (("plan", "reopen", *VIEW, "--budget", "-1"), "from 0"),
    ],
)
def test_a_wrong_option_is_refused_in_one_line(capsys, words, reason):
    code, out, err = told(capsys, *words)
    assert (code, out) == (2, "")
    assert reason in err
    assert err.count("\n") == 1


def test_each_plan_is_reported(capsys, tmp_path):
    _, out, _ = told(capsys, "plan", "reopen", *VIEW, "--cost", "km", "--format", "json")
    assert [row["proven"] for row in json.loads(out)["frontier"]] == [0, 0]
    _, out, _ = told(capsys, "plan", "keep-open", *VIEW, "--samples", "500", "--lang", "fr")
    assert "aucun produit public" in out
    stocks = tmp_path / "stocks.csv"
    stocks.write_text("town,days_of_stock,use_litres_per_day\nBamako,30,1000\nKayes,,500\n")
    words = ("--samples", "500", "--towns", "2", "--stocks", str(stocks), "--format", "json")
    _, out, _ = told(capsys, "plan", "stock", *VIEW, *words)
    frontier = json.loads(out)["frontier"]
    assert [row["p"] for row in frontier] == [0, 1, 2]
    assert frontier[2]["uncovered"] < frontier[0]["uncovered"]
    served = json.loads(out)["towns"][0]
    assert served["litres_low"] < served["litres"] < served["litres_high"]
    _, out, _ = told(capsys, "plan", "stock", *VIEW, "--samples", "500", "--no-fuel")
    assert re.search(r"(\w[\w-]*, ){4}[\w-]+ and \d+ more", out)
    assert "count as empty" in out


def test_a_plan_without_a_name_lists_the_plans(capsys):
    code, out, _ = told(capsys, "plan")
    assert code == 0
    assert "keep-open" in out
