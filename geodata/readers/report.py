"""What became of a file: rows in use, rows rejected, and why, row by row.

The same report stands behind ``check-events``, ``check-file`` and the app's upload panel, so
that a file is judged alike wherever it is opened.
"""

import csv
import io
import itertools
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from geodata.errors import GeodataError
from geodata.i18n import text
from geodata.readers.problems import Problem, Problems
from geodata.sanitize import formula_safe


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
        return text(
            "report.summary",
            lang,
            read=self.read,
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
