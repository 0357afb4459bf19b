"""What became of a file: rows in use, rows rejected, and why, row by row.

The same report stands behind ``check-events``, ``check-file`` and the app's upload panel, so
that a file is judged alike wherever it is opened. Its remarks come one by one or, for a large
file, as columns.
"""

import csv
import io
import itertools
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal, Self, get_args, overload

import pyarrow as pa
import pyarrow.compute as pc

from geodata.errors import GeodataError
from geodata.i18n import plural, text
from geodata.sanitize import formula_safe

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


@dataclass(frozen=True)
class Report:
    """Counts of rows and every remark on a file.

    Parameters
    ----------
    read : int
        Rows read; always ``accepted + warned + rejected``.
    accepted : int
        Rows in use without remark.
    warned : int
        Rows in use with a warning.
    rejected : int
        Rows not in use.
    problems : sequence of Problem
        In the order of the rows; remarks on the whole file first.
    refused : bool
        Whether the file as a whole was refused; then the first problem says why.
    """

    read: int
    accepted: int
    warned: int
    rejected: int
    problems: Sequence[Problem] = ()
    refused: bool = False

    @property
    def keys(self) -> frozenset[str]:
        """Key of every kind of remark there is."""
        return Problems.of(self.problems).keys

    @property
    def exit_code(self) -> int:
        """0: every row is in use; 1: some are not, or there are none; 2: the file is refused."""
        if self.refused:
            return 2
        return 1 if self.rejected or not self.read or self._part_left_out else 0

    @property
    def _part_left_out(self) -> bool:
        """Whether a part of the file, such as a sheet, is not in use."""
        whole = itertools.takewhile(lambda problem: problem.row is None, self.problems)
        return any(problem.severity == "error" for problem in whole)

    def as_dict(self, lang: str = "en") -> dict[str, object]:
        """Return the report as plain values."""
        return {
            "read": self.read,
            "accepted": self.accepted,
            "warned": self.warned,
            "rejected": self.rejected,
            "problems": [problem.as_dict(lang) for problem in self.problems],
        }

    def to_json(self, lang: str = "en") -> str:
        """Return the report as one JSON object, as ``--format json`` prints it."""
        return json.dumps(self.as_dict(lang), ensure_ascii=False, indent=1)

    def to_text(self, lang: str = "en") -> str:
        """Return the report in lines for a terminal: counts first, then a line per remark."""
        lines = [self.summary(lang)]
        for problem in self.problems:
            lines.append(
                text(f"report.line_{problem.severity}", lang, text=_problem_line(problem, lang))
            )
        return "\n".join(lines)

    def summary(self, lang: str = "en") -> str:
        """Return the counts in one sentence."""
        if self.refused:
            return text("report.refused", lang)
        return plural(
            "report.summary",
            self.read,
            lang,
            accepted=self.accepted,
            warned=self.warned,
            rejected=self.rejected,
        )

    def to_csv(self, lang: str = "en") -> str:
        """The remarks as CSV for download; no cell of it can act as a spreadsheet formula."""
        file = io.StringIO()
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(["row", "column", "value", "severity", "message"])
        for problem in self.problems:
            cells = problem.as_dict(lang).values()
            writer.writerow([formula_safe(str(cell)) if cell is not None else "" for cell in cells])
        return file.getvalue()


def _problem_line(problem: Problem, lang: str) -> str:
    """Return where the remark stands, then its message."""
    message = problem.message(lang)
    if problem.row is None:
        return message
    place = text("report.row", lang, row=problem.row)
    if problem.column:
        place = text("report.row_column", lang, row=problem.row, column=problem.column)
    return text("report.placed", lang, place=place, message=message)


def report(rows: Iterable[int], problems: Iterable[Problem]) -> Report:
    """Return the report on ``rows`` given every remark: the counts follow from the remarks.

    Parameters
    ----------
    rows : iterable of int
        Numbers of the rows read, as the user sees them.
    problems : iterable of Problem
        A row with an ``error`` is not in use; one with a ``warning`` and no error is in use.
    """
    ordered = list(problems)
    severities: dict[int | None, set[str]] = defaultdict(set)
    for problem in ordered:
        severities[problem.row].add(problem.severity)
    numbers = list(rows)
    rejected = sum("error" in severities[row] for row in numbers)
    warned = sum("warning" in severities[row] and "error" not in severities[row] for row in numbers)
    ordered.sort(key=lambda problem: problem.row or 0)
    return Report(len(numbers), len(numbers) - rejected - warned, warned, rejected, tuple(ordered))


def refusal(error: GeodataError, *, rows: int = 0, problems: Iterable[Problem] = ()) -> Report:
    """Return the report on a file refused as a whole.

    Parameters
    ----------
    error : GeodataError
        Why; it becomes the first problem.
    rows : int
        Rows seen before the refusal; they count as read and rejected.
    problems : iterable of Problem
        Further remarks, such as the rows at fault.
    """
    first = Problem.for_file("error", error.key, **error.params)
    return Report(rows, 0, 0, rows, (first, *problems), refused=True)
