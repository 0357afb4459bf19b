"""Every odd or hostile table has its expected outcome: in use, with a warning, or refused."""

import csv
import datetime as dt
import json
from functools import cache
from pathlib import Path

import pytest

from geodata import schema as f
from geodata.cli.check_events import main
from geodata.network.study_area import only_inside_may_close, study_area
from geodata.readers.events.parser import EventOptions
from geodata.readers.events.reader import parse_events, read_events
from tests.support.hostile_cases import CASES, FORMULAS, SCRIPTS, Case

TODAY = dt.date(2026, 4, 30)
CORPUS = Path(__file__).parents[3] / "shared" / "hostile"


def case(name):
    return next(one for one in CASES if one.name == name)


@cache
def opened(one: Case):
    return parse_events(one.data, EventOptions(today=TODAY, filename=one.name, area=study_area()))


@pytest.mark.parametrize("one", CASES, ids=lambda one: one.name)
def test_each_case_has_its_due_end(one):
    events, report = opened(one)
    told = " ".join(problem.message() for problem in report.problems)
    assert report.read == report.accepted + report.warned + report.rejected
    if one.in_use is None:
        assert report.exit_code == 2
        assert events.empty
        assert report.problems[0].severity == "error"
    else:
        assert len(events) == report.accepted + report.warned == one.in_use
        assert report.warned + report.rejected == one.flagged
        assert report.exit_code == (1 if report.rejected or not report.read else 0)
    for words in one.words:
        assert words in told


@pytest.mark.parametrize("one", CASES, ids=lambda one: one.name)
def test_the_report_speaks_french_too(one):
    _, report = opened(one)
    for problem in report.problems:
        assert problem.message("fr") != problem.message("en")


def test_every_row_at_fault_is_named_as_a_spreadsheet_numbers_it():
    rows = {
        name: [p.row for p in opened(case(name))[1].problems if p.row]
        for name in ("footer", "swapped", "no_numbers", "workbook_dates")
    }
    assert rows["footer"] == [14, 15]
    assert rows["swapped"] == [2, 3, 4]
    assert rows["no_numbers"] == [2, 3, 4, 5]
    assert rows["workbook_dates"] == [4, 5]


def test_spaces_and_forms_of_numbers_change_no_value():
    events, _ = opened(case("spaces"))
    assert set(events[f.FATALITIES_LOW]) == {1200, 3}
    assert events[f.PLACE][0] == "Bamako"
    assert events[f.EVENT_ID][0] == "MLI90000"
    commas, _ = opened(case("semicolons"))
    digits, _ = opened(case("other_digits"))
    clean, _ = opened(case("clean"))
    assert list(commas[f.LAT]) == list(clean[f.LAT]) == list(digits[f.LAT])
    assert list(opened(case("decomposed"))[0][f.PLACE]) == list(clean[f.PLACE])


def test_dates_are_those_written():
    clean = list(opened(case("clean"))[0][f.DATE])
    for name in ("month_first", "zones", "two_digit_year", "workbook_dates"):
        assert list(opened(case(name))[0][f.DATE]) == clean


def test_events_abroad_or_to_come_close_nothing_and_the_others_may():
    for name in ("abroad", "future"):
        events, _ = opened(case(name))
        events = only_inside_may_close(events, study_area())
        assert list(events[f.MAY_CLOSE]).count(False) == 3
    assert opened(case("clean"))[0][f.MAY_CLOSE].all()


def test_blank_counts_are_unknown_and_broken_ones_never_negative():
    events, _ = opened(case("counts"))
    low, high = events[f.FATALITIES_LOW], events[f.FATALITIES_HIGH]
    assert low.isna().sum() == 8  # -3, 1000000000, 2.5 and the blank, twice each
    assert (low.dropna().tolist(), high.dropna().tolist()) == ([12, 5, 12, 5], [13, 13])


def test_hostile_text_stays_text():
    events, _ = opened(case("scripts"))
    assert set(events[f.SUMMARY]) == set(SCRIPTS)
    formulas, report = opened(case("formulas"))
    assert formulas[f.SUMMARY][0] == FORMULAS[0]
    assert report.warned == 0


def test_the_bounded_process_gives_what_this_one_gives():
    for name in ("clean", "footer", "workbook_dates", "open_quote", "workbook_entity"):
        one = case(name)
        events, report = read_events(one.data, one.name, today=TODAY, area=study_area())
        expected, expected_report = opened(one)
        assert events.equals(expected)
        assert report.to_json() == expected_report.to_json()


def test_nothing_of_another_file_is_read_through_an_entity():
    _, report = read_events(case("workbook_entity").data, "x.xlsx", today=TODAY)
    assert "root:" not in report.to_json()


def corpus():
    """Rows of the shared corpus, where this machine has it."""
    path = CORPUS / "expectations.csv"
    if not path.exists():
        return []
    with path.open(encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if row["group"] == "events"]


@pytest.mark.skipif(not corpus(), reason="the corpus is not on this machine")
@pytest.mark.parametrize("row", corpus(), ids=lambda row: row["file"])
def test_the_corpus_through_the_command_line(row, capsys):
    code = main([str(CORPUS / row["file"]), "--format", "json", "--today", TODAY.isoformat()])
    captured = capsys.readouterr()
    report = json.loads(captured.out)
    flagged = report["warned"] + report["rejected"]
    outcome = (
        "reject" if code == 2 else "accept_warn" if flagged or not report["read"] else "accept"
    )
    assert outcome == row["expect"] or outcome in row["also_ok"]
    assert "Traceback" not in captured.out + captured.err
    if code == 2:
        assert len(captured.err.strip().splitlines()) == 1
        assert report["problems"][0]["severity"] == "error"
        return
    if row["rows_ok"]:
        assert report["accepted"] + report["warned"] == int(row["rows_ok"])
    if row["rows_flagged"] and outcome == row["expect"]:
        assert flagged == int(row["rows_flagged"])
