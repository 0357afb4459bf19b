"""Fuel on a town's card: the model's words and band, and no figure where there is no estimate."""

import base64
import datetime as dt
import html
import re
from collections import OrderedDict
from dataclasses import replace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from dashboard.map.view_model import NO_ESTIMATE, MapClick, MapModel
from dashboard.page import Page
from dashboard.session import datasets, visit
from dashboard.session.results import fuel_of
from dashboard.translate import Translator
from dashboard.views import map as map_view
from dashboard.views.cards import fuel as card
from dashboard.widgets import charts
from geodata import schema as f
from geodata.analysis.fuel import Fuel
from geodata.i18n import LANGUAGES, number, text
from geodata.sharing.permalink import ViewState, parse
from geodata.sharing.permalink import format as format_link
from tests.dashboard.test_app import opened, sound, texts


@pytest.fixture(scope="module")
def shared() -> Fuel:
    """Fuel of the shipped data, as all sessions share it."""
    return fuel_of(datasets.held(ViewState()))


def fuel_text(query: dict[str, str]) -> str:
    page = opened({"vehicle": "tanker", "town": "mopti", **query})
    sound(page)
    title = text("fuel.title", query["lang"])
    told = next(" ".join(each.split()) for each in texts(page) if title in each)
    assert told.startswith(title)
    return told


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_card_reports_the_word_the_median_and_both_ends_of_the_band(
    lang: str, shared: Fuel
) -> None:
    told = fuel_text({"date": "2025-12-15", "lang": lang})
    table = shared.on(dt.date(2025, 12, 15)).set_index(f.NODE_ID)
    row = table.loc["mopti"]
    assert text(f"fuel_days.word.{row['word']}", lang) in told
    assert text(f"fuel_days.leading.{row['leading']}", lang) in told
    for column in ("stock_low", "stock_days", "stock_high"):
        assert number(float(row[column]), lang, decimals=1) in told


def test_empty_tanks_are_reported_in_words(shared: Fuel) -> None:
    row = shared.on(dt.date(2025, 11, 10)).set_index(f.NODE_ID).loc["mopti"]
    assert row["stock_high"] < 0.1
    assert "Almost nothing in stock" in fuel_text({"date": "2025-11-10", "lang": "en"})


def test_nothing_is_claimed_long_after_the_last_news() -> None:
    told = fuel_text({"date": "2026-04-28", "lang": "en"})
    assert "Unknown." in told
    assert not re.search(r"probably|Stock of about", told)


def test_a_cut_by_hand_is_said_not_to_count() -> None:
    told = fuel_text({"date": "2025-11-10", "lang": "en", "cut": "gao--bourem"})
    assert "does not change it" in told


def test_sessions_share_one_result(shared: Fuel) -> None:
    assert fuel_of(datasets.held(ViewState())) is shared


def test_without_a_date_the_card_asks_for_one() -> None:
    assert "Choose a date" in fuel_text({"lang": "en", "vehicle": "any"})


def test_a_band_leaves_days_without_a_value_blank_and_spaces_marks() -> None:
    values = np.array([[0.0, np.nan, 1.0], [1.0, np.nan, 2.0], [2.0, np.nan, 4.0]])
    drawn = charts.band(values, marks=[(0, True), (2, False)], at=1, title="x")
    blank = charts.band(np.full((3, 3), np.nan), at=None, title="x")
    paths = [_path(layer) for layer in re.findall(r"base64,([^)]*)\)", drawn)]
    assert [path.count("M") for path in paths] == [2, 2, 1, 1]
    assert paths[2].startswith("M0 100")
    assert paths[3].startswith("M8 0")
    assert all(not _path(layer) for layer in re.findall(r"base64,([^)]*)\)", blank))


def _path(encoded: str) -> str:
    drawing = base64.b64decode(encoded).decode()
    found = re.search(r' d="([^"]*)"', drawing)
    assert found
    return found[1]


def test_a_town_has_a_higher_bar_where_it_is_short_than_where_it_probably_is() -> None:
    """Two days of two towns: the first short, then unknown; the second probably short, then not."""
    drawn = charts.heat(
        np.zeros((2, 2), np.uint8),
        np.zeros((2, 2), bool),
        np.zeros(2, bool),
        shortage=np.array([[0.95, 0.7], [np.nan, 0.2]]),
        at=None,
        title="Fuel",
    )
    layer = re.search(r"sr-shortage[^>]*base64,([^)]*)\)", str(drawn))
    assert layer
    path = re.search(r' d="([^"]*)"', base64.b64decode(layer[1]).decode())
    assert path
    assert path[1] == "M0 17h4v2h-4z" + "M0 4h4v5h-4z"


def bodies(page: AppTest) -> list[str]:
    """Every piece of HTML of the page, with its tags."""
    return [html.unescape(element.proto.body) for element in page.get("html")]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_rows_of_towns_show_shortages_when_asked(lang: str) -> None:
    page = opened({"date": "2025-11-10", "tab": "time", "lang": lang})
    assert not any('class="sr-layer sr-shortage"' in each for each in bodies(page))
    page.toggle(key="time_fuel").set_value(True).run()
    sound(page)
    shown = next(each for each in bodies(page) if 'class="sr-layer sr-shortage"' in each)
    assert text("time.fuel_short", lang) in shown


@pytest.mark.parametrize("lang", LANGUAGES)
def test_compare_names_towns_whose_fuel_word_changed(lang: str, shared: Fuel) -> None:
    query = {"date": "2025-11-10", "compare": "2025-12-15", "tab": "compare", "lang": lang}
    page = opened(query)
    page.toggle(key="compare_fuel").set_value(True).run()
    sound(page)
    told = next(each for each in bodies(page) if text("compare_tab.fuel_what", lang) in each)
    first, last = (
        shared.on(day).set_index(f.NODE_ID)["word"]
        for day in (dt.date(2025, 11, 10), dt.date(2025, 12, 15))
    )
    changed = int((first != last).sum())
    assert changed
    assert told.count("<tr>") == changed + 1


def map_of(query: str, lang: str = "en") -> MapModel:
    state = parse(query)[0]
    return map_view.model(Page(datasets.held(state), state, Translator(lang), "light"))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_map_gives_each_town_the_models_word_with_its_day_and_last_event(
    lang: str, shared: Fuel
) -> None:
    drawn = map_of("date=2025-12-15&show=fuel", lang)
    table = shared.on(dt.date(2025, 12, 15)).set_index(f.NODE_ID)
    silent = table["probability_short"].isna()
    assert drawn.fuel == table["word"].where(~silent, NO_ESTIMATE).to_dict()
    assert {"probably_short", "supplied", NO_ESTIMATE} <= set(drawn.fuel.values())
    assert drawn.layers["fuel"]
    for day in (dt.date(2025, 12, 15), shared.last_event):
        assert Translator(lang).day(day) in drawn.fuel_note


@pytest.mark.parametrize(
    ("query", "reason"),
    [("show=fuel", "Choose a date"), ("show=fuel&date=2026-04-28", "does not cover this day")],
)
def test_a_day_without_an_estimate_leaves_the_layer_empty_and_says_why(
    query: str, reason: str
) -> None:
    drawn = map_of(query)
    assert not drawn.fuel
    assert reason in drawn.fuel_note


def test_the_layer_of_shortages_is_off_until_a_link_asks_for_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("dashboard.session.results.fuel", lambda _: pytest.fail("computed"))
    monkeypatch.setattr(datasets.held(ViewState()), "_results", OrderedDict())
    drawn = map_of("date=2025-12-15&hide=rail")
    assert not drawn.layers["fuel"]
    assert not drawn.layers["rail"]
    assert not drawn.fuel
    assert not drawn.fuel_note


@pytest.mark.parametrize(
    ("query", "click", "link"),
    [
        ("hide=rail", ("fuel", True), "v=1&hide=rail&show=fuel"),
        ("hide=rail&show=fuel", ("fuel", False), "v=1&hide=rail"),
        ("show=fuel", ("rail", False), "v=1&hide=rail&show=fuel"),
        ("hide=rail&show=fuel", ("rail", True), "v=1&show=fuel"),
    ],
)
def test_the_link_names_only_layers_that_differ_from_their_default(
    monkeypatch: pytest.MonkeyPatch, query: str, click: tuple[str, bool], link: str
) -> None:
    state = parse(query)[0]
    changed: list[ViewState] = []
    monkeypatch.setattr(visit, "state", lambda: state)
    monkeypatch.setattr(visit, "change", lambda **new: changed.append(replace(state, **new)))
    map_view.act(MapClick("layer", click[0], 1, on=click[1]))
    assert [format_link(each) for each in changed] == [link]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_rationing_stands_on_the_card_as_evidence_with_its_day_and_source(lang: str) -> None:
    state = parse("date=2026-01-25")[0]
    page = Page(datasets.held(state), state, Translator(lang), "light")
    told = card.reported(page, "mopti")
    event = page.dataset.events.set_index(f.EVENT_ID).loc["MLI-2026-0120-01"]
    assert Translator(lang).day(dt.date(2026, 1, 20)) in told
    assert event[f.SOURCE_URL] in told
    assert text("card.measures_note", lang) in html.unescape(told)
    before = replace(page, state=parse("date=2025-12-20")[0])
    assert "72 h" not in card.reported(before, "mopti")
    assert "Kourémalé" not in told
