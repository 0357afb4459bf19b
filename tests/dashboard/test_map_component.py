"""The map's state as it travels, and the elements that carry it."""

import base64
import datetime as dt
import json
import re
from dataclasses import replace
from typing import Any

import folium
import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit_folium import _get_feature_group_string, _get_map_string, generate_leaflet_string

from dashboard.map import component
from dashboard.map import payload as map_state
from dashboard.map.view_model import MapDifference, MapModel
from geodata.dataset import Dataset
from geodata.events.vocabulary import EventType
from geodata.i18n import LANGUAGES, catalogue
from geodata.network.model import Network
from geodata.network.selection import Area, Circle

HOSTILE = (
    "{{ 7*7 }}",
    "{% raise %}",
    "{# no #}",
    "<img src=x onerror=alert(1)>",
    "${alert(1)}",
    "`alert(1)`",
    "</script><script>alert(1)</script>",
    "\\u0022);alert(1);//",
    "C:\\new\\temp",
    "\u2028\u2029\x00",
    "map_div",
    "feature_group_0",
    '"); alert(1); ("',
    "javascript:alert(1)",
)


def model(network: Network, **changes: Any) -> MapModel:
    """A plain picture of ``network``."""
    plain = MapModel("../../app/static/net.json", network.segment_ids, network.node_ids)
    return replace(plain, **changes)


def test_a_state_holds_rows_and_leaves_out_what_is_unknown(
    corridor: Network, media: dict[str, bytes]
) -> None:
    told = model(
        corridor,
        segment_states={"a--b": ("closed", "why"), "b--d": ("open", "x"), "gone": ("cut", "")},
        impassable={"too steep": [corridor.segment_number["d--e"]]},
        town_states={"e": "isolated", "d": "detour", "a": "open", "?": "isolated"},
        new_isolated=["e"],
        isolated_by={"d": "season", "?": "supply", "a": "closure"},
        selected_town="d",
        way=["PORT--a", "a--c"],
        supply_off=["PORT", "?"],
        fuel={"d": "short", "e": "silent", "?": "short"},
        fuel_note="for a day",
        findings=[(1.5, 2.0, "warning", "far")],
        layers={"rail": False, "secret": True},
        view=(14.0, -5.0, 7.0),
        difference=MapDifference(segments_lost=["a--b"], towns_gained=["d"]),
    )
    state = map_state.payload(told, ack=7)
    row, node = corridor.segment_number, corridor.node_number
    assert state["closed"] == [row["a--b"]]
    assert state["impassable"] == [row["d--e"]]
    assert state["why"] == [["too steep", [row["d--e"]]], ["why", [row["a--b"]]]]
    assert "cut" not in state
    assert "open" not in state
    assert state["towns"] == {
        "isolated": [node["e"]],
        "detour": [node["d"]],
        "new": [node["e"]],
        "season": [node["d"]],
    }
    assert state["way"] == [row["PORT--a"], row["a--c"]]
    assert state["off"] == [node["PORT"]]
    assert state["chosen"] == node["d"]
    assert state["layers"] == "---0----"
    assert state["fuel"] == {"short": [node["d"]], "silent": [node["e"]]}
    assert state["fuelNote"] == "for a day"
    assert state["findings"] == [[1.5, 2.0, "warning", "far"]]
    assert state["ack"] == 7
    assert state["view"] == [14.0, -5.0, 7.0]
    assert state["difference"]["lost"] == [row["a--b"]]
    assert not media


@given(st.sets(st.integers(0, 400)))
def test_rows_travel_in_the_shorter_form(rows: set[int]) -> None:
    told = map_state.short(sorted(rows))
    if isinstance(told, str):
        data = base64.b64decode(told)
        assert {i for i in range(len(data) * 8) if data[i // 8] >> (i % 8) & 1} == rows
        assert len(told) < len(str(sorted(rows)))
    else:
        assert told == sorted(rows)


def test_a_wrong_state_is_refused(corridor: Network) -> None:
    with pytest.raises(ValueError, match="sideways"):
        map_state.payload(model(corridor, segment_states={"a--b": ("sideways", "")}))


def test_a_heavy_day_stays_small_on_the_wire(mali: Dataset, media: dict[str, bytes]) -> None:
    network = mali.network
    half = network.segment_ids[::2]
    states = {name: ("closed", f"Closed by event {name} since 3 September") for name in half}
    events = [
        {
            "id": str(i),
            "lat": 14.0,
            "lon": -5.0,
            "type": "ambush",
            "title": "x" * 300,
            "age_days": i,
        }
        for i in range(100)
    ]
    told = model(
        network,
        segment_states=states,
        events=events,
        town_states=dict.fromkeys(network.towns, "isolated"),
        way=half[:40],
        former_way=half[:40],
    )
    coded = map_state.encoded(map_state.payload(told))
    assert len(coded) < 5000
    assert set(media) == {"map-why", "map-events"}
    again = map_state.payload(replace(told, segment_states={**states, half[0]: ("cut", "")}))
    assert again["events"] == map_state.payload(told)["events"]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_travels_as_text_alone(
    corridor: Network, media: dict[str, bytes], text: str
) -> None:
    told = model(
        corridor,
        segment_states={"a--b": ("closed", text)},
        events=[{"id": text, "lat": 1.0, "lon": 1.0, "type": text, "title": text, "url": text}],
        region_badges={text: 1},
    )
    state = map_state.payload(told)
    layer = component.StateLayer(state)
    assert re.fullmatch(r"[A-Za-z0-9+/=]+", layer.coded)
    base, dynamic = component.BaseMap(), folium.FeatureGroup(name="state")
    dynamic.add_child(layer)
    base.get_root().render()
    script = _get_feature_group_string(dynamic, map=base)
    base.get_root().render()
    assert f'supplyRoutes.show("{layer.coded}")' in script
    rest = script.replace(layer.coded, "")
    assert "alert" not in rest
    assert "49" not in rest
    back = json.loads(base64.b64decode(layer.coded))
    assert back["why"][0][0] == text
    assert back["events"][0][7] == text
    assert back["events"][0][9] == ""


def test_the_base_maps_script_never_changes(corridor: Network) -> None:
    scripts = set()
    for _ in range(3):
        base = component.BaseMap()
        base.get_root().render()
        scripts.add(_get_map_string(base))
    assert len(scripts) == 1
    links = [url for _, url in component.BaseMap().default_js + component.BaseMap().default_css]
    assert links
    assert all(url.startswith("../../app/static/") for url in links)
    assert "http" not in generate_leaflet_string(component.BaseMap())


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://example.org/a?b=c", True),
        ("HTTP://example.org", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("//example.org", False),
        ("https://", False),
        (None, False),
        ("http://[", False),
        (float("nan"), False),
        (" https://example.org ", True),
    ],
)
def test_only_web_links_are_links(url: object, kept: bool) -> None:
    assert bool(map_state.web_url(url)) is kept


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_map_has_a_name_for_every_type_of_event(lang: str) -> None:
    assert {f"map.event.{kind}" for kind in EventType} <= set(catalogue(lang))


def event_rows(*events: dict[str, object]) -> list[list[object]]:
    rows: list[list[object]] = json.loads(map_state.code_events(events).data)
    return rows


def test_an_event_of_a_region_has_no_point() -> None:
    (row,) = event_rows({"id": 1, "lat": 12.6, "lon": -8.0, "region": "Kayes"})
    assert row[1:3] == [None, None]
    assert row[-1] == "Kayes"


def test_an_event_with_a_wrong_place_or_age_is_no_fault() -> None:
    (row,) = event_rows(
        {
            "id": "x",
            "lat": "north",
            "lon": float("inf"),
            "age_days": float("nan"),
            "date": dt.date(2026, 1, 7),
        }
    )
    assert row[1:5] == [None, None, "", 0]
    assert row[5] == "2026-01-07"


def test_a_table_of_many_events_travels_as_their_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(map_state, "ROWS_AT_ONCE", 2)
    urls = ["https://example.org/é", "javascript:alert(1)", ""]
    told = [
        [str(n), 12.5, round(-8 - n / 3, 4), "ambush", n % 2, "2 May", "high", 'Say "é"', "s", url]
        for n, url in enumerate(urls * 3)
    ]
    names = map_state.EVENT_COLUMNS
    events = [dict(zip(names, [*row, "Kita", ""], strict=True)) for row in told]
    events[4]["region"] = "Kayes"
    rows = [
        [*row[:9], row[9] if str(row[9]).startswith("http") else "", "Kita", ""] for row in told
    ]
    rows[4][1:3], rows[4][-1] = [None, None], "Kayes"
    expected = json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode()
    assert map_state.code_events(events).data == expected
    assert map_state.code_events([]).data == b"[]"


def message(n: int, kind: str = "segment", name: str = "a--b", **more: object) -> dict[str, object]:
    return {"kind": kind, "id": name, "n": n, **more}


def test_clicks_come_once_each_and_in_order() -> None:
    value = {**message(30), "before": [message(10), message(20, "town", "a")]}
    assert [click.n for click in map_state.clicks_of(value)] == [10, 20, 30]
    assert [click.n for click in map_state.clicks_of(value, after=20)] == [30]
    assert map_state.clicks_of(value, after=30) == ()


def test_a_point_is_told_where_it_lies_and_a_wrong_one_not_at_all() -> None:
    (point,) = map_state.clicks_of(message(1, "point", "", lat=14.2, lon=-5.1, zoom=7))
    assert (point.kind, point.view) == ("point", (14.2, -5.1, 7.0))
    assert map_state.clicks_of(message(1, "point", "", lat=140, lon=-5, zoom=7)) == ()
    assert map_state.clicks_of(message(1, "point", "")) == ()


def test_a_view_and_a_layer_carry_their_values() -> None:
    (view,) = map_state.clicks_of(message(1, "view", "", lat=14.2, lon=-5, zoom=7.25))
    assert view.view == (14.2, -5.0, 7.25)
    (layer,) = map_state.clicks_of(message(1, "layer", "rail", on=False))
    assert (layer.id, layer.on) == ("rail", False)


def test_a_drawn_circle_and_polygon_arrive_as_selections() -> None:
    square = {"type": "Polygon", "coordinates": [[[-5, 14], [-4, 14], [-4, 15], [-5, 14]]]}
    circle, shape, stopped = map_state.clicks_of(
        {
            **message(3, "area", "", stop=True),
            "before": [
                message(1, "area", "", circle=[-4.2, 14.5, 30]),
                message(2, "area", "", shape=square),
            ],
        }
    )
    assert circle.area == Circle(-4.2, 14.5, 30)
    assert isinstance(shape.area, Area)
    assert shape.area.shape.area == pytest.approx(0.5)
    assert stopped.area is None


@pytest.mark.parametrize(
    "value",
    [
        None,
        message(1, "area", ""),
        message(1, "area", "", circle=[0, 0, -3]),
        message(1, "area", "", circle=["x", 0, 3]),
        message(1, "area", "", shape={"type": "Point", "coordinates": [1, 2]}),
        message(1, "area", "", shape={"type": "Polygon", "coordinates": [[[1e400, 2]] * 4]}),
        3,
        "x",
        [],
        {},
        message(0),
        message(-1),
        message(2**60),
        {**message(1), "n": "1"},
        message(1, "shell"),
        message(1, name="x" * 1000),
        message(1, "view", lat=1, lon=2),
        message(1, "view", lat=float("nan"), lon=2, zoom=3),
        message(1, "view", lat=100, lon=2, zoom=3),
        message(1, "layer", "secret"),
        {**message(1), "id": ["a"]},
        {**message(1), "kind": None},
    ],
)
def test_a_message_of_another_form_is_left_out(value: object) -> None:
    assert map_state.clicks_of(value) == ()


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["kind", "id", "n", "before", "lat", "lon", "zoom", "on", "circle", "shape"]
            ),
            inner,
            max_size=6,
        )
    ),
    max_leaves=12,
)


@given(json_values)
def test_no_value_of_a_browser_is_a_fault(value: object) -> None:
    for click in map_state.clicks_of(value):
        assert click.n > 0
        assert isinstance(click.id, str)


# Machado, Oliveira & Fernandes (2009), severity 1.0: linear RGB as a person with the whole
# deficiency sees it.
