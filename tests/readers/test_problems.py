import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.readers.report import Problem, Problems

KEYS = ("dates.missing", "table.empty", "cells.control")
TEXTS = st.none() | st.text(max_size=8)
PARAMS = st.dictionaries(st.text(max_size=4), st.integers() | st.text(max_size=8), max_size=3)
PROBLEMS = st.lists(st.builds(
    Problem, st.none() | st.integers(1, 10**6), TEXTS, TEXTS,
    st.sampled_from(["error", "warning", "info"]), st.sampled_from(KEYS), PARAMS,
), max_size=12)  # fmt: skip


@given(PROBLEMS, st.integers(-14, 14), st.slices(12))
def test_columns_are_the_same_sequence_as_the_list_they_were_made_of(found, place, piece):
    kept = Problems.of(found)
    assert list(kept) == found
    assert list(reversed(kept)) == found[::-1]
    assert len(kept) == len(found)
    assert list(kept[piece]) == found[piece]
    assert kept.keys == {problem.key for problem in found}
    if -len(found) <= place < len(found):
        assert kept[place] == found[place]
    else:
        with pytest.raises(IndexError):
            kept[place]


def test_more_remarks_than_are_made_at_once_come_in_order():
    found = [Problem(row, None, str(row), "warning", "dates.missing") for row in range(2_500)]
    assert [problem.row for problem in Problems.of(found)] == list(range(2_500))


def test_columns_of_columns_are_themselves():
    kept = Problems.of([Problem(2, "day", "x", "error", "dates.missing")])
    assert Problems.of(kept) is kept


def test_half_a_character_is_reported_as_a_question_mark():
    (problem,) = Problems.of([Problem(2, "a\ud800", "\udfff", "error", "dates.missing")])
    assert (problem.column, problem.value) == ("a?", "?")


def test_values_that_json_has_no_form_for_become_text():
    found = [Problem(2, None, None, "error", "dates.missing", {"place": {1}.__class__})]
    (problem,) = Problems.of(found)
    assert problem.params == {"place": "<class 'set'>"}
