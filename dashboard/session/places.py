"""Where each tab that a link can name stands: in the panel, in the table under the map, on a page.

A link of an earlier version names one of its tabs; each still opens what it opened.
"""

from types import MappingProxyType
from typing import Final

TABS: Final = (
    "towns",
    "segments",
    "reopen",
    "scenario",
    "events",
    "time",
    "compare",
    "share",
    "own",
    "desk",
    "method",
    "responsible",
)
"""Tabs that a link can name; without one the panel shows the situation."""

PANELS: Final = ("situation", "scenario", "compare")
PAGES: Final = ("map", "share", "own", "desk", "about")

PANEL_OF: Final = MappingProxyType(
    {"segments": "scenario", "reopen": "scenario", "scenario": "scenario", "compare": "compare"}
)
"""Panel of a tab; of every other tab it is the situation."""

TAB_OF_PANEL: Final = MappingProxyType(
    {"situation": "", "scenario": "scenario", "compare": "compare"}
)

PAGE_OF: Final = MappingProxyType(
    {"share": "share", "own": "own", "desk": "desk", "method": "about", "responsible": "about"}
)
"""Page of a tab; every other tab lies on the map's page."""

TAB_OF_PAGE: Final = MappingProxyType(
    {"map": "", "share": "share", "own": "own", "desk": "desk", "about": "method"}
)

TABLES: Final = ("time", "towns", "events", "segments")
"""Tabs shown at full width under the map."""


def panel_of(tab: str) -> str:
    """Return the panel beside the map."""
    return PANEL_OF.get(tab, "situation")


def page_of(tab: str) -> str:
    """Return the page on which a tab lies."""
    return PAGE_OF.get(tab, "map")
