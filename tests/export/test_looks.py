"""The page, the exported page, maps, briefs and workbooks show a state in one colour and shape."""

import re
from pathlib import Path

import numpy as np
import pytest

from geodata.events.vocabulary import EventType
from geodata.export import style
from geodata.export.html.page import _asset
from geodata.export.map import symbols
from geodata.export.workbook import STATE_FILLS
from geodata.schema import Cause, SegmentState, TownState
from tests.support import map_css

ROOT = Path(__file__).parents[2]
THEMES = ("light", "dark")
OF_PAGE = {"escort_only": "escort", "town_edge": "town-edge"}
"""Names of the page's map for the colours that it names otherwise."""


@pytest.mark.parametrize("theme", THEMES)
def test_the_pages_map_and_the_products_name_the_same_colours(theme: str) -> None:
    page, products = map_css.colours(theme), style.LOOKS["colours"][theme]
    supply = products["supply"]
    for name, colour in products.items():
        if name != "supply":
            assert page[OF_PAGE.get(name, name)] == colour, name
    css = map_css.STYLE_SHEET.read_text(encoding="utf-8")
    head = "" if theme == "light" else '.sr-map[data-theme="dark"] '
    assert f"\n{head}.supply rect {{ fill: {supply};" in css


def test_the_panel_beside_the_map_has_the_maps_colours() -> None:
    css = (ROOT / "dashboard/style.css").read_text(encoding="utf-8")
    pairs = dict(re.findall(r"--([a-z-]+): light-dark\((#[0-9a-f]{6}, #[0-9a-f]{6})\)", css))
    for name, state in (("open", "open"), ("isolated-fill", "closed")):
        colours = [style.LOOKS["colours"][theme][state] for theme in THEMES]
        assert pairs[name] == ", ".join(colours)
    assert pairs["escort"].startswith(style.COLOURS["escort_only"])


def test_the_exported_page_has_every_colour_in_both_themes() -> None:
    css = _asset("view.css")
    assert "/*" not in css
    for theme in THEMES:
        for name, colour in style.LOOKS["colours"][theme].items():
            assert f"--s-{name.replace('_', '-')}:{colour};" in css
    for state in SegmentState:
        assert f".s-{state}{{stroke:var(--s-{str(state).replace('_', '-')})" in css


def test_printed_maps_and_workbooks_take_their_colours_from_the_same_table() -> None:
    for state, look in style.SEGMENT_STYLES.items():
        assert look.colour == style.COLOURS[state]
        if state != SegmentState.OPEN:
            assert STATE_FILLS[state] == style.tint(style.COLOURS[state])
    assert STATE_FILLS["isolated"] == style.tint(style.TOWN_SYMBOLS[TownState.ISOLATED].fill)
    assert STATE_FILLS["detour"] == style.tint(style.TOWN_SYMBOLS[TownState.DETOUR].fill)


def test_printed_towns_have_the_outlines_of_the_page() -> None:
    for state in (TownState.DETOUR, TownState.ESCORT_ONLY, TownState.ISOLATED):
        outline = symbols._outline(style.TOWN_SYMBOLS[state].shape)
        assert not isinstance(outline, str)
        drawn = np.asarray(outline.vertices)[:-1] * [1, -1]
        assert drawn == pytest.approx(np.array(style.LOOKS["towns"][state]))


def test_every_cause_of_isolation_has_a_sign_of_its_own() -> None:
    looks = [style.town_symbol(TownState.ISOLATED, cause) for cause in Cause]
    assert len({look.sign for look in looks}) == len(Cause)
    assert {look.fill for look in looks if look.sign != "cross"} == {style.COLOURS["town"]}


def test_every_type_of_event_has_a_family_and_a_glyph_that_can_be_printed() -> None:
    assert set(style.LOOKS["events"]) == set(EventType)
    for kind in EventType:
        look = style.event_symbol(kind)
        assert look.fill == style.COLOURS[look.shape]
        assert len(symbols._glyph(look.sign).vertices) > 1


def test_the_bundles_hold_the_outlines_and_glyphs() -> None:
    bundles = [next((ROOT / "dashboard/static/app").glob("map-*.js")), style.ASSETS / "view.js"]
    for bundle in bundles:
        text = bundle.read_text(encoding="utf-8")
        assert style.GLYPHS["ambush"] in text
        assert style.GLYPHS["port"] in text
