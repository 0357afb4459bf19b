"""Sharing the view: link, snapshot, map, brief and data."""

import datetime as dt
import re
import unicodedata
from dataclasses import replace
from functools import partial
from typing import Final
from urllib.parse import urlsplit, urlunsplit

import streamlit as st

from dashboard import style
from dashboard.markup import Html, label, table, tag
from dashboard.page import Page
from dashboard.runtime.callbacks import guarded
from dashboard.runtime.footprint import footprint
from dashboard.session import datasets, own_facilities, person, uploads
from dashboard.session import visit as session
from dashboard.session.options import LEVELS
from dashboard.session.results import situation
from dashboard.views import days_gif, feeds
from geodata.analysis.facilities import FacilityAccess
from geodata.errors import GeodataError
from geodata.export.drawn_roads import left_out
from geodata.export.view import MEDIA, export_view
from geodata.sharing import permalink as links
from geodata.sharing import snapshot
from geodata.sharing.publication import Publication, Sensitivity

FILES: Final = (
    "brief.pdf",
    "map.png",
    "view.html",
    "tables.xlsx",
    "tables.zip",
    "data.gpkg",
    "segments.geojson",
    "towns.geojson",
    "view.kml",
)
OPENED: Final = "snapshot_opened"
COMPARED: Final = "snapshot_compared"
TOWNS_SHOWN: Final = 200
PARTS: Final = ("network", "events", "own_fuel")
SLUG_CHARACTERS: Final = 40


def draw(page: Page) -> None:
    """Draw the link, the downloads and the upload for snapshots."""
    words = page.words
    st.html(style.words_for("not-made", words("share.not_made")))
    allowed = _allowed(page)
    left, right = st.columns(2, gap="large")
    with left:
        st.subheader(words("share.link"), anchor=False)
        st.caption(words("share.link_what"))
        st.code(address(page), language=None, wrap_lines=True)
        if private := _private(page):
            names = ", ".join(words(f"share.private_{name}") for name in private)
            st.info(words("share.private", names=names))
        feeds.draw(page, home())
        _snapshot(page)
    with right:
        st.subheader(words("share.files"), anchor=False)
        level = Sensitivity(
            st.radio(
                words("share.level"),
                allowed,
                key=session.keep("share_level", LEVELS, Sensitivity.FULL),
                format_func=lambda each: LEVELS.label(words, each),
                captions=[words(f"share.level_{each}_what") for each in allowed],
            )
            or Sensitivity.FULL
        )
        hxl = st.checkbox(words("share.hxl"), key="share_hxl")
        with st.container(key="share_files", horizontal=True):
            for name in FILES:
                _download(page, name, level=level, hxl=hxl)
        release = _release(page, level, home())
        for sentence in (words("share.files_what"), *left_out(release)):
            st.caption(sentence)
        days_gif.draw(page, release, file_name(page, "days.gif"))


def _private(page: Page) -> list[str]:
    """Return what of this view only this session has, so that no link can carry it."""
    mine = datasets.own()
    opened = {
        "events": mine.events is not None,
        "fuel": mine.fuel is not None,
        "network": page.state.network in mine.networks,
        "facilities": own_facilities.layer() is not None,
    }
    return [name for name, here in opened.items() if here]


def _allowed(page: Page) -> list[Sensitivity]:
    """Levels to choose from: of the desk's events a viewer passes on what may be published."""
    if not page.state.desk or person.level() == Sensitivity.FULL:
        return list(Sensitivity)
    st.session_state["share_level"] = Sensitivity.PUBLIC
    return [Sensitivity.PUBLIC]


def home() -> str:
    """Return the address of the app."""
    parts = urlsplit(st.context.url or "")
    return urlunsplit((parts.scheme, parts.netloc, parts.path or "/", "", ""))


def address(page: Page) -> str:
    """Return the whole address of this view."""
    return f"{home()}?{links.format(page.state, known=page.known)}"


def _download(
    page: Page, name: str, *, level: Sensitivity, hxl: bool, with_events: bool = False
) -> None:
    st.download_button(
        page.words(f"share.{name.replace('.', '_')}"),
        data=partial(_made, page, _places(page), name, level, hxl, with_events, home()),
        file_name=file_name(page, name),
        mime=MEDIA[name.rpartition(".")[2]],
        on_click="ignore",
        key=f"download_{name}",
    )


def file_name(page: Page, name: str) -> str:
    """Name of a file of this view, which tells it from those of other days and scenarios."""
    state = page.state
    stem, _, ending = name.rpartition(".")
    where = "mali" if page.dataset.shipped_network else _slug(page.dataset.network.title or "own")
    when = state.date.isoformat() if state.date else state.preset or "no-date"
    changed = bool(state.cut or state.cut_by or state.reopen or state.off)
    scenario = _slug(state.title) or "scenario" if changed else ""
    parts = (where, stem, when, str(state.traffic), scenario, page.words.lang)
    return "_".join(part for part in parts if part) + f".{ending}"


def _slug(text: str) -> str:
    """Letters and digits of a name without accents, for a file's name."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:SLUG_CHARACTERS]


def _places(page: Page) -> FacilityAccess | None:
    """Return what closures do to the way to the visitor's own facilities."""
    return own_facilities.access(page.dataset, page.state.scenario)


def _made(
    page: Page,
    places: FacilityAccess | None,
    name: str,
    level: Sensitivity,
    hxl: bool,
    with_events: bool,
    app: str,
) -> bytes:
    """Make a product on request: outside the run, so it may not use session state."""
    page.every_cut()  # refused here if there is no memory to compute it
    release = _release(page, level, app, places)
    return export_view(release, name, hxl=hxl, with_events=with_events)


def _release(
    page: Page, level: Sensitivity, app: str, places: FacilityAccess | None = None
) -> Publication:
    return Publication(
        page.situation,
        page.state,
        dt.datetime.now(dt.UTC).date(),
        page.words.lang,
        level,
        app,
        fuel=page.fuel,
        facilities=places,
    )


def _snapshot(page: Page) -> None:
    words = page.words
    st.subheader(words("share.snapshot"), anchor=False)
    st.caption(words("share.snapshot_what"))
    own = datasets.own().events is not None
    inside = own and st.checkbox(words("share.with_events"), key="share_events")
    level = Sensitivity(st.session_state[session.keep("share_level", LEVELS, Sensitivity.FULL)])
    _download(page, "snapshot.json", level=level, hxl=False, with_events=bool(inside))
    st.file_uploader(words("share.open"), type=["json"], key="snapshot_file", on_change=_open)
    opened = st.session_state.get(OPENED)
    if isinstance(opened, GeodataError):
        st.error(label(opened.text(words.lang)))
    elif opened is not None:
        st.html(_differences(page, opened))


@guarded
def _open() -> None:
    """Apply the scenario of a snapshot; what cannot be used is reported."""
    session.visit().touched = True
    file = st.session_state["snapshot_file"]
    from dashboard.page import current

    page = current()
    try:
        content = uploads.content("snapshot_file", file)
        if content is None:
            st.session_state[OPENED] = st.session_state[COMPARED] = None
            uploads.release(OPENED)
            return
        opened = snapshot.read_apart(content, known=page.known)
        # Beside what it holds, how it differs from now and the events that travel inside.
        uploads.hold(OPENED, 2 * footprint(opened))
        inside = snapshot.events_inside(opened)
        if inside is not None:
            datasets.take_events(inside, file.name, with_shipped=True)
    except GeodataError as fault:
        st.session_state[OPENED] = fault.again()
        return
    here = session.visit()
    here.notices = opened.notices
    session.go(replace(opened.state, lang=here.state.lang, tab="share"), session.OPENED)
    st.session_state[OPENED] = opened


def _differences(page: Page, opened: snapshot.Snapshot) -> Html:
    """Return what changed since the snapshot in the data and in the answer."""
    words = page.words
    difference = _compared(page, opened)
    made = tag("p", words("share.made", day=opened.made, version=opened.app_version))
    if not difference.data and difference.same:
        return tag("section", made, tag("p", words("share.same")), class_="sr-prose")
    names = ", ".join(_part(page, name) for name in difference.data)
    changed = words("share.data_changed", names=names)
    parts = [tag("p", changed)] if difference.data else []
    if difference.same:
        return tag(
            "section", made, *parts, tag("p", words("share.same_results")), class_="sr-prose"
        )
    rows = [
        [
            page.names.node(row["node_id"]),
            _state(page, row["state_before"]),
            _state(page, row["state"]),
        ]
        for row in difference.towns[:TOWNS_SHOWN].to_dict("records")
    ]
    head = [words(f"compare_tab.column_{name}") for name in ("town", "before", "now")]
    more = len(difference.towns) - len(rows)
    rest = [tag("p", words.count("share.more_towns", more))] if more else []
    return tag(
        "section",
        made,
        *parts,
        tag("p", words("share.differs")),
        table(head, rows, caption=words("share.snapshot")),
        *rest,
        class_="sr-prose",
    )


def _part(page: Page, name: str) -> str:
    """Name of a part of the data; base layers keep theirs."""
    return page.words(f"share.part_{name}") if name in PARTS else name


def _compared(page: Page, opened: snapshot.Snapshot) -> snapshot.SnapshotDifference:
    """Return the differences of an opened snapshot, computed once for the data in use."""
    cached = st.session_state.get(COMPARED)
    if cached is None or cached[0] is not opened or cached[1] is not page.held:
        differences = snapshot.differences(opened, situation(page.held, opened.state.scenario))
        cached = (opened, page.held, differences)
        st.session_state[COMPARED] = cached
    difference: snapshot.SnapshotDifference = cached[2]
    return difference


def _state(page: Page, state: str) -> str:
    return page.words(f"core.town_state.{state}") if state else "–"
