"""Remarks on a file, one by one or, for a large file, as columns."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal, Self, get_args, overload

import pyarrow as pa
import pyarrow.compute as pc

from geodata.i18n import text

Severity = Literal["error", "warning", "info"]
SEVERITIES: Final = get_args(Severity)

VALUE_CHARACTERS: Final = 120
"""How much of an offending value a report repeats."""

WIRE: Final = pa.schema([
    ("row", pa.int64()), ("column", pa.string()), ("value", pa.string()),
    pa.field("severity", pa.string(), nullable=False),
    pa.field("key", pa.string(), nullable=False),
    pa.field("params", pa.string(), nullable=False),
])  # fmt: skip
"""Columns of `Problems`, in the order of a `Problem`'s fields."""

_AT_ONCE: Final = 1_000


@dataclass(frozen=True)
class Problem:
    """One remark on a file.

    Parameters
    ----------
    row : int or None
        Row as a spreadsheet numbers it (the header is row 1), or the place of a feature in its
        layer (the first is 1); None when the remark is on the whole file.
    column : str or None
        Column as the file names it.
    value : str or None
        The value at fault as the file writes it.
    severity : {'error', 'warning', 'info'}
        ``error``: the row (or, without a row, the file) is not in use; ``warning``: in use, but
        see to it; ``info``: how the file was read.
    key : str
        Key of the message in the catalogue; the message says the fault and the remedy.
    params : mapping
        Values of the message's ``{params}``.
    """

    row: int | None
    column: str | None
    value: str | None
    severity: Severity
    key: str
    params: Mapping[str, object] = field(default_factory=dict)

    @classmethod
    def for_file(cls, severity: Severity, key: str, /, **params: object) -> Self:
        """Return a remark on the whole file."""
        return cls(None, None, None, severity, key, params)

    @classmethod
    def for_row(cls, row: int, severity: Severity, key: str, /, **params: object) -> Self:
        """Return a remark on a whole row."""
        return cls(row, None, None, severity, key, params)

    def message(self, lang: str = "en") -> str:
        """Return the fault and the remedy in plain words."""
        return text(self.key, lang, **self.params)

    def as_dict(self, lang: str = "en") -> dict[str, object]:
        """Return the problem as ``check-events --format json`` prints it."""
        return {
            "row": self.row,
            "column": self.column,
            "value": shortened(self.value),
            "severity": self.severity,
            "message": self.message(lang),
        }


def shortened(value: str | None) -> str | None:
    """Return ``value`` cut to what a report repeats, with an ellipsis where it was cut."""
    if value is None or len(value) <= VALUE_CHARACTERS:
        return value
    return value[: VALUE_CHARACTERS - 1] + "…"


class Problems(Sequence[Problem]):
    """Remarks kept as columns; each is made a `Problem` when it is looked at.

    A table of 48,000 rows can have 96,000 remarks, of which a page shows the first few: to make
    them all costs a server time in which it serves nobody else.

    Parameters
    ----------
    table : pyarrow.Table
        Columns of :data:`WIRE`; ``params`` holds JSON.
    """

    def __init__(self, table: pa.Table) -> None:
        self.table = table

    @classmethod
    def of(cls, problems: Iterable[Problem]) -> Self:
        """The same remarks as columns; values of ``params`` become what JSON makes of them."""
        if isinstance(problems, cls):
            return problems
        rows = [
            (
                p.row,
                _plain(p.column),
                _plain(p.value),
                p.severity,
                p.key,
                json.dumps(dict(p.params), default=str),
            )
            for p in problems
        ]
        columns = zip(*rows, strict=True) if rows else ([] for _ in WIRE)
        return cls(pa.table(dict(zip(WIRE.names, map(list, columns), strict=True)), schema=WIRE))

    @property
    def keys(self) -> frozenset[str]:
        """Key of every kind of remark there is."""
        return frozenset(pc.unique(self.table["key"]).to_pylist())

    def __len__(self) -> int:
        return int(self.table.num_rows)

    @overload
    def __getitem__(self, place: int) -> Problem: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Problem, ...]: ...
    def __getitem__(self, place: int | slice) -> Problem | tuple[Problem, ...]:
        if isinstance(place, slice):
            start, stop, step = place.indices(len(self))
            if step != 1:
                return tuple(self[index] for index in range(start, stop, step))
            return _problems_of(self.table.slice(start, max(stop - start, 0)))
        at = range(len(self))[place]
        return _problems_of(self.table.slice(at, 1))[0]

    def __iter__(self) -> Iterator[Problem]:
        for start in range(0, len(self), _AT_ONCE):
            yield from _problems_of(self.table.slice(start, _AT_ONCE))


def _plain(cell: str | None) -> str | None:
    """Text that Arrow can hold: halves of characters, which some files have, become ``?``."""
    return None if cell is None else cell.encode("utf-8", "replace").decode("utf-8")


def _problems_of(table: pa.Table) -> tuple[Problem, ...]:
    return tuple(map(_problem_of, table.to_pylist()))


def _problem_of(row: dict[str, Any]) -> Problem:
    """Return one remark; where its values do not fit its message, that there is one."""
    try:
        problem = Problem(**{**row, "params": json.loads(row["params"])})
        problem.message()
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        return Problem(row["row"], None, None, row["severity"], "sandbox.answer")
    return problem
