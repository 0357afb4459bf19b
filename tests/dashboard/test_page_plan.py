"""The place "Plan" in the scenario: computed on request, it agrees with the engine."""

import html
import re

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.session import datasets
from dashboard.session.results import situation
from geodata import schema as f
from geodata.analysis.reopening_plan import Budget, reopening_plan
from geodata.i18n import LANGUAGES, number, text
from geodata.schema import Grouping
from geodata.sharing.permalink import ViewState, parse
from tests.dashboard.test_app import opened, sound, texts

QUERY = {"date": "2025-11-10", "vehicle": "tanker", "tab": "scenario", "compare": "none"}


PLANS = ("reopen", "keep_open", "stock", "routes", "curve")


def planned(query: dict[str, str]) -> AppTest:
    page = opened(query)
    sound(page)
    page.button(key="plan_compute").click().run()
    sound(page)
    return page


def section(page: AppTest, title: str) -> str:
    """The piece that begins with a title."""
    return next(each for each in map(plain, texts(page)) if each.startswith(title))


def plain(written: str) -> str:
    """Text with every kind of blank as one."""
    return " ".join(written.split())


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_plan_is_shown_on_request_and_nothing_before(lang: str) -> None:
    page = opened({**QUERY, "lang": lang})
    titles = [text(f"plan_tab.{name}", lang) for name in PLANS]
    before = " ".join(texts(page))
    assert not any(title in before for title in titles[1:])
    page = planned({**QUERY, "lang": lang})
    told = plain(" ".join(texts(page)))
    assert all(title in told for title in titles)
    assert plain(text("reliability.note", lang)) in told
    assert plain(text("reliability.no_skill", lang)) in told
    curve = section(page, text("plan_tab.curve", lang))
    assert plain(number(78, lang)) in curve  # all roads that may close
    assert plain(number(4_600_000, lang)) in curve
    assert not [each for each in titles if re.search(r"\([^()]*\(", section(page, each))]


def test_the_best_set_is_shown_with_the_greedy_one_and_the_gap() -> None:
    state = parse("&".join(f"{k}={v}" for k, v in QUERY.items()))[0]
    held = datasets.held(ViewState())
    frontier = reopening_plan(
        held.dataset.network, situation(held, state.scenario).conditions
    ).frontier
    page = planned({**QUERY, "lang": "en"})
    told = section(page, "Reopen first")
    for row in frontier.head(3).to_dict("records"):
        for value in (row[f.POPULATION_RESTORED], row["population_greedy"], row["gap"]):
            assert number(value, "en") in told
    assert "Steps of the largest set" in told
    page.selectbox(key="plan_cost").set_value(Budget.ESCORT_DAYS).run()
    sound(page)
    told = section(page, "Reopen first")
    conditions = situation(held, state.scenario).conditions
    for row in (
        reopening_plan(held.dataset.network, conditions, by=Budget.ESCORT_DAYS)
        .frontier[:3]
        .to_dict("records")
    ):
        assert number(row["budget"], "en", decimals=1) in told
    kept = section(page, "Keep open")
    assert re.search(r"For Bamako, ", kept)
    stocked = section(page, text("plan_tab.stock", "en"))
    assert re.search(r"serves [^;]+ \([\d,]+ people", stocked)
    assert "All of them only while these are open" in stocked


def test_without_a_date_only_the_reopening_is_planned() -> None:
    page = planned({"vehicle": "tanker", "tab": "scenario", "cut": "gao--bourem", "lang": "en"})
    told = plain(" ".join(texts(page)))
    assert "Steps of the largest set" in told
    assert "Keep open" not in told
    assert any("Choose a date" in each.value for each in page.info)


def test_a_change_of_the_scenario_asks_again() -> None:
    page = planned({**QUERY, "lang": "en"})
    page.button(key="date_day_back").click().run()
    sound(page)
    assert page.button(key="plan_compute")


def test_routes_of_a_town_name_what_each_runs_through() -> None:
    page = planned({**QUERY, "lang": "en"})
    page.selectbox(key="plan_town").set_value("bamako").run()
    sound(page)
    bodies = " ".join(html.unescape(each) for each in texts(page))
    assert re.search(r"Bamako: \d routes? that share|no open route", bodies + str(page.caption))


def test_a_changed_switch_moves_towns_between_bands_and_stays_in_the_link() -> None:
    page = planned({**QUERY, "lang": "fr"})
    title = text("plan_tab.chances", "fr").partition("{")[0].strip()
    before = section(page, title)
    switch = page.number_input(key="shock_on_Dakar-Kayes-Bamako | phase-1")
    assert switch.value == 50
    switch.set_value(100).run()
    sound(page)
    after = section(page, title)
    assert after != before
    assert "".join(page.query_params["shocks"]) == "on.Dakar-Kayes-Bamako | phase-1:1"
    page.selectbox(key="shock_by").set_value(Grouping.NONE).run()
    sound(page)
    assert "".join(page.query_params["shocks"]) == "by:none"
    assert not [each for each in page.number_input if str(each.key).startswith("shock_on_")]
    page.button(key="shock_reset").click().run()
    sound(page)
    assert "shocks" not in page.query_params
    assert section(page, title) == before


def test_a_changed_closing_probability_moves_the_plans_and_the_other_states_with_it() -> None:
    page = planned({**QUERY, "lang": "en"})
    title = text("plan_tab.chances", "en").partition("{")[0].strip()
    before = section(page, title)
    listed = section(page, text("shock.likeliest", "en"))
    assert "92 %" in plain(listed)
    assert page.number_input(key="shock_closing_closed").value == 80
    page.number_input(key="shock_closing_closed").set_value(10).run()
    sound(page)
    assert section(page, title) != before
    written = "".join(page.query_params["shocks"])
    assert written == "closing.escort_only:0.1,closing.closed:0.1"
    assert page.number_input(key="shock_closing_escort_only").value == 10
    page.button(key="shock_reset").click().run()
    sound(page)
    assert "shocks" not in page.query_params
