"""The cut that a visitor prepares: several roads, a road number, a corridor or an area.

Nothing is cut before `cut` is called; until then the panel says what it would do.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from dashboard.runtime.callbacks import guarded
from dashboard.session import actions, cards, visit
from dashboard.session.visit import PendingCut
from geodata.analysis.cuts import selected_ids
from geodata.dataset import Dataset
from geodata.network.selection import CorridorName, Selection

WAYS: Final = ("road", "roads", "number", "corridor", "circle", "drawn")
"""How a cut is chosen: one road at once, several roads, or all roads of something."""

MAX_SELECTIONS: Final = 50
"""As many as a link holds."""


def pending() -> PendingCut:
    """Return this session's pending cut."""
    return visit.visit().pending


@guarded
def choose(how: str) -> None:
    """Choose another way to say what to cut; what was chosen in the former way is dropped."""
    here = visit.visit()
    here.touched, here.pending = True, PendingCut(how)


@guarded
def select(selections: Sequence[Selection]) -> None:
    """Prepare to cut these, in place of what was chosen before."""
    here = visit.visit()
    here.touched, here.pending = True, replace(here.pending, selections=tuple(selections))


@guarded
def mark(segment_ids: Sequence[str]) -> None:
    """Prepare to cut these segments, in place of those marked before."""
    here = visit.visit()
    here.touched, here.pending = True, PendingCut("roads", tuple(segment_ids))


@guarded
def mark_one(segment_id: str) -> None:
    """Mark one more segment, or unmark it, and open the panel that shows what is marked."""
    marked = pending().segments
    others = tuple(each for each in marked if each != segment_id)
    mark(others if segment_id in marked else (*marked, segment_id))
    open_panel()


@guarded
def draw(selection: Selection) -> None:
    """Prepare to cut what was drawn on the map."""
    here = visit.visit()
    here.touched, here.pending = True, PendingCut("drawn", selections=(selection,))
    open_panel()


def open_panel() -> None:
    """Open the scenario panel, where the pending cut is shown."""
    cards.close()
    if visit.state().tab not in ("scenario", "segments", "reopen"):
        visit.visit().folded = "scenario"
        visit.change(tab="scenario")


@guarded
def discard() -> None:
    """Drop what was chosen; the way to choose stays."""
    choose(pending().how)


@guarded
def cut(dataset: Dataset) -> None:
    """Cut what is pending."""
    chosen = usable(dataset)
    room = MAX_SELECTIONS - len(visit.state().cut_by)
    visit.go(*actions.cut_together(visit.state(), chosen.segments, chosen.selections[:room]))
    # A visitor who has drawn an area wants to see its effect before drawing the next one.
    choose(WAYS[0] if chosen.how == "drawn" else chosen.how)


def usable(dataset: Dataset) -> PendingCut:
    """Return what is pending without what this data set does not have."""
    chosen = pending()
    known = dataset.network.segment_number
    corridors = dataset.corridors.segments
    return replace(
        chosen,
        segments=tuple(each for each in chosen.segments if each in known),
        selections=tuple(
            each
            for each in chosen.selections
            if not isinstance(each, CorridorName) or each.name in corridors
        ),
    )


def segment_ids(dataset: Dataset) -> frozenset[str]:
    """Return the ids of all segments of the pending cut."""
    chosen = usable(dataset)
    return frozenset(chosen.segments) | selected_ids(dataset, chosen.selections)
