"""What a visitor can do to a scenario: from one state to the next, nothing else."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Final

from geodata.network.selection import Selection
from geodata.schema import SegmentState
from geodata.sharing.permalink import Note, ViewState
from geodata.sharing.selection_code import selection_code

SHUT: Final = SegmentState.CLOSED
"""What a click reopens; a road that still lets some traffic pass is cut by it."""


@dataclass(frozen=True)
class Action:
    """What was done last: a kind that the catalogue names, and to what."""

    kind: str
    subject: str = ""


def toggle(state: ViewState, segment_id: str, shown: SegmentState) -> tuple[ViewState, Action]:
    """Cut a segment or undo the cut; reopen one that events close, or undo that.

    Parameters
    ----------
    state : ViewState
    segment_id : str
    shown : SegmentState
        State of the segment as now drawn.
    """
    if segment_id in state.cut:
        return uncut(state, segment_id), Action("uncut", segment_id)
    if segment_id in state.reopen:
        return unreopen(state, segment_id), Action("unreopen", segment_id)
    # A cut that is not in `cut` comes from a road number, corridor or area.
    if shown in (SHUT, SegmentState.CUT):
        return reopen(state, segment_id), Action("reopen", segment_id)
    return cut(state, segment_id), Action("cut", segment_id)


def cut(state: ViewState, segment_id: str) -> ViewState:
    """Cut a segment by hand."""
    return replace(
        state,
        cut=(*_without(state.cut, segment_id), segment_id),
        reopen=_without(state.reopen, segment_id),
        notes=_other_notes(state, segment_id),
    )


def uncut(state: ViewState, segment_id: str) -> ViewState:
    """Undo a cut made by hand."""
    return replace(
        state, cut=_without(state.cut, segment_id), notes=_other_notes(state, segment_id)
    )


def cut_together(
    state: ViewState, segment_ids: tuple[str, ...], selections: tuple[Selection, ...]
) -> tuple[ViewState, Action]:
    """Cut several segments, and all that road numbers, corridors and areas name."""
    new = state
    for segment_id in segment_ids:
        new = cut(new, segment_id)
    new = replace(new, cut_by=(*new.cut_by, *selections))
    subject = selection_code(selections[0]) if len(selections) == 1 and not segment_ids else ""
    return new, Action("cut_by" if subject else "cut_many", subject)


def uncut_selection(state: ViewState, selection: Selection) -> tuple[ViewState, Action]:
    """Undo the cut of a road number, corridor or area."""
    others = tuple(each for each in state.cut_by if each != selection)
    return replace(state, cut_by=others), Action("uncut_by", selection_code(selection))


def reopen(state: ViewState, segment_id: str) -> ViewState:
    """Reopen a segment by hand, whatever events say."""
    return replace(
        state,
        reopen=(*_without(state.reopen, segment_id), segment_id),
        cut=_without(state.cut, segment_id),
        notes=_other_notes(state, segment_id),
    )


def unreopen(state: ViewState, segment_id: str) -> ViewState:
    """Undo a reopening made by hand."""
    return replace(
        state, reopen=_without(state.reopen, segment_id), notes=_other_notes(state, segment_id)
    )


def annotate(state: ViewState, note: Note) -> ViewState:
    """Add a reason, source, date and author to a cut or a reopening; an empty note removes it."""
    others = _other_notes(state, note.segment_id)
    empty = note == Note(note.segment_id)
    return replace(state, notes=others if empty else (*others, note))


def switch(state: ViewState, point: str) -> tuple[ViewState, Action]:
    """Switch a supply point off, or on again."""
    if point in state.off:
        return replace(state, off=_without(state.off, point)), Action("supply_on", point)
    return replace(state, off=(*state.off, point)), Action("supply_off", point)


def clear(state: ViewState) -> ViewState:
    """Undo all cuts, reopenings and switches; the view, vehicle and date stay."""
    return replace(state, cut=(), cut_by=(), reopen=(), off=(), preset=None, notes=(), title="")


def step(state: ViewState, days: int, *, first: dt.date, last: dt.date) -> ViewState:
    """Move the date, kept between the first and the last day."""
    day = (state.date or first) + dt.timedelta(days=days)
    return replace(state, date=min(max(day, first), last), preset=None)


def same_scenario(one: ViewState, other: ViewState) -> bool:
    """Return whether two states make the same roads passable."""
    return one.scenario == other.scenario and one.network == other.network


def _without(ids: tuple[str, ...], segment_id: str) -> tuple[str, ...]:
    return tuple(each for each in ids if each != segment_id)


def _other_notes(state: ViewState, segment_id: str) -> tuple[Note, ...]:
    return tuple(note for note in state.notes if note.segment_id != segment_id)
