"""What the event being entered would be and do; computed again only where that may change."""

import datetime as dt
from collections.abc import Mapping
from functools import partial
from typing import Final

import streamlit as st

from dashboard.session import datasets
from dashboard.session.desk import counted_at, counting_at, desk
from dashboard.session.entry import Entry
from dashboard.session.results import AnalysisCache, closures
from geodata import schema as f
from geodata.desk.entry import NEW
from geodata.desk.event_table import DeskEvents, with_desk
from geodata.desk.preview import ONLY_TOLD, Effect, preview
from geodata.desk.proposal import Proposal, proposal
from geodata.events.rules import Rules
from geodata.events.table import no_events
from geodata.sharing.permalink import ViewState

_COMPUTED: Final = "desk_effect"


def proposed(state: ViewState, entry: Entry, values: Mapping[str, str]) -> Proposal:
    """Return the checked event, its effect beside what counts now, and similar events.

    Parameters
    ----------
    state : ViewState
        Its traffic and vehicle count.
    entry : Entry
    values : mapping of str to str
        The event as entered.

    Raises
    ------
    GeodataError
        Naming the field that cannot be used and the remedy; or if the database does not answer.
    """
    shared = desk()
    version = str(shared.version) if shared is not None and shared.version else ""
    base, digest = datasets.started_with(), counted_at(version).digest if version else ""
    now = datasets.at_desk(version) if version else base
    counting = counting_at(version) if version else DeskEvents(no_events(), frozenset(), 0)
    known = now.dataset.events
    if version and not entry.event:  # an event that is edited is compared with no other
        code = f"{version}p"
        known = now.get(
            ("known", counted_at(code).digest),
            lambda: with_desk(base.dataset, counting_at(code)).events,
        )
    return proposal(
        base.dataset,
        counting,
        {**entry.begun, **values} if entry.report_of else values,
        today=dt.datetime.now(dt.UTC).date(),
        known=known,
        effect_of=partial(_effect, state, now, counting, digest),
    )


def _effect(
    state: ViewState,
    now: AnalysisCache,
    counting: DeskEvents,
    digest: str,
    checked: Mapping[str, str],
) -> Effect:
    """Return the effect of an event; the last one where nothing that closes roads has changed."""
    decisive = tuple(sorted((n, v) for n, v in checked.items() if n not in ONLY_TOLD))
    inputs = (decisive, digest, state.traffic, state.vehicle)
    computed: tuple[object, Effect] | None = st.session_state.get(_COMPUTED)
    if computed is not None and computed[0] == inputs:
        return computed[1]
    on = dt.date.fromisoformat(checked[f.DATE])
    effect = preview(
        datasets.started_with().dataset,
        counting,
        checked,
        event=checked[f.EVENT_ID] or NEW,
        on=on,
        traffic=state.traffic,
        vehicle=state.vehicle,
        before=now.dataset,
        reported=closures(now, on, Rules()),
    )
    st.session_state[_COMPUTED] = (inputs, effect)
    return effect
