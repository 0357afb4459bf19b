"""Requests of programs, answered as a publication or as messages.

No answer is kept here: it would hold untrusted text. Browsers and proxies keep it.
"""

import datetime as dt
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from dashboard.map import tiles
from dashboard.session import datasets
from dashboard.session.desk import desk
from dashboard.session.results import AnalysisCache, fuel_of
from geodata.alerts.calendar import calendar
from geodata.alerts.changes import last_day, watch
from geodata.alerts.feeds import atom, json_feed
from geodata.alerts.fuel_changes import watch_fuel
from geodata.alerts.messages import Change, Writer
from geodata.analysis.explanation import town_id
from geodata.analysis.fuel import Fuel
from geodata.analysis.resolution import check_reported
from geodata.analysis.situation import situation
from geodata.dataset import Dataset
from geodata.errors import GeodataError
from geodata.export.answers import Subject, answer
from geodata.export.view import export_view
from geodata.sharing import permalink as links
from geodata.sharing.fingerprints import known
from geodata.sharing.publication import Publication, Sensitivity
from geodata.sharing.view_state import Notice

FEED_DAYS: Final = 28
FEED_TOWNS: Final = 200


@dataclass(frozen=True)
class Question:
    """Everything on which an answer depends.

    Parameters
    ----------
    query : str
        Permalink parameters.
    desk : str
        Version of the desk, as a link carries it.
    today : date
    level : Sensitivity
    address : str
        Address of the app.
    """

    query: str
    desk: str
    today: dt.date
    level: Sensitivity
    address: str


def question(query: str, *, level: Sensitivity, address: str) -> Question:
    """Parse a request; the desk's version is the query's, else the newest.

    Proposed events are reported at the full level only.
    """
    code = links.parse(query)[0].desk
    shared = desk()
    if not code and shared is not None:
        code = str(shared.version)
    if level == Sensitivity.PUBLIC:
        code = code.removesuffix("p")
    return Question(query, code, dt.datetime.now(dt.UTC).date(), level, address)


def view_answer(question: Question, subject: Subject, features: bool) -> bytes:
    """Return the answer about a view.

    Raises
    ------
    GeodataError
        If the view is of a day that no report covers, or the level does not allow the answer.
    """
    release, notices = _release(question)
    return answer(release, subject, notices, features=features)


def _release(question: Question) -> tuple[Publication, tuple[Notice, ...]]:
    dataset = _dataset(question.desk)
    state, notices = links.parse(question.query, known=known(dataset))
    state = replace(state, desk=question.desk, notes=(), network="")
    if not state.preset:
        check_reported(dataset.events, state.date)
    release = Publication(
        situation(dataset, state.scenario),
        state,
        question.today,
        state.lang or "en",
        question.level,
        question.address,
        fuel=partial(_fuel, question.desk),
    )
    return release, notices


def light_page(question: Question) -> bytes:
    """Return a view as one HTML page that needs no other file: light, and fit to be embedded.

    Raises
    ------
    GeodataError
        If the view is of a day that no report covers, or the network is too large for one page.
    """
    release = _release(question)[0]
    network = release.situation.dataset.network
    if tiles.is_tiled(network):
        segments = len(network.segment_ids)
        raise GeodataError("api.light_too_large", segments=segments, limit=tiles.LEAST)
    # The fuel model takes seconds, and this page is for those in a hurry.
    return export_view(replace(release, fuel=None), "view.html")


def feed(question: Question, towns: str, form: str) -> bytes:
    """Return the latest changes as ``atom`` or ``json``, or dated phases as ``ics``.

    A link that shows the layer of fuel (``show=fuel``) asks for changes of fuel too.

    Raises
    ------
    GeodataError
        If a town is not known.
    """
    dataset = _dataset(question.desk)
    state = replace(links.parse(question.query)[0], desk=question.desk, notes=(), network="")
    lang = state.lang or "en"
    writer = Writer(dataset, state, lang, question.level, question.address)
    until = last_day(dataset.events, question.today)
    if form == "ics":
        return calendar(writer.reportable_events(), lang=lang, made=question.today, until=until)
    named = [name.strip() for name in towns.split(",")[:FEED_TOWNS] if name.strip()]
    ids = [town_id(dataset, name) for name in named]
    since = until - dt.timedelta(days=FEED_DAYS - 1)
    changes: list[Change] = [
        *watch(dataset, state, since=since, until=until, today=question.today, towns=ids or None)
    ]
    if "fuel" in state.show:
        changes += watch_fuel(
            dataset,
            _fuel(question.desk),
            since=since,
            until=until,
            today=question.today,
            towns=ids or None,
        )
    messages = [writer.message(change) for change in changes]
    if form == "json":
        return json_feed(messages, lang=lang, address=question.address)
    return atom(messages, lang=lang, address=question.address, made=question.today)


def _held(code: str) -> AnalysisCache:
    return datasets.at_desk(code) if code else datasets.started_with()


def _dataset(code: str) -> Dataset:
    return _held(code).dataset


def _fuel(code: str) -> Fuel:
    """Return the fuel of towns by the events that count; cached, since it takes seconds."""
    return fuel_of(_held(code))
