"""How many towns and people have lost access, and the effect of the last action."""

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.markup import Html, tag
from dashboard.page import Page, page_of
from dashboard.session import visit as session
from dashboard.session.actions import Action
from dashboard.widgets import selections
from geodata import schema as f
from geodata.analysis.accessibility import SAME_WAY
from geodata.schema import Cause, TownState
from geodata.sharing.selection_code import read_selection


def draw_action(page: Page) -> None:
    """Draw the effect of the last action, with undo, redo and start over beside it."""
    words, visit = page.words, session.visit()
    with st.container(key="last_action", gap=None):
        st.html(_last_action(page))
    for name, icon, act, dead in (
        ("undo", ":material/undo:", session.undo, not visit.past),
        ("redo", ":material/redo:", session.redo, not visit.future),
        ("reset", ":material/restart_alt:", session.reset, not session.can_reset()),
    ):
        st.button(
            words(f"page.{name}"),
            key=name,
            on_click=act,
            icon=icon,
            disabled=dead,
            help=words(f"page.{name}_help"),
            shortcut={"undo": "Mod+Z", "redo": "Mod+Shift+Z"}.get(name),
        )
    st.button(
        words("page.start_over"),
        key="start_over",
        on_click=session.start_over,
        args=(page.last_report,),
        icon=":material/first_page:",
        help=words("page.start_over_help"),
    )


def figures(page: Page) -> Html:
    """Return the key figures, each with its note."""
    words, summary = page.words, page.access.summary
    closed = summary.isolated_by[Cause.CLOSURE]
    return tag(
        "dl",
        _figure(
            "isolated",
            words("page.isolated_closure"),
            words.number(closed.towns),
            also(page) or words("page.of_towns", n=summary.towns),
        ),
        _figure(
            "people",
            words("page.people_isolated"),
            words.number(closed.population),
            _left_out(page, closed.population_unknown)
            or words("page.census" if page.dataset.shipped_network else "page.people_given"),
        ),
        _figure(
            "detour",
            words("page.detour"),
            words.number(summary.detour),
            _people(page, summary.population_detour, summary.population_detour_unknown),
        ),
        _figure(
            "escort",
            words("page.escort_only"),
            words.number(summary.escort_only),
            _people(page, summary.population_escort_only, summary.population_escort_only_unknown),
        ),
        class_="sr-figures",
    )


def also(page: Page) -> str:
    """Return how many more towns each cause other than closures isolates."""
    others = (Cause.SEASON, Cause.SUPPLY, Cause.VEHICLE)
    counted = {cause: len(page.isolated_by[cause]) for cause in others}
    return ", ".join(page.words.count(f"page.also_{cause}", n) for cause, n in counted.items() if n)


def _people(page: Page, known: int, unknown: int) -> str:
    text = page.words("page.people", n=page.words.number(known))
    return f"{text}, {_left_out(page, unknown)}" if unknown else text


def _left_out(page: Page, unknown: int) -> str:
    return page.words.count("page.people_left_out", unknown) if unknown else ""


def _figure(kind: str, name: str, value: str, note: str) -> Html:
    return tag(
        "div",
        tag("dt", name),
        tag("dd", tag("b", value), tag("small", note)),
        class_=f"sr-figure sr-is-{kind}" + (" sr-zero" if value == "0" else ""),
    )


def _last_action(page: Page) -> Html:
    visit = session.visit()
    if visit.action is None or visit.before is None:
        n_changes = len(page.situation.conditions.cut) + len(page.state.reopen)
        hint = "page.no_action_cut" if page.panel == "scenario" else "page.no_action"
        text = page.words.count("page.as_opened", n_changes) if n_changes else page.words(hint)
        return tag("p", text, class_="sr-action")
    done = action_text(page, visit.action)
    effect = effect_text(page, page_of(visit.before))
    return tag("p", tag("strong", done), " ", effect, class_="sr-action", role="status")


def action_text(page: Page, action: Action) -> str:
    """Return what was done, in words: ``You cut Gao–Bourem:``."""
    names = page.names
    subject = action.subject
    if action.kind in ("cut_by", "uncut_by"):
        selection = read_selection(subject)
        shown = selections.name(page, selection) if selection is not None else subject
        return page.words(f"page.did_{action.kind}", name=shown)
    shown = (
        names.ends(subject)
        if subject in page.dataset.network.segment_number
        else (names.node(subject) if subject in page.dataset.network.node_number else subject)
    )
    return page.words(f"page.did_{action.kind}", name=shown)


def effect_text(page: Page, before: Page) -> str:
    """Return which towns changed state between two views, or that none did."""
    return changes(page, before) or page.words("page.no_effect")


def changes(page: Page, before: Page) -> str:
    """Return which towns changed state between two views, each cause of isolation separately."""
    words = page.words
    now, then = page.access.towns, before.access.towns
    ids, earlier = now[f.NODE_ID].tolist(), then[f.NODE_ID].tolist()
    if set(ids) != set(earlier):
        return words.count("page.other_network", len(now))
    was = then if ids == earlier else then.set_index(f.NODE_ID).loc[ids].reset_index()
    sentences = _causes(page, now, was)
    states, former = now[f.STATE].to_numpy(object), was[f.STATE].to_numpy(object)
    for state in (TownState.ESCORT_ONLY, TownState.DETOUR, TownState.OPEN):
        entered = int(((states == state) & (former != state)).sum())
        if entered:
            sentences.append(words.count(f"page.now_{state}", entered))
    same = states == former
    moved = np.abs(now[f.DISTANCE_KM].to_numpy() - was[f.DISTANCE_KM].to_numpy()) > SAME_WAY
    if (same & moved).any():
        sentences.append(words.count("page.other_way", int((same & moved).sum())))
    return " ".join(sentences)


def _causes(page: Page, now: pd.DataFrame, was: pd.DataFrame) -> list[str]:
    """Return which towns each cause newly isolates, and which are reconnected."""
    words = page.words
    sentences = []
    causes, former = now[f.ISOLATED_BY].to_numpy(object), was[f.ISOLATED_BY].to_numpy(object)
    towns = now[f.NAME].to_numpy(object)
    for cause in (Cause.CLOSURE, Cause.SEASON, Cause.SUPPLY, Cause.VEHICLE):
        names = towns[(causes == cause) & (former != cause)].tolist()
        if names:
            sentences.append(
                words.count(f"page.now_{cause}", len(names), names=words.listed(names))
            )
    free = ~now[f.ISOLATED].to_numpy(bool) & was[f.ISOLATED].to_numpy(bool)
    names = towns[free].tolist()
    if names:
        sentences.append(words.count("page.reconnected", len(names), names=words.listed(names)))
    return sentences
