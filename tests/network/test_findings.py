"""The report on an import: ordered, countable, honest about what is unknown."""

import json
from pathlib import Path

import numpy as np
import pytest

from geodata.errors import GeodataError
from geodata.i18n import catalogue
from geodata.network.files import write_geojson
from geodata.network.findings import (
    WEIGHTS,
    Quality,
    collect_findings,
    message,
    places,
    read_places,
)


def two_doubts() -> Quality:
    far = places("town_far", np.array([[1.0, 2.0]]), ["Sévaré"], [2.25])
    zero = places("null_island", np.array([[0.0, 0.0], [0.0, 0.0]]), ["b", "a"], [np.nan] * 2)
    return Quality({"segments": 1200, "km_network": 10.5}, collect_findings([far, zero]))


def test_the_heaviest_come_first_then_by_name() -> None:
    quality = two_doubts()
    assert quality.places["about"].tolist() == ["a", "b", "Sévaré"]
    assert quality.counts() == {"null_island": 2, "town_far": 1}


def test_unknown_values_are_null_not_numbers() -> None:
    found = json.loads(two_doubts().to_json())
    assert [problem["value"] for problem in found["problems"]] == [None, None, 2.25]
    assert found["figures"] == {"segments": 1200, "km_network": 10.5}


def test_numbers_follow_the_language() -> None:
    assert "2,2 km" in message("town_far", "Sévaré", 2.25, "fr").replace("\u00a0", " ")
    assert "2.2 km" in message("town_far", "Sévaré", 2.25, "en")
    assert "1,200" in two_doubts().to_text("en")


def test_every_problem_has_its_words_in_both_languages() -> None:
    for lang in ("en", "fr"):
        words = catalogue(lang)
        for problem in WEIGHTS:
            assert f"quality.{problem}" in words
            assert f"quality.count_{problem}" in words


def test_no_doubts_are_an_empty_table_on_the_map() -> None:
    quality = Quality({}, collect_findings([]))
    assert quality.counts() == {}
    assert quality.places.crs.to_epsg() == 4326
    assert json.loads(quality.to_json())["problems"] == []


def test_an_unknown_problem_is_a_fault_of_the_program() -> None:
    with pytest.raises(ValueError, match="no_such"):
        places("no_such", np.zeros((0, 2)), [], [])


def test_the_places_an_import_wrote_are_read_again(tmp_path: Path) -> None:
    quality = two_doubts()
    write_geojson(quality.places, tmp_path / "quality.geojson")
    found = read_places(tmp_path)
    assert found is not None
    assert Quality({}, found).messages("fr") == quality.messages("fr")
    assert read_places(tmp_path / "elsewhere") is None


def test_an_import_without_doubts_is_read_again(tmp_path: Path) -> None:
    write_geojson(collect_findings([]), tmp_path / "quality.geojson")
    found = read_places(tmp_path)
    assert found is not None
    assert Quality({}, found).messages() == []
    assert found.crs.to_epsg() == 4326


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        '{"type": "FeatureCollection"}',
        '{"type":"Feature","properties":{"problem":"x","about":"",'
        '"value":1},"geometry":{"type":"Point",'
        '"coordinates":[0,0]}}',
    ],
)
def test_other_files_of_that_name_are_refused_by_name(tmp_path: Path, content: str) -> None:
    (tmp_path / "quality.geojson").write_text(content, encoding="utf-8")
    with pytest.raises(GeodataError, match=r"quality\.geojson"):
        read_places(tmp_path)
