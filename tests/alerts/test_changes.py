"""Messages of changed access: no flapping, each with its events, the seven days kept."""

import datetime as dt
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.alerts.changes import SETTLE_DAYS, WORSE, between, last_day, lasting_changes, watch
from geodata.alerts.messages import Digest, Writer
from geodata.analysis.timeline import TOWN_STATES
from geodata.errors import UnknownIdError
from geodata.sharing.permalink import ViewState, parse
from geodata.sharing.publication import Sensitivity

FIRST, LAST = dt.date(2025, 9, 1), dt.date(2026, 4, 29)
LATER = dt.date(2026, 11, 1)
TOWNS = ("nioro", "kita", "bougouni", "gao", "diafarabe")


@pytest.fixture(scope="module")
def told(mali):
    """Changes of five towns over the whole blockade."""
    return watch(mali, ViewState(), since=FIRST, until=LAST, today=LATER, towns=TOWNS)


@given(st.lists(st.sampled_from(range(len(TOWN_STATES))), min_size=1, max_size=80))
def test_a_worse_state_is_reported_at_once_and_a_better_one_when_it_lasted(codes):
    changes = list(lasting_changes(np.array(codes)))
    states = [TOWN_STATES[code] for code in codes]
    known, day_told = states[0], 0
    for first, day, before, after in changes:
        assert before == known
        assert first <= day
        if WORSE[after] > WORSE[before]:
            assert first == day
            assert states[day] == after
        else:
            assert day - day_told >= SETTLE_DAYS
            assert all(WORSE[state] <= WORSE[after] for state in states[first : day + 1])
            assert day - first >= SETTLE_DAYS - 1
        known, day_told = after, day
    assert WORSE[states[-1]] <= WORSE[known]


@given(st.lists(st.sampled_from(range(len(TOWN_STATES))), min_size=1, max_size=60))
def test_a_state_that_lasts_is_reported_in_the_end(codes):
    lasting = [*codes, *([codes[-1]] * (2 * SETTLE_DAYS))]
    changes = list(lasting_changes(np.array(lasting)))
    last = changes[-1][3] if changes else TOWN_STATES[codes[0]]
    assert last == TOWN_STATES[codes[-1]]


def test_the_whole_blockade_names_an_event_behind_every_change_and_flaps_nowhere(told, mali):
    assert len(told) > 5
    events = mali.events.set_index("event_id")
    for change in told:
        assert change.events, change
        assert all(events.loc[event, "date"] <= change.reported_on for event in change.events)
    for town in TOWNS:
        mine = [change for change in told if change.town == town]
        for one, two in pairwise(mine):
            assert one.after == two.before
            assert two.worse or (two.reported_on - one.reported_on).days >= SETTLE_DAYS


def test_consecutive_weeks_give_each_change_once(told, mali):
    start, found = dt.date(2025, 9, 1), []
    while start <= dt.date(2025, 11, 24):
        end = start + dt.timedelta(days=6)
        found += watch(
            mali, ViewState(), since=start, until=end, today=LATER, towns=("kita", "gao")
        )
        start = end + dt.timedelta(days=1)
    assert found == [c for c in told if c.reported_on < start and c.town in {"kita", "gao"}]


def test_nothing_younger_than_seven_days_is_reported(mali):
    today = dt.date(2025, 9, 12)
    found = watch(mali, ViewState(), since=FIRST, until=today, today=today)
    assert found
    assert all((today - change.reported_on).days >= 7 for change in found)
    assert last_day(mali.events, LATER) == max(mali.events["date"])


def test_an_unknown_town_is_refused(mali):
    with pytest.raises(UnknownIdError, match="atlantis"):
        watch(mali, ViewState(), since=FIRST, until=LAST, today=LATER, towns=["atlantis"])


def test_two_versions_of_one_day_are_compared(mali):
    day = dt.date(2025, 11, 5)
    fewer = replace(mali, replaced_events=frozenset(mali.events["event_id"]))
    worse = between(fewer, mali, ViewState(), on=day)
    better = between(mali, fewer, ViewState(), on=day)
    turned = {(c.town, c.after, c.before) for c in better}
    assert {(c.town, c.before, c.after) for c in worse} == turned
    assert all(change.worse and change.events for change in worse)
    assert between(mali, mali, ViewState(), on=day) == []


def test_a_message_names_town_cause_source_people_and_a_link_that_opens(told, mali):
    writer = Writer(mali, ViewState(), address="https://routes.example.org/")
    for change in told[:4]:
        message = writer.message(change)
        assert message.sources[0].name in message.body
        assert "Cause" in message.body or "cause" in message.body
        state, notices = parse(message.link)
        assert not notices
        assert (state.town, state.date) == (change.town, change.since)
    again = [writer.message(change).key for change in told]
    assert len(set(again)) == len(told)


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_digests_hold_every_change_once(told, mali, lang):
    writer = Writer(mali, ViewState(), lang)
    for by in (Digest.DAY, Digest.WEEK):
        whole = "\n".join(each.body for each in writer.digest(told, by))
        for change in told:
            assert whole.count(writer.message(change).title) == 1
    assert len(writer.digest(told, Digest.WEEK)) <= len(writer.digest(told, Digest.DAY))


def test_the_public_level_reports_no_exact_place_of_a_users_event(mali):
    row = mali.events[mali.events["event_id"] == "MLI-2025-0903-03"].assign(
        event_id="own-1",
        place="Behind the well",
        lat=13.1,
        lon=-9.5,
        node_id="kita",
        segment_ids="",
        location_precision="town",
        event_type="siege",
        effect_on_passage="closed",
        end_date=None,
    )
    mine = replace(mali, added_events=row, with_shipped_events=False)
    found = watch(mine, ViewState(), since=FIRST, until=LAST, today=LATER, towns=["kita"])
    assert found
    public, full = (
        Writer(mine, ViewState(), level=level).message(found[0]).body
        for level in (Sensitivity.PUBLIC, Sensitivity.FULL)
    )
    assert "Behind the well" in full
    assert "Behind the well" not in public
    assert "Kita" in public
