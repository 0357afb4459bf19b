"""Messages of the fuel model's words: no flapping, both ends of every band, the seven days kept."""

import datetime as dt
import json
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.alerts.changes import SETTLE_DAYS
from geodata.alerts.feeds import atom, json_feed
from geodata.alerts.fuel_changes import MARGIN, FuelChange, settled_words, watch_fuel
from geodata.alerts.messages import Writer
from geodata.analysis.fuel import FROM, WORDS, Fuel, fuel, word
from geodata.cli.main import main
from geodata.dataset import Dataset
from geodata.errors import UnknownIdError
from geodata.i18n import LANGUAGES, number, text
from geodata.sharing.permalink import ViewState, parse

FIRST, LAST, LATER = dt.date(2025, 9, 1), dt.date(2026, 4, 29), dt.date(2026, 11, 1)
chances = st.lists(st.floats(0.075, 0.925) | st.just(np.nan), min_size=1, max_size=60)


@pytest.fixture(scope="module")
def estimated(mali: Dataset) -> Fuel:
    """Fuel of the shipped data, by few members."""
    return fuel(mali, n_members=100)


@pytest.fixture(scope="module")
def told(mali: Dataset, estimated: Fuel) -> list[FuelChange]:
    """Changes of every town over the whole blockade."""
    return watch_fuel(mali, estimated, since=FIRST, until=LAST, today=LATER)


@given(chances)
def test_a_word_changes_past_its_edge_and_for_the_better_only_once_it_lasted(
    days: list[float],
) -> None:
    known, before = None, -1
    for begun, day, was, after in settled_words(days):
        assert known in (None, was)
        assert before < begun <= day
        place = WORDS.index(was)
        if WORDS.index(after) < place:
            assert begun == day
            assert days[day] >= FROM[place - 1] + MARGIN
            assert after == word(days[day])
        else:
            lasted = days[begun : day + 1]
            assert len(lasted) == SETTLE_DAYS
            assert all(chance < FROM[place] - MARGIN for chance in lasted)
            assert after == word(max(lasted))
        known, before = after, day


@given(st.floats(0.075, 0.925), chances)
def test_a_probability_that_stays_within_the_margin_is_reported_in_the_end(
    last: float, days: list[float]
) -> None:
    known = next((word(chance) for chance in [*days, last] if not np.isnan(chance)), None)
    for *_, after in settled_words([*days, *[last] * (2 * SETTLE_DAYS)]):
        known = after
    assert known in {word(last - MARGIN), word(last), word(last + MARGIN)}


def test_a_probability_on_the_edge_gives_no_message() -> None:
    assert not list(settled_words([FROM[1] + MARGIN / 2, FROM[1] - MARGIN / 2] * 20))


def test_every_change_of_the_blockade_follows_from_the_one_before(
    told: list[FuelChange], estimated: Fuel
) -> None:
    assert {each.worse for each in told} == {True, False}
    for town in {each.town for each in told}:
        mine = [each for each in told if each.town == town]
        assert all(one.after == two.before for one, two in pairwise(mine))
    for each in told:
        assert FIRST <= each.since <= each.reported_on <= estimated.last_day
        low, median, high = each.stock
        assert low <= median <= high


def test_consecutive_periods_give_each_change_once(
    mali: Dataset, estimated: Fuel, told: list[FuelChange]
) -> None:
    middle, towns = dt.date(2025, 11, 20), ("mopti", "bamako")
    parts = [
        watch_fuel(mali, estimated, since=since, until=until, today=LATER, towns=towns)
        for since, until in ((FIRST, middle), (middle + dt.timedelta(days=1), LAST))
    ]
    assert parts[0]
    assert parts[1]
    assert [*parts[0], *parts[1]] == [each for each in told if each.town in towns]


def test_nothing_younger_than_seven_days_is_reported_of_fuel(
    mali: Dataset, estimated: Fuel
) -> None:
    today = dt.date(2025, 11, 10)
    found = watch_fuel(mali, estimated, since=FIRST, until=today, today=today)
    assert found
    assert all((today - each.reported_on).days >= 7 for each in found)
    with pytest.raises(UnknownIdError, match="atlantis"):
        watch_fuel(mali, estimated, since=FIRST, until=today, today=today, towns=["atlantis"])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_message_gives_words_band_stock_reports_and_a_link_with_the_layer(
    mali: Dataset, told: list[FuelChange], lang: str
) -> None:
    writer = Writer(mali, ViewState(), lang, address="https://routes.example.org/")
    messages = [writer.message(each) for each in told]
    assert len({each.key for each in messages}) == len(messages)
    assert any(each.sources for each in messages)
    for change, message in zip(told, messages, strict=True):
        for said in (change.before, change.after):
            assert text(f"fuel_days.word.{said}", lang) in message.title
        assert text(f"alerts.fuel_band.{change.after}", lang) in message.body
        ends = [number(each, lang, decimals=1) for each in change.stock]
        none = text("fuel.stock_none", lang)
        assert none in message.body or all(end in message.body for end in ends)
        assert all(source.name in message.body for source in message.sources)
        state, notices = parse(message.link)
        assert not notices
        assert (state.town, state.date, state.show) == (change.town, change.since, ("fuel",))
    items = json.loads(json_feed(messages[:5], lang=lang))["items"]
    assert all(item["_events"] == [] for item in items)
    assert messages[0].key.encode() in atom(messages[:5], lang=lang, made=LATER)


def test_the_command_tells_access_and_fuel_together_and_refuses_versions(
    capsys: pytest.CaptureFixture[str],
) -> None:
    asked = ["--towns", "mopti", "--since", "2025-09-01", "--until", "2025-09-22"]
    made = ["--made", "2026-06-01"]
    assert main(["watch", *asked, *made]) == 0
    access = capsys.readouterr().out
    assert "Fuel, Mopti" not in access
    assert main(["watch", "--fuel", *asked, *made]) == 0
    both = capsys.readouterr().out
    assert "Fuel, Mopti: probably short since" in both
    assert access.strip() in both
    wrong = ["--fuel", "--before", "1", "--after", "2", "--date", "2025-11-05"]
    assert main(["watch", *wrong]) == 2
    assert "--fuel" in capsys.readouterr().err
