"""The desk that this server uses, if any, and the data set in which its events count."""

import os
import threading
import time
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Final

from geodata.dataset import Dataset
from geodata.desk.database import default_url
from geodata.desk.event_table import DeskEvents, desk_events, with_desk
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
    """The last answers of the database, and when they were given."""

    address: str = ""
    at: float = -1e9
    newest: Newest = Newest()
    marks: dict[int, str] = field(default_factory=dict)
    before: dict[int, str] = field(default_factory=dict)


_answers = _Answers()
_ASKING: Final = threading.Lock()
ASK_SECONDS: Final = 0.25
MARKS_KEPT: Final = 100


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
    return _opened(_Address(named or default_url()))


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
    address = _Address(os.environ.get(DATABASE, "") or default_url())
    return _counting(address, version, proposed, mark(version))


def mark(version: int) -> str:
    """Return what tells a version from one of the same number before a backup was put back.

    Asked of the database twice a second at most.

    Raises
    ------
    GeodataError
        If the database does not answer.
    """
    with _ASKING:
        _forget_old_answers()
        if version not in _answers.marks:
            _answers.marks[version] = _mark(version)
        return _answers.marks[version]


def _mark(version: int) -> str:
    """Ask for a mark; while the database does not answer, what was read before stays in use."""
    try:
        shared = desk()
        current = shared.mark(version) if shared is not None else ""
    except GeodataError:
        if version not in _answers.before:
            raise
        return _answers.before[version]
    _answers.before[version] = current
    while len(_answers.before) > MARKS_KEPT:
        del _answers.before[next(iter(_answers.before))]
    return current


def _forget_old_answers() -> None:
    address = os.environ.get(DATABASE, "") or default_url()
    if address != _answers.address:
        _answers.address, _answers.at = address, -1e9
        _answers.before.clear()
    if time.monotonic() - _answers.at > ASK_SECONDS:
        _answers.marks.clear()
        _answers.at, _answers.newest = time.monotonic(), _newest()


def _newest() -> Newest:
    try:
        shared = desk()
        version = shared.version if shared is not None else 0
        return Newest(version, shared.mark(version) if shared is not None else "")
    except GeodataError:
        return Newest(-1)


@lru_cache(maxsize=8)
def _counting(address: _Address, version: int, proposed: bool, mark: str) -> DeskEvents:  # noqa: ARG001
    return desk_events(_opened(address), version, proposed=proposed)


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
        _forget_old_answers()
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
        If there is no desk here, no such version, or no answer.
    """
    if desk() is None:
        raise GeodataError("desk.none_here")
    return counting(int(code.removesuffix("p")), proposed=code.endswith("p"))
