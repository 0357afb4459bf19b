"""A day after the last report is refused or replaced by it: it never reads as all-clear."""

import datetime as dt
import json
import statistics

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.analysis.resolution import RECENT_DAYS, check_reported, last_report, reports_on
from geodata.cli.main import main
from geodata.errors import GeodataError
from geodata.events.table import no_events
from geodata.export.brief import assumptions, brief, reports_sparse
from geodata.export.view import export_view
from geodata.schema import Vehicle
from geodata.sharing import permalink as links
from geodata.sharing.fingerprints import known
from geodata.sharing.permalink import ViewState
from tests.support.publications import published

MADE = dt.date(2026, 11, 22)
DAY = dt.timedelta(days=1)


@pytest.fixture
def last(mali) -> dt.date:
    found = last_report(mali.events)
    assert found is not None
    return found


@pytest.mark.parametrize("command", ["access", "every-cut", "reopen", "pairs", "why gao"])
def test_every_command_refuses_a_day_after_the_last_report(last, capsys, command):
    assert main([*command.split(), "--date", str(last + DAY)]) == 2
    answer = capsys.readouterr()
    assert not answer.out
    assert str(last) in answer.err


def test_the_day_of_the_last_report_itself_is_answered(last, capsys):
    assert main(["access", "--date", str(last), "--format", "json"]) == 0
    covered = json.loads(capsys.readouterr().out)["reports"]
    assert covered["last"] == str(last)
    assert covered["in_last_30_days"] >= 1


def test_where_no_event_is_in_use_no_day_is_refused():
    check_reported(no_events(), dt.date(2030, 1, 1))
    assert reports_on(no_events(), dt.date(2030, 1, 1)).last is None


def test_a_link_to_a_later_day_shows_the_last_report_and_says_so(mali, last):
    here = known(mali)
    state, notices = links.parse(f"date={last + DAY}", known=here)
    assert state.date == last
    assert [notice.key for notice in notices] == ["state.after_last_report"]
    for lang in ("en", "fr"):
        assert str(last) in notices[0].text(lang)
    state, notices = links.parse(f"date={last}&compare={last + DAY}", known=here)
    assert links.compared(state).date == last
    assert [notice.key for notice in notices] == ["state.after_last_report"]
    assert links.parse(f"date={last}", known=here) == (ViewState(date=last), ())


def test_a_link_follows_the_table_in_use(mali, last):
    """Without the later events the same link gives way to an earlier day."""
    day = last - 60 * DAY
    shorter = mali.events[mali.events["date"] <= day]
    assert last_report(shorter) < last
    with pytest.raises(GeodataError, match=str(last_report(shorter))):
        check_reported(shorter, last)


@pytest.mark.parametrize("name", ["brief.pdf", "view.html", "towns.csv", "snapshot.json"])
def test_no_product_is_made_of_a_day_after_the_last_report(mali, last, name):
    later = published(mali, ViewState(date=last + DAY), MADE)
    with pytest.raises(GeodataError, match=str(last)):
        export_view(later, name)
    compared = ViewState(date=last, compare=str(last + DAY))
    with pytest.raises(GeodataError, match=str(last)):
        export_view(published(mali, compared, MADE), name)


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_a_brief_says_when_the_reports_end_and_how_many_are_recent(mali, last, lang):
    release = published(mali, ViewState(date=last, vehicle=Vehicle.TANKER), MADE, lang)
    recent = (mali.events["date"] > last - RECENT_DAYS * DAY).sum()
    said = [each for each in brief(release).assumptions if release.day(last) in each]
    assert any(f" {recent} " in each.replace("\u202f", " ") for each in said)


@pytest.mark.parametrize(("lang", "rains"), [("en", "rainy season"), ("fr", "saison des pluies")])
def test_a_brief_counts_the_rains_separately_from_closures(mali, lang, rains):
    """On the eve of the blockade; depends on the shipped roads and the rule for the rains."""
    state = ViewState(date=dt.date(2025, 9, 2), vehicle=Vehicle.TANKER)
    content = brief(published(mali, state, MADE, lang))
    assert content.figures[0].value == "0"
    assert not content.figures[0].alarm
    assert "21" in content.figures[0].note
    assert content.figures[1].value == "0"
    assert rains in content.headline
    tables = {table.key: table for table in content.tables}
    assert tables["isolated"].rows == ()
    assert {row[0] for row in tables["isolated_otherwise"].rows} == {rains}


@given(st.lists(st.integers(0, 120), min_size=1, max_size=40))
def test_reports_are_dense_until_the_last_day_with_half_the_usual_number_around(offsets):
    first = dt.date(2025, 9, 1)
    dates = [first + dt.timedelta(days=n) for n in offsets]

    def around(day: dt.date) -> int:
        return sum(-15 <= (date - day).days < 15 for date in dates)

    usual = statistics.median(map(around, dates))
    every = [min(dates) + dt.timedelta(days=n) for n in range((max(dates) - min(dates)).days + 1)]
    found = reports_on(pd.DataFrame({"date": dates}), max(dates))
    assert found.dense_until == max(day for day in every if around(day) >= usual / 2)
    for day in every:
        seen = reports_on(pd.DataFrame({"date": dates}), day)
        assert (seen.around, seen.usual) == (around(day), round(usual))
        assert not seen.sparse(day) or 2 * seen.around < usual


def test_reports_are_called_fewer_only_where_less_than_half_the_usual_number_is_dated(mali, last):
    """On each day of the shipped table, so that the sentence is true on the first day as well."""
    sparse = 0
    for n in range(RECENT_DAYS * 3):
        reports = reports_on(mali.events, last - n * DAY)
        if reports.sparse(last - n * DAY):
            sparse += 1
            assert 2 * reports.around < reports.usual
    assert sparse > RECENT_DAYS


def test_a_day_with_few_reports_says_until_when_they_are_dense(mali, capsys):
    """The shipped reports thin out in the middle of February 2026."""
    until = reports_on(mali.events, dt.date(2026, 4, 1)).dense_until
    assert until is not None
    assert dt.date(2026, 2, 10) <= until <= dt.date(2026, 2, 28)
    for day, few in ((until, False), (until + DAY, True), (dt.date(2025, 11, 5), False)):
        for lang, when in (("en", "February 2026"), ("fr", "février 2026")):
            state = ViewState(date=day, vehicle=Vehicle.TANKER, lang=lang)
            release = published(mali, state, MADE, lang)
            assert (when in reports_sparse(release)) == few
            assert (reports_sparse(release) in assumptions(release)) == few
    assert main(["access", "--date", str(until + DAY), "--format", "json"]) == 0
    printed = json.loads(capsys.readouterr().out)["reports"]
    assert printed["few_since"] == str(until)
    assert 2 * printed["in_30_days_around"] < printed["usual"]
