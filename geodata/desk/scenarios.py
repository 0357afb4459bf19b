"""Named scenarios and remarks that a team keeps at its desk, with short links."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from geodata.desk.journal import STATUS, Entry, Kind, Record, Status
from geodata.desk.people import Person
from geodata.desk.store import Desk
from geodata.errors import GeodataError
from geodata.sharing.permalink import format as format_link
from geodata.sharing.permalink import parse

TITLE: Final = "title"
QUERY: Final = "query"
PLACE: Final = "place"
TEXT: Final = "text"
TOKEN_BYTES: Final = 6
TEXT_CHARACTERS: Final = 2_000
QUERY_CHARACTERS: Final = 20_000


@dataclass(frozen=True)
class SavedScenario:
    """A scenario under a short link.

    Parameters
    ----------
    token : str
        Value of the link's ``s`` parameter.
    title : str
    query : str
        The whole permalink, without ``?``.
    author_id : int
    time : str
    """

    token: str
    title: str
    query: str
    author_id: int
    time: str


@dataclass(frozen=True)
class Remark:
    """A remark on a town or a road.

    Parameters
    ----------
    token : str
    place : str
        Id of a node or of a segment.
    text : str
    author_id : int
    time : str
    """

    token: str
    place: str
    text: str
    author_id: int
    time: str


def save_scenario(desk: Desk, person: Person, title: str, query: str) -> str:
    """Keep a permalink under a short one, which never changes its meaning.

    Returns
    -------
    str
        The short link's ``s`` value.

    Raises
    ------
    GeodataError
        Without a title, or if the link is too long to be kept.
    """
    state, _ = parse(query)
    permalink = format_link(state)
    if not title.strip():
        raise GeodataError("desk.no_title")
    if len(permalink) > QUERY_CHARACTERS:
        raise GeodataError("desk.too_long", field=QUERY, limit=QUERY_CHARACTERS)
    return _keep(desk, person, Kind.SCENARIO, {TITLE: title, QUERY: permalink})


def saved_scenarios(desk: Desk) -> list[SavedScenario]:
    """Return the scenarios that were saved and not withdrawn, the newest first."""
    scenarios = [each for each in _shown(desk, Kind.SCENARIO)]
    return [
        SavedScenario(e.item, e.values[TITLE], e.values[QUERY], e.author_id, e.time)
        for e in scenarios
    ]


def saved_query(desk: Desk, token: str) -> str:
    """Return the whole permalink behind a short one; a withdrawn one still opens.

    Raises
    ------
    GeodataError
        ``desk.no_scenario`` if no scenario has that link.
    """
    record = desk.records().get((Kind.SCENARIO, token))
    if record is None:
        raise GeodataError("desk.no_scenario", token=token[:40])
    return record.values[QUERY]


def add_remark(desk: Desk, person: Person, place: str, text: str) -> str:
    """Keep a remark at a node or segment."""
    if not text.strip():
        raise GeodataError("desk.no_text")
    if len(text) > TEXT_CHARACTERS:
        raise GeodataError("desk.too_long", field=TEXT, limit=TEXT_CHARACTERS)
    return _keep(desk, person, Kind.REMARK, {PLACE: place, TEXT: text})


def remarks(desk: Desk, place: str | None = None) -> list[Remark]:
    """Return the remarks at a place, or all of them, the newest first."""
    return [
        Remark(e.item, e.values[PLACE], e.values[TEXT], e.author_id, e.time)
        for e in _shown(desk, Kind.REMARK)
        if place in (None, e.values[PLACE])
    ]


def withdraw(desk: Desk, person: Person, kind: Kind, token: str) -> int:
    """Remove a scenario or remark from the list; its history stays."""

    def draft(record: Record | None, _past: Sequence[Entry], _author: int) -> Mapping[str, str]:
        if record is None:
            raise GeodataError("desk.no_scenario", token=token[:40])
        return {STATUS: Status.REJECTED}

    return desk.save(person, {(kind, token): draft})


def _shown(desk: Desk, kind: Kind) -> list[Record]:
    records = [
        each
        for (k, _), each in desk.records().items()
        if k == kind and each.status != Status.REJECTED
    ]
    return sorted(records, key=lambda each: -each.version)


def _keep(desk: Desk, person: Person, kind: Kind, values: Mapping[str, str]) -> str:
    token = secrets.token_urlsafe(TOKEN_BYTES)
    desk.save(person, {(kind, token): lambda *_: {**values, STATUS: Status.PROPOSED}})
    return token
