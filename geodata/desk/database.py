"""The connection to a desk's database: SQLite in the user's data folder, or PostgreSQL."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

import platformdirs
from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError
from sqlalchemy.pool import NullPool

from geodata._paths import USER_FOLDER
from geodata.errors import GeodataError

FILE: Final = "desk.sqlite"
BUSY_SECONDS: Final = 30
"""How long a writer waits for the writers before it."""

DISK_FULL: Final = "53100"
"""PostgreSQL's code for it; its words are in the language of the server."""

POOL: Final = 8
OVERFLOW: Final = 24


def default_url() -> str:
    """Return the address of the desk in the user's data folder."""
    return f"sqlite:///{Path(platformdirs.user_data_dir(USER_FOLDER, appauthor=False)) / FILE}"


def connect(url: str | None = None) -> Engine:
    """Prepare connections to a database; nothing is opened yet.

    Parameters
    ----------
    url : str, optional
        ``sqlite:///FILE`` or ``postgresql://USER@HOST/NAME``; the user's own desk by default.

    Raises
    ------
    GeodataError
        If the address is of no known form, or the driver of PostgreSQL is not installed.
    """
    try:
        address = make_url(url or default_url())
    except ArgumentError:
        raise GeodataError("desk.bad_url") from None
    if address.drivername in {"postgresql", "postgres"}:
        address = address.set(drivername="postgresql+psycopg")
    try:
        if address.drivername == "postgresql+psycopg":
            return create_engine(
                address,
                pool_pre_ping=True,
                pool_size=POOL,
                max_overflow=OVERFLOW,
                connect_args={"connect_timeout": 5},
            )
        if address.drivername == "sqlite" and address.database:
            return _sqlite(address.database)
    except (NoSuchModuleError, ModuleNotFoundError):
        raise GeodataError("desk.no_driver") from None
    raise GeodataError("desk.bad_url")


def _sqlite(file: str) -> Engine:
    path = Path(file)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
    except OSError as error:
        raise GeodataError("desk.unreachable", reason=error.strerror or "") from None
    # A file that goes away later must be missed, not recreated empty: hence mode=rw.
    address = f"{path.resolve().as_uri()}?mode=rw"
    # A connection to a file costs under a millisecond; one that is kept could be of a file that
    # was put back from a backup since.
    engine = create_engine(
        "sqlite://",
        poolclass=NullPool,
        creator=lambda: sqlite3.connect(
            address, uri=True, timeout=BUSY_SECONDS, check_same_thread=False
        ),
    )
    event.listen(engine, "connect", _settings)
    event.listen(engine, "begin", _begin)
    event.listen(engine, "invalidate", _give_up)
    return engine


def _settings(connection: Any, _record: object) -> None:
    """WAL lets readers go on while one writes; FULL keeps a save through a loss of power."""
    connection.isolation_level = None  # transactions are begun by `_begin` alone
    for setting in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {setting}")


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _give_up(connection: Any, _record: object, _error: BaseException | None) -> None:
    """End the transaction of a save that was broken off.

    Closing alone leaves it, and its lock, to whenever Python drops the unfinished statement.
    """
    with suppress(sqlite3.Error):
        connection.rollback()


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection that sees one state of the database."""
    with _faults_explained(), engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection = connection.execution_options(isolation_level="REPEATABLE READ")
        with connection.begin():
            yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A connection whose transaction no other writer shares; kept whole or not at all.

    Saves are numbered in the order in which they are kept. Were two writers let in together, a
    lower number could be kept after a higher one, and a version would change after it was read.
    """
    with _faults_explained(), engine.connect() as connection:
        connection = connection.execution_options(writes=True)
        with connection.begin():
            if engine.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(7352011)"))
            yield connection


@contextmanager
def _faults_explained() -> Iterator[None]:
    """Turn a fault of the database into one that says what to do; no address is repeated."""
    try:
        yield
    except DBAPIError as error:
        reason = str(error.orig).strip().partition("\n")[0]
        full = "full" in reason or getattr(error.orig, "sqlstate", "") == DISK_FULL
        if full:
            raise GeodataError("desk.disk_full") from None
        if isinstance(error, OperationalError) or error.connection_invalidated:
            raise GeodataError("desk.unreachable", reason=_plain(reason)) from None
        raise


def _plain(reason: str) -> str:
    """Return what a driver says, without the hosts and files that it names."""
    for word in ("locked", "refused", "readonly", "unable to open", "malformed", "I/O", "closed"):
        if word in reason:
            return word
    return "no connection"
