"""Journeys over the page in any order: no failure, and the engine's numbers in both languages.

The page runs without a browser, but with what a browser remembers of its widgets.
"""

import datetime as dt
import html
import logging
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from tempfile import TemporaryDirectory
from typing import Any

import geopandas as gpd
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from shapely import Point

from dashboard.page import Page
from dashboard.session import actions, datasets
from dashboard.session.datasets import SessionData
from dashboard.session.desk import dataset_at
from dashboard.session.options import CHOICES, NotAnOptionError
from dashboard.session.own_facilities import OwnFacilities
from dashboard.session.pending import WAYS
from dashboard.session.places import PAGES, PANELS, TABS
from dashboard.session.results import AnalysisCache
from dashboard.session.visit import PendingCut
from dashboard.translate import Translator
from dashboard.views import map as map_view
from dashboard.views import road_effects
from dashboard.views.summary import figures
from geodata import schema as f
from geodata.analysis import cuts
from geodata.analysis.accessibility import access
from geodata.analysis.cuts import selected_ids
from geodata.analysis.facilities import facilities, facility_access
from geodata.analysis.resolution import conditions
from geodata.analysis.way_between import way_between
from geodata.dataset import Dataset, shipped
from geodata.events.presets import preset_ids
from geodata.i18n import LANGUAGES
from geodata.network.selection import Circle
from geodata.schema import Cause, Measure, Traffic, Vehicle
from geodata.sharing.permalink import ViewState
from tests.conftest import make_network
from tests.support import any_control
from tests.support.remembering import Remembering, opened

SEGMENTS = ("gao--bourem", "sevare--mopti", "hombori--gossi", "diema--nioro")
POINTS = ("abidjan", "dakar", "niamey")
TOWNS = ("mopti", "nioro", "bamako")
DAYS = st.dates(dt.date(2025, 9, 1), dt.date(2026, 4, 25))

ON_MAP = {
    "segment": SEGMENTS,
    "mark": SEGMENTS,
    "town": TOWNS,
    "supply": POINTS,
    "region": ("Mopti", "Kayes", "nowhere"),
    "event": ("MLI-2025-0903-03", "no-event"),
    "events": ("MLI-2025-0903-03 MLI-2025-1006-03",),
}
"""What a visitor clicks on the map, by kind."""


def own_network() -> Dataset:
    """A network of the visitor's: P --10-- a --20-- b."""
    network = make_network([("P", "a", 10), ("a", "b", 20)], supply=["P"], people={"a": 100})
    return Dataset(network, with_shipped_events=False, shipped_network=False)


@contextmanager
def heard() -> Iterator[list[str]]:
    """What the app logs as a warning or worse."""
    lines: list[str] = []

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(record.getMessage() + (f" {record.exc_info}" if record.exc_info else ""))

    logger, ear = logging.getLogger("supply_routes"), Ear(logging.WARNING)
    logger.addHandler(ear)
    try:
        yield lines
    finally:
        logger.removeHandler(ear)


def shown(page: Remembering) -> list[str]:
    """The headline figures, as they are written."""
    bodies = [element.proto.body for element in page.get("html")]
    summary = next((body for body in bodies if "sr-figures" in body), "")
    return bold(summary)


def bold(markup: str) -> list[str]:
    """Text set bold."""
    return [html.unescape(each) for each in re.findall(r"<b>(.*?)</b>", markup)]


def text_of(markup: str) -> str:
    """Markup without its tags."""
    return html.unescape(re.sub("<.*?>", "", markup))


def lost_towns_of(page: Remembering, expected: Any) -> dict[str, object]:
    """The list of towns without supply, as it is drawn."""
    bodies = [element.proto.body for element in page.get("html")]
    head = next(each for each in bodies if "sr-by_closure" in each)
    names = [each for each in page.get("button_group") if each.key == "list_lost"]
    captions = [each.value for each in page.caption]
    return {
        "title": text_of(head.partition("<span")[0]),
        "count": text_of("<span" + head.partition("<span")[2]),
        "names": [label.replace("\\", "") for one in names for label in one.options],
        "more": expected["more"] if expected["more"] in captions else "",
    }


def toggle_and_compare(page: Remembering, segment: str) -> None:
    """Cut or reopen a road: the page then shows what the map tells of it before the click."""
    state = page.session_state["visit"].state
    words = Translator("fr" if state.lang == "fr" else "en")
    told = road_effects.effect(Page(datasets.started_with(), state, words, "light"), segment)
    page.selectbox(key="pick_segment").set_value(segment).run()
    assert told is not None
    assert lost_towns_of(page, told["towns"]) == told["towns"]
    bodies = [element.proto.body for element in page.get("html")]
    done = text_of(next(each for each in bodies if 'class="sr-action"' in each))
    sentence = re.split(r"\s?: ", str(told["text"]), maxsplit=1)[1]
    if sentence == words("scenario.effect_none"):
        sentence = words("page.no_effect")
    assert done.endswith(sentence)


def digits(written: list[str]) -> list[int]:
    """Numbers without the blanks, commas and points of a language."""
    return [int(re.sub(r"\D", "", each)) for each in written]


class Journey(RuleBasedStateMachine):
    """One visitor, who may do anything at any time."""

    @initialize(lang=st.sampled_from(LANGUAGES), vehicle=st.sampled_from(Vehicle))
    def arrive(self, lang: str, vehicle: Vehicle) -> None:
        """Open the page of a server with an empty desk, where anybody may write."""
        self.ending = ExitStack()
        self.log = self.ending.enter_context(heard())
        folder = self.ending.enter_context(TemporaryDirectory())
        settings = self.ending.enter_context(pytest.MonkeyPatch.context())
        settings.setenv("DESK_DATABASE", f"sqlite:///{folder}/desk.sqlite")
        settings.setenv("DESK_ACCOUNTS", "local")
        self.page = opened({"lang": lang, "vehicle": vehicle})

    def teardown(self) -> None:
        if hasattr(self, "ending"):
            self.ending.close()

    def data(self) -> Dataset:
        """Return what the view rests on: the network, and the events that count on it."""
        state, key = self.state(), "own_data"
        session = self.page.session_state
        mine = session[key] if key in session else SessionData()
        base = own_network() if state.network else shipped()
        if mine.events is None and mine.shipped_events and not state.desk:
            return base
        shipped_too = base.with_shipped_events and mine.shipped_events
        own = replace(base, added_events=mine.events, with_shipped_events=shipped_too)
        return dataset_at(own, state.desk)

    def state(self) -> ViewState:
        return self.page.session_state["visit"].state

    @rule(lang=st.sampled_from(LANGUAGES))
    def language(self, lang: str) -> None:
        control = next(each for each in self.page.segmented_control if each.key == "choose_lang")
        control.set_value(lang).run()

    @rule(field=st.sampled_from(["vehicle", "traffic", "by"]), draw=st.data())
    def choice(self, field: str, draw: Any) -> None:
        kinds = {"vehicle": Vehicle, "traffic": Traffic, "by": Measure}
        value = draw.draw(st.sampled_from(list(kinds[field])))
        if field == "traffic":
            self.choose("choose_traffic", value)
        else:
            self.page.selectbox(key=f"choose_{field}").set_value(value).run()

    def choose(self, key: str, value: str) -> None:
        """Choose in a row of buttons."""
        control = next(each for each in self.page.get("button_group") if each.key == key)
        control.set_value(value).run()

    def has(self, kind: str, key: str) -> bool:
        return any(each.key == key for each in self.page.get(kind))

    @precondition(lambda self: self.has("date_input", "choose_date"))
    @rule(day=st.none() | DAYS)
    def date(self, day: dt.date | None) -> None:
        self.page.date_input(key="choose_date").set_value(day).run()

    @precondition(lambda self: self.has("date_input", "choose_date"))
    @rule(name=st.sampled_from(["previous", "day_back", "day_on", "next", "no_date"]))
    def step(self, name: str) -> None:
        self.page.button(key=f"date_{name}").click().run()

    @precondition(lambda self: not self.state().network)
    @rule(preset=st.sampled_from(preset_ids()))
    def preset(self, preset: str) -> None:
        """An older link names a phase; the page itself goes to days."""
        self.page.query_params.clear()
        self.page.query_params["preset"] = preset
        self.page.run()

    @rule(page=st.sampled_from(PAGES))
    def to_page(self, page: str) -> None:
        self.choose("choose_page", page)

    @precondition(lambda self: self.has("button_group", "choose_panel"))
    @rule(panel=st.sampled_from(PANELS))
    def to_panel(self, panel: str) -> None:
        self.choose("choose_panel", panel)

    @rule(stride=st.sampled_from(["day", "week", "change"]))
    @precondition(lambda self: self.has("date_input", "choose_date"))
    def stride(self, stride: str) -> None:
        self.choose("choose_stride", stride)

    @rule(
        asked=st.sampled_from(
            ["sevare", "mopti sevare", "Timbuktu", "RN6", "14.5, -4.1", "nowhere", "x" * 80, ""]
        )
    )
    def find(self, asked: str) -> None:
        self.page.text_input(key="find").set_value(asked).run()

    @rule(draw=st.data())
    def any_button(self, draw: Any) -> None:
        """Any button that is not dead: tables, tools, doors, phases, cards, ways back."""
        keys = sorted(
            each.key
            for each in self.page.button
            if each.key and not each.disabled and each.key not in ("date_play", "door_months")
        )
        self.page.button(key=draw.draw(st.sampled_from(keys))).click().run()

    @precondition(lambda self: self.has("button", "plan_compute"))
    @rule()
    def plan(self) -> None:
        self.page.button(key="plan_compute").click().run()

    @precondition(lambda self: self.has("selectbox", "plan_town"))
    @precondition(lambda self: not self.state().network)
    @rule(town=st.sampled_from(TOWNS))
    def routes_of(self, town: str) -> None:
        self.page.selectbox(key="plan_town").set_value(town).run()

    def use_any(self, draw: Any) -> None:
        """Any control of any kind: each kind as often as another, however few there are of it."""
        every = any_control.controls(self.page)
        kind = draw.draw(st.sampled_from(sorted({each.kind for each in every})))
        alike = {each.key: each for each in every if each.kind == kind}
        any_control.use(self.page, alike[draw.draw(st.sampled_from(sorted(alike)))], draw, ON_MAP)

    any_control = rule(draw=st.data())(use_any)
    another_control = rule(draw=st.data())(use_any)
    third_control = rule(draw=st.data())(use_any)

    @rule(tab=st.sampled_from(TABS))
    def to_tab(self, tab: str) -> None:
        """A link opens a part of the page, whose controls are then there to be used."""
        self.page.query_params["tab"] = tab
        self.page.run()

    @rule(draw=st.data())
    def any_name(self, draw: Any) -> None:
        """A name in any list of the page opens its card."""
        lists = [
            each
            for each in self.page.get("button_group")
            if re.match("list_|road_|town_|supply_|region_|event_|found_|way_", each.key or "")
        ]
        if lists:
            one = draw.draw(st.sampled_from(lists))
            label = draw.draw(st.sampled_from(list(one.options)))
            one.set_value(self.named(one, label)).run()

    def named(self, names: Any, label: str) -> str:
        """Id of the thing that a list calls so."""
        data = self.data()
        network = data.network
        ids = (*network.node_ids, *network.segment_ids, *data.events[f.EVENT_ID])
        for one in ids:
            with suppress(KeyError):
                if names.format_func(one) == label:
                    return str(one)
        raise AssertionError(label)

    @precondition(lambda self: self.has("selectbox", "pick_segment"))
    @precondition(lambda self: not self.state().network)
    @rule(segment=st.sampled_from(SEGMENTS))
    def road(self, segment: str) -> None:
        toggle_and_compare(self.page, segment)

    @precondition(lambda self: self.has("button_group", "cut_how"))
    @rule(unfolded=st.booleans())
    def fold(self, unfolded: bool) -> None:
        """Unfold or fold the list of supply points, which is drawn only while it is unfolded."""
        self.page.session_state["supply"] = unfolded
        self.page.run()

    @precondition(lambda self: not self.state().network)
    @precondition(lambda self: self.has("checkbox", "supply_abidjan"))
    @rule(point=st.sampled_from(POINTS))
    def supply(self, point: str) -> None:
        box = self.page.checkbox(key=f"supply_{point}")
        (box.uncheck if box.value else box.check)().run()

    @precondition(lambda self: self.has("button_group", "cut_how"))
    @rule(how=st.sampled_from(WAYS))
    def what_to_cut(self, how: str) -> None:
        """Choose how to cut, where this network has it."""
        control = next(each for each in self.page.get("button_group") if each.key == "cut_how")
        if control.format_func(how) in control.options:
            self.choose("cut_how", how)

    @rule(how=st.sampled_from(["roads", "number", "corridor"]), draw=st.data())
    def prepare(self, how: str, draw: Any) -> None:
        """Choose several of a list, if it is there."""
        if self.has("multiselect", f"cut_{how}"):
            control = self.page.multiselect(key=f"cut_{how}")
            few = st.lists(st.sampled_from(list(control.options)), max_size=3, unique=True)
            control.set_value(draw.draw(few)).run()

    @precondition(lambda self: self.has("selectbox", "cut_circle_town"))
    @rule(km=st.sampled_from([1.0, 40.0, 2000.0]), draw=st.data())
    def around(self, km: float, draw: Any) -> None:
        town = self.page.selectbox(key="cut_circle_town")
        town.set_value(draw.draw(st.sampled_from(town.options))).run()
        if self.has("number_input", "cut_circle_km"):
            self.page.number_input(key="cut_circle_km").set_value(km).run()

    @precondition(lambda self: self.has("button_group", "choose_panel"))
    @rule(lon=st.floats(-12, 4), lat=st.floats(10, 24), km=st.sampled_from([0.1, 80.0]))
    def drawn(self, lon: float, lat: float, km: float) -> None:
        """What the map sends when a circle was drawn in the scenario panel."""
        self.choose("choose_panel", "scenario")
        drawn = PendingCut("drawn", selections=(Circle(lon, lat, km),))
        self.page.session_state["visit"].pending = drawn
        self.page.run()

    @precondition(lambda self: self.has("text_input", "way_end"))
    @rule(end=st.sampled_from(["start", "end"]), asked=st.sampled_from(["Gao", "mopti", "ko", ""]))
    def route(self, end: str, asked: str) -> None:
        self.page.text_input(key=f"way_{end}").set_value(asked).run()

    @precondition(lambda self: not self.state().network)
    @rule(ends=st.lists(st.sampled_from(TOWNS), min_size=1, max_size=2, unique=True))
    def route_by_link(self, ends: list[str]) -> None:
        self.page.query_params["way"] = ",".join(ends)
        self.page.query_params.pop("town", None)
        self.page.run()

    @rule(kinds=st.lists(st.sampled_from(["clinic", "<b>school</b>"]), max_size=3))
    def own_facilities(self, kinds: list[str]) -> None:
        """A layer of facilities opened on My data, or the end of one."""
        places = [Point(-0.04, 16.27), Point(-4.19, 14.49), Point(0, 0)][: len(kinds)]
        table = {"name": ["x"] * len(kinds), "kind": kinds}
        layer = gpd.GeoDataFrame(table, geometry=places, crs=f.CRS)
        mine = OwnFacilities(layer, near_km=10.0) if kinds else None
        self.page.session_state["facilities"] = mine
        self.page.run()

    @rule(key=st.sampled_from(["undo", "redo", "reset"]))
    def history(self, key: str) -> None:
        """A step back or forth, where the page has it: the desk shows no panel."""
        if self.has("button", key) and not self.page.button(key=key).disabled:
            self.page.button(key=key).click().run()

    @rule()
    def network(self) -> None:
        """To the visitor's own network and back, as the list of networks does it."""
        name = "" if self.state().network else "toy"
        self.page.session_state["own_data"] = SessionData(networks={"toy": own_network()})
        self.page.query_params.clear()
        if name:
            self.page.query_params["network"] = name
        self.page.run()

    @rule(kind=st.sampled_from(["none", "kept", "nothing"]))
    @precondition(lambda self: self.has("selectbox", "compare_kind"))
    def compare(self, kind: str) -> None:
        self.page.selectbox(key="compare_kind").set_value(kind).run()

    @rule()
    def reload(self) -> None:
        if not self.state().network:
            self.page = opened(dict(self.page.query_params))

    @rule(vehicle=st.sampled_from(Vehicle), day=DAYS, lang=st.sampled_from(LANGUAGES))
    def link(self, vehicle: Vehicle, day: dt.date, lang: str) -> None:
        """A link typed over the one there is."""
        self.page.query_params.clear()
        for name, value in {"vehicle": vehicle, "date": day.isoformat(), "lang": lang}.items():
            self.page.query_params[name] = str(value)
        self.page.run()

    @invariant()
    def stands(self) -> None:
        if not hasattr(self, "page"):
            return
        assert not self.page.exception
        assert [each.value for each in self.page.error] == []
        assert self.log == []

    @invariant()
    def says_what_the_engine_says(self) -> None:
        if not hasattr(self, "page"):
            return
        state, dataset = self.state(), self.data()
        found = access(
            dataset.network, conditions(dataset, state.scenario), count_routes=False
        ).summary
        closed = found.isolated_by[Cause.CLOSURE]
        counted = [closed.towns, closed.population, found.detour, found.escort_only]
        if shown(self.page):  # the figures are in one of the panels
            assert digits(shown(self.page)) == counted

    @invariant()
    def says_what_the_pending_cut_would_do(self) -> None:
        if not hasattr(self, "page"):
            return
        bodies = [element.proto.body for element in self.page.get("html")]
        preview = next((each for each in bodies if 'class="sr-preview"' in each), None)
        if preview is None:
            return
        state, pending = self.state(), self.page.session_state["visit"].pending
        dataset = self.data()
        known = set(dataset.network.segment_ids)
        ids = selected_ids(dataset, pending.selections) | known.intersection(pending.segments)
        effect = cuts.preview(dataset, conditions(dataset, state.scenario), ids)
        lang = "fr" if state.lang == "fr" else "en"
        assert (
            html.unescape(re.sub("<.*?>", "", preview)).lower() == f"{effect.text(lang)}.".lower()
        )

    @invariant()
    def says_how_far_the_route_is(self) -> None:
        if not hasattr(self, "page") or len(self.state().way) < 2:
            return
        bodies = [element.proto.body for element in self.page.get("html")]
        told = next((each for each in bodies if 'class="sr-way-sum"' in each), None)
        if told is None:
            return
        dataset = self.data()
        found = way_between(dataset, conditions(dataset, self.state().scenario), *self.state().way)
        assert found.way is not None
        km = re.findall(r"<strong>([^a-z]*) km", told)[0]
        assert digits([km]) == [round(found.way.km)]

    @invariant()
    def names_towns_that_lose_a_facility(self) -> None:
        if not hasattr(self, "page") or not self.has("button_group", "list_facility_lost_0"):
            return
        dataset = self.data()
        layer = self.page.session_state["facilities"].layer
        light = replace(self.state().scenario, traffic=Traffic.LIGHT, vehicle=Vehicle.ANY)
        places = facilities(dataset.network, layer)
        found = facility_access(dataset.network, conditions(dataset, light), places)
        lists = self.page.get("button_group")
        shown_names = next(each for each in lists if each.key == "list_facility_lost_0")
        assert len(shown_names.options) == min(int(found.kinds["isolated"].iloc[0]), 8)

    @invariant()
    def says_the_same_in_the_other_language(self) -> None:
        if not hasattr(self, "page") or not shown(self.page):
            return
        state = self.state()
        data = self.data()
        held = datasets.started_with() if data is shipped() else AnalysisCache(data)
        other = "fr" if state.lang != "fr" else "en"
        there = figures(Page(held, state, Translator(other), "light"))
        assert digits(bold(there)) == digits(shown(self.page))


# Shrinking a journey takes minutes: the steps of the one that failed are reported as they were.
Journey.TestCase.settings = settings(
    max_examples=5, stateful_step_count=10, deadline=None, suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)  # fmt: skip
TestJourneys = Journey.TestCase


def test_a_road_can_be_cut_after_the_language_was_switched() -> None:
    with heard() as log:
        page = opened({"lang": "en", "vehicle": "tanker", "tab": "scenario"})
        next(each for each in page.segmented_control if each.key == "choose_lang").set_value("fr")
        page.run()
        page.selectbox(key="pick_segment").set_value("gao--bourem").run()
    assert not page.exception
    assert [each.value for each in page.error] == []
    assert log == []
    assert page.session_state["visit"].state.vehicle == Vehicle.TANKER


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_map_tells_before_a_click_what_the_page_shows_after_it(lang: str) -> None:
    page = opened({"lang": lang, "vehicle": "tanker", "tab": "scenario", "date": "2025-10-20"})
    for segment in (*SEGMENTS, "gao--bourem", "kayes-ndi--aourou"):
        toggle_and_compare(page, segment)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_label_in_any_language_names_its_option(lang: str) -> None:
    for options in CHOICES.values():
        for code in options.codes:
            assert options.code(options.label(Translator(lang), code)) == code


def test_what_is_no_option_is_refused_and_the_state_stays() -> None:
    with pytest.raises(NotAnOptionError):
        CHOICES["vehicle"].code("spaceship")
    with pytest.raises(ValueError, match="spaceship"):
        ViewState(vehicle="spaceship")  # type: ignore[arg-type]


def callbacks(page: Remembering) -> dict[str, Any]:
    """What each widget of the page calls when it changes, by the widget's id."""
    known = page.session_state._state._state._new_widget_state.widget_metadata
    return {name: each.callback for name, each in known.items() if each.callback}


@pytest.mark.parametrize("tab", [tab for tab in TABS if tab != "own"])
def test_every_callback_keeps_its_faults_from_the_visitor(tab: str) -> None:
    page = opened({"tab": tab, "cut": "gao--bourem", "town": "mopti", "date": "2025-11-05"})
    found = callbacks(page)
    assert found
    bare = [act for act in found.values() if not hasattr(act, "__wrapped__")]
    # The map's component calls ours from its own function.
    assert [each.__qualname__ for each in bare] == ["st_folium.<locals>._on_change"]
    assert hasattr(map_view.take, "__wrapped__")


def test_a_callback_that_fails_is_reported_and_the_page_keeps_working(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    page = opened({"lang": "en", "tab": "scenario"})

    def fail(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(actions, "toggle", fail)
    with heard() as log:
        page.selectbox(key="pick_segment").set_value("gao--bourem").run()
    assert not page.exception
    assert len(page.error) == 1
    assert len(log) == 1
    assert [each.value for each in page.run().error] == []
