"""What a chain from a town to its sources says of the state of one segment."""

from typing import Final

from geodata.analysis.explanation import Explanation, Link, Role
from geodata.i18n import text
from geodata.schema import Cause, SegmentState

SAID: Final = frozenset(
    {
        (Role.CUTS, SegmentState.CLOSED),
        (Role.ESCORT, SegmentState.ESCORT_ONLY),
        (Role.SEASON, SegmentState.IMPASSABLE),
        (Role.VEHICLE, SegmentState.IMPASSABLE),
    }
)
"""Roles whose words tell the state already: "X is passable under escort"."""


def segment_words(explanation: Explanation, link: Link, lang: str = "en") -> str:
    """Return what is still to be said of a segment after its role; empty if nothing is.

    Its state, unless the role tells it, that it is a ferry, and the tags that bar the vehicle.
    """
    words = []
    if (link.role, link.state) not in SAID:
        words.append(text(_state_key(explanation, link), lang))
    if link.ferry:
        words.append(text("why.segment.ferry", lang))
    if link.restriction:
        words.append(text("why.segment.tags", lang, tags=link.restriction))
    return ", ".join(words)


def _state_key(explanation: Explanation, link: Link) -> str:
    """Return the key of the words for a segment's state; one out of season is not called unfit."""
    wet = link.state == SegmentState.IMPASSABLE and Cause.SEASON in explanation.causes
    return "why.segment.wet" if wet else f"why.segment.{link.state}"
