"""What a click on a road would change, told before the click: to the tip of the map and the list.

The map asks while the pointer rests on a road, so the towns that a cut isolates can be seen both
before it is made and in the moment it is.
"""

from dataclasses import replace

from dashboard.page import Page
from dashboard.runtime import session_answers
from dashboard.session import actions
from dashboard.views import lost_towns, summary
from geodata.schema import SegmentState


def offer(page: Page) -> str:
    """Let the map ask about this view, and return the token by which it asks."""
    view = replace(page)  # what it computes ends with the offer, not with the run
    state = page.state
    subject = (page.held, page.situation.scenario, state.cut, state.reopen, page.words)
    return session_answers.offer(subject, lambda segment: effect(view, segment))


def effect(page: Page, segment: str) -> dict[str, object] | None:
    """Return what a click on a road would change.

    Parameters
    ----------
    page : Page
        The view before the click.
    segment : str

    Returns
    -------
    dict or None
        ``text``, a sentence, and ``towns``, the list of towns without supply as the page would
        show it; None for an unknown segment.
    """
    shown = page.state_of(segment)
    if shown is None:
        return None
    words = page.words
    after = replace(page, state=actions.toggle(page.state, segment, shown)[0])
    act = "cut" if after.state_of(segment) == SegmentState.CUT else "reopen"
    changed = summary.changes(after, page) or words("scenario.effect_none")
    lost = lost_towns.lost_towns(after)
    return {
        "text": words(f"scenario.effect_{act}", effect=changed),
        "towns": {
            "title": lost.title,
            "count": lost.count,
            "names": list(lost.towns.values()),
            "more": lost.more,
        },
    }
