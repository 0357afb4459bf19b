"""Rows of a table of events on their way to the schema, with what was found in each."""

from collections.abc import Iterable, Sequence

from geodata import schema as f
from geodata.readers.events.columns import Columns
from geodata.readers.report import Problem, Severity, shortened
from geodata.sanitize import clean_cell

_LINES = {f.SUMMARY}


class Draft:
    """Rows under change: cells by field, remarks, and the rows rejected.

    Parameters
    ----------
    rows : sequence of (int, sequence of str)
        Number of each row as the user sees it, and its cells.
    header : sequence of str
        Names of the columns, for messages.
    columns : Columns
        Where each field stands.
    """

    def __init__(
        self,
        rows: Sequence[tuple[int, Sequence[str]]],
        header: Sequence[str],
        columns: Columns,
    ) -> None:
        self.numbers = [number for number, _ in rows]
        self.raw = [cells for _, cells in rows]
        self.header = header
        self.columns = columns
        self.problems: list[Problem] = []
        self.rejected: set[int] = set()
        self._cells: dict[str, list[str]] = {}
        for field in columns.places:
            self._cells[field] = self._cleaned(field)

    def __len__(self) -> int:
        return len(self.numbers)

    def __contains__(self, field: str) -> bool:
        return field in self._cells

    def __getitem__(self, field: str) -> list[str]:
        """Cells of ``field``; all blank where the table has none."""
        if field not in self._cells:
            self._cells[field] = [""] * len(self)
        return self._cells[field]

    def __setitem__(self, field: str, cells: Iterable[str]) -> None:
        self._cells[field] = list(cells)

    def original(self, field: str, place: int) -> str:
        """Return the cell of ``field`` as the file writes it."""
        column = self.columns.places.get(field)
        return self.raw[place][column] if column is not None else ""

    def in_use(self) -> list[int]:
        """Return the places of the rows not rejected."""
        return [place for place in range(len(self)) if place not in self.rejected]

    def warn(self, place: int, field: str | None, key: str, /, **params: object) -> None:
        """Remark on a row that stays in use."""
        self._add("warning", place, field, key, params)

    def reject(self, place: int, field: str | None, key: str, /, **params: object) -> None:
        """Reject a row."""
        self.rejected.add(place)
        self._add("error", place, field, key, params)

    def remark(self, key: str, severity: Severity = "info", /, **params: object) -> None:
        """Remark on the whole file."""
        self.problems.append(Problem.for_file(severity, key, **params))

    def _add(
        self, severity: Severity, place: int, field: str | None, key: str, params: dict[str, object]
    ) -> None:
        column = self.columns.places.get(field) if field else None
        name = self.header[column] if column is not None else None
        value = shortened(self.original(field, place)) if field and column is not None else None
        self.problems.append(Problem(self.numbers[place], name, value, severity, key, params))

    def _cleaned(self, field: str) -> list[str]:
        column, lines = self.columns.places[field], field in _LINES
        cells = []
        cleaned: dict[str, tuple[str, tuple[str, ...]]] = {}
        for place, row in enumerate(self.raw):
            text = row[column]
            if text not in cleaned:
                cleaned[text] = clean_cell(text, lines=lines)
            cell, remarks = cleaned[text]
            for remark in remarks:
                self.warn(place, field, remark)
            cells.append(cell)
        return cells
