"""Provenance: every shipped file is listed, whole, attributed, and damage is reported."""

import re
import shutil
from pathlib import Path

import pytest

from geodata.errors import GeodataError
from geodata.i18n import LANGUAGES
from geodata.network import provenance
from geodata.network.basemap import read_layer

ROOT = Path(__file__).parents[2]


@pytest.fixture
def copied(tmp_path) -> Path:
    folder = tmp_path / "data"
    shutil.copytree(provenance.DATA_FOLDER, folder)
    return folder


def test_the_shipped_data_is_whole():
    assert provenance.verify() == []


def test_every_shipped_file_is_listed_once():
    listed = [layer.file for layer in provenance.read_sources()]
    assert sorted(listed) == provenance.shipped_files()
    assert len(listed) == len(set(listed))


def test_every_source_says_who_when_under_what_licence_and_what_was_changed():
    for layer in provenance.read_sources():
        assert layer.sources, layer.file
        for source in layer.sources:
            assert source.publisher
            assert source.licence
            assert source.date[:4].isdigit()
            assert source.changes
            assert source.url or source.version or layer.file == "network/network.json"
            assert bool(source.package) == (len(source.package_sha256) == 64)


def test_no_registry_host_is_named():
    text = (provenance.DATA_FOLDER / provenance.LIST_NAME).read_text(encoding="utf-8")
    hosts = re.findall(r"https?://([^/\s\"]+)", text)
    assert hosts
    assert not [host for host in hosts if re.search("py.?pi|npm|registry", host)]


def test_attributions_are_given():
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8")
    licences = {source.licence for layer in provenance.read_sources() for source in layer.sources}
    assert any("ODbL" in licence for licence in licences)
    for words in (
        "OpenStreetMap contributors",
        "Open Database",
        "GeoNames",
        "Creative Commons Attribution 4.0",
        "Natural Earth",
        "GSHHG",
        "AVWX",
    ):
        assert words in " ".join(notice.split())
    licence_note = (ROOT / "LICENSE-DATA.md").read_text(encoding="utf-8")
    for layer in provenance.read_sources():
        assert f"`{layer.file}`" in licence_note, layer.file


def test_a_changed_byte_is_reported_with_file_and_remedy_in_both_languages(copied):
    path = copied / "network" / "segments.geojson"
    path.write_bytes(path.read_bytes().replace(b"195.0", b"159.0", 1))
    (problem,) = provenance.verify(copied)
    for lang in LANGUAGES:
        assert str(path) in problem.text(lang)
        assert "python -m geodata build" in problem.text(lang)


def test_missing_files_are_all_reported(copied):
    (copied / "events.csv").unlink()
    (copied / "admin0.geojson").unlink()
    told = [str(problem) for problem in provenance.verify(copied)]
    assert len(told) == 2
    assert any("events.csv" in line for line in told)
    assert any("admin0.geojson" in line for line in told)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"layers": [{"file": "a"}]}', "\x00"])
def test_a_damaged_list_is_reported_and_not_raised(copied, text):
    (copied / provenance.LIST_NAME).write_text(text, encoding="utf-8")
    (problem,) = provenance.verify(copied)
    assert provenance.LIST_NAME in str(problem)


def test_a_missing_list_is_reported(tmp_path):
    (problem,) = provenance.verify(tmp_path)
    assert problem.key == "data.file_missing"


def test_a_damaged_layer_names_itself(tmp_path):
    (tmp_path / "rivers.geojson").write_text("not a layer", encoding="utf-8")
    with pytest.raises(GeodataError, match=r"rivers\.geojson is damaged"):
        read_layer("rivers", tmp_path)
    with pytest.raises(GeodataError, match=r"lakes\.geojson is missing"):
        read_layer("lakes", tmp_path)
