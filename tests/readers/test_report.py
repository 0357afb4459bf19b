import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.errors import GeodataError
from geodata.readers.report import VALUE_CHARACTERS, Problem, Report, refusal, report

KEYS = ("dates.missing", "table.empty", "cells.control")


def problem(row, severity="error", value=None, key="dates.missing", column="day"):
    return Problem(row, column, value, severity, key)


def test_counts_follow_from_the_remarks_row_by_row():
    found = [
        problem(3),
        problem(3, "warning"),
        problem(4, "warning"),
        problem(4, "warning"),
        problem(5, "info"),
        problem(None, "warning"),
    ]
    told = report(range(2, 7), found)
    assert (told.read, told.accepted, told.warned, told.rejected) == (5, 3, 1, 1)
    assert [one.row for one in told.problems] == [None, 3, 3, 4, 4, 5]


@given(
    st.lists(
        st.builds(
            problem,
            st.one_of(st.none(), st.integers(2, 30)),
            st.sampled_from(["error", "warning", "info"]),
            st.text(),
            st.sampled_from(KEYS),
        )
    ),
    st.randoms(),
)
def test_rows_read_are_those_in_use_and_those_not_whatever_the_order(found, random):
    told = report(range(2, 31), found)
    assert told.read == told.accepted + told.warned + told.rejected == 29
    random.shuffle(found)
    again = report(range(2, 31), found)
    assert again.exit_code == told.exit_code
    assert (again.accepted, again.warned) == (told.accepted, told.warned)


@pytest.mark.parametrize(
    ("told", "code"),
    [
        (Report(3, 3, 0, 0), 0),
        (Report(3, 1, 2, 0), 0),
        (Report(3, 1, 1, 1), 1),
        (Report(0, 0, 0, 0), 1),
        (refusal(GeodataError("table.empty")), 2),
        (refusal(GeodataError("table.empty"), rows=3), 2),
    ],
)
def test_exit_codes(told, code):
    assert told.exit_code == code


def test_json_has_exactly_the_agreed_form():
    told = json.loads(report([2, 3], [problem(3, value="x")]).to_json())
    assert list(told) == ["read", "accepted", "warned", "rejected", "problems"]
    assert list(told["problems"][0]) == ["row", "column", "value", "severity", "message"]
    assert told["problems"][0]["row"] == 3


def test_a_refusal_says_why_first_and_counts_its_rows_as_not_in_use():
    told = refusal(GeodataError("table.row_limit", limit=7), rows=4, problems=[problem(2)])
    assert (told.read, told.rejected) == (4, 4)
    assert "row limit of 7" in told.problems[0].message()
    assert told.to_text().splitlines()[0] == "The file is not in use."


def test_text_names_row_and_column():
    line = report([2, 3], [problem(3, "warning")]).to_text().splitlines()[1]
    assert line.startswith("warning: row 3, column day: ")
    french = report([2, 3], [problem(3, "warning")]).to_text("fr").splitlines()[1]
    assert french.startswith("avertissement\u202f: ligne 3, colonne day\u202f: ")


@given(st.text(alphabet="=+-@\t\r\nabc ,\"'", max_size=20))
def test_no_cell_of_the_download_can_be_a_formula(value):
    told = report([2], [problem(2, value=value, column=value)])
    rows = list(csv.reader(io.StringIO(told.to_csv(), newline="")))
    assert len(rows) == 2
    for cell in rows[1]:
        assert cell[:1] not in set("=+-@\t\r\n") or cell == ""


def test_a_long_value_is_cut_and_shown_as_cut():
    told = problem(2, value="x" * 500).as_dict()
    assert len(told["value"]) == VALUE_CHARACTERS
    assert told["value"].endswith("…")
