"""Causes on the page: figures, sentences, lists and cards agree."""

import datetime as dt
import html
import re

import pytest

from dashboard.page import Page
from dashboard.session import datasets
from dashboard.translate import Translator
from dashboard.views import headline, summary
from dashboard.views import map as map_view
from dashboard.views.cards import road
from dashboard.views.cards import town as card
from geodata import schema as f
from geodata.i18n import LANGUAGES
from geodata.schema import Cause, Measure, SegmentState, TownState, Traffic, Vehicle
from geodata.sharing.permalink import ViewState

SCENARIOS = (
    ViewState(vehicle=Vehicle.TANKER, date=dt.date(2025, 9, 8)),
    ViewState(vehicle=Vehicle.TANKER, date=dt.date(2025, 11, 5)),
    ViewState(vehicle=Vehicle.TANKER_ALL_YEAR, date=dt.date(2025, 10, 20)),
    ViewState(vehicle=Vehicle.TANKER, cut=("gao--bourem", "sevare--mopti")),
    ViewState(
        vehicle=Vehicle.TANKER, off=("abidjan", "dakar", "san-pedro", "conakry", "lome", "tema")
    ),
    ViewState(vehicle=Vehicle.ANY, traffic=Traffic.LIGHT, date=dt.date(2025, 9, 20)),
    ViewState(vehicle=Vehicle.TANKER, by=Measure.HOURS, preset="phase-4"),
)


def page_of(state: ViewState, lang: str = "en") -> Page:
    return Page(datasets.started_with(), state, Translator(lang), "light")


def plain(markup: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", markup)).split())


def said(text: str, message: str) -> int:
    """Number in front of a sentence; 0 where it is not said."""
    found = re.search(rf"(\d+) more towns? {message}", text)
    return int(found[1]) if found else 0


@pytest.mark.parametrize("state", SCENARIOS)
def test_causes_add_up_to_the_isolated_towns_and_each_is_reported(state: ViewState) -> None:
    page = page_of(state)
    towns = page.access.towns
    told = plain(summary.figures(page))
    for cause, ids in page.isolated_by.items():
        assert set(ids) == set(towns.loc[towns[f.ISOLATED_BY] == cause, f.NODE_ID])
        if ids and cause != Cause.CLOSURE:
            assert Translator("en").count(f"page.also_{cause}", len(ids)) in told
    assert sum(map(len, page.isolated_by.values())) == page.access.summary.isolated
    assert f"Towns isolated by closures {len(page.isolated_by[Cause.CLOSURE])} " in told


@pytest.mark.parametrize("state", SCENARIOS)
def test_the_sentence_of_a_change_and_the_figures_after_it_agree(state: ViewState) -> None:
    """From a view in which nothing is closed, the sentence counts what the figures count."""
    before = page_of(ViewState(vehicle=state.vehicle, traffic=state.traffic, by=state.by))
    page = page_of(state)
    text = summary.effect_text(page, before)
    found = page.access.summary
    assert said(text, "isolated by closures") == found.isolated_by[Cause.CLOSURE].towns
    assert said(text, "isolated by the rains") == found.isolated_by[Cause.SEASON].towns
    assert said(text, "isolated by supply points off") == found.isolated_by[Cause.SUPPLY].towns
    assert said(text, "on a detour") == found.detour
    assert said(text, "reached under escort only") == found.escort_only


def test_a_change_of_vehicle_names_the_vehicle_as_the_cause() -> None:
    text = summary.effect_text(
        page_of(ViewState(vehicle=Vehicle.TANKER)), page_of(ViewState(vehicle=Vehicle.ANY))
    )
    assert said(text, "that this vehicle never reaches") == 7
    assert "closures" not in text


@pytest.mark.parametrize("state", SCENARIOS[:5])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_town_that_is_not_open_has_a_why(state: ViewState, lang: str) -> None:
    page = page_of(state, lang)
    towns = page.access.towns
    for town in towns.loc[towns[f.STATE] != TownState.OPEN, f.NODE_ID]:
        section = card.why(page, town)
        assert section is not None, town
        assert len(plain(section)) > len(page.words("card.why")), town


def test_in_the_rains_the_map_marks_only_towns_that_closures_isolate() -> None:
    state = ViewState(vehicle=Vehicle.TANKER, date=dt.date(2025, 9, 8))
    rains = page_of(state).isolated_by[Cause.SEASON]
    assert len(rains) > 10
    marked = set(map_view.model(page_of(state)).new_isolated)
    assert not set(rains) & marked
    assert marked == {"nioro"}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_card_of_a_road_counts_the_towns_that_its_closure_would_leave_to_escorts(
    monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    """Depends on the shipped events: lorries on 5 September 2025."""
    day = dt.date(2025, 9, 5)
    page = page_of(ViewState(vehicle=Vehicle.ANY, traffic=Traffic.TRUCKS, date=day), lang)
    cuts = page.every_cut().set_index(f.SEGMENT_ID)
    segment = cuts[f.TOWNS_ESCORTED].map(len).idxmax()
    towns = cuts.loc[segment, f.TOWNS_ESCORTED]
    assert towns
    shown: list[str] = []
    monkeypatch.setattr(road.st, "html", lambda html: shown.append(plain(str(html))))
    monkeypatch.setattr(road.names, "listed", lambda *_, **__: None)
    road._effect(page, segment, SegmentState.OPEN)
    assert page.words.count("road.effect_escorted", len(towns)) in " ".join(shown)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_day_of_contested_roads_is_not_called_calm(lang: str) -> None:
    """On 20 March 2026 attacks make roads contested and stop nobody."""
    page = page_of(ViewState(vehicle=Vehicle.TANKER, date=dt.date(2026, 3, 20)), lang)
    at_risk = page.access.summary.at_risk
    assert at_risk > 50
    assert page.words.count("headline.at_risk", at_risk) in headline.sentence(page)[1]
    towns = page.access.towns.set_index(f.NODE_ID)
    town = towns[f.CONTESTED_KM].idxmax()
    km = page.words.number(towns.loc[town, f.CONTESTED_KM])
    assert page.words("way.contested", km=km) in plain(str(card._access(page, str(town))))
