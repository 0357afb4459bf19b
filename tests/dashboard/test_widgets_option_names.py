"""Remarks on the visitor's files, in the words of the page."""

import pytest

from dashboard.translate import Translator
from dashboard.widgets import option_names
from geodata.i18n import catalogue, text


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_no_remark_on_roads_and_towns_names_an_option_of_the_command_line(lang: str) -> None:
    words = Translator(lang)
    naming = {
        key: message
        for key, message in catalogue(lang).items()
        if key.startswith(("roads.", "quality.", "layer.")) and "--" in message
    }
    assert len(naming) > 15
    for key, message in naming.items():
        assert "--" not in option_names.on_page(str(message), words), key


def test_a_value_after_an_option_stands_after_a_colon() -> None:
    shown = option_names.on_page(text("roads.no_roads", "en"), Translator("en"))
    assert "(“Other columns”: COLUMN=road_class)" in shown
    shown = option_names.on_page(text("quality.crossing", "fr", about="4"), Translator("fr"))
    assert shown.endswith(f"«\u202f{text('own.crossings', 'fr')}\u202f».")
