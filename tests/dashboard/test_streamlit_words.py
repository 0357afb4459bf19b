"""Streamlit's own words are the ones that this version shows, and each has a French one."""

import re
from functools import cache
from pathlib import Path

import pytest
import streamlit

from dashboard import streamlit_words


@cache
def shown_by_streamlit() -> str:
    scripts = Path(streamlit.__file__).parent / "static" / "static" / "js"
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(scripts.glob("*.js")))


@pytest.mark.parametrize("word", [english for english, _ in streamlit_words.pairs("fr")])
def test_streamlit_still_shows_these_words(word: str) -> None:
    """After an update of Streamlit a word that is gone names what to translate again."""
    parts = [part for part in re.split(r"\{\w+\}|MB| apply| Enter to", word) if part.strip()]
    assert all(part.strip() in shown_by_streamlit() for part in parts)


def test_the_script_speaks_the_language_and_ends_no_element() -> None:
    for lang in ("en", "fr"):
        script = streamlit_words.script(lang)
        assert f'lang = "{lang}"' in script
        assert "__" not in script
        assert script.count("</script>") == 1
