"""Options of the command line that a message names, in the words that they have on the page."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from dashboard.translate import Translator

NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "attach-limit-km": "own.attach",
        "crs": "own.crs",
        "fix": "own.swap_all",
        "keep-dead-ends": "own.dead_ends",
        "layer": "own.options",
        "map": "own.columns",
        "node-crossings": "own.crossings",
        "snap-m": "own.snap",
        "stated-lengths": "own.stated_lengths",
        "supply": "own.layer_supply",
    }
)
"""Label on My data of each option of ``import-roads`` that a remark on a file can name."""

_OPTION: Final = re.compile(rf"--({'|'.join(NAMES)})(?![\w-])(?: swap)?(?: (?=[\w:]+[=:]))?")


def on_page(message: str, words: Translator) -> str:
    """Return a message with the page's label, in quotes, for each option that it names.

    A value that follows an option, as in ``--crs EPSG:32630``, comes after a colon.
    """

    def label(found: re.Match[str]) -> str:
        name = words("page.quoted", name=words(NAMES[found[1]]))
        return words.label(name) if found[0].endswith(" ") else name

    return _OPTION.sub(label, message)
