import ast
import csv
import io
import unicodedata
from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import dashboard
import geodata
from geodata.sanitize import KEY_CHARACTERS, clean_cell, formula_safe, joined, key

OWN_ARGUMENTS = {
    ("assets.py", "_manifest", "_changed"),
    ("i18n.py", "catalogue", "lang"),
    # The operator's setting.
    ("desk.py", "_opened", "address"),
    # With a version of the desk, a number: one that does not exist raises.
    ("desk.py", "_counted", "address"),
    ("desk.py", "_counted", "version"),
    ("desk.py", "_counted", "proposed"),
    ("desk.py", "_counted", "mark"),
    # What that gave: its key is a digest of the events that count.
    ("desk.py", "_table", "counted"),
    ("datasets.py", "_with_events", "counted"),
    # The installed Streamlit's own list of files, and names of signs and shapes that the drawing
    # chooses.
    ("early_files.py", "_scripts", "build"),
    ("symbols.py", "_outline", "shape"),
    ("symbols.py", "_sign", "name"),
    ("symbols.py", "_glyph", "name"),
    # Names of columns that the code chooses.
    ("summaries.py", "_french", "column"),
    ("summaries.py", "_french", "french"),
    # Places in a list of at most a few terminals: numbers, never what a visitor wrote.
    ("partitions.py", "partitions", "count"),
    ("partitions.py", "row_of", "count"),
    ("partitions.py", "apart", "count"),
    ("partitions.py", "apart", "a"),
    ("partitions.py", "apart", "b"),
    ("partitions.py", "restricted", "count"),
    ("partitions.py", "restricted", "places"),
    ("partitions.py", "_without", "count"),
    ("partitions.py", "_without", "place"),
}
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
def test_what_is_odd_is_reported_and_what_is_usual_is_not(cell, text, remarks):
    assert clean_cell(cell) == (text, remarks)


def test_marks_on_a_letter_are_cut_to_what_writing_uses():
    text, remarks = clean_cell("Gao" + "\u0301" * 40)
    assert sum(map(bool, map(unicodedata.combining, text))) == 3
    assert remarks == (UNUSUAL,)


def test_line_breaks_stay_where_they_mean_something():
    assert clean_cell("one\r\ntwo\rthree\tfour", lines=True)[0] == "one\ntwo\nthree four"
    assert clean_cell("one\r\ntwo")[0] == "one two"


@given(st.text())
def test_cleaning_twice_changes_no_more(cell):
    once, _ = clean_cell(cell)
    assert clean_cell(once)[0] == once
    assert not any(
        unicodedata.category(letter) in {"Cc", "Cs"} for letter in once if letter != "\n"
    )


@given(st.text())
def test_no_text_is_left_that_a_spreadsheet_would_run(cell):
    safe = formula_safe(cell)
    assert safe[:1] not in set("=+-@\t\r\n＝＋－＠") or safe == ""
    assert [each for each in safe if each != "'"] == [each for each in cell if each != "'"]


CELLS = st.text(st.sampled_from("=+-@;\t|\n\r,\"' xé1＝﹣\u2028\x0b"), max_size=12)


@given(st.lists(CELLS, min_size=1, max_size=4))
@example(["x;=HYPERLINK(1);y"])
@example(['x;"=1', "|@a", "a\n=b", "x|=c", "t\t=d"])
def test_no_cell_starts_a_formula_whatever_separator_splits_the_line(cells):
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow([formula_safe(cell) for cell in cells])
    written = line.getvalue()
    for separator in ",;\t|":
        rows = csv.reader(io.StringIO(written, newline=""), delimiter=separator)
        split = [part for row in rows for part in row]
        if separator != ",":  # the file's own, by which every program heeds the quotes
            split += [part for row in written.splitlines() for part in row.split(separator)]
        for part in split:
            bare = unicodedata.normalize("NFKC", part).lstrip().lstrip('"').lstrip()
            assert bare[:1] not in {*"=+-@"} or part == "", (separator, part)


def test_harmless_separators_need_no_apostrophe():
    assert formula_safe("Ségou; Mopti | Gao\n2 km") == "Ségou; Mopti | Gao\n2 km"


def test_plain_text_needs_no_apostrophe():
    assert formula_safe("Gao -12") == "Gao -12"


def test_names_compare_without_accents_and_case():
    assert key(" Géo-Précision ") == key("GEO_PRECISION") == "geo_precision"
    assert key("#geo+lat") == "#geo+lat"


@given(st.text(max_size=60), st.text(max_size=2_000))
def test_only_the_start_of_a_long_name_is_compared(name, rest):
    start = name.ljust(KEY_CHARACTERS, "x")
    assert key(start + rest) == key(start)


def test_no_cache_of_the_package_is_keyed_by_text():
    """A cache of the process would keep what one visitor wrote after the visitor has left."""
    argued = []
    for path in [
        *Path(geodata.__file__).parent.rglob("*.py"),
        *Path(dashboard.__file__).parent.rglob("*.py"),
    ]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and any(
                "cache" in ast.unparse(each) and "property" not in ast.unparse(each)
                for each in node.decorator_list
            ):
                argued += [(path.name, node.name, each.arg) for each in node.args.args]
    assert sorted(argued) == sorted(OWN_ARGUMENTS)


@given(st.lists(st.text(min_size=1), min_size=1))
def test_ids_joined_in_a_cell_come_back_whatever_they_hold(ids):
    assert [unquote(each) for each in joined(ids).split(";")] == ids
