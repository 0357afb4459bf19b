import pandas as pd

from geodata import fields as f
from geodata.event_doubles import DISTANCE_KM, OTHER_ID, doubles, joined, without
from geodata.events import no_events, shipped_events

SHIPPED = shipped_events()


def test_joining_keeps_every_event_and_names_each():
    both = joined(SHIPPED, SHIPPED, SHIPPED)
    assert len(both) == 3 * len(SHIPPED)
    assert both[f.EVENT_ID].is_unique
    assert both[f.EVENT_ID][: len(SHIPPED)].tolist() == SHIPPED[f.EVENT_ID].tolist()
    assert both[f.EVENT_ID][len(SHIPPED)] == f"{SHIPPED[f.EVENT_ID][0]}~2"
    assert both[f.EVENT_ID][2 * len(SHIPPED)] == f"{SHIPPED[f.EVENT_ID][0]}~3"


def test_an_id_that_looks_like_a_mark_is_not_taken_twice():
    table = SHIPPED[:3].assign(**{f.EVENT_ID: ["A", "A~2", "B"]})
    assert joined(table, SHIPPED[:1].assign(**{f.EVENT_ID: ["A"]}))[f.EVENT_ID][3] == "A~3"


def test_joining_with_nothing_changes_nothing():
    pd.testing.assert_frame_equal(joined(SHIPPED, no_events()), SHIPPED)
    assert joined(no_events()).empty


def test_each_event_with_a_point_meets_its_double():
    table = SHIPPED.drop_duplicates([f.DATE, f.EVENT_TYPE])
    found = doubles(joined(table, table))
    with_point = table[f.LAT].notna().sum()
    assert len(found) == with_point
    assert (found[DISTANCE_KM] == 0).all()
    assert (found[f.EVENT_ID] == found[OTHER_ID] + "~2").all()


def test_the_user_may_leave_doubles_out():
    both = joined(SHIPPED, SHIPPED)
    left = without(both, [name for name in both[f.EVENT_ID] if name.endswith("~2")])
    pd.testing.assert_frame_equal(left, SHIPPED)
