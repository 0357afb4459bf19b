"""The header of a table of events, for the step in which a user says what each column means."""

from dataclasses import asdict
from typing import Any, cast

from geodata import sandbox
from geodata.errors import GeodataError
from geodata.event_columns import KNOWN
from geodata.limits import UPLOAD, Limits
from geodata.table_read import read_table


def read_head(data: bytes, *, limits: Limits = UPLOAD) -> tuple[str, ...]:
    """Names of the columns of a CSV file or an Excel workbook, as the file writes them.

    Read in a bounded process, like the table itself.

    Raises
    ------
    GeodataError
        If the file is no table that can be read.
    """
    if len(data) > limits.file_mb * 10**6:
        size = -(-len(data) // 10**6)
        raise GeodataError("table.file_size", limit=limits.file_mb, size=size)
    answer, _ = sandbox.run("geodata.table_head:head", data, {"limits": asdict(limits)},
                            seconds=limits.seconds, memory_mb=limits.memory_mb)  # fmt: skip
    with sandbox.believed():
        return tuple(map(str, cast("list[str]", answer["header"])))


def head(data: bytes, params: dict[str, Any]) -> tuple[dict[str, object], bytes]:
    """Body of the bounded process."""
    table = read_table(data, known=KNOWN, limits=Limits(**params["limits"]))
    return {"header": list(table.header)}, b""
