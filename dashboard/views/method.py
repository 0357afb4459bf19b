"""The method: assumptions that can be changed, speeds, sources, and what is not known."""

from itertools import groupby

import streamlit as st

from dashboard.markup import label, link, table, tag
from dashboard.page import Page
from dashboard.runtime.callbacks import guarded
from dashboard.session import visit as session
from dashboard.session.actions import Action
from dashboard.session.options import Options
from dashboard.views import phases
from geodata.analysis.hindcast import hindcast
from geodata.analysis.sensitivity import sensitivity
from geodata.errors import GeodataError
from geodata.events.rules import SWITCH, Editable, Rules, editable
from geodata.network.provenance import read_sources
from geodata.network.speeds import SPEEDS

SECTIONS = Options(
    ("how", "rules", "sensitivity", "hindcast", "phases", "speeds", "sources"), "method.{}"
)


def draw(page: Page) -> None:
    """Draw one section at a time; the whole would be long."""
    words = page.words
    chosen = st.segmented_control(
        words("method.part"),
        SECTIONS.codes,
        required=True,
        key=session.keep("method_part", SECTIONS, "how"),
        format_func=lambda name: SECTIONS.label(words, name),
        label_visibility="collapsed",
    )
    {
        "how": _how,
        "rules": _rules,
        "sensitivity": _sensitivity,
        "hindcast": _hindcast,
        "phases": phases.draw,
        "speeds": _speeds,
        "sources": _sources,
    }[chosen or "how"](page)


def _how(page: Page) -> None:
    words = page.words
    # The last one is about the regions of the shipped network.
    last = 6 if page.dataset.shipped_network else 5
    parts = [tag("p", words(f"method.how_{n}")) for n in range(1, last + 1)]
    st.html(tag("article", *parts, class_="sr-prose"))


def _rules(page: Page) -> None:
    """Draw every rule with its reason; a change applies at once and is saved in the link."""
    words = page.words
    st.caption(words("method.rules_what"))
    if page.state.rules:
        st.button(words("method.rules_reset"), key="rules_reset", on_click=_reset_rules)
    fault = st.session_state.get("rules_fault")
    if isinstance(fault, GeodataError):
        st.error(label(fault.text(words.lang)))
    rules = page.situation.scenario.rules
    for group, members in groupby(editable(), key=lambda rule: rule.group):
        with st.expander(words(f"rules.group.{group}")):
            for rule in members:
                _rule(page, rule, float(getattr(rules, rule.name)))


def _rule(page: Page, rule: Editable, value: float) -> None:
    words = page.words
    name = f"{words(rule.label)} ({words(f'rules.unit.{rule.unit}')})"
    if rule.unit == SWITCH:
        key = session.seed(f"rule_{rule.name}", value >= 0.5)
        st.checkbox(
            words(rule.label), key=key, help=words(rule.why), on_change=_take, args=(rule.name, key)
        )
        return
    key = session.seed(f"rule_{rule.name}", value)
    step = 1.0 if rule.unit in ("days", "month", "km") else 0.05
    st.number_input(
        name,
        rule.low,
        rule.high,
        step=step,
        key=key,
        help=words(rule.why),
        on_change=_take,
        args=(rule.name, key),
    )


@guarded
def _take(name: str, key: str) -> None:
    changed = {**dict(session.state().rules), name: float(st.session_state[key])}
    st.session_state["rules_fault"] = None
    try:
        rules = Rules.changed(changed)
    except GeodataError as fault:
        session.visit().touched = True
        st.session_state["rules_fault"] = fault
        return
    session.change(Action("rules"), rules=rules.changes())


@guarded
def _reset_rules() -> None:
    st.session_state["rules_fault"] = None
    session.change(Action("rules"), rules=())


def _sensitivity(page: Page) -> None:
    """Draw how many towns change state when each rule is varied alone."""
    words, date = page.words, page.state.date
    st.caption(words("method.sensitivity_what"))
    if date is None:
        st.info(words("method.needs_date"))
        return
    state = page.state
    with st.spinner(page.words("page.working"), show_time=True):
        result = page.held.get(
            ("sensitivity", date, state.traffic, state.vehicle, state.by),
            lambda: sensitivity(
                page.dataset,
                date,
                traffic=state.traffic,
                scenario=page.situation.conditions.baseline(),
            ),
        )
    rows = [
        [
            words(f"rules.{row['rule']}") if row["rule"] else words("method.defaults"),
            " → ".join(_plain(page, row[name]) for name in ("default", "value") if row["rule"]),
            *(
                words.number(row[name])
                for name in ("towns_isolated", "towns_escort_only", "towns_detour", "towns_changed")
            ),
        ]
        for row in result.fillna({"rule": ""}).to_dict("records")
    ]
    head = [
        words(f"method.column_{name}")
        for name in ("rule", "value", "isolated", "escort", "detour", "changed")
    ]
    st.html(table(head, rows, caption=words("method.sensitivity"), numeric=(2, 3, 4, 5)))


def _hindcast(page: Page) -> None:
    """Draw the model's estimate compared with dated reports on fuel in towns."""
    words = page.words
    rules = page.situation.scenario.rules
    with st.spinner(page.words("page.working"), show_time=True):
        result = page.held.get(
            ("hindcast", rules), lambda: hindcast(page.dataset, page.dataset.statuses, rules=rules)
        )
    n, score = result.confusion, result.balanced_accuracy
    parts = [tag("p", words("method.hindcast_what"))]
    if score is not None:
        parts.append(
            tag(
                "p",
                tag(
                    "strong",
                    words(
                        "method.hindcast_score",
                        score=words.number(score, decimals=2),
                        reports=words.number(len(result.rows)),
                    ),
                ),
            )
        )
    parts.append(
        tag(
            "ul",
            *(
                tag("li", words(f"method.{name}", n=words.number(count)))
                for name, count in n.items()
            ),
        )
    )
    if page.dataset.shipped_network:
        parts.append(tag("p", words("method.hindcast_blind")))
    st.html(tag("article", *parts, class_="sr-prose"))
    rows: list[list[str | None]] = [
        [
            str(row["town"]),
            *(words.number(row[name]) for name in ("reports", "agree", "misses", "false_alarms")),
        ]
        for row in result.by_town.to_dict("records")
    ]
    head = [
        words(f"method.column_{name}")
        for name in ("town", "reports", "agree", "missed", "false_alarm")
    ]
    st.html(table(head, rows, caption=words("method.hindcast"), numeric=(1, 2, 3, 4)))


def _plain(page: Page, value: float) -> str:
    """Return a rule's value with the decimals it needs, at most three."""
    decimals = next(n for n in range(4) if n == 3 or round(value, n) == value)
    return page.words.number(value, decimals=decimals)


def _speeds(page: Page) -> None:
    words = page.words
    st.caption(words("method.speeds_what"))
    anything = words("method.any")
    rows: list[list[str | None]] = [
        [
            words(f"map.class.{each.road_class}") if each.road_class else anything,
            words(f"method.surface.{each.surface}") if each.surface else anything,
            words.number(each.speed_kmh),
        ]
        for each in SPEEDS
    ]
    head = [words(f"method.column_{name}") for name in ("class", "surface", "speed")]
    st.html(table(head, rows, caption=words("method.speeds"), numeric=(2,)))


def _sources(page: Page) -> None:
    """Draw every shipped file with its publisher, licence and date."""
    words = page.words
    st.caption(words("method.sources_what", data=page.held.fingerprint))
    rows: list[list[str | None]] = []
    for layer in read_sources():
        for source in layer.sources:
            rows.append(
                [
                    layer.file,
                    link(source.url, source.publisher),
                    source.version,
                    source.date,
                    source.licence,
                    source.changes,
                    tag("code", layer.sha256[:12], title=layer.sha256),
                ]
            )
    head = [
        words(f"method.column_{name}")
        for name in ("file", "publisher", "version", "date", "licence", "changes", "sha256")
    ]
    st.html(table(head, rows, caption=words("method.sources")))
