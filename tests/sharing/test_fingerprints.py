"""A table's name follows from its text alone, written as pandas writes it."""

from unittest.mock import patch

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from geodata.sharing import fingerprints

cells = st.text(st.sampled_from("aé,\";\n\r\t ' "), max_size=4) | st.none()


@given(st.lists(st.tuples(cells, cells, st.integers() | st.none()), max_size=9))
def test_a_table_is_written_as_pandas_writes_it(rows):
    plain = pd.DataFrame(rows, columns=["a", 'b "c"', "n"]).astype(str)
    with patch.object(fingerprints, "ROWS_AT_ONCE", 3):
        written = b"".join(fingerprints._csv(plain))
    assert written == plain.to_csv(index=False, lineterminator="\n").encode()


def test_a_table_of_one_column_keeps_its_blank_rows():
    plain = pd.DataFrame({"a": ["", "x", ""]}).astype(str)
    written = b"".join(fingerprints._csv(plain))
    assert written == plain.to_csv(index=False, lineterminator="\n").encode()


def test_a_table_without_columns_has_a_name_too():
    assert b"".join(fingerprints._csv(pd.DataFrame(index=range(3)))) == b"\n"
