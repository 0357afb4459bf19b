"""The colours of the page's map, as its style sheet has them."""

import re
from typing import Final

from tests.support.server import ROOT

STYLE_SHEET: Final = ROOT / "dashboard" / "map" / "web" / "map.css"
_BLOCKS: Final = {
    "light": r"\.sr-map \{(.*?)\}",
    "dark": r'\.sr-map\[data-theme="dark"\] \{(.*?)\}',
}


def colours(theme: str) -> dict[str, str]:
    """Return the custom properties of one theme that are colours of six digits."""
    block = re.search(_BLOCKS[theme], STYLE_SHEET.read_text(encoding="utf-8"), re.DOTALL)
    assert block
    return dict(re.findall(r"--([a-z-]+):\s*(#[0-9a-f]{6})", block[1]))
