"""The first document's head: what the page will need is asked for at once, the rest not at all.

Streamlit's document names the scripts that start it. Those that draw the page's parts, and the
map's, would be asked for one after the other as each turns out to be needed; on a line with a
delay of 400 ms every such step costs as long as 20 kB.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from streamlit.file_util import get_static_dir

PARTS: Final = (
    "elements/Html/Html",
    "widgets/Button/Button",
    "widgets/ButtonGroup/ButtonGroup",
    "widgets/CustomComponent/ComponentInstance",
)
"""Parts of Streamlit that the headline and the map need, as its build calls their sources.

The other parts of the first screen (the field of the date, the slider: 160 kB) come when they are
drawn, while the map is there already.
"""

UNUSED_FONT: Final = re.compile(r"<link\s+rel=\"preload\"[^>]*SourceSans[^>]*>\s*")
"""Streamlit's own typeface, 170 kB: the theme names typefaces that devices have."""

SCRIPT: Final = Path(__file__).with_suffix(".js")
HEAD_ENDS: Final = "</head>"
ENTRY: Final = "index.html"


def scripts() -> tuple[str, ...]:
    """Return the scripts that draw `PARTS`, as addresses below the app's; none if unknown.

    They follow from the list that Streamlit's build leaves beside its files. A version that names
    a part otherwise loads it as before: late, and all the same.
    """
    return _scripts(Path(get_static_dir()) / "manifest.json")


@lru_cache(maxsize=1)
def _scripts(build: Path) -> tuple[str, ...]:
    try:
        listed: dict[str, Any] = json.loads(build.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ()
    wanted = [name for name in listed if any(name.endswith(f"{part}.tsx") for part in PARTS)]
    started = set(_closure(listed, [ENTRY] if ENTRY in listed else []))
    found = dict.fromkeys(name for name in _closure(listed, wanted) if name not in started)
    return tuple(f"./{listed[name]['file']}" for name in found)


def _closure(listed: Mapping[str, Any], names: Iterable[str]) -> Iterator[str]:
    """Yield each name and whatever it imports, once."""
    waiting, seen = list(names), set[str]()
    while waiting:
        name = waiting.pop()
        if name in seen or name not in listed:
            continue
        seen.add(name)
        yield name
        waiting.extend(listed[name].get("imports", ()))


def with_early_files(
    document: str, large: Sequence[str], small: Sequence[str], *, head: str = ""
) -> str:
    """Return Streamlit's document with another head.

    Parameters
    ----------
    document : str
    large, small : sequence of str
        Addresses of files that the map will ask for. The large ones come first, so that the line
        is never idle while the small ones make their way.
    head : str
        Further HTML for the end of the head.
    """
    names = json.dumps([*large, *scripts(), *small])
    fetching = SCRIPT.read_text(encoding="utf-8").replace("__FILES__", names)
    lean = UNUSED_FONT.sub("", document, count=1)
    return lean.replace(HEAD_ENDS, f"<script>{fetching}</script>{head}{HEAD_ENDS}", 1)
