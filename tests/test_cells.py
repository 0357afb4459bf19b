import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.cells import clean, formula_safe, key

UNUSUAL, CONTROL, UNREADABLE = "cells.unusual", "cells.control", "cells.unreadable"


@pytest.mark.parametrize(
    ("cell", "text", "remarks"),
    [
        ("  Ségou  Nord ", "Ségou Nord", ()),
        ("\u00a0Bamako", "Bamako", ()),
        ("MLI9\u200b", "MLI9", ()),
        ("Se\u0301gou", "Ségou", ()),
        ("a\x00b\x1b[31m", "ab[31m", (CONTROL,)),
        ("Gao\u202eoaG", "GaooaG", (UNUSUAL,)),
        ("G\u0430o", "G\u0430o", (UNUSUAL,)),
        ("Ga\u200do", "Gao", (UNUSUAL,)),
        ("\ufeffGao", "Gao", (UNUSUAL,)),
        ("Gao 🇲🇱", "Gao 🇲🇱", ()),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧", ()),
        ("می\u200cخواهم", "می\u200cخواهم", ()),
        ("تمبكتو\u200f", "تمبكتو\u200f", ()),
        ("Москва", "Москва", ()),
        ("SÃ©gou", "SÃ©gou", (UNREADABLE,)),
        ("S\ufffdgou", "S\ufffdgou", (UNREADABLE,)),
    ],
)
def test_what_is_odd_is_told_and_what_is_usual_is_not(cell, text, remarks):
    assert clean(cell) == (text, remarks)


def test_marks_on_a_letter_are_cut_to_what_writing_uses():
    text, remarks = clean("Gao" + "\u0301" * 40)
    assert sum(map(bool, map(unicodedata.combining, text))) == 3
    assert remarks == (UNUSUAL,)


def test_line_breaks_stay_where_they_mean_something():
    assert clean("one\r\ntwo\rthree\tfour", lines=True)[0] == "one\ntwo\nthree four"
    assert clean("one\r\ntwo")[0] == "one two"


@given(st.text())
def test_cleaning_twice_changes_no_more(cell):
    once, _ = clean(cell)
    assert clean(once)[0] == once
    assert not any(
        unicodedata.category(letter) in {"Cc", "Cs"} for letter in once if letter != "\n"
    )


@given(st.text())
def test_no_text_is_left_that_a_spreadsheet_would_run(cell):
    safe = formula_safe(cell)
    assert safe[:1] not in set("=+-@\t\r\n＝＋－＠") or safe == ""
    assert safe in {cell, "'" + cell}


def test_plain_text_needs_no_apostrophe():
    assert formula_safe("Gao -12") == "Gao -12"


def test_names_compare_without_accents_and_case():
    assert key(" Géo-Précision ") == key("GEO_PRECISION") == "geo_precision"
    assert key("#geo+lat") == "#geo+lat"
