"""Health sites, markets and schools of the visitor: opened on My data, shown in the panel."""

from dataclasses import replace
from typing import Any, Final

import pandas as pd
import streamlit as st

from dashboard.markup import Html, label, tag
from dashboard.page import Page
from dashboard.runtime.callbacks import guarded
from dashboard.session import cards, own_facilities, uploads
from dashboard.views.own_roads import FILES
from dashboard.widgets import in_use, names
from dashboard.widgets.stoppable import stoppable
from geodata import schema as f
from geodata.analysis.accessibility import population_of
from geodata.analysis.facilities import FACILITY, FACILITY_KIND, NEAR_KM, WEIGHT, facilities
from geodata.errors import GeodataError
from geodata.readers.layers.reader import read_layer
from geodata.readers.report import Report

ASKED: Final = "facilities_asked"
SHORT: Final = 8
"""Towns in a list of one kind."""

REMARKS: Final = 20
"""Remarks on rows of the layer that are shown."""

FROM: Final = "facility_from"
"""Key of the file and the distance that the layer in use was taken with."""

READ: Final = "facility_read"
"""Key of the first remarks on that file."""

KINDS: Final = 4
"""Kinds shown in the panel."""


def draw(page: Page) -> None:
    """The uploader, and what of the layer is in use."""
    words = page.words
    st.caption(words("facility.what"))
    file = st.file_uploader(words("facility.file"), type=FILES, key="facility_file")
    near = st.number_input(
        words("facility.near"), 0.1, 200.0, NEAR_KM, format="%g", key="facility_near"
    )
    try:
        content = uploads.content("facility_file", file)
    except GeodataError as fault:
        content = None
        st.error(label(fault.text(words.lang)))
    asked = (file.file_id if file is not None else "", float(near))
    slot = st.empty()
    used = own_facilities.layer() is not None and st.session_state.get(FROM) == asked
    if not used:
        if slot.button(
            words("facility.use"), key="facility_use", type="primary", disabled=content is None
        ):
            st.session_state[ASKED] = True
        # A click on anything else ends the run, and the next one begins again.
        wanted = bool(st.session_state.get(ASKED))
        used = wanted and content is not None and _use(page, content, asked)
    if used:
        with slot.container():
            in_use.say(words, key="facility_use")
    if own_facilities.layer() is not None:
        _in_use(page)
        st.button(words("facility.remove"), key="facility_remove", on_click=_remove)


def _use(page: Page, content: bytes, asked: tuple[str, float]) -> bool:
    """Take the places of a file into use; return whether they are."""
    words, (_, near_km) = page.words, asked
    with stoppable(words, words("facility.reading"), key="facility_stop", stop=_stop):
        try:
            read = read_layer(content, kind="towns", keep_outside=True)
            facilities(page.dataset.network, read.frame, near_km=near_km)
            own_facilities.take(read.frame, near_km)
        except GeodataError as fault:
            st.session_state[ASKED] = False
            st.error(label(fault.text(words.lang)))
            return False
    first = replace(read.report, problems=tuple(read.report.problems[:REMARKS]))
    st.session_state[FROM], st.session_state[READ] = asked, first
    st.session_state[ASKED] = False
    return True


@guarded
def _stop() -> None:
    st.session_state[ASKED] = False


def _in_use(page: Page) -> None:
    mine = own_facilities.layer()
    if mine is None:
        return
    on_network = mine.on(page.dataset.network)
    read: Report | None = st.session_state.get(READ)
    said = read.to_text(page.words.lang).splitlines()[1:] if read is not None else []
    lines = [tag("li", line) for line in (*on_network.remarks(page.words.lang), *said)]
    st.html(tag("ul", *lines, class_="sr-plain"))
    refused = own_facilities.refusal(page.dataset, page.state.scenario)
    if refused is not None:
        st.error(label(refused.text(page.words.lang)))


def draw_panel(page: Page) -> None:
    """By kind: towns that lose their nearest facility, and towns with a longer trip."""
    access = own_facilities.access(page.dataset, page.state.scenario)
    if access is None:
        return
    st.caption(page.words("facility.for"))
    for place, (kind, towns) in enumerate(access.towns.groupby(FACILITY_KIND)):
        if place < KINDS:
            _kind(page, place, str(kind), towns.set_index(f.NODE_ID), access.kinds.iloc[place])


def _kind(page: Page, place: int, kind: str, towns: Any, sums: Any) -> None:
    words = page.words
    name = words("facility.default_kind") if kind == FACILITY else kind
    name = name[:1].upper() + name[1:]
    lost = towns[towns[f.STATE] == "isolated"].sort_values(f.POPULATION, ascending=False)
    longer = towns[towns[f.STATE] == "detour"].sort_values("extra_km", ascending=False)
    with st.container(key=f"facility_{place}", gap="xxsmall"):
        _heading(page, words("facility.group", kind=name), len(lost))
        if not len(lost):
            st.html(tag("p", words("facility.none_lost"), class_="sr-muted"))
        else:
            people, _ = population_of(lost[f.POPULATION])
            st.html(tag("p", words.count("facility.lost_people", people), class_="sr-muted"))
        _in_reach(page, sums)
        names.listed(
            name,
            tuple(lost.index[:SHORT]),
            lambda town: words(
                "facility.town_lost",
                name=page.names.node(town),
                km=words.number(lost[f.BASELINE_KM][town]),
                facility=lost["baseline_facility"][town],
            ),
            key=f"list_facility_lost_{place}",
            kind=cards.TOWN,
        )
        if len(lost) > SHORT:
            st.caption(words.count("situation.more", len(lost) - SHORT))
        if len(longer):
            _longer(page, place, name, longer, sums)


def _in_reach(page: Page, sums: Any) -> None:
    """Say how much of the kind, by weight, an average person still reaches."""
    words, now, before = page.words, sums["weight_in_reach"], sums["baseline_weight_in_reach"]
    if pd.isna(now):
        return
    hours = {"now": words.number(now, decimals=1), "before": words.number(before, decimals=1)}
    st.html(tag("p", words("facility.in_reach", **hours), class_="sr-muted"))


def of_town(page: Page, town: str) -> list[Html]:
    """Return the nearest open place of each kind for a town's card: now, before, and by weight."""
    reachable, words = own_facilities.access(page.dataset, page.state.scenario), page.words
    if reachable is None:
        return []
    rows: list[dict[Any, Any]] = reachable.towns[reachable.towns[f.NODE_ID] == town].to_dict(
        "records"
    )
    items = []
    for row in rows[:KINDS]:
        kind = row[FACILITY_KIND]
        name = words("facility.default_kind") if kind == FACILITY else kind
        parts = [words(f"facility.state_{row[f.STATE]}")]
        if row[f.STATE] not in ("isolated", "never"):
            parts.append(_trip(page, "facility.now", row[FACILITY], row[f.DISTANCE_KM]))
        if row[f.STATE] in ("isolated", "detour", "escort_only"):
            parts.append(
                _trip(page, "facility.before", row["baseline_facility"], row[f.BASELINE_KM])
            )
        weight = {name: words.number(row[name], decimals=1) for name in (WEIGHT, "baseline_weight")}
        parts.append(
            words("facility.weights", now=weight[WEIGHT], before=weight["baseline_weight"])
        )
        items.append(
            tag("li", words.label(name[:1].upper() + name[1:]), words("core.semicolon").join(parts))
        )
    return [tag("h3", words("facility.title")), tag("ul", *items)]


def _trip(page: Page, message: str, facility: str, km: float) -> str:
    return page.words(message, facility=facility, km=page.words.number(km))


def _longer(page: Page, place: int, name: str, longer: Any, sums: Any) -> None:
    words = page.words
    _heading(page, words("facility.longer", kind=name), len(longer))
    if not pd.isna(sums["mean_extra_km"]):
        km = words.number(sums["mean_extra_km"])
        st.html(tag("p", words("facility.people_longer", km=km), class_="sr-muted"))
    names.listed(
        name,
        tuple(longer.index[:SHORT]),
        lambda town: words(
            "facility.town_longer",
            name=page.names.node(town),
            extra=words.number(longer["extra_km"][town]),
            facility=longer[FACILITY][town],
        ),
        key=f"list_facility_longer_{place}",
        kind=cards.TOWN,
    )
    if len(longer) > SHORT:
        st.caption(words.count("situation.more", len(longer) - SHORT))


def _heading(page: Page, text: str, count: int) -> None:
    number = tag("span", page.words.number(count), class_="sr-count")
    st.html(tag("h3", text, number, class_="sr-group"))


@guarded
def _remove() -> None:
    own_facilities.drop()
