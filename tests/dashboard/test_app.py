"""The page run without a browser: what it says, and that no part of it fails."""

import html
import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.markup import label
from dashboard.page import TABS
from dashboard.session import datasets
from geodata.dataset import Dataset
from geodata.errors import GeodataError
from geodata.i18n import LANGUAGES

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
        if f'"{css_class}' in element.proto.body:
            return " ".join(text.split())
    return ""


def sound(page: AppTest) -> None:
    """The page drew everything and told no fault."""
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


@pytest.mark.parametrize("part", ["rules", "sensitivity", "hindcast", "speeds", "sources"])
def test_every_section_of_the_method_draws(part: str) -> None:
    page = opened({**DATED, "tab": "method"})
    page.session_state["method_part"] = part
    sound(page.run())


def test_a_first_visit_closes_nothing_and_says_so() -> None:
    page = opened()
    sound(page)
    assert "No date" in piece(page, "sr-summary")
    assert "1" not in piece(page, "sr-list")
    assert "Click a road" in piece(page, "sr-hint")


def test_a_link_names_exactly_the_towns_newly_isolated(mali: Dataset) -> None:
    page = opened({"cut": "gao--bourem", "vehicle": "tanker"})
    names = mali.network.nodes.set_index("node_id")["name"]
    lost = {names[i] for i in ("bourem", "anefis", "kidal")}
    for part in ("sr-summary", "sr-list"):
        said = piece(page, part)
        for town in (names[i] for i in mali.network.towns):
            assert bool(re.search(rf"\b{re.escape(town)}\b", said)) == (town in lost), (part, town)


def test_a_road_cut_from_the_list_is_told_outside_both(mali: Dataset) -> None:
    page = opened({"vehicle": "tanker"})
    page.selectbox(key="pick_segment").set_value("gao--bourem").run()
    sound(page)
    told = "3 more towns isolated by closures: Anéfis, Bourem and Kidal."
    assert f"You cut Gao–Bourem: {told}" in piece(page, "sr-action")
    assert "Gao" not in piece(page, "sr-summary") + piece(page, "sr-list")
    assert page.selectbox(key="pick_segment").value is None


def test_undo_redo_and_reset_walk_through_the_history() -> None:
    page = opened({"vehicle": "tanker"})
    page.selectbox(key="pick_segment").set_value("gao--bourem").run()
    page.selectbox(key="pick_segment").set_value("sevare--mopti").run()
    assert "Mopti" in piece(page, "sr-list")
    page.button(key="undo").click().run()
    assert "Mopti" not in piece(page, "sr-list")
    assert "Bourem" in piece(page, "sr-list")
    page.button(key="redo").click().run()
    assert "Mopti" in piece(page, "sr-list")
    page.button(key="reset").click().run()
    assert "Bourem" not in piece(page, "sr-list")
    assert page.button(key="reset").disabled


def test_the_same_road_picked_again_is_open_again() -> None:
    page = opened({"cut": "gao--bourem", "vehicle": "tanker"})
    page.selectbox(key="pick_segment").set_value("gao--bourem").run()
    assert "None." in piece(page, "sr-list")


def test_what_a_link_names_wrongly_is_told_as_text() -> None:
    page = opened({"cut": "gao--bourem,<b>nowhere</b>", "vehicle": "spaceship"})
    sound(page)
    notices = piece(page, "sr-notices")
    assert "nowhere" in notices
    assert "spaceship" in notices
    assert not any("<b>nowhere" in each.proto.body for each in page.get("html"))
    page.button(key="dismiss").click().run()
    assert not piece(page, "sr-notices")


def test_a_supply_point_switched_off_takes_its_towns_along() -> None:
    page = opened({"vehicle": "tanker", "cut": "sevare--konna,hombori--gossi"})
    assert "Gao" not in piece(page, "sr-list")
    page.checkbox(key="supply_niamey").uncheck().run()
    assert "You switched off the supply point Niamey" in piece(page, "sr-action")


def test_a_preset_stands_in_place_of_the_date() -> None:
    page = opened({"date": "2025-11-10"})
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
    page = opened({"lang": "fr", "vehicle": "tanker"})
    page.selectbox(key="pick_segment").set_value("gao--bourem").run()
    assert "Vous avez coupé Gao–Bourem" in piece(page, "sr-action")
    assert "Villes isolées par des fermetures" in piece(page, "sr-summary")


def test_the_card_tells_access_now_and_before_and_the_ways_out() -> None:
    page = opened({"town": "mopti", "cut": "sevare--mopti", "vehicle": "tanker"})
    card = piece(page, 'sr-card"')
    assert "isolated" in card
    assert "Sévaré–Mopti (RN6) cuts it off" in card
    assert "Nearest airport: Mopti" in card


def test_a_note_follows_its_cut() -> None:
    page = opened({"cut": "gao--bourem", "tab": "scenario"})
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
        assert re.search(r"Change 5 November 2025 7 January 2026", said)


def test_a_new_view_asks_about_tankers_and_a_link_without_a_vehicle_about_any() -> None:
    assert opened().session_state["visit"].state.vehicle == "tanker"
    assert opened({"date": "2025-11-05"}).session_state["visit"].state.vehicle == "any"
