"""The page run without a browser: what it says, and that no part of it fails."""

import datetime as dt
import html
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.markup import label
from dashboard.session import datasets
from dashboard.session.datasets import SessionData
from dashboard.session.places import TABS
from dashboard.views.cards.town import AIRPORTS_LISTED
from geodata.analysis.comparison import Change
from geodata.dataset import Dataset
from geodata.errors import GeodataError
from geodata.i18n import LANGUAGES
from geodata.i18n import text as message
from geodata.network.provenance import read_sources
from geodata.schema import Cause, Vehicle
from geodata.sharing.permalink import ViewState
from tests.support.publications import published

APP = Path(__file__).resolve().parents[2] / "dashboard" / "app.py"
DATED = {"date": "2025-11-10", "vehicle": "tanker", "cut": "gao--bourem", "compare": "none"}


def opened(query: Mapping[str, str] | None = None) -> AppTest:
    """The page as a link opens it."""
    page = AppTest.from_file(str(APP), default_timeout=120)
    for name, value in (query or {}).items():
        page.query_params[name] = value
    return page.run()


def texts(page: AppTest) -> list[str]:
    """Text of every piece of HTML, tags taken out."""
    bodies = [element.proto.body for element in page.get("html")]
    return [html.unescape(re.sub(r"<[^>]+>", " ", body)) for body in bodies]


def piece(page: AppTest, css_class: str) -> str:
    """Text of the piece that holds a class."""
    for element, text in zip(page.get("html"), texts(page), strict=True):
        if f'class="{css_class}' in element.proto.body:
            return " ".join(text.split())
    return ""


def sound(page: AppTest) -> None:
    """The page drew everything and showed no fault."""
    assert not page.exception
    assert not [each.value for each in page.error]
    assert piece(page, "sr-summary")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("tab", TABS)
def test_every_part_draws_in_both_languages(tab: str, lang: str) -> None:
    sound(opened({**DATED, "tab": tab, "lang": lang, "town": "mopti"}))


def test_data_at_fault_give_their_reason_and_no_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    fault = GeodataError("data.file_damaged", file="events.csv")

    def refused() -> None:
        raise fault

    monkeypatch.setattr(datasets, "started_with", refused)
    page = opened()
    assert [each.value for each in page.error] == [label(fault.text("en"))]
    assert not page.exception
    assert not piece(page, "sr-summary")


@pytest.mark.parametrize(
    "part", ["rules", "sensitivity", "hindcast", "phases", "speeds", "sources"]
)
def test_every_section_of_the_method_draws(part: str) -> None:
    page = opened({**DATED, "tab": "method"})
    page.session_state["method_part"] = part
    sound(page.run())


def names(page: AppTest, key: str) -> list[str]:
    """Names of a list of the panel."""
    found = [each for each in page.get("button_group") if each.key == key]
    return [re.sub(r" · .*", "", name) for each in found for name in each.options]


def test_a_first_visit_shows_the_last_documented_day_and_three_starting_points() -> None:
    page = opened()
    sound(page)
    assert "29 April 2026: Nioro du Sahel is cut off" in piece(page, "sr-summary")
    assert {"door_months", "door_cut", "door_own"} <= {each.key for each in page.button}
    assert piece(page, "sr-figures").count(" 0 ") < 4


def test_each_door_leads_where_it_says() -> None:
    page = opened()
    page.button(key="door_cut").click().run()
    sound(page)
    assert page.selectbox(key="pick_segment")
    page = opened()
    page.button(key="door_own").click().run()
    assert piece(page, "sr-page-title") == "My data"
    page = opened()
    page.button(key="door_months").click().run()
    assert page.session_state["visit"].playing


def test_without_a_date_the_sentence_says_that_nothing_is_counted() -> None:
    said = piece(opened({"vehicle": "tanker"}), "sr-summary")
    assert "No date: no reported event is counted" in said


@pytest.mark.parametrize(("lang", "told"), [("en", "become fewer"), ("fr", "se raréfient")])
def test_a_day_with_few_reports_says_so_beside_the_sentence(lang: str, told: str) -> None:
    for day, few in (("2026-03-25", True), ("2025-11-05", False)):
        page = opened({"vehicle": "tanker", "date": day, "lang": lang})
        sound(page)
        assert (told in piece(page, "sr-summary")) == few


def test_a_link_names_exactly_the_towns_newly_isolated(mali: Dataset) -> None:
    page = opened({"cut": "gao--bourem", "vehicle": "tanker"})
    called = mali.network.nodes.set_index("node_id")["name"]
    lost = {called[i] for i in ("bourem", "anefis", "kidal")}
    said = piece(page, "sr-summary")
    for town in (called[i] for i in mali.network.towns):
        assert bool(re.search(rf"\b{re.escape(town)}\b", said)) == (town in lost), town
    assert set(names(page, "list_by_closure")) == lost


def test_a_road_cut_from_the_list_is_reported_outside_both(mali: Dataset) -> None:
    page = opened({"vehicle": "tanker", "tab": "scenario"})
    page.selectbox(key="pick_segment").set_value("gao--bourem").run()
    sound(page)
    told = "3 more towns isolated by closures: Anéfis, Bourem and Kidal."
    assert f"You cut Gao–Bourem: {told}" in piece(page, "sr-action")
    assert "Gao" not in [*names(page, "list_lost"), piece(page, "sr-summary")]
    assert page.selectbox(key="pick_segment").value is None


def test_undo_redo_and_reset_walk_through_the_history() -> None:
    page = opened({"vehicle": "tanker", "tab": "scenario"})
    page.selectbox(key="pick_segment").set_value("gao--bourem").run()
    page.selectbox(key="pick_segment").set_value("sevare--mopti").run()
    assert "Mopti" in names(page, "list_lost")
    page.button(key="undo").click().run()
    assert "Mopti" not in names(page, "list_lost")
    assert "Bourem" in names(page, "list_lost")
    page.button(key="redo").click().run()
    assert "Mopti" in names(page, "list_lost")
    page.button(key="reset").click().run()
    assert "Bourem" not in names(page, "list_lost")
    assert page.button(key="reset").disabled


def test_the_same_road_picked_again_is_open_again() -> None:
    page = opened({"cut": "gao--bourem", "vehicle": "tanker", "tab": "scenario"})
    page.selectbox(key="pick_segment").set_value("gao--bourem").run()
    assert not names(page, "list_lost")


def test_what_a_link_names_wrongly_is_shown_as_text() -> None:
    page = opened({"cut": "gao--bourem,<b>nowhere</b>", "vehicle": "spaceship"})
    sound(page)
    notices = piece(page, "sr-notices")
    assert "nowhere" in notices
    assert "spaceship" in notices
    assert not any("<b>nowhere" in each.proto.body for each in page.get("html"))
    page.button(key="dismiss").click().run()
    assert not piece(page, "sr-notices")


def test_a_supply_point_switched_off_takes_its_towns_along() -> None:
    page = opened({"vehicle": "tanker", "cut": "sevare--konna,hombori--gossi", "tab": "scenario"})
    assert "Gao" not in names(page, "list_lost")
    assert not [each for each in page.checkbox if each.key == "supply_niamey"]
    page.session_state["supply"] = True
    page.run()
    page.checkbox(key="supply_niamey").uncheck().run()
    assert "You switched off the supply point Niamey" in piece(page, "sr-action")


def test_a_preset_replaces_the_date() -> None:
    page = opened({"date": "2025-11-10", "tab": "method"})
    page.session_state["method_part"] = "phases"
    page.run()
    page.selectbox(key="choose_preset").set_value("phase-3").run()
    sound(page)
    assert page.date_input(key="choose_date").value is None
    assert "Shortage reaches Bamako" in piece(page, "sr-summary")


def test_days_are_stepped_and_dropped() -> None:
    page = opened({"date": "2025-11-10"})
    page.button(key="date_day_on").click().run()
    assert "11 November 2025" in piece(page, "sr-summary")
    page.button(key="date_previous").click().run()
    assert "11 November 2025" not in piece(page, "sr-summary")
    page.button(key="date_no_date").click().run()
    assert "No date" in piece(page, "sr-summary")


def test_french_is_french_throughout() -> None:
    page = opened({"lang": "fr", "vehicle": "tanker", "tab": "scenario"})
    page.selectbox(key="pick_segment").set_value("gao--bourem").run()
    assert "Vous avez coupé Gao–Bourem" in piece(page, "sr-action")
    assert "sont isolées" in piece(page, "sr-summary")


def test_the_card_shows_access_now_and_before_and_the_exit_routes() -> None:
    page = opened({"town": "mopti", "cut": "sevare--mopti", "vehicle": "tanker"})
    card = " ".join(text for text in texts(page))
    assert "No passable road leads here" in card
    assert "Isolated by the closure of Sévaré–Mopti (RN6)" in card
    assert "Nearest airports in a straight line: Mopti, " in card
    (listed,) = (each for each in read_sources() if each.file == "airports.geojson")
    assert {each.date for each in listed.sources} == {AIRPORTS_LISTED.strftime("%Y-%m")}
    assert "a list of October 2026; whether they are in use is not known" in card


def test_a_note_follows_its_cut() -> None:
    page = opened({"cut": "gao--bourem", "tab": "scenario"})
    page.session_state["note_gao--bourem"] = True
    page.run()
    page.text_input(key="note_reason_gao--bourem").set_value("Bridge down").run()
    visit = page.session_state["visit"]
    assert visit.state.notes[0].reason == "Bridge down"
    page.button(key="take_back_cut_gao--bourem").click().run()
    assert page.session_state["visit"].state.notes == ()


def test_a_rule_out_of_order_is_refused_with_its_reason() -> None:
    page = opened({"tab": "method", "date": "2025-11-10"})
    page.session_state["method_part"] = "rules"
    page.run()
    page.number_input(key="rule_escort_from").set_value(0.9).run()
    assert [each.value for each in page.error]
    assert page.session_state["visit"].state.rules == ()
    page.number_input(key="rule_closed_from").set_value(0.95).run()
    assert dict(page.session_state["visit"].state.rules) == {"closed_from": 0.95}


def test_a_comparison_runs_forward_in_time_and_dates_its_columns() -> None:
    for here, there in (("2025-11-05", "2026-01-07"), ("2026-01-07", "2025-11-05")):
        page = opened({"vehicle": "tanker", "date": here, "compare": there, "tab": "compare"})
        sound(page)
        said = piece(page, "sr-prose")
        assert "5 November 2025 → 7 January 2026" in said
        assert re.search(r"Change Cause 5 November 2025 7 January 2026", said)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_comparison_counts_changed_towns_by_cause_as_the_engine_does(
    lang: str, mali: Dataset
) -> None:
    """From the rains to the escorts of November: the calendar and the roads both change towns."""
    query = {"vehicle": "tanker", "date": "2025-11-05", "compare": "2025-09-02"}
    page = opened({**query, "tab": "compare", "lang": lang})
    sound(page)
    said = piece(page, "sr-prose")
    state = ViewState(
        date=dt.date(2025, 11, 5), vehicle=Vehicle.TANKER, compare="2025-09-02", lang=None
    )
    found = published(mali, state, dt.date(2026, 1, 1)).comparison
    assert found is not None
    assert found.count(Change.GAINED) > 5
    assert len(found.causes(Change.GAINED)) + len(found.causes(Change.LOST)) >= 2
    for change in (Change.LOST, Change.GAINED):
        for cause, n in found.causes(change).items():
            word = message(f"export.cause_{cause}", lang)
            if change == Change.GAINED:
                word = message("compare_tab.cause_before", lang, cause=word)
            assert " ".join(f"{message('page.label', lang, name=word)} {n}".split()) in said
    for name in found.changed["name"]:
        assert str(name) in said
    changed = found.towns.set_index("node_id")
    assert changed.loc["nioro", "isolated_by"] == Cause.CLOSURE


def test_a_comparison_tells_routes_that_hardly_change_from_those_that_do() -> None:
    query = {"date": "2025-11-05", "compare": "2026-01-07", "vehicle": "tanker"}
    page = opened({**query, "tab": "compare", "lang": "en"})
    said = piece(page, "sr-prose")
    assert "shorter route: 8 towns" in said
    assert "by 3–103 km, 7 of them by less than 10 km" in said


def test_a_new_view_asks_about_tankers_and_a_link_without_a_vehicle_about_any() -> None:
    assert opened().session_state["visit"].state.vehicle == "tanker"
    assert opened({"date": "2025-11-05"}).session_state["visit"].state.vehicle == "any"


def test_a_link_that_names_only_the_language_opens_the_first_view_in_it() -> None:
    first, french = (opened(query).session_state["visit"].state for query in ({}, {"lang": "fr"}))
    assert first.date is not None
    assert french == replace(first, lang="fr")


def test_a_view_of_any_vehicle_without_a_day_has_a_link_that_opens_it_again() -> None:
    page = opened({"vehicle": "any"})
    assert page.session_state["visit"].state == ViewState()
    assert dict(page.query_params) == {"vehicle": "any"}


@pytest.mark.parametrize(
    ("asked", "title"),
    [("sevare", "Sévaré"), ("SEGOU", "Ségou"), ("Timbuktu", "Tombouctou"),
     ("sevare mopti", "Sévaré–Mopti (RN6)"), ("Sévaré – Mopti", "Sévaré–Mopti (RN6)")],
)  # fmt: skip
def test_a_search_without_accents_dashes_and_order_opens_the_card(asked: str, title: str) -> None:
    page = opened({"vehicle": "tanker"})
    page.text_input(key="find").set_value(asked).run()
    sound(page)
    assert piece(page, "sr-card-title") == title
    assert page.session_state["visit"].state.view is not None


def test_a_road_number_lists_its_roads_and_coordinates_move_the_map() -> None:
    page = opened({"vehicle": "tanker"})
    page.text_input(key="find").set_value("RN6").run()
    assert len(names(page, "matches_list")) > 3
    page.text_input(key="find").set_value("14.5, -4.1").run()
    view = page.session_state["visit"].state.view
    assert (view.lat, view.lon) == (14.5, -4.1)


def test_a_road_s_card_reports_its_state_and_sources_and_cuts_it() -> None:
    page = opened({"vehicle": "tanker", "date": "2025-11-05"})
    page.text_input(key="find").set_value("diema nioro").run()
    said = " ".join(texts(page))
    assert "closed" in said
    assert "confidence:" in said
    page.button(key="road_toggle").click().run()
    assert "You reopened Diéma–Nioro du Sahel" in piece(page, "sr-action")


def test_a_phase_is_a_date_and_says_what_the_date_says() -> None:
    page = opened({"vehicle": "tanker", "date": "2025-09-10"})
    page.button(key="phase_phase-4").click().run()
    state = page.session_state["visit"].state
    assert state.preset is None
    there = opened({"vehicle": "tanker", "date": "2025-10-27"})
    assert piece(page, "sr-summary") == piece(there, "sr-summary")


def test_the_visitors_own_events_are_marked_in_the_table_of_events() -> None:
    shipped = Dataset(datasets.started_with().dataset.network).events
    later = shipped.index[shipped["date"] >= dt.date(2025, 11, 1)][:2]
    page = AppTest.from_file(str(APP), default_timeout=120)
    # The same ids as shipped ones: joined, they are changed to keep every event distinct.
    page.session_state["own_data"] = SessionData(events=shipped.loc[later], events_name="a.csv")
    for name, value in {"date": "2025-11-30", "tab": "events", "window": "60"}.items():
        page.query_params[name] = value
    page.run()
    sound(page)
    (table,) = [each.value for each in page.dataframe if "mine" in each.value]
    assert (table["mine"] == "mine").sum() == len(later)
    assert (table["mine"] == "").sum() > 0


def test_the_segments_are_those_of_the_corridors_and_regions_chosen() -> None:
    page = opened({"tab": "segments", "vehicle": "tanker", "corridor": "Dakar-Kayes-Bamako"})
    along = len(table_of(page))
    assert 0 < along <= len(datasets.started_with().corridors["Dakar-Kayes-Bamako"])
    page.multiselect(key="segments_region").set_value(["Kayes"]).run()
    sound(page)
    assert 0 < len(table_of(page)) < along
    page.multiselect(key="segments_corridor").set_value([]).run()
    assert len(table_of(page)) > along
    assert "Kayes" in page.query_params["region"]


def table_of(page: AppTest) -> pd.DataFrame:
    """Rows of the table under the map."""
    table: pd.DataFrame = page.dataframe[0].value
    return table
