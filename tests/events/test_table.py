import datetime as dt

import pandas as pd
import pytest

from geodata import schema as f
from geodata.errors import GeodataError
from geodata.events.table import COLUMNS, checked, no_events, records, shipped_events
from geodata.events.vocabulary import VOCABULARIES

SHIPPED = shipped_events()


def test_the_shipped_table_holds_to_the_schema():
    pd.testing.assert_frame_equal(checked(SHIPPED), SHIPPED)
    assert list(SHIPPED.columns) == list(COLUMNS)
    assert len(SHIPPED) == 217
    assert SHIPPED[f.DATE].min() == dt.date(2025, 3, 29)
    assert SHIPPED[f.MAY_CLOSE].all()


def test_events_known_only_to_their_region_have_no_point():
    region = SHIPPED[f.LOCATION_PRECISION] == "region"
    assert region.sum() == 98
    assert SHIPPED.loc[region, [f.LAT, f.LON]].isna().all(axis=None)
    assert SHIPPED.loc[~region, [f.LAT, f.LON]].notna().all(axis=None)


def test_figures_on_which_sources_disagree_are_kept_as_ranges():
    apart = SHIPPED[SHIPPED[f.TANKERS_LOW] < SHIPPED[f.TANKERS_HIGH]]
    assert len(apart) > 0


def test_a_table_without_events_has_the_same_types():
    assert (no_events().dtypes == SHIPPED.dtypes).all()
    checked(no_events())


@pytest.mark.parametrize(
    ("column", "value"),
    [
        (f.LAT, 99.0), (f.LON, -181.0), (f.EVENT_TYPE, "gossip"), (f.CONFIDENCE, "total"),
        (f.SOURCE_URL, "javascript:alert(1)"), (f.SOURCE_DATE, "yesterday"), (f.EVENT_ID, ""),
        (f.EVENT_ID, "MLI-2025-0903-01"), (f.DATE, None), (f.DATE, "2025-09-03"),
        (f.END_DATE, dt.date(2000, 1, 1)), (f.FATALITIES_LOW, -1), (f.LAT, None),
    ],
)  # fmt: skip
def test_each_fault_is_named_with_its_event(column, value):
    broken = SHIPPED.copy()
    broken[column] = broken[column].astype(object)
    broken.loc[2, column] = value
    broken[column] = broken[column].astype(SHIPPED[column].dtype)
    with pytest.raises(GeodataError) as caught:
        checked(broken)
    assert caught.value.key == "events.schema"
    assert SHIPPED[f.EVENT_ID][2] in str(caught.value) or column == f.EVENT_ID


def test_low_above_high_is_a_fault():
    broken = SHIPPED.copy()
    broken.loc[4, [f.TANKERS_LOW, f.TANKERS_HIGH]] = [9, 2]
    with pytest.raises(GeodataError, match="low_above_high"):
        checked(broken)


def test_a_missing_column_is_named():
    with pytest.raises(GeodataError, match="confidence"):
        checked(SHIPPED.drop(columns=f.CONFIDENCE))


def test_a_damaged_table_is_named(tmp_path):
    path = tmp_path / "events.csv"
    SHIPPED.assign(**{f.EFFECT: "maybe"}).to_csv(path, index=False)
    with pytest.raises(GeodataError, match=r"events\.csv"):
        checked(shipped_events(path), name=path.name)


def test_the_table_survives_a_round_trip(tmp_path):
    path = tmp_path / "events.csv"
    SHIPPED.to_csv(path, index=False)
    pd.testing.assert_frame_equal(shipped_events(path), SHIPPED)


def test_every_value_of_the_closed_sets_is_plain_text():
    for vocabulary in VOCABULARIES.values():
        assert all(value == value.lower().strip() for value in vocabulary)


def test_rows_are_given_as_pandas_gives_them():
    def exact(rows):
        return [[(name, type(value), str(value)) for name, value in row.items()] for row in rows]

    assert exact(records(SHIPPED, COLUMNS)) == exact(SHIPPED.to_dict("records"))
    assert records(no_events(), COLUMNS) == []
