"""The whole journal as one file, between any two databases, and the way back.

The file is lines of JSON: a head, the authors, the saves and the entries, and a last line with
the checksum of all lines before it. A file that was cut short is refused.
"""

import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from sqlalchemy import text

from geodata.desk.database import reading, writing
from geodata.desk.store import Desk
from geodata.errors import GeodataError

FORMAT: Final = "supply-routes desk"
TABLES: Final = {
    "desk_authors": ("author_id", "subject", "name", "role"),
    "desk_saves": ("version", "author_id", "time", "reason", "source", "mark"),
    "desk_entries": ("version", "kind", "item", "field", "old", "new"),
}
"""Columns by table, in the order in which rows refer to earlier ones."""

FORM: Final = 2
"""Form of the file. Form 1 had no marks of saves."""


def back_up(desk: Desk, file: Path) -> int:
    """Write the journal to a file, which appears whole or not at all.

    Returns
    -------
    int
        Version of the desk that the file holds.

    Raises
    ------
    GeodataError
        If the file cannot be written.
    """
    part = file.with_name(f"{file.name}.part")
    digest = hashlib.sha256()
    try:
        with part.open("w", encoding="utf-8", newline="\n") as out:
            for line in _lines(desk):
                digest.update(line.encode())
                out.write(line)
            out.write(json.dumps({"sha256": digest.hexdigest()}) + "\n")
            out.flush()
            os.fsync(out.fileno())
        part.replace(file)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise GeodataError("desk.no_file", file=file.name, reason=error.strerror or "") from None
    return desk.version


def put_back(desk: Desk, file: Path) -> int:
    """Fill an empty desk from a file of `back_up`.

    Returns
    -------
    int
        Version that the desk then has.

    Raises
    ------
    GeodataError
        If the file is damaged, or the desk holds anything already.
    """
    rows = _checked_rows(file)
    with writing(desk.engine) as connection:
        if any(connection.execute(text(f"SELECT 1 FROM {name}")).first() for name in TABLES):  # noqa: S608
            raise GeodataError("desk.not_empty")
        for name, columns in TABLES.items():
            if rows[name]:
                values = ", ".join(f":{column}" for column in columns)
                statement = f"INSERT INTO {name} ({', '.join(columns)}) VALUES ({values})"  # noqa: S608
                connection.execute(text(statement), rows[name])
    return desk.version


def _lines(desk: Desk) -> Iterator[str]:
    yield json.dumps({"format": FORMAT, "form": FORM}) + "\n"
    with reading(desk.engine) as connection:
        for name, columns in TABLES.items():
            order = ", ".join(columns[:4])
            statement = f"SELECT {', '.join(columns)} FROM {name} ORDER BY {order}"  # noqa: S608
            for row in connection.execute(text(statement)):
                yield json.dumps({"table": name, "row": list(row)}, ensure_ascii=False) + "\n"


def _checked_rows(file: Path) -> dict[str, list[dict[str, Any]]]:
    """Return the rows by table, once the checksum is right."""
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in TABLES}
    try:
        head, *lines, last = file.read_text(encoding="utf-8").splitlines(keepends=True)
        digest = hashlib.sha256("".join([head, *lines]).encode()).hexdigest()
        if json.loads(last) != {"sha256": digest} or json.loads(head)["format"] != FORMAT:
            raise GeodataError("desk.bad_backup", file=file.name)
        form = json.loads(head)["form"]
        for line in lines:
            row = json.loads(line)
            columns, values = TABLES[row["table"]], row["row"]
            if form == 1 and row["table"] == "desk_saves":
                values = [*values, ""]
            rows[row["table"]].append(dict(zip(columns, values, strict=True)))
    except OSError as error:
        raise GeodataError("desk.no_file", file=file.name, reason=error.strerror or "") from None
    except (ValueError, KeyError, TypeError) as error:
        if isinstance(error, GeodataError):
            raise
        raise GeodataError("desk.bad_backup", file=file.name) from None
    return rows
