"""The header of a table of events, for the step in which a user says what each column means."""

from dataclasses import dataclass
from typing import Any, Final

from geodata.readers import sandbox, transport
from geodata.readers.events.columns import ALIASES, FIELDS, suggest_mapping
from geodata.readers.events.layer import read_rows
from geodata.readers.events.schemes import ACLED, UCDP
from geodata.readers.limits import UPLOAD, Limits
from geodata.readers.task import Task
from geodata.sanitize import KEY_CHARACTERS

SHOWN_ROWS: Final = 3
SHOWN_CHARACTERS: Final = 60
_MEANT: Final = frozenset({*FIELDS, *ALIASES.values(), *ACLED.values(), *UCDP.values()})


@dataclass(frozen=True)
class Head:
    """The header of a table.

    Parameters
    ----------
    columns : tuple of str
        Names as the file writes them, each cut to `geodata.sanitize.KEY_CHARACTERS`.
    suggested : dict of str to str
        Column to field, where the name says it or nearly.
    rows : tuple of tuple of str
        The first rows, each cell cut to :data:`SHOWN_CHARACTERS`.
    """

    columns: tuple[str, ...]
    suggested: dict[str, str]
    rows: tuple[tuple[str, ...], ...] = ()


def read_head(data: bytes, *, limits: Limits = UPLOAD) -> Head:
    """Return names of the columns of a CSV file or an Excel workbook, and what they seem to mean.

    Read in a bounded process, like the table itself.

    Raises
    ------
    GeodataError
        If the file is not a table that can be read.
    """
    answer = _HEAD.run(data, limits=limits)
    with sandbox.untrusted_answer():
        if len(answer.columns) > limits.columns:
            raise ValueError("columns")
    return answer


def _answered(answer: dict[str, Any], _: dict[str, bytes]) -> Head:
    columns = tuple(_name(column) for column in answer["header"])
    suggested = dict(answer["suggested"])
    if not set(suggested) <= set(columns):
        raise ValueError("columns")
    if not set(suggested.values()) <= _MEANT:
        raise ValueError("fields")
    rows = tuple(_cells(row) for row in answer["rows"][:SHOWN_ROWS])
    if any(len(row) != len(columns) for row in rows):
        raise ValueError("rows")
    return Head(columns, suggested, rows)


_HEAD: Final = Task("geodata.readers.events.head:head", _answered, "table.file_size")


def _cells(row: list[object]) -> tuple[str, ...]:
    if not all(isinstance(cell, str) for cell in row):
        raise TypeError(list)
    return tuple(str(cell)[:SHOWN_CHARACTERS] for cell in row)


def _name(column: object) -> str:
    if not isinstance(column, str):
        raise TypeError(type(column))
    return column[:KEY_CHARACTERS]


def head(data: bytes, params: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """Return the body of the bounded process."""
    table = read_rows(data, Limits(**params["limits"]))
    columns = [name[:KEY_CHARACTERS] for name in table.header]
    suggested = suggest_mapping(columns)
    rows = [[cell[:SHOWN_CHARACTERS] for cell in cells] for _, cells in table.rows[:SHOWN_ROWS]]
    return transport.pack({"header": columns, "suggested": suggested, "rows": rows}, {})
