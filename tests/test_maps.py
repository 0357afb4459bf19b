"""The map's files, its state as it travels, and the elements that carry it."""

import base64
import datetime as dt
import hashlib
import itertools
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import folium
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import LineString
from streamlit_folium import _get_feature_group_string, _get_map_string, generate_leaflet_string

from dashboard import build_static, map_files, map_geometry, map_state, maps, vendor
from dashboard.map_model import Difference, MapModel
from geodata.dataset import Dataset
from geodata.network import Network
from geodata.text import LANGUAGES, catalogue

SOURCES = build_static.SOURCES
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


@pytest.fixture
def media(monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """Files handed to the session, by the place they take."""
    files: dict[str, bytes] = {}

    def keep(data: bytes, *, place: str) -> str:
        files[place] = data
        return f"../../media/{place}.json"

    monkeypatch.setattr(map_files, "media_url", keep)
    return files


def decoded(flat: list[int]) -> np.ndarray:
    """What the browser makes of a line."""
    return np.cumsum(np.array(flat).reshape(-1, 2), axis=0) / map_geometry.SCALE


def model(network: Network, **changes: Any) -> MapModel:
    """A plain picture of ``network``."""
    plain = MapModel("../../app/static/net.json", network.segment_ids, network.node_ids)
    return replace(plain, **changes)


degrees = st.floats(-89, 89).map(lambda value: round(value, 6))


@given(st.lists(st.tuples(degrees, degrees), min_size=2, max_size=30))
def test_a_line_comes_back_within_half_a_unit(points: list[tuple[float, float]]) -> None:
    flat = map_geometry.flat(LineString(points))
    line, back = LineString(points), decoded(flat)
    assert np.allclose(back[[0, -1]], np.array(points)[[0, -1]], atol=0.51 / map_geometry.SCALE)
    assert LineString(back).hausdorff_distance(line) < 1.5 / map_geometry.SCALE


def test_rows_stand_in_the_order_of_ids(corridor: Network) -> None:
    data, _ = map_geometry.network_geometry(corridor)
    content = json.loads(data)
    assert [row[0] for row in content["segments"]] == list(corridor.segment_ids)
    assert [row[0] for row in content["nodes"]] == list(corridor.node_ids)
    ends = [(row[1], row[2]) for row in content["segments"]]
    assert ends == list(zip(corridor.tail.tolist(), corridor.head.tolist(), strict=True))
    towns = {row[0] for row in content["nodes"] if row[7]}
    assert towns == set(corridor.towns)
    assert {row[0] for row in content["nodes"] if row[6]} == {"PORT", "DEPOT"}
    assert {row[0]: row[5] for row in content["nodes"]}["e"] is None


def test_a_networks_name_tells_its_content_not_its_row_order(corridor: Network) -> None:
    _, name = map_geometry.network_geometry(corridor)
    turned = Network(corridor.nodes.iloc[::-1], corridor.segments.iloc[::-1])
    longer = corridor.segments.assign(length_km=corridor.segments["length_km"] + 1)
    assert map_geometry.network_geometry(turned)[1] == name
    assert map_geometry.network_geometry(Network(corridor.nodes, longer))[1] != name


def test_the_shipped_network_is_a_static_file_and_another_the_sessions_own(
    mali: Dataset, corridor: Network, media: dict[str, bytes]
) -> None:
    assert map_files.geometry_url(mali.network).startswith("../../app/static/data/network-")
    assert not media
    assert map_files.geometry_url(corridor).startswith("../../media/")
    assert list(media.values()) == [map_geometry.network_geometry(corridor)[0]]


def test_static_files_are_those_that_the_data_and_sources_make(mali: Dataset) -> None:
    manifest = json.loads(map_files.MANIFEST.read_text(encoding="utf-8"))
    remedy = "run: python -m dashboard.build_static"
    data, name = map_geometry.network_geometry(mali.network)
    made = {
        "network": data,
        "map.js": build_static.script(),
        "map.css": (SOURCES / "map.css").read_bytes(),
        **{f"texts.{lang}": build_static.texts(lang) for lang in LANGUAGES},
    }
    assert manifest["network"] == name, remedy
    assert manifest["layers"] == build_static.inputs(), remedy
    for purpose, content in made.items():
        path = map_files.STATIC / manifest["files"][purpose]
        assert path.read_bytes() == content, f"{purpose}: {remedy}"
    for file in manifest["files"].values():
        assert (map_files.STATIC / file).stat().st_size > 0


def test_a_static_file_is_named_by_its_content() -> None:
    for folder in ("app", "data"):
        for path in (map_files.STATIC / folder).iterdir():
            assert map_geometry.content_hash(path.read_bytes()) in path.name


def test_the_base_map_shows_mali_whole_and_names_in_both_languages() -> None:
    base = json.loads((map_files.STATIC / map_files.manifest()["files"]["base"]).read_text())
    countries = {country["id"]: country for country in base["countries"]}
    assert {"MLI", "MRT", "NGA", "GMB"} <= set(countries)
    assert [c["id"] for c in base["countries"] if c["focus"]] == ["MLI"]
    assert countries["CIV"]["name"] == {"en": "Côte d'Ivoire", "fr": "Côte d'Ivoire"}
    assert len(base["regions"]) == 9
    assert {river["name"]["fr"] for river in base["rivers"]} >= {"Fleuve Niger", "Bani"}
    (south, _), (north, _) = map_files.manifest()["home"]
    assert south < 5
    assert north > 24.9
    for country in base["countries"]:
        assert country["anchors"], country["id"]


def test_vendored_files_are_the_recorded_ones() -> None:
    record = json.loads(vendor.RECORD.read_text(encoding="utf-8"))
    assert [entry["sha256"] for entry in record] == [p.sha256 for p in vendor.PACKAGES]
    for entry in record:
        assert entry["licence"]
        assert any("LICENSE" in name for name in entry["files"])
        for name, digest in entry["files"].items():
            data = (vendor.VENDOR / name).read_bytes()
            assert hashlib.sha256(data).hexdigest() == digest


def test_our_scripts_and_styles_name_no_other_host() -> None:
    allowed = {"http://www.w3.org/2000/svg", "https://tile.openstreetmap.org/{z}/{x}/{y}.png"}
    for path in SOURCES.iterdir():
        links = set(re.findall(r"https?://[^\s\"')]+", path.read_text(encoding="utf-8")))
        assert links <= allowed, path.name
        assert "@import" not in path.read_text(encoding="utf-8")


def test_no_script_of_ours_parses_text_as_markup() -> None:
    for path in SOURCES.glob("*.js"):
        source = path.read_text(encoding="utf-8")
        for risk in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("):
            assert risk not in source, f"{path.name}: {risk}"


def test_every_text_that_the_scripts_ask_for_is_in_both_catalogues() -> None:
    source = build_static.script().decode()
    asked = {"map." + key for key in re.findall(r'sr\.t\("([a-z_.]+)"', source) if key[-1] != "."}
    assert len(asked) > 20
    for lang in LANGUAGES:
        assert asked <= set(catalogue(lang))


def test_a_state_holds_rows_and_leaves_out_what_is_unknown(
    corridor: Network, media: dict[str, bytes]
) -> None:
    told = model(
        corridor,
        segment_states={"a--b": ("closed", "why"), "b--d": ("open", "x"), "gone": ("cut", "")},
        impassable=["d--e", "a--b"],
        town_states={"e": "isolated", "d": "detour", "a": "open", "?": "isolated"},
        new_isolated=["e"],
        selected_town="d",
        way=["PORT--a", "a--c"],
        supply_off=["PORT", "?"],
        findings=[(1.5, 2.0, "warning", "far")],
        layers={"rail": False, "secret": True},
        view=(14.0, -5.0, 7.0),
        difference=Difference(segments_lost=["a--b"], towns_gained=["d"]),
    )
    state = map_state.payload(told, ack=7)
    row, node = corridor.segment_number, corridor.node_number
    assert state["closed"] == [row["a--b"]]
    assert state["impassable"] == [row["d--e"]]
    assert state["why"] == [["why", [row["a--b"]]]]
    assert "cut" not in state
    assert "open" not in state
    assert state["towns"] == {"isolated": [node["e"]], "detour": [node["d"]], "new": [node["e"]]}
    assert state["way"] == [row["PORT--a"], row["a--c"]]
    assert state["off"] == [node["PORT"]]
    assert state["chosen"] == node["d"]
    assert state["layers"] == "---0---"
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
    layer = maps.StateLayer(state)
    assert re.fullmatch(r"[A-Za-z0-9+/=]+", layer.coded)
    base, dynamic = maps.BaseMap(), folium.FeatureGroup(name="state")
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
        base = maps.BaseMap()
        base.get_root().render()
        scripts.add(_get_map_string(base))
    assert len(scripts) == 1
    links = [url for _, url in maps.BaseMap().default_js + maps.BaseMap().default_css]
    assert links
    assert all(url.startswith("../../app/static/") for url in links)
    assert "http" not in generate_leaflet_string(maps.BaseMap())


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


def test_an_event_of_a_region_has_no_point() -> None:
    row = map_state.event_rows([{"id": 1, "lat": 12.6, "lon": -8.0, "region": "Kayes"}])[0]
    assert row[1:3] == [None, None]
    assert row[-1] == "Kayes"


def test_an_event_with_a_wrong_place_or_age_is_no_fault() -> None:
    row = map_state.event_rows(
        [
            {
                "id": "x",
                "lat": "north",
                "lon": float("inf"),
                "age_days": float("nan"),
                "date": dt.date(2026, 1, 7),
            }
        ]
    )[0]
    assert row[1:5] == [None, None, "", 0]
    assert row[5] == "2026-01-07"


def message(n: int, kind: str = "segment", name: str = "a--b", **more: object) -> dict[str, object]:
    return {"kind": kind, "id": name, "n": n, **more}


def test_clicks_come_once_each_and_in_order() -> None:
    value = {**message(30), "before": [message(10), message(20, "town", "a")]}
    assert [click.n for click in map_state.clicks_of(value)] == [10, 20, 30]
    assert [click.n for click in map_state.clicks_of(value, after=20)] == [30]
    assert map_state.clicks_of(value, after=30) == ()


def test_a_view_and_a_layer_carry_their_values() -> None:
    (view,) = map_state.clicks_of(message(1, "view", "", lat=14.2, lon=-5, zoom=7.25))
    assert view.view == (14.2, -5.0, 7.25)
    (layer,) = map_state.clicks_of(message(1, "layer", "rail", on=False))
    assert (layer.id, layer.on) == ("rail", False)


@pytest.mark.parametrize(
    "value",
    [
        None,
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
            st.sampled_from(["kind", "id", "n", "before", "lat", "lon", "zoom", "on"]),
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
VISION = {
    "full": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritanopia": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}
STATES = ("open", "escort", "contested", "closed", "cut", "impassable")


def theme_colours(theme: str) -> Mapping[str, str]:
    """Custom properties of one theme, as the style sheet has them."""
    css = (SOURCES / "map.css").read_text(encoding="utf-8")
    blocks = {"light": r"\.sr-map \{(.*?)\}", "dark": r'\.sr-map\[data-theme="dark"\] \{(.*?)\}'}
    found = re.search(blocks[theme], css, re.DOTALL)
    assert found
    return dict(re.findall(r"--([a-z-]+):\s*(#[0-9a-f]{6})", found[1]))


def linear(colour: str) -> np.ndarray:
    value = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def lab(rgb: np.ndarray) -> np.ndarray:
    """CIE L*a*b* (D65) of linear RGB."""
    to_xyz = np.array(
        [
            [0.4124564, 0.3575761, 0.1804375],
            [0.2126729, 0.7151522, 0.0721750],
            [0.0193339, 0.1191920, 0.9503041],
        ]
    )
    xyz = to_xyz @ np.clip(rgb, 0, 1) / np.array([0.95047, 1, 1.08883])
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("vision", VISION)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_states_differ_in_colour_for_every_eye(theme: str, vision: str) -> None:
    colours, matrix = theme_colours(theme), VISION[vision]
    seen = {name: lab(matrix @ linear(colours[name])) for name in (*STATES, "focus")}
    for a, b in itertools.combinations(STATES, 2):
        assert np.linalg.norm(seen[a] - seen[b]) > 12, (a, b)
    for name in STATES:
        assert np.linalg.norm(seen[name] - seen["focus"]) > 30, name


def test_states_differ_in_pattern_too() -> None:
    """In grey, every state has its own dashes, core line or mark: print needs no colour."""
    css = (SOURCES / "map.css").read_text(encoding="utf-8")
    patterns = {}
    for state in ("escort_only", "contested", "closed", "cut", "impassable"):
        rules = re.findall(rf"^\.r-(lines|cores|casings) \.{state} \{{(.*?)\}}", css, re.MULTILINE)
        assert rules, state
        dashes = {part: re.search(r"dasharray: ([^;]+)", body) for part, body in rules}
        core = any(part == "cores" and "stroke:" in body for part, body in rules)
        named = sorted((part, found[1]) for part, found in dashes.items() if found)
        patterns[state] = (core, tuple(named))
    assert len(set(patterns.values())) == len(patterns)
    assert (False, ()) not in patterns.values()


def contrast(a: str, b: str) -> float:
    """WCAG 2 contrast of two colours."""
    light, dark = sorted(
        (float(linear(c) @ np.array([0.2126, 0.7152, 0.0722])) for c in (a, b)), reverse=True
    )
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_texts_have_enough_contrast(theme: str) -> None:
    colours = theme_colours(theme)
    for text, ground in [("ink", "focus"), ("ink", "land"), ("soft", "land"), ("soft", "focus")]:
        assert contrast(colours[text], colours[ground]) >= 4.5, (text, ground)
    for line in ("open", "escort", "closed", "cut"):
        assert contrast(colours[line], colours["focus"]) >= 3, line


def test_a_package_with_another_checksum_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pack(command: list[str], *, cwd: Path, **_: object) -> None:
        (cwd / "leaflet-1.9.4.tgz").write_bytes(b"something else")

    monkeypatch.setattr(vendor.subprocess, "run", pack)
    with pytest.raises(ValueError, match="not the pinned"):
        vendor.packed(vendor.PACKAGES[0], tmp_path)


@given(st.lists(st.lists(st.tuples(st.sampled_from([0.0, 0.00001, 1.0, -2.5, 3.14159]),
                                   st.sampled_from([0.0, 0.00002, 7.0])), min_size=2, max_size=5),
                max_size=5))  # fmt: skip
def test_many_lines_at_once_are_coded_as_each_alone(lines: list[list[tuple[float, float]]]) -> None:
    made = np.array([LineString(line) for line in lines], dtype=object)
    assert map_geometry.flats(made) == [map_geometry.flat(line) for line in made]
