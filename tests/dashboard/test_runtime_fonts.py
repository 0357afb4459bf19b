"""The fonts that the page sends."""

import io
import re

from fontTools.ttLib import TTFont

from dashboard.runtime import fonts


def test_every_icon_of_the_page_is_drawn_by_a_font_of_few_bytes():
    made = fonts.font()
    drawn = fonts.ligatures(TTFont(io.BytesIO(made)))
    whole = fonts.ligatures(TTFont(fonts._installed(fonts.ICONS)))
    named = fonts.names()
    assert {"search", "close", "directions", "keyboard_arrow_down"} <= named & set(drawn)
    assert named & set(whole) <= set(drawn)
    ours = {
        name
        for path in fonts.OWN.rglob("*.py")
        for name in fonts.NAME.findall(path.read_text(encoding="utf-8"))
    }
    assert ours <= set(drawn)
    assert len(made) < fonts._installed(fonts.ICONS).stat().st_size / 15


def test_every_icon_is_named_in_full_where_the_font_is_made_from() -> None:
    """A name put together when the page is drawn would be missing from the font."""
    parts = {
        path.name: part
        for path in fonts.OWN.rglob("*.py")
        for part in re.findall(r":material/(?!\w+:)[^\"]*", path.read_text(encoding="utf-8"))
    }
    assert parts.keys() == {"fonts.py"}  # which holds the pattern itself


def test_the_font_sent_in_place_of_streamlits_has_no_letter_but_an_outline():
    made = fonts.empty()
    font = TTFont(io.BytesIO(made))
    assert set(font.getBestCmap()) <= {0x20, 0xA0}
    assert len(made) < 2_000
    # Without any outline a browser refuses it: "OTS parsing error: glyf: zero-length table".
    assert any(font["glyf"][name].numberOfContours for name in font.getGlyphOrder())
