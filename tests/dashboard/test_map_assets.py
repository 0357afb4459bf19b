"""The map's static files: geometry, base map, scripts, vendored libraries."""

import hashlib
import json
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import LineString

from dashboard.map import assets, build, bundle, vendor
from dashboard.map import geometry as map_geometry
from geodata.dataset import Dataset
from geodata.i18n import LANGUAGES, catalogue
from geodata.network.model import Network

SOURCES = build.SOURCES


def decoded(flat: list[int]) -> np.ndarray:
    """What the browser makes of a line."""
    return np.cumsum(np.array(flat).reshape(-1, 2), axis=0) / map_geometry.SCALE


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.integers(), inner),
    max_leaves=60,
)  # fmt: skip


@given(values)
def test_json_written_in_pieces_is_the_same_json(content: object) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(map_geometry, "ROWS_AT_ONCE", 2)
        written = map_geometry.coded(content)
    whole = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    assert written.decode(errors="surrogatepass") == whole


degrees = st.floats(-89, 89).map(lambda value: round(value, 6))


@given(st.lists(st.tuples(degrees, degrees), min_size=2, max_size=30))
def test_a_line_comes_back_within_half_a_unit(points: list[tuple[float, float]]) -> None:
    flat = map_geometry.flat(LineString(points))
    line, back = LineString(points), decoded(flat)
    assert np.allclose(back[[0, -1]], np.array(points)[[0, -1]], atol=0.51 / map_geometry.SCALE)
    assert LineString(back).hausdorff_distance(line) < 1.5 / map_geometry.SCALE


def test_rows_are_in_the_order_of_ids(corridor: Network) -> None:
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


def test_a_networks_name_depends_on_its_content_not_on_its_row_order(corridor: Network) -> None:
    _, name = map_geometry.network_geometry(corridor)
    turned = Network(corridor.nodes.iloc[::-1], corridor.segments.iloc[::-1])
    longer = corridor.segments.assign(length_km=corridor.segments["length_km"] + 1)
    assert map_geometry.network_geometry(turned)[1] == name
    assert map_geometry.network_geometry(Network(corridor.nodes, longer))[1] != name


def test_the_shipped_network_is_a_static_file_and_another_the_sessions_own(
    mali: Dataset, corridor: Network, media: dict[str, bytes]
) -> None:
    assert assets.geometry_url(mali.network).startswith("../../app/static/data/network-")
    assert not media
    assert assets.geometry_url(corridor).startswith("../../media/")
    assert list(media.values()) == [map_geometry.network_geometry(corridor)[0]]


def test_static_files_are_those_that_the_data_and_sources_make(mali: Dataset) -> None:
    manifest = json.loads(assets.MANIFEST.read_text(encoding="utf-8"))
    remedy = "run: python -m dashboard.map.build"
    data, name = map_geometry.network_geometry(mali.network)
    made = {
        "network": data,
        "map.js": build.script("map.js"),
        "map.css": (SOURCES / "map.css").read_bytes(),
        **{f"texts.{lang}": build.texts(lang) for lang in LANGUAGES},
    }
    assert manifest["network"] == name, remedy
    assert manifest["layers"] == build.inputs(), remedy
    for purpose, content in made.items():
        path = assets.STATIC / manifest["files"][purpose]
        assert path.read_bytes() == content, f"{purpose}: {remedy}"
    for file in manifest["files"].values():
        assert (assets.STATIC / file).stat().st_size > 0


def test_a_static_file_is_named_by_its_content() -> None:
    for folder in ("app", "data"):
        for path in (assets.STATIC / folder).iterdir():
            assert map_geometry.content_hash(path.read_bytes()) in path.name


def test_the_base_map_names_both_languages_and_home_shows_the_towns_of_mali() -> None:
    base = json.loads((assets.STATIC / assets.manifest()["files"]["base"]).read_text())
    countries = {country["id"]: country for country in base["countries"]}
    assert {"MLI", "MRT", "NGA", "GMB"} <= set(countries)
    assert [c["id"] for c in base["countries"] if c["focus"]] == ["MLI"]
    assert countries["CIV"]["name"] == {"en": "Côte d'Ivoire", "fr": "Côte d'Ivoire"}
    assert len(base["regions"]) == 9
    assert {river["name"]["fr"] for river in base["rivers"]} >= {"Fleuve Niger", "Bani"}
    (south, west), (north, east) = assets.manifest()["home"]
    assert 10 < south < 11
    assert 22 < north < 23
    assert west < -11
    assert east > 2
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
    for path in [*SOURCES.iterdir(), *bundle.sources("view.js")]:
        links = set(re.findall(r"https?://[^\s\"')]+", path.read_text(encoding="utf-8")))
        assert links <= allowed, path.name
        assert path.suffix != ".css" or "@import" not in path.read_text(encoding="utf-8")


def test_no_script_of_ours_parses_text_as_markup() -> None:
    for path in bundle.sources("map.js"):
        source = path.read_text(encoding="utf-8")
        for risk in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("):
            assert risk not in source, f"{path.name}: {risk}"


def test_every_text_that_the_scripts_ask_for_is_in_both_catalogues() -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in bundle.sources("map.js"))
    asked = {"map." + key for key in re.findall(r'\bt\("([a-z_.]+)"', source)}
    assert len(asked) > 20
    for lang in LANGUAGES:
        assert asked <= set(catalogue(lang))


def test_a_package_with_another_checksum_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pack(command: list[str], *, cwd: Path, **_: object) -> None:
        (cwd / "leaflet-1.9.4.tgz").write_bytes(b"something else")

    monkeypatch.setattr(vendor.subprocess, "run", pack)
    with pytest.raises(ValueError, match="not the pinned"):
        vendor.packed(vendor.PACKAGES[0], tmp_path)


@given(
    st.lists(
        st.lists(
            st.tuples(
                st.sampled_from([0.0, 0.00001, 1.0, -2.5, 3.14159]),
                st.sampled_from([0.0, 0.00002, 7.0]),
            ),
            min_size=2,
            max_size=5,
        ),
        max_size=5,
    )
)
def test_many_lines_at_once_are_coded_as_each_alone(lines: list[list[tuple[float, float]]]) -> None:
    made = np.array([LineString(line) for line in lines], dtype=object)
    assert map_geometry.flats(made) == [map_geometry.flat(line) for line in made]
