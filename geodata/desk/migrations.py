"""The desk's tables, and the steps that bring an older database forward.

The steps are SQL that SQLite and PostgreSQL both read, except where one is named. A step that was
released never changes: a new one is added below it.
"""

from typing import Final

from sqlalchemy import Connection, inspect, text

from geodata.errors import GeodataError

SCHEMA_TABLE: Final = "desk_schema"

_TABLES: Final = (
    "CREATE TABLE desk_authors (author_id INTEGER PRIMARY KEY, subject TEXT NOT NULL UNIQUE,"
    " name TEXT NOT NULL)",
    "CREATE TABLE desk_saves (version INTEGER PRIMARY KEY, author_id INTEGER NOT NULL"
    " REFERENCES desk_authors, time TEXT NOT NULL, reason TEXT NOT NULL, source TEXT NOT NULL)",
    "CREATE TABLE desk_entries (version INTEGER NOT NULL REFERENCES desk_saves,"
    " kind TEXT NOT NULL, item TEXT NOT NULL, field TEXT NOT NULL, old TEXT NOT NULL,"
    " new TEXT NOT NULL, PRIMARY KEY (version, kind, item, field))",
    "CREATE INDEX desk_entries_item ON desk_entries (kind, item, version)",
)
_ROLES: Final = ("ALTER TABLE desk_authors ADD COLUMN role TEXT NOT NULL DEFAULT ''",)
# No two saves have one mark, not even of one number: two databases that hold the same mark hold
# the same journal up to it. Saves from before have none.
_MARKS: Final = ("ALTER TABLE desk_saves ADD COLUMN mark TEXT NOT NULL DEFAULT ''",)
# The journal refuses every change of what it holds, from anyone.
_APPEND_ONLY_SQLITE: Final = tuple(
    f"CREATE TRIGGER {table}_{verb} BEFORE {verb} ON {table} BEGIN"
    f" SELECT RAISE(ABORT, 'the journal is append-only'); END"
    for table in ("desk_saves", "desk_entries")
    for verb in ("UPDATE", "DELETE")
)
_APPEND_ONLY_POSTGRESQL: Final = (
    "CREATE FUNCTION desk_append_only() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN RAISE EXCEPTION 'the journal is append-only'; END $$",
    *(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}"
        " FOR EACH ROW EXECUTE FUNCTION desk_append_only()"
        for table in ("desk_saves", "desk_entries")
    ),
)

STEPS: Final[tuple[dict[str, tuple[str, ...]], ...]] = (
    {"sqlite": _TABLES, "postgresql": _TABLES},
    {"sqlite": _APPEND_ONLY_SQLITE, "postgresql": _APPEND_ONLY_POSTGRESQL},
    {"sqlite": _ROLES, "postgresql": _ROLES},
    {"sqlite": _MARKS, "postgresql": _MARKS},
)
"""Statements by dialect; the step at place n leads from schema n to schema n + 1."""


def schema_version(connection: Connection) -> int:
    """Return the schema of a database: 0 where no desk is in it yet."""
    if not inspect(connection).has_table(SCHEMA_TABLE):
        return 0
    return int(connection.execute(text("SELECT max(version) FROM desk_schema")).scalar() or 0)


def migrate(connection: Connection, *, to: int = len(STEPS)) -> None:
    """Bring the tables to a schema, inside the caller's transaction.

    Parameters
    ----------
    connection : Connection
        In a transaction that no other writer shares.
    to : int
        The newest schema unless a test asks for an older one.

    Raises
    ------
    GeodataError
        ``desk.newer_schema`` if the database was made by a newer program.
    """
    have = schema_version(connection)
    if have > len(STEPS):
        raise GeodataError("desk.newer_schema", have=have, known=len(STEPS))
    if have == 0:
        connection.execute(text("CREATE TABLE desk_schema (version INTEGER PRIMARY KEY)"))
    for number, step in enumerate(STEPS[have:to], start=have + 1):
        for statement in step[connection.dialect.name]:
            connection.exec_driver_sql(statement)
        connection.execute(text("INSERT INTO desk_schema VALUES (:n)"), {"n": number})
