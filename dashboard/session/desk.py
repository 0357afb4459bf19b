"""The desk that this server uses, if any, and the data set in which its events count."""

import os
import threading
import time
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Final

from geodata.dataset import Dataset
from geodata.desk.database import default_url, reading
from geodata.desk.event_table import Counted, DeskEvents, counted, with_desk
from geodata.desk.people import Role, stored_role
from geodata.desk.scenarios import saved_query
from geodata.desk.store import Desk, opened
from geodata.errors import GeodataError

DATABASE: Final = "DESK_DATABASE"
"""Setting: address of the desk's database, unless it is the file in the user's data folder."""


@dataclass(frozen=True)
class _Address:
    """Address of a database; its text, which may hold a password, is not shown."""

    url: str

    def __repr__(self) -> str:
        return "_Address()"


@dataclass(frozen=True)
class Newest:
    """The newest save.

    Parameters
    ----------
    version : int
        Its number; 0 without a desk, -1 while its database does not answer.
    mark : str
        Tells it from a save of the same number before a backup was put back.
    """

    version: int = 0
    mark: str = ""


@dataclass
class _Answers:
    """What the database said last of its newest save and of others, and when.

    `read` is the newest save that it named; `newest` says that it is silent while it is.
    """

    address: str = ""
    at: float = -1e9
    newest: Newest = Newest()
    read: Newest = Newest()
    marks: dict[int, str] = field(default_factory=dict)
    roles: dict[str, Role] = field(default_factory=dict)


_answers = _Answers()
_ASKING: Final = threading.Lock()
ASK_SECONDS: Final = 0.25
VERSIONS: Final = 128
"""Versions of which is kept what tells them from others, and what counts in them."""
_TABLES: Final = threading.Lock()


def desk() -> Desk | None:
    """Return the server's desk; None where no database is named and nobody has begun one here.

    Raises
    ------
    GeodataError
        If the database does not answer; it is asked again the next time.
    """
    named = os.environ.get(DATABASE, "")
    if not named and not Path(default_url().removeprefix("sqlite:///")).exists():
        return None
    return _opened(_Address(_url()))


def _url() -> str:
    return os.environ.get(DATABASE, "") or default_url()


def begun() -> Desk:
    """Return the server's desk, made in the user's data folder if there is none yet.

    Raises
    ------
    GeodataError
        If the database does not answer.
    """
    return desk() or _opened(_Address(default_url()))


@lru_cache(maxsize=2)
def _opened(address: _Address) -> Desk:
    return opened(address.url)


def counting(version: int, *, proposed: bool = False) -> DeskEvents:
    """Return the events of the server's desk that count at a version; read once for all visitors.

    Raises
    ------
    GeodataError
        If the database does not answer, or has no such version.
    """
    return events_of(counted_in(version, proposed=proposed))


def counted_in(version: int, *, proposed: bool = False) -> Counted:
    """Return what counts at a version, before a table is made of it.

    Raises
    ------
    GeodataError
        If the database does not answer, or has no such version.
    """
    return _counted(_Address(_url()), version, proposed, mark(version))


def events_of(counted: Counted) -> DeskEvents:
    """Return the table of what counts; versions between which nothing of it changed share one."""
    with _TABLES:  # what two visitors ask for at once is made once
        return _table(counted)


def mark(version: int) -> str:
    """Return what tells a version from one of the same number before a backup was put back.

    Raises
    ------
    GeodataError
        If the database does not answer.
    """
    with _ASKING:
        _refresh()
        if version in _answers.marks:
            return _answers.marks[version]
        shared = desk()
        current = shared.mark(version) if shared is not None else ""
        if current:
            _answers.marks[version] = current
        if len(_answers.marks) > VERSIONS:
            del _answers.marks[next(iter(_answers.marks))]
        return current


def role_of(subject: str) -> Role:
    """Return the role that an account was given at the desk, as it was a moment ago.

    Raises
    ------
    GeodataError
        If the database does not answer.
    """
    with _ASKING:
        _refresh()
        shared = desk()
        if subject not in _answers.roles and shared is not None:
            with reading(shared.engine) as connection:
                _answers.roles[subject] = stored_role(connection, subject) or Role.VIEWER
        return _answers.roles.get(subject, Role.VIEWER)


def _refresh() -> None:
    """Ask for the newest save, unless that was asked a moment ago.

    Where the journal goes on from the newest save that was seen, all before it is as it was;
    where it does not, a backup was put back. While the database does not answer, what was read
    before stays in use.
    """
    address = _url()
    if address != _answers.address:
        _answers.address, _answers.at = address, -1e9
        _answers.read = Newest()
        _answers.marks.clear()
    if time.monotonic() - _answers.at <= ASK_SECONDS:
        return
    before = _answers.read
    _answers.roles.clear()
    try:
        shared = desk()
        now = Newest(*shared.newest()) if shared is not None else Newest()
        if shared is None or (now != before and shared.mark(before.version) != before.mark):
            _answers.marks.clear()
        _answers.newest = _answers.read = now
    except GeodataError:
        _answers.newest = Newest(-1)
    _answers.at = time.monotonic()


@lru_cache(maxsize=VERSIONS)
def _counted(address: _Address, version: int, proposed: bool, mark: str) -> Counted:  # noqa: ARG001
    return counted(_opened(address), version, proposed=proposed)


@lru_cache(maxsize=8)
def _table(counted: Counted) -> DeskEvents:
    return counted.table()


def newest_code() -> str:
    """Version of the desk that a new view uses; empty without a desk, or while it is silent."""
    try:
        shared = desk()
        return str(shared.version) if shared is not None and shared.version else ""
    except GeodataError:
        return ""


def newest(*, now: bool = False) -> Newest:
    """Return the newest save.

    Parameters
    ----------
    now : bool
        Whether the database is asked in any case; else twice a second at most.
    """
    with _ASKING:
        if now:
            _answers.at = -1e9
        _refresh()
        return _answers.newest


def saved_link(token: str) -> str:
    """Return the whole link behind a short one.

    Raises
    ------
    GeodataError
        If there is no desk here, or no such scenario.
    """
    shared = desk()
    if shared is None:
        raise GeodataError("desk.none_here")
    return saved_query(shared, token)


def dataset_at(base: Dataset, code: str) -> Dataset:
    """Return the data set with the desk's events at a version, as a link names it.

    Parameters
    ----------
    code : str
        ``12``, ``12p`` with proposed events, or empty for none.

    Raises
    ------
    GeodataError
        If there is no desk here, no such version, or no answer.
    """
    return with_desk(base, counting_at(code)) if code else base


def counting_at(code: str) -> DeskEvents:
    """Return the desk's events that a link's code lets count.

    Raises
    ------
    GeodataError
        As `counted_at` does.
    """
    return events_of(counted_at(code))


def counted_at(code: str) -> Counted:
    """Return what a link's code lets count, before a table is made of it.

    Raises
    ------
    GeodataError
        If there is no desk here, no such version, or no answer.
    """
    if desk() is None:
        raise GeodataError("desk.none_here")
    return counted_in(int(code.removesuffix("p")), proposed=code.endswith("p"))
